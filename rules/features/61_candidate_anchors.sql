/*
summary = "Of a candidate's members with a known anchor to the audited site (or to anyone, without a site): how many use money terms, how many brand names, and how many of the owners outside any standing-out group use money terms (`rest`). `money_texts` counts the different ones; of a footprint group none, unless the copies of one text vary in their anchor, because a text that is copied carries its anchor along."
[params]
min_users = 4
max_same = 0.667
*/
WITH texts AS (
    SELECT o.candidate_id, count(DISTINCT m.text_id) AS money_texts
    FROM candidate_owners o
    JOIN candidates c ON c.candidate_id = o.candidate_id AND c.kind <> 'footprint'
    JOIN money_uses m ON m.source_actor = o.actor_id
    WHERE o.pays
    GROUP BY o.candidate_id
), copies AS (
    SELECT g.candidate_id, g.kind, g.key, g.money_text_id AS text_id,
        count(DISTINCT g.actor_id) AS users
    FROM candidate_pages g
    JOIN candidate_owners o ON o.candidate_id = g.candidate_id AND o.actor_id = g.actor_id
    WHERE o.pays AND g.money_text_id IS NOT NULL
    GROUP BY g.candidate_id, g.kind, g.key, g.money_text_id
), varied AS (
    SELECT candidate_id FROM copies GROUP BY candidate_id, kind, key
    HAVING sum(users) >= $min_users AND max(users) <= $max_same * sum(users)
), most AS (
    SELECT candidate_id, money_texts FROM texts
    UNION ALL
    SELECT candidate_id, count(DISTINCT text_id) FROM copies
    WHERE candidate_id IN (SELECT candidate_id FROM varied)
    GROUP BY candidate_id
), base AS (
    SELECT count(*) AS rest,
        count(CASE WHEN 2 * u.money_links > u.links THEN 1 END) AS rest_money
    FROM owner_anchors u
    WHERE u.known > 0 AND u.source_actor NOT IN (SELECT actor_id FROM suspect_owners)
)
SELECT c.candidate_id, count(CASE WHEN o.known > 0 THEN 1 END) AS n,
    count(CASE WHEN o.pays THEN 1 END) AS k,
    count(CASE WHEN NOT o.pays AND o.brand_links > 0 THEN 1 END) AS branded,
    coalesce(bool_and(CASE WHEN o.pays THEN o.inferred END), true) AS inferred,
    coalesce(any_value(x.money_texts), 0) AS money_texts,
    any_value(base.rest) AS rest, any_value(base.rest_money) AS rest_money
FROM candidates c
CROSS JOIN base
LEFT JOIN candidate_owners o ON o.candidate_id = c.candidate_id
LEFT JOIN most x ON x.candidate_id = c.candidate_id
GROUP BY c.candidate_id
