/*
summary = "Links that an owner repeats on many of its pages: one anchor to one page of the audited site that makes up at least 90% of all the owner's links to it, with the number of its pages, by node. `money` says what the anchor is worth: exact or partial terms, or a text that many repeat (inferred); a credit such as `designed by` is none. Trusted and own owners are left out."
[params]
min_pages = 10
min_share = 0.9
*/
WITH owners AS (
    SELECT u.source_actor, u.target_actor, CAST(sum(u.links) AS BIGINT) AS links
    FROM anchor_uses u
    JOIN actors s ON s.actor_id = u.source_actor AND NOT s.trusted AND NOT s.own
    JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
    GROUP BY u.source_actor, u.target_actor
    HAVING sum(u.links) >= $min_pages
), alike AS (
    SELECT u.source_actor, u.target_actor, u.target_url, u.text_id,
        CAST(sum(u.links) AS BIGINT) AS pages
    FROM anchor_uses u JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
    WHERE u.text_id IS NOT NULL
    GROUP BY u.source_actor, u.target_actor, u.target_url, u.text_id
    HAVING sum(u.links) >= $min_pages
), repeated AS (
    SELECT a.source_actor, a.target_actor, a.target_url, a.text_id, a.pages
    FROM alike a
    JOIN owners o ON o.source_actor = a.source_actor AND o.target_actor = a.target_actor
    WHERE a.pages >= $min_share * o.links
)
SELECT r.source_actor, u.source_id, n.node AS source, n.domain, r.target_actor, r.target_url,
    r.text_id, t.text, u.class, r.pages, u.link_id,
    CASE
        WHEN m.link_id IS NULL OR c.text_id IS NOT NULL THEN 'none'
        WHEN m.inferred THEN 'inferred' ELSE 'terms'
    END AS money
FROM repeated r
JOIN anchor_uses u ON u.source_actor = r.source_actor AND u.target_url = r.target_url
    AND u.text_id = r.text_id AND u.target_actor = r.target_actor
JOIN nodes n ON n.node_id = u.source_id
JOIN anchor_texts t ON t.text_id = r.text_id
LEFT JOIN money_uses m ON m.link_id = u.link_id
LEFT JOIN credit_texts c ON c.text_id = r.text_id
