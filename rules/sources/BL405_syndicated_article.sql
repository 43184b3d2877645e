/*
id = "BL405"
name = "syndicated-article"
family = "sources"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "target_url"
group = "placement"
policy = "link-spam/optimized-anchor"
requires = ["links.anchor", "links.first_seen", "links.source_url"]
evaluable = "SELECT count(*) > 0 FROM (SELECT link_id FROM profile_links WHERE first_seen IS NOT NULL AND (title <> '' OR regexp_matches(source_url, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]+([/?][^#]*[^/#])')) LIMIT 1) AS l"
not_evaluable = "no dated link has a source URL with a path or a page title; use an export with full linking pages, titles and first-seen dates"
summary = "One article with one and the same link text to one page appeared on several unrelated sites within a fortnight."
says = "{owners} unrelated sites published {articles} text(s) with the anchor '{anchor}' ({class}) within a fortnight, for example {example}"
rationale = """
An article that is sold once and placed many times keeps its title or its slug and its one link. The
same anchor to the same page, on pages of five or more owners that share a title or a slug, within
fourteen days, is such a placement or a story that papers copied from an agency; only the anchor
tells them apart. A keyword of the site is low, the exact keyword on ten sites medium, anything else is
information, for it may be the words of the story; brand names and bare addresses are left out, as
newswires use them. Nothing is said where most others call the page so as well: each of the copies
must be a coincidence at the rate at which the rest of the page's referring owners use that text
(prior as in BL301), together below 1 in 10^5. The group is placement and not infrastructure,
because BL206 sees the same pages as a shared footprint and the same fact must not agree with itself;
for the same reason it never reaches ten points.
"""
false_positives = [
  "An agency story that papers copy with its link: the anchor is seldom a keyword, and mostly nofollow.",
  "A press release with the brand or the address as its anchor: left out.",
  "Editions of one publisher: declare them with --family.",
  "A page that everybody calls by the same words.",
]
remediation = "Open three of the pages side by side. If you had the article placed, have the links qualified; if papers copied it, leave them."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 5
min_decades = 5
many = 10
*/
WITH copies AS (
    SELECT target_url, text_id, min(class) AS class, count(DISTINCT source_actor) AS owners,
        count(DISTINCT key) AS articles, min(left(key, 120)) AS example, min(first_seen) AS from_day
    FROM article_copies GROUP BY target_url, text_id
), users AS (
    SELECT a.target_url, count(DISTINCT a.source_actor) AS n
    FROM anchor_uses a
    JOIN actors s ON s.actor_id = a.source_actor AND NOT s.trusted
    WHERE a.class IS NOT NULL AND a.target_url IN (SELECT target_url FROM copies)
    GROUP BY a.target_url
), same AS (
    SELECT a.target_url, a.text_id, count(DISTINCT a.source_actor) AS n
    FROM anchor_uses a
    JOIN copies c ON c.target_url = a.target_url AND c.text_id = a.text_id
    JOIN actors s ON s.actor_id = a.source_actor AND NOT s.trusted
    GROUP BY a.target_url, a.text_id
), judged AS (
    SELECT c.*, u.n - c.owners AS others, e.n - c.owners AS others_same,
        -c.owners * ln((e.n - c.owners + 0.5) / (u.n - c.owners + 10.0)) / ln(10.0) AS decades
    FROM copies c
    JOIN users u ON u.target_url = c.target_url
    JOIN same e ON e.target_url = c.target_url AND e.text_id = c.text_id
), pages AS (
    SELECT target_url, text_id, source_actor, source, min(link_id) AS link_id
    FROM article_copies GROUP BY target_url, text_id, source_actor, source
)
SELECT j.target_url AS subject, CAST(any_value(j.owners) AS DOUBLE) AS value,
    CASE
        WHEN any_value(j.class) = 'other' THEN 'info'
        WHEN any_value(j.class) = 'exact' AND any_value(j.owners) >= $many THEN 'medium'
        ELSE 'low'
    END AS level,
    list(DISTINCT p.source) AS domains, list(DISTINCT p.link_id) AS link_ids,
    struct_pack(anchor := any_value(t.text), class := any_value(j.class),
        owners := any_value(j.owners), articles := any_value(j.articles),
        from_day := CAST(any_value(j.from_day) AS VARCHAR), others := any_value(j.others),
        others_with_anchor := any_value(j.others_same), decades := any_value(j.decades),
        example := any_value(j.example)) AS detail
FROM judged j
JOIN pages p ON p.target_url = j.target_url AND p.text_id = j.text_id
JOIN anchor_texts t ON t.text_id = j.text_id
WHERE j.owners >= $min_owners AND j.decades >= $min_decades
GROUP BY j.target_url, j.text_id
