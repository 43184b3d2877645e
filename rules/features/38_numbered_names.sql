/*
summary = "Sources whose name holds one number, by the name without it (`shape`), where five owners or more have different numbers that lie close together; more than five thousand are numbered by a host, not by a maker. Letters counted are those of the registered label; sub-hosts of a platform are marked."
[params]
min_owners = 5
max_gap = 3
max_owners = 5000
*/
WITH labels AS (
    SELECT n.node_id, n.node, a.actor_id, n.suffix, n.is_platform,
        left(n.node, length(n.node) - length(n.suffix) - 1) AS label
    FROM nodes n JOIN actors a ON a.actor = n.family
    WHERE NOT a.trusted AND NOT n.is_site AND NOT n.is_ip AND n.suffix <> ''
), cut AS (
    SELECT node_id, node, actor_id, is_platform,
        regexp_replace(label, '[0-9]+', '#', 'g') || '.' || suffix AS shape,
        length(regexp_replace(label, '[^a-z]+', '', 'g')) AS letters,
        TRY_CAST(regexp_extract(label, '([0-9]{1,9})', 1) AS BIGINT) AS number
    FROM labels
    WHERE regexp_matches(label, '^[^0-9.]*[0-9]{1,9}[^0-9.]*$') AND NOT starts_with(label, 'xn--')
        AND regexp_matches(label, '[a-z]')
), sending AS (
    SELECT c.* FROM cut c
    WHERE c.actor_id IN (SELECT source FROM actor_edges WHERE credit)
), series AS (
    SELECT shape FROM sending GROUP BY shape
    HAVING count(DISTINCT actor_id) BETWEEN $min_owners AND $max_owners
        AND count(DISTINCT number) >= $min_owners
        AND max(number) - min(number) + 1 <= $max_gap * count(DISTINCT number)
)
SELECT s.* FROM sending s JOIN series r ON r.shape = s.shape
