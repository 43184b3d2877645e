/*
summary = "Pages with a signature that pages of another owner carry as well."
*/
WITH owners AS (
    SELECT kind, key FROM alike_pages WHERE key IS NOT NULL
    GROUP BY kind, key HAVING min(source_actor) < max(source_actor)
)
SELECT DISTINCT a.source_actor AS actor_id, n.node AS source, l.source_url, a.kind, a.key
FROM alike_pages a
JOIN owners o ON o.kind = a.kind AND o.key = a.key
JOIN nodes n ON n.node_id = a.source_id
JOIN links l ON l.link_id = a.link_id
