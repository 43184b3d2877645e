/*
id = "BL603"
name = "scheme-dates"
family = "time"
level = "medium"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "scheme"
group = "time"
policy = "link-spam/automated"
requires = ["links.first_seen"]
evaluable = "SELECT count(*) > 0 FROM actor_edges WHERE first_seen IS NOT NULL"
not_evaluable = "none of the dates could be read"
summary = "All links of a scheme appeared within 90 days."
says = "the first links between the group, and of each member to the site, {links} in all, began within {days} days; by the dates of all other links the odds are 1 in 10^{decades:.0f}"
rationale = """
A network that is set up for a customer appears at once. The links inside a group and those to the audited
site must have begun within 90 days, and that must be unlikely at the rate at which everybody else's links
began in the same window: a crawl that started last month dates everything alike and says nothing. The
rule adds to a scheme that another rule has found and never makes one.
"""
false_positives = [
  "A conference, a launch or a news event: it needs another rule to make a scheme of it.",
  "An export that dates links by its own first crawl.",
]
remediation = "Compare the window with campaigns and contracts of that time."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
max_days = 90
min_decades = 3
*/
SELECT CAST(s.candidate_id AS VARCHAR) AS subject, s.date_decades AS value,
    v.nodes AS domains, v.member_links AS link_ids,
    struct_pack(links := s.dated_links, days := s.span_days, decades := s.date_decades) AS detail
FROM candidate_stats s
JOIN candidates_shown v ON v.candidate_id = s.candidate_id
WHERE s.span_days <= $max_days AND s.date_decades >= $min_decades
