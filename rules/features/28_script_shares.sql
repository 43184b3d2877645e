/*
summary = "Per foreign script: the owners that use it for the audited site at all, trusted ones and qualified links too, and how many owners have telling anchors (n)."
*/
SELECT f.target_actor, f.script, count(DISTINCT f.source_actor) AS users, any_value(t.n) AS n
FROM foreign_uses f JOIN telling_owners t ON t.target_actor = f.target_actor
GROUP BY f.target_actor, f.script
