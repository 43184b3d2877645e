/*
id = "BL401"
name = "directory-spam"
family = "sources"
level = "medium"
confidence = "low"
status = "stable"
since = "0.1"
subject = "profile"
group = "placement"
policy = "link-spam/low-quality-directory"
requires = ["links.source_url"]
evaluable = "SELECT count(*) > 0 FROM nodes WHERE is_site"
not_evaluable = "no audited site; name it with --site"
summary = "Link directories: pages made to list links, not to be read."
says = "{directories} of {referring_domains} referring domains are link directories (word: {word})"
rationale = """
Two of three signs make a directory: directory words in the host or path, at least twenty times as many
out-links as in-links with more out-links than 95% of all sources, and an anchor that is the title of
its page. One directory is nothing. Ten or more, or a fifth of the profile, are a blast that somebody
ordered; only then does the group stand as a scheme of its own.
"""
false_positives = [
  "Chambers of commerce, trade associations and curated directories; institutions are left out.",
  "A page called /links/ on an honest site: it needs a second sign.",
]
remediation = "Leave single directories alone. A blast with keyword anchors may go into the disavow file after a manual action."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-22 }]
[params]
blast = 10
medium_share = 0.2
*/
WITH found AS (
    SELECT p.target_actor, p.source_actor, p.source, p.link_id, p.word
    FROM directory_pages p
    JOIN actors a ON a.actor_id = p.target_actor AND a.is_site
    WHERE CASE WHEN p.lexicon THEN 1 ELSE 0 END + CASE WHEN p.lopsided THEN 1 ELSE 0 END
        + CASE WHEN p.listing THEN 1 ELSE 0 END >= 2
), totals AS (
    SELECT target_actor, count(DISTINCT source_actor) AS n
    FROM profile_links WHERE credit GROUP BY target_actor
)
SELECT any_value(a.node) AS subject, CAST(count(DISTINCT f.source_actor) AS DOUBLE) AS value,
    CASE WHEN count(DISTINCT f.source_actor) >= $medium_share * any_value(t.n) THEN 'medium'
        ELSE 'low' END AS level,
    CASE WHEN count(DISTINCT f.source_actor) >= $blast THEN 'directory-blast' END AS scheme,
    list(DISTINCT f.source) AS domains, list(DISTINCT f.link_id) AS link_ids,
    struct_pack(directories := count(DISTINCT f.source_actor), referring_domains := any_value(t.n),
        share := CAST(count(DISTINCT f.source_actor) AS DOUBLE) / any_value(t.n),
        word := min(f.word)) AS detail
FROM found f
JOIN totals t ON t.target_actor = f.target_actor
JOIN actors a ON a.actor_id = f.target_actor
GROUP BY f.target_actor
