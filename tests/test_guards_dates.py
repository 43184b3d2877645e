"""Each guard of the rules about bursts, articles, guests and second-hand domains is needed (33)."""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import pytest

import guards
from backlint.cases import Case, run_case
from backlint.findings import level_rank
from backlint.rules.catalog import load_features, load_points, load_rules
from backlint.rules.model import Rule

RULES = {rule.header.id: rule for rule in load_rules()}


class Guard(NamedTuple):
    """A guard of a rule: how to switch it off, in SQL or by parameters, and who needs it.

    `where` is a feature table, or empty for the rule; `also` are more changes of the same guard, each
    with its place. `accused` is the least level that is an accusation.
    """

    name: str
    rule: str
    links: str
    where: str = ""
    old: str = ""
    new: str = ""
    params: Mapping[str, float] = {}
    accused: str = "low"
    also: tuple[tuple[str, str, str], ...] = ()


QUIET = "old{1..20}.com/post -> shop.com/ | Shop | | 2025-01-{10..29}\n"
BUSY = "".join(
    f"{name}{{1..8}}.com/ -> shop.com/ | Shop | | {day}\n"
    for name, day in zip(
        "abcdefghijkl",
        ["2026-01-01", "2026-01-08", "2026-01-15", "2026-01-22", "2026-01-29", "2026-02-05",
         "2026-02-12", "2026-02-19", "2026-02-26", "2026-03-05", "2026-03-12", "2026-03-19"],
        strict=True,
    )
)  # fmt: skip
LAUNCH = QUIET + "new{1..12}.com/post -> shop.com/ | cheap tents | | 2026-03-01\n"
SECOND_HAND = """
reader{1..4}.com/a -> school.com/ | our school | | 2019-03-1{1..4}
school.com/ -> client{1..7}.com/ | client | | 2025-02-0{1..7}
school.com/tents -> shop.com/ | cheap tents | | 2025-02-10
fan{1..60}.com/ -> paper{1..60}.com/ | home | | 2022-02-10
"""
COPIES = (
    "copy{1..10}.com/how-to-choose-a-tent/ -> shop.com/tents | cheap tents | | 2026-03-{10..19}"
)
GUESTS = "blog{1..12}.com/guest-post/camping-{1..12} -> shop.com/tents/ | cheap tents\n"

