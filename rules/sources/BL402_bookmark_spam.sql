/*
id = "BL402"
name = "bookmark-spam"
family = "sources"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/low-quality-directory"
requires = ["links.source_url", "links.anchor"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site; name it with --site"
summary = "Bookmarking sites: pages that a script made to hold one submitted link."
says = "{bookmark_sites} of {referring_domains} referring domains are bookmarking sites (word: {word}); {with_keywords} of them use keyword anchors"
rationale = """
Programs submit one link to hundreds of copies of the same bookmarking script. A bookmark word in the
address (of "story" only the script's own forms count, /story.php?title= and /story123456/, because
newspapers use the word) needs a second sign: a machine-made address of a shape that at least three
owners share; a page title that is the keyword anchor, unless as many owners elsewhere use the same
words, which then are the title of the page that they like; or twenty times as many out-links as
in-links. Few of them say nothing unless at least half use keyword anchors. Ten and 1% of the profile,
or a fifth of it, with keyword anchors are a blast that somebody ordered. The share is taken of all referring domains,
nofollow ones too.
"""
false_positives = [
  "Personal bookmark collections and link blogs: their titles are those of the pages that they like.",
  "Newspapers whose articles stand under /story/.",
  "Libraries and universities that collect bookmarks: trusted sources are left out.",
]
remediation = "Leave them alone unless there is a manual action; then ask who ordered the submission, and disavow the group."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 3
min_title = 8
many_out = 20
blast = 10
least_share = 0.01
blast_share = 0.2
money_share = 0.5
*/
WITH pages AS (
    SELECT m.target_actor, m.source_actor, m.source, m.link_id, m.word, m.text_id,
        coalesce(m.class IN ('exact', 'partial'), false) AS money, lower(l.source_url) AS url,
        trim(regexp_replace(lower(l.title), '[^\p{L}\p{N}]+', ' ', 'g')) AS title,
        trim(regexp_replace(lower(regexp_replace(l.title,
            '\s+[-|:–—·»]+\s+[^-|–—·»]{1,40}$', '', 'g')), '[^\p{L}\p{N}]+', ' ', 'g')) AS head,
        trim(regexp_replace(lower(coalesce(nullif(l.anchor, ''), l.alt, l.anchor)),
            '[^\p{L}\p{N}]+', ' ', 'g')) AS anchor
    FROM marked_anchors m JOIN links l ON l.link_id = m.link_id
    WHERE m.kind = 'bookmark'
), shaped AS (  -- values, numbers and slugs are left out of the shape of an address
    SELECT p.*, CASE WHEN contains(url, '=') OR regexp_matches(url, '/story[0-9]{6}')
        THEN regexp_replace(regexp_replace(regexp_replace(regexp_replace(url,
            '#.*$', '', 'g'), '^([a-z][a-z0-9+.-]*:)?(//)?[^/?]*', '', 'g'),
            '=[^&;]*', '=', 'g'), '/[^/?.]*[-_0-9%+][^/?.]*', '/*', 'g') END AS shape
    FROM pages p
    WHERE word <> 'story' OR regexp_matches(url, '/story([0-9]{6}|\.php\?title=)')
), scripts AS (
    SELECT target_actor, shape FROM shaped WHERE shape IS NOT NULL
    GROUP BY target_actor, shape HAVING count(DISTINCT source_actor) >= $min_owners
), borrowed AS (  -- as many use the words elsewhere: they are the title of the page itself
    SELECT i.target_actor, i.text_id
    FROM (SELECT target_actor, text_id, count(DISTINCT source_actor) AS owners
        FROM pages GROUP BY target_actor, text_id) i
    JOIN anchor_uses u ON u.target_actor = i.target_actor AND u.text_id = i.text_id
    GROUP BY i.target_actor, i.text_id
    HAVING count(DISTINCT u.source_actor) >= 2 * any_value(i.owners)
), found AS (
    SELECT p.target_actor, p.source_actor, p.source, min(p.link_id) AS link_id,
        min(p.word) AS word, bool_or(p.money) AS money
    FROM shaped p
    JOIN actor_degrees d ON d.actor_id = p.source_actor
    LEFT JOIN scripts s ON s.target_actor = p.target_actor AND s.shape = p.shape
    LEFT JOIN borrowed b ON b.target_actor = p.target_actor AND b.text_id = p.text_id
    WHERE s.shape IS NOT NULL
        OR (p.money AND length(p.anchor) >= $min_title AND p.anchor IN (p.title, p.head)
            AND b.text_id IS NULL)
        OR (d.known_in AND d.d_out >= $many_out AND d.d_out >= $many_out * d.in_links)
    GROUP BY p.target_actor, p.source_actor, p.source
), counted AS (
    SELECT target_actor, count(DISTINCT source_actor) AS sites, min(word) AS word,
        count(DISTINCT CASE WHEN money THEN source_actor END) AS money,
        list(DISTINCT source) AS domains, list(DISTINCT link_id) AS link_ids
    FROM found GROUP BY target_actor
), totals AS (
    SELECT target, count(*) AS n FROM actor_edges GROUP BY target
), judged AS (
    SELECT c.*, a.node, t.n, (c.sites >= $blast AND c.sites >= $least_share * t.n)
            OR c.sites >= $blast_share * t.n AS big,
        c.money >= $money_share * c.sites AS paid
    FROM counted c
    JOIN totals t ON t.target = c.target_actor
    JOIN actors a ON a.actor_id = c.target_actor
    WHERE c.sites >= $min_owners
)
SELECT node AS subject, CAST(sites AS DOUBLE) AS value,
    CASE WHEN big AND paid THEN 'medium' ELSE 'low' END AS level,
    CASE WHEN sites >= $blast AND paid THEN 'directory-blast' END AS scheme,
    domains, link_ids,
    struct_pack(bookmark_sites := sites, referring_domains := n, with_keywords := money,
        share := CAST(sites AS DOUBLE) / n, word := word) AS detail
FROM judged
WHERE big OR paid
