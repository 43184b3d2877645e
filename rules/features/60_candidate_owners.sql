/*
summary = "How each member of a candidate anchors its links: of a footprint group on the shared pages alone, for what a site writes elsewhere says nothing about the text it shares. A member `pays` when most of its links use money terms: one keyword among many links is what anybody has who links often."
*/
WITH shared AS (
    SELECT DISTINCT candidate_id, link_id FROM candidate_pages
), found AS (
    SELECT m.candidate_id, o.source_actor AS actor_id, o.links, o.known, o.money_links,
        o.brand_links, o.inferred, o.link_id, o.money_link_id, o.money_text
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind <> 'footprint'
    JOIN owner_anchors o ON o.source_actor = m.actor_id
    UNION ALL
    SELECT s.candidate_id, a.source_actor, count(*), count(a.class), count(m.link_id),
        count(CASE WHEN a.class IN ('brand', 'naked', 'generic', 'empty') THEN 1 END),
        coalesce(bool_and(m.inferred), true), min(a.link_id), min(m.link_id), min(m.text)
    FROM shared s
    JOIN anchor_links a ON a.link_id = s.link_id
    LEFT JOIN money_links m ON m.link_id = a.link_id
    GROUP BY s.candidate_id, a.source_actor
)
SELECT f.*, 2 * f.money_links > f.links AS pays FROM found f
