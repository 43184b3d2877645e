/*
summary = "What the configuration model needs to judge a candidate: its internal edges, all out- and in-links of its members, and the size of the graph around it."
*/
WITH whole AS (
    SELECT CAST(sum(d_out) AS BIGINT) AS m,
        sum(CASE WHEN d_in + d_out > 0 THEN 1 ELSE 0 END) AS nodes,
        sum(CASE WHEN d_out > 0 THEN 1 ELSE 0 END) AS sources
    FROM actor_degrees
), sums AS (
    SELECT c.candidate_id, count(*) AS size, CAST(sum(d.d_out) AS BIGINT) AS k_out,
        CAST(sum(d.d_in) AS BIGINT) AS k_in, max(d.d_in) AS max_in,
        sum(CASE WHEN d.trusted THEN 1 ELSE 0 END) AS trusted,
        CAST(sum(d.in_links - d.d_in) AS BIGINT) AS unseen
    FROM candidate_members c JOIN actor_degrees d ON d.actor_id = c.actor_id
    GROUP BY c.candidate_id
), inner_ AS (
    SELECT candidate_id, count(*) AS internal FROM candidate_edges GROUP BY candidate_id
), outside AS (
    SELECT c.candidate_id, count(DISTINCT e.source) AS sources
    FROM candidate_members c
    JOIN actor_edges e ON e.target = c.actor_id AND e.credit
    LEFT JOIN candidate_members i ON i.candidate_id = c.candidate_id AND i.actor_id = e.source
    WHERE i.actor_id IS NULL
    GROUP BY c.candidate_id
), endorsers AS (  -- and those that the web graph counted without naming them: they may be others
    SELECT s.candidate_id, coalesce(o.sources, 0) + s.unseen AS endorsers
    FROM sums s LEFT JOIN outside o ON o.candidate_id = s.candidate_id
), seen AS (  -- how often a source outside any group is itself linked to: else nobody looked; no
    -- hubs, or a group that links to Wikipedia would make itself look shunned
    SELECT avg(d.in_links) AS mean_in,
        count(*) >= 10 AND sum(CASE WHEN d.in_links > 0 THEN 1 ELSE 0 END) >= 0.05 * count(*) AS looked
    FROM actor_degrees d
    WHERE d.d_out > 0 AND NOT d.is_site AND NOT d.hub AND d.known_in
        AND NOT EXISTS (SELECT 1 FROM candidate_members c WHERE c.actor_id = d.actor_id)
)
SELECT s.candidate_id, s.size, s.k_out, s.k_in, s.max_in, s.trusted, w.m, w.nodes, w.sources,
    coalesce(i.internal, 0) AS internal,
    CAST(coalesce(i.internal, 0) AS DOUBLE) / (s.size * (s.size - 1)) AS density,
    x.endorsers,
    1.0 / (1.0 + CAST(x.endorsers AS DOUBLE) / s.size) AS isolation,
    seen.looked,
    seen.looked AND x.endorsers <= 0.5 * s.size * seen.mean_in AS isolation_known
FROM sums s CROSS JOIN whole w CROSS JOIN seen
LEFT JOIN inner_ i ON i.candidate_id = s.candidate_id
JOIN endorsers x ON x.candidate_id = s.candidate_id
