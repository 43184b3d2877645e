/*
summary = "Per target URL: referring owners with a known anchor (n), and of those the ones that use one money text, or any exact one (k)."
*/
WITH base AS (
    SELECT target_url, target, source_actor, text, class FROM anchor_links WHERE class IS NOT NULL
), totals AS (
    SELECT target_url, count(DISTINCT source_actor) AS n FROM base GROUP BY target_url
), tops AS (
    SELECT target_url, text AS anchor, min(class) AS class, count(DISTINCT source_actor) AS k
    FROM base WHERE class IN ('exact', 'partial', 'other')
    GROUP BY target_url, text
), exacts AS (
    SELECT target_url, CAST(NULL AS VARCHAR) AS anchor, 'exact' AS class,
        count(DISTINCT source_actor) AS k
    FROM base WHERE class = 'exact'
    GROUP BY target_url
    HAVING count(DISTINCT text) > 1
)
SELECT t.target_url, s.anchor, s.class, s.k, t.n
FROM totals t JOIN (SELECT * FROM tops UNION ALL SELECT * FROM exacts) s
    ON s.target_url = t.target_url
WHERE s.k >= 2
