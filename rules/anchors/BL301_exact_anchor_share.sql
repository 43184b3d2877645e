/*
id = "BL301"
name = "exact-anchor-share"
family = "anchors"
level = "high"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "target_url"
group = "anchors"
policy = "link-spam/optimized-anchor"
requires = ["links.anchor"]
evaluable = "SELECT count(*) > 0 FROM anchor_totals WHERE n >= $min_domains"
not_evaluable = "no page has anchors from 20 or more referring domains"
summary = "Too large a share of a page's referring domains use one and the same money anchor."
says = "{domains_using} of {domains_with_anchor} referring domains use the anchor '{anchor}'; the share is above {lower_bound:.0%} with 95% certainty"
rationale = """
People who link freely use the brand, the address or their own words. The share of referring domains
(not links) with one text is held against a Beta prior with mean 5% and the weight of ten domains;
the one-sided lower 95% bound decides, so a handful of links never speaks: with 20 domains it takes
40%, 65% or 95% for low, medium or high. Without keywords a repeated text may be the page's own title,
so it is judged two steps more mildly.
"""
false_positives = [
  "An exact-match domain or a brand made of ordinary words: name it with --brand.",
  "People quoting the title of an article.",
]
remediation = "Ask agencies to stop placing keyword anchors; disavow only sources that other evidence condemns as well."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_domains = 20
low = 0.15
medium = 0.30
high = 0.50
*/
SELECT s.target_url AS subject, b.bound AS value,
    CASE
        WHEN s.class = 'other' THEN CASE WHEN b.bound > $high THEN 'low' ELSE 'info' END
        WHEN b.bound > $high THEN 'high'
        WHEN b.bound > $medium THEN 'medium'
        ELSE 'low'
    END AS level,
    list(DISTINCT n.node) AS domains, list(a.link_id) AS link_ids,
    struct_pack(anchor := coalesce(s.anchor, 'all exact keywords'), class := s.class,
        domains_using := s.k, domains_with_anchor := s.n,
        share := CAST(s.k AS DOUBLE) / s.n, lower_bound := b.bound) AS detail
FROM anchor_shares s
JOIN anchor_bounds b ON b.k = s.k AND b.n = s.n
JOIN anchor_uses a ON a.target_url = s.target_url
    AND ((s.text_id IS NULL AND a.class = 'exact') OR a.text_id = s.text_id)
JOIN nodes n ON n.node_id = a.source_id
WHERE s.n >= $min_domains AND b.bound > $low
GROUP BY s.target_url, s.anchor, s.class, s.k, s.n, b.bound
