/*
summary = "Per registrable domain: its content subdomains, the ordered pairs of them that link, and how many link to the audited site."
*/
WITH groups AS (
    SELECT domain, count(*) AS siblings FROM sibling_hosts GROUP BY domain HAVING count(*) >= 3
), crossing AS (
    SELECT a.domain, count(*) AS pairs
    FROM host_edges e
    JOIN sibling_hosts a ON a.host_id = e.source
    JOIN sibling_hosts b ON b.host_id = e.target AND b.domain = a.domain
    WHERE e.source <> e.target AND e.qualified < e.links
    GROUP BY a.domain
), into_site AS (
    SELECT a.domain, count(DISTINCT a.host_id) AS linking
    FROM host_edges e
    JOIN sibling_hosts a ON a.host_id = e.source
    JOIN hosts t ON t.host_id = e.target
    JOIN domains d ON d.domain = t.domain AND d.is_site
    WHERE e.qualified < e.links
    GROUP BY a.domain
)
SELECT g.domain, g.siblings, coalesce(c.pairs, 0) AS pairs, coalesce(i.linking, 0) AS linking,
    CAST(coalesce(c.pairs, 0) AS DOUBLE) / (g.siblings * (g.siblings - 1)) AS density
FROM groups g
LEFT JOIN crossing c ON c.domain = g.domain
LEFT JOIN into_site i ON i.domain = g.domain
