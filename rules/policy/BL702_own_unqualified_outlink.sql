/*
id = "BL702"
name = "own-unqualified-outlink"
family = "policy"
level = "medium"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "profile"
group = "policy"
policy = "link-spam/buying-selling"
requires = ["links.rel", "links.target_url"]
evaluable = "SELECT count(*) > 0 FROM links l JOIN nodes s ON s.node_id = l.source_id JOIN nodes t ON t.node_id = l.target_id WHERE s.is_site AND NOT t.own AND l.qualified IS NOT NULL"
not_evaluable = "the inputs hold no out-links of an audited site with a known rel; add a crawl of the site (All Outlinks)"
summary = "The site's own affiliate links carry neither sponsored nor nofollow."
says = "{links} of the site's own links to {targets} domain(s) are affiliate links ({mark}) without sponsored or nofollow, for example to {example}"
rationale = """
What BL701 says of others' links into the site holds for the site's own links out of it: a link that earns
a commission is paid, and Google asks for rel=sponsored or nofollow. The rule reads the site's out-links
where the inputs hold them, and counts those with a parameter of an affiliate programme or to a network's
tracking domain whose rel is known and holds neither. It accuses no other domain and moves no score: it
is a thing to mend at home.
"""
false_positives = [
  "ref= and utm_source= say where a visitor came from and do not count; nor does utm_medium=email.",
  "Tags of a blog (tag=tents): only the form of a shop's partner id, tag=name-21, counts.",
  "Links between the site's own domains, given with --own.",
]
remediation = "Add rel=sponsored to the template or plugin that writes these links."
references = [
  { title = "Google Search Central: qualify outbound links; spam policies, link spam", read = 2026-11-23 },
  { title = "Google Search Central blog: affiliate links should carry sponsored, 2021-07-26", read = 2026-11-23 },
]
[params]
marks = "[?&;](aff_id|affid|aff|affiliate|affiliate_id|affiliateid|aff_sub|affsub|aff_code|affcode|partner_id|partnerid|clickid|click_id|irclickid|irgwc|awc|cjevent|sscid|ranmid|ransiteid|tduid|a_aid|a_bid|idev_id)=[^&]|[?&;]utm_medium=(affiliate|affiliates|cpa)([&;#]|$)|[?&;]tag=[a-z0-9_-]+-2[0-3]([&;#]|$)"
not_marks = "[?&;]utm_medium=(email|e-mail|newsletter)"
*/
WITH own_links AS (
    SELECT l.link_id, l.source_id, s.node AS site, t.node AS target, t.domain, lower(l.target_url) AS url
    FROM links l
    JOIN nodes s ON s.node_id = l.source_id AND s.is_site
    JOIN nodes t ON t.node_id = l.target_id AND NOT t.own AND NOT t.is_site
    WHERE l.qualified = false AND NOT l.lost
), paid AS (
    SELECT o.site, o.target, o.link_id, coalesce(h.entry,
            nullif(regexp_extract(o.url, 'utm_medium=[a-z]+'), ''),
            regexp_extract(regexp_extract(o.url, $marks), '[a-z_]+=')) AS mark
    FROM own_links o
    LEFT JOIN affiliate_hosts h ON h.entry = o.domain
    WHERE h.entry IS NOT NULL
        OR (contains(o.url, '=') AND regexp_matches(o.url, $marks)
            AND NOT regexp_matches(o.url, $not_marks))
), firsts AS (
    SELECT site, target, min(link_id) AS link_id, count(*) AS links, min(mark) AS mark
    FROM paid GROUP BY site, target
)
SELECT site AS subject, CAST(sum(links) AS DOUBLE) AS value, CAST(NULL AS VARCHAR[]) AS domains,
    list(link_id) AS link_ids,
    struct_pack(links := CAST(sum(links) AS BIGINT), targets := count(*), mark := min(mark),
        example := min(target)) AS detail
FROM firsts
GROUP BY site
