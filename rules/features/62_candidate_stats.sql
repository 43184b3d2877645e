/*
summary = "One row a candidate group with every number that rules judge it by. Its sureness is isolation times the part of the evidence, in decades, that is more than the test asks for. `money_agrees` takes keyword anchors of half of its members, or of three in ten where the odds against it are a million to one: who pays varies the anchors."
[params]
ring_decades = 2
capture_decades = 2
money_decades = 6
*/
WITH targets AS (
    SELECT candidate_id, max(capture) AS capture, count(*) AS captured,
        max(sources) AS captured_sources, CAST(sum(sources) AS BIGINT) AS captured_links,
        max(-log10(greatest(expected, 1e-300))) AS capture_decades
    FROM captured_targets GROUP BY candidate_id
), counts AS (  -- where isolation cannot be told, it says half as much
    SELECT *, CASE WHEN isolation_known THEN isolation ELSE least(isolation, 0.5) END AS told
    FROM candidate_counts
), signatures AS (
    SELECT candidate_id, count(DISTINCT kind) AS signature_kinds, max(members) AS signature_members
    FROM candidate_signatures GROUP BY candidate_id
)
SELECT c.candidate_id, c.kind, c.rarity, c.path, n.size, n.k_out, n.k_in, n.max_in, n.trusted, n.m,
    n.nodes, n.internal, n.density, n.endorsers, n.isolation, n.isolation_known, n.looked,
    t.decades, t.needed,
    n.told * (1.0 - t.needed / greatest(t.decades, t.needed)) AS dense_sureness,
    n.told * (1.0 - $ring_decades / greatest(-log10(greatest(c.rarity, 1e-300)), $ring_decades))
        AS ring_sureness,
    n.told * (1.0 - $capture_decades / greatest(g.capture_decades, $capture_decades))
        AS capture_sureness,
    coalesce(g.capture, 0) AS capture,
    coalesce(g.captured, 0) AS captured, coalesce(g.captured_sources, 0) AS captured_sources,
    coalesce(g.captured_links, 0) AS captured_links,
    a.n AS anchored, a.k AS money, a.branded, a.inferred, a.rest, a.money_texts,
    b.decades AS money_decades,
    coalesce(a.k >= 3 AND b.decades >= 3 AND NOT a.inferred AND a.rest >= 20
        AND (a.k >= 0.5 * a.n OR a.k >= 0.3 * a.n AND b.decades >= $money_decades), false) AS money_agrees,
    d.span_days, d.links AS dated_links, w.decades AS date_decades,
    coalesce(d.span_days <= 90 AND w.decades >= 3, false) AS dates_agree,
    coalesce(x.magnets, 0) AS magnets, coalesce(s.signature_kinds, 0) AS signature_kinds,
    coalesce(s.signature_members, 0) AS signature_members
FROM candidates c
JOIN counts n ON n.candidate_id = c.candidate_id
LEFT JOIN candidate_tails t ON t.internal = n.internal AND t.k_out = n.k_out AND t.k_in = n.k_in
    AND t.m = n.m AND t.nodes = n.nodes AND t.sources = n.sources AND t.size = n.size
LEFT JOIN targets g ON g.candidate_id = c.candidate_id
LEFT JOIN candidate_anchors a ON a.candidate_id = c.candidate_id
LEFT JOIN money_tails b ON b.k = a.k AND b.n = a.n AND b.rest = a.rest
    AND b.rest_money = a.rest_money
LEFT JOIN candidate_dates d ON d.candidate_id = c.candidate_id
LEFT JOIN date_tails w ON w.links = d.links AND w.others = d.others AND w.inside = d.inside
LEFT JOIN (SELECT candidate_id, count(*) AS magnets FROM candidate_magnets GROUP BY candidate_id) x
    ON x.candidate_id = c.candidate_id
LEFT JOIN signatures s ON s.candidate_id = c.candidate_id
