/*
id = "BL202"
name = "unendorsed-community"
family = "networks"
level = "high"
confidence = "high"
status = "stable"
since = "0.1"
subject = "scheme"
scheme = "link-farm"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = []
evaluable = "SELECT count(*) > 0 FROM structure e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links among the referring domains; add competitors' exports, a crawl or a web graph"
summary = "A dense group of sites that link to each other while hardly anyone outside links to them."
says = "{members} sites with {internal_links} links among themselves (density {density:.0%}); sites outside that link to them: {endorsers}"
rationale = """
Every web has dense groups; universities form an 18-core. A farm is
denser than the configuration model and the price of having searched allow (`decades` against
`needed`), nobody outside endorses it (isolation), and mostly it works for someone: it makes up 30%
of the links of a target that half of it links to, or sends 5% of its links to one target that is
nearly its own, or uses money anchors, or was linked up within 90 days, or shares rare signatures.
Density and isolation alone stay low unless both are extreme (a sureness of .6). Where others link
to the group more than half as often as to anybody, it stays low whatever else is found. So it does
below a sureness of .45: vendors who recommend each other, or the members of a chamber of commerce,
use keywords, few others link to them, and a false accusation costs more than a miss. Only money
anchors lift it to high: the UK web of 1996 holds virtual malls of one host that do all the rest, and
a young conference is linked up within 90 days.
"""
false_positives = [
  "A young community whose endorsers are not in the data: isolation then counts as unknown and the level stays medium.",
  "A consortium or federation: outside links endorse it, so it is not isolated.",
  "Vendors who recommend each other, a chamber of commerce: below a sureness of .45 they stay low; to whom nobody else links may be surer.",
]
remediation = "Decide on the group, not on single domains. If the links were arranged, disavow by domain; if you run it, take the links down."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-22 },
  { title = "Traag, Van Dooren, Nesterov 2011: Narrow scope for resolution-limit-free community detection", read = 2026-11-22 },
]
[params]
min_isolation = 0.5
min_share = 0.5
sure = 0.6
sure_at_all = 0.45
sure_if_purpose = 0.5
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, s.decades AS value,
    CASE
        WHEN s.looked AND (NOT s.isolation_known OR s.dense_sureness < $sure_at_all) THEN 'low'
        WHEN s.isolation_known AND s.money_agrees THEN 'high'
        WHEN s.money_agrees OR s.dates_agree OR s.dense_sureness >= $sure
            OR ((NOT s.looked OR s.dense_sureness >= $sure_if_purpose)
                AND (s.magnets >= 1 OR s.signature_members >= $min_share * s.size
                    OR s.captured_sources >= $min_share * s.size)) THEN 'medium'
        ELSE 'low'
    END AS level, round(s.dense_sureness, 3) AS sureness,
    v.nodes AS domains, v.inner_links AS link_ids, v.common_targets AS targets, v.hubs,
    struct_pack(members := s.size, internal_links := s.internal, density := s.density,
        decades := s.decades, needed := s.needed, isolation := s.isolation,
        isolation_known := s.isolation_known, endorsers := s.endorsers, capture := s.capture,
        money_anchors := s.money, days := s.span_days, shared_signatures := s.signature_kinds,
        common_targets := v.common_targets_said) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.kind = 'community' AND s.decades >= s.needed AND s.isolation >= $min_isolation
