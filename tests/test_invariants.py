"""The properties of a whole audit, numbered as in docs: what must hold whatever the input.

"Frozen" means: same candidate groups, and the same degrees, hubs, rare targets, isolation and
denominators as in the run that is compared with (`profiles.frozen`).
"""

import datetime
import functools
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import msgspec
import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import guards
from backlint import audit as pipeline
from backlint.disavow.file import parse
from backlint.disavow.guards import Guards
from backlint.disavow.plan import merge
from backlint.findings import Audit, Claim, DomainResult, Finding, Scheme, level_rank
from backlint.report.json import read_json
from backlint.report.model import lowering
from backlint.risk.score import Evidence, score, total, waterfall
from backlint.rules.catalog import load_points, load_rules
from backlint.rules.model import Rule
from backlint.rules.tails import anchor_bounds
from backlint.urls import registrable_domain
from profiles import (
    ALL_FROZEN,
    AS_OF,
    COLUMNS,
    KEYWORDS,
    SITE,
    TRUSTED,
    Profile,
    Row,
    Run,
    day,
    first,
    frozen,
    make,
    profiles,
    quick,
    report_bytes,
    run,
    simulated,
)

FACTOR = settings().max_examples / 400  # every example is some scans: `thorough` draws half
DESCRIBING = (
    "common_targets",
    "example",
    "first_partner",
    "path",
    "word",
)  # no score rests on them
seeds = st.integers(0, 10**6)


@pytest.fixture(autouse=True, scope="module")
def _quick() -> Iterator[None]:
    with quick():
        yield


def examples(count: int) -> Callable[[Any], Any]:
    """Ask for a quarter of so many examples by default, for half in the thorough profile."""
    return settings(
        max_examples=max(2, round(count * FACTOR)),
        suppress_health_check=[HealthCheck.too_slow],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # a seed is small, shrinking is slow
    )


_fired: list[set[str]] = []


def fires(*rules: str, share: float = 0.4) -> Callable[[Any], Any]:
    """Fail when a rule fires in too few examples: else the property would prove nothing."""

    def wrap(test: Any) -> Any:
        @functools.wraps(test)
        def checked(*args: Any, **kwargs: Any) -> None:
            _fired.clear()
            test(*args, **kwargs)
            counts = Counter(rule for fired in _fired for rule in fired)
            least = share * len(_fired) if len(_fired) >= 5 else 0  # of a few none may
            few = {r: counts[r] for r in rules if counts[r] < least}
            assert not few, f"of {len(_fired)} examples only: {few}"

        return checked

    return wrap


def note(result: Run) -> Run:
    """Count the rules that fired in one example."""
    _fired.append({claim.rule for claim in result.claims})
    return result


def shuffled(rows: tuple[Row, ...], seed: int) -> tuple[Row, ...]:
    mixed = list(rows)
    Random(seed).shuffle(mixed)
    return tuple(mixed)


def picked(rows: list[Row], seed: int, most: int) -> list[Row]:
    return Random(seed).sample(rows, min(len(rows), most))


def _host(url: str) -> str:
    return url.split("/")[2]


def spoken(claims: list[Claim]) -> list[tuple[Any, ...]]:
    """Return what rules said, without the links that show it and words that only describe."""
    return sorted(
        (c.rule, c.level, c.subject, c.value, c.scheme, c.domains, str(_numbers(c.detail)))
        for c in claims
    )


