/*
summary = "One link for every edge between owners, to show as evidence, and the node it comes from: of several nodes the first by name."
*/
WITH by_node AS (
    SELECT s.actor_id AS source, t.actor_id AS target, s.node, min(e.credit_link_id) AS link_id
    FROM node_edges e
    JOIN node_actors s ON s.node_id = e.source
    JOIN node_actors t ON t.node_id = e.target
    WHERE s.actor_id <> t.actor_id AND e.credit_link_id IS NOT NULL
    GROUP BY s.actor_id, t.actor_id, s.node
)
SELECT source, target, arg_min(link_id, node) AS link_id, min(node) AS source_node
FROM by_node
GROUP BY source, target
