/*
summary = "What the page of a link shows of its maker: a normalised title, an article slug, an opaque id, each NULL where it says nothing. Anchors are no part of it, or one signal would count twice, but a title that is the anchor is a citation and no mark of a maker."
scratch = true  # a copy of much of the text
*/
WITH pages AS (
    SELECT p.link_id, p.source_id, p.source_actor, p.source_url, p.title, p.words,
        CASE WHEN contains(p.source_url, '?') OR contains(p.source_url, '#')
            THEN regexp_replace(p.source_url, '[?#].*$', '') ELSE p.source_url END AS path
    FROM profile_links p JOIN actors a ON a.actor_id = p.source_actor
    WHERE p.credit AND NOT a.trusted
), cut AS (
    SELECT link_id, source_id, source_actor, source_url, words,
        lower(regexp_replace(title, '\s+[-|:–—·»]+\s+[^-|–—·»]{1,40}$', '')) AS head,
        CASE WHEN ends_with(path, '/') THEN regexp_replace(path, '/+$', '') ELSE path END AS path
    FROM pages
), keys AS (
    SELECT link_id, source_id, source_actor, source_url, path, words, head,
        lower(split_part(path, '/', -1)) AS slug,
        -- to test is several times cheaper than to replace, and few titles need it
        CASE WHEN regexp_matches(head, '[^\p{L}\p{N} ]|  |^ | $')
            THEN trim(regexp_replace(head, '[^\p{L}\p{N}]+', ' ', 'g')) ELSE head END AS key
    FROM cut
)
SELECT link_id, source_id, source_actor,
    -- a page called as its link keeps the title of what it likes; nor is a title told without anchor
    CASE WHEN length(key) >= 15 AND key LIKE '% % %' AND head <> lower(words)
        THEN key END AS title,
    CASE WHEN length(slug) >= 12 AND regexp_matches(slug, '[^-_]+[-_][^-_]+[-_][^-_]+')
        AND (path LIKE 'http://%/%' OR path LIKE 'https://%/%'  -- else it is a host
            OR NOT regexp_matches(path, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/]*$'))
        THEN slug END AS path,
    CASE WHEN contains(source_url, '=') AND regexp_matches(source_url, '[?&][A-Za-z_]+=[0-9]{6}')
        THEN lower(regexp_extract(source_url, '[?&]([A-Za-z_]+=[0-9]{6,})', 1)) END AS id
FROM keys
