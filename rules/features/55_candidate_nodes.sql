/*
summary = "The nodes of a candidate's owners that take part. Of an owner with several domains only those that link to another member or to a rare target of the group: a namesake is not accused with them. Of a footprint group those with a shared page."
*/
WITH owners AS (
    SELECT m.candidate_id, m.actor_id, a.node, a.nodes
    FROM candidate_members m
    JOIN actors a ON a.actor_id = m.actor_id
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind <> 'footprint'
), linked AS (
    SELECT o.candidate_id, o.actor_id, m.actor_id AS target
    FROM owners o
    JOIN candidate_members m ON m.candidate_id = o.candidate_id AND m.actor_id <> o.actor_id
    WHERE o.nodes > 1
    UNION ALL
    SELECT o.candidate_id, o.actor_id, t.actor_id
    FROM owners o
    JOIN candidate_targets g ON g.candidate_id = o.candidate_id
    JOIN node_actors t ON t.node = g.target
    WHERE o.nodes > 1
), links_ AS (
    SELECT DISTINCT n.actor_id, n.node, t.actor_id AS target
    FROM actors a
    JOIN node_actors n ON n.actor_id = a.actor_id
    JOIN node_edges e ON e.source = n.node_id AND e.qualified < e.links
    JOIN node_actors t ON t.node_id = e.target
    WHERE a.nodes > 1
)
SELECT candidate_id, actor_id, node FROM owners WHERE nodes = 1
UNION ALL
SELECT DISTINCT l.candidate_id, l.actor_id, e.node
FROM linked l JOIN links_ e ON e.actor_id = l.actor_id AND e.target = l.target
UNION ALL
SELECT DISTINCT candidate_id, actor_id, source FROM candidate_pages
