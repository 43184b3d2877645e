/*
summary = "Links into the audited site that may pass credit, from pages of others that one word marks as bookmark, comment, forum or profile; with the text and class of their anchor, NULL where it is unknown. Trusted and own sources are left out."
*/
SELECT m.link_id, m.kind, m.word, m.source_actor, n.node AS source, m.target_actor, m.target_url,
    w.text_id, c.class
FROM page_marks m
JOIN actors s ON s.actor_id = m.source_actor AND NOT s.trusted AND NOT s.own
JOIN actors t ON t.actor_id = m.target_actor AND t.is_site
JOIN nodes n ON n.node_id = m.source_id
JOIN links l ON l.link_id = m.link_id
LEFT JOIN anchor_words w ON w.words = coalesce(nullif(l.anchor, ''), l.alt, l.anchor)
LEFT JOIN anchor_classes c ON c.target_id = m.target_id AND c.text_id = w.text_id
WHERE m.credit AND m.kind IN ('bookmark', 'comment', 'forum', 'profile')
