/*
summary = "Who links to whom with credit, where a site is audited: what PageRank is computed on."
view = true
*/
SELECT source, target FROM actor_edges WHERE credit AND EXISTS (SELECT 1 FROM nodes WHERE is_site)
