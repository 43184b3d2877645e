/*
summary = "The structural graph: edges that may pass credit, between owners that are neither hubs nor the audited site."
*/
SELECT e.source, e.target, e.first_seen
FROM actor_edges e
JOIN actor_degrees s ON s.actor_id = e.source
JOIN actor_degrees t ON t.actor_id = e.target
WHERE e.credit AND NOT s.hub AND NOT t.hub AND NOT s.is_site AND NOT t.is_site
