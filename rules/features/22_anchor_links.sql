/*
summary = "Judged links that may pass credit, with the class of their anchor; class is NULL where the input has no anchor."
*/
SELECT p.link_id, p.source_id, p.source_actor, p.target_id, p.target_actor, p.target_url,
    p.text, c.class
FROM profile_links p
LEFT JOIN anchor_classes c ON c.target_id = p.target_id AND c.text = p.text
WHERE p.credit
