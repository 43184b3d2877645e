/*
summary = "One judged link of every referring owner, and one with a money anchor where it has any, to show as evidence."
*/
SELECT p.source_actor, min(p.link_id) AS link_id, min(m.link_id) AS money_link_id,
    min(m.text) AS money_text
FROM profile_links p LEFT JOIN money_links m ON m.link_id = p.link_id
WHERE p.credit
GROUP BY p.source_actor
