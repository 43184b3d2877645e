/*
summary = "The owners of each burst, trusted and own ones left out, with one link each; `money_text_id` where most of the owner's links use terms that were given as keywords."
*/
WITH texts AS (
    SELECT source_actor, min(text_id) AS text_id FROM money_uses WHERE NOT inferred
    GROUP BY source_actor
)
SELECT b.target_actor, b.week, o.source_actor, o.day, o.link_id,
    CASE WHEN 2 * a.money_links > a.links THEN t.text_id END AS money_text_id
FROM bursts b
JOIN owner_dates o ON o.target_actor = b.target_actor AND o.week = b.week
    AND o.credit AND NOT o.apart
LEFT JOIN owner_anchors a ON a.source_actor = o.source_actor
LEFT JOIN texts t ON t.source_actor = o.source_actor
