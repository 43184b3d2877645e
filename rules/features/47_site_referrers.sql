/*
summary = "Owners that link to an audited site with a link that may pass credit: the first tier of whatever is built under it."
*/
SELECT e.target, e.source
FROM actor_edges e JOIN actors t ON t.actor_id = e.target AND t.is_site
WHERE e.credit
