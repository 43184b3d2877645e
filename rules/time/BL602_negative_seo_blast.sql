/*
id = "BL602"
name = "negative-seo-blast"
family = "time"
level = "info"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "time"
policy = "link-spam/automated"
requires = ["links.first_seen", "links.anchor"]
evaluable = "SELECT count(*) > 0 FROM week_history WHERE weeks >= $min_weeks AND day_share <= $max_day_share"
not_evaluable = "no audited site has 12 weeks of dated links before a week with new ones, or most links have one and the same date, which is when a tool looked; name the site with --site and use an export with the full history of first-seen dates"
summary = "A burst of links that have nothing to do with the site or its earlier links: likely an attack, which Google normally ignores."
says = "{signed} of {owners} new referring domains in the week from {from_day} share a sign of spam that the earlier profile does not have ({anchor}), for example '{example}'; likely an attack, which Google normally ignores"
rationale = """
Nobody buys links in a script that customers cannot read, or under the words of casinos and pills,
for a shop that sells tents. Where a week is a burst by the site's own history (see BL601), most of it
has one such sign (anchors in a script foreign to the site, words of spam trades, or one
text on nearly all), at most a twentieth of the earlier referring owners have it, and hardly any of
its anchors was seen before, somebody else is the likely author. The label is worth no points: it
tells the owner of the site why not to worry. Anchors with the brand or the given keywords
count for none of the signs, for those are what an owner would buy; one text on all is a sign only
where keywords were given, or it might be one of them. Where institutions or known publishers link
in that week or the next it is news, and the rule is silent.
"""
false_positives = [
  "A story in a foreign press, in its own script: the label is wrong and harms nobody.",
  "A headline or a quotation that many repeat in a week.",
  "A site of that trade or in that language: its earlier links speak the same words.",
]
remediation = "Nothing to do: Google normally ignores such links. Keep the finding in case a manual action names them."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_weeks = 12
max_day_share = 0.5
min_signed = 0.5
min_same = 0.8
max_earlier = 0.05
max_known = 0.2
max_trusted = 0.1
spam = "casino|casinos|poker|slots|gambling|betting|viagra|cialis|levitra|pills|porn|porno|sex|xxx|escort|escorts|payday|replica|steroids"
*/
WITH burst AS (
    SELECT target_actor, week, owners FROM bursts
    WHERE weeks >= $min_weeks AND day_share <= $max_day_share
        AND trusted <= $max_trusted * owners
), uses AS (
    SELECT DISTINCT a.target_actor, a.source_actor, a.text_id, a.class
    FROM anchor_uses a JOIN (SELECT DISTINCT target_actor FROM burst) b
        ON b.target_actor = a.target_actor
    WHERE a.class <> 'empty'
), texts AS (
    SELECT t.text_id, t.text,
        CASE
            WHEN NOT regexp_matches(t.text, '[^ -~]') THEN NULL
            WHEN regexp_matches(t.text, '[Ѐ-ԯ]') THEN 'Cyrillic'
            WHEN regexp_matches(t.text, '[぀-ヿ㐀-䶿一-鿿]') THEN 'Chinese or Japanese'
            WHEN regexp_matches(t.text, '[가-힣]') THEN 'Korean'
            WHEN regexp_matches(t.text, '[؀-ۿ]') THEN 'Arabic'
            WHEN regexp_matches(t.text, '[֐-׿]') THEN 'Hebrew'
            WHEN regexp_matches(t.text, '[Ͱ-Ͽ]') THEN 'Greek'
            WHEN regexp_matches(t.text, '[ऀ-ॿ]') THEN 'Devanagari'
            WHEN regexp_matches(t.text, '[฀-๿]') THEN 'Thai'
        END AS script,
        regexp_matches(t.words, ' (' || $spam || ') ') AS spam
    FROM anchor_texts t
    WHERE t.text_id IN (SELECT text_id FROM uses WHERE class = 'other')
), signs AS (
    SELECT text_id, text, 'in ' || script || ' script' AS sign FROM texts WHERE script IS NOT NULL
    UNION ALL
    SELECT text_id, text, 'words of spam trades' FROM texts WHERE spam
    UNION ALL
    SELECT text_id, text, 'one text: ' || left(text, 60) FROM texts
    WHERE EXISTS (SELECT 1 FROM keywords)
), when_ AS (
    SELECT b.target_actor, b.week, b.owners, d.source_actor, d.day, d.link_id,
        d.week = b.week AND NOT d.apart AS now
    FROM burst b JOIN owner_dates d ON d.target_actor = b.target_actor
        AND d.credit AND (d.week > b.week OR (d.week = b.week AND NOT d.apart))
), signed AS (
    SELECT w.target_actor, w.week, s.sign, any_value(w.owners) AS owners,
        count(DISTINCT CASE WHEN w.now THEN w.source_actor END) AS signed,
        count(DISTINCT CASE WHEN NOT w.now THEN w.source_actor END) AS earlier,
        min(CASE WHEN w.now THEN left(s.text, 120) END) AS example
    FROM when_ w
    JOIN uses u ON u.target_actor = w.target_actor AND u.source_actor = w.source_actor
        AND u.class = 'other'
    JOIN signs s ON s.text_id = u.text_id
    GROUP BY w.target_actor, w.week, s.sign
), sizes AS (
    SELECT target_actor, week, count(CASE WHEN NOT now THEN 1 END) AS earlier,
        min(CASE WHEN now THEN day END) AS from_day
    FROM when_ GROUP BY target_actor, week
), before AS (
    SELECT DISTINCT w.target_actor, w.week, u.text_id
    FROM when_ w JOIN uses u
        ON u.target_actor = w.target_actor AND u.source_actor = w.source_actor
    WHERE NOT w.now
), known AS (
    SELECT w.target_actor, w.week, count(DISTINCT w.source_actor) AS n
    FROM when_ w
    JOIN uses u ON u.target_actor = w.target_actor AND u.source_actor = w.source_actor
    JOIN before b ON b.target_actor = w.target_actor AND b.week = w.week AND b.text_id = u.text_id
    WHERE w.now
    GROUP BY w.target_actor, w.week
), found AS (
    SELECT s.*, z.from_day, coalesce(k.n, 0) AS known, z.earlier AS earlier_owners
    FROM signed s
    JOIN sizes z ON z.target_actor = s.target_actor AND z.week = s.week
    LEFT JOIN known k ON k.target_actor = s.target_actor AND k.week = s.week
    WHERE s.signed >= $min_signed * s.owners AND s.earlier <= $max_earlier * z.earlier
        AND coalesce(k.n, 0) <= $max_known * s.owners
        AND (NOT s.sign LIKE 'one text: %' OR s.signed >= $min_same * s.owners)
)
SELECT any_value(a.node) AS subject, CAST(any_value(f.signed) AS DOUBLE) AS value,
    list(DISTINCT n.node) AS domains, list(DISTINCT w.link_id) AS link_ids,
    struct_pack(owners := any_value(f.owners), signed := any_value(f.signed),
        anchor := f.sign, from_day := CAST(any_value(f.from_day) AS VARCHAR),
        known_anchors := any_value(f.known), earlier_owners := any_value(f.earlier_owners),
        earlier_signed := any_value(f.earlier), example := any_value(f.example)) AS detail
FROM found f
JOIN signs s ON s.sign = f.sign
JOIN uses u ON u.target_actor = f.target_actor AND u.text_id = s.text_id AND u.class = 'other'
JOIN when_ w ON w.target_actor = f.target_actor AND w.week = f.week AND w.now
    AND w.source_actor = u.source_actor
JOIN referring_nodes n ON n.actor_id = w.source_actor AND n.credit > 0
JOIN actors a ON a.actor_id = f.target_actor
GROUP BY f.target_actor, f.week, f.sign
