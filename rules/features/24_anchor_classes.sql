/*
summary = "Every distinct anchor text of a target, put in one class: empty, naked, brand, generic, exact, partial or other."
*/
WITH uses AS (
    SELECT DISTINCT p.target_id, w.text_id
    FROM written_anchors p JOIN anchor_words w ON w.words = p.words
), terms AS (
    SELECT n.node_id AS target_id, b.squash
    FROM brand_terms b JOIN nodes n ON n.node = b.target
), called AS (
    SELECT u.target_id, u.text_id, any_value(t.shape) AS shape, any_value(t.topic) AS topic,
        coalesce(bool_or(contains(t.squash, b.squash)
            OR (length(t.squash) >= 4 AND starts_with(b.squash, t.squash))), false) AS brand
    FROM uses u
    JOIN anchor_texts t ON t.text_id = u.text_id
    LEFT JOIN terms b ON b.target_id = u.target_id
    GROUP BY u.target_id, u.text_id
)
SELECT target_id, text_id, coalesce(shape, CASE WHEN brand THEN 'brand' ELSE topic END) AS class
FROM called
