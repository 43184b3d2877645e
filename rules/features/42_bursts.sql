/*
summary = "Weeks in which far more owners began to link to an audited site than its own history explains: at least ten, three times a usual week before and after, and p < 1e-4. A week in which the links between others began as well is the work of a crawler and left out. `trusted` counts institutions and known publishers that began in that week or the one after."
[params]
min_owners = 10
times = 3
max_p = 1e-4
min_outside = 20
artefact = 0.5
*/
WITH sizes AS (
    SELECT target_actor, count(*) AS n FROM owner_dates WHERE NOT apart GROUP BY target_actor
), trusted AS (
    SELECT h.target_actor, h.week, count(*) AS n
    FROM week_history h JOIN owner_dates o ON o.target_actor = h.target_actor
        AND o.trusted AND o.credit AND (o.week = h.week OR o.week = h.week - 1)
    GROUP BY h.target_actor, h.week
)
SELECT h.target_actor, h.week, h.owners, h.weeks, h.usual, h.day_share, t.p,
    coalesce(x.n, 0) AS trusted
FROM week_history h
JOIN burst_tails t ON t.owners = h.owners AND t.weeks = h.weeks AND t.total = h.total
    AND t.squares = h.squares
JOIN sizes z ON z.target_actor = h.target_actor
LEFT JOIN trusted x ON x.target_actor = h.target_actor AND x.week = h.week
WHERE h.owners >= $min_owners AND h.owners >= $times * greatest(h.usual, h.usual_after)
    AND t.p < $max_p
    AND NOT (h.all_outside >= $min_outside
        AND h.outside * z.n >= $artefact * h.owners * h.all_outside)
