/*
id = "BL703"
name = "nofollow-profile"
family = "policy"
level = "info"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "policy"
policy = "link-spam/buying-selling"
requires = ["links.rel"]
evaluable = "SELECT count(*) >= $min_owners FROM (SELECT actor_id FROM referring_nodes GROUP BY actor_id HAVING sum(unknown_rel) = 0 AND sum(followed + nofollow) > 0) AS known"
not_evaluable = "fewer than 20 domains with a known rel link to an audited site; name the site with --site or add an export that states nofollow"
summary = "How much of the profile is nofollow, where that is far from ordinary."
says = "{nofollow} of {owners} referring domains link with nofollow, ugc or sponsored only ({share:.0%})"
rationale = """
An ordinary profile has both: comments, encyclopedias and newspapers qualify their links, blogs do not.
Where none of a hundred domains qualifies, links may have been placed where they count, or the export
leaves nofollow out; where four fifths do, the links come from comments, forums and paid places and
hardly matter either way. Both are told as a fact about the whole profile. It singles nobody out and is
worth nothing.
"""
false_positives = [
  "An export that was filtered to followed links before it was saved.",
  "A niche of personal sites that never qualify a link.",
  "A site known from encyclopedias, forums and social networks, which qualify everything.",
]
remediation = "Nothing to do. Read it beside the other findings."
references = [
  { title = "Google Search Central: qualify outbound links", read = 2026-11-23 },
]
[params]
min_owners = 20
min_none = 100
min_share = 0.8
*/
WITH owners AS (
    SELECT actor_id, sum(followed) AS followed
    FROM referring_nodes
    GROUP BY actor_id
    HAVING sum(unknown_rel) = 0 AND sum(followed + nofollow) > 0
), counted AS (
    SELECT count(*) AS owners, count(CASE WHEN followed = 0 THEN 1 END) AS nofollow FROM owners
)
SELECT (SELECT min(node) FROM actors WHERE is_site) AS subject,
    CAST(c.nofollow AS DOUBLE) / greatest(c.owners, 1) AS value,
    CAST(NULL AS VARCHAR[]) AS domains, CAST(NULL AS BIGINT[]) AS link_ids,
    struct_pack(nofollow := c.nofollow, owners := c.owners,
        share := CAST(c.nofollow AS DOUBLE) / greatest(c.owners, 1)) AS detail
FROM counted c
WHERE (c.owners >= $min_none AND c.nofollow = 0)
    OR (c.owners >= $min_owners AND c.nofollow >= $min_share * c.owners)
