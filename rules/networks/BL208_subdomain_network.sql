/*
id = "BL208"
name = "subdomain-network"
family = "networks"
level = "medium"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "domain"
scheme = "subdomain-network"
group = "structure"
policy = "link-spam/low-value-content"
requires = []
evaluable = "SELECT count(*) > 0 FROM hosts WHERE host <> domain"
not_evaluable = "the inputs name registrable domains only, no hosts"
summary = "Many content subdomains of one domain link densely to each other, or all to the audited site."
says = "{subdomains} content subdomains of one domain, {linked_pairs} ordered pairs of them linked (density {density:.0%})"
rationale = """
One operator can make any number of hosts under one name and interlink them like independent sites.
Eight or more content subdomains of which at least half of all ordered pairs link, or that nearly all
point at the audited site, are one network. Platforms (private section of the Public Suffix List),
institutions, language editions and a company's own help, shop or blog are left out. In host mode
siblings are never counted as one family, or this would be invisible.
"""
false_positives = [
  "A magazine or wiki farm with a subdomain per topic and a common navigation bar.",
  "City or branch subdomains of one company (berlin., paris.) with a shared footer.",
]
remediation = "Decide once for the registrable domain."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_siblings = 8
min_density = 0.5
min_linking = 0.8
*/
SELECT s.domain AS subject, CAST(any_value(s.siblings) AS DOUBLE) AS value,
    CASE WHEN any_value(s.density) >= $min_density THEN 'medium' ELSE 'low' END AS level,
    list(DISTINCT n.node) AS domains, list(DISTINCT l.link_id) AS link_ids,
    list(DISTINCT g.target) AS targets,
    struct_pack(subdomains := any_value(s.siblings), linked_pairs := any_value(s.pairs),
        density := any_value(s.density), linking_to_site := any_value(s.linking),
        common_targets := list(DISTINCT g.says)) AS detail
FROM sibling_networks s
JOIN sibling_hosts h ON h.domain = s.domain
JOIN host_nodes m ON m.host_id = h.host_id
JOIN nodes n ON n.node_id = m.node_id
LEFT JOIN sibling_links l ON l.host_id = h.host_id
LEFT JOIN sibling_magnets g ON g.domain = s.domain
WHERE s.siblings >= $min_siblings
    AND (s.density >= $min_density OR s.linking >= greatest($min_siblings, $min_linking * s.siblings))
GROUP BY s.domain
