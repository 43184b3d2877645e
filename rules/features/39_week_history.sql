/*
summary = "Per audited site and week with new referring owners: what a usual week had in the year before it and in the season after it (medians), and the sums of the year before with its largest tenth of weeks cut down to the next (`total`, `squares` over `weeks`). `day_share` is the largest share of all dated edges that began on one day: the day on which a tool looked."
[params]
year = 52
season = 12
*/
WITH spans AS (
    SELECT w.target_actor, w.week, least($year, f.oldest - w.week) AS weeks,
        least($season, w.week) AS later
    FROM owner_weeks w
    JOIN (SELECT target_actor, max(week) AS oldest FROM owner_weeks GROUP BY target_actor) f
        ON f.target_actor = w.target_actor
), before AS (
    SELECT s.target_actor, s.week, s.weeks, b.seen,
        row_number() OVER (PARTITION BY s.target_actor, s.week ORDER BY b.seen)
            + s.weeks - count(*) OVER (PARTITION BY s.target_actor, s.week) AS place
    FROM spans s
    JOIN owner_weeks b ON b.target_actor = s.target_actor
        AND b.week > s.week AND b.week <= s.week + s.weeks
), after AS (
    SELECT s.target_actor, s.week, s.later, b.seen,
        row_number() OVER (PARTITION BY s.target_actor, s.week ORDER BY b.seen)
            + s.later - count(*) OVER (PARTITION BY s.target_actor, s.week) AS place
    FROM spans s
    JOIN owner_weeks b ON b.target_actor = s.target_actor
        AND b.week < s.week AND b.week >= s.week - s.later
), caps AS (  -- weeks without a new owner have the first places
    SELECT target_actor, week,
        coalesce(max(CASE WHEN place <= ceil(weeks / 2.0) THEN seen END), 0) AS median,
        coalesce(max(CASE WHEN place <= ceil(9 * weeks / 10.0) THEN seen END), 0) AS cap
    FROM before GROUP BY target_actor, week
), sums AS (
    SELECT b.target_actor, b.week, any_value(c.median) AS median,
        sum(least(b.seen, c.cap)) AS total,
        sum(least(b.seen, c.cap) * least(b.seen, c.cap)) AS squares
    FROM before b JOIN caps c ON c.target_actor = b.target_actor AND c.week = b.week
    GROUP BY b.target_actor, b.week
), seasons AS (
    SELECT target_actor, week,
        coalesce(max(CASE WHEN place <= ceil(later / 2.0) THEN seen END), 0) AS median
    FROM after GROUP BY target_actor, week
), days AS (
    SELECT count(*) AS n
    FROM actor_edges e JOIN actors s ON s.actor_id = e.source AND NOT s.trusted
    WHERE e.credit AND e.first_seen IS NOT NULL
    GROUP BY e.first_seen
), spike AS (
    SELECT max(n) / CAST(sum(n) AS DOUBLE) AS day_share FROM days
)
SELECT w.target_actor, w.week, w.owners, p.weeks, coalesce(s.median, 0) AS usual,
    coalesce(a.median, 0) AS usual_after, CAST(coalesce(s.total, 0) AS BIGINT) AS total,
    CAST(coalesce(s.squares, 0) AS BIGINT) AS squares, w.outside, w.all_outside,
    coalesce(x.day_share, 0) AS day_share
FROM owner_weeks w
JOIN spans p ON p.target_actor = w.target_actor AND p.week = w.week
CROSS JOIN spike x
LEFT JOIN sums s ON s.target_actor = w.target_actor AND s.week = w.week
LEFT JOIN seasons a ON a.target_actor = w.target_actor AND a.week = w.week
