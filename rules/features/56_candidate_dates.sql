/*
summary = "Days between the first and the last appearance of a candidate's internal edges and of its links to the audited site (NULL where a date is missing), and how many edges of everybody else began inside that window."
*/
WITH dated AS (
    SELECT candidate_id, first_seen FROM candidate_edges
    UNION ALL
    SELECT c.candidate_id, e.first_seen
    FROM candidate_members c
    JOIN actor_edges e ON e.source = c.actor_id AND e.credit
    JOIN actors t ON t.actor_id = e.target AND t.is_site
), spans AS (
    SELECT candidate_id, count(*) AS links, count(first_seen) AS known, min(first_seen) AS first,
        max(first_seen) AS last
    FROM dated GROUP BY candidate_id
), all_days AS (
    SELECT first_seen AS day, count(*) AS n FROM actor_edges
    WHERE credit AND first_seen IS NOT NULL GROUP BY first_seen
), whole AS (
    SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS n FROM all_days
), windows AS (
    SELECT s.candidate_id, CAST(sum(a.n) AS BIGINT) AS n
    FROM spans s JOIN all_days a ON a.day BETWEEN s.first AND s.last
    GROUP BY s.candidate_id
)
SELECT s.candidate_id, s.links,
    CASE WHEN s.known >= 0.9 * s.links AND s.known >= 3
        THEN CAST(date_diff('day', s.first, s.last) AS BIGINT) END AS span_days,
    greatest(whole.n - s.known, 0) AS others, greatest(coalesce(w.n, 0) - s.known, 0) AS inside
FROM spans s CROSS JOIN whole
LEFT JOIN windows w ON w.candidate_id = s.candidate_id
