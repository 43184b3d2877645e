/*
summary = "Every distinct anchor text in which most letters are of one script other than Latin; Han and Kana count as one. Only where a site is audited, since a script is foreign to somebody."
*/
WITH written AS (
    SELECT text_id, replace(words, ' ', '') AS letters FROM anchor_texts
    WHERE regexp_matches(words, '[^ -~]') AND EXISTS (SELECT 1 FROM nodes WHERE is_site)
), foreign_ AS (  -- Latin ones with accents are most of the rest
    SELECT text_id, regexp_replace(letters, '[\p{Latin}\p{N}]+', '', 'g') AS rest,
        length(letters) AS n
    FROM written WHERE regexp_matches(letters, '[^\p{Latin}\p{N}]')
), named AS (
    SELECT text_id, n, rest, CASE
        WHEN regexp_matches(rest, '\p{Han}|\p{Hiragana}|\p{Katakana}') THEN 'Han'
        WHEN regexp_matches(rest, '\p{Hangul}') THEN 'Hangul'
        WHEN regexp_matches(rest, '\p{Cyrillic}') THEN 'Cyrillic'
        WHEN regexp_matches(rest, '\p{Greek}') THEN 'Greek'
        WHEN regexp_matches(rest, '\p{Arabic}') THEN 'Arabic'
        WHEN regexp_matches(rest, '\p{Hebrew}') THEN 'Hebrew'
        WHEN regexp_matches(rest, '\p{Thai}') THEN 'Thai'
        WHEN regexp_matches(rest, '\p{Devanagari}') THEN 'Devanagari'
        WHEN regexp_matches(rest, '\p{Bengali}') THEN 'Bengali'
        WHEN regexp_matches(rest, '\p{Tamil}') THEN 'Tamil'
        WHEN regexp_matches(rest, '\p{Telugu}') THEN 'Telugu'
        WHEN regexp_matches(rest, '\p{Gujarati}') THEN 'Gujarati'
        WHEN regexp_matches(rest, '\p{Sinhala}') THEN 'Sinhala'
        WHEN regexp_matches(rest, '\p{Georgian}') THEN 'Georgian'
        WHEN regexp_matches(rest, '\p{Armenian}') THEN 'Armenian'
        WHEN regexp_matches(rest, '\p{Khmer}') THEN 'Khmer'
        WHEN regexp_matches(rest, '\p{Lao}') THEN 'Lao'
        WHEN regexp_matches(rest, '\p{Myanmar}') THEN 'Myanmar'
        WHEN regexp_matches(rest, '\p{Ethiopic}') THEN 'Ethiopic'
    END AS script
    FROM foreign_
)
SELECT text_id, script FROM named WHERE script IS NOT NULL AND 2 * length(rest) > n
