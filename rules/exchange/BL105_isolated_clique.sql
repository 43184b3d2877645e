/*
id = "BL105"
name = "isolated-clique"
family = "exchange"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "scheme"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = []
evaluable = "SELECT count(*) > 0 FROM structure e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links among the referring domains; add competitors' exports, a crawl or a web graph"
summary = "Nearly every pair in a group of sites links both ways, while hardly anybody outside links to them."
says = "{members} sites of which nearly all pairs link both ways ({internal_links} links, density {density:.0%}); sites outside that link to them: {endorsers}"
rationale = """
Friends know some of each other; that each of five or more owners links to each of the others takes
somebody who sees to it. A clique is counted from 90% of all ordered pairs on, so that at least 80%
of the pairs link both ways, and it must be denser than the price of the search asks for. By itself
that says little: members of a federation do the same, and the one large clique in the UK web of
1996, eleven sites with a school and a publisher among them, has a sureness of .47. It counts from a
sureness of .6 on: others are seen to be linked to, and hardly anybody links to these. Planted
cliques of five to eight have .75 to .87 there. The graph alone ends at medium, and high takes
keyword anchors that the rest of the profile does not use. Cliques that others link to are only
named (info), where another rule has found a scheme.
"""
false_positives = [
  "A federation, consortium or guild whose members all name each other: others link to it, so it stays info.",
  "Sites of one owner under different names: declare them with --family.",
  "A small circle of friends that nobody else in the data links to: review at most, and read the pages.",
]
remediation = "Ask whether the sites have one owner. If they have, declare a family; if the links were arranged, take yours down."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
  { title = "Measurement on the UK host graph of 1996 with planted cliques", read = 2026-11-23 },
]
[params]
min_members = 5
min_density = 0.9
min_sureness = 0.6
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, s.density AS value,
    CASE
        WHEN s.dense_sureness < $min_sureness THEN 'info'  -- .5 at most where isolation is unknown
        WHEN s.money_agrees THEN 'high'
        ELSE 'medium'
    END AS level, round(s.dense_sureness, 3) AS sureness,
    CASE WHEN s.dense_sureness >= $min_sureness THEN 'link-clique' END AS scheme,
    v.nodes AS domains, v.inner_links AS link_ids, v.captured_targets AS targets,
    struct_pack(members := s.size, internal_links := s.internal, density := s.density,
        decades := s.decades, needed := s.needed, isolation := s.isolation,
        isolation_known := s.isolation_known, endorsers := s.endorsers,
        money_anchors := s.money) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.kind = 'community' AND s.size >= $min_members AND s.density >= $min_density
    AND s.decades >= s.needed
