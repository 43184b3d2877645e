/*
id = "BL601"
name = "velocity-burst"
family = "time"
level = "medium"
confidence = "low"
status = "experimental"
since = "0.1"
subject = "profile"
group = "time"
policy = "link-spam/automated"
requires = ["links.first_seen"]
evaluable = "SELECT count(*) > 0 FROM week_history WHERE weeks >= $min_weeks AND day_share <= $max_day_share"
not_evaluable = "no audited site has 12 weeks of dated links before a week with new ones, or most links have one and the same date, which is when a tool looked; name the site with --site and use an export with the full history of first-seen dates"
summary = "Far more domains began to link in one week than the site's own history explains."
says = "{owners} new referring domains in the week from {from_day}, a usual week has {usual}; {with_keywords} of them link with keywords, in {keyword_texts} wording(s)"
rationale = """
Links that are ordered arrive together. New referring owners are counted by week, each once, and held
against the year before: a negative binomial with the mean and the spread of those weeks, of which the
largest tenth is cut down, so that an earlier burst does not hide the next one. A burst needs p < 1e-4,
ten owners and three times a usual week, before it and after it: a site that has begun to grow stays
large. But news, a launch and a mention by somebody famous come in a week as well, so by itself a
burst is information. It accuses only who links with the given keywords, and only where at least
half of the burst does and repeats itself: people who write about a thing choose words of their own.
Where institutions and known publishers began to link in that week or the next, more than one to ten
others, it is news.
A tool's own calendar is no burst: a week in which the links between other sites began as well is
left out, and where one day has most of all dates nothing can be said. Lost links count in the
history, which would otherwise look thinner than it was; they are never accused.
"""
false_positives = [
  "News, a product launch, a mention on television: many words, brand names, known publishers. By design info.",
  "A site that has begun to grow: later weeks are as large.",
  "A tool that dates links by its own first crawl, or that looks once a month.",
  "A product whose name is the keyword: name it with --brand.",
]
remediation = "Ask whoever places links what happened in that week. Without an order or a contract there is nothing to do."
references = [
  { title = "Google Search Central: spam policies, link spam", read = 2026-11-23 },
]
[params]
min_weeks = 12
max_day_share = 0.5
min_money = 0.5
max_texts = 0.5
max_trusted = 0.1
*/
WITH counted AS (
    SELECT target_actor, week, count(*) AS owners, count(money_text_id) AS money,
        count(DISTINCT money_text_id) AS texts, min(day) AS from_day
    FROM burst_owners GROUP BY target_actor, week
), judged AS (
    SELECT c.*, b.usual, b.trusted, -ln(greatest(b.p, 1e-300)) / ln(10.0) AS decades,
        c.money >= $min_money * c.owners AND c.texts <= $max_texts * c.money
            AND b.trusted <= $max_trusted * c.owners AS bought
    FROM counted c
    JOIN bursts b ON b.target_actor = c.target_actor AND b.week = c.week
        AND b.weeks >= $min_weeks AND b.day_share <= $max_day_share
), named AS (
    SELECT j.target_actor, j.week, 'info' AS level, o.link_id, r.node
    FROM judged j
    JOIN burst_owners o ON o.target_actor = j.target_actor AND o.week = j.week
    JOIN referring_nodes r ON r.actor_id = o.source_actor AND r.credit > 0
    WHERE NOT j.bought OR j.money < j.owners
    UNION ALL
    SELECT j.target_actor, j.week, 'medium', o.link_id, m.source
    FROM judged j
    JOIN burst_owners o ON o.target_actor = j.target_actor AND o.week = j.week
        AND o.money_text_id IS NOT NULL
    JOIN money_uses m ON m.source_actor = o.source_actor AND NOT m.inferred
    WHERE j.bought
)
SELECT any_value(s.node) AS subject, any_value(j.decades) AS value, n.level,
    list(DISTINCT n.node) AS domains, list(DISTINCT n.link_id) AS link_ids,
    struct_pack(owners := any_value(j.owners), from_day := CAST(any_value(j.from_day) AS VARCHAR),
        usual := any_value(j.usual), decades := any_value(j.decades),
        with_keywords := any_value(j.money), keyword_texts := any_value(j.texts),
        trusted := any_value(j.trusted)) AS detail
FROM named n
JOIN judged j ON j.target_actor = n.target_actor AND j.week = n.week
JOIN actors s ON s.actor_id = n.target_actor
GROUP BY n.target_actor, n.week, n.level
