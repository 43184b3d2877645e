/*
summary = "The words in the addresses of the audited site's pages, of the thousand that most owners link to: what the site is about, beside --topic."
[params]
pages = 1000
*/
WITH pages AS (
    SELECT w.target_url, row_number() OVER (ORDER BY count(DISTINCT w.source_actor) DESC, w.target_url)
        AS place
    FROM written_anchors w JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    WHERE EXISTS (SELECT 1 FROM topics)
    GROUP BY w.target_url
)
SELECT trim(regexp_replace(regexp_replace(target_url, '^[A-Za-z]*:?//[^/]*', '', 'g'),
    '[^\p{L}]+', ' ', 'g')) AS text
FROM pages WHERE place <= $pages
