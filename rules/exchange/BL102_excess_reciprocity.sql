/*
id = "BL102"
name = "excess-reciprocity"
family = "exchange"
level = "medium"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "domain"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = ["out_links_complete"]
evaluable = "SELECT count(*) > 0 FROM reciprocity WHERE referrers >= $min_pairs"
not_evaluable = "no site has ten referrers whose out-links are completely known; add a crawl of them"
summary = "A site links back to far more of its referrers than chance explains."
says = "links back to {mutual} of {referrers} referrers whose out-links are known; chance explains {expected:.1f}"
rationale = """
Link exchange at scale leaves a mark: many referrers are linked back. The number of mutual pairs is
held against the configuration model (a Poisson count with the mean that the degrees give), over
referrers whose out-links are completely known, since a missing link must not count as restraint.
"""
false_positives = [
  "A ring of hobby blogs with blog-rolls; read who the partners are.",
  "A trade association and its members, a federation and its clubs.",
]
remediation = "Remove link lists made for exchange, or qualify them with rel=nofollow; no disavow is needed for that."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-22 },
  { title = "Ahrefs, 140,592 domains: reciprocal links are ordinary", read = 2026-11-22 },
]
[params]
min_pairs = 10
min_share = 0.25
max_p = 0.01
*/
SELECT d.node AS subject, CAST(r.mutual AS DOUBLE) / r.referrers AS value,
    CASE WHEN d.is_site THEN list(DISTINCT x.source_node) ELSE list(DISTINCT y.source_node) END
        AS domains,
    list(x.link_id) AS link_ids,
    struct_pack(mutual := any_value(r.mutual), referrers := any_value(r.referrers),
        expected := any_value(r.expected), p := any_value(t.p)) AS detail
FROM reciprocity r
JOIN reciprocity_tails t ON t.mutual = r.mutual AND t.expected = r.expected
JOIN actor_degrees d ON d.actor_id = r.actor_id
JOIN mutual_edges e ON e.source = r.actor_id
JOIN edge_examples x ON x.source = e.target AND x.target = e.source
JOIN edge_examples y ON y.source = e.source AND y.target = e.target
WHERE r.mutual >= $min_pairs AND r.mutual >= $min_share * r.referrers AND t.p < $max_p
GROUP BY d.node, d.is_site, r.mutual, r.referrers
