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
WITH paid AS (
    SELECT p.target_actor, p.source_actor, p.source_id, p.source, p.link_id,
        coalesce(nullif(regexp_extract(lower(p.target_url), '[?&;](utm_medium=(affiliate|cpa)[a-z]*)', 1), ''),
            nullif(regexp_extract(regexp_extract(lower(p.target_url), $marks), '[a-z_]+=', 0), ''))
            AS mark
    FROM profile_links p
    JOIN actors t ON t.actor_id = p.target_actor AND t.is_site
    WHERE p.qualified = false AND p.credit AND contains(p.target_url, '=')
        AND regexp_matches(lower(p.target_url), $marks)
        AND NOT regexp_matches(lower(p.target_url), $not_marks)
    UNION ALL
    SELECT p.target_actor, p.source_actor, p.source_id, p.source, p.link_id, h.entry
    FROM profile_links p
    JOIN actors t ON t.actor_id = p.target_actor AND t.is_site
    JOIN nodes n ON n.node_id = p.source_id
    JOIN affiliate_hosts h ON h.entry = n.domain
    WHERE p.qualified = false AND p.credit
), judged AS (
    SELECT p.target_actor, p.source_actor, p.source, min(p.mark) AS mark,
        min(p.link_id) AS link_id, count(DISTINCT p.link_id) AS links,
        CASE WHEN coalesce(bool_or(NOT w.inferred AND 2 * w.money_links > w.links), false)
            THEN 'medium' ELSE 'low' END AS level
    FROM paid p
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
