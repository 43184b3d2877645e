/*
summary = "Judged links that may pass credit, alike ones in one row with their number, and the class of their anchor; class is NULL where the input has no anchor."
*/
SELECT p.source_id, p.source_actor, p.target_id, p.target_actor, p.target_url, w.text_id, c.class,
    CAST(sum(p.links) AS BIGINT) AS links, min(p.link_id) AS link_id
FROM written_anchors p
LEFT JOIN anchor_words w ON w.words = p.words
LEFT JOIN anchor_classes c ON c.target_id = p.target_id AND c.text_id = w.text_id
WHERE p.credit
GROUP BY p.source_id, p.source_actor, p.target_id, p.target_actor, p.target_url, w.text_id, c.class
