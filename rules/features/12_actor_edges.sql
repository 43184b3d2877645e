/*
summary = "Who links to whom among owners; credit is false where every link is known nofollow, ugc or sponsored. Dates are those of links that may pass credit."
*/
SELECT s.actor_id AS source, t.actor_id AS target, CAST(sum(e.links) AS BIGINT) AS links,
    CAST(sum(e.followed) AS BIGINT) AS followed, CAST(sum(e.qualified) AS BIGINT) AS qualified,
    sum(e.qualified) < sum(e.links) AS credit,
    min(e.credit_first_seen) AS first_seen, max(e.credit_last_seen) AS last_seen
FROM node_edges e
JOIN node_actors s ON s.node_id = e.source
JOIN node_actors t ON t.node_id = e.target
WHERE s.actor_id <> t.actor_id
GROUP BY s.actor_id, t.actor_id
