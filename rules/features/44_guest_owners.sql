/*
summary = "Per audited site and owner with a link that may pass credit on a page of guests or authors: whether most of the owner's links use given keywords, one of them on such a page to a page below the home page, while it links to at most two pages of the site in all (`placed`). Trusted and own owners are left out."
[params]
max_pages = 2
*/
WITH marked AS (
    SELECT m.target_actor, m.source_actor, m.source_id, m.target_url, min(m.link_id) AS link_id
    FROM page_marks m
    JOIN actors t ON t.actor_id = m.target_actor AND t.is_site
    JOIN actors s ON s.actor_id = m.source_actor AND NOT s.trusted AND NOT s.own
    WHERE m.kind = 'guest' AND m.credit
    GROUP BY m.target_actor, m.source_actor, m.source_id, m.target_url
), pages AS (
    SELECT target_actor, source_actor, count(DISTINCT target_url) AS pages
    FROM anchor_uses
    WHERE source_actor IN (SELECT source_actor FROM marked)
    GROUP BY target_actor, source_actor
), money AS (
    SELECT DISTINCT source_id, target_url FROM money_uses WHERE NOT inferred
)
SELECT m.target_actor, m.source_actor, min(m.link_id) AS link_id,
    min(CASE WHEN u.source_id IS NOT NULL THEN m.link_id END) AS money_link_id,
    coalesce(bool_or(u.source_id IS NOT NULL) AND any_value(p.pages) <= $max_pages
        AND any_value(2 * a.money_links > a.links), false) AS placed
FROM marked m
JOIN pages p ON p.target_actor = m.target_actor AND p.source_actor = m.source_actor
JOIN owner_anchors a ON a.source_actor = m.source_actor
LEFT JOIN money u ON u.source_id = m.source_id AND u.target_url = m.target_url
    AND regexp_matches(m.target_url, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]+/[^?#]')
GROUP BY m.target_actor, m.source_actor
