/*
id = "BL502"
name = "widget-or-template"
family = "placement"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "target_url"
group = "placement"
policy = "link-spam/widget"
requires = ["links.anchor"]
evaluable = "SELECT count(*) > 0 AND max(credit) > 1 FROM referring_nodes WHERE credit > 0"
not_evaluable = "no audited site, or each domain has one link only, as in an export of one link per domain; name the site with --site and export all links"
summary = "Unrelated sites carry the very same link on most of their pages, as a widget or a template does."
says = "{owners} unrelated domains carry the same link '{anchor}' on 10 or more pages each, {pages} pages in all"
rationale = """
A widget, a theme or a plugin brings its maker's link along: the same anchor to the same page, sitewide,
on sites that have nothing else in common. Google's policy names keyword-rich links in widgets. Nearly all
such links are honest credits, so brand names, bare addresses and phrases such as "powered by" are told
for information only. A money term makes it medium, and a text that merely recurs, where no keywords were
given, low. Neither weighs enough to agree with other evidence: those who carry a widget did not sell it.
"""
false_positives = [
  "A theme, shop system or payment badge whose brand stands in the footer of all its users.",
  "Clients of one designer.",
  "Friends who have the same site in their blogrolls under its title.",
]
remediation = "If the widget is yours, take the keyword out of its link or set rel=nofollow in the next version. Those who carry it need no disavowal."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 5
*/
WITH counted AS (
    SELECT target_actor, target_url, text_id, text, source_actor, any_value(domain) AS domain,
        max(pages) AS pages, min(money) AS money
    FROM sitewide_uses
    GROUP BY target_actor, target_url, text_id, text, source_actor
), shared AS (
    SELECT target_actor, target_url, text_id, text,
        -- hosts of one domain are one owner here, whatever a node is
        least(count(DISTINCT source_actor), count(DISTINCT domain)) AS owners,
        CAST(sum(pages) AS BIGINT) AS pages,
        CASE WHEN max(money) = 'terms' THEN 'medium' WHEN max(money) = 'inferred' THEN 'low'
            ELSE 'info' END AS level
    FROM counted
    GROUP BY target_actor, target_url, text_id, text
)
SELECT s.target_url AS subject, CAST(any_value(s.owners) AS DOUBLE) AS value,
    any_value(s.level) AS level,
    CASE WHEN any_value(s.level) <> 'info' THEN list(DISTINCT u.source) END AS domains,
    list(DISTINCT u.link_id) AS link_ids,
    struct_pack(anchor := left(s.text, 120), owners := any_value(s.owners),
        pages := any_value(s.pages)) AS detail
FROM shared s
JOIN sitewide_uses u ON u.target_actor = s.target_actor AND u.target_url = s.target_url
    AND u.text_id = s.text_id
WHERE s.owners >= $min_owners
GROUP BY s.target_actor, s.target_url, s.text_id, s.text
