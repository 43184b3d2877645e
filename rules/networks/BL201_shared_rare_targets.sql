/*
id = "BL201"
name = "shared-rare-targets"
family = "networks"
level = "high"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "scheme"
scheme = "private-blog-network"
group = "co-target"
policy = "link-spam/low-value-content"
requires = []
evaluable = "SELECT count(DISTINCT r.actor_id) >= 2 FROM rare_targets r JOIN actor_edges e ON e.target = r.actor_id JOIN actors a ON a.actor_id = e.source WHERE NOT a.is_site"
not_evaluable = "the inputs hold no targets besides the audited site; add competitors' exports or a web graph"
summary = "Sites point at the same several rarely linked targets and make up much of those targets' links."
says = "{members} sites hold beyond chance at least 30% of the referring domains of {captured_targets} rarely linked targets (up to {capture:.0%})"
rationale = """
A private blog network hides its links from each other but not its purpose: its blogs sell to the
same customers. Pairs that share rare targets beyond chance are joined to groups; the group counts
only when it holds at least 30% of the referring domains (capture) of three or more such targets,
beyond what its share of all links would give, with one link a member at least, and hardly anyone
else links to its members. Groups
whose members link to each other are honest communities far more often, so they must also pass the
test of BL202. The graph alone ends at medium: in the UK web of 1996, where nobody sold links, it
finds the clients of one designer and the stock of a domain dealer. High takes keyword anchors,
held against the rest of the profile, and other sources that are clearly more linked to: only
against them can isolation be told. Where others link to the group more than half as often as to
anybody, it stays low whatever its anchors: vendors who recommend each other use keywords, too.
So it does below a sureness of .45. Shops of one trade cite the same suppliers; few others may know
them, and a false accusation costs more than a miss. In exports that show no links among the others
neither applies, and the level is medium.
"""
false_positives = [
  "Clients of one web designer or host: they share one or two credits, so three captured targets are asked for.",
  "A close topical community that cites the same niche sites; its members are linked to by others.",
  "Shops of one trade that cite the same few suppliers: below a sureness of .45 they stay low, a closer circle does not.",
]
remediation = "Review the group as a whole: one owner, one decision. Disavow by domain if you bought these links."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-22 },
  { title = "Measured on the UK host graph of 1996 with planted networks", read = 2026-11-22 },
]
[params]
min_captured = 3
min_isolation = 0.3
min_isolation_if_dense = 0.5
max_density = 0.1
sure = 0.6
sure_at_all = 0.45
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(s.captured AS DOUBLE) AS value,
    CASE
        WHEN s.looked AND (NOT s.isolation_known OR s.capture_sureness < $sure_at_all) THEN 'low'
        WHEN s.isolation_known AND s.money_agrees THEN 'high'
        WHEN s.money_agrees OR s.dates_agree OR NOT s.looked
            OR s.capture_sureness >= $sure THEN 'medium'
        ELSE 'low'
    END AS level, round(s.capture_sureness, 3) AS sureness,
    v.nodes AS domains, v.member_links AS link_ids, v.captured_targets AS targets,
    struct_pack(members := s.size, captured_targets := s.captured, capture := s.capture,
        isolation := s.isolation, isolation_known := s.isolation_known,
        endorsers := s.endorsers, density := s.density) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.kind IN ('cotarget', 'community') AND s.captured >= $min_captured
    AND s.isolation >= $min_isolation AND s.captured_links >= s.size
    AND (s.density <= $max_density
        OR (s.decades >= s.needed AND s.isolation >= $min_isolation_if_dense))
