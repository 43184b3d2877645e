/*
id = "BL207"
name = "naming-generator"
family = "networks"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "scheme"
scheme = "generated-names"
group = "infrastructure"
policy = "link-spam/automated"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM (SELECT link_id FROM profile_links WHERE regexp_matches(source_url, '^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]+/[^/?#]') LIMIT 1) AS l"
not_evaluable = "the source URLs hold no paths; use an export with full linking pages"
summary = "Domains that differ only in a number link from the same path, or with the same words to the same page."
says = "{members} domains named {shape} with numbers {first} to {last}; {sharing} of them link from {key}"
rationale = """
Somebody who registers names by the dozen counts them: seo-anomaly-1.xyz to seo-anomaly-89.xyz. Five or
more owners whose names are one text with different numbers, close together (at most three times as
many numbers as names), are a series, and 60% of it must link from the same path, or with the same
words to the same page. How a name looks is never judged: numbers in names mean nothing by
themselves. Medium asks for a path that sites do not have by nature, at least eight letters besides
the number, no years, no sub-hosts of a platform, and known anchors most of which say something else
than brand names, addresses and "here". Even that is what numbered pharmacies, scout troops and
schools with one vendor look like, so it stays below what agrees with other evidence.
"""
false_positives = [
  "Numbered branches, troops, unions or schools with one template: they credit its maker from one path.",
  "A conference or a race with a site a year: years are low.",
  "Radio or television stations (radio1, radio2): the names are short, so it is low.",
  "Mirrors of an encyclopedia: their paths are left out.",
  "Numbered blogs of one platform (blog1, blog2): strangers, low.",
]
remediation = "Open two of the sites. A series without a reader belongs in the file with whatever else accuses it; numbered branches of something real do not."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_members = 5
min_share = 0.6
min_letters = 8
max_branded = 0.5
first_year = 1900
last_year = 2100
*/
WITH series AS (
    SELECT shape, count(DISTINCT actor_id) AS members, min(number) AS first, max(number) AS last,
        max(letters) AS letters, bool_or(is_platform) AS platform
    FROM numbered_names GROUP BY shape
), shared AS (
    SELECT shape, kind, key, count(DISTINCT actor_id) AS sharing
    FROM numbered_pages
    GROUP BY shape, kind, key
    HAVING count(DISTINCT actor_id) >= $min_members
), best AS (  -- a path before words, then what most share
    SELECT s.*, g.members, g.first, g.last, g.letters, g.platform
    FROM shared s JOIN series g ON g.shape = s.shape
    WHERE s.sharing >= $min_share * g.members
    QUALIFY row_number() OVER (PARTITION BY s.shape
        ORDER BY s.kind DESC, s.sharing DESC, s.key) = 1
), anchors AS (
    SELECT p.shape, count(CASE WHEN o.known > 0 THEN 1 END) AS known,
        count(CASE WHEN o.known > 0 AND u.plain > 0 THEN 1 END) AS branded
    FROM best b
    JOIN numbered_pages p ON p.shape = b.shape AND p.kind = b.kind AND p.key = b.key
    LEFT JOIN owner_anchors o ON o.source_actor = p.actor_id
    LEFT JOIN (
        SELECT source_actor,
            sum(CASE WHEN class IN ('brand', 'naked', 'generic', 'empty') THEN 1 ELSE 0 END) AS plain
        FROM anchor_uses GROUP BY source_actor
    ) u ON u.source_actor = p.actor_id
    GROUP BY p.shape
)
SELECT b.shape AS subject, CAST(b.sharing AS DOUBLE) AS value,
    CASE
        WHEN b.platform OR b.kind <> 'path' OR (b.first >= $first_year AND b.last <= $last_year)
            THEN 'low'
        WHEN b.letters >= $min_letters AND a.known >= $min_share * b.sharing
            AND a.branded < $max_branded * a.known THEN 'medium'
        ELSE 'low'
    END AS level,
    list(DISTINCT n.node) AS domains, list(DISTINCT p.link_id) AS link_ids,
    struct_pack(shape := b.shape, members := b.members, sharing := b.sharing, first := CAST(b.first AS VARCHAR),
        last := CAST(b.last AS VARCHAR), key := left(b.key, 120), brand_anchors := a.branded,
        known_anchors := a.known) AS detail
FROM best b
JOIN anchors a ON a.shape = b.shape
JOIN numbered_pages p ON p.shape = b.shape AND p.kind = b.kind AND p.key = b.key
JOIN numbered_names n ON n.shape = p.shape AND n.actor_id = p.actor_id
GROUP BY b.shape, b.kind, b.key, b.sharing, b.members, b.first, b.last, b.letters, b.platform,
    a.known, a.branded
