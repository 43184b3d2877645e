/*
summary = "Addresses that at least three members of a candidate share: members that hold one, members and owners whose address is known, all owners that hold it, and how many keys with three or more holders could have been found."
[params]
min_holders = 3
*/
WITH holders AS (
    SELECT kind, key, count(*) AS total FROM owner_addresses
    WHERE kind <> 'known'
    GROUP BY kind, key HAVING count(*) >= $min_holders
), tried AS (
    SELECT count(*) AS keys FROM holders
), whole AS (
    SELECT count(*) AS owners FROM owner_addresses WHERE kind = 'known'
), known AS (
    SELECT c.candidate_id, count(*) AS known
    FROM candidate_members c
    JOIN owner_addresses o ON o.actor_id = c.actor_id AND o.kind = 'known'
    GROUP BY c.candidate_id
), shared AS (
    SELECT c.candidate_id, o.kind, o.key, count(*) AS members
    FROM candidate_members c JOIN owner_addresses o ON o.actor_id = c.actor_id
    WHERE o.kind <> 'known'
    GROUP BY c.candidate_id, o.kind, o.key HAVING count(*) >= $min_holders
)
SELECT s.candidate_id, s.kind, s.key, s.members, k.known, h.total, w.owners, t.keys,
    CAST(h.total - s.members + 1 AS DOUBLE) / (w.owners - k.known + 2) AS background
FROM shared s CROSS JOIN tried t CROSS JOIN whole w
JOIN known k ON k.candidate_id = s.candidate_id
JOIN holders h ON h.kind = s.kind AND h.key = s.key
