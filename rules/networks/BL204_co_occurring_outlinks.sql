/*
id = "BL204"
name = "co-occurring-outlinks"
family = "networks"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "scheme"
scheme = "private-blog-network"
group = "co-target"
policy = "link-spam/low-value-content"
requires = ["links.source_url"]
evaluable = "SELECT count(DISTINCT e.target) >= 4 AND EXISTS (SELECT 1 FROM links WHERE contains(source_url, '/')) FROM actor_edges e JOIN rare_targets r ON r.actor_id = e.target JOIN actors a ON a.actor_id = e.source WHERE e.credit AND NOT a.is_site"
not_evaluable = "the inputs hold fewer than four rarely linked targets, or no pages; add competitors' exports with full linking pages, or a crawl"
summary = "Pages of different owners carry nearly the same list of rarely linked sites, and hold those sites."
says = "{members} sites carry nearly the same list of links on a page; they hold beyond chance at least 30% of the referring domains of {captured_targets} of the sites listed (up to {capture:.0%})"
rationale = """
Who writes about a subject picks links; who sells them pastes the list. Two pages are alike when they
share four or more rarely linked targets and at least 60% of all that either links to (Jaccard).
Pages of one owner never count against each other, and of an owner at most twenty different lists
are compared, the longest ones. Owners that hang together by such pages are a group, and the group is
tested as in BL201: it must hold at least 30% of the referring domains of four targets beyond what
its share of all links gives, with one such link a member, and few others may link to its members
(isolation). Friends copy blog-rolls and members of a webring carry one list, so the lists alone
never say more than low, and dates do not change that: a new webring begins in one season. Medium takes
keyword anchors, high keyword anchors and a group that others are seen not to link to.
"""
false_positives = [
  "Friends who copied one blog-roll, or members of a webring with one list: low, however long it is.",
  "Clients of one designer: a footer names one or two sites, not four.",
  "One owner's sites with one template: a brand over several suffixes counts as one, declare the rest with --family.",
]
remediation = "Open two of the pages side by side. If the list was bought, ask for its removal or disavow the group; if friends share it, leave it."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
  { title = "Broder 1997: On the resemblance and containment of documents", read = 2026-11-23 },
]
[params]
min_captured = 4
min_isolation = 0.3
sure_at_all = 0.45
*/
WITH shown AS (  -- a listed link of each member
    SELECT m.candidate_id, m.actor_id, min(x.link_id) AS link_id
    FROM candidate_members m
    JOIN candidates c ON c.candidate_id = m.candidate_id AND c.kind = 'outlinks'
    JOIN captured_targets g ON g.candidate_id = m.candidate_id AND NOT g.is_site
    JOIN actors a ON a.node = g.target
    JOIN edge_examples x ON x.source = m.actor_id AND x.target = a.actor_id
    GROUP BY m.candidate_id, m.actor_id
), examples AS (
    SELECT candidate_id, list(link_id) AS links FROM shown GROUP BY candidate_id
)
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(s.captured AS DOUBLE) AS value,
    CASE
        WHEN s.looked AND (NOT s.isolation_known OR s.capture_sureness < $sure_at_all) THEN 'low'
        WHEN s.isolation_known AND s.money_agrees THEN 'high'
        WHEN s.money_agrees THEN 'medium'
        ELSE 'low'
    END AS level, round(s.capture_sureness, 3) AS sureness,
    v.nodes AS domains, coalesce(e.links, v.member_links) AS link_ids, v.captured_targets AS targets,
    struct_pack(members := s.size, captured_targets := s.captured, capture := s.capture,
        isolation := s.isolation, isolation_known := s.isolation_known,
        endorsers := s.endorsers, money_anchors := s.money, days := s.span_days) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
LEFT JOIN examples e ON e.candidate_id = s.candidate_id
WHERE s.kind = 'outlinks' AND s.captured >= $min_captured AND s.isolation >= $min_isolation
    AND s.captured_links >= s.size
