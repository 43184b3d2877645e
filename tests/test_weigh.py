"""The weighing of made-up claims: properties 16, 17 and 20, and on what a verdict rests."""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from backlint.findings import Claim, DomainResult, RuleInfo
from backlint.risk.assess import SETS, Case, Facts, Scale, Weighed, weigh

MANY = settings().max_examples * (5 if settings().max_examples > 100 else 1)  # 1,000 in `thorough`
GROUPS = ("structure", "co-target", "anchors", "infrastructure", "placement", "time", "policy")
CAPS = {"structure": 30.0, "co-target": 30.0, "anchors": 20.0, "infrastructure": 30.0,
        "placement": 10.0, "time": 10.0, "policy": 10.0}  # fmt: skip
STRONG = {"structure", "co-target", "anchors", "infrastructure"}
POINTS = {"info": 0.0, "low": 4.0, "medium": 9.0, "high": 16.0, "critical": 28.0}
NODES = ("ash.com", "birch.org", "cedar.net", "elm.edu", "fir.io")
RULES = tuple(f"T{n}" for n in range(14))  # two of each group; the last decides by itself


def group_of(rule: str) -> str:
    return GROUPS[int(rule[1:]) % len(GROUPS)]


def claim(
    rule: str, level: str, nodes: Sequence[str], scheme: str = "", subject: str = ""
) -> Claim:
    return Claim(
        rule=rule, level=level, confidence="medium", group=group_of(rule), policy="link-spam",
        subject_kind="scheme" if scheme else "domain", subject=subject or nodes[0], value=1.0,
        domains=tuple(sorted(nodes)), link_ids=(), detail={}, scheme=scheme, targets=(),
    )  # fmt: skip


claims = st.builds(
    claim,
    st.sampled_from(RULES),
    st.sampled_from(list(POINTS)),
    st.lists(st.sampled_from(NODES), min_size=1, max_size=4, unique=True),
    st.sampled_from(["", "", "", "link-farm", "link-ring"]),
    st.sampled_from(["", "1", "2"]),
)
facts = st.builds(
    lambda node, credit, trusted: Facts(
        node, links=3, followed=credit, nofollow=3 - credit, credit=credit, trusted=trusted
    ),
    st.sampled_from(NODES), st.sampled_from([3, 3, 3, 1, 0]), st.sampled_from([False] * 4 + [True]),
)  # fmt: skip


def case(found: Sequence[Claim], known: Sequence[Facts], **more: Any) -> Case:
    plain = {node: Facts(node, links=2, followed=2, nofollow=0, credit=2) for node in NODES}
    rules = {
        rule: RuleInfo(
            id=rule, name=rule.lower(), level="critical", policy="link-spam", summary="",
            false_positives=[], remediation="",
        ) for rule in RULES
    }  # fmt: skip
    given_case = Case(
        claims=found, rules=rules, says=dict.fromkeys(RULES, "said"),
        scale=Scale(
            lambda _, level: POINTS[level], lambda rule, level: rule == "T13" and level == "critical",
            CAPS, 6.0,
        ),
        facts=plain | {fact.node: fact for fact in known}, referring=40, links=90, partners=(),
        has_site=True, braked=None, ran=len(RULES), missing=0,
    )  # fmt: skip
    return given_case._replace(**more)


def weighed(given_case: Case) -> Weighed:
    return weigh(given_case, lambda _: {})


def by_hand(case_: Case, findings: Sequence[Any], node: str) -> tuple[float, dict[str, float]]:
    """Return the points of a node as scoring.md has them, and the strongest rule of each group."""
    groups: dict[str, list[float]] = {}
    for finding in findings:
        decisive = finding.rule == "T13" and finding.level == "critical"
        group = "decisive" if decisive else group_of(finding.rule)
        groups.setdefault(group, []).append(POINTS[finding.level])
    total, strongest = 0.0, {}
    for group, points in groups.items():
        best = max(points)
        total += min(CAPS.get(group, math.inf), best + 0.3 * (sum(points) - best))
        strongest[group] = min(best, CAPS.get(group, math.inf))
    if case_.facts[node].trusted:
        total = max(0.0, total - 6.0)
    return total, strongest


worlds = st.tuples(st.lists(claims, max_size=14), st.lists(facts, max_size=5))
brakes = st.sampled_from([None, None, "nearly all anchors are the brand"])


@settings(max_examples=MANY, deadline=None)
@given(worlds, brakes)
def test_16_and_17_scores(world: tuple[list[Claim], list[Facts]], braked: str | None) -> None:
    """Scores are finite, the waterfall adds up, and one group of evidence never comes to high."""
    given_case = case(*world, braked=braked)
    found = weighed(given_case)
    named = {finding.id: finding for finding in found.findings}
    assert len(named) == len(found.findings)
    for result in found.domains:
        total, strongest = by_hand(given_case, [named[i] for i in result.findings], result.domain)
        assert sum(step.points for step in result.waterfall) == pytest.approx(total, abs=1e-4)
        assert result.score == pytest.approx(100 / (1 + math.exp(-(total - 28) / 10)), abs=0.06)
        agreeing = {g for g, points in strongest.items() if points >= 10 and g != "time"}
        if "structure" in agreeing:
            agreeing.discard("co-target")
        if result.band in ("high", "critical"):
            assert "decisive" in agreeing or (len(agreeing) >= 2 and agreeing & STRONG)
        if result.verdict == "disavow":
            assert result.band in ("high", "critical")
            assert given_case.facts[result.domain].credit
            assert not braked or "decisive" in agreeing
    assert found.profile is not None
    assert 0 <= found.profile.score_after_disavow <= found.profile.score <= 100


