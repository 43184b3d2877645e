/*
id = "BL101"
name = "reciprocal-pair"
family = "exchange"
level = "info"
confidence = "low"
status = "stable"
since = "0.1"
subject = "domain"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = []
evaluable = "SELECT count(*) > 0 FROM actor_edges e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links in the other direction; add a crawl of the site (out-links) or more exports"
summary = "Two sites link to each other."
says = "links back and forth with {partners} site(s), for example {first_partner}"
rationale = """
Exchanged links are named in Google's link spam policy when they are excessive. A single mutual link
is ordinary: 73.6% of 140,592 ordinary sites have some. The rule only counts them, so that a reader
can see how much of a profile is mutual. It never adds points.
"""
false_positives = [
  "Partners, suppliers, clubs and friends link to each other all the time.",
  "A site that is quoted and quotes back.",
]
remediation = "Nothing to do. Look at the pairs only when BL102 or BL103 speaks too."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
*/
SELECT a.node AS subject, CAST(count(*) AS DOUBLE) AS value, list(DISTINCT x.source_node) AS domains,
    list(x.link_id) AS link_ids,
    struct_pack(partners := count(*), first_partner := min(b.node)) AS detail
FROM mutual_edges e
JOIN actor_degrees a ON a.actor_id = e.source
JOIN actor_degrees b ON b.actor_id = e.target
JOIN edge_examples x ON x.source = e.source AND x.target = e.target
WHERE NOT a.is_site AND (b.is_site OR NOT EXISTS (SELECT 1 FROM actors WHERE is_site))
GROUP BY a.node
