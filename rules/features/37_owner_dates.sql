/*
summary = "Per audited site and referring owner: the day on which its first link that may pass credit was seen, lost ones included, the week of that day counted back from the newest (0), and whether such a link still stands (`credit`), with one of them. Trusted and own owners set no week."
*/
WITH seen AS (
    SELECT p.target_actor, p.source_actor, any_value(s.trusted OR s.own) AS apart,
        any_value(s.trusted) AS trusted, bool_or(p.credit) AS credit, min(p.first_seen) AS day,
        min(CASE WHEN p.credit THEN p.link_id END) AS link_id
    FROM profile_links p
    JOIN actors t ON t.actor_id = p.target_actor AND t.is_site
    JOIN actors s ON s.actor_id = p.source_actor
    WHERE p.first_seen IS NOT NULL AND coalesce(NOT p.qualified, true)
    GROUP BY p.target_actor, p.source_actor
), newest AS (
    SELECT target_actor, max(day) AS last FROM seen WHERE NOT apart GROUP BY target_actor
)
SELECT s.target_actor, s.source_actor, s.apart, s.trusted, s.credit, s.day, s.link_id,
    CAST(floor(date_diff('day', s.day, n.last) / 7.0) AS BIGINT) AS week
FROM seen s JOIN newest n ON n.target_actor = s.target_actor
