/*
summary = "Rare targets outside a candidate that at least three members link to, and the share of the target's referring owners that the candidate holds (capture). Of the audited site, each URL is a target of its own. `looked_at` counts all targets that were tried."
[params]
min_sources = 3
*/
WITH domains AS (
    SELECT c.candidate_id, e.target, count(*) AS sources
    FROM candidate_members c
    JOIN actor_edges e ON e.source = c.actor_id AND e.credit
    JOIN rare_targets r ON r.actor_id = e.target
    LEFT JOIN candidate_members i ON i.candidate_id = c.candidate_id AND i.actor_id = e.target
    WHERE i.actor_id IS NULL
    GROUP BY c.candidate_id, e.target
), site_pages AS (
    SELECT DISTINCT p.source_actor, p.target_url
    FROM profile_links p JOIN actors a ON a.actor_id = p.target_actor
    WHERE p.credit AND a.is_site
), page_totals AS (
    SELECT target_url, count(*) AS d_in FROM site_pages GROUP BY target_url HAVING count(*) >= 2
), pages AS (
    SELECT c.candidate_id, p.target_url, count(*) AS sources
    FROM candidate_members c JOIN site_pages p ON p.source_actor = c.actor_id
    GROUP BY c.candidate_id, p.target_url
), tried AS (
    SELECT (SELECT count(*) FROM rare_targets) + (SELECT count(*) FROM page_totals) AS looked_at
)
SELECT d.candidate_id, a.node AS target, false AS is_site, d.sources, r.d_in,
    CAST(d.sources AS DOUBLE) / r.d_in AS capture, n.k_out, n.m, tried.looked_at
FROM domains d CROSS JOIN tried
JOIN candidate_counts n ON n.candidate_id = d.candidate_id
JOIN rare_targets r ON r.actor_id = d.target
JOIN actors a ON a.actor_id = d.target
WHERE d.sources >= $min_sources
UNION ALL
SELECT p.candidate_id, p.target_url, true, p.sources, t.d_in,
    CAST(p.sources AS DOUBLE) / t.d_in, n.k_out, n.m, tried.looked_at
FROM pages p CROSS JOIN tried
JOIN candidate_counts n ON n.candidate_id = p.candidate_id
JOIN page_totals t ON t.target_url = p.target_url
WHERE p.sources >= $min_sources
