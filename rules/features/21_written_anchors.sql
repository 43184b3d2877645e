/*
summary = "Judged links that are alike in source, target page and anchor as written, with their number and the first of them: a sitewide link is one row, not a thousand."
*/
SELECT source_id, source_actor, target_id, target_actor, target_url, words, credit,
    count(*) AS links, min(link_id) AS link_id
FROM profile_links
GROUP BY source_id, source_actor, target_id, target_actor, target_url, words, credit
