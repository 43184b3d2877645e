/*
id = "BL209"
name = "outbound-link-farm"
family = "networks"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "profile"
group = "infrastructure"
policy = "link-spam/automated"
requires = ["links.source_url", "links.external_links"]
evaluable = "SELECT count(*) > 0 FROM links WHERE external_links IS NOT NULL"
not_evaluable = "no number of external links could be read"
summary = "Pages that a machine made to hold hundreds of links to other sites."
says = "{owners} domain(s) link from pages with {least_links} and more external links under machine-made paths such as {example}; {sharing} domain(s) share the template {template}, {paying} of all of them use keyword anchors for most of their links"
rationale = """
A page made to pass links on carries hundreds of them, and nobody names such pages one by one: the path is
a token and a number or a hash, /report/49117 or /list-3f9a2c1b. Both must hold, for at least half of an
owner's links, and the token must be none of the words by which ordinary systems number their pages
(topic, article, node, product). Bibliographies, lists of trackers and merchant directories have hundreds
of links as well, under paths that a person wrote: the count alone condemns nobody. The count must also
reach the 99th percentile of the profile's other pages, up to 500, so that a subject where long lists are
usual has its own norm. One such owner is low. Three owners with one template, or keyword anchors, are
medium and stay below what can agree with other evidence. High takes five owners with one template of
which at least half, and three, use keyword anchors that were given, and goes to these alone.
"""
false_positives = [
  "A bibliography, a list of trackers or a merchant directory: its paths are written by people.",
  "A forum, a wiki or a news site that numbers its pages by a common word.",
  "One archive or catalogue with opaque numbers of its own; alone it stays low.",
]
remediation = "Open two of the pages. If they are lists of links without a reader, disavow the domains, most of all where keywords of yours are on them."
references = [
  { title = "Google Search Central: spam policies, link spam (automated programs)", read = 2026-11-23 },
]
[params]
min_links = 250
max_hurdle = 500
min_share = 0.5
min_sharing = 3
min_high = 5
min_paying = 3
*/
WITH heavy AS (
    SELECT p.link_id, p.source_id, p.source, p.source_actor, p.external_links,
        regexp_replace(regexp_replace(regexp_replace(lower(p.source_url), '[?#].*$', '', 'g'),
            '^([a-z][a-z0-9+.-]*:)?//', '', 'g'), '(\.(html?|php|aspx?))?/*$', '', 'g') AS path
    FROM profile_links p
    JOIN actors s ON s.actor_id = p.source_actor AND NOT s.trusted AND NOT s.own
    WHERE p.credit AND p.external_links >= $min_links
), named AS (
    SELECT *, '/' || split_part(path, '/', -1) AS last,
        '/' || split_part(path, '/', -2) || '/' || split_part(path, '/', -1) AS two
    FROM heavy WHERE contains(path, '/')
), found AS (
    SELECT *,
        CASE
            WHEN regexp_matches(last, '^/[a-z]{2,20}[-_]([0-9]{5,}|[0-9a-f]*[0-9][0-9a-f]*)$')
                AND regexp_matches(last, '[-_][0-9a-f]{5,}$')
                THEN regexp_extract(last, '^/([a-z]+)', 1)
            WHEN regexp_matches(two, '^/[a-z]{2,20}/([0-9]{5,}|[0-9a-f]*[0-9][0-9a-f]*)$')
                AND regexp_matches(two, '/[0-9a-f]{5,}$')
                THEN regexp_extract(two, '^/([a-z]+)', 1)
        END AS token,
        CASE WHEN regexp_matches(last, '^/[a-z]{2,20}[-_]') THEN '-#' ELSE '/#' END AS tail
    FROM named
    -- six or eight digits of this and the last century are a date, which people write
    WHERE NOT regexp_matches(last, '[-_/](19|20)[0-9]{4}([0-9]{2})?$')
), machine AS (
    SELECT link_id, source_id, source, source_actor, external_links, '/' || token || tail AS template
    FROM found
    WHERE token IS NOT NULL AND token NOT IN (SELECT entry FROM generic_paths)
        AND token NOT IN (SELECT entry FROM page_words
            WHERE kind IN ('forum', 'comment', 'profile', 'press'))
        AND token NOT IN ('node', 'item', 'items', 'id', 'thread', 'threads', 'question',
            'questions', 'story', 'stories', 'entry', 'entries', 'video', 'videos', 'photo',
            'photos', 'user', 'users', 'issue', 'issues', 'recipe', 'job', 'event', 'book')
), readable AS (
    SELECT h.external_links FROM heavy h
    WHERE h.link_id NOT IN (SELECT link_id FROM machine)
), known AS (
    SELECT count(p.external_links) - (SELECT count(*) FROM machine) AS n
    FROM profile_links p JOIN actors s ON s.actor_id = p.source_actor AND NOT s.trusted AND NOT s.own
    WHERE p.credit
), above AS (  -- how many readable pages have as many links or more
    SELECT external_links, sum(count(*)) OVER (ORDER BY external_links DESC) AS n
    FROM readable GROUP BY external_links
), hurdle AS (  -- the largest number that more than 1% of them reach
    SELECT greatest($min_links, least($max_hurdle, coalesce(max(a.external_links), 0))) AS links
    FROM above a WHERE a.n > 0.01 * (SELECT n FROM known)
), farms AS (
    SELECT m.* FROM machine m WHERE m.external_links >= (SELECT links FROM hurdle)
), owners AS (
    SELECT f.source_actor, min(f.template) AS template, min(f.external_links) AS least_links,
        coalesce(any_value(2 * w.money_links > w.links AND NOT w.inferred), false) AS pays
    FROM farms f
    JOIN owner_anchors w ON w.source_actor = f.source_actor
    GROUP BY f.source_actor
    HAVING count(*) >= $min_share * any_value(w.links)
), homes AS (
    SELECT o.source_actor, min(n.domain) AS domain
    FROM owners o JOIN node_actors n ON n.actor_id = o.source_actor
    GROUP BY o.source_actor
), templates AS (
    SELECT o.template, least(count(DISTINCT o.source_actor), count(DISTINCT h.domain)) AS sharing,
        least(count(DISTINCT CASE WHEN o.pays THEN o.source_actor END),
            count(DISTINCT CASE WHEN o.pays THEN h.domain END)) AS paying
    FROM owners o JOIN homes h ON h.source_actor = o.source_actor
    GROUP BY o.template
), judged AS (
    SELECT o.source_actor, o.least_links,
        CASE WHEN t.sharing >= $min_sharing THEN o.template ELSE 'none' END AS template,
        CASE WHEN t.sharing >= $min_sharing THEN t.sharing ELSE 0 END AS sharing, o.pays,
        CASE
            WHEN o.pays AND t.sharing >= $min_high AND t.paying >= $min_paying
                AND t.paying >= $min_share * t.sharing THEN 'high'
            WHEN o.pays OR t.sharing >= $min_sharing THEN 'medium'
            ELSE 'low'
        END AS level
    FROM owners o JOIN templates t ON t.template = o.template
), shown AS (
    SELECT f.source_actor, f.source, min(f.link_id) AS link_id, min(f.template) AS example
    FROM farms f GROUP BY f.source_actor, f.source
)
SELECT j.template AS subject, CAST(count(DISTINCT j.source_actor) AS DOUBLE) AS value, j.level,
    list(DISTINCT s.source) AS domains, list(DISTINCT s.link_id) AS link_ids,
    struct_pack(owners := count(DISTINCT j.source_actor), least_links := min(j.least_links),
        template := j.template, sharing := any_value(j.sharing),
        paying := count(DISTINCT CASE WHEN j.pays THEN j.source_actor END),
        example := min(s.example)) AS detail
FROM judged j JOIN shown s ON s.source_actor = j.source_actor
GROUP BY j.template, j.level
