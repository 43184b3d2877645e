/*
id = "BL404"
name = "guest-posts-at-scale"
family = "sources"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/optimized-anchor"
requires = ["links.anchor", "links.source_url"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site AND EXISTS (SELECT 1 FROM keywords)"
not_evaluable = "no audited site, or no keywords to know an optimised anchor by; name them with --site and --keywords"
summary = "Guest articles and author pages on many sites that link to inner pages of the site with its keywords."
says = "{placed} of {guests} sites with guest articles or author pages link to an inner page with a keyword, for example '{example}'; elsewhere {elsewhere:.0%} of the sites use keywords"
rationale = """
A guest article is honest work, and so is the name of its author's firm beneath it. What the policy
names is the campaign: articles on many sites, each with one link to the page that shall rank, and the
keyword of that page as its text. So an owner counts only where the URL says guest, contributor or author,
the link goes below the home page, most of its links use the given keywords, and it links to at
most two pages of the site; ten such owners are needed, at least half of all owners with guest
pages, and three times the share of keywords that everybody else has (with ten owners at 5% added), or the
guests do only what all do. Most guest articles stand under plain URLs and are not seen by this rule.
"""
false_positives = [
  "A columnist or an expert who writes in many places: the brand or the own name as anchor, more than two pages.",
  "A site that everybody calls by its keyword: name it with --brand.",
  "A contributor who explains a subject and links to the page about it: ten sites of that kind are needed.",
]
remediation = "Ask the agency for the list of placements, and have the links qualified with rel=nofollow or rel=sponsored."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_owners = 10
min_share = 0.5
times = 3
medium_share = 0.2
*/
WITH guests AS (
    SELECT target_actor, count(*) AS guests, count(CASE WHEN placed THEN 1 END) AS placed
    FROM guest_owners GROUP BY target_actor
), referring AS (
    SELECT target_actor, count(DISTINCT source_actor) AS n FROM anchor_uses GROUP BY target_actor
), rest AS (
    SELECT r.target_actor, count(*) AS n,
        count(CASE WHEN 2 * a.money_links > a.links AND NOT a.inferred THEN 1 END) AS money
    FROM (SELECT DISTINCT target_actor, source_actor FROM anchor_uses) r
    JOIN actors s ON s.actor_id = r.source_actor AND NOT s.trusted
    JOIN owner_anchors a ON a.source_actor = r.source_actor AND a.known > 0
    LEFT JOIN guest_owners g ON g.target_actor = r.target_actor AND g.source_actor = r.source_actor
    WHERE g.source_actor IS NULL
    GROUP BY r.target_actor
), judged AS (
    SELECT g.target_actor, g.guests, g.placed, r.n AS referring,
        (coalesce(e.money, 0) + 0.5) / (coalesce(e.n, 0) + 10.0) AS elsewhere
    FROM guests g
    JOIN referring r ON r.target_actor = g.target_actor
    LEFT JOIN rest e ON e.target_actor = g.target_actor
)
SELECT any_value(s.node) AS subject, CAST(any_value(j.placed) AS DOUBLE) AS value,
    CASE WHEN any_value(j.placed) >= $medium_share * any_value(j.referring) THEN 'medium'
        ELSE 'low' END AS level,
    list(DISTINCT n.node) AS domains, list(DISTINCT g.money_link_id) AS link_ids,
    struct_pack(placed := any_value(j.placed), guests := any_value(j.guests),
        referring_domains := any_value(j.referring), elsewhere := any_value(j.elsewhere),
        example := min(left(m.text, 120))) AS detail
FROM judged j
JOIN guest_owners g ON g.target_actor = j.target_actor AND g.placed
JOIN money_uses m ON m.source_actor = g.source_actor AND NOT m.inferred
JOIN nodes n ON n.node_id = m.source_id
JOIN actors s ON s.actor_id = j.target_actor
WHERE j.placed >= $min_owners AND j.placed >= $min_share * j.guests
    AND j.placed >= $times * j.elsewhere * j.guests
GROUP BY j.target_actor