def _numbers(detail: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((key, value) for key, value in detail.items() if key not in DESCRIBING)


def no_higher(after: Run, before: Run) -> None:
    """Assert that no node and no profile scores higher."""
    was = before.scores()
    higher = {
        d.domain: (was.get(d.domain, 6.0), d.score)
        for d in after.audit.domains
        if d.score > was.get(d.domain, 6.0)
    }
    assert not higher
    if before.audit.profile and after.audit.profile:
        assert after.audit.profile.score <= before.audit.profile.score


@fires("BL103", "BL201", "BL202", "BL206", "BL305", "BL603")
@examples(6)
@given(profiles("ring", "pbn", "farm", "footprint"), seeds, st.booleans())
def test_01_order_of_rows(profile: Profile, seed: int, site: bool) -> None:
    """1. Any shuffle of the input rows gives the same report, byte by byte, outside `inputs`."""
    before = note(run(profile, site=site))
    after = run(profile._replace(rows=shuffled(profile.rows, seed)), site=site)
    assert report_bytes(after.audit) == report_bytes(before.audit)


@fires("BL103", "BL201", "BL202", "BL206", "BL305", "BL603")
@examples(5)
@given(profiles("ring", "pbn", "farm", "footprint"), seeds, st.booleans())
def test_03_same_file_twice(profile: Profile, seed: int, site: bool) -> None:
    """3. Loading the same file twice equals loading it once, outside `inputs`."""
    before = note(run(profile, site=site))
    after = run(profile, site=site, copies=2)
    assert report_bytes(after.audit) == report_bytes(before.audit)


@fires("BL103", "BL202", "BL206", "BL208")
@examples(10)
@given(
    profiles("ring", "farm", "footprint", "subdomains"), seeds, st.integers(1, 40), st.booleans()
)
def test_05_qualified_links(profile: Profile, seed: int, count: int, site: bool) -> None:
    """5. Adding nofollow, ugc or sponsored links raises no score."""
    rng = Random(seed)
    before = note(run(profile, site=site))
    names = [*profile.honest, *profile.members(), *TRUSTED, "brandnewname.com"]
    titles = [row.title for row in profile.rows if row.target.startswith(f"https://{SITE}")]
    paths = [row.source.split("/", 3)[3] for row in profile.rows]
    pairs = [(_host(row.source), _host(row.target)) for row in profile.rows]
    added = []
    for _ in range(count):
        source, target = rng.choice(names), rng.choice([*names, SITE, SITE])
        if rng.random() < 0.5:
            source, target = rng.choice(pairs)
        if source != target:
            added.append(
                Row(
                    f"https://{source}/{rng.choice([*paths, 'x' + str(rng.random())])}",
                    f"https://{target}/",
                    rng.choice((KEYWORDS[0], "Oakmoor", "here")) + str(rng.random()),
                    rng.choice(("nofollow", "ugc", "sponsored")),
                    day(rng.randrange(2000)),
                    rng.choice(titles),
                )
            )
    after = run(profile.having(*added), site=site)
    no_higher(after, before)
    assert spoken(after.claims) == spoken(before.claims)


_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def renaming(profile: Profile, seed: int) -> Callable[[str], str]:
    """Return a bijection of texts: unlisted domains get new labels of the same letters' kinds."""
    rng = Random(seed)
    mixed = rng.sample(_CONSONANTS, len(_CONSONANTS)), rng.sample(_VOWELS, len(_VOWELS))
    letters = str.maketrans(_CONSONANTS + _VOWELS, "".join(map("".join, mixed)))
    hosts = {_host(url) for row in profile.rows for url in row[:2]}
    roots = {registrable_domain(host) for host in hosts} - {SITE, *TRUSTED}
    new = {root: root.translate(letters) for root in roots}
    new = {old: name.partition(".")[0] + "." + old.partition(".")[2] for old, name in new.items()}
    assert len(set(new.values())) == len(new)
    pattern = re.compile("|".join(map(re.escape, sorted(new, key=len, reverse=True))))
    return lambda text: pattern.sub(lambda found: new[found.group()], text)


@fires("BL101", "BL103", "BL104", "BL201", "BL202", "BL206", "BL208", "BL304", "BL401", share=0.1)
@examples(6)
@given(seeds, seeds, st.booleans())
def test_02_renaming(seed: int, other: int, site: bool) -> None:
    """2. A bijection of unlisted names that keeps TLD and family maps what SQL rules say.

    The candidate groups are frozen: the search for them is no SQL and may break ties by name.
    """
    profile = make(seed)
    rename = renaming(profile, other)
    before = note(first(profile, site=site))
    rows = tuple(Row(*map(rename, row)) for row in profile.rows)
    after = frozen(before, profile._replace(rows=rows), (), rename, site=site)

    def said(claim: Claim, name: Callable[[str], str]) -> tuple[Any, ...]:
        ends = sorted(map(name, claim.domains)), sorted(map(name, claim.targets))
        subject, numbers = name(claim.subject), _numbers(claim.detail)
        return (claim.rule, claim.level, subject, claim.value, *ends, numbers)

    expected = Counter(map(str, (said(claim, rename) for claim in before.claims)))
    assert Counter(map(str, (said(claim, str) for claim in after.claims))) == expected


def respelled(url: str, seed: int) -> str:
    """Return another spelling of the same page, the same one every time."""
    scheme, _, host, path = url.split("/", 3)
    rng = Random(f"{seed} {url}")
    if not host.isascii() and rng.random() < 0.5:
        host = host.encode("idna").decode()
    if rng.random() < 0.3:
        host = "www." + host
    if rng.random() < 0.3:
        host = "".join(rng.choice((c.lower(), c.upper())) for c in host)
    if rng.random() < 0.3:
        host += "."
    scheme, port = rng.choice((("https:", ":443"), ("http:", ":80"), ("HTTPS:", ""), ("", "")))
    return f"{scheme}//{host}{port if rng.random() < 0.5 else ''}/{path}"


@fires("BL103", "BL202", "BL206", "BL208")
@examples(6)
@given(profiles("ring", "farm", "footprint", "subdomains"), seeds, st.booleans())
def test_04_spelling_of_hosts(profile: Profile, seed: int, site: bool) -> None:
    """4. Case, trailing dot, `www.`, default port, punycode and scheme make no other node.

    Every page keeps one spelling of its own, so that the number of pages stays the same.
    """
    native = {profile.honest[0]: "bücherwurm.de", profile.groups["ring"][0]: "grünerhügel.com"}

    def idn(text: str) -> str:
        for old, new in native.items():
            text = text.replace(old, new)
        return text

    profile = profile._replace(rows=tuple(Row(*map(idn, row)) for row in profile.rows))
    new = {url: respelled(url, seed) for row in profile.rows for url in row[:2]}
    old = {spelled: url for url, spelled in new.items()}
    keep = {"nodes": "SELECT node, family FROM nodes ORDER BY ALL"}
    before = note(run(profile, site=site, keep=keep))
    rows = tuple(Row(new[row.source], new[row.target], *row[2:]) for row in profile.rows)
    after = run(profile._replace(rows=rows), site=site, keep=keep)
    assert after.tables["nodes"].equals(before.tables["nodes"])
    assert len(set(new.values())) == len(new)

    def same(claims: list[Claim]) -> list[tuple[Any, ...]]:
        return sorted(
            (c.rule, c.level, old.get(c.subject, c.subject), c.value, c.domains) for c in claims
        )

    assert same(after.claims) == same(before.claims)
    assert after.scores() == before.scores()
    assert after.verdicts() == before.verdicts()
    assert [x.directive for x in after.audit.disavow] == [x.directive for x in before.audit.disavow]


def toggled(profile: Profile, rows: list[Row]) -> Profile:
    """Return the profile with these followed links made nofollow."""
    gone = set(rows)
    return profile._replace(
        rows=tuple(r._replace(rel="nofollow") if r in gone else r for r in profile.rows)
    )


@fires("BL103", "BL201", "BL202", "BL206", "BL305", "BL603")
@examples(10)
@given(profiles("ring", "pbn", "farm", "footprint"), seeds, st.integers(1, 60), st.booleans())
def test_06_follow_to_nofollow(profile: Profile, seed: int, count: int, site: bool) -> None:
    """6. follow -> nofollow never raises a score; the reverse never lowers one (frozen).

    Unfrozen it is false, and must be: an endorsement that turns nofollow endorses no more, a
    brand anchor that turns nofollow speaks for its owner no more.
    """
    followed = [row for row in profile.rows if not row.rel]
    before = note(first(profile, site=site, ignore=["BL401"]))
    less = toggled(profile, picked(followed, seed, count))
    no_higher(frozen(before, less, site=site, ignore=["BL401"]), before)


@fires("BL103", "BL201", "BL202", "BL206")
@examples(8)
@given(profiles("ring", "pbn", "farm", "footprint"), seeds, st.booleans())
def test_06_disarmed_scheme(profile: Profile, seed: int, site: bool) -> None:
    """6. A scheme whose every link is turned nofollow accuses nobody (not frozen)."""
    kind = Random(seed).choice(("ring", "pbn", "farm", "footprint"))
    members = set(profile.groups[kind])
    note(run(profile, site=site))
    theirs = [r for r in profile.rows if _host(r.source) in members and not r.rel]
    after = run(toggled(profile, theirs), site=site)
    accused = {m.node for s in after.audit.schemes for m in s.members if m.role != "target"}
    assert not accused & members
    assert all(after.score(name) <= 6.0 for name in members)


@fires("BL103", "BL202", "BL201")
@examples(8)
@given(profiles("ring", "farm", "pbn"), seeds, st.integers(1, 12))
def test_07_closing_edge(profile: Profile, seed: int, count: int) -> None:
    """7. A follow edge more inside a fixed group never lowers its structural evidence (frozen).

    The new edges have the date of an edge that the group has, for dates are another evidence.
    """
    rng = Random(seed)
    members = profile.groups[rng.choice(("ring", "farm", "pbn"))]
    ago = next(r.first_seen for r in profile.rows if _host(r.source) == members[0])
    added = []
    for index in range(count):
        source, target = rng.sample(members, 2)
        added.append(Row(f"https://{source}/new-{index}", f"https://{target}/", "x", "", ago))
    keep = {
        "stats": "SELECT candidate_id, internal, decades FROM candidate_stats "
        "ORDER BY candidate_id",
    }
    before = note(first(profile, keep=keep))
    after = frozen(before, profile.having(*added), keep=keep)
    was, now = before.tables["stats"], after.tables["stats"]
    assert (now["internal"] >= was["internal"]).all()
    assert (now["decades"] >= was["decades"]).all()
    assert now["internal"].sum() > was["internal"].sum() or not _new_pairs(before, profile, added)
    _no_weaker(after, before, ("BL103", "BL104", "BL202"))


def _new_pairs(before: Run, profile: Profile, added: list[Row]) -> bool:
    """Say whether an added link joins two members of one candidate that had none."""
    had = {(_host(r.source), _host(r.target)) for r in profile.rows if not r.rel}
    groups: dict[int, set[str]] = {}
    for number, actor, _ in before.tables["candidate_members"].rows():
        groups.setdefault(number, set()).add(actor)
    pairs = {(_host(r.source), _host(r.target)) for r in added} - had
    return any(set(pair) <= group for pair in pairs for group in groups.values())


def _no_weaker(after: Run, before: Run, rules: tuple[str, ...]) -> None:
    now = {(c.rule, c.subject): c for c in after.claims}
    for claim in before.claims:
        if claim.rule in rules:
            again = now[claim.rule, claim.subject]
            assert level_rank(again.level) >= level_rank(claim.level)


@fires("BL201", share=0.25)
@examples(8)
@given(profiles("pbn"), seeds, st.integers(1, 6))
def test_08_shared_target(profile: Profile, seed: int, count: int) -> None:
    """8. A further link of a member to a target of the group never lowers co-target evidence.

    Frozen but for the in-degree of that target: the share that the group holds must not fall.
    """
    rng = Random(seed)
    members = profile.groups["pbn"]
    linked = {(_host(r.source), _host(r.target)) for r in profile.rows if not r.rel}
    shops = sorted(
        target
        for target in {t for s, t in linked if s in members} - {SITE, *TRUSTED, *members}
        if sum((name, target) in linked for name in members) >= 4
    )
    missing = [(m, t) for m in members for t in shops if (m, t) not in linked]
    added = [
        Row(f"https://{source}/new-{i}", f"https://{target}/", "x", "", day(10))
        for i, (source, target) in enumerate(rng.sample(missing, min(count, len(missing))))
    ]
    keep = {
        "stats": "SELECT candidate_id, captured, captured_sources, capture FROM candidate_stats "
        "ORDER BY candidate_id",
    }
    before = note(first(profile, keep=keep))
    tables = [name for name in ALL_FROZEN if name != "candidate_targets"]
    after = frozen(before, profile.having(*added), tables, keep=keep)
    for column in ("captured", "captured_sources", "capture"):
        assert (after.tables["stats"][column] >= before.tables["stats"][column]).all()
    _no_weaker(after, before, ("BL104", "BL201"))


LAYERS = {  # what the graph search sees of a profile, whatever the denominators
    "structure": "SELECT a.actor AS source, b.actor AS target FROM structure s "
    "JOIN actors a ON a.actor_id = s.source JOIN actors b ON b.actor_id = s.target ORDER BY ALL",
    "rare": "SELECT actor, r.d_in FROM rare_targets r JOIN actors USING (actor_id) ORDER BY ALL",
    "groups": "SELECT c.candidate_id, c.kind, a.actor FROM candidates c "
    "JOIN candidate_members USING (candidate_id) JOIN actors a USING (actor_id) ORDER BY ALL",
    "counts": "SELECT candidate_id, size, internal, density, endorsers, isolation, isolation_known "
    "FROM candidate_stats ORDER BY candidate_id",
    "held": "SELECT candidate_id, target, sources, d_in, capture FROM candidate_targets "
    "ORDER BY ALL",
}
DENOMINATORS = ("actor_degrees", "candidate_dates", "candidate_anchors")


@fires("BL103", "BL104", "BL201", "BL202", "BL206")
@examples(6)
@given(seeds, seeds, st.integers(1, 30), st.booleans())
def test_09_camouflage(seed: int, other: int, count: int, site: bool) -> None:
    """9. Links of members to trusted domains leave the structural detectors as they are.

    Not frozen: graph, rare targets, groups, density, isolation and capture. Frozen, because hubs
    stay in the denominators on purpose: the degrees that give the expected number of links.
    """
    rng = Random(other)
    profile = make(seed, ("ring", "wheel", "farm", "pbn", "footprint"))
    before = note(first(profile, site=site, keep=LAYERS))
    added = [
        Row(f"https://{rng.choice(profile.members())}/cover-{i}", f"https://{target}/", "source")
        for i in range(count)
        for target in [rng.choice((*TRUSTED, "hillside.gov", "westbank.ac.uk"))]
    ]
    after = run(profile.having(*added), site=site, keep=LAYERS)
    for name in LAYERS:
        assert after.tables[name].equals(before.tables[name]), name
    still = frozen(before, profile.having(*added), DENOMINATORS, site=site)
    assert spoken(still.claims) == spoken(before.claims)
    assert still.scores() == before.scores()


@fires("BL103", "BL104", "BL201", "BL202", "BL206", "BL301")
@examples(10)
@given(seeds, seeds, st.integers(1, 20), st.booleans())
def test_10_link_from_trusted(seed: int, other: int, count: int, site: bool) -> None:
    """10. An in-link from a trusted domain raises no score (frozen denominators).

    Without freezing one thing may rise, and should: who is linked to by trusted domains shows
    that somebody looked, so isolation becomes known.
    """
    rng = Random(other)
    profile = make(seed, ("ring", "wheel", "farm", "pbn", "footprint", "newswire"))
    before = note(first(profile, site=site, keep=LAYERS))
    like = [row for row in profile.rows if _host(row.target) == SITE]
    added = []
    for index in range(count):
        source = rng.choice((*TRUSTED, "hillside.gov", "westbank.ac.uk"))
        model = rng.choice(like)  # the same title, path, anchor and target as somebody's link
        page = model.source.split("/", 3)[3] if rng.random() < 0.7 else f"page-{index}"
        target = rng.choice((*profile.members(), *profile.honest))
        url = model.target if rng.random() < 0.5 else f"https://{target}/"
        new = model._replace(source=f"https://{source}/{page}", target=url)
        added.append(new._replace(rel=""))
    after = frozen(before, profile.having(*added), DENOMINATORS, site=site)
    no_higher(after, before)
    live = run(profile.having(*added), site=site, keep=LAYERS)  # only RARE depends on in-degrees
    assert searched(live) == searched(before)


def searched(
    result: Run, kinds: tuple[str, ...] = ("community", "footprint", "ring")
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the candidate groups of some kinds by the names of their members."""
    groups: dict[tuple[int, str], list[str]] = {}
    for number, kind, actor in result.tables["groups"].rows():
        groups.setdefault((number, kind), []).append(actor)
    return sorted((kind, tuple(actors)) for (_, kind), actors in groups.items() if kind in kinds)


def reaches(profile: Profile, start: str, end: str) -> bool:
    """Say whether a path of links leads from one domain to another."""
    out: dict[str, set[str]] = {}
    for row in profile.rows:
        out.setdefault(_host(row.source), set()).add(_host(row.target))
    seen, todo = {start}, [start]
    while todo:
        for name in out.get(todo.pop(), set()) - seen:
            seen.add(name)
            todo.append(name)
    return end in seen


@fires("BL103", "BL202", "BL201", "BL206")
@examples(10)
@given(profiles("ring", "farm", "pbn", "footprint"), seeds, st.integers(1, 8))
def test_11_link_from_bad(profile: Profile, seed: int, count: int) -> None:
    """11. A link from a bad domain never raises the score of whom it links to, unless that
    domain reaches the bad one. Nothing is frozen.
    """
    rng = Random(seed)
    before = note(run(profile))
    added = []
    victims = set()
    for index in range(count):
        bad, victim = rng.choice(profile.members()), rng.choice(profile.honest)
        if not reaches(profile, victim, bad):
            victims.add(victim)
            added.append(Row(f"https://{bad}/out-{index}", f"https://{victim}/", KEYWORDS[0]))
    after = run(profile.having(*added))
    for victim in victims:
        assert after.score(victim) <= before.score(victim)


def apart(seed: int) -> tuple[Row, ...]:
    """Return the rows of a profile that shares no domain with any other one."""
    profile = make(seed, ("ring", "wheel", "farm", "pbn", "footprint"), sources=40)
    shared = {SITE, *TRUSTED}
    moved = []
    for row in profile.rows:
        source, target = _host(row.source), _host(row.target)
        if not {source, target} & shared:
            ends = (
                row.source.replace(source, f"q{source}"),
                row.target.replace(target, f"q{target}"),
            )
            moved.append(Row(*ends, *row[2:]))
    return tuple(moved)


@fires("BL103", "BL104", "BL201", "BL202", "BL206")
@examples(6)
@given(seeds, seeds)
def test_12_disjoint_component(seed: int, other: int) -> None:
    """12. A disjoint component changes nothing in the first one.

    Not frozen: the communities and the rings that are found. Frozen, because each is defined over
    the corpus: how rare a target, a signature or a ring is (so also the groups of shared targets
    and footprints, whose pairs must beat the chance of the whole corpus), degrees and dates.
    """
    profile = make(seed, ("ring", "wheel", "farm", "pbn", "footprint"))
    both = profile.having(*apart(other))
    before = note(first(profile, site=False, keep=LAYERS))
    ours = {_host(url) for row in profile.rows for url in row[:2]}
    live = run(both, site=False, keep=LAYERS)

    kinds = ("community", "ring")
    found = [group for group in searched(live, kinds) if set(group[1]) <= ours]
    assert found == searched(before, kinds)
    after = frozen(before, both, DENOMINATORS, site=False)
    mine = [claim for claim in after.claims if set(claim.domains) <= ours]
    assert spoken(mine) == spoken(before.claims)
    assert {k: v for k, v in after.scores().items() if k in ours} == before.scores()


@fires("BL103", "BL202", "BL206", "BL208")
@examples(6)
@given(profiles("ring", "farm", "footprint", "subdomains"), seeds, st.booleans())
def test_13_links_inside_a_family(profile: Profile, seed: int, site: bool) -> None:
    """13. Links to oneself and inside a family change nothing but the subdomain rule."""
    rng = Random(seed)
    names = [*profile.honest, *profile.members()]
    families = {name: f"owner {i // 2}" for i, name in enumerate(rng.sample(profile.honest, 20))}
    added = []
    for index in range(30):
        name = rng.choice(names)
        source = rng.choice(("", "www.", "blog.", "garden.", "m.")) + name
        added.append(
            Row(f"https://{source}/own-{index}", f"https://{name}/", KEYWORDS[0], "", day(3))
        )
        one, two = list(families)[2 * (index % 10) : 2 * (index % 10) + 2]
        added.append(Row(f"https://{one}/f-{index}", f"https://{two}/", KEYWORDS[1], "", day(5)))
    options: dict[str, Any] = {"families": families, "site": site, "ignore": ["BL208"]}
    before = run(profile, **options)
    note(run(profile, families=families, site=site))
    after = run(profile.having(*added), **options)
    assert report_bytes(after.audit) == report_bytes(before.audit)


@fires("BL103", "BL104", "BL201", "BL202", "BL206")
@examples(6)
@given(seeds, st.sampled_from(("ring", "wheel", "farm", "pbn", "footprint")))
def test_14_family_and_own(seed: int, kind: str) -> None:
    """14. A scheme among one owner's domains vanishes with --family; with --own it stays, is
    marked as controlled by the user, and no member stands in the disavow file.
    """
    profile = make(seed, ("ring", "wheel", "farm", "pbn", "footprint"))
    members = set(profile.groups[kind])
    before = note(run(profile))
    accused = {s.id for s in before.audit.schemes if _members(s) & members}
    family = run(profile, families=dict.fromkeys(members, "one owner"))
    assert not [s for s in family.audit.schemes if _members(s) & members]
    own = run(profile, own=sorted(members))
    assert spoken(own.claims) == spoken(before.claims)
    kept = [s for s in own.audit.schemes if s.id in accused]
    assert {s.id for s in kept} == accused
    assert all(s.controlled_by_site for s in kept)
    assert not members & set(own.verdicts()) - {
        name for name, verdict in own.verdicts().items() if verdict in ("keep", None)
    }
    assert not members & {line.directive.removeprefix("domain:") for line in own.audit.disavow}


def _members(scheme: Scheme) -> set[str]:
    return {m.node for m in scheme.members if m.role != "target"}


DROPPED = [
    ("anchor",), ("first_seen",), ("title",), ("anchor", "title"), ("first_seen", "title"),
    ("anchor", "first_seen", "title"),
]  # fmt: skip


@fires("BL103", "BL201", "BL202", "BL206", "BL301", "BL305", "BL603")
@examples(14)
@given(
    profiles("ring", "pbn", "farm", "footprint", "newswire"),
    st.sampled_from(DROPPED),
    st.booleans(),
)
def test_15_missing_column(profile: Profile, dropped: tuple[str, ...], site: bool) -> None:
    """15. Dropping a column raises no score and never turns `not evaluable` into `clean`."""
    before = note(run(profile, site=site))
    left = [column for column in COLUMNS if column not in dropped]
    after = run(profile, columns=left, site=site)
    no_higher(after, before)
    was = {c.rule: c.state for c in before.audit.coverage}
    now = {c.rule: c.state for c in after.audit.coverage}
    assert all(now[rule] == "not evaluable" for rule, state in was.items() if state != "ran")
    assert set(now.values()) <= {"ran", "not evaluable"}
    if "anchor" in dropped and site:
        assert not [
            d.domain
            for d in after.audit.domains
            if d.verdict == "disavow" and not any(s.group == "decisive" for s in d.waterfall)
        ]


CAPS = {
    "structure": 30, "co-target": 30, "infrastructure": 30, "anchors": 20, "placement": 10,
    "time": 10, "policy": 10, "lexical": 8,
}  # fmt: skip
STRONG = {"structure", "co-target", "anchors", "infrastructure"}
GROUP_OF = {rule.header.id: rule.header.group for rule in load_rules()}


def points_by_group(findings: Iterable[Finding], strongest: bool = False) -> dict[str, float]:
    """Return the points of findings by group: the strongest, or max + 0.3 x the rest, capped."""
    table = load_points()
    found: dict[str, list[float]] = {}
    for finding in findings:
        group = GROUP_OF[finding.rule]
        if table.is_decisive(finding.rule, finding.level):
            group = "decisive"
        found.setdefault(group, []).append(table.worth(finding.rule, finding.level))
    rest = 0.0 if strongest else 0.3
    sums = {group: max(p) + rest * (sum(p) - max(p)) for group, p in found.items()}
    return {group: min(p, CAPS.get(group, math.inf)) for group, p in sums.items()}


def image(points: float) -> float:
    """Return the score of a sum of points."""
    return 100 / (1 + math.exp(-(points - 28) / 10))


def band(score: float) -> str:
    """Return the band of a score."""
    return next(
        b for f, b in ((90, "critical"), (70, "high"), (40, "medium"), (0, "low")) if score >= f
    )


def judged(profile: Profile, **options: Any) -> Iterator[tuple[DomainResult, list[Finding]]]:
    """Run a profile and yield every domain's result with its findings."""
    result = note(run(profile, **options))
    findings = {finding.id: finding for finding in result.audit.findings}
    for domain in result.audit.domains:
        yield domain, [findings[i] for i in domain.findings]


any_profile = st.one_of(
    st.builds(make, seeds),
    profiles(most=6),
    st.builds(simulated, st.integers(1, 2), graph=st.booleans()),
)


@fires("BL206", "BL305", share=0.3)
@examples(10)
@given(any_profile, st.booleans())
def test_16_scores_add_up(profile: Profile, site: bool) -> None:
    """16. Scores are finite and in 0..100; the waterfall adds up exactly in points, the score is
    its image, and what `explain` says of a missing group is what weighing without it gives.
    """
    for domain, findings in judged(profile, site=site):
        trust = -sum(s.points for s in domain.waterfall if s.group == "trust")
        groups = points_by_group(findings)
        total = sum(step.points for step in domain.waterfall)
        assert math.isclose(total, sum(groups.values()) - trust, abs_tol=1e-6)
        assert trust in (0, min(20, sum(groups.values())))
        assert 0 <= domain.score <= 100
        assert math.isclose(domain.score, image(total), abs_tol=0.0500001)
        for item in lowering(domain):
            left = points_by_group(f for f in findings if _group(f) != item.group)
            rest = sum(left.values()) - min(20 if trust else 0, sum(left.values()))
            assert math.isclose(item.score, image(rest), abs_tol=0.06)
        for gone in findings:
            left = points_by_group(f for f in findings if f is not gone)
            assert sum(left.values()) <= sum(groups.values()) + 1e-9


def _group(finding: Finding) -> str:
    decisive = load_points().is_decisive(finding.rule, finding.level)
    return "decisive" if decisive else GROUP_OF[finding.rule]


@examples(200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("BL1", "BL2", "BL3", "BL4")),
            st.sampled_from((*CAPS, "made-up")),
            st.floats(0, 60),
            st.booleans(),
        ),
        max_size=9,
    ),
    st.floats(0, 40),
)
def test_16_more_evidence_never_lowers(items: list[tuple[Any, ...]], trust: float) -> None:
    """16. Adding a finding never lowers a sum of points; trust never takes more than there is."""
    evidence = [Evidence(*item) for item in items]
    sums = [total(waterfall(evidence[:n], CAPS, trust)) for n in range(len(evidence) + 1)]
    for before, after in pairwise(sums):
        assert after >= before - 1e-5
    assert all(0 <= score(points) <= 100 and points >= -1e-9 for points in sums)


