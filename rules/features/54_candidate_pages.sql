/*
summary = "Of a footprint group: its members' links on pages that carry a signature which the group shares, with the text of their anchor."
*/
SELECT s.candidate_id, p.actor_id, p.source, p.kind, p.key,
    l.link_id, l.source_id, l.target_id, l.target_url, w.text_id, l.credit
FROM candidate_signatures s
JOIN candidates c ON c.candidate_id = s.candidate_id AND c.kind = 'footprint'
JOIN page_signatures p ON p.kind = s.kind AND p.key = s.key
JOIN candidate_members m ON m.candidate_id = s.candidate_id AND m.actor_id = p.actor_id
JOIN profile_links l ON l.source_actor = p.actor_id AND l.source_url = p.source_url
LEFT JOIN anchor_words w ON w.words = l.words
