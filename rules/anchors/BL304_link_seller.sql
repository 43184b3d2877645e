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
says = "the anchor speaks of links for sale (with a contact: {contact}): '{example}'"
rationale = """
Injected pages advertise the injector's trade: "dofollow backlinks", a messenger, a price. An
anchor with such a phrase AND a contact is an offer and decides by itself where at least half of the
source's links are offers, or anybody could condemn a blog by one comment; a phrase without a contact
is a topic that SEO sites write about and stays low. The site's own vertical is exempt: where the
phrase is among the given keywords or brand terms, the rule is silent.
"""
false_positives = [
  "An SEO agency or tool whose own subject is links: give its terms with --keywords or --brand.",
  "An article about link selling that quotes an offer.",
]
remediation = "Nothing is owed to a spammer: Google ignores most of these. With a manual action, disavow the domain."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
min_share = 0.5
*/
WITH phrases AS (
    SELECT p.entry, p.words FROM seller_phrases p
    WHERE NOT EXISTS (SELECT 1 FROM keywords k WHERE contains(k.words, p.words))
), whole AS (
    SELECT source, count(*) AS links FROM anchor_links GROUP BY source
), offers AS (
    SELECT c.target, c.text, min(p.entry) AS phrase,
        bool_or(regexp_matches(c.text, '(^|[^a-z0-9.-])(t|wa)\.me/|(telegram|whatsapp|skype|tg)[ :.-]*(@[a-z0-9_]{4,}|\+[0-9][0-9 -]{6,})|[a-z0-9._-]+@[a-z0-9-]+\.[a-z]'))
            AS contact
    FROM anchor_classes c
    JOIN phrases p ON contains(c.words, p.words)
    WHERE c.class <> 'brand'
    GROUP BY c.target, c.text
)
SELECT a.source AS subject, CAST(count(DISTINCT a.link_id) AS DOUBLE) AS value,
    CASE WHEN count(DISTINCT CASE WHEN o.contact THEN a.link_id END)
            >= greatest(1, $min_share * any_value(w.links))
        THEN 'high' ELSE 'low' END AS level,
    list(DISTINCT a.source) AS domains, list(DISTINCT a.link_id) AS link_ids,
    struct_pack(phrase := min(o.phrase), example := min(left(o.text, 200)),
        contact := bool_or(o.contact)) AS detail
FROM offers o
JOIN anchor_links a ON a.target = o.target AND a.text = o.text
JOIN whole w ON w.source = a.source
GROUP BY a.source