@fires("BL202", "BL305", share=0.3)
@examples(6)
@given(profiles("farm", most=6))
def test_16_profile_score(profile: Profile) -> None:
    """16. The profile is 1 - product over schemes of (1 - p x min(1, share / .10) x control)."""
    audit = note(run(profile)).audit
    assert audit.profile is not None
    passing = {d.domain for d in audit.domains if d.followed}
    disavowed = {d.domain for d in audit.domains if d.verdict == "disavow"}
    for expected, gone in (
        (audit.profile.score, set()), (audit.profile.score_after_disavow, disavowed),
    ):  # fmt: skip
        clean = 1.0
        for scheme in audit.schemes:
            share = len(_members(scheme) & passing - gone) / audit.profile.referring_domains
            control = 1.0 if scheme.controlled_by_site else 0.2
            clean *= 1 - scheme.score / 100 * min(1, share / 0.10) * control
        assert math.isclose(100 * (1 - clean), expected, abs_tol=0.0500001)
        assert 0 <= expected <= 100


@fires("BL103", "BL202", "BL206", share=0.2)
@examples(10)
@given(any_profile, st.sampled_from([(), ("anchor",), ("anchor", "first_seen")]))
def test_17_two_groups(profile: Profile, dropped: tuple[str, ...]) -> None:
    """17. No band above medium without two groups with a rule of 10 points, one of them a strong one;
    structure and co-target are one, time agrees with nobody; decisive rules lift it.
    """
    left = [column for column in COLUMNS if column not in dropped]
    for domain, findings in judged(profile, columns=left):
        groups = points_by_group(findings, strongest=True)
        agree = {group for group, points in groups.items() if points >= 10} - {"time"}
        if "structure" in agree:
            agree -= {"co-target"}
        may = "decisive" in agree or (len(agree) >= 2 and bool(agree & STRONG))
        by_number = band(domain.score)
        expected = by_number if may or by_number in ("low", "medium") else "medium"
        assert domain.band == expected
        if domain.verdict == "disavow":
            assert may
            assert domain.band in ("high", "critical")


