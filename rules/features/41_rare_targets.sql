/*
summary = "Owners that a few others link to: what two unrelated sites seldom have in common."
[params]
min_in = 2
max_in = 40
*/
SELECT actor_id, in_links AS d_in FROM actor_degrees
WHERE NOT hub AND NOT is_site AND in_links BETWEEN $min_in AND $max_in
