"""Each guard of the rules about networks is necessary (33): without it, a clean case is accused.

The honest people are cases of the rules themselves, by their names.
"""

import importlib
from typing import Any, NamedTuple

import numpy as np
import pytest

from backlint import audit as pipeline
from backlint.cases import Case, load_cases, run_case
from backlint.findings import level_rank
from backlint.graph.reduce import Ids, Mask
from backlint.rules import terms
from backlint.rules.catalog import load_points
from guards import Off, both, empty_list, feature, feature_params, put, rule

outlinks = importlib.import_module("backlint.graph.outlinks")
pyramids = importlib.import_module("backlint.graph.pyramids")


def _supporters(web: Any, above: Mask, barred: Mask) -> Ids:
    """Return those not barred with two rare targets above them, whatever else they link to."""
    near = np.unique(web.into.of(np.flatnonzero(above))[1])
    near = near[~barred[near]]
    place, goal = web.goals.of(near)
    return near[np.bincount(place, weights=above[goal], minlength=len(near)) >= 2]


class Guard(NamedTuple):
    """A guard of a rule, how to switch it off, and the case that is then accused at a level."""

    rule: str
    name: str
    off: Off
    case: str
    level: str


PEOPLE = [
    Guard(
        "BL105",
        "isolation and sureness",
        rule("BL105", min_sureness=0.0),
        "named false positive: a federation that others link to, by design info",
        "medium",
    ),
    Guard(
        "BL105",
        "nearly every pair",
        rule("BL105", min_density=0.8),
        "just below min_density: 26 of 30 ordered pairs",
        "medium",
    ),
    Guard(
        "BL105",
        "five members",
        both(rule("BL105", min_members=4), rule("BL105", min_sureness=0.4)),
        "just below min_members: four",
        "medium",
    ),
    Guard(
        "BL203",
        "all rare links of a supporter lead to the first tier",
        put(pyramids.Web, "loyal", _supporters),
        "named false positive: a publisher's papers, whose readers read other papers as well",
        "medium",
    ),
    Guard(
        "BL203",
        "two links of a supporter",
        put(pyramids, "MIN_LINKS", 1),
        "named false positive: personal sites, each with loyal readers of its own",
        "low",
    ),
    Guard(
        "BL203",
        "seven in ten of a carried site's in-links",
        put(pyramids, "MIN_EXCLUSIVE", 0.5),
        "just below seven in ten: it is not carried, and its supporters are not loyal to the others",
        "low",
    ),
    Guard(
        "BL203",
        "twice as many supporters",
        put(pyramids, "MIN_RATIO", 1),
        "just below twice as many supporters: five for three",
        "medium",
    ),
    Guard(
        "BL203",
        "three carried sites",
        put(pyramids, "MIN_CARRIED", 2),
        "just below three carried sites: two",
        "medium",
    ),
    Guard(
        "BL203",
        "chance",
        both(put(pyramids, "MAX_RARITY", 1e9), rule("BL203", max_rarity=1e9)),
        "most of the web in one first tier is what chance does",
        "low",
    ),
    Guard(
        "BL203",
        "isolation",
        rule("BL203", "WHEN s.looked AND (NOT s.isolation_known "
             "OR s.ring_sureness < $sure_at_all) THEN 'low'", ""),
        "named false positive: chapters of a project that others link to as to anybody, by design low",
        "medium",
    ),
    Guard(
        "BL204",
        "Jaccard index",
        put(outlinks, "MIN_JACCARD", 0.0),
        "just below a Jaccard index of .6: six in common of twelve",
        "low",
    ),
    Guard(
        "BL204",
        "four targets in common",
        both(put(outlinks, "MIN_SHARED", 3), feature_params("page_targets", min_targets=3),
             rule("BL204", min_captured=3)),
        "just below four targets in common",
        "low",
    ),
    Guard(
        "BL204",
        "a list is on one page",
        feature("page_targets", "hash(l.source_url) AS page", "1 AS page"),
        "the same four shops, each on a page of its own, are no list",
        "low",
    ),
    Guard(
        "BL204",
        "the group holds what it lists",
        feature_params("captured_targets", min_capture=0.0, max_expected=1e9),
        "listed sites that many others link to are not held",
        "low",
    ),
    Guard(
        "BL204",
        "lists alone stay low",
        rule("BL204", "ELSE 'low'", "ELSE 'medium'"),
        "named false positive: friends with one blog-roll whose words differ, by design low",
        "medium",
    ),
    Guard(
        "BL204",
        "isolation",
        rule("BL204", "WHEN s.looked AND (NOT s.isolation_known "
             "OR s.capture_sureness < $sure_at_all) THEN 'low'", ""),
        "members that others link to as to anybody stay low whatever their anchors",
        "medium",
    ),
    Guard(
        "BL205",
        "content networks",
        empty_list(terms, "cdn_ranges"),
        "named false positive: a content network",
        "high",
    ),
    Guard(
        "BL205",
        "chance",
        rule("BL205", min_decades=-1),
        "named false positive: a host on which everybody stands",
        "low",
    ),
    Guard(
        "BL205",
        "an address that hardly anybody else has",
        rule("BL205", max_background_if_medium=1.0),
        "a large shared host of a tenth of all, by design low",
        "medium",
    ),
    Guard(
        "BL205",
        "rare cannot be told from few others",
        rule("BL205", max_background=0.02),
        "just at max_background: with 98 others known one in a hundred cannot be told",
        "high",
    ),
    Guard(
        "BL205",
        "half of the group",
        rule("BL205", min_share=0.4),
        "just below min_share: three of seven",
        "high",
    ),
    Guard(
        "BL205",
        "three members",
        feature_params("candidate_keys", min_holders=2),
        "just below three sharing members: two",
        "medium",
    ),
    Guard(
        "BL207",
        "five members",
        both(feature_params("numbered_names", min_owners=4), rule("BL207", min_members=4)),
        "just below min_members: four",
        "medium",
    ),
    Guard(
        "BL207",
        "numbers close together",
        feature_params("numbered_names", max_gap=4),
        "just above three times as many numbers as names",
        "medium",
    ),
    Guard(
        "BL207",
        "brand names",
        rule("BL207", max_branded=1.1),
        "named false positive: branches of a chain that name the shop, by design low",
        "medium",
    ),
    Guard(
        "BL207",
        "harmless words to the same page",
        feature("numbered_pages", "WHERE c.class IN ('exact', 'partial', 'other')", ""),
        "named false positive: numbered sites that name the shop on pages of their own",
        "low",
    ),
    Guard(
        "BL207",
        "eight letters",
        rule("BL207", min_letters=5),
        "named false positive: radio stations, by design low",
        "medium",
    ),
    Guard(
        "BL207",
        "paths of an encyclopedia",
        feature("numbered_pages", "AND NOT contains(path, '/wiki/')", ""),
        "named false positive: mirrors of an encyclopedia",
        "medium",
    ),
    Guard(
        "BL207",
        "platforms",
        rule("BL207", "b.platform OR", ""),
        "named false positive: numbered blogs of one platform, by design low",
        "medium",
    ),
    Guard(
        "BL207",
        "paths that every site has",
        empty_list(terms, "generic_paths"),
        "paths that every site has say nothing",
        "medium",
    ),
    Guard(
        "BL207",
        "the slug of the page linked to",
        feature("numbered_pages", "AND slug NOT IN (SELECT slug FROM site_slugs)", ""),
        "who repeats the slug of the page linked to speaks of that page",
        "medium",
    ),
    Guard(
        "BL207",
        "most of the series",
        rule("BL207", min_share=0.5),
        "just below min_share: six of eleven",
        "medium",
    ),
    Guard(
        "BL207",
        "known anchors",
        rule("BL207", "AND a.known >= $min_share * b.sharing AND a.branded < $max_branded * a.known",
             "AND a.known >= 0 * $min_share AND a.branded <= $max_branded * a.known"),
        "without anchors low",
        "medium",
    ),
    Guard(
        "BL207",
        "years",
        rule("BL207", first_year=3000),
        "named false positive: a conference with a site a year, by design low",
        "medium",
    ),
    Guard(
        "BL207",
        "addresses of a vendor",
        rule("BL207", "class IN ('brand', 'naked', 'generic', 'empty')", "class = 'brand'"),
        "named false positive: numbered branches that credit their vendor's address, by design low",
        "medium",
    ),
    Guard(
        "BL207",
        "institutions",
        feature("numbered_names", "WHERE NOT a.trusted AND", "WHERE"),
        "hosts of institutions are left out",
        "medium",
    ),
    Guard(
        "BL207",
        "nofollow links",
        both(feature("numbered_pages", "WHERE p.credit", "WHERE true"),
             feature("numbered_names", "(SELECT source FROM actor_edges WHERE credit)",
                     "(SELECT source FROM actor_edges)")),
        "nofollow links carry nothing",
        "low",
    ),
]  # fmt: skip


@pytest.mark.parametrize("guard", PEOPLE, ids=lambda guard: f"{guard.rule} {guard.name}")
def test_guard_is_necessary(guard: Guard) -> None:
    """With a guard switched off, honest people get points that they do not get with it."""
    points = load_points()
    before = _level(guard.rule, guard.case)
    with guard.off():
        after = _level(guard.rule, guard.case)
    assert after == guard.level
    assert points.worth(guard.rule, before) < points.worth(guard.rule, after)


def _level(wanted: str, named: str) -> str:
    """Return the highest level that a rule, as it now is, gives to one of its cases."""
    (found,) = [r for r in pipeline.load_rules(()) if r.header.id == wanted]
    case: Case
    (case,) = [case for case in load_cases(found) if case.name == named]
    claims, ended = run_case(found, case)
    assert ended.state == "ran", ended.reason
    return max((claim.level for claim in claims), key=level_rank, default="")
