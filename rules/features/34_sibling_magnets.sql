/*
summary = "What the content subdomains of one domain work for: another host that nearly all of them link to and that takes at least 5% of their links."
[params]
min_members = 0.8
min_share = 0.05
*/
WITH sent AS (
    SELECT s.domain, e.target, count(*) AS senders, sum(e.links) AS links
    FROM host_edges e JOIN sibling_hosts s ON s.host_id = e.source
    WHERE e.source <> e.target AND e.qualified < e.links
    GROUP BY s.domain, e.target
), totals AS (
    SELECT domain, sum(links) AS links FROM sent GROUP BY domain
)
SELECT s.domain, n.node AS target, CAST(sum(s.links) AS BIGINT) AS links,
    n.node || ': ' || CAST(CAST(sum(s.links) AS BIGINT) AS VARCHAR) || ' links ('
        || CAST(CAST(round(100.0 * sum(s.links) / any_value(t.links)) AS BIGINT) AS VARCHAR)
        || '% of all that they send out) from ' || CAST(max(s.senders) AS VARCHAR) || ' of '
        || CAST(any_value(g.siblings) AS VARCHAR) || ' subdomains' AS says
FROM sent s
JOIN totals t ON t.domain = s.domain
JOIN sibling_networks g ON g.domain = s.domain
JOIN host_nodes m ON m.host_id = s.target
JOIN nodes n ON n.node_id = m.node_id
LEFT JOIN sibling_hosts b ON b.host_id = s.target
WHERE b.host_id IS NULL AND n.node <> s.domain AND NOT n.trusted AND NOT n.is_site
    AND s.senders >= $min_members * g.siblings AND s.links >= $min_share * t.links
GROUP BY s.domain, n.node
