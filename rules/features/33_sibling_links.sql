/*
summary = "One link of every content subdomain to a sibling, to show as evidence."
*/
SELECT l.source_host_id AS host_id, min(l.link_id) AS link_id
FROM links l
JOIN sibling_hosts a ON a.host_id = l.source_host_id
JOIN sibling_hosts b ON b.host_id = l.target_host_id AND b.domain = a.domain
WHERE a.host_id <> b.host_id AND NOT l.lost
GROUP BY l.source_host_id
