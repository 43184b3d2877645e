/*
id = "BL304"
name = "link-seller"
family = "anchors"
level = "high"
confidence = "high"
status = "stable"
since = "0.1"
subject = "domain"
group = "anchors"
policy = "link-spam/buying-selling"
requires = ["links.anchor"]
summary = "The anchor speaks of links for sale; with a way to reach the seller it is an offer."
says = "the anchor speaks of links for sale, contact: {contact}, which {sites_with_contact} site(s) carry: '{example}'"
rationale = """
Injected pages advertise the injector's trade: "dofollow backlinks", a messenger, a price. An anchor
with such a phrase AND a contact is an offer where at least half of the source's links are offers,
or anybody could condemn a blog by one comment. It decides by itself only where unrelated sites
carry the same contact: a seller injects many, while somebody who quotes an offer stands alone and
ends at review. A phrase without a contact is a topic that SEO sites write about and stays low. The
site's own vertical is exempt: where the phrase is among the given keywords or brand terms, the rule
is silent.
"""
false_positives = [
  "An SEO agency or tool whose own subject is links: give its terms with --keywords or --brand.",
  "An article about link selling that quotes an offer.",
]
remediation = "Nothing is owed to a spammer: Google ignores most of these. With a manual action, disavow the domain."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_share = 0.5
min_sites = 2
*/
WITH offers AS (
    SELECT text_id, text, phrase, coalesce(
        nullif(regexp_extract(text, '(^|[^a-z0-9.-])((t|wa)\.me/[a-z0-9_+-]+)', 2), ''),
        nullif(regexp_extract(text,
            '(telegram|whatsapp|skype|tg)[ :.-]*(@[a-z0-9_]{4,}|\+[0-9][0-9 -]{6,})', 2), ''),
        nullif(regexp_extract(text, '(^|[^a-z0-9._-])(@[a-z0-9_]{4,})', 2), ''),
        nullif(regexp_extract(text, '([a-z0-9._-]+@[a-z0-9-]+\.[a-z.]+)', 1), '')) AS contact
    FROM sale_texts
), used AS (
    SELECT n.node AS source, a.source_actor, a.links, a.link_id, o.text, o.phrase, o.contact
    FROM offers o
    JOIN anchor_uses a ON a.text_id = o.text_id AND a.class <> 'brand'
    JOIN nodes n ON n.node_id = a.source_id
), sellers AS (
    SELECT contact, count(DISTINCT source_actor) AS sites FROM used GROUP BY contact
)
SELECT u.source AS subject, CAST(sum(u.links) AS DOUBLE) AS value,
    CASE
        WHEN sum(CASE WHEN u.contact IS NOT NULL THEN u.links ELSE 0 END)
            < greatest(1, $min_share * any_value(w.links)) THEN 'low'
        WHEN max(CASE WHEN u.contact IS NOT NULL THEN s.sites END) >= $min_sites THEN 'high'
        ELSE 'medium'
    END AS level,
    list(DISTINCT u.source) AS domains, list(DISTINCT u.link_id) AS link_ids,
    struct_pack(phrase := min(u.phrase), example := min(left(u.text, 200)),
        contact := coalesce(min(u.contact), 'none'),
        sites_with_contact := coalesce(max(CASE WHEN u.contact IS NOT NULL THEN s.sites END), 0))
        AS detail
FROM used u
LEFT JOIN sellers s ON s.contact = u.contact
JOIN owner_anchors w ON w.source_actor = u.source_actor
GROUP BY u.source
