/*
summary = "Every distinct anchor text, as letters and digits only (`squash`), as words between single spaces, and what it is whomever it leads to: `shape` is empty or naked, `topic` is generic, exact, partial or other."
*/
WITH texts AS (
    SELECT DISTINCT text FROM profile_links WHERE text IS NOT NULL
), folded AS (
    SELECT text, ' ' || CASE WHEN regexp_matches(text, '[^\p{L}\p{N} ]|  |^ | $')
        THEN trim(regexp_replace(text, '[^\p{L}\p{N}]+', ' ', 'g')) ELSE text END || ' ' AS words
    FROM texts
), squashed AS (
    SELECT text, words, replace(words, ' ', '') AS squash FROM folded
), money AS (
    SELECT s.text, max(CASE WHEN s.squash = k.squash THEN 2 ELSE 1 END) AS grade
    FROM squashed s JOIN keywords k ON contains(s.words, k.words)  -- a phrase, whole words only
    GROUP BY s.text
)
SELECT s.text, s.squash, s.words,
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
LEFT JOIN money m ON m.text = s.text
