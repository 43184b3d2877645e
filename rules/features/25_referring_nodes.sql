/*
summary = "Per node that links to the audited site: its links by what is known of rel, and how they are anchored."
*/
SELECT p.source_id AS node_id, p.source AS node, any_value(p.source_actor) AS actor_id,
    count(*) AS links,
    CAST(sum(CASE WHEN NOT p.lost AND p.qualified = false THEN 1 ELSE 0 END) AS BIGINT) AS followed,
    CAST(sum(CASE WHEN NOT p.lost AND p.qualified THEN 1 ELSE 0 END) AS BIGINT) AS nofollow,
    CAST(sum(CASE WHEN NOT p.lost AND p.qualified IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS unknown_rel,
    CAST(sum(CASE WHEN p.lost THEN 1 ELSE 0 END) AS BIGINT) AS lost,
    CAST(sum(CASE WHEN p.credit THEN 1 ELSE 0 END) AS BIGINT) AS credit,
    min(p.first_seen) AS first_seen, max(p.last_seen) AS last_seen
FROM profile_links p
JOIN actors a ON a.actor_id = p.target_actor AND a.is_site
GROUP BY p.source_id, p.source
