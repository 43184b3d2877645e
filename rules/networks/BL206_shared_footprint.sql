/*
id = "BL206"
name = "shared-footprint"
family = "networks"
level = "high"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "scheme"
scheme = "footprint-network"
group = "infrastructure"
policy = "link-spam/low-value-content"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM (SELECT link_id FROM profile_links WHERE title <> '' OR regexp_matches(source_url, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]+([/?][^#]*[^/#])') LIMIT 1) AS l"
not_evaluable = "the source URLs hold no paths and there are no page titles; use an export with full linking pages"
summary = "Unrelated sites carry the same page titles, article slugs or opaque ids around their links."
says = "{sharing_one} of {members} sites share a page signature ({kinds} kind(s)), for example {example}"
rationale = """
Texts that are written once and placed on many sites keep their title, their slug or an opaque id.
Sites that share such rare signatures are clustered, brands over several suffixes counting as one.
The level follows what the shared pages say: high only for two kinds of signature with keyword
anchors that differ from copy to copy of one text (a story that is copied carries its one anchor
along, and an editor changes it here and there: two thirds with the same anchor are no second fact),
low where the anchors are brand names or bare URLs,
because that is what a press release or one publisher's editions look like. Unknown anchors may be
brand names, so without them it stays low. What the sites write on other pages is left out.
"""
false_positives = [
  "A press release or agency story on many news sites: brand anchors, often nofollow.",
  "Editions of one publisher, or franchises of one company.",
  "A widely copied quotation or licence text.",
]
remediation = "Open three of the pages side by side. If you or an agency placed them, disavow the group; if a newswire did, leave it."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_members = 4
min_share = 0.6
min_money = 0.5
min_texts = 3
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, CAST(s.signature_members AS DOUBLE) AS value,
    CASE
        WHEN s.branded >= 0.5 * s.anchored THEN 'low'
        WHEN s.signature_kinds >= 2 AND s.money_agrees AND s.money_texts >= $min_texts
            AND s.money >= $min_money * s.anchored THEN 'high'
        WHEN s.signature_kinds >= 2 OR s.money_agrees THEN 'medium'
        ELSE 'low'
    END AS level,
    v.nodes AS domains, v.member_links AS link_ids,
    struct_pack(members := s.size, kinds := s.signature_kinds,
        sharing_one := s.signature_members, money_anchors := s.money,
        brand_anchors := s.branded, known_anchors := s.anchored, days := s.span_days,
        example := v.signature) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.kind = 'footprint' AND s.size >= $min_members
    AND s.signature_members >= $min_members AND s.signature_members >= $min_share * s.size
