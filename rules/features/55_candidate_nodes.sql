/*
summary = "The nodes of a candidate's owners that take part. Of an owner with several domains only those that link to another member or to a rare target of the group: a namesake is not accused with them. Of a footprint group those with a shared page."
*/
SELECT DISTINCT m.candidate_id, m.actor_id, n.node
FROM candidate_members m
JOIN node_actors n ON n.actor_id = m.actor_id
JOIN node_edges e ON e.source = n.node_id AND e.qualified < e.links
JOIN node_actors t ON t.node_id = e.target AND t.actor_id <> m.actor_id
LEFT JOIN candidate_members i ON i.candidate_id = m.candidate_id AND i.actor_id = t.actor_id
LEFT JOIN candidate_targets g ON g.candidate_id = m.candidate_id AND g.target = t.node
JOIN actors a ON a.actor_id = m.actor_id
JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind <> 'footprint'
WHERE i.actor_id IS NOT NULL OR g.target IS NOT NULL OR a.nodes = 1
UNION
SELECT candidate_id, actor_id, source FROM candidate_pages
