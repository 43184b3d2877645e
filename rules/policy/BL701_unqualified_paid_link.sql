/*
id = "BL701"
name = "unqualified-paid-link"
family = "policy"
level = "medium"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "profile"
group = "policy"
policy = "link-spam/buying-selling"
requires = ["links.rel", "links.target_url"]
evaluable = "SELECT count(*) > 0 FROM links l JOIN nodes t ON t.node_id = l.target_id WHERE t.is_site AND l.qualified IS NOT NULL"
not_evaluable = "no link to an audited site has a known rel; name the site with --site and add an export that states nofollow"
summary = "Links of an affiliate programme that carry neither sponsored nor nofollow."
says = "{owners} referring domain(s) use links of an affiliate programme ({mark}) without sponsored or nofollow; that is a fact about the site's own programme"
rationale = """
A link that earns a commission is a paid link, and Google asks for rel=sponsored or nofollow on it. A
parameter of an affiliate programme in the address, or a network's tracking domain as the source, says
that the link is paid; a rel that is known and holds neither says that it is not qualified. Links whose
rel is unknown are left out. It is a breach of policy by the programme of the audited site, easily mended
by its terms, and no sign of a link scheme: it is low, and medium where most of such a domain's links use
keywords that were given.
"""
false_positives = [
  "ref= and utm_source=: they say where a visitor came from; only names that programmes use count.",
  "A newsletter or its archive that counts clicks: links with utm_medium=email are left out.",
  "Tags of a blog (tag=tents): only the form of a shop's partner id, tag=name-21, counts.",
  "Qualified links are what the policy asks for and are left out.",
]
remediation = "Ask the partners of your programme to add rel=sponsored, and put it into the programme's terms. No disavowal is needed."
references = [
  { title = "Google Search Central: qualify outbound links; spam policies, link spam", read = 2026-11-23 },
  { title = "Google Search Central blog: affiliate links should carry sponsored, 2021-07-26", read = 2026-11-23 },
]
[params]
marks = "[?&;](aff_id|affid|aff|affiliate|affiliate_id|affiliateid|aff_sub|affsub|aff_code|affcode|partner_id|partnerid|clickid|click_id|irclickid|irgwc|awc|cjevent|sscid|ranmid|ransiteid|tduid|a_aid|a_bid|idev_id)=[^&]|[?&;]utm_medium=(affiliate|affiliates|cpa)([&;#]|$)|[?&;]tag=[a-z0-9_-]+-2[0-3]([&;#]|$)"
not_marks = "[?&;]utm_medium=(email|e-mail|newsletter)"
*/
WITH urls AS (  -- each once, and of the site alone: a pattern is dear
    SELECT target_url, min(lower(target_url)) AS url
    FROM written_anchors w JOIN actors t ON t.actor_id = w.target_actor AND t.is_site
    WHERE w.credit AND contains(target_url, '=')
    GROUP BY target_url
), marked AS (
    SELECT target_url, coalesce(nullif(regexp_extract(url, 'utm_medium=[a-z]+'), ''),
        regexp_extract(regexp_extract(url, $marks), '[a-z_]+=')) AS mark
    FROM urls
    WHERE regexp_matches(url, $marks) AND NOT regexp_matches(url, $not_marks)
), networks AS (
    SELECT n.node_id, h.entry AS mark FROM nodes n JOIN affiliate_hosts h ON h.entry = n.domain
), paid AS (
    SELECT w.target_actor, w.source_actor, w.source_id, w.link_id, w.links,
        coalesce(m.mark, n.mark) AS mark
    FROM written_anchors w
    JOIN actors t ON t.actor_id = w.target_actor AND t.is_site
    LEFT JOIN marked m ON m.target_url = w.target_url
    LEFT JOIN networks n ON n.node_id = w.source_id
    WHERE w.credit AND (m.mark IS NOT NULL OR n.mark IS NOT NULL)
), known AS (  -- of alike links the first speaks: a rel that it does not know is unknown
    SELECT p.*, n.node AS source
    FROM paid p
    JOIN links l ON l.link_id = p.link_id AND l.qualified = false
    JOIN nodes n ON n.node_id = p.source_id
), judged AS (
    SELECT p.target_actor, p.source_actor, p.source, min(p.mark) AS mark,
        min(p.link_id) AS link_id, sum(p.links) AS links,
        CASE WHEN coalesce(bool_or(NOT w.inferred AND 2 * w.money_links > w.links), false)
            THEN 'medium' ELSE 'low' END AS level
    FROM known p
    JOIN actors s ON s.actor_id = p.source_actor AND NOT s.trusted AND NOT s.own
    LEFT JOIN owner_anchors w ON w.source_actor = p.source_actor
    GROUP BY p.target_actor, p.source_actor, p.source
)
SELECT any_value(a.node) AS subject, CAST(count(DISTINCT j.source_actor) AS DOUBLE) AS value,
    j.level, list(DISTINCT j.source) AS domains, list(j.link_id) AS link_ids,
    struct_pack(owners := count(DISTINCT j.source_actor), links := CAST(sum(j.links) AS BIGINT),
        mark := min(j.mark)) AS detail
FROM judged j
JOIN actors a ON a.actor_id = j.target_actor
GROUP BY j.target_actor, j.level
