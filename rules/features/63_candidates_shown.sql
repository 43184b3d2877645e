/*
summary = "What rules show of a candidate: its nodes, one link for every internal edge (`inner_links`), one for every member (`member_links`; of a footprint on a shared page) and for every member that pays, its captured and its common targets, an example of a shared signature; of a ring the way around it; of a dense group the `hubs` that the others work for."
[params]
hub_links = 4
hub_times = 3
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
), paths AS (
    SELECT m.candidate_id, string_agg(a.node, ' -> ' ORDER BY m.place) AS path
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind = 'ring'
    JOIN actors a ON a.actor_id = m.actor_id
    GROUP BY m.candidate_id
), taken AS (
    SELECT candidate_id, target AS actor_id, count(*) AS n
    FROM candidate_edges GROUP BY candidate_id, target
), hubs AS (  -- several times as many inner links as a member has on average
    SELECT t.candidate_id, list(n.node) AS hubs
    FROM taken t
    JOIN candidate_counts c ON c.candidate_id = t.candidate_id
    JOIN candidate_nodes n ON n.candidate_id = t.candidate_id AND n.actor_id = t.actor_id
    WHERE t.n >= $hub_links AND t.n >= $hub_times * c.internal / c.size
    GROUP BY t.candidate_id
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
    p.path, h.hubs, g.targets AS common_targets, g.says AS common_targets_said, s.example AS signature
FROM candidates c
JOIN nodes_ n ON n.candidate_id = c.candidate_id
LEFT JOIN inner_ i ON i.candidate_id = c.candidate_id
LEFT JOIN members m ON m.candidate_id = c.candidate_id
LEFT JOIN money_nodes y ON y.candidate_id = c.candidate_id
LEFT JOIN captured t ON t.candidate_id = c.candidate_id
LEFT JOIN paths p ON p.candidate_id = c.candidate_id
LEFT JOIN hubs h ON h.candidate_id = c.candidate_id
LEFT JOIN magnets g ON g.candidate_id = c.candidate_id
LEFT JOIN signatures s ON s.candidate_id = c.candidate_id
