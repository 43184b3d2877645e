/*
summary = "How each member of a candidate anchors its links: of a footprint group on the shared pages alone, for what a site writes elsewhere says nothing about the text it shares. A member `pays` when most of its links use money terms: one keyword among many links is what anybody has who links often."
*/
WITH shared AS (
    SELECT DISTINCT candidate_id, actor_id, link_id, class, money_text, inferred,
        CASE WHEN money_text_id IS NOT NULL THEN link_id END AS money_link_id
    FROM candidate_pages
), found AS (
    SELECT m.candidate_id, o.source_actor AS actor_id, o.links, o.known, o.money_links,
        o.brand_links, o.inferred, o.link_id, o.money_link_id, o.money_text
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind <> 'footprint'
    JOIN owner_anchors o ON o.source_actor = m.actor_id
    UNION ALL
    SELECT candidate_id, actor_id, count(*), count(class), count(money_link_id),
        count(CASE WHEN class IN ('brand', 'naked', 'generic', 'empty') THEN 1 END),
        coalesce(bool_and(inferred), true), min(link_id), min(money_link_id), min(money_text)
    FROM shared
    GROUP BY candidate_id, actor_id
)
SELECT f.*, 2 * f.money_links > f.links AS pays FROM found f
