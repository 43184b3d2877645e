/*
summary = "Candidate targets that the group holds beyond chance: at least 30% of the target's referring owners, and fewer than 0.01 such targets expected from the group's share of all links."
[params]
min_capture = 0.3
max_expected = 0.01
*/
SELECT t.candidate_id, t.target, t.is_site, t.sources, t.d_in, t.capture, c.expected
FROM candidate_targets t
JOIN capture_tails c ON c.sources = t.sources AND c.d_in = t.d_in AND c.k_out = t.k_out AND c.m = t.m
WHERE t.capture >= $min_capture AND c.expected < $max_expected
