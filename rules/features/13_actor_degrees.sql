/*
summary = "Distinct neighbours over edges that may pass credit; hubs are trusted, or linked to by far more than the rest."
*/
WITH d AS (
    SELECT actor_id, CAST(sum(inn) AS BIGINT) AS d_in, CAST(sum(outt) AS BIGINT) AS d_out
    FROM (
        SELECT target AS actor_id, 1 AS inn, 0 AS outt FROM actor_edges WHERE credit
        UNION ALL
        SELECT source AS actor_id, 0 AS inn, 1 AS outt FROM actor_edges WHERE credit
    ) AS ends
    GROUP BY actor_id
), ranked AS (
    SELECT d_in, row_number() OVER (ORDER BY d_in) AS place, count(*) OVER () AS n
    FROM d WHERE d_in > 0
), limit_ AS (
    SELECT coalesce(max(d_in), 0) AS p995 FROM ranked WHERE place <= ceil(0.995 * n)
), complete AS (
    SELECT DISTINCT n.actor_id FROM links l
    JOIN inputs i ON i.input_id = l.input_id
    JOIN node_actors n ON n.node_id = l.source_id
    WHERE i.out_links_complete
)
SELECT a.actor_id, a.actor, a.node, a.trusted, a.own, a.is_site,
    coalesce(d.d_in, 0) AS d_in, coalesce(d.d_out, 0) AS d_out,
    NOT a.is_site AND (a.trusted OR coalesce(d.d_in, 0) > greatest(200, (SELECT p995 FROM limit_)))
        AS hub,
    a.actor_id IN (SELECT actor_id FROM complete) AS known_out
FROM actors a LEFT JOIN d ON d.actor_id = a.actor_id
