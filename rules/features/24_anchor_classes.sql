/*
summary = "Every distinct anchor text of a target, put in one class: empty, naked, brand, generic, exact, partial or other. A text is brand when it is or holds the name, when it is the name but for one slip of the pen, and, where it is nothing else, when it is the first part or most of the name."
[params]
min_letters = 6
slips = 1
most = 0.6
*/
WITH uses AS (
    SELECT DISTINCT p.target_id, w.text_id
    FROM written_anchors p JOIN anchor_words w ON w.words = p.words
), terms AS (
    SELECT n.node_id AS target_id, b.squash, b.needle, b.head
    FROM brand_terms b JOIN nodes n ON n.node = b.target
), compared AS (  -- what costs most is asked last, and of the fewest
    SELECT u.target_id, u.text_id, t.shape, t.topic, t.squash = b.squash AS same, CASE
        WHEN b.squash IS NULL OR t.shape IS NOT NULL OR t.topic = 'generic' THEN false
        WHEN contains(CASE WHEN starts_with(b.needle, ' ') THEN t.words ELSE t.squash END, b.needle)
            THEN true
        WHEN length(b.squash) >= $min_letters
            AND abs(length(t.squash) - length(b.squash)) <= $slips
            AND damerau_levenshtein(t.squash, b.squash) <= $slips THEN true
        WHEN t.topic = 'other' THEN t.squash = b.head OR (length(t.squash) >= 4
            AND contains(b.squash, t.squash) AND length(t.squash) >= $most * length(b.squash))
        END AS alike
    FROM uses u
    JOIN anchor_texts t ON t.text_id = u.text_id
    LEFT JOIN terms b ON b.target_id = u.target_id
), called AS (
    SELECT target_id, text_id, any_value(shape) AS shape, any_value(topic) AS topic,
        coalesce(bool_or(same), false) AS same, coalesce(bool_or(alike), false) AS alike
    FROM compared
    GROUP BY target_id, text_id
)
SELECT target_id, text_id, CASE
        WHEN shape IS NOT NULL THEN shape
        WHEN same THEN 'brand'
        WHEN topic = 'generic' THEN 'generic'
        WHEN alike THEN 'brand'
        ELSE topic
    END AS class
FROM called
