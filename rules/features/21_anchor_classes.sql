/*
summary = "Every distinct anchor text of a target, put in one class: empty, naked, brand, generic, exact, partial or other."
*/
WITH texts AS (
    SELECT DISTINCT target_id, target, text FROM profile_links WHERE text IS NOT NULL
), folded AS (
    SELECT target_id, target, text, regexp_replace(text, '[^\p{L}\p{N}]+', '', 'g') AS squash,
        ' ' || trim(regexp_replace(text, '[^\p{L}\p{N}]+', ' ', 'g')) || ' ' AS words
    FROM texts
), brands AS (
    SELECT DISTINCT f.target_id, f.text
    FROM folded f JOIN brand_terms b ON b.target = f.target
    WHERE contains(f.squash, b.squash)
        OR (length(f.squash) >= 4 AND starts_with(b.squash, f.squash))
), money AS (
    SELECT f.target_id, f.text, max(CASE WHEN f.squash = k.squash THEN 2 ELSE 1 END) AS grade
    FROM folded f JOIN keywords k ON contains(f.words, k.words)  -- a phrase, whole words only
    GROUP BY f.target_id, f.text
)
SELECT f.target_id, f.target, f.text, f.squash, f.words,
    CASE
        WHEN f.squash = '' THEN 'empty'
        WHEN regexp_matches(f.text, '^(https?:|www\.)')
            OR regexp_matches(f.text, '^[^ ]+\.[a-z][a-z]+(/[^ ]*)?$') THEN 'naked'
        WHEN b.text IS NOT NULL THEN 'brand'
        WHEN f.squash IN (SELECT squash FROM generic_anchors) THEN 'generic'
        WHEN m.grade = 2 THEN 'exact'
        WHEN m.grade = 1 THEN 'partial'
        ELSE 'other'
    END AS class
FROM folded f
LEFT JOIN brands b ON b.target_id = f.target_id AND b.text = f.text
LEFT JOIN money m ON m.target_id = f.target_id AND m.text = f.text
