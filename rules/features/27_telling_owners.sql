/*
summary = "Per owner of the audited site: the referring owners, trusted ones left out, with a link that may pass credit and an anchor that says something: no brand name, address or pointing word."
*/
SELECT u.target_actor, count(DISTINCT u.source_actor) AS n
FROM anchor_uses u
JOIN actors s ON s.actor_id = u.source_actor AND NOT s.trusted
JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
WHERE u.class IN ('exact', 'partial', 'other')
GROUP BY u.target_actor