def test_18_bound_of_exact_anchors() -> None:
    """18. For every count: one more exact anchor never lowers the bound, one more brand anchor
    never raises it.
    """
    n, k = np.divmod(np.arange(400 * 400), 400)
    n, k = n[k <= n], k[k <= n]

    def bound(k: Any, n: Any) -> Any:
        return anchor_bounds(pl.DataFrame({"k": k, "n": n}))["bound"].to_numpy()

    now = bound(k, n)
    assert (bound(k + 1, n + 1) >= now - 1e-12).all()
    assert (bound(k, n + 1) <= now + 1e-12).all()
    assert ((now >= 0) & (now <= 1)).all()


@fires("BL301")
@examples(8)
@given(seeds, st.integers(8, 20), st.integers(1, 5))
def test_18_new_anchors(seed: int, exact: int, more: int) -> None:
    """18. The same through the whole way: new domains with exact anchors never lower the share
    bound of the page, new domains with brand anchors never raise it.
    """
    page = f"https://{SITE}/chairs"
    rng = Random(seed)
    users = [Row(f"https://exact{i}.com/", page, rng.choice(KEYWORDS)) for i in range(exact)]
    profile = make(seed, ("footprint",), sources=60).having(*users)

    def highest(result: Run) -> float:
        return max(
            (c.value for c in result.claims if c.rule == "BL301" and c.subject == page
             and c.detail["class"] == "exact"), default=0.0,
        )  # fmt: skip

    before = highest(note(run(profile)))
    for anchor, sign in ((KEYWORDS[0], 1), ("Oakmoor", -1), ("www.oakmoor.com", -1)):
        new = [Row(f"https://other{i}.net/", page, anchor) for i in range(more)]
        assert sign * (highest(run(profile.having(*new))) - before) >= 0


