/*
summary = "Pages with a signature that pages of another owner carry as well."
*/
WITH shared AS (
    SELECT kind, hash(key) AS h FROM signed_links  -- a number takes a tenth of the room of a text
    GROUP BY kind, hash(key)
    HAVING min(source_actor) < max(source_actor)
), alike AS (
    SELECT s.link_id, s.source_actor, s.kind, s.key
    FROM signed_links s JOIN shared h ON h.kind = s.kind AND h.h = hash(s.key)
), owners AS (
    SELECT kind, key FROM alike GROUP BY kind, key HAVING count(DISTINCT source_actor) >= 2
)
SELECT DISTINCT a.source_actor AS actor_id, p.source, p.source_url, a.kind, a.key
FROM alike a
JOIN owners o ON o.kind = a.kind AND o.key = a.key
JOIN profile_links p ON p.link_id = a.link_id
