/*
summary = "Owners as far as the data shows them: a brand over several suffixes, a declared family, or a single node."
*/
SELECT row_number() OVER (ORDER BY family) AS actor_id, family AS actor, min(node) AS node,
    count(*) AS nodes, bool_or(trusted) AS trusted, bool_or(own) AS own,
    bool_or(is_site) AS is_site, bool_or(is_ip) AS is_ip
FROM nodes
GROUP BY family
