/*
summary = "Per target URL: the referring owners with a known anchor."
*/
SELECT target_url, count(DISTINCT source_actor) AS n
FROM anchor_uses WHERE class IS NOT NULL
GROUP BY target_url
