/*
summary = "Of a footprint group: its members' links that may pass credit on pages that carry a signature which the group shares, with the class of their anchor and, where it is a money term, its text."
*/
WITH pages AS (
    SELECT s.candidate_id, p.actor_id, n.node_id, p.source, p.source_url, p.kind, p.key
    FROM candidate_signatures s
    JOIN candidates c ON c.candidate_id = s.candidate_id AND c.kind = 'footprint'
    JOIN page_signatures p ON p.kind = s.kind AND p.key = s.key
    JOIN candidate_members o ON o.candidate_id = s.candidate_id AND o.actor_id = p.actor_id
    JOIN nodes n ON n.node = p.source
), likely AS (  -- by number first: the address of every link need not be read
    SELECT link_id, source_id, source_url, target_id, target_url, words
    FROM profile_links
    WHERE credit AND source_id IN (SELECT node_id FROM pages)
)
SELECT p.candidate_id, p.actor_id, p.source, p.kind, p.key, l.link_id, a.class,
    m.text_id AS money_text_id, m.text AS money_text, m.inferred
FROM pages p
JOIN likely l ON l.source_id = p.node_id AND l.source_url = p.source_url
LEFT JOIN anchor_words w ON w.words = l.words
LEFT JOIN anchor_classes a ON a.target_id = l.target_id AND a.text_id = w.text_id
LEFT JOIN money_uses m ON m.source_id = l.source_id AND m.target_url = l.target_url
    AND m.text_id = w.text_id
