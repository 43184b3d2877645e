/*
summary = "Owners in a candidate group that stands out by structure, shared targets or signatures; what is left is the honest part of the profile that anchors are held against."
*/
SELECT DISTINCT m.actor_id
FROM candidate_members m
JOIN candidates c ON c.candidate_id = m.candidate_id
JOIN candidate_counts n ON n.candidate_id = c.candidate_id
JOIN candidate_tails t ON t.internal = n.internal AND t.k_out = n.k_out AND t.k_in = n.k_in
    AND t.m = n.m AND t.nodes = n.nodes AND t.sources = n.sources AND t.size = n.size
LEFT JOIN (SELECT candidate_id, count(*) AS captured FROM captured_targets GROUP BY candidate_id) g
    ON g.candidate_id = c.candidate_id
LEFT JOIN (SELECT candidate_id, count(DISTINCT kind) AS kinds FROM candidate_signatures
    GROUP BY candidate_id) s ON s.candidate_id = c.candidate_id
WHERE (c.kind = 'ring' AND c.rarity < 0.01)
    OR (c.kind = 'community' AND t.decades >= t.needed AND n.isolation >= 0.5)
    OR (c.kind = 'cotarget' AND g.captured >= 3)
    OR (c.kind = 'footprint' AND s.kinds >= 2)
