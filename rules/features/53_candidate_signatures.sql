/*
summary = "Signatures (titles, slugs, ids) that at least three members of a candidate share, with their number of owners in the whole profile."
[params]
min_holders = 3
*/
WITH holders AS (
    SELECT kind, key, count(*) AS total FROM footprints GROUP BY kind, key
)
SELECT c.candidate_id, f.kind, f.key, count(*) AS members, any_value(h.total) AS total
FROM candidate_members c
JOIN footprints f ON f.actor_id = c.actor_id
JOIN holders h ON h.kind = f.kind AND h.key = f.key
GROUP BY c.candidate_id, f.kind, f.key
HAVING count(*) >= $min_holders
