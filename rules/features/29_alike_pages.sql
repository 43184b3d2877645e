/*
summary = "Links with the signature of their page where the links of another owner have one of the same hash. A table by itself: of few rows among many only a table tells the planner that they are few."
scratch = true
*/
WITH shared AS (  -- by a number first, which takes a tenth of the room of the text
    SELECT 'title' AS kind, hash(title) AS h FROM signed_links WHERE title IS NOT NULL
    GROUP BY hash(title) HAVING min(source_actor) < max(source_actor)
    UNION ALL
    SELECT 'path', hash(path) FROM signed_links WHERE path IS NOT NULL
    GROUP BY hash(path) HAVING min(source_actor) < max(source_actor)
    UNION ALL
    SELECT 'id', hash(id) FROM signed_links WHERE id IS NOT NULL
    GROUP BY hash(id) HAVING min(source_actor) < max(source_actor)
)
SELECT s.link_id, s.source_id, s.source_actor, h.kind, s.title AS key
FROM signed_links s JOIN shared h ON h.kind = 'title' AND h.h = hash(s.title)
UNION ALL
SELECT s.link_id, s.source_id, s.source_actor, h.kind, s.path
FROM signed_links s JOIN shared h ON h.kind = 'path' AND h.h = hash(s.path)
WHERE s.path NOT IN (SELECT entry FROM generic_paths)
    AND s.path NOT IN (SELECT slug FROM site_slugs)
UNION ALL
SELECT s.link_id, s.source_id, s.source_actor, h.kind, s.id
FROM signed_links s JOIN shared h ON h.kind = 'id' AND h.h = hash(s.id)
