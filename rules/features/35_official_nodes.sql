/*
summary = "Nodes whose good name others use: trusted ones and those of schools and authorities, no platforms and no hosts where anybody may write."
*/
SELECT n.node_id, n.node, a.actor_id
FROM nodes n JOIN actors a ON a.actor = n.family
WHERE NOT n.is_platform AND n.domain <> n.suffix
    AND n.domain NOT IN (SELECT entry FROM open_hosts)
    AND (a.trusted OR regexp_matches(n.suffix, '(^|\.)(edu|gov|mil|ac|gob|gub|gouv|govt)(\.[a-z][a-z])?$'))
