/*
summary = "One link for every edge between owners, to show as evidence, and the node it comes from."
*/
SELECT s.actor_id AS source, t.actor_id AS target, min(l.link_id) AS link_id,
    arg_min(s.node, l.link_id) AS source_node
FROM links l
JOIN node_actors s ON s.node_id = l.source_id
JOIN node_actors t ON t.node_id = l.target_id
WHERE s.actor_id <> t.actor_id AND NOT l.lost AND coalesce(NOT l.qualified, true)
GROUP BY s.actor_id, t.actor_id
