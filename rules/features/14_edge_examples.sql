/*
summary = "One link for every edge between owners, to show as evidence, and the node it comes from: of several nodes the first by name."
*/
WITH pairs AS (
    SELECT source_id, target_id, min(link_id) AS link_id
    FROM links WHERE NOT lost AND coalesce(NOT qualified, true)
    GROUP BY source_id, target_id
), by_node AS (
    SELECT s.actor_id AS source, t.actor_id AS target, s.node, min(p.link_id) AS link_id
    FROM pairs p
    JOIN node_actors s ON s.node_id = p.source_id
    JOIN node_actors t ON t.node_id = p.target_id
    WHERE s.actor_id <> t.actor_id
    GROUP BY s.actor_id, t.actor_id, s.node
)
SELECT source, target, arg_min(link_id, node) AS link_id, min(node) AS source_node
FROM by_node
GROUP BY source, target
