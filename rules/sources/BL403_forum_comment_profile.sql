/*
id = "BL403"
name = "forum-comment-profile"
family = "sources"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/forum-comment"
requires = ["links.source_url", "links.anchor"]
evaluable = "SELECT count(*) > 0 AND (SELECT count(*) FROM keywords) > 0 FROM nodes WHERE is_site"
not_evaluable = "an audited site and its keywords are needed to tell a recommendation from an optimised link; name them with --site and --keywords"
summary = "The same keyword anchor on forum, comment or profile pages of many owners."
says = "{owners} of {referring_domains} referring domains link from {kind} pages; {with_keywords} of them use keyword anchors, {in_lockstep} in lockstep, for example '{example}'"
rationale = """
People recommend things in forums and comments, by the name or the address, and those links are worth
having. A program leaves the same words on many boards. One keyword anchor, or one set of several
pages of the site with keyword anchors, on at least five owners and a fifth of all that link from
pages of that kind (nofollow ones too), is lockstep. A member profile is no place where people write keywords, so there
keyword anchors that differ are worth a little too. Everything else informs only and names nobody.
Links marked ugc or nofollow carry nothing. Owners are counted, not posts.
"""
false_positives = [
  "People who recommend a shop in forums and comments, by its name or address or in words of their own.",
  "A product whose name is one of the keywords: everybody writes it; name it with --brand.",
  "Institutions with boards and comments: trusted sources are left out.",
]
remediation = "If an agency placed them, have it stop; ask for nofollow or removal where a profile is yours. A spammer's are ignored by Google."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 5
min_share = 0.2
*/
WITH uses AS (
    SELECT kind, target_actor, source_actor, source, link_id, text_id, target_url,
        coalesce(class IN ('exact', 'partial'), false) AS money
    FROM marked_anchors WHERE kind <> 'bookmark'
), everybody AS (  -- of pages of that kind, whatever their links are worth
    SELECT kind, target_actor, count(DISTINCT source_actor) AS n
    FROM page_marks GROUP BY kind, target_actor
), owners AS (
    SELECT u.kind, u.target_actor, any_value(e.n) AS n, min(u.link_id) AS link_id
    FROM uses u JOIN everybody e ON e.kind = u.kind AND e.target_actor = u.target_actor
    GROUP BY u.kind, u.target_actor HAVING count(DISTINCT u.source_actor) >= $min_owners
), texts AS (
    SELECT kind, target_actor, text_id FROM uses WHERE money
    GROUP BY kind, target_actor, text_id HAVING count(DISTINCT source_actor) >= $min_owners
), page_sets AS (
    SELECT kind, target_actor, source_actor,
        array_to_string(list_sort(list(DISTINCT target_url)), ' ') AS pages
    FROM uses WHERE money
    GROUP BY kind, target_actor, source_actor HAVING count(DISTINCT target_url) >= 2
), shared_sets AS (
    SELECT kind, target_actor, pages FROM page_sets
    GROUP BY kind, target_actor, pages HAVING count(*) >= $min_owners
), paying AS (
    SELECT u.kind, u.target_actor, u.source_actor, u.source, min(u.link_id) AS link_id,
        min(x.text) AS text, bool_or(t.text_id IS NOT NULL OR s.pages IS NOT NULL) AS locked
    FROM uses u
    JOIN anchor_texts x ON x.text_id = u.text_id
    LEFT JOIN texts t ON t.kind = u.kind AND t.target_actor = u.target_actor
        AND t.text_id = u.text_id
    LEFT JOIN page_sets p ON p.kind = u.kind AND p.target_actor = u.target_actor
        AND p.source_actor = u.source_actor
    LEFT JOIN shared_sets s ON s.kind = p.kind AND s.target_actor = p.target_actor
        AND s.pages = p.pages
    WHERE u.money
    GROUP BY u.kind, u.target_actor, u.source_actor, u.source
), counted AS (
    SELECT kind, target_actor, count(DISTINCT source_actor) AS money,
        count(DISTINCT CASE WHEN locked THEN source_actor END) AS locked, min(text) AS text,
        list(DISTINCT source) AS domains, list(DISTINCT link_id) AS link_ids,
        list(DISTINCT CASE WHEN locked THEN source END) AS locked_domains,
        list(DISTINCT CASE WHEN locked THEN link_id END) AS locked_ids,
        min(CASE WHEN locked THEN text END) AS locked_text
    FROM paying GROUP BY kind, target_actor
), judged AS (
    SELECT o.kind, o.target_actor, o.n, o.link_id, coalesce(c.money, 0) AS money,
        coalesce(c.locked, 0) AS locked, c.text, c.locked_text, c.domains, c.link_ids,
        c.locked_domains, c.locked_ids,
        CASE
            WHEN c.locked >= $min_owners AND c.locked >= $min_share * o.n THEN 'medium'
            WHEN o.kind = 'profile' AND c.money >= $min_owners AND c.money >= $min_share * o.n
                THEN 'low'
            ELSE 'info'
        END AS level
    FROM owners o
    LEFT JOIN counted c ON c.kind = o.kind AND c.target_actor = o.target_actor
), totals AS (
    SELECT target, count(*) AS n FROM actor_edges GROUP BY target
)
SELECT a.node || ': ' || j.kind || ' pages' AS subject, CAST(j.locked AS DOUBLE) AS value, j.level,
    CASE j.level WHEN 'medium' THEN j.locked_domains WHEN 'low' THEN j.domains END AS domains,
    CASE j.level WHEN 'medium' THEN j.locked_ids WHEN 'low' THEN j.link_ids
        ELSE list_value(j.link_id) END AS link_ids,
    struct_pack(kind := j.kind, owners := j.n, referring_domains := t.n, with_keywords := j.money,
        in_lockstep := j.locked, example := coalesce(j.locked_text, j.text, 'none')) AS detail
FROM judged j
JOIN actors a ON a.actor_id = j.target_actor
JOIN totals t ON t.target = j.target_actor
