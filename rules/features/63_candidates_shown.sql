/*
summary = "What rules show of a candidate: its nodes, one link for every internal edge (`inner_links`), one for every member (`member_links`; of a footprint on a shared page) and for every member that pays, its captured and its common targets, an example of a shared signature."
*/
WITH nodes_ AS (
    SELECT candidate_id, list(node) AS nodes FROM candidate_nodes GROUP BY candidate_id
), inner_ AS (
    SELECT e.candidate_id, list(x.link_id) AS links
    FROM candidate_edges e
    JOIN edge_examples x ON x.source = e.source AND x.target = e.target
    GROUP BY e.candidate_id
), members AS (
    SELECT candidate_id, list(link_id) AS links,
        list(money_link_id) FILTER (pays) AS money_links,
        min(CASE WHEN pays THEN left(money_text, 120) END) AS money_text
    FROM candidate_owners
    GROUP BY candidate_id
), money_nodes AS (
    SELECT n.candidate_id, list(n.node) AS nodes
    FROM candidate_nodes n
    JOIN candidate_owners o ON o.candidate_id = n.candidate_id AND o.actor_id = n.actor_id
    WHERE o.pays AND n.node IN (SELECT source FROM money_uses)
    GROUP BY n.candidate_id
), captured AS (
    SELECT candidate_id, list(target) AS targets FROM captured_targets GROUP BY candidate_id
), magnets AS (
    SELECT candidate_id, list(target) AS targets, list(says) AS says
    FROM candidate_magnets GROUP BY candidate_id
), signatures AS (
    SELECT candidate_id, min(kind || ': ' || left(key, 120)) AS example
    FROM candidate_signatures GROUP BY candidate_id
)
SELECT c.candidate_id, n.nodes, i.links AS inner_links, m.links AS member_links,
    m.money_links, m.money_text, y.nodes AS money_nodes, t.targets AS captured_targets,
    g.targets AS common_targets, g.says AS common_targets_said, s.example AS signature
FROM candidates c
JOIN nodes_ n ON n.candidate_id = c.candidate_id
LEFT JOIN inner_ i ON i.candidate_id = c.candidate_id
LEFT JOIN members m ON m.candidate_id = c.candidate_id
LEFT JOIN money_nodes y ON y.candidate_id = c.candidate_id
LEFT JOIN captured t ON t.candidate_id = c.candidate_id
LEFT JOIN magnets g ON g.candidate_id = c.candidate_id
LEFT JOIN signatures s ON s.candidate_id = c.candidate_id
