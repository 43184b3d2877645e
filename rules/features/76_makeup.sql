/*
summary = "What the profile is made of, whatever the rules say: links and referring nodes by rel, of the links that are not lost by kind, place on the page and tactic, and of all by class of the anchor. A place may be `inferred`, and so is the tactic that only the form of an address tells."
*/
WITH cells AS (
    SELECT source_id, rel, kind, spot, inferred, tactic, sign = 'path' AS guessed,
        count(*) AS links
    FROM link_tactics GROUP BY source_id, rel, kind, spot, inferred, tactic, sign = 'path'
), alive AS (
    SELECT * FROM cells WHERE rel <> 'lost'
), anchors AS (
    SELECT w.source_id, coalesce(c.class, 'unknown') AS class, w.links
    FROM written_anchors w
    JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    LEFT JOIN anchor_words x ON x.words = w.words
    LEFT JOIN anchor_classes c ON c.target_id = w.target_id AND c.text_id = x.text_id
)
SELECT 'rel' AS dimension, rel AS value, false AS inferred, CAST(sum(links) AS BIGINT) AS links,
    count(DISTINCT source_id) AS nodes
FROM cells GROUP BY rel
UNION ALL
SELECT 'kind', coalesce(kind, 'unknown'), false, CAST(sum(links) AS BIGINT), count(DISTINCT source_id)
FROM alive GROUP BY kind
UNION ALL
SELECT 'placement', coalesce(spot, 'unknown'), spot IS NOT NULL AND inferred,
    CAST(sum(links) AS BIGINT), count(DISTINCT source_id)
FROM alive GROUP BY spot, spot IS NOT NULL AND inferred
UNION ALL
SELECT 'tactic', tactic, guessed, CAST(sum(links) AS BIGINT), count(DISTINCT source_id)
FROM alive GROUP BY tactic, guessed
UNION ALL
SELECT 'anchor', class, false, CAST(sum(links) AS BIGINT), count(DISTINCT source_id)
FROM anchors GROUP BY class