def _undated(audit: Audit) -> Audit:
    """Return the audit without its timeline, which follows the calendar."""
    assert audit.figures
    return msgspec.structs.replace(
        audit, figures=msgspec.structs.replace(audit.figures, timeline=None)
    )


@fires("BL103", "BL201", "BL202", "BL603")
@examples(6)
@given(profiles("ring", "pbn", "farm"), st.integers(-3000, 3000))
def test_19_shifted_dates(profile: Profile, days: int) -> None:
    """19. Shifting all dates and --as-of by a constant changes nothing but weeks and months."""
    shift = datetime.timedelta(days=days)

    def moved(text: str) -> str:
        return (datetime.date.fromisoformat(text) + shift).isoformat() if text else ""

    rows = tuple(row._replace(first_seen=moved(row.first_seen)) for row in profile.rows)
    before = report_bytes(_undated(note(run(profile)).audit)).decode()
    after = _undated(run(profile._replace(rows=rows), as_of=moved(AS_OF)).audit)
    again = re.sub(
        r'"(\d{4}-\d\d-\d\d)"',
        lambda m: f'"{(datetime.date.fromisoformat(m[1]) - shift).isoformat()}"',
        report_bytes(after).decode(),
    )
    assert again == before


STRICTER = [
    (rule.header.id, name)
    for rule in load_rules()
    for name, value in sorted(rule.header.params.items())
    if isinstance(value, int | float)
]


