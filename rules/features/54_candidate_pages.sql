/*
summary = "Of a footprint group: its members' links that may pass credit on pages that carry a signature which the group shares, with the class of their anchor and, where it is a money term, its text."
*/
SELECT s.candidate_id, p.actor_id, p.source, p.kind, p.key, l.link_id, a.class,
    m.text_id AS money_text_id, m.text AS money_text, m.inferred
FROM candidate_signatures s
JOIN candidates c ON c.candidate_id = s.candidate_id AND c.kind = 'footprint'
JOIN page_signatures p ON p.kind = s.kind AND p.key = s.key
JOIN candidate_members o ON o.candidate_id = s.candidate_id AND o.actor_id = p.actor_id
JOIN profile_links l ON l.source_actor = p.actor_id AND l.source_url = p.source_url
LEFT JOIN anchor_words w ON w.words = l.words
LEFT JOIN anchor_classes a ON a.target_id = l.target_id AND a.text_id = w.text_id
LEFT JOIN money_uses m ON m.source_id = l.source_id AND m.target_url = l.target_url
    AND m.text_id = w.text_id
WHERE l.credit
