/*
summary = "Per referring owner: its judged links that may pass credit, how many have a known anchor, a money term, a brand name; and one link of each kind to show as evidence."
*/
SELECT a.source_actor, count(*) AS links, count(a.class) AS known, count(m.link_id) AS money_links,
    count(CASE WHEN a.class IN ('brand', 'naked', 'generic', 'empty') THEN 1 END) AS brand_links,
    coalesce(bool_and(m.inferred), true) AS inferred,
    min(a.link_id) AS link_id, min(m.link_id) AS money_link_id, min(m.text) AS money_text
FROM anchor_links a LEFT JOIN money_links m ON m.link_id = a.link_id
GROUP BY a.source_actor
