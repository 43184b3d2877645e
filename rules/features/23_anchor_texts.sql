/*
summary = "Every distinct anchor text, as letters and digits only (`squash`), as words between single spaces, and what it is whomever it leads to: `shape` is empty or naked, `topic` is generic, exact, partial or other."
*/
WITH texts AS (
    SELECT DISTINCT text_id, text FROM anchor_words
), folded AS (
    SELECT text_id, text, ' ' || CASE WHEN regexp_matches(text, '[^\p{L}\p{N} ]|  |^ | $')
        THEN trim(regexp_replace(text, '[^\p{L}\p{N}]+', ' ', 'g')) ELSE text END || ' ' AS words
    FROM texts
), squashed AS (
    SELECT text_id, text, words, replace(words, ' ', '') AS squash FROM folded
), money AS (
    SELECT s.text_id, max(CASE WHEN s.squash = k.squash THEN 2 ELSE 1 END) AS grade
    FROM squashed s JOIN keywords k ON contains(s.words, k.words)  -- a phrase, whole words only
    GROUP BY s.text_id
)
SELECT s.text_id, s.text, s.squash, s.words,
    CASE
        WHEN s.squash = '' THEN 'empty'
        WHEN regexp_matches(s.text, '^(https?:|www\.)')
            OR regexp_matches(s.text, '^[^ ]+\.[a-z][a-z]+(/[^ ]*)?$') THEN 'naked'
    END AS shape,
    CASE
        WHEN s.squash IN (SELECT squash FROM generic_anchors) THEN 'generic'
        WHEN m.grade = 2 THEN 'exact'
        WHEN m.grade = 1 THEN 'partial'
        ELSE 'other'
    END AS topic
FROM squashed s
LEFT JOIN money m ON m.text_id = s.text_id
