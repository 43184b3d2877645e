/*
summary = "Uses of an anchor that is a money term: exact or partial where keywords were given; else a non-brand text that at least three owners, none of them trusted, repeat word for word, marked as inferred."
*/
WITH repeated AS (
    SELECT l.target_actor, l.text_id
    FROM anchor_uses l JOIN actors s ON s.actor_id = l.source_actor
    WHERE l.class = 'other' AND NOT s.trusted AND NOT EXISTS (SELECT 1 FROM keywords)
    GROUP BY l.target_actor, l.text_id
    HAVING count(DISTINCT l.source_actor) >= 3
)
SELECT a.source_id, n.node AS source, a.source_actor, a.target_url, a.text_id, t.text,
    a.class NOT IN ('exact', 'partial') AS inferred, a.links, a.link_id
FROM anchor_uses a
JOIN nodes n ON n.node_id = a.source_id
JOIN anchor_texts t ON t.text_id = a.text_id
LEFT JOIN repeated r ON r.target_actor = a.target_actor AND r.text_id = a.text_id
WHERE a.class IN ('exact', 'partial') OR r.text_id IS NOT NULL
