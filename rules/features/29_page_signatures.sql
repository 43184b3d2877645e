/*
summary = "Pages with a signature that pages of one maker share: a normalised title, an article slug or an opaque id. Anchors are no part of it, or one signal would count twice."
*/
WITH pages AS (
    SELECT DISTINCT p.source_actor, p.source, p.source_url, p.title
    FROM profile_links p JOIN actors a ON a.actor_id = p.source_actor
    WHERE p.credit AND NOT a.trusted
), titles AS (
    SELECT source_actor, source, source_url,
        trim(regexp_replace(lower(regexp_replace(title, '\s+[-|:–—·»]+\s+[^-|–—·»]{1,40}$', '')),
            '[^\p{L}\p{N}]+', ' ', 'g')) AS key
    FROM pages WHERE title IS NOT NULL
), paths AS (
    SELECT source_actor, source, source_url, lower(regexp_replace(
        regexp_replace(source_url, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]*', ''),
        '[?#].*$', '')) AS path
    FROM pages
), slugs AS (
    SELECT source_actor, source, source_url,
        regexp_replace(regexp_replace(path, '/+$', ''), '^.*/', '') AS slug
    FROM paths
), site_slugs AS (
    SELECT DISTINCT regexp_replace(regexp_replace(regexp_replace(lower(target_url), '[?#].*$', ''),
        '/+$', ''), '^.*/', '') AS slug
    FROM profile_links
), ids AS (
    SELECT source_actor, source, source_url,
        lower(regexp_extract(source_url, '[?&]([A-Za-z_]+=[0-9]{6,})', 1)) AS key
    FROM pages
)
SELECT DISTINCT source_actor AS actor_id, source, source_url, 'title' AS kind, key FROM titles
WHERE length(key) >= 15 AND key LIKE '% % %'
UNION ALL
SELECT DISTINCT source_actor, source, source_url, 'path', slug FROM slugs
WHERE length(slug) >= 12
    AND regexp_matches(slug, '[^-_]+[-_][^-_]+[-_][^-_]+')
    AND slug NOT IN (SELECT entry FROM generic_paths)
    AND slug NOT IN (SELECT slug FROM site_slugs WHERE slug IS NOT NULL)
UNION ALL
SELECT DISTINCT source_actor, source, source_url, 'id', key FROM ids WHERE key <> ''
