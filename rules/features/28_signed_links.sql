/*
summary = "Links whose page carries a signature that pages of one maker share: a normalised title, an article slug or an opaque id. Anchors are no part of it, or one signal would count twice."
*/
WITH pages AS (
    SELECT p.link_id, p.source_actor, p.source_url, p.title
    FROM profile_links p JOIN actors a ON a.actor_id = p.source_actor
    WHERE p.credit AND NOT a.trusted
), heads AS (
    SELECT link_id, source_actor,
        lower(regexp_replace(title, '\s+[-|:–—·»]+\s+[^-|–—·»]{1,40}$', '')) AS head
    FROM pages WHERE title IS NOT NULL
), titles AS (
    SELECT link_id, source_actor,
        -- to test is several times cheaper than to replace, and few titles need it
        CASE WHEN regexp_matches(head, '[^\p{L}\p{N} ]|  |^ | $')
            THEN trim(regexp_replace(head, '[^\p{L}\p{N}]+', ' ', 'g')) ELSE head END AS key
    FROM heads
), paths AS (
    SELECT link_id, source_actor, source_url,
        CASE WHEN contains(source_url, '?') OR contains(source_url, '#')
            THEN regexp_replace(source_url, '[?#].*$', '') ELSE source_url END AS path
    FROM pages
), cut AS (
    SELECT link_id, source_actor,
        CASE WHEN ends_with(path, '/') THEN regexp_replace(path, '/+$', '') ELSE path END AS path
    FROM paths
), slugs AS (
    SELECT link_id, source_actor, path, lower(regexp_extract(path, '[^/]*$')) AS slug FROM cut
), site_slugs AS (
    SELECT DISTINCT regexp_replace(regexp_replace(regexp_replace(lower(target_url), '[?#].*$', ''),
        '/+$', ''), '^.*/', '') AS slug
    FROM (SELECT DISTINCT target_url FROM profile_links) AS targets
)
SELECT link_id, source_actor, 'title' AS kind, key FROM titles
WHERE length(key) >= 15 AND key LIKE '% % %'
UNION ALL
SELECT link_id, source_actor, 'path', slug FROM slugs
WHERE length(slug) >= 12
    AND regexp_matches(slug, '[^-_]+[-_][^-_]+[-_][^-_]+')
    AND NOT regexp_matches(path, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/]*$')  -- a host is no slug
    AND slug NOT IN (SELECT entry FROM generic_paths)
    AND slug NOT IN (SELECT slug FROM site_slugs WHERE slug IS NOT NULL)
UNION ALL
SELECT link_id, source_actor, 'id',
    lower(regexp_extract(source_url, '[?&]([A-Za-z_]+=[0-9]{6,})', 1)) AS key
FROM pages WHERE regexp_matches(source_url, '[?&][A-Za-z_]+=[0-9]{6}')
