/*
summary = "Links whose anchor is a money term: exact or partial where keywords were given; else a non-brand text that at least three owners, none of them trusted, repeat word for word, marked as inferred."
*/
WITH repeated AS (
    SELECT l.target_actor, l.text
    FROM anchor_links l JOIN actors s ON s.actor_id = l.source_actor
    WHERE l.class = 'other' AND NOT s.trusted AND NOT EXISTS (SELECT 1 FROM keywords)
    GROUP BY l.target_actor, l.text
    HAVING count(DISTINCT l.source_actor) >= 3
)
SELECT a.link_id, a.source_id, n.node AS source, a.source_actor, a.target_actor, a.target_url, a.text,
    a.class NOT IN ('exact', 'partial') AS inferred
FROM anchor_links a
JOIN nodes n ON n.node_id = a.source_id
LEFT JOIN repeated r ON r.target_actor = a.target_actor AND r.text = a.text
WHERE a.class IN ('exact', 'partial') OR r.text IS NOT NULL
