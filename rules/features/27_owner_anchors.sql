/*
summary = "Per referring owner: its judged links that may pass credit, how many have a known anchor, a money term, a brand name; and one link of each kind to show as evidence."
*/
SELECT a.source_actor, CAST(sum(a.links) AS BIGINT) AS links,
    CAST(sum(CASE WHEN a.class IS NULL THEN 0 ELSE a.links END) AS BIGINT) AS known,
    CAST(coalesce(sum(m.links), 0) AS BIGINT) AS money_links,
    CAST(sum(CASE WHEN a.class IN ('brand', 'naked', 'generic', 'empty') THEN a.links ELSE 0 END)
        AS BIGINT) AS brand_links,
    coalesce(bool_and(m.inferred), true) AS inferred,
    min(a.link_id) AS link_id, min(m.link_id) AS money_link_id, min(m.text) AS money_text
FROM anchor_uses a LEFT JOIN money_uses m ON m.link_id = a.link_id
GROUP BY a.source_actor
