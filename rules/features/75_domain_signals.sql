/*
summary = "What people ask of a backlink, by referring node; NULL is unknown. `pagerank` is 1 on average and known of nodes that somebody in the data links to; `authority` and `traffic` are of the one tool that knows most domains; `relevance`, 0 to 1, is told against --topic by the words in `relevant_words`; `repeated` counts the links after the first; `content_share` is of links whose place an input names; `target_share` is the share of all referring owners that link to the most linked of its target pages; `dilution` the (lower) median number of external links on its pages; `editorial` that most of its links read like somebody's own choice."
*/
WITH tools AS (
    SELECT fact, tool,
        row_number() OVER (PARTITION BY fact ORDER BY count(DISTINCT domain) DESC, tool) AS place
    FROM domain_facts
    WHERE fact IN ('authority', 'traffic')
    GROUP BY fact, tool
), told AS (
    SELECT f.domain, max(CASE WHEN f.fact = 'authority' THEN f.tool END) AS authority_tool,
        max(CASE WHEN f.fact = 'authority' THEN f.number END) AS authority,
        max(CASE WHEN f.fact = 'traffic' THEN f.number END) AS traffic
    FROM domain_facts f
    JOIN tools t ON t.fact = f.fact AND t.tool = f.tool AND t.place = 1
    GROUP BY f.domain
), tactics AS (
    SELECT source_id, tactic, min(sign) AS sign, count(*) AS n,
        row_number() OVER (PARTITION BY source_id ORDER BY CASE WHEN tactic = 'unknown' THEN 1
            ELSE 0 END, count(*) DESC, tactic) AS place
    FROM link_tactics GROUP BY source_id, tactic
), spots AS (
    SELECT source_id, count(CASE WHEN NOT inferred THEN spot END) AS known,
        count(CASE WHEN NOT inferred AND spot = 'content' THEN 1 END) AS content,
        count(CASE WHEN tactic IN ('content/editorial', 'resource page', 'testimonial/review',
            'broken-link replacement') THEN 1 END) AS chosen,
        count(CASE WHEN tactic <> 'unknown' THEN 1 END) AS told, count(*) AS links
    FROM link_tactics GROUP BY source_id
), written AS (
    SELECT w.source_id, count(DISTINCT x.text_id) AS anchors
    FROM written_anchors w
    JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    JOIN anchor_words x ON x.words = w.words
    GROUP BY w.source_id
), pages AS (
    SELECT target_url, count(DISTINCT source_actor) AS owners
    FROM written_anchors w JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
    GROUP BY target_url
), owners AS (
    SELECT count(DISTINCT actor_id) AS n FROM referring_nodes
), best AS (
    SELECT w.source_id, max(p.owners) AS owners
    FROM written_anchors w JOIN pages p ON p.target_url = w.target_url
    GROUP BY w.source_id
), speaking AS (  -- files that hold the text beside anchors: where it is empty there, is none
    SELECT DISTINCT input_id FROM links WHERE before IS NOT NULL OR after IS NOT NULL
), told_pages AS (
    SELECT l.source_id, nullif(l.external_links, 0) AS external_links, l.page_authority,
        l.page_traffic, l.before, l.after, i.input_id IS NOT NULL AS asked,
        row_number() OVER (PARTITION BY l.source_id ORDER BY nullif(l.external_links, 0)) AS place,
        count(nullif(l.external_links, 0)) OVER (PARTITION BY l.source_id) AS known
    FROM links l
    JOIN nodes t ON t.node_id = l.target_id AND t.is_site
    LEFT JOIN speaking i ON i.input_id = l.input_id
    WHERE l.external_links IS NOT NULL OR l.page_authority IS NOT NULL
        OR l.page_traffic IS NOT NULL OR i.input_id IS NOT NULL
), page_facts AS (
    SELECT source_id, max(page_authority) AS page_authority, max(page_traffic) AS page_traffic,
        min(CASE WHEN 2 * place >= known THEN external_links END) AS dilution,
        count(CASE WHEN before <> '' OR after <> '' THEN 1 END) AS in_context,
        count(CASE WHEN asked THEN 1 END) AS context_known
    FROM told_pages GROUP BY source_id
)
SELECT r.node_id, r.node, r.links, k.pagerank, t.authority, t.authority_tool,
    f.page_authority, v.relevance, v.words AS relevant_words, r.links - 1 AS repeated,
    CASE WHEN s.known > 0 THEN CAST(s.content AS DOUBLE) / s.known END AS content_share,
    w.anchors,
    CASE WHEN f.context_known > 0 THEN CAST(f.in_context AS DOUBLE) / f.context_known END
        AS context_share,
    CASE WHEN r.followed + r.nofollow > 0
        THEN CAST(r.followed AS DOUBLE) / (r.followed + r.nofollow) END AS followed_share,
    t.traffic, f.page_traffic,
    CAST(b.owners AS DOUBLE) / o.n AS target_share, f.dilution,
    CASE WHEN s.told > 0 THEN 2 * s.chosen > s.told END AS editorial, c.tactic, c.sign
FROM referring_nodes r
CROSS JOIN owners o
JOIN nodes n ON n.node_id = r.node_id
LEFT JOIN page_ranks k ON k.actor_id = r.actor_id
LEFT JOIN told t ON t.domain = n.domain
LEFT JOIN relevances v ON v.node_id = r.node_id
LEFT JOIN spots s ON s.source_id = r.node_id
LEFT JOIN written w ON w.source_id = r.node_id
LEFT JOIN best b ON b.source_id = r.node_id
LEFT JOIN page_facts f ON f.source_id = r.node_id
LEFT JOIN tactics c ON c.source_id = r.node_id AND c.place = 1
