/*
id = "BL104"
name = "link-wheel"
family = "exchange"
level = "high"
confidence = "high"
status = "stable"
since = "0.1"
subject = "scheme"
scheme = "link-wheel"
group = "structure"
policy = "link-spam/excessive-exchange"
requires = []
evaluable = "SELECT count(*) > 0 FROM structure e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links among the referring domains; add competitors' exports, a crawl or a web graph"
summary = "A link ring whose members also point at the same rarely linked target: spokes and a hub."
says = "a circle of {length} sites of which {spokes} also point at the same target and make up {capture:.0%} of its referring domains"
rationale = """
A wheel is a ring (BL103) with spokes: nearly all members also link to a target that few others link
to, or to the same deep page of the audited site. The ring feeds its members, the spokes feed the
hub. Ring and shared rare target together are far rarer than either. Hardly anyone outside links to
the members: bloggers who read each other, and sponsors of one event, make such circles too, and
others know them.
"""
false_positives = ["A club's members who link to each other in turn and to the club."]
remediation = "Ask the owners to remove the links, or put the ring's domains into the disavow file after a manual action."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
max_rarity = 0.01
min_spokes = 0.8
min_isolation = 0.5
*/
WITH spokes AS (
    SELECT t.candidate_id, list(t.target) AS targets, max(t.sources) AS spokes,
        max(t.capture) AS capture
    FROM captured_targets t
    JOIN candidate_stats s ON s.candidate_id = t.candidate_id
    WHERE t.sources >= $min_spokes * s.size
    GROUP BY t.candidate_id
)
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(s.size AS DOUBLE) AS value,
    v.nodes AS domains, v.inner_links AS link_ids, t.targets,
    round(s.ring_sureness, 3) AS sureness,
    struct_pack(length := s.size, path := v.path, rarity := s.rarity, spokes := t.spokes,
        capture := t.capture) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
JOIN spokes t ON t.candidate_id = s.candidate_id
WHERE s.kind = 'ring' AND s.rarity < $max_rarity AND s.isolation >= $min_isolation
