/*
summary = "Of a candidate's members with a known anchor to the audited site (or to anyone, without a site): how many use money terms, and how many of the owners outside any standing-out group do (`rest`)."
*/
WITH users AS (
    SELECT DISTINCT source_actor FROM anchor_links WHERE class IS NOT NULL
), money AS (
    SELECT source_actor, bool_and(inferred) AS inferred FROM money_links GROUP BY source_actor
), texts AS (
    SELECT m.candidate_id, count(DISTINCT l.text) AS money_texts
    FROM candidate_members m JOIN money_links l ON l.source_actor = m.actor_id
    GROUP BY m.candidate_id
), branded AS (
    SELECT source_actor FROM anchor_links WHERE class IN ('brand', 'naked', 'generic', 'empty')
    GROUP BY source_actor
), base AS (
    SELECT count(*) AS rest, count(m.source_actor) AS rest_money
    FROM users u LEFT JOIN money m ON m.source_actor = u.source_actor
    WHERE u.source_actor NOT IN (SELECT actor_id FROM suspect_owners)
)
SELECT c.candidate_id, count(u.source_actor) AS n, count(m.source_actor) AS k,
    count(CASE WHEN m.source_actor IS NULL THEN b.source_actor END) AS branded,
    coalesce(bool_and(m.inferred), true) AS inferred,
    coalesce(any_value(x.money_texts), 0) AS money_texts, any_value(base.rest) AS rest, any_value(base.rest_money) AS rest_money
FROM candidate_members c
CROSS JOIN base
LEFT JOIN users u ON u.source_actor = c.actor_id
LEFT JOIN money m ON m.source_actor = c.actor_id
LEFT JOIN branded b ON b.source_actor = c.actor_id
LEFT JOIN texts x ON x.candidate_id = c.candidate_id
GROUP BY c.candidate_id
