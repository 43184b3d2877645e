/*
id = "BL407"
name = "tld-risk"
family = "sources"
level = "low"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "lexical"
policy = "link-spam/automated"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site; name it with --site"
summary = "An unusual share of the referring domains stands under suffixes that are often abused."
says = "{domains_under} of {referring_domains} referring domains ({share:.0%}) stand under suffixes of the class '{class}': {suffixes}"
rationale = """
Names that cost nothing or a few cents are bought by the thousand and thrown away. Public reports rank
suffixes by the share of their names seen in spam and phishing; three coarse, dated classes are made of
them: free (given away until 2023), abused (at the top of the reports) and raised (named more often
than size explains, but home of many honest small sites). It speaks only where a tenth of the profile
and at least ten owners stand under one class. That is a remark about the profile: two points at most,
never evidence against a site. A country's own suffix is in no class but for those five that were
sold to all the world.
"""
false_positives = [
  "A site that stands under such a suffix itself, and its neighbours: its own suffix is left out.",
  "Small personal sites that took the cheapest name: hence a tenth of the profile, and hence so few points.",
  "A brand that holds its name under every suffix: owners of several suffixes are left out.",
]
remediation = "Nothing by itself. Look whether other rules find the same domains."
references = [
  { title = "Interisle Consulting Group: Cybercrime Supply Chain 2024", read = 2026-11-23 },
  { title = "Interisle Consulting Group: Phishing Landscape 2023 and 2024", read = 2026-11-23 },
  { title = "Spamhaus: the most abused top-level domains, 2016 to 2018", read = 2026-11-23 },
]
[params]
min_owners = 10
min_share = 0.1
*/
WITH found AS (
    SELECT e.target, c.kind, n.suffix, s.node, e.source, x.link_id
    FROM actor_edges e
    JOIN actors t ON t.actor_id = e.target AND t.is_site
    JOIN actors s ON s.actor_id = e.source AND s.nodes = 1 AND NOT s.trusted AND NOT s.own
    JOIN nodes n ON n.node = s.node
    JOIN suffix_classes c ON c.entry = n.suffix
    -- an edge that passes no credit has no example
    JOIN edge_examples x ON x.source = e.source AND x.target = e.target
    WHERE n.suffix NOT IN (SELECT suffix FROM nodes WHERE is_site)
), counted AS (
    SELECT target, kind, count(*) AS k, list(node) AS domains, list(link_id) AS link_ids,
        string_agg(DISTINCT suffix, ', ' ORDER BY suffix) AS suffixes
    FROM found GROUP BY target, kind
), totals AS (
    SELECT target, count(*) AS n FROM actor_edges GROUP BY target
)
SELECT a.node || ': suffixes of the class ' || c.kind AS subject,
    CAST(c.k AS DOUBLE) / t.n AS value,
    CASE c.kind WHEN 'raised' THEN 'info' ELSE 'low' END AS level,
    CASE WHEN c.kind <> 'raised' THEN c.domains END AS domains, c.link_ids,
    struct_pack(class := c.kind, domains_under := c.k, referring_domains := t.n,
        share := CAST(c.k AS DOUBLE) / t.n, suffixes := c.suffixes) AS detail
FROM counted c
JOIN totals t ON t.target = c.target
JOIN actors a ON a.actor_id = c.target
WHERE c.k >= $min_owners AND c.k >= $min_share * t.n
