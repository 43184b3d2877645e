/*
summary = "Content subdomains of one registrable domain that link out with links that may pass credit: labels that a company or a language edition uses itself are left out."
*/
WITH senders AS (
    SELECT DISTINCT source AS host_id FROM host_edges WHERE qualified < links
)
SELECT h.host_id, h.host, h.domain
FROM hosts h
JOIN senders s ON s.host_id = h.host_id
JOIN domains d ON d.domain = h.domain
WHERE h.host <> h.domain AND NOT d.is_platform AND NOT d.is_ip AND NOT d.trusted
    AND length(split_part(h.host, '.', 1)) > 2
    AND split_part(h.host, '.', 1) NOT IN (SELECT entry FROM subdomain_labels)
