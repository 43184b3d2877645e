/*
summary = "Per audited site and week with new referring owners: how many there were (`seen`, lost ones included), how many still link (`owners`), and of edges between others, by owners that do not link to the site, how many began then (`outside`)."
*/
WITH own AS (
    SELECT target_actor, week, count(*) AS seen, count(CASE WHEN credit THEN 1 END) AS owners
    FROM owner_dates WHERE NOT apart
    GROUP BY target_actor, week
), newest AS (
    SELECT target_actor, max(day) AS last FROM owner_dates WHERE NOT apart GROUP BY target_actor
), others AS (
    SELECT n.target_actor, CAST(floor(date_diff('day', e.first_seen, n.last) / 7.0) AS BIGINT) AS week
    FROM actor_edges e
    JOIN actors s ON s.actor_id = e.source AND NOT s.trusted AND NOT s.is_site
    JOIN actors t ON t.actor_id = e.target AND NOT t.trusted
    CROSS JOIN newest n
    LEFT JOIN owner_dates o ON o.target_actor = n.target_actor AND o.source_actor = e.source
    WHERE e.credit AND e.first_seen IS NOT NULL AND o.source_actor IS NULL
), counted AS (
    SELECT target_actor, week, count(*) AS outside FROM others GROUP BY target_actor, week
), whole AS (
    SELECT target_actor, count(*) AS outside FROM others GROUP BY target_actor
)
SELECT w.target_actor, w.week, w.seen, w.owners, coalesce(c.outside, 0) AS outside,
    coalesce(a.outside, 0) AS all_outside
FROM own w
LEFT JOIN counted c ON c.target_actor = w.target_actor AND c.week = w.week
LEFT JOIN whole a ON a.target_actor = w.target_actor
