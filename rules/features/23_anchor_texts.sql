/*
summary = "Every distinct anchor text, without accents as letters and digits only (`squash`) and as words between single spaces, and what it is whomever it leads to: `shape` is empty or naked, `topic` is exact, generic, partial or other."
[phrases]
filler = ["generic_anchors", "generic_words"]
*/
WITH texts AS (
    SELECT DISTINCT text_id, text FROM anchor_words
), plain AS (  -- the letters as in `fold` of backlint.rules.features
    SELECT text_id, text, CASE WHEN regexp_matches(text, '[^ -~]')
        THEN replace(replace(replace(translate(
            strip_accents(replace(text, chr(0), ' ')),  -- which ends there otherwise
            'øłđðıς', 'olddiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')
        ELSE text END AS bare
    FROM texts
), folded AS (
    SELECT text_id, text, ' ' || CASE WHEN regexp_matches(bare, '[^\p{L}\p{N} ]|  |^ | $')
        THEN trim(regexp_replace(bare, '[^\p{L}\p{N}]+', ' ', 'g')) ELSE bare END || ' ' AS words,
        -- a host and nothing else, with a port, a path or a mailbox or not: its last label
        CASE WHEN contains(text, '.') THEN regexp_extract(text,
            '^[^\p{L}\p{N}]*([^ @/]+@)?([^ ./:@]+[\[(]?\.[\])]?)+(\p{L}[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])\.?(:[0-9]+)?([/?#][^ ]*)?[^\p{L}\p{N}]*$', 3)
        END AS tld
    FROM plain
), squashed AS (
    SELECT *, replace(words, ' ', '') AS squash FROM folded
), hollow AS (
    SELECT text_id, words FROM squashed WHERE regexp_matches(words, '^(?:' || $filler || ')+ $')
), pointing AS (
    SELECT DISTINCT h.text_id FROM hollow h JOIN generic_anchors g ON contains(h.words, g.needle)
), parts AS (
    SELECT DISTINCT needle FROM keyword_parts
), held AS (
    SELECT s.text_id, p.needle FROM squashed s JOIN parts p ON contains(s.words, p.needle)
), sizes AS (
    SELECT squash, count(*) AS n FROM keyword_parts GROUP BY squash
), matched AS (
    SELECT h.text_id, k.squash, count(*) AS n
    FROM held h JOIN keyword_parts k ON k.needle = h.needle
    GROUP BY h.text_id, k.squash
), partial AS (
    SELECT DISTINCT m.text_id FROM matched m JOIN sizes z ON z.squash = m.squash AND z.n = m.n
)
SELECT s.text_id, s.text, s.squash, s.words,
    CASE
        WHEN s.squash = '' OR s.squash IN (SELECT squash FROM empty_anchors) THEN 'empty'
        WHEN regexp_matches(s.text, '^[^\p{L}\p{N}]*(h+t+ps?[:;]? ?/+|ftp://|www[0-9]?[. ])')
            OR d.tld IS NOT NULL THEN 'naked'
    END AS shape,
    CASE
        WHEN s.squash IN (SELECT squash FROM keywords) THEN 'exact'
        WHEN s.squash IN (SELECT squash FROM generic_anchors) THEN 'generic'
        WHEN g.text_id IS NOT NULL THEN 'generic'
        WHEN regexp_matches(s.squash, '^\p{N}+$') THEN 'generic'
        WHEN p.text_id IS NOT NULL THEN 'partial'
        WHEN regexp_matches(s.text, '^[^ ]+\.(jpe?g|png|gif|webp|svg|bmp|avif)$') THEN 'generic'
        ELSE 'other'
    END AS topic
FROM squashed s
LEFT JOIN top_level_domains d ON d.tld = s.tld
LEFT JOIN pointing g ON g.text_id = s.text_id
LEFT JOIN partial p ON p.text_id = s.text_id
