/*
summary = "Edges that may pass credit and are answered by one in the other direction; hubs left out."
*/
SELECT a.source, a.target
FROM actor_edges a
JOIN actor_edges b ON b.source = a.target AND b.target = a.source AND b.credit
JOIN actor_degrees s ON s.actor_id = a.source
JOIN actor_degrees t ON t.actor_id = a.target
WHERE a.credit AND NOT s.hub AND NOT t.hub