def stricter(rules: list[Rule], rule_id: str, name: str, by: float) -> list[Rule]:
    """Return the rules with one threshold further out: `max_` lower, everything else higher."""
    changed = []
    for rule in rules:
        if rule.header.id == rule_id:
            value = rule.header.params[name]
            moved = value * (1 - by) if name.startswith("max_") else value * (1 + 2 * by)
            if isinstance(value, int):
                moved = math.floor(moved) if name.startswith("max_") else math.ceil(moved)
            header = msgspec.structs.replace(
                rule.header, params={**rule.header.params, name: moved}
            )
            rule = Rule(header, rule.sql, rule.path)
        changed.append(rule)
    return changed


@fires("BL103", "BL104", "BL201", "BL202", "BL206", "BL305", "BL603")
@examples(15)
@given(seeds, st.sampled_from(STRICTER), st.floats(0.05, 0.8), st.booleans())
def test_20_higher_threshold(seed: int, which: tuple[str, str], by: float, crawl: bool) -> None:
    """20. A higher threshold gives a subset of what rules say, none of it at a higher level, and
    a subset of the disavow lines.
    """
    profile = make(seed)
    before = note(run(profile))
    rules = stricter(load_rules(), *which, by)
    with patch.object(pipeline, "load_rules", lambda _: rules):
        after = run(profile)
    said = {(c.rule, c.subject, c.domains): level_rank(c.level) for c in before.claims}
    for claim in after.claims:
        assert level_rank(claim.level) <= said[claim.rule, claim.subject, claim.domains]
    lines = {line.directive for line in before.audit.disavow}
    assert {line.directive for line in after.audit.disavow} <= lines


