/*
# Change every line. This header is the documentation: reports and the rule's page are made of it.
id = "@ID"
name = "@NAME"
family = "@FAMILY"
level = "low"              # the most that it can say: info, low, medium, high
confidence = "low"         # how often it is right: low, medium, high
status = "experimental"
since = "0.1"
subject = "profile"        # what a row is about: link, domain, scheme, target_url, profile
# the group of evidence: structure, co-target, infrastructure, anchors, placement, time, policy, lexical
group = "lexical"
policy = "link-spam/optimized-anchor"  # a clause of docs/policy.md
requires = ["links.anchor"]  # columns without which it is not evaluable
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site; name it with --site"
summary = "Several sites use an anchor that holds one word."
says = "{sites} sites use the word {word} in an anchor"
rationale = """
CHANGE: why does it matter, and what else would explain it? Sites that do not know each other seldom
choose the same word for the same page, so the owners (not the links) that use it are counted.
"""
false_positives = [
  "CHANGE: who looks like that and is innocent? Shops whose own name holds the word.",
]
remediation = "CHANGE: what should the reader do? Look at the sites one by one; the word alone proves nothing."
references = [{ title = "CHANGE: where was this read, or on what was it measured?", read = @TODAY }]
points = { low = 2 }  # up to the cap of the group; a level without points is said, not counted
[params]
word = "casino"
min_sites = 3
*/
-- A row is a finding: subject, value, domains (they carry the points), link_ids (evidence), detail.
SELECT any_value(t.node) AS subject, CAST(count(DISTINCT u.source_actor) AS DOUBLE) AS value,
    list(DISTINCT n.node) AS domains, list(DISTINCT u.link_id) AS link_ids,
    struct_pack(sites := count(DISTINCT u.source_actor), word := $word) AS detail
FROM anchor_uses u  -- links that may pass credit: neither lost nor nofollow
JOIN anchor_texts a ON a.text_id = u.text_id
JOIN nodes n ON n.node_id = u.source_id AND NOT n.trusted
JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
WHERE contains(a.words, ' ' || $word || ' ') AND u.class <> 'brand'
GROUP BY u.target_actor
HAVING count(DISTINCT u.source_actor) >= $min_sites
