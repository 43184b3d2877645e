/*
summary = "Links that a template repeats: one anchor to one page of the audited site on at least 50 pages of a referring node, and 90% of its links; `credits` says that the anchor is a maker's (powered by, design by)."
[params]
min_links = 50
min_share = 0.9
*/
WITH totals AS (
    SELECT source_id, CAST(sum(links) AS BIGINT) AS links
    FROM written_anchors GROUP BY source_id HAVING sum(links) >= $min_links
), alike AS (
    SELECT w.source_id, w.target_url, w.words, CAST(sum(w.links) AS BIGINT) AS links
    FROM written_anchors w JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    GROUP BY w.source_id, w.target_url, w.words HAVING sum(w.links) >= $min_links
), repeated AS (
    SELECT a.source_id, a.target_url, a.words, a.links, w.text_id
    FROM alike a
    JOIN totals t ON t.source_id = a.source_id
    LEFT JOIN anchor_words w ON w.words = a.words
    WHERE a.links >= $min_share * t.links
)
SELECT r.source_id, r.target_url, r.words, r.links, c.text_id IS NOT NULL AS credits
FROM repeated r LEFT JOIN credit_texts c ON c.text_id = r.text_id
