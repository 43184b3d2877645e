/*
id = "BL203"
name = "link-pyramid"
family = "networks"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "scheme"
scheme = "link-pyramid"
group = "structure"
policy = "link-spam/low-value-content"
requires = []
evaluable = "SELECT count(*) > 0 FROM structure e JOIN actor_degrees d ON d.actor_id = e.target WHERE d.d_out > 0"
not_evaluable = "the inputs hold no links among the referring domains; add competitors' exports, a crawl or a web graph"
summary = "Sites that link to one target are themselves held up by sites that link to nobody else of their kind."
says = "{first_tier} sites link to {target} and get most of their links from {supporters} sites whose rare links all lead to them ({tiers} tiers)"
rationale = """
Tiered link building hides the seam: the sites that link to the customer look linked to, and those
that link to them are never looked at. A supporter is loyal when it links to two or more rarely
linked sites and all of them are in the first tier; a first-tier site is carried when at least 70%
of its in-links come from loyal supporters. Three carried sites with twice as many supporters make
a pyramid when chance, drawing every source's targets by their in-links, would build fewer than .01
of them. Further tiers join by the same test. Others may hardly link to any of the sites
(isolation), or else it stays low: so it does below a sureness of .45. The graph alone ends at medium;
high takes keyword anchors, held against the rest of the profile. There is none in the
UK web of 1996 nor among the blog-rolls of 2024. A supporter that links to other rare sites as well
is not loyal: camouflage hides a pyramid from this rule.
"""
false_positives = [
  "A publisher that syndicates to its own papers: readers' sites link to other papers as well.",
  "Personal sites with one loyal reader: it takes two links of each supporter.",
  "A project with chapters, whose helpers link to the chapters only: others link to it, so it stays low.",
]
remediation = "Look at the first tier. If an agency built it, ask for the list of all tiers; disavowing the first one is enough."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
  { title = "Gyongyi, Garcia-Molina 2005: Link spam alliances", read = 2026-11-23 },
  { title = "Measurement on the UK host graph of 1996 with planted pyramids", read = 2026-11-23 },
]
[params]
max_rarity = 0.01
min_isolation = 0.5
sure = 0.6
sure_at_all = 0.45
*/
WITH counts AS (
    SELECT m.candidate_id, count(CASE WHEN m.place = 1 THEN 1 END) AS first_tier,
        count(CASE WHEN m.place > 1 THEN 1 END) AS supporters, max(m.place) AS tiers
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind = 'pyramid'
    GROUP BY m.candidate_id
), aims AS (
    SELECT m.candidate_id, e.target, count(*) AS links
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind = 'pyramid'
    JOIN actor_edges e ON e.source = m.actor_id AND e.credit
    WHERE m.place = 1
    GROUP BY m.candidate_id, e.target
), tops AS (
    SELECT g.candidate_id, min(d.node) AS target, list(d.node) AS targets
    FROM aims g
    JOIN counts n ON n.candidate_id = g.candidate_id AND g.links = n.first_tier
    JOIN actor_degrees d ON d.actor_id = g.target AND NOT d.hub
    GROUP BY g.candidate_id
), hubs AS (
    SELECT n.candidate_id, list(n.node) AS nodes
    FROM candidate_nodes n
    JOIN candidate_members m ON m.candidate_id = n.candidate_id AND m.actor_id = n.actor_id
    WHERE m.place = 1
    GROUP BY n.candidate_id
)
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(n.supporters AS DOUBLE) AS value,
    CASE
        WHEN s.looked AND (NOT s.isolation_known OR s.ring_sureness < $sure_at_all) THEN 'low'
        WHEN s.isolation_known AND s.money_agrees THEN 'high'
        WHEN s.money_agrees OR s.dates_agree OR (s.looked AND s.ring_sureness >= $sure)
            THEN 'medium'
        ELSE 'low'
    END AS level, round(s.ring_sureness, 3) AS sureness,
    v.nodes AS domains, v.inner_links AS link_ids, t.targets, h.nodes AS hubs,
    struct_pack(target := t.target, first_tier := n.first_tier, supporters := n.supporters,
        tiers := n.tiers, rarity := s.rarity, isolation := s.isolation,
        isolation_known := s.isolation_known, endorsers := s.endorsers,
        money_anchors := s.money, days := s.span_days) AS detail
FROM candidate_stats s
JOIN counts n ON n.candidate_id = s.candidate_id
JOIN tops t ON t.candidate_id = s.candidate_id
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
LEFT JOIN hubs h ON h.candidate_id = s.candidate_id
WHERE s.kind = 'pyramid' AND s.rarity < $max_rarity AND s.isolation >= $min_isolation