GUARDS = [
    Guard("a handful is no burst", "BL601",
          QUIET + "new{1..9}.com/ -> shop.com/ | cheap tents | | 2026-03-01",
          "bursts", params={"min_owners": 5}),
    Guard("a busy site has good weeks", "BL601",
          BUSY + "new{1..22}.com/ -> shop.com/ | cheap tents | | 2026-03-26",
          "bursts", params={"times": 1}),
    Guard("chance of a week that is three times a small one", "BL601",
          BUSY.replace("{1..8}", "{1..3}")
          + "new{1..10}.com/ -> shop.com/ | cheap tents | | 2026-03-26",
          "bursts", params={"max_p": 1}),
    Guard("a site that has begun to grow", "BL601",
          QUIET + "a{1..12}.com/ -> shop.com/ | cheap tents | | 2026-03-05\n"
          "b{1..12}.com/ -> shop.com/ | Shop | | 2026-03-12\n"
          "c{1..12}.com/ -> shop.com/ | Shop | | 2026-03-19",
          "bursts", "greatest(h.usual, h.usual_after)", "h.usual"),
    Guard("a crawler dates the links of everybody", "BL601",
          LAUNCH + "reader{1..20}.com/ -> paper{1..20}.com/ | home | | 2024-01-{10..29}\n"
          "viewer{1..20}.com/ -> paper{1..20}.com/ | home | | 2026-02-28",
          "bursts", params={"min_outside": 1000}),
    Guard("one day has most dates", "BL601", LAUNCH.replace("{1..20}", "{1..11}").replace("{10..29}", "{10..20}"),
          params={"max_day_share": 1}),
    Guard("too short a history", "BL601",
          "old1.com/post -> shop.com/ | Shop | | 2026-01-01\n"
          "new{1..12}.com/post -> shop.com/ | cheap tents | | 2026-03-01\n"
          "reader{1..12}.com/ -> paper{1..12}.com/ | home | | 2024-01-{10..21}",
          params={"min_weeks": 1}),
    Guard("a tool that looks once a month: the spread of the weeks", "BL601",
          "".join(f"{x}{{1..12}}.com/ -> shop.com/ | cheap tents | | {day}\n" for x, day in zip(
              "abcd", ["2026-01-01", "2026-01-29", "2026-02-26", "2026-04-02"], strict=True)),
          "week_history", "ceil(9 * weeks / 10.0)", "ceil(weeks / 2.0)"),
    Guard("news that institutions tell as well", "BL601",
          LAUNCH + "college{1..2}.edu/post -> shop.com/ | Shop | | 2026-03-0{1..2}",
          params={"max_trusted": 1}),
    Guard("few use keywords", "BL601",
          QUIET + "new{1..5}.com/ -> shop.com/ | cheap tents | | 2026-03-01\n"
          "new{6..15}.com/ -> shop.com/ | Shop | | 2026-03-01",
          params={"min_money": 0.1}),
    Guard("people choose words of their own", "BL601",
          QUIET + "new{1..12}.com/ -> shop.com/ | {1..12} cheap tents | | 2026-03-01",
          params={"max_texts": 1}),
    Guard("one keyword among many links of a week", "BL601",
          QUIET + "new{1..12}.com/post[1..3] -> shop.com/ | Shop | | 2026-03-01\n"
          "new{1..12}.com/post4 -> shop.com/ | cheap tents | | 2026-03-01",
          "burst_owners", "2 * a.money_links > a.links", "a.money_links > 0"),
    Guard("institutions are no burst", "BL601",
          QUIET + "college{1..12}.edu/post -> shop.com/ | cheap tents | | 2026-03-01\n"
          "last.com/ -> shop.com/ | Shop | | 2026-03-01",
          "owner_dates", "any_value(s.trusted OR s.own) AS apart, any_value(s.trusted) AS trusted",
          "false AS apart, false AS trusted"),
    Guard("links known nofollow begin nothing", "BL601",
          QUIET + "new{1..12}.com/post -> shop.com/ | Shop | nofollow | 2026-03-01\n"
          "new{1..12}.com/late -> shop.com/ | cheap tents | | 2026-04-{10..21}",
          "owner_dates", "AND coalesce(NOT p.qualified, true)", ""),
    Guard("a label needs more than some of a burst", "BL602",
          QUIET + "new{1..4}.com/ -> shop.com/ | online casino {1..4} | | 2026-03-01\n"
          "new{5..12}.com/ -> shop.com/ | what I found {5..12} | | 2026-03-01",
          params={"min_signed": 0.1}, accused="info"),
    Guard("one text on most of a burst may be a headline", "BL602",
          QUIET + "new{1..8}.com/ -> shop.com/ | a tent for the rain | | 2026-03-01\n"
          "new{9..12}.com/ -> shop.com/ | what I found {9..12} | | 2026-03-01",
          params={"min_same": 0.5}, accused="info"),
    Guard("a site with readers in that script", "BL602",
          QUIET.replace("| Shop", "| хорошая палатка {1..20}")
          + "new{1..12}.com/ -> shop.com/ | дешёвая палатка {1..12} | | 2026-03-01",
          params={"max_earlier": 1}, accused="info"),
    Guard("a burst that speaks as the earlier profile does", "BL602",
          QUIET + "new{1..8}.com/ -> shop.com/ | online casino {1..8} | | 2026-03-01\n"
          "new{9..12}.com/ -> shop.com/ | Shop | | 2026-03-01",
          params={"max_known": 1}, accused="info"),
    Guard("a headline with institutions in the same week", "BL602",
          QUIET + "new{1..12}.com/ -> shop.com/ | a tent for the rain | | 2026-03-01\n"
          "college{1..2}.edu/post -> shop.com/ | Shop | | 2026-03-01",
          params={"max_trusted": 1}, accused="info"),
    Guard("what an owner would buy is no attack", "BL602",
          QUIET + "new{1..12}.com/ -> shop.com/ | cheap tents | | 2026-03-01",
          old="u.class = 'other'", new="u.class <> 'empty'", accused="info",
          also=(("", "SELECT text_id FROM uses WHERE class = 'other'",
                 "SELECT text_id FROM uses"),)),
    Guard("four papers are no campaign", "BL405", COPIES.replace("10}", "4}").replace("9}", "3}"),
          "article_copies", params={"min_owners": 3},
          also=(("", "j.owners >= $min_owners AND j.decades >= $min_decades",
                 "j.owners * $min_owners * $min_decades > 0"),)),
    Guard("an article that is copied over the years", "BL405",
          "copy{1..9}.com/how-to-choose-a-tent/ -> shop.com/tents | cheap tents | | 201{1..9}-03-10",
          "article_copies", params={"days": 10000}),
    Guard("a press release with the brand", "BL405", COPIES.replace("cheap tents", "Shop"),
          "article_copies", "a.class IN ('exact', 'partial', 'other')", "a.class <> 'empty'"),
    Guard("a story in words of its own", "BL405", COPIES.replace("cheap tents", "a study of rain"),
          old="= 'other'", new="= 'never'"),
    Guard("a page that everybody calls so", "BL405",
          COPIES + "\nblog{1..20}.com/diary-{1..20} -> shop.com/tents | cheap tents | | 2025-01-{10..29}",
          params={"min_decades": 0}),
    Guard("institutions that print a story", "BL405",
          COPIES.replace(".com/how", ".edu/how"),
          "signed_links", "AND NOT a.trusted", "",
          also=(("article_copies", "AND NOT s.trusted AND NOT s.own", ""),
                ("", "AND NOT s.trusted", ""))),
    Guard("pages that share nothing", "BL405",
          COPIES.replace("how-to-choose-a-tent", "my-own-tent-no-{1..10}"),
          "signed_links", "THEN slug END AS path", "THEN 'any-own-tent' END AS path"),
    Guard("a newswire with nofollow", "BL405", COPIES.replace("| cheap tents |", "| cheap tents | nofollow").replace("nofollow |", "nofollow |"),
          "profile_links", "NOT l.lost AND coalesce(NOT l.qualified, true) AS credit", "NOT l.lost AS credit"),
    Guard("nine guests are no campaign", "BL404", GUESTS.replace("12}", "9}"), params={"min_owners": 5}),
    Guard("columnists use the brand", "BL404", GUESTS.replace("cheap tents", "Jane, Shop"),
          "guest_owners", "any_value(2 * a.money_links > a.links)", "true",
          also=(("anchor_classes", "WHEN alike THEN 'brand'", "WHEN alike THEN 'exact'"),)),
    Guard("experts who link to many pages", "BL404", GUESTS.replace("tents/ |", "tents/[1..3] |"),
          "guest_owners", params={"max_pages": 9}),
    Guard("the home page is what a biography links to", "BL404", GUESTS.replace("/tents/", "/"),
          "guest_owners", "AND regexp_matches(m.target_url, "
          "'^([A-Za-z][A-Za-z0-9+.-]*:)?(//)?[^/?#]+/[^?#]')", ""),
    Guard("most guests write freely", "BL404",
          GUESTS + "pen{1..20}.com/guest-post/{1..20} -> shop.com/about/ | Shop",
          params={"min_share": 0.1}),
    Guard("guests do what all do", "BL404",
          GUESTS + "fan{1..20}.com/ -> shop.com/ | cheap tents", params={"times": 1}),
    Guard("institutions publish guests", "BL404", GUESTS.replace(".com/guest", ".edu/guest"),
          "guest_owners", "AND NOT s.trusted AND NOT s.own", ""),
    Guard("one keyword among many links of a guest", "BL404",
          GUESTS + "blog{1..12}.com/[1..4] -> shop.com/ | Shop",
          "guest_owners", "any_value(2 * a.money_links > a.links)", "any_value(a.money_links > 0)"),
    Guard("guest articles with nofollow", "BL404", GUESTS.replace("tents\n", "tents | nofollow\n"),
          "profile_links", "NOT l.lost AND coalesce(NOT l.qualified, true) AS credit", "NOT l.lost AS credit"),
    Guard("a redesign without keywords", "BL406", SECOND_HAND.replace("cheap tents", "Shop"),
          old="AND 2 * a.money_links > a.links AND NOT a.inferred", new="",
          also=(("", "JOIN money_uses m ON m.source_actor = f.actor_id AND NOT m.inferred",
                 "JOIN (SELECT source_actor, 'school.com' AS source FROM owner_anchors) m "
                 "ON m.source_actor = f.actor_id"),)),
    Guard("a crawl that began late", "BL406", SECOND_HAND.replace("2022-02-10", "2025-02-10"),
          params={"min_decades": -9}),
    Guard("a site that grew over the years", "BL406",
          SECOND_HAND + "school.com/ -> friend{1..7}.com/ | friend | | 201{1..7}-05-05",
          params={"min_share": 0.1}),
    Guard("a new site that is linked to as it links", "BL406",
          SECOND_HAND.replace("2019-03", "2025-01"),
          "owner_histories", params={"year": -300}),
    Guard("one or two old links", "BL406",
          SECOND_HAND.replace("reader{1..4}.com/a -> school.com/ | our school | | 2019-03-1{1..4}",
                              "reader{1..2}.com/a -> school.com/ | our school | | 2019-03-1{1..2}\n"
                              "reader{3..4}.com/a -> school.com/ | our school | | 2025-03-1{1..2}"),
          params={"min_old": 1}),
    Guard("a site that is still linked to", "BL406",
          SECOND_HAND + "pen{1..9}.com/ -> school.com/ | our school | | 2025-03-1{1..9}",
          params={"min_old_share": 0.1}),
    Guard("a small blog with four links", "BL406", SECOND_HAND.replace("7}", "3}"),
          params={"min_outs": 2}),
    Guard("a blog that one reader knew", "BL406", SECOND_HAND.replace("{1..4}", "{1..2}"),
          params={"min_ins": 1, "min_old": 1}),
    Guard("old links of institutions weigh against nobody", "BL406",
          SECOND_HAND.replace(".com/a ", ".edu/a ")
          + "pen{1..3}.com/ -> school.com/ | our school | | 2025-03-1{1..3}",
          "owner_histories", "AND NOT s.trusted AND NOT s.is_site", ""),
    Guard("institutions are never accused", "BL406", SECOND_HAND.replace("school.com", "school.edu")
          + "pen.com/ -> paper1.com/ | home | | 2025-02-15",
          "owner_histories", "AND NOT s.trusted AND NOT s.own", ""),
]  # fmt: skip


