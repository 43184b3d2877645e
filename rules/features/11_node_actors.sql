/*
summary = "Which owner a node belongs to."
*/
SELECT n.node_id, n.node, n.domain, a.actor_id, a.actor, n.trusted, n.own, n.is_site, n.is_platform
FROM nodes n JOIN actors a ON a.actor = n.family
