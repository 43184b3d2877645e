/*
summary = "IP addresses and their /24 networks by owner, as far as a tool states them. Ranges of content networks, of builders of sites and of private networks say nothing about an owner: they count as known, without a key."
*/
WITH stated AS (
    SELECT DISTINCT n.actor_id, f.text AS ip,
        coalesce(regexp_extract(f.text, '^([0-9]+\.[0-9]+\.[0-9]+)\.[0-9]+$', 1), '') AS net,
        coalesce(regexp_extract(f.text, '^([0-9]+\.[0-9]+)\.[0-9]+\.[0-9]+$', 1), '') AS wide
    FROM domain_facts f
    JOIN hosts h ON h.host = f.host
    JOIN host_nodes m ON m.host_id = h.host_id
    JOIN node_actors n ON n.node_id = m.node_id
    WHERE f.fact = 'ip' AND NOT n.is_site
), own AS (
    SELECT * FROM stated
    WHERE net NOT IN (SELECT entry FROM cdn_ranges) AND wide NOT IN (SELECT entry FROM cdn_ranges)
)
SELECT actor_id, 'IP address' AS kind, ip AS key FROM own
UNION ALL
SELECT DISTINCT actor_id, '/24 network', net FROM own WHERE net <> ''
UNION ALL
SELECT DISTINCT actor_id, 'known', '' FROM stated
