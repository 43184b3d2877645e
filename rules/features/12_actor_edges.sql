/*
summary = "Who links to whom among owners; credit is false where every link is known nofollow, ugc or sponsored. Dates are those of links that may pass credit."
*/
WITH mixed AS (  -- node_edges dates all links of a pair; where some pass credit and some do not
    SELECT e.source, e.target, min(l.first_seen) AS first_seen, max(l.last_seen) AS last_seen
    FROM node_edges e JOIN links l ON l.source_id = e.source AND l.target_id = e.target
    WHERE e.qualified > 0 AND e.qualified < e.links
        AND NOT l.lost AND coalesce(NOT l.qualified, true)
    GROUP BY e.source, e.target
), dated AS (
    SELECT e.source, e.target, e.links, e.followed, e.qualified,
        CASE WHEN e.qualified = 0 THEN e.first_seen ELSE m.first_seen END AS first_seen,
        CASE WHEN e.qualified = 0 THEN e.last_seen ELSE m.last_seen END AS last_seen
    FROM node_edges e LEFT JOIN mixed m ON m.source = e.source AND m.target = e.target
)
SELECT s.actor_id AS source, t.actor_id AS target, CAST(sum(e.links) AS BIGINT) AS links,
    CAST(sum(e.followed) AS BIGINT) AS followed, CAST(sum(e.qualified) AS BIGINT) AS qualified,
    sum(e.qualified) < sum(e.links) AS credit,
    min(e.first_seen) AS first_seen, max(e.last_seen) AS last_seen
FROM dated e
JOIN node_actors s ON s.node_id = e.source
JOIN node_actors t ON t.node_id = e.target
WHERE s.actor_id <> t.actor_id
GROUP BY s.actor_id, t.actor_id
