/*
summary = "Judged links that may pass credit and have a known anchor, one by one, with its class: for rules that show all of a few texts. What counts links reads `anchor_uses`, which is much shorter."
view = true
*/
SELECT p.link_id, p.source_id, p.source_actor, p.target_id, p.target_actor, p.target_url,
    w.text_id, w.text, c.class
FROM profile_links p
JOIN anchor_words w ON w.words = p.words
JOIN anchor_classes c ON c.target_id = p.target_id AND c.text_id = w.text_id
WHERE p.credit
