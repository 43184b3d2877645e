/*
id = "BL406"
name = "repurposed-domain"
family = "sources"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "domain"
group = "time"
policy = "link-spam/low-value-content"
requires = ["links.first_seen", "links.anchor"]
evaluable = "SELECT count(*) > 0 FROM owner_histories WHERE outs >= $min_outs AND ins >= $min_ins AND EXISTS (SELECT 1 FROM keywords)"
not_evaluable = "no domain that links to the audited site has dated links both to it and from it, or no keywords were given; add a graph export with first-seen dates (all links of the referring domains and the links to them), and --keywords"
summary = "A domain that was linked to years ago and began to link out all at once, with keywords of the site."
says = "{inside} of {outs} links of the domain began within 90 days from {from_day}; {old} of {ins} links to it are more than a year older; odds 1 in 10^{decades:.0f} by everybody else's dates"
rationale = """
An expired domain is bought for the links that it once earned: those are old, and all that it links to
is new. At least 80% of its links began within 90 days, at least three and half of the links to it are
more than a year older than that, and at the rate at which everybody else's links began in those days
it must be unlikely (a scan bound, as in BL603), or a crawl that began then dates all alike. A redesign
and a tool that came late to an honest site look just so; therefore most of its links to the site must
use the given keywords, one such domain is low, and only three of them, as a dealer has on
stock, are medium. Links from trusted sites are not counted as old ones, though expired domains have
them: an endorsement must never weigh against anybody.
"""
false_positives = [
  "A site after a redesign: new addresses, so new links, but seldom keywords.",
  "A site that the tool crawled late, linked to by pages that it crawled early.",
  "A blog that woke up after years of silence.",
]
remediation = "Look at an old copy of the domain in a web archive. A shop on a former school's domain is repurposed; a new design is not."
references = [
  { title = "Google Search Central: spam policies, expired domain abuse and link spam", read = 2026-11-23 },
]
[params]
min_outs = 5
min_ins = 3
min_share = 0.8
min_old = 3
min_old_share = 0.5
min_decades = 3
several = 3
*/
WITH judged AS (
    SELECT h.*, a.money_link_id, -(ln(h.inside) + (h.inside - 1)
        * ln((h.others_inside + 1.0) / (h.others + 2.0))) / ln(10.0) AS decades
    FROM owner_histories h
    JOIN owner_anchors a ON a.source_actor = h.actor_id
        AND 2 * a.money_links > a.links AND NOT a.inferred
    WHERE h.outs >= $min_outs AND h.ins >= $min_ins AND h.inside >= $min_share * h.outs
        AND h.old >= $min_old AND h.old >= $min_old_share * h.ins
), found AS (
    SELECT j.*, count(*) OVER () AS many FROM judged j WHERE j.decades >= $min_decades
)
SELECT any_value(a.node) AS subject, CAST(any_value(f.inside) AS DOUBLE) / any_value(f.outs) AS value,
    CASE WHEN any_value(f.many) >= $several THEN 'medium' ELSE 'low' END AS level,
    list(DISTINCT m.source) AS domains, list(DISTINCT f.money_link_id) AS link_ids,
    struct_pack(outs := any_value(f.outs), inside := any_value(f.inside),
        from_day := CAST(any_value(f.start) AS VARCHAR), ins := any_value(f.ins),
        old := any_value(f.old), oldest := CAST(any_value(f.oldest) AS VARCHAR),
        decades := any_value(f.decades), such_domains := any_value(f.many)) AS detail
FROM found f
JOIN actors a ON a.actor_id = f.actor_id
JOIN money_uses m ON m.source_actor = f.actor_id AND NOT m.inferred
GROUP BY f.actor_id
