/*
summary = "Every distinct anchor text of a target, put in one class: empty, naked, brand, generic, exact, partial or other."
*/
WITH uses AS (
    SELECT DISTINCT target_id, text FROM profile_links WHERE text IS NOT NULL
), terms AS (
    SELECT n.node_id AS target_id, b.squash
    FROM brand_terms b JOIN nodes n ON n.node = b.target
), called AS (
    SELECT u.target_id, u.text, any_value(t.shape) AS shape, any_value(t.topic) AS topic, coalesce(bool_or(contains(t.squash, b.squash)
        OR (length(t.squash) >= 4 AND starts_with(b.squash, t.squash))), false) AS brand
    FROM uses u
    JOIN anchor_texts t ON t.text = u.text
    LEFT JOIN terms b ON b.target_id = u.target_id
    GROUP BY u.target_id, u.text
)
SELECT c.target_id, n.node AS target, c.text,
    coalesce(c.shape, CASE WHEN c.brand THEN 'brand' ELSE c.topic END) AS class
FROM called c JOIN nodes n ON n.node_id = c.target_id
