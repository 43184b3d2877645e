/*
summary = "Referring owners judged as link directories by three signs: directory words in host or path, many out-links against few in-links, a title or slug that is the listing itself. NULL where a sign cannot be seen."
*/
WITH pages AS (
    SELECT p.source_actor, p.source, p.link_id, p.target_actor,
        ' ' || regexp_replace(lower(regexp_replace(p.source_url, '[?#].*$', '')), '[/.:]+', ' ', 'g') || ' '
            AS url,
        regexp_replace(lower(p.title), '[^\p{L}\p{N}]+', ' ', 'g') AS title_words,
        regexp_replace(w.text, '[^\p{L}\p{N}]+', ' ', 'g') AS text_words
    FROM profile_links p LEFT JOIN anchor_words w ON w.words = p.words
    WHERE p.credit AND EXISTS (SELECT 1 FROM nodes WHERE is_site)
), worded AS (
    SELECT p.link_id, min(w.entry) AS word
    FROM pages p
    JOIN directory_words w
        ON contains(p.url, ' ' || w.entry || ' ')
    GROUP BY p.link_id
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
    bool_or(length(p.text_words) >= 8 AND contains(' ' || p.title_words || ' ', ' ' || trim(p.text_words) || ' '))
        AS listing
FROM pages p
LEFT JOIN worded w ON w.link_id = p.link_id
JOIN actor_degrees d ON d.actor_id = p.source_actor AND NOT d.trusted
GROUP BY p.source_actor, p.source, p.target_actor
