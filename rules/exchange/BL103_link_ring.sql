/*
id = "BL103"
name = "link-ring"
family = "exchange"
level = "medium"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "scheme"
scheme = "link-ring"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = []
evaluable = "SELECT count(*) > 0 FROM structure e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links among the referring domains; add competitors' exports, a crawl or a web graph"
summary = "Domains that few others link to pass a link around in a circle."
says = "a circle of {length} sites without a shortcut; chance would make {rarity:.2g} such circles among sites with so few links"
rationale = """
A links to B, B to C, ... and the last back to A, without a shortcut inside the circle. Natural webs
are full of circles but have hardly any without shortcuts among sites with few in-links: one in the
UK web of 1996. Members of a ring are hardly linked to from outside (isolation). Each ring is judged
by how many like it chance would make (`rarity`). A circle of three is common enough to need a
second sign: dates within 90 days or money anchors.
"""
false_positives = [
  "A web ring of the old kind, joined by its visitors' delight; read the pages.",
  "Three small sites of friends or one village.",
]
remediation = "If you take part, remove the links you give. If you do not, nothing: a ring decides nothing without evidence of another kind."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
max_rarity = 0.01
min_isolation = 0.4
max_days = 90
min_money = 2
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(s.size AS DOUBLE) AS value,
    v.nodes AS domains, v.inner_links AS link_ids, round(s.ring_sureness, 3) AS sureness,
    struct_pack(length := s.size, path := v.path, rarity := s.rarity, days := s.span_days,
        money_anchors := s.money, endorsers := s.endorsers) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.kind = 'ring' AND s.rarity < $max_rarity AND s.isolation >= $min_isolation
    AND (s.size >= 4 OR s.span_days <= $max_days OR (s.money >= $min_money AND NOT s.inferred))
