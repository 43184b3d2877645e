/*
summary = "Every anchor as written, with its text in lower case and between single spaces; `text_id` is the text's place among all."
*/
WITH written AS (
    SELECT DISTINCT words FROM written_anchors WHERE words IS NOT NULL
), folded AS (
    SELECT words, lower(CASE WHEN regexp_matches(words, '\s\s|[^\S ]|^ | $')
        THEN trim(regexp_replace(words, '\s+', ' ', 'g')) ELSE words END) AS text
    FROM written
)
SELECT words, text, dense_rank() OVER (ORDER BY text) AS text_id
FROM folded
