/*
id = "BL503"
name = "hidden-link"
family = "placement"
level = "info"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/widget"
requires = ["links.anchor", "links.kind"]
evaluable = "SELECT count(*) > 0 FROM links l JOIN nodes t ON t.node_id = l.target_id WHERE t.is_site AND l.kind = 'text'"
not_evaluable = "no link to an audited site is known to be a text link; name the site with --site and add an export that says what each link is (Ahrefs, Semrush, Majestic)"
summary = "Text links without a text that anybody could see or click."
says = "{owners} referring domain(s) have text links without a visible text, for example on {example}"
rationale = """
A text link whose anchor is empty, a dot, a comma or invisible characters cannot be clicked by a reader,
and hidden links are against Google's policies. No export says whether a link is hidden, so the rule sees
only that a tool calls the link a text link and shows no text for it. Links around icons and styled
blocks look the same to the tool, so this is told for information and is worth nothing.
"""
false_positives = [
  "An icon drawn by a style sheet or an icon font inside the link.",
  "A whole card or banner made clickable by an empty link.",
  "An image link that the tool files under text; with an alternative text it is left out.",
]
remediation = "Open one of the pages. If the link is really hidden and you or an agency placed it, have it removed."
references = [
  { title = "Google Search Central: spam policies, hidden text and link abuse", read = 2026-11-23 },
]
*/
WITH found AS (
    SELECT p.target_actor, p.source_actor, min(p.source) AS source, min(p.link_id) AS link_id, count(*) AS links
    FROM profile_links p
    JOIN actors s ON s.actor_id = p.source_actor AND NOT s.trusted AND NOT s.own
    JOIN actors t ON t.actor_id = p.target_actor AND t.is_site
    WHERE p.kind = 'text' AND p.credit AND length(p.words) <= 8
        AND regexp_matches(p.words, '^[\s\p{Z}\p{Cc}\p{Cf}.,;:·|_-]*$')
    GROUP BY p.target_actor, p.source_actor
)
SELECT any_value(a.node) AS subject, CAST(count(*) AS DOUBLE) AS value,
    CAST(NULL AS VARCHAR[]) AS domains, list(f.link_id) AS link_ids,
    struct_pack(owners := count(*), links := CAST(sum(f.links) AS BIGINT),
        example := min(f.source)) AS detail
FROM found f
JOIN actors a ON a.actor_id = f.target_actor
GROUP BY f.target_actor
