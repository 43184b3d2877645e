/*
summary = "What pages of numbered names share: judged links that may pass credit, by owner, with the path (`kind` path) or with target page and anchor (`kind` link); paths that every site has, encyclopedias' and those of the target's own page say nothing and are left out."
*/
WITH found AS (
    SELECT m.shape, m.actor_id, p.link_id, p.target_id, p.target_url, p.words,
        regexp_replace(regexp_replace(lower(p.source_url), '^([a-z][a-z0-9+.-]*:)?(//)?[^/?#]*', '', 'g'),
            '(/+|#.*)$', '', 'g') AS path
    FROM profile_links p
    JOIN numbered_names m ON m.node_id = p.source_id
    WHERE p.credit
), slugs AS (
    SELECT *, split_part(path, '/', -1) AS slug FROM found
)
SELECT shape, actor_id, 'path' AS kind, path AS key, min(link_id) AS link_id
FROM slugs
WHERE path <> '' AND NOT contains(path, '/wiki/') AND NOT contains(path, 'title=')
    AND slug NOT IN (SELECT entry FROM generic_paths)
    AND slug NOT IN (SELECT slug FROM site_slugs)
GROUP BY shape, actor_id, path
UNION ALL
SELECT s.shape, s.actor_id, 'link', s.target_url || ' ' || w.text, min(s.link_id)
FROM slugs s
JOIN anchor_words w ON w.words = s.words
JOIN anchor_classes c ON c.target_id = s.target_id AND c.text_id = w.text_id
WHERE c.class IN ('exact', 'partial', 'other')
GROUP BY s.shape, s.actor_id, s.target_url, w.text
