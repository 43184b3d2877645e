/*
summary = "Links that took the place of another: the same page had a link with the same anchor to somebody else, and that one is lost."
*/
WITH gone AS (
    SELECT DISTINCT source_url, anchor, target_id FROM links
    WHERE lost AND anchor <> ''
)
SELECT DISTINCT p.link_id
FROM profile_links p
JOIN gone g ON g.source_url = p.source_url AND g.anchor = p.words AND g.target_id <> p.target_id
JOIN actors a ON a.actor_id = p.target_actor AND a.is_site
WHERE NOT p.lost
