/*
id = "BL501"
name = "sitewide-link"
family = "placement"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/footer-template"
requires = ["links.anchor"]
evaluable = "SELECT count(DISTINCT actor_id) >= $min_owners AND max(credit) > 1 FROM referring_nodes WHERE credit > 0"
not_evaluable = "fewer than 20 domains link to an audited site, or each has one link only, as in an export of one link per domain; name the site with --site and export all links"
summary = "One link on nearly all pages of a site, far more than others link."
says = "{owners} referring domain(s) carry one link on nearly all of their pages, for example '{anchor}' on {most_pages} pages of {example}; half of all domains have {median_links} link(s) or fewer"
rationale = """
A link in a footer, a sidebar or a template appears on every page. Google's policy names widely
distributed links in footers and templates, but most of them are credits, badges and blogrolls that
nobody bought, so the placement says little by itself. The rule counts the links of each referring owner
and takes those whose number lies more than six robust deviations above the profile's own norm: median
and median absolute deviation of the logarithms of the counts, with a spread of at least 0.65, at which
50 pages stand out among single links. At least 90% of the owner's links, and 50 pages, must be one and
the same anchor to one and the same page. That is told for information. Only where the anchor is a money
term does it count, and even then it stays below what could agree with other evidence.
"""
false_positives = [
  "A designer, host or payment service credited in the footer: such phrases and brand names are info.",
  "A blogroll or a list of friends in a sidebar.",
  "A sister site, a sponsor or a club whose members carry its badge.",
]
remediation = "Ask the site to qualify the link with rel=nofollow, or to use your name as the anchor. A credit or blogroll needs nothing."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 20
min_pages = 50
min_z = 6
min_spread = 0.65
*/
WITH counted AS (
    SELECT u.target_actor, u.source_actor, ln(sum(u.links)) AS x,
        CAST(sum(u.links) AS BIGINT) AS links
    FROM anchor_uses u
    JOIN actors s ON s.actor_id = u.source_actor AND NOT s.trusted AND NOT s.own
    JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
    GROUP BY u.target_actor, u.source_actor
), placed AS (
    SELECT target_actor, x, links, row_number() OVER (PARTITION BY target_actor ORDER BY x) AS place,
        count(*) OVER (PARTITION BY target_actor) AS n
    FROM counted
), middle AS (
    SELECT target_actor, avg(x) AS median, min(links) AS median_links, any_value(n) AS n
    FROM placed
    WHERE place BETWEEN floor((n + 1) / 2.0) AND ceil((n + 1) / 2.0)
    GROUP BY target_actor
), deviating AS (
    SELECT c.target_actor, abs(c.x - m.median) AS d,
        row_number() OVER (PARTITION BY c.target_actor ORDER BY abs(c.x - m.median)) AS place,
        m.n, m.median, m.median_links
    FROM counted c JOIN middle m ON m.target_actor = c.target_actor
), norms AS (
    SELECT target_actor, any_value(n) AS n, any_value(median) AS median,
        any_value(median_links) AS median_links,
        greatest(1.4826 * avg(d), $min_spread) AS spread
    FROM deviating
    WHERE place BETWEEN floor((n + 1) / 2.0) AND ceil((n + 1) / 2.0)
    GROUP BY target_actor
), found AS (
    SELECT u.target_actor, u.source_actor, u.source, u.text, u.pages, u.link_id, n.median_links,
        round((c.x - n.median) / n.spread, 6) AS z,
        CASE WHEN u.money = 'terms' THEN 'medium' WHEN u.money = 'inferred' THEN 'low' ELSE 'info'
        END AS level
    FROM sitewide_uses u
    JOIN counted c ON c.source_actor = u.source_actor AND c.target_actor = u.target_actor
    JOIN norms n ON n.target_actor = u.target_actor
    WHERE u.pages >= $min_pages AND n.n >= $min_owners
), ranked AS (
    SELECT *, row_number() OVER (
        PARTITION BY target_actor, level ORDER BY pages DESC, source, text) AS place
    FROM found WHERE z > $min_z
)
SELECT any_value(a.node) AS subject, CAST(count(DISTINCT f.source_actor) AS DOUBLE) AS value, f.level,
    CASE WHEN f.level <> 'info' THEN list(DISTINCT f.source) END AS domains,
    list(DISTINCT f.link_id) AS link_ids,
    struct_pack(owners := count(DISTINCT f.source_actor), most_pages := max(f.pages),
        anchor := min(CASE WHEN f.place = 1 THEN left(f.text, 120) END),
        example := min(CASE WHEN f.place = 1 THEN f.source END),
        largest_z := max(f.z), median_links := any_value(f.median_links)) AS detail
FROM ranked f
JOIN actors a ON a.actor_id = f.target_actor
GROUP BY f.target_actor, f.level
