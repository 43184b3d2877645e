/*
id = "BL302"
name = "script-mismatch"
family = "anchors"
level = "low"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "anchors"
policy = "link-spam/automated"
requires = ["links.anchor"]
evaluable = "SELECT coalesce(max(n), 0) >= $min_telling FROM telling_owners"
not_evaluable = "fewer than 208 referring domains of an audited site have anchors that say something (brand names, addresses and 'here' do not); name the site with --site, or add the exports of other tools"
summary = "Anchors in a script that neither the site nor nearly anybody else who links to it uses."
says = "{owners} referring domains write their anchors in {script} letters, as fewer than 5% of the {telling} with telling anchors do, and the site has nothing in it: '{example}'"
rationale = """
Who breaks into pages of one country to place links sells them to sites all over the world, and leaves
anchors that no reader of the target can read. A script other than Latin is foreign where nothing of
the site is in it: not its suffix or that of a namesake or family member, not the language code of the
linked page, no brand term and no keyword. Latin is read everywhere and never foreign; Chinese and
Japanese count as one. Brand names, addresses and pointing words say nothing and are left out.
Five owners, most of whose links are anchored so, must use the script, and the lower binomial tail of
all its users at a rate of 5% must be below 5%: what more people use is an audience. Five users thus
take 208 owners with telling anchors. Foreign readers link like that as well, so the rule stays low and
adds a little to what others find.
"""
false_positives = [
  "A site read abroad: name an edition of its own with --family, or a term in that script with --brand.",
  "An open-source project, a piece of research or a picture that was noticed in one other country.",
]
remediation = "Open five of the pages. If they have nothing to do with your site they were hacked or made by a program; leave them alone unless Google has complained."
references = [
  { title = "Google Search Central: spam policies, link spam and hacked content", read = 2026-11-23 },
]
[params]
min_telling = 208
min_owners = 5
max_p = 0.05
*/
WITH theirs AS (
    SELECT f.target_actor, f.script, f.source_actor, f.source_id, sum(f.links) AS links,
        min(f.link_id) AS link_id, min(f.text) AS text
    FROM foreign_uses f
    JOIN actors s ON s.actor_id = f.source_actor AND NOT s.trusted AND NOT s.own
    WHERE f.credit
    GROUP BY f.target_actor, f.script, f.source_actor, f.source_id
), mainly AS (
    SELECT t.target_actor, t.script, t.source_actor
    FROM theirs t JOIN owner_anchors o ON o.source_actor = t.source_actor
    GROUP BY t.target_actor, t.script, t.source_actor
    HAVING 2 * sum(t.links) > any_value(o.links)
)
SELECT any_value(a.node) AS subject, CAST(count(DISTINCT t.source_actor) AS DOUBLE) AS value,
    list(DISTINCT n.node) AS domains, list(t.link_id) AS link_ids,
    struct_pack(script := t.script, owners := count(DISTINCT t.source_actor),
        users := any_value(s.users), telling := any_value(s.n), p := any_value(x.p),
        example := min(left(t.text, 120))) AS detail
FROM theirs t
JOIN mainly m ON m.target_actor = t.target_actor AND m.script = t.script
    AND m.source_actor = t.source_actor
JOIN script_shares s ON s.target_actor = t.target_actor AND s.script = t.script
JOIN script_tails x ON x.users = s.users AND x.n = s.n
JOIN nodes n ON n.node_id = t.source_id
JOIN actors a ON a.actor_id = t.target_actor
WHERE s.n >= $min_telling AND x.p < $max_p
GROUP BY t.target_actor, t.script
HAVING count(DISTINCT t.source_actor) >= $min_owners
