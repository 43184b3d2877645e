/*
id = "BL504"
name = "redirect-chain"
family = "placement"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/buying-selling"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM links l JOIN nodes t ON t.node_id = l.target_id WHERE t.is_site AND (l.kind IS NOT NULL OR l.redirects IS NOT NULL)"
not_evaluable = "no link to an audited site says whether it is a redirect; name the site with --site and add an export with the kind of link or the redirect chain (Ahrefs, Majestic)"
summary = "Other people's domains redirect to the site."
says = "{redirecting} foreign domain(s) redirect to the site, for example {example}; {long_chains} link(s) take two foreign hops or more"
rationale = """
Domains that expired with good links are bought and redirected to a site that wants the credit. A page of
a foreign owner that is itself a redirect, or a foreign host inside a chain of redirects, shows it. One or
two are a move, a campaign or an accident and are told for information, as are chains of two and more
foreign hops; three owners are medium. The rule names the domains that redirect. Those who link to a
domain that was redirected later have done nothing and are not named.
"""
false_positives = [
  "A site's own move, its other domains (--own) and domains that carry its brand.",
  "http to https, with and without www.: the same domain throughout.",
  "Link shorteners, feeds and identifiers such as doi.org, and click counters such as /out?url=.",
  "A firm that bought others and redirects their names.",
]
remediation = "Check who owns the domains. If an agency bought them for their links, have the redirects removed; if they are former names of yours, give them with --own."
references = [
  { title = "Google Search Central: spam policies, expired domain abuse and link spam", read = 2026-11-23 },
]
[params]
min_owners = 3
long_chain = 2
*/
WITH judged AS (
    SELECT p.target_actor, p.source_actor, p.source_id, p.source, t.node AS target, p.link_id,
        p.kind, p.source_url,
        -- a URL inside the parameter of another is no hop
        regexp_replace(lower(p.redirects), '[=](https?:)?//', '=', 'g') AS chain
    FROM profile_links p
    JOIN actors s ON s.actor_id = p.source_actor AND NOT s.own
    JOIN nodes t ON t.node_id = p.target_id AND t.is_site
    WHERE p.credit AND (p.kind = 'redirect' OR contains(p.redirects, '//'))
), cut AS (
    SELECT link_id, target_actor, source, target, part,
        regexp_replace(regexp_extract(part, '^[^/?#:, "\\|\s]+'), '^www\.', '', 'g') AS host, place
    FROM (
        SELECT *, split_part(chain, '//', 2) AS part, 1 AS place FROM judged
        UNION ALL SELECT *, split_part(chain, '//', 3), 2 FROM judged
        UNION ALL SELECT *, split_part(chain, '//', 4), 3 FROM judged
        UNION ALL SELECT *, split_part(chain, '//', 5), 4 FROM judged
        UNION ALL SELECT *, split_part(chain, '//', 6), 5 FROM judged
    ) AS parts
    WHERE chain IS NOT NULL
), brands AS (
    SELECT n.node AS target, b.squash FROM brand_terms b JOIN nodes n ON n.node = b.target
    WHERE n.is_site AND length(b.squash) >= 4
), hops AS (
    SELECT DISTINCT c.link_id, c.target_actor, c.target, c.host
    FROM cut c
    WHERE contains(c.host, '.') AND c.host <> c.target AND c.host <> c.source
        AND NOT ends_with(c.host, '.' || c.target) AND NOT ends_with(c.host, '.' || c.source)
), foreign_hops AS (
    SELECT h.link_id, h.target_actor, h.host FROM hops h
    WHERE NOT EXISTS (SELECT 1 FROM redirect_services r
            WHERE h.host = r.entry OR ends_with(h.host, '.' || r.entry))
        AND NOT EXISTS (SELECT 1 FROM nodes n WHERE (n.own OR n.is_site OR n.trusted)
            AND (h.host = n.node OR ends_with(h.host, '.' || n.node)))
        AND NOT EXISTS (SELECT 1 FROM brands b WHERE b.target = h.target
            AND contains(replace(replace(h.host, '-', ''), '.', ''), b.squash))
), pages AS (
    SELECT j.target_actor, j.source_actor, j.source, n.domain, min(j.link_id) AS link_id
    FROM judged j
    JOIN nodes n ON n.node_id = j.source_id AND NOT n.trusted
    WHERE j.kind = 'redirect'
        AND NOT regexp_matches(lower(j.source_url), '[?&=](https?(:|%3a)|www\.)')
        AND NOT regexp_matches(lower(j.source_url),
            '/(out|outbound|go|goto|r|redir|redirect|redirects|click|clicks|away|exit|jump|visit|track|link|links|l|ct|url|ext|external|leave)([/?._-]|$)')
        AND NOT EXISTS (SELECT 1 FROM redirect_services r WHERE n.node = r.entry OR n.domain = r.entry)
        AND NOT EXISTS (SELECT 1 FROM brands b WHERE b.target = j.target
            AND contains(replace(replace(n.domain, '-', ''), '.', ''), b.squash))
    GROUP BY j.target_actor, j.source_actor, j.source, n.domain
), counted AS (
    SELECT target_actor, 0 AS hosts,
        least(count(DISTINCT source_actor), count(DISTINCT domain)) AS owners, min(source) AS example
    FROM pages GROUP BY target_actor
    UNION ALL
    SELECT target_actor, count(DISTINCT host), 0, min(host) FROM foreign_hops GROUP BY target_actor
), totals AS (
    SELECT target_actor, CAST(greatest(max(hosts), max(owners)) AS BIGINT) AS redirecting,
        min(example) AS example
    FROM counted GROUP BY target_actor
), chains AS (
    SELECT target_actor, count(*) AS n FROM (
        SELECT target_actor, link_id FROM foreign_hops
        GROUP BY target_actor, link_id HAVING count(*) >= $long_chain
    ) AS long_ones
    GROUP BY target_actor
), shown AS (
    SELECT target_actor, list(DISTINCT source) AS domains, list(link_id) AS link_ids
    FROM pages GROUP BY target_actor
), examples AS (
    SELECT target_actor, list(link_id) AS link_ids FROM (
        SELECT target_actor, min(link_id) AS link_id FROM foreign_hops GROUP BY target_actor, host
    ) AS firsts
    GROUP BY target_actor
)
SELECT a.node AS subject, CAST(t.redirecting AS DOUBLE) AS value,
    CASE WHEN t.redirecting >= $min_owners THEN 'medium' ELSE 'info' END AS level,
    CASE WHEN t.redirecting >= $min_owners THEN s.domains END AS domains, coalesce(s.link_ids, e.link_ids) AS link_ids,
    struct_pack(redirecting := t.redirecting, example := t.example,
        long_chains := coalesce(c.n, 0)) AS detail
FROM totals t
JOIN actors a ON a.actor_id = t.target_actor
LEFT JOIN chains c ON c.target_actor = t.target_actor
LEFT JOIN shown s ON s.target_actor = t.target_actor
LEFT JOIN examples e ON e.target_actor = t.target_actor
