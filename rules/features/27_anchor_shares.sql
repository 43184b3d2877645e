/*
summary = "Per target URL: referring owners with a known anchor (n), and of those the ones that use one money text, or any exact one (k). Trusted owners count in n only."
*/
WITH base AS (
    SELECT l.target_url, l.source_actor, l.text_id, l.class, s.trusted
    FROM anchor_uses l JOIN actors s ON s.actor_id = l.source_actor
    WHERE l.class IS NOT NULL
), tops AS (
    SELECT target_url, text_id, min(class) AS class, count(DISTINCT source_actor) AS k
    FROM base WHERE class IN ('exact', 'partial', 'other') AND NOT trusted
    GROUP BY target_url, text_id
), exacts AS (
    SELECT target_url, CAST(NULL AS BIGINT) AS text_id, 'exact' AS class,
        count(DISTINCT source_actor) AS k
    FROM base WHERE class = 'exact' AND NOT trusted
    GROUP BY target_url
    HAVING count(DISTINCT text_id) > 1
)
SELECT t.target_url, s.text_id, x.text AS anchor, s.class, s.k, t.n
FROM anchor_totals t JOIN (SELECT * FROM tops UNION ALL SELECT * FROM exacts) s
    ON s.target_url = t.target_url
LEFT JOIN anchor_texts x ON x.text_id = s.text_id
WHERE s.k >= 2
