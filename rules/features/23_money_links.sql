/*
summary = "Links whose anchor is a money term: exact or partial where keywords were given; else a non-brand text that at least three owners repeat word for word, marked as inferred."
*/
WITH repeated AS (
    SELECT target_actor, text
    FROM anchor_links
    WHERE class = 'other' AND NOT EXISTS (SELECT 1 FROM keywords)
    GROUP BY target_actor, text
    HAVING count(DISTINCT source_actor) >= 3
)
SELECT a.link_id, a.source_id, a.source, a.source_actor, a.target_actor, a.target_url, a.text,
    a.class NOT IN ('exact', 'partial') AS inferred
FROM anchor_links a
LEFT JOIN repeated r ON r.target_actor = a.target_actor AND r.text = a.text
WHERE a.class IN ('exact', 'partial') OR r.text IS NOT NULL