@fires("BL103", "BL201", "BL202", "BL206")
@examples(3)
@given(profiles("ring", "pbn", "farm", "footprint"), st.sampled_from((2, 4)), st.booleans())
def test_21_threads(profile: Profile, threads: int, site: bool) -> None:
    """21. The number of threads changes nothing."""
    one = note(run(profile, site=site))
    assert report_bytes(run(profile, site=site, threads=threads).audit) == report_bytes(one.audit)


def test_21_threads_of_a_larger_profile() -> None:
    """21. The same with enough rows that the engine does work in parallel."""
    profile = simulated(3, referring=120)
    reports = {report_bytes(run(profile, threads=threads).audit) for threads in (1, 2)}
    assert len(reports) == 1


_DIGEST = """
import hashlib
from profiles import make, report_bytes, run
for site in (True, False):
    print(hashlib.sha256(report_bytes(run(make(11), site=site).audit)).hexdigest())
"""


def test_21_hash_seeds() -> None:
    """21. Nor does the order of sets and dictionaries in a process of its own."""
    folder = str(Path(__file__).parent)
    found = set()
    for hash_seed in ("0", "1", "4711"):
        path = os.pathsep.join((folder, os.environ.get("PYTHONPATH", "")))
        env = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": path}
        command = [sys.executable, "-c", _DIGEST]
        done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
        found.add(done.stdout)
    assert len(found) == 1


