/*
summary = "How each link to the audited site was come by (`tactic`), as far as its page, host, rel and neighbours show, by which sign (`sign`, and its `word`); and where on the page it stands (`spot`: content, navigation, header, footer, sidebar, comment), as the input says or, `inferred`, as its tactic does; NULL is unknown. `rel` is lost, sponsored, ugc, nofollow, followed or unknown."
*/
WITH hosts_ AS (
    SELECT n.node_id, h.kind, h.entry FROM nodes n JOIN known_hosts h ON h.entry = n.domain
), partners AS (
    SELECT DISTINCT e.target AS actor_id
    FROM actor_edges e JOIN actors a ON a.actor_id = e.source AND a.is_site
), seen AS (
    SELECT p.link_id, p.source_id, p.source_actor, p.kind, p.lost, p.ugc,
        p.sponsored, p.qualified,
        CASE
            WHEN regexp_matches(p.placement, 'content|main|article|body') THEN 'content'
            WHEN regexp_matches(p.placement, 'comment') THEN 'comment'
            WHEN regexp_matches(p.placement, 'foot') THEN 'footer'
            WHEN regexp_matches(p.placement, 'side|aside') THEN 'sidebar'
            WHEN regexp_matches(p.placement, 'head') THEN 'header'
            WHEN regexp_matches(p.placement, 'nav|menu') THEN 'navigation'
        END AS placement,
        h.kind AS host_kind, h.entry AS host, m.kind AS mark, m.word,
        t.source_id IS NOT NULL AS template, coalesce(t.credits, false) AS credits,
        x.actor_id IS NOT NULL AS partner, r.link_id IS NOT NULL AS replaced,
        contains(p.target_url, '=') AND regexp_matches(lower(p.target_url),
            '[?&](aff|affid|aff_id|affiliate|affiliate_id|tag|clickid|irclickid|awc|utm_medium=affiliate)(=|&|$)')
            AS affiliate,
        regexp_matches(p.source_url,
            '/(19|20)[0-9][0-9]/[01][0-9]/|/[^/?#]*[^/?#-]-[^/?#-]+-[^/?#]*/?([?#]|$)')
            AND NOT regexp_matches(lower(p.source_url),
                '[/?](tags?|category|categories|products?|shop|stores?|jobs?|search|login|cart|legal|page)[/=]|privacy|coupon|terms-of|[.-]com-|[.](jpe?g|png|gif|webp|svg|pdf)([?#]|$)')
            AS article
    FROM profile_links p
    JOIN actors a ON a.actor_id = p.target_actor AND a.is_site
    LEFT JOIN hosts_ h ON h.node_id = p.source_id
    LEFT JOIN page_marks m ON m.link_id = p.link_id
    LEFT JOIN template_links t ON t.source_id = p.source_id AND t.target_url = p.target_url
        AND t.words = p.words
    LEFT JOIN partners x ON x.actor_id = p.source_actor
    LEFT JOIN replaced_links r ON r.link_id = p.link_id
), judged AS (  -- the first that holds, and by which sign
    SELECT *, CASE
        WHEN kind = 'redirect' THEN 'redirect by kind'
        WHEN host_kind = 'social' THEN 'social by host'
        WHEN host_kind = 'bookmark' THEN 'bookmark by host'
        WHEN mark = 'bookmark' THEN 'bookmark by url'
        WHEN host_kind = 'press' THEN 'press release by host'
        WHEN mark = 'press' THEN 'press release by url'
        WHEN host_kind = 'forum' THEN 'forum/comment/profile by host'
        WHEN mark IN ('forum', 'comment', 'profile') THEN 'forum/comment/profile by url'
        WHEN ugc THEN 'forum/comment/profile by rel'
        WHEN placement = 'comment' THEN 'forum/comment/profile by placement'
        WHEN sponsored THEN 'influencer/affiliate by rel'
        WHEN affiliate THEN 'influencer/affiliate by target'
        -- every article of a blog may stand under its author's name
        WHEN mark = 'guest' AND NOT regexp_matches(word, '^(auth?or|auteur)') THEN 'guest post by url'
        WHEN credits THEN 'footer credit by anchor'
        WHEN placement = 'footer' AND template THEN 'footer credit by placement'
        WHEN mark = 'widget' THEN 'widget/badge by url'
        WHEN kind = 'frame' OR (template AND kind = 'image') THEN 'widget/badge by kind'
        WHEN mark = 'directory' THEN 'directory by url'
        WHEN mark = 'review' THEN 'testimonial/review by url'
        WHEN replaced THEN 'broken-link replacement by lost link'
        WHEN mark = 'resource' THEN 'resource page by url'
        WHEN mark = 'partner' THEN 'partner/reciprocal by url'
        WHEN partner THEN 'partner/reciprocal by link back'
        WHEN placement = 'content' AND NOT template THEN 'content/editorial by placement'
        WHEN placement IS NULL AND article AND NOT template THEN 'content/editorial by path'
        ELSE 'unknown by nothing'
    END AS said
    FROM seen
), split AS (
    SELECT *, split_part(said, ' by ', 1) AS tactic, split_part(said, ' by ', 2) AS sign FROM judged
)
SELECT link_id, source_id, lost, tactic, sign,
    CASE WHEN lost THEN 'lost' WHEN sponsored THEN 'sponsored' WHEN ugc THEN 'ugc'
        WHEN qualified THEN 'nofollow' WHEN NOT qualified THEN 'followed' ELSE 'unknown' END AS rel,
    kind,
    CASE WHEN sign = 'host' THEN host WHEN sign = 'url' THEN word END AS word,
    CASE
        WHEN placement IS NOT NULL THEN placement
        WHEN tactic IN ('content/editorial', 'guest post') THEN 'content'
        WHEN mark = 'comment' THEN 'comment'
        WHEN credits THEN 'footer'
    END AS spot,
    placement IS NULL AS inferred
FROM split
