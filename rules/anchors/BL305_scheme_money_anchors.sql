/*
id = "BL305"
name = "scheme-money-anchors"
family = "anchors"
level = "high"
confidence = "high"
status = "stable"
since = "0.1"
subject = "scheme"
group = "anchors"
policy = "link-spam/optimized-anchor"
requires = ["links.anchor"]
summary = "Members of a scheme mostly use money anchors, far more of them than of the rest of the profile."
says = "{members_with_money_anchor} of {members_with_anchor} members use money anchors in most of their links, for example '{example}'; against the rest of the profile odds of 1 in 10^{decades:.0f}"
rationale = """
A share of the whole profile (BL301) cannot see twelve paid links among three thousand free ones.
Held against the rest of the same profile it can: the number of members most of whose links use
keyword anchors is tested by the binomial tail at the rate of the owners outside any suspicious
group, of whom there must be twenty. Half of the members make it high, or fewer where the odds are
below one in a million: who pays for many links varies their anchors. Most of them, because who links often uses a keyword once in a
while. The members that use them carry it, and all members of a community from a sureness of .6
(BL202) on: chance cannot make it, hardly anyone outside knows it, and a farm is one owner's, who
leaves some anchors harmless. Of a group with a shared footprint only the links on the shared pages count. The rule adds to
a scheme that another rule has found and never makes one.
Without keywords a repeated text only counts as low, because it may be the page's own title.
"""
false_positives = [
  "A group that quotes the title of one article, when no keywords were given.",
  "A club whose subject is the keyword: its members have no other word for the site.",
  "A member of a farm whose own anchors are harmless: look at who owns it before the whole farm goes.",
]
remediation = "Read the anchors one below the other: were they placed to order? What your keywords are decides how far they can be trusted."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_members = 3
min_share = 0.3
high_share = 0.5
min_decades = 3
high_decades = 6
whole = 0.6
min_rest = 20
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, s.money_decades AS value,
    CASE WHEN s.inferred THEN 'low'
        WHEN s.money >= $high_share * s.anchored OR s.money_decades >= $high_decades THEN 'high'
        ELSE 'medium' END AS level,
    CASE WHEN level = 'high' AND s.dense_sureness >= $whole THEN v.nodes ELSE v.money_nodes END
        AS domains, v.money_links AS link_ids,
    struct_pack(members_with_money_anchor := s.money, members_with_anchor := s.anchored,
        decades := s.money_decades, inferred := s.inferred, example := v.money_text) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.money >= $min_members AND s.money >= $min_share * s.anchored
    AND s.money_decades >= $min_decades AND s.rest >= $min_rest
