/*
summary = "Links that may pass credit with one anchor to one page, on pages of at least five owners that share a title or an article slug and were first seen within fourteen days: an article that was placed or copied. Brand names, bare URLs and generic words are left out, trusted owners as well."
[params]
min_owners = 5
days = 14
*/
WITH repeated AS (
    SELECT a.target_url, a.text_id, min(a.class) AS class
    FROM anchor_uses a JOIN actors s ON s.actor_id = a.source_actor AND NOT s.trusted AND NOT s.own
    WHERE a.class IN ('exact', 'partial', 'other')
    GROUP BY a.target_url, a.text_id
    HAVING count(DISTINCT a.source_actor) >= $min_owners
), texts AS (
    SELECT w.words, w.text_id FROM anchor_words w
    WHERE w.text_id IN (SELECT text_id FROM repeated)
), used AS (
    SELECT p.link_id, p.source_actor, p.source, p.target_url, p.first_seen, r.text_id, r.class,
        s.title, CASE WHEN s.path NOT IN (SELECT entry FROM generic_paths)
            AND s.path NOT IN (SELECT slug FROM site_slugs) THEN s.path END AS path
    FROM profile_links p
    JOIN texts t ON t.words = p.words
    JOIN repeated r ON r.target_url = p.target_url AND r.text_id = t.text_id
    JOIN signed_links s ON s.link_id = p.link_id
    WHERE p.credit AND NOT p.source_own AND p.first_seen IS NOT NULL
), signed AS (
    SELECT u.*, 'title' AS kind, u.title AS key FROM used u WHERE u.title IS NOT NULL
    UNION ALL
    SELECT u.*, 'path', u.path FROM used u WHERE u.path IS NOT NULL
), owners AS (
    SELECT target_url, text_id, kind, key, source_actor, min(first_seen) AS day
    FROM signed GROUP BY target_url, text_id, kind, key, source_actor
), days_ AS (
    SELECT target_url, text_id, kind, key, day, count(*) AS n
    FROM owners GROUP BY target_url, text_id, kind, key, day
), windows AS (
    SELECT a.target_url, a.text_id, a.kind, a.key, a.day, sum(b.n) AS n
    FROM days_ a JOIN days_ b ON b.target_url = a.target_url AND b.text_id = a.text_id
        AND b.kind = a.kind AND b.key = a.key
        AND date_diff('day', a.day, b.day) BETWEEN 0 AND $days
    GROUP BY a.target_url, a.text_id, a.kind, a.key, a.day
), placed AS (
    SELECT DISTINCT o.target_url, o.text_id, o.kind, o.key, o.source_actor
    FROM windows w JOIN owners o ON o.target_url = w.target_url AND o.text_id = w.text_id
        AND o.kind = w.kind AND o.key = w.key
        AND date_diff('day', w.day, o.day) BETWEEN 0 AND $days
    WHERE w.n >= $min_owners
)
SELECT DISTINCT s.target_url, s.text_id, s.class, s.kind, s.key, s.source_actor, s.source,
    s.first_seen, s.link_id
FROM placed x
JOIN signed s ON s.target_url = x.target_url AND s.text_id = x.text_id AND s.kind = x.kind
    AND s.key = x.key AND s.source_actor = x.source_actor
