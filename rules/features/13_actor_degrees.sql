/*
summary = "Distinct neighbours over edges that may pass credit. `in_links` is how many link to the owner in the whole web, where a web graph says so (`known_in`), else d_in. Hubs are trusted, or linked to by far more than the rest, or have more neighbours than were taken from the web graph."
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
), web AS (
    SELECT n.actor_id, CAST(sum(w.in_degree) AS BIGINT) AS in_degree, bool_or(w.sampled) AS sampled
    FROM webgraph_degrees w JOIN node_actors n ON n.node = w.node
    GROUP BY n.actor_id
), ends AS (
    SELECT a.actor_id, a.actor, a.node, a.trusted, a.own, a.is_site,
        coalesce(d.d_in, 0) AS d_in, coalesce(d.d_out, 0) AS d_out,
        greatest(coalesce(d.d_in, 0), coalesce(w.in_degree, 0)) AS in_links,
        coalesce(w.sampled, false) AS sampled,
        -- of who is not in the graph only the links that lead to the profile are seen
        w.actor_id IS NOT NULL OR NOT EXISTS (SELECT 1 FROM webgraph_degrees) AS known_in
    FROM actors a
    LEFT JOIN d ON d.actor_id = a.actor_id
    LEFT JOIN web w ON w.actor_id = a.actor_id
)
SELECT actor_id, actor, node, trusted, own, is_site, d_in, d_out, in_links, known_in,
    NOT is_site AND (trusted OR sampled OR in_links > greatest(200, (SELECT p995 FROM limit_)))
        AS hub,
    actor_id IN (SELECT actor_id FROM complete) AS known_out
FROM ends
