/*
summary = "Per owner: referrers whose out-links are completely known, how many it links back to, and how many the configuration model expects."
*/
WITH m AS (
    SELECT count(*) AS edges FROM actor_edges WHERE credit
)
SELECT e.target AS actor_id, count(*) AS referrers,
    sum(CASE WHEN x.source IS NULL THEN 0 ELSE 1 END) AS mutual,
    round(sum(CAST(t.d_out AS DOUBLE) * u.d_in / (SELECT edges FROM m)), 6) AS expected
FROM actor_edges e
JOIN actor_degrees u ON u.actor_id = e.source AND u.known_out AND NOT u.hub
JOIN actor_degrees t ON t.actor_id = e.target AND NOT t.hub
LEFT JOIN mutual_edges x ON x.source = e.target AND x.target = e.source
WHERE e.credit
GROUP BY e.target
