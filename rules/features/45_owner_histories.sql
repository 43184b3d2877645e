/*
summary = "Per referring owner with dated edges both ways: its edges to owners that are not trusted (`outs`), how many of them began within the 90 days in which most did (`inside`), its in-links from owners that are not trusted (`ins`), how many of those are more than a year older than that window (`old`), and of everybody else's edges between owners that are not trusted (`others`) how many began in the window."
[params]
days = 90
year = 365
*/
WITH referring AS (
    SELECT e.source AS actor_id
    FROM actor_edges e
    JOIN actors t ON t.actor_id = e.target AND t.is_site
    JOIN actors s ON s.actor_id = e.source AND NOT s.trusted AND NOT s.own
    WHERE e.credit AND e.first_seen IS NOT NULL
    GROUP BY e.source
), ins AS (
    SELECT e.target AS actor_id, e.first_seen AS day
    FROM actor_edges e
    JOIN referring r ON r.actor_id = e.target
    JOIN actors s ON s.actor_id = e.source AND NOT s.trusted AND NOT s.is_site
    WHERE e.credit AND e.first_seen IS NOT NULL
), out_days AS (
    SELECT e.source AS actor_id, e.first_seen AS day, count(*) AS n
    FROM actor_edges e
    JOIN actors t ON t.actor_id = e.target AND NOT t.trusted
    WHERE e.credit AND e.first_seen IS NOT NULL AND e.source IN (SELECT actor_id FROM ins)
    GROUP BY e.source, e.first_seen
), starts AS (
    SELECT a.actor_id, a.day, sum(b.n) AS inside
    FROM out_days a JOIN out_days b ON b.actor_id = a.actor_id
        AND date_diff('day', a.day, b.day) BETWEEN 0 AND $days
    GROUP BY a.actor_id, a.day
), best AS (
    SELECT actor_id, day AS start, inside,
        row_number() OVER (PARTITION BY actor_id ORDER BY inside DESC, day) AS place
    FROM starts
), whole AS (
    SELECT actor_id, sum(n) AS outs FROM out_days GROUP BY actor_id
), all_days AS (
    SELECT e.first_seen AS day, count(*) AS n
    FROM actor_edges e
    JOIN actors s ON s.actor_id = e.source AND NOT s.trusted
    JOIN actors t ON t.actor_id = e.target AND NOT t.trusted
    WHERE e.credit AND e.first_seen IS NOT NULL
    GROUP BY e.first_seen
), everybody AS (
    SELECT sum(n) AS n FROM all_days
), windows AS (
    SELECT w.start, sum(d.n) AS n
    FROM (SELECT DISTINCT start FROM best WHERE place = 1) w
    JOIN all_days d ON date_diff('day', w.start, d.day) BETWEEN 0 AND $days
    GROUP BY w.start
), dated AS (
    SELECT b.actor_id, count(*) AS ins, min(i.day) AS oldest,
        count(CASE WHEN date_diff('day', i.day, b.start) > $year THEN 1 END) AS old
    FROM best b JOIN ins i ON i.actor_id = b.actor_id
    WHERE b.place = 1
    GROUP BY b.actor_id
)
SELECT b.actor_id, CAST(w.outs AS BIGINT) AS outs, CAST(b.inside AS BIGINT) AS inside, b.start,
    d.ins, d.old, d.oldest, CAST(e.n - w.outs AS BIGINT) AS others,
    CAST(greatest(x.n - b.inside, 0) AS BIGINT) AS others_inside
FROM best b
JOIN whole w ON w.actor_id = b.actor_id
JOIN dated d ON d.actor_id = b.actor_id
JOIN windows x ON x.start = b.start
CROSS JOIN everybody e
WHERE b.place = 1
