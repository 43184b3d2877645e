/*
summary = "Owners outside a dense candidate that nearly all members link to, that take a large part of all the members' links, and that few others link to: what the group works for, such as a redirector."
[params]
min_members = 0.8
min_share = 0.05
min_capture = 0.3
*/
WITH dense AS (
    SELECT m.candidate_id, m.actor_id
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind = 'community'
), totals AS (
    SELECT c.candidate_id, sum(e.links) AS links
    FROM dense c JOIN actor_edges e ON e.source = c.actor_id
    GROUP BY c.candidate_id
)
SELECT c.candidate_id, a.node AS target, count(*) AS sources, CAST(sum(e.links) AS BIGINT) AS links,
    CAST(sum(e.links) AS DOUBLE) / any_value(t.links) AS share,
    a.node || ': ' || CAST(CAST(sum(e.links) AS BIGINT) AS VARCHAR) || ' links ('
        || CAST(CAST(round(100.0 * sum(e.links) / any_value(t.links)) AS BIGINT) AS VARCHAR)
        || '% of all that they send out) from ' || CAST(count(*) AS VARCHAR) || ' of '
        || CAST(any_value(n.size) AS VARCHAR) || ' members' AS says
FROM dense c
JOIN actor_edges e ON e.source = c.actor_id AND e.credit
JOIN actor_degrees a ON a.actor_id = e.target AND NOT a.hub AND NOT a.is_site
JOIN totals t ON t.candidate_id = c.candidate_id
JOIN candidate_counts n ON n.candidate_id = c.candidate_id
LEFT JOIN candidate_members i ON i.candidate_id = c.candidate_id AND i.actor_id = e.target
WHERE i.actor_id IS NULL
GROUP BY c.candidate_id, a.node
HAVING count(*) >= $min_members * any_value(n.size)
    AND sum(e.links) >= $min_share * any_value(t.links)
    AND count(*) >= $min_capture * any_value(a.in_links)
