/*
summary = "How many owners have a page with any signature: what the rarity of one is measured against."
*/
SELECT count(DISTINCT source_actor) AS owners
FROM signed_links
WHERE title IS NOT NULL OR id IS NOT NULL
    OR (path NOT IN (SELECT entry FROM generic_paths) AND path NOT IN (SELECT slug FROM site_slugs))