@fires("BL103", "BL201", "BL202", "BL206", "BL208", "BL301", "BL304", "BL401")
@examples(5)
@given(seeds, st.integers(2, 4), st.booleans())
def test_22_more_pages(seed: int, times: int, site: bool) -> None:
    """22. Multiplying all page-level link counts leaves domain-level detectors as they are."""
    profile = make(seed)
    pages = [
        row._replace(source=f"{row.source}?page={number}")
        for row in profile.rows
        for number in range(2, times + 1)
    ]
    before = note(run(profile, site=site))
    after = run(profile.having(*pages), site=site)

    def said(claims: list[Claim]) -> list[tuple[Any, ...]]:
        return sorted((c.rule, c.level, c.subject, c.scheme, c.domains) for c in claims)

    assert said(after.claims) == said(before.claims)
    assert after.scores() == before.scores()
    assert after.verdicts() == before.verdicts()
    assert [(s.id, s.level, s.score) for s in after.audit.schemes] == [
        (s.id, s.level, s.score) for s in before.audit.schemes
    ]
    if site:
        assert after.audit.profile is not None
        assert before.audit.profile is not None
        assert after.audit.profile.score == before.audit.profile.score


@fires("BL206", "BL305", share=0.3)
@examples(6)
@given(any_profile)
def test_29_disavow_lines_have_reasons(profile: Profile) -> None:
    """29. Every new line of the disavow file is traceable to findings in the report."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit"
        audit = note(run(profile, out=out)).audit
        text = (out / "disavow.txt").read_text("utf-8") if (out / "disavow.txt").exists() else ""
    written = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert sorted(written) == sorted(line.directive for line in audit.disavow)
    findings = {finding.id: finding for finding in audit.findings}
    schemes = {scheme.id: scheme for scheme in audit.schemes}
    results = {result.domain: result for result in audit.domains}
    for line in audit.disavow:
        name = line.directive.removeprefix("domain:")
        assert results[name].verdict == "disavow"
        assert line.findings
        assert all(name in findings[i].domains for i in line.findings)
        assert line.scheme is None or name in _members(schemes[line.scheme])
        assert any(rule in line.reason for rule in (findings[i].rule for i in line.findings))


OLD_FILES = (
    None, b"", b"# mine\ndomain:old-spam.com\n\nhttp://bad.net/page\n",
    b"\xef\xbb\xbfdomain:WWW.Old-Spam.com\r\nnot a line\r\ndomain:old-spam.com\r\n",
)  # fmt: skip


@examples(8)
@given(seeds, st.sampled_from(OLD_FILES), st.sampled_from(((), ("newswire",))))
def test_30_nothing_to_disavow(seed: int, old: bytes | None, plants: tuple[str, ...]) -> None:
    """30. Without a finding that asks for it no line is added: an old file comes back in canonical
    form, and without one no file is written and the verdict says that there is nothing to do.
    """
    profile = make(seed, plants, noise=0)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit"
        audit = run(profile, out=out, old_disavow=old).audit
        written = (
            (out / "disavow.txt").read_text("utf-8") if (out / "disavow.txt").exists() else None
        )
    assert audit.disavow == []
    assert audit.profile is not None
    assert audit.profile.verdict == "nothing to do"
    assert audit.profile.reasons
    if old is None:
        assert written is None
    else:
        assert written == merge([parse(old)], Guards(own=frozenset({SITE}))).text


@fires("BL206", "BL305", share=0.3)
@examples(6)
@given(any_profile, st.booleans())
def test_32_report_round_trip(profile: Profile, site: bool) -> None:
    """32. A report read back from JSON equals the report that was written."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "audit"
        audit = note(run(profile, site=site, out=out)).audit
        assert read_json(out / "report.json") == audit


@pytest.mark.parametrize("guard", guards.GUARDS, ids=lambda guard: guard.name)
def test_33_guard_is_necessary(guard: guards.Guard) -> None:
    """33. With a guard switched off, honest people fall that stand while it is on."""
    profile = guard.profile()
    honest = set(profile.groups["honest"])
    assert not guard.accused(run(profile, **guard.options), honest)
    with guard.off():
        assert guard.accused(run(profile, **guard.options), honest)


@pytest.mark.parametrize("layers", guards.LAYERS, ids=lambda layers: layers.name)
def test_33_guards_behind_each_other(layers: guards.Layers) -> None:
    """33. Where several guards protect the same, each alone is enough; without all they fall."""
    profile = layers.profile()
    honest = set(profile.groups["honest"])
    for kept in layers.offs:
        with guards.both(*(off for off in layers.offs if off is not kept))():
            assert not layers.accused(run(profile), honest)
    with guards.both(*layers.offs)():
        assert layers.accused(run(profile), honest)
