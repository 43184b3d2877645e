/*
id = "BL303"
name = "spam-vertical-anchor"
family = "anchors"
level = "medium"
confidence = "medium"
status = "stable"
since = "0.1"
subject = "profile"
group = "anchors"
policy = "link-spam/automated"
requires = ["links.anchor"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site whose trade the anchors could be foreign to; name it with --site"
summary = "Anchors of a trade that lives on spam, to a site that is of another trade."
says = "{owners} of {telling} referring domains with telling anchors use words of the {trade} spam trade, for example '{example}'"
rationale = """
Medicines without prescription, casinos, pornography, payday loans, counterfeits, bought essays and
coin schemes are what injected and generated links advertise, to any site at hand. The words are kept
in dated lists by trade and language; digits and signs in place of letters are read as these (v1agra,
c4sino). One word is an accident: a medical article may say Viagra, and a travel diary casino. So a
source is medium only where at least half of its links that may pass credit have in their anchor two
different words of one trade, a phrase of its offers ("casino ohne lizenz"), or nothing but the name of
its subject ("sports betting", which in a longer text is what news are about); otherwise it is low,
which is next to nothing.
The site's own trade is exempt: a word of it in its name, brand or keywords, or three owners and 30%
of those with telling anchors who use it. Anchors with the brand name are left out.
"""
false_positives = [
  "A site of that trade with another name: give its terms with --keywords or --brand.",
  "A medical article, a novel or a travel diary that names a medicine or a casino: by design low.",
  "A reader who quotes spam that he received.",
]
remediation = "Google ignores nearly all of these. Look whether your own pages were hacked and link back; disavow only what other evidence condemns as well."
references = [
  { title = "Google Search Central: spam policies, link spam and hacked content", read = 2026-11-23 },
]
[params]
min_tokens = 2
min_share = 0.5
*/
WITH used AS (
    SELECT u.target_actor, u.source_actor, u.source_id, s.vertical, u.links, u.link_id, s.text,
        s.phrase OR s.tokens >= $min_tokens AS plain
    FROM spam_texts s
    JOIN anchor_uses u ON u.text_id = s.text_id AND u.class IN ('exact', 'partial', 'other')
    JOIN actors o ON o.actor_id = u.source_actor AND NOT o.trusted AND NOT o.own
    JOIN actors t ON t.actor_id = u.target_actor AND t.is_site
    LEFT JOIN own_trades e ON e.target_actor = u.target_actor AND e.vertical = s.vertical
    WHERE e.vertical IS NULL
), judged AS (
    SELECT u.target_actor, u.source_actor, u.vertical,
        CASE WHEN sum(CASE WHEN u.plain THEN u.links ELSE 0 END)
            >= greatest(1, $min_share * any_value(w.links)) THEN 'medium' ELSE 'low' END AS level
    FROM used u JOIN owner_anchors w ON w.source_actor = u.source_actor
    GROUP BY u.target_actor, u.source_actor, u.vertical
), shown AS (  -- one link for each node
    SELECT target_actor, source_actor, source_id, vertical, min(link_id) AS link_id,
        min(text) AS text
    FROM used
    GROUP BY target_actor, source_actor, source_id, vertical
)
SELECT any_value(a.node) AS subject, CAST(count(DISTINCT j.source_actor) AS DOUBLE) AS value,
    j.level AS level, list(DISTINCT n.node) AS domains, list(s.link_id) AS link_ids,
    struct_pack(trade := j.vertical, owners := count(DISTINCT j.source_actor),
        telling := any_value(t.n), example := min(left(s.text, 120))) AS detail
FROM judged j
JOIN shown s ON s.target_actor = j.target_actor AND s.source_actor = j.source_actor
    AND s.vertical = j.vertical
JOIN nodes n ON n.node_id = s.source_id
JOIN actors a ON a.actor_id = j.target_actor
JOIN telling_owners t ON t.target_actor = j.target_actor
GROUP BY j.target_actor, j.vertical, j.level
