"""Each guard of the rules of placement and policy, and of BL209, is necessary (invariant 33).

A short honest profile earns no points with the guard, and earns some without exactly that one.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any, NamedTuple

import msgspec
import pytest

from backlint.cases import Case, run_case
from backlint.rules.catalog import load_points, load_rules
from guards import _edited, _feature, _feature_params

RULES = {rule.header.id: rule for rule in load_rules()}
POINTS = load_points()


class Guard(NamedTuple):
    """How to switch a guard off: SQL or parameters of the rule, or those of its feature."""

    name: str
    rule: str
    links: str
    sql: tuple[str, str] | None = None
    params: Mapping[str, Any] = {}
    feature: tuple[str, str, str] | None = None
    feature_params: tuple[str, dict[str, float]] | None = None
    keywords: tuple[str, ...] = ("cheap tents",)
    brand: tuple[str, ...] = ()
    node: str = "domain"


QUIET = "blog{1..20}.net/post -> shop.com/ | Shop\n"
SITEWIDE = "sitewide_uses"

GUARDS = [
    Guard("a credit in a footer", "BL501",
          QUIET + "client.com/{1..60} -> shop.com/ | cheap tents designed by Jo",
          feature=(SITEWIDE, "OR c.text_id IS NOT NULL", "")),
    Guard("an institution", "BL501", QUIET + "college.edu/{1..60} -> shop.com/ | cheap tents",
          feature=(SITEWIDE, "NOT s.trusted AND", ""),
          sql=("NOT s.trusted AND", "")),
    Guard("everybody links as often", "BL501",
          "fan{1..25}.net/[1..60] -> shop.com/ | cheap tents", params={"min_z": -1}),
    Guard("a blog of forty posts", "BL501", QUIET + "blog.com/{1..40} -> shop.com/ | cheap tents",
          params={"min_pages": 10, "min_z": 5}),
    Guard("fifty posts among a hundred links", "BL501",
          QUIET + "blog.com/{1..60} -> shop.com/ | cheap tents\n"
          "blog.com/x{1..40} -> shop.com/ | Shop",
          feature_params=(SITEWIDE, {"min_share": 0.5})),
    Guard("four users of one widget", "BL502",
          "user[1..4].com/{1..12} -> shop.com/ | cheap tents", params={"min_owners": 4}),
    Guard("hosts of one portal", "BL502",
          "user[1..6].portal.com/{1..12} -> shop.com/ | cheap tents",
          sql=("least(count(DISTINCT source_actor), count(DISTINCT domain))",
               "count(DISTINCT source_actor)"), node="host"),
    Guard("users of a shop system", "BL502",
          "user[1..6].com/{1..12} -> shop.com/ | powered by cheap tents",
          feature=(SITEWIDE, "OR c.text_id IS NOT NULL", "")),
    Guard("six institutions with one badge", "BL502",
          "college[1..6].edu/{1..12} -> shop.com/ | cheap tents",
          feature=(SITEWIDE, "NOT s.trusted AND", "")),
    Guard("nine posts each", "BL502", "fan[1..6].com/{1..9} -> shop.com/ | cheap tents",
          feature_params=(SITEWIDE, {"min_pages": 5})),
    Guard("a firm that bought two others", "BL504",
          "bought{1..2}.com/ -> shop.com/ | | kind=redirect", params={"min_owners": 2}),
    Guard("the site's own names", "BL504",
          "shop{1..4}-tents.com/ -> shop.com/ | | kind=redirect",
          sql=("AND contains(replace(replace(n.domain, '-', ''), '.', ''), b.squash)",
               "AND false")),
    Guard("the site's own names in chains", "BL504",
          "fan.com/{1..4} -> shop.com/ | tents | redirects=http://shop{1..4}-tents.com/",
          sql=("AND contains(replace(replace(h.host, '-', ''), '.', ''), b.squash)",
               "AND false")),
    Guard("click counters by path", "BL504", "news{1..4}.com/go/9 -> shop.com/ | | kind=redirect",
          sql=("|go|", "|")),
    Guard("click counters by parameter", "BL504",
          "news{1..4}.com/x?u=https://shop.com/ -> shop.com/ | | kind=redirect",
          sql=("'[?&=](https?(:|%3a)|www\\.)'", "'^never$'")),
    Guard("shorteners", "BL504",
          "cutt.ly/1 -> shop.com/ | | kind=redirect\nv.gd/1 -> shop.com/ | | kind=redirect\n"
          "is.gd/1 -> shop.com/ | | kind=redirect",
          sql=("WHERE n.node = r.entry OR n.domain = r.entry", "WHERE false")),
    Guard("shorteners in chains", "BL504",
          "fan.com/ -> shop.com/ | tents | redirects=https://cutt.ly/1 https://v.gd/2 https://is.gd/3",
          sql=("WHERE h.host = r.entry OR ends_with(h.host, '.' || r.entry)) AND NOT EXISTS "
               "(SELECT 1 FROM trusted r", "WHERE false) AND NOT EXISTS (SELECT 1 FROM trusted r")),
    Guard("institutions in chains", "BL504",
          "fan.com/ -> shop.com/ | a | redirects=http://a.edu/ http://b.edu/ http://c.gov/",
          sql=("FROM trusted r WHERE h.host = r.entry OR ends_with(h.host, '.' || r.entry)",
               "FROM trusted r WHERE false")),
    Guard("a URL in the parameter of another", "BL504",
          "fan.com/ -> shop.com/ | a | "
          "redirects=http://fan.com/?a=http://x1.com/&b=http://x2.com/&c=http://x3.com/",
          sql=("regexp_replace(lower(p.redirects), '[=](https?:)?//', '=', 'g')",
               "lower(p.redirects)")),
    Guard("hosts of one domain", "BL504", "a{1..4}.old.com/ -> shop.com/ | | kind=redirect",
          sql=("least(count(DISTINCT source_actor), count(DISTINCT domain))",
               "count(DISTINCT source_actor)"), node="host"),
    Guard("old pages of institutions", "BL504",
          "college{1..4}.edu/old -> shop.com/ | | kind=redirect",
          sql=("AND NOT n.trusted", "")),
    Guard("a numbered page with few links", "BL209",
          "shop.org/part-49117 -> shop.com/ | Shop | external_links=40", params={"min_links": 30}),
    Guard("a shop that numbers its products", "BL209",
          "shop.org/product/49117 -> shop.com/ | Shop | external_links=400",
          sql=("AND token NOT IN (SELECT entry FROM generic_paths)", "")),
    Guard("a forum that numbers its topics", "BL209",
          "forum.com/showthread/49117 -> shop.com/ | Shop | external_links=400",
          sql=("AND token NOT IN (SELECT entry FROM page_words WHERE kind IN ('forum', 'comment', 'profile', 'press'))", "")),
    Guard("a wiki that numbers its nodes", "BL209",
          "wiki.com/node/49117 -> shop.com/ | Shop | external_links=400",
          sql=("('node', 'item',", "('item',")),
    Guard("a weekly letter by date", "BL209",
          "weekly.com/letter-20240105 -> shop.com/ | Shop | external_links=400",
          sql=("WHERE NOT regexp_matches(last, '[-_/](19|20)[0-9]{4}([0-9]{2})?$')", "")),
    Guard("one such page among others", "BL209",
          "blog.com/list-3f9a2c1b -> shop.com/ | Shop | external_links=400\n"
          "blog.com/hikes{1..3} -> shop.com/ | Shop | external_links=4",
          params={"min_share": 0.1}),
    Guard("long lists are usual", "BL209",
          "museum.org/object-49117 -> shop.com/ | Shop | external_links=400\n"
          "lists{1..9}.org/all-of-them -> shop.com/ | Shop | external_links=450",
          sql=("greatest($min_links, least($max_hurdle, coalesce(max(a.external_links), 0)))",
               "greatest($min_links, least($max_hurdle, 0))")),
    Guard("an institution's catalogue", "BL209",
          "college.edu/object-49117 -> shop.com/ | Shop | external_links=400",
          sql=("NOT s.trusted AND", "")),
    Guard("a newsletter's archive", "BL701",
          "letter.com/9 -> shop.com/?utm_medium=email&clickid=1 | Shop",
          params={"not_marks": "^never$"}),
    Guard("a blog's tag", "BL701", "fan.com/9 -> shop.com/?tag=tents | Shop",
          params={"marks": "[?&;]tag=[a-z0-9_-]+"}),
    Guard("a link whose rel is unknown", "BL701",
          "fan.com/9 -> shop.com/?aff_id=9 | Shop | -\nfan2.com/9 -> shop.com/ | Shop",
          sql=("AND l.qualified = false", "")),
    Guard("an institution that copied a link", "BL701",
          "college.edu/9 -> shop.com/?aff_id=9 | Shop", sql=("AND NOT s.trusted", "")),
]  # fmt: skip


def points(guard: Guard, off: bool) -> float:
    """Return the most that a claim about the profile is worth."""
    rule = RULES[guard.rule]
    switch: Any = nullcontext()
    if off:
        sql = _edited(rule.sql, *guard.sql) if guard.sql else rule.sql
        assert guard.params.keys() <= rule.header.params.keys()
        header = msgspec.structs.replace(rule.header, params={**rule.header.params, **guard.params})
        rule = msgspec.structs.replace(rule, sql=sql, header=header)
        if guard.feature:
            switch = _feature(*guard.feature)
        if guard.feature_params:
            switch = _feature_params(guard.feature_params[0], **guard.feature_params[1])
    case = Case(
        name=guard.name,
        expect="clean",
        site="shop.com",
        links=guard.links,
        keywords=list(guard.keywords),
        brand=list(guard.brand),
        node=guard.node,  # type: ignore[arg-type]
    )
    with switch:
        claims, ended = run_case(rule, case)
    assert ended.state == "ran", ended.reason
    return max((POINTS.worth(claim.rule, claim.level) for claim in claims), default=0.0)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.rule}: {guard.name}")
def test_guard_is_necessary(guard: Guard) -> None:
    assert points(guard, off=False) == 0
    assert points(guard, off=True) > 0


@pytest.mark.parametrize(
    "guard",
    [
        Guard("copies of one text without keywords", "BL209",
              "farm{1..6}.com/list-3f9a2c1{1..6} -> shop.com/ | light tents | external_links=300",
              sql=("AND NOT w.inferred", ""), keywords=()),
        Guard("keywords of few", "BL209",
              "farm{1..2}.com/list-3f9a2c1{1..2} -> shop.com/ | cheap tents | external_links=300\n"
              "farm{3..6}.com/list-3f9a2c1{3..6} -> shop.com/ | Shop | external_links=300",
              params={"min_paying": 2, "min_share": 0.3}),
        Guard("four owners", "BL209",
              "farm{1..4}.com/list-3f9a2c1{1..4} -> shop.com/ | cheap tents | external_links=300",
              params={"min_high": 4}),
    ],
    ids=lambda guard: guard.name,
)  # fmt: skip
def test_guard_keeps_down(guard: Guard) -> None:
    """BL209 says its most only where all guards are passed, and even that agrees with nothing."""
    assert 0 < points(guard, off=False) < points(guard, off=True) < 10
