/*
summary = "Referring owners judged as link directories by three signs: directory words in host or path, many out-links against few in-links, a title or slug that is the listing itself. NULL where a sign cannot be seen."
[patterns]
words = ["directory_words"]
*/
WITH pages AS (
    SELECT source_actor, source, link_id, target_actor, source_url, title, words
    FROM profile_links
    WHERE credit AND EXISTS (SELECT 1 FROM nodes WHERE is_site)
), likely AS (  -- one expression for all words is much cheaper than one comparison for each
    SELECT link_id,
        ' ' || regexp_replace(lower(regexp_replace(source_url, '[?#].*$', '', 'g')), '[/.:]+', ' ', 'g') || ' '
            AS url
    FROM pages WHERE regexp_matches('/' || replace(lower(source_url), ':', '/'), $words)
), worded AS (
    SELECT l.link_id, min(w.entry) AS word
    FROM likely l JOIN directory_words w ON contains(l.url, ' ' || w.entry || ' ')
    GROUP BY l.link_id
), texts AS (
    SELECT words, regexp_replace(text, '[^\p{L}\p{N}]+', ' ', 'g') AS text_words,
        regexp_extract(text, '[\p{L}\p{N}]+') AS first_word
    FROM anchor_words
    WHERE words IN (SELECT words FROM pages)
), graph AS (
    SELECT d_out FROM actor_degrees WHERE d_out > 0
), ranked AS (
    SELECT d_out, row_number() OVER (ORDER BY d_out) AS place, count(*) OVER () AS n FROM graph
), p95 AS (
    SELECT max(d_out) AS d_out FROM ranked WHERE place <= ceil(0.95 * n)
)
SELECT p.source_actor, p.source, p.target_actor, min(p.link_id) AS link_id, min(w.word) AS word,
    bool_or(w.word IS NOT NULL) AS lexicon,
    bool_or(d.d_out >= 20 AND d.d_out >= 20 * d.d_in AND d.d_out >= (SELECT d_out FROM p95))
        AS lopsided,
    bool_or(length(t.text_words) >= 8 AND CASE  -- few titles hold even the first word
        WHEN contains(lower(p.title), t.first_word) THEN contains(
            ' ' || regexp_replace(lower(p.title), '[^\p{L}\p{N}]+', ' ', 'g') || ' ',
            ' ' || trim(t.text_words) || ' ')
        WHEN NOT contains(lower(p.title), t.first_word) THEN false END) AS listing
FROM pages p
LEFT JOIN worded w ON w.link_id = p.link_id
LEFT JOIN texts t ON t.words = p.words
JOIN actor_degrees d ON d.actor_id = p.source_actor AND NOT d.trusted
GROUP BY p.source_actor, p.source, p.target_actor