@settings(max_examples=MANY, deadline=None)
@given(st.lists(claims.filter(lambda c: not c.scheme), max_size=12), st.lists(facts), st.data())
def test_20_fewer_findings_disavow_no_more(
    found: list[Claim], known: list[Facts], data: st.DataObject
) -> None:
    """What a higher threshold leaves of the findings asks for no line that all did not ask for."""
    fewer = [c for c in found if data.draw(st.booleans())]
    lines, less = (
        {line.directive for line in weighed(case(some, known)).disavow} for some in (found, fewer)
    )
    assert less <= lines


SEVERITY = {"keep": 0, "review": 1, "disavow": 2}


@settings(max_examples=MANY, deadline=None)
@given(st.lists(claims.filter(lambda c: not c.scheme), max_size=8), st.lists(facts), brakes)
def test_a_verdict_rests_on_the_fewest_findings(
    found: list[Claim], known: list[Facts], braked: str | None
) -> None:
    """Without the pivotal findings a verdict is milder; by trying all sets, no fewer would do."""

    def verdict(node: str, without: Sequence[Claim]) -> str:
        left = [c for c in found if not any(c is gone for gone in without)]
        results = weighed(case(left, known, braked=braked)).domains
        return next((str(r.verdict) for r in results if r.domain == node), "keep")

    whole = weighed(case(found, known, braked=braked))
    named = {f.id: f for f in whole.findings}
    for result in whole.domains:
        mine = [c for c in found if result.domain in c.domains]
        sets = [[named[i] for i in ids] for ids in result.pivotal]
        if result.verdict == "keep":
            assert not sets
            continue
        size = len(sets[0])
        assert {len(each) for each in sets} == {size}
        for pivotal in sets:
            assert {finding.id for finding in pivotal} <= set(result.findings)
            milder = verdict(result.domain, gone(mine, pivotal))
            assert SEVERITY[milder] < SEVERITY[str(result.verdict)]
        for fewer in range(min(size, 4)):  # three at the most are sure to be the fewest
            for left_out in combinations(mine, fewer):
                assert verdict(result.domain, left_out) == result.verdict
        if size <= 3:
            falling = [
                x for x in combinations(mine, size) if verdict(result.domain, x) != result.verdict
            ]
            assert len(sets) == min(len(falling), SETS)


def gone(mine: Sequence[Claim], pivotal: Sequence[Any]) -> list[Claim]:
    """Return the claims of which the findings were made, each once."""
    left, picked = list(mine), []
    for finding in pivotal:
        match = next(
            c
            for c in left
            if (c.rule, c.level, c.subject, c.domains)
            == (finding.rule, finding.level, finding.subject, tuple(finding.domains))
        )
        left = [c for c in left if c is not match]
        picked.append(match)
    return picked


def pivotal_rules(found: Sequence[Claim]) -> list[list[str]]:
    outcome = weighed(case(found, []))
    names = {f.id: f.rule for f in outcome.findings}
    (result,) = outcome.domains
    assert isinstance(result, DomainResult)
    return sorted(sorted(names[i] for i in ids) for ids in result.pivotal)


def test_what_a_verdict_rests_on_by_hand() -> None:
    """Structure 28 and anchors 16 are 44 points, 83: high. Either alone is review at the most."""
    two = [claim("T0", "critical", ["ash.com"]), claim("T2", "high", ["ash.com"])]
    assert pivotal_rules([*two, claim("T4", "low", ["ash.com"])]) == [["T0"], ["T2"]]


def test_several_findings_may_have_to_fall() -> None:
    """Three groups of 16 are 48 points; without one 32, which is medium. High begins at 36.5."""
    three = [claim(rule, "high", ["ash.com"]) for rule in ("T0", "T2", "T3")]
    assert pivotal_rules(three) == [["T0"], ["T2"], ["T3"]]
    more = [claim("T0", "high", ["ash.com"], subject="2"), claim("T3", "critical", ["ash.com"])]
    # structure 20.8, anchors 16, infrastructure 30. Without any two findings 36.8 points are left
    # at least, in two groups. Of three, either one group is left, or two of 16, which are 32
    assert pivotal_rules([*three, *more]) == [
        ["T0", "T0", "T2"],  # infrastructure alone
        ["T0", "T0", "T3"],  # the T3 of 28: anchors and infrastructure of 16
        ["T0", "T2", "T3"],  # the same T3, and either T0
        ["T0", "T2", "T3"],
        ["T0", "T3", "T3"],  # either T0: structure and anchors of 16
        ["T0", "T3", "T3"],
        ["T2", "T3", "T3"],  # structure alone
    ]


@pytest.mark.parametrize(
    ("own", "partner", "money", "ties"),
    [
        (False, False, False, []),
        (True, False, False, ["own member"]),
        (False, True, False, ["linked back"]),
        (False, False, True, ["keywords"]),
        (True, True, True, ["linked back", "own member", "keywords"]),
    ],
)
def test_a_scheme_says_what_ties_it_to_the_site(
    own: bool, partner: bool, money: bool, ties: list[str]
) -> None:
    found = [claim("T0", "high", NODES[:3], "link-farm", "1")]
    if money:
        found.append(
            structs.replace(claim("T2", "high", NODES[:3], "link-farm", "1"), rule="BL305")
        )
    known = [Facts(NODES[0], links=2, followed=2, nofollow=0, credit=2, own=own)]
    given_case = case(found, known, partners=(NODES[1], "elsewhere.example") if partner else ())
    given_case = given_case._replace(
        rules=given_case.rules | {"BL305": given_case.rules["T2"]},
        says=given_case.says | {"BL305": "said"},
    )
    (scheme,) = weighed(given_case).schemes
    assert scheme.ties == ties
    assert scheme.controlled_by_site == bool(ties)
