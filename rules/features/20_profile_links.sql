/*
summary = "The links that are judged: those into the audited sites or, without a site, all between owners. Lost ones never earn or pass credit. `words` is the anchor as written, or the alternative text of an image."
view = true  # the text of the links is the bulk of the data, and is not copied
*/
WITH worded AS (
    SELECT *, coalesce(nullif(anchor, ''), alt, anchor) AS words FROM links
)
SELECT l.link_id, l.source_id, s.node AS source, s.actor_id AS source_actor,
    l.target_id, t.node AS target, t.actor_id AS target_actor,
    l.source_url, l.target_url, l.title, l.kind, l.placement, l.external_links, l.redirects,
    l.first_seen, l.last_seen, l.words, l.nofollow, l.ugc, l.sponsored, l.qualified, l.lost,
    NOT l.lost AND coalesce(NOT l.qualified, true) AS credit,
    s.own AS source_own
FROM worded l
JOIN node_actors s ON s.node_id = l.source_id
JOIN judged_nodes t ON t.node_id = l.target_id
WHERE s.actor_id <> t.actor_id AND NOT s.is_site
