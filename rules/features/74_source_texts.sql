/*
summary = "What the referring nodes write about: the titles and URL words of eight of their linking pages. Only where --topic says what the site is about, and of the nodes with the most links."
[params]
pages = 8
max_nodes = 20000
*/
WITH ranked AS (
    SELECT node_id, row_number() OVER (ORDER BY links DESC, node) AS place FROM referring_nodes
), picked AS (
    SELECT w.source_id, w.link_id,
        row_number() OVER (PARTITION BY w.source_id ORDER BY w.link_id) AS page
    FROM written_anchors w
    JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    JOIN ranked r ON r.node_id = w.source_id AND r.place <= $max_nodes
    WHERE EXISTS (SELECT 1 FROM topics)
)
SELECT p.source_id AS node_id, string_agg(concat_ws(' ', l.title, regexp_replace(
        regexp_replace(l.source_url, '^[A-Za-z]*:?//[^/]*', '', 'g'), '[^\p{L}]+', ' ', 'g')),
    ' ' ORDER BY p.page) AS text
FROM picked p JOIN links l ON l.link_id = p.link_id
WHERE p.page <= $pages
GROUP BY p.source_id
