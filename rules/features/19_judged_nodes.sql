/*
summary = "The nodes whose links in are judged: those of the audited sites or, without a site, all."
*/
SELECT node_id, node, actor_id, is_site
FROM node_actors
WHERE is_site OR NOT EXISTS (SELECT 1 FROM nodes WHERE is_site)
