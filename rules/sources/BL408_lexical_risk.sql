/*
id = "BL408"
name = "lexical-risk"
family = "sources"
level = "low"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "lexical"
policy = "link-spam/automated"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site; name it with --site"
summary = "Several referring domains have names with the same marks of throw-away names."
says = "the names of {domains_with} of {referring_domains} referring domains have these marks together: {marks}, for example {example}"
rationale = """
Names made for search engines have many hyphens, numbers, length, and words of the spam trades. What
such marks are worth does not carry over from one collection to another: two hyphens meant spam in 46%
of the hosts of one judged collection and in 14% of another. So at least two of four marks must agree
(three hyphens, four digits, 25 letters, a trade's word between hyphens), on at least five owners and
2% of the profile, and only with a word of the trades is it worth points, three at most. How letters
follow each other is never looked at: it misfires on every language but the one it was fitted to.
Words among the given keywords are the site's own trade and do not count.
"""
false_positives = [
  "German and Dutch names, long or with many hyphens: one mark, or two without a trade's word, which inform only.",
  "Names in other scripts, which are written as xn-- with hyphens and digits: left out.",
  "A club or town with its name written out, a year in it: informs only.",
  "Names that users of a platform chose: left out.",
  "A site of such a trade itself, linked by its colleagues: give its words with --keywords.",
]
remediation = "Nothing by itself. Look whether other rules find the same domains."
references = [
  { title = "measurement on two collections of judged hosts: share of spam by hyphens of the name", read = 2026-11-23 },
]
[params]
min_owners = 5
min_share = 0.02
min_marks = 2
min_hyphens = 3
min_digits = 4
min_length = 25
*/
WITH labels AS (
    SELECT e.target, e.source, x.source_node AS node, x.link_id,
        split_part(n.domain, '.', 1) AS label
    FROM actor_edges e
    JOIN actors t ON t.actor_id = e.target AND t.is_site
    JOIN actors s ON s.actor_id = e.source AND NOT s.trusted AND NOT s.own AND NOT s.is_ip
    -- an edge that passes no credit has no example
    JOIN edge_examples x ON x.source = e.source AND x.target = e.target
    JOIN nodes n ON n.node = x.source_node AND NOT n.is_platform
), trades AS (
    SELECT words FROM injected_words i
    WHERE NOT EXISTS (SELECT 1 FROM keywords k WHERE contains(k.words, i.words))
), spoken AS (
    SELECT DISTINCT l.label
    FROM (SELECT DISTINCT label FROM labels WHERE contains(label, '-')) l
    JOIN trades w ON contains(' ' || replace(l.label, '-', ' ') || ' ', w.words)
), marked AS (
    SELECT l.*,
        length(l.label) - length(replace(l.label, '-', '')) >= $min_hyphens AS hyphens,
        length(l.label) - length(regexp_replace(l.label, '[0-9]', '', 'g')) >= $min_digits
            AS digits,
        length(l.label) >= $min_length AS long, s.label IS NOT NULL AS trade
    FROM labels l LEFT JOIN spoken s ON s.label = l.label
    WHERE NOT starts_with(l.label, 'xn--')
), combined AS (
    SELECT m.*, trim(CASE WHEN hyphens THEN 'hyphens ' ELSE '' END
            || CASE WHEN digits THEN 'digits ' ELSE '' END
            || CASE WHEN long THEN 'length ' ELSE '' END
            || CASE WHEN trade THEN 'trade' ELSE '' END) AS marks
    FROM marked m
    WHERE CASE WHEN hyphens THEN 1 ELSE 0 END + CASE WHEN digits THEN 1 ELSE 0 END
        + CASE WHEN long THEN 1 ELSE 0 END + CASE WHEN trade THEN 1 ELSE 0 END >= $min_marks
), counted AS (
    SELECT target, replace(marks, ' ', ' + ') AS marks, bool_or(trade) AS trade, count(*) AS k,
        min(node) AS example, list(node) AS domains, list(link_id) AS link_ids
    FROM combined GROUP BY target, marks
), totals AS (
    SELECT target, count(*) AS n FROM actor_edges GROUP BY target
)
SELECT a.node || ': names with ' || c.marks AS subject, CAST(c.k AS DOUBLE) AS value,
    CASE WHEN c.trade THEN 'low' ELSE 'info' END AS level,
    CASE WHEN c.trade THEN c.domains END AS domains, c.link_ids,
    struct_pack(marks := c.marks, domains_with := c.k, referring_domains := t.n,
        example := c.example) AS detail
FROM counted c
JOIN totals t ON t.target = c.target
JOIN actors a ON a.actor_id = c.target
WHERE c.k >= $min_owners AND c.k >= $min_share * t.n