def accuses(rule: Rule, guard: Guard) -> bool:
    """Say whether the rule accuses somebody of the profile: at a level, and with points if any."""
    case = Case(
        name=guard.name,
        expect="clean",
        links=guard.links,
        site="shop.com",
        keywords=["cheap tents"],
    )
    claims, ended = run_case(rule, case)
    assert ended.state in ("ran", "not evaluable"), ended
    found = [c for c in claims if level_rank(c.level) >= level_rank(guard.accused)]
    worth = [load_points().worth(c.rule, c.level) for c in found]
    return bool(found) and (guard.accused == "info" or max(worth) > 0)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.rule}: {guard.name}")
def test_33_guard_is_necessary(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """33. With exactly this guard switched off, honest people are accused who are spared else."""
    assert not accuses(RULES[guard.rule], guard)
    parts = {feature.name: feature for feature in load_features()} | {"": RULES[guard.rule]}
    for where, old, new in ((guard.where, guard.old, guard.new), *guard.also):
        if old:
            part = parts[where]
            sql = guards._edited(part.sql, old, new)
            parts[where] = msgspec.structs.replace(part, sql=sql)
    part = parts[guard.where]
    assert guard.params.keys() <= part.header.params.keys()
    params = {**part.header.params, **guard.params}
    header = msgspec.structs.replace(part.header, params=params)
    parts[guard.where] = msgspec.structs.replace(part, header=header)
    rule = parts.pop("")
    monkeypatch.setattr("backlint.audit.load_features", lambda: list(parts.values()))
    assert accuses(rule, guard)
