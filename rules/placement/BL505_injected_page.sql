/*
id = "BL505"
name = "injected-page"
family = "placement"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "domain"
group = "placement"
policy = "link-spam/automated"
requires = ["links.source_url", "links.anchor"]
summary = "A page of an institution links with a spam trade's words, from where nobody publishes: it is probably hacked."
says = "{pages} page(s) of this institution link with words of a spam trade ('{word}') from {place}; {co_injected} other unrelated target(s) are linked so on the same page ({seen}), for example {example}"
rationale = """
Hacked pages of universities and authorities advertise pharmacies, casinos, loans and essays. The
institution is a victim: the finding carries no points and names nobody, it is for telling the
webmaster, and for a line of that one URL. Several facts must meet: an institution or another trusted
publisher on whose host strangers cannot publish; an anchor with a word of those trades that is not the
site's own; a page among uploads, caches and scripts, or one made by a query. High where at least three
unrelated others are linked with such words on the same page. Where the data cannot show other
links of the page, that part is unknown: medium for an admin path, low for a query. Where all links of
the source are known, the others must be there. For the site's own trade both the admin path and the
others are needed. The nearest clause of the policy is links made by programs; Google's own word for it
is hacked content, a neighbouring policy.
"""
false_positives = [
  "A course or a study on the topic: it has a readable address, or its links are seen to be ordinary.",
  "A site of that trade, linked with its own words: its name may say so; else give them with --keywords or --brand.",
  "Hosts where members publish, such as code hosts and networks: left out.",
]
remediation = "Tell the institution's webmaster, with the URL. If it stays, disavow that URL, never the institution."
references = [
  { title = "Google Search Central: spam policies, hacked content and link spam", read = 2026-11-23 },
]
[params]
min_others = 3
*/
WITH named AS (  -- words of the trade that the site's own name is of
    SELECT DISTINCT i.entry
    FROM injected_words i
    JOIN spam_words s ON contains(i.words, s.needle)
    JOIN own_trade_words o ON o.vertical = s.vertical
    JOIN nodes n ON n.is_site AND contains(replace(n.domain, '-', ''), o.squash)
), trades AS (
    SELECT i.entry, i.words, n.entry IS NOT NULL
        OR EXISTS (SELECT 1 FROM keywords k WHERE contains(k.words, i.words)) AS own_trade
    FROM injected_words i LEFT JOIN named n ON n.entry = i.entry
), spoken AS (
    SELECT w.source_id, w.source_actor, w.target_id, w.target_actor, w.target_url, w.words,
        v.node, min(t.entry) AS word,
        bool_and(t.own_trade) OR any_value(c.class) = 'brand' AS own_trade
    FROM written_anchors w
    JOIN official_nodes v ON v.node_id = w.source_id
    JOIN anchor_words x ON x.words = w.words
    JOIN anchor_texts y ON y.text_id = x.text_id
    JOIN trades t ON contains(y.words, t.words)
    JOIN anchor_classes c ON c.target_id = w.target_id AND c.text_id = x.text_id
    GROUP BY w.source_id, w.source_actor, w.target_id, w.target_actor, w.target_url, w.words, v.node
), pages AS (
    SELECT s.node, s.source_id, s.source_actor, s.target_actor, s.word, s.own_trade,
        l.link_id, l.source_url, m.link_id IS NOT NULL AS admin
    FROM spoken s
    JOIN links l ON l.source_id = s.source_id AND l.target_id = s.target_id
        AND l.target_url = s.target_url
        AND coalesce(nullif(l.anchor, ''), l.alt, l.anchor) = s.words
    LEFT JOIN page_marks m ON m.link_id = l.link_id AND m.kind = 'admin'
    WHERE NOT l.lost AND coalesce(NOT l.qualified, true)
        AND (m.link_id IS NOT NULL OR regexp_matches(l.source_url, '[?][^#]*='))
), beside AS (
    SELECT DISTINCT p.source_url, p.target_actor, n.actor_id, n.trusted,
        ' ' || trim(regexp_replace(lower(coalesce(nullif(o.anchor, ''), o.alt, o.anchor)),
            '[^\p{L}\p{N}]+', ' ', 'g')) || ' ' AS words
    FROM (SELECT DISTINCT source_id, source_actor, source_url, target_actor FROM pages) p
    JOIN links o ON o.source_id = p.source_id AND o.source_url = p.source_url
    JOIN node_actors n ON n.node_id = o.target_id
    WHERE NOT o.lost AND n.actor_id <> p.source_actor AND n.actor_id <> p.target_actor
), others AS (
    SELECT b.source_url, b.target_actor, count(DISTINCT b.actor_id) AS targets,
        count(DISTINCT CASE WHEN i.words IS NOT NULL AND NOT b.trusted THEN b.actor_id END)
            AS injected
    FROM beside b LEFT JOIN injected_words i ON contains(b.words, i.words)
    GROUP BY b.source_url, b.target_actor
), graded AS (
    SELECT p.*, coalesce(o.injected, 0) AS injected,
        d.known_out OR coalesce(o.targets, 0) > 0 AS seen,
        CASE
            WHEN o.injected >= $min_others AND (p.admin OR NOT p.own_trade) THEN 3
            WHEN d.known_out OR p.own_trade OR o.targets > o.injected THEN 0
            WHEN p.admin THEN 2
            ELSE 1
        END AS grade
    FROM pages p
    JOIN actor_degrees d ON d.actor_id = p.source_actor
    LEFT JOIN others o ON o.source_url = p.source_url AND o.target_actor = p.target_actor
)
SELECT node AS subject, CAST(count(DISTINCT source_url) AS DOUBLE) AS value,
    CASE max(grade) WHEN 3 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END AS level,
    CAST(NULL AS VARCHAR[]) AS domains,  -- a victim carries nothing
    list(DISTINCT link_id) AS link_ids,
    struct_pack(pages := count(DISTINCT source_url), word := min(word),
        place := CASE WHEN bool_or(admin) THEN 'an admin path' ELSE 'a query' END,
        co_injected := max(injected),
        seen := CASE WHEN bool_or(seen) THEN 'other links are in the data'
            ELSE 'other links are not in the data' END,
        example := min(left(source_url, 200))) AS detail
FROM graded
WHERE grade > 0
GROUP BY node
