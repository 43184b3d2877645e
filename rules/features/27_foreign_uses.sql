/*
summary = "Uses of an anchor in another script than Latin by links to the audited site, where that script is not at home: not that of the suffix of the site, a namesake or one of its family, of the linked page's language code, of the brand or the keywords. Brand names, addresses and pointing words do not count. `credit` says whether the links may pass any."
*/
WITH found AS (
    SELECT w.source_id, w.source_actor, w.target_actor, w.target_url, c.script, w.credit, w.links,
        w.link_id, t.text
    FROM anchor_scripts c
    JOIN anchor_words a ON a.text_id = c.text_id
    JOIN written_anchors w ON w.words = a.words
    JOIN anchor_classes k ON k.target_id = w.target_id AND k.text_id = a.text_id
        AND k.class IN ('exact', 'partial', 'other')
    JOIN anchor_texts t ON t.text_id = a.text_id
), homes AS (
    SELECT split_part(entry, ' ', 1) AS script, split_part(entry, ' ', 2) AS kind,
        split_part(entry, ' ', 3) AS code
    FROM script_homes
), sites AS (  -- all names of the family
    SELECT DISTINCT n.actor_id, split_part(n.domain, '.', 1) AS label
    FROM node_actors n JOIN actors a ON a.actor_id = n.actor_id
    WHERE a.is_site
), namesakes AS (
    SELECT s.actor_id, d.domain FROM sites s JOIN domains d ON split_part(d.domain, '.', 1) = s.label
), settled AS (
    SELECT n.actor_id, h.script
    FROM namesakes n JOIN homes h ON h.kind = 'tld' AND h.code = split_part(n.domain, '.', -1)
    UNION
    SELECT s.actor_id, x.script FROM sites s CROSS JOIN term_scripts x
), coded AS (
    SELECT target_url, regexp_extract(lower(target_url),
        '(//|/|[?&](lang|language|locale|hl)=)([a-z][a-z])([-_][a-z]+)?([./&?#]|$)', 3) AS code
    FROM (SELECT DISTINCT target_url FROM found) AS pages
), spoken AS (
    SELECT c.target_url, h.script
    FROM coded c JOIN homes h ON h.kind = 'language' AND h.code = c.code
)
SELECT f.*
FROM found f
LEFT JOIN settled s ON s.actor_id = f.target_actor AND s.script = f.script
LEFT JOIN spoken p ON p.target_url = f.target_url AND p.script = f.script
WHERE s.script IS NULL AND p.script IS NULL
