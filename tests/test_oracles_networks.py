"""The rules about cliques, tiers, lists, addresses and numbered names equal naive oracles (31)."""

import csv
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import audit_factory
from backlint.inputs import load as loading
from backlint.report.words import kind_words
from backlint.risk.schemes import SPECIFIC
from graph_strategies import KEYWORDS, SITE, Link, World
from naive_networks import (
    aims,
    clique,
    generated,
    list_level,
    lists_of_links,
    pyramid_level,
    pyramids,
    shared_keys,
)
from test_oracles import THOROUGH, Judged, judged, near, oracle

Edge = tuple[str, str]


def world(draw: st.DrawFn, edges: list[Edge], paid: list[str], page: str = "/") -> World:
    """Return edges as links, and the site with paid and honest links, or no site."""
    rel = draw(st.sampled_from(["", "", "nofollow"]))
    loose = set(draw(st.lists(st.sampled_from(edges), max_size=3)))
    links = [
        Link(f"https://{a}{page}", f"https://{b}/", "a word", rel if (a, b) in loose else "")
        for a, b in dict.fromkeys(edges)
    ]
    if draw(st.booleans()):
        return World(tuple(links))
    text = draw(st.sampled_from([KEYWORDS[0], "Harbor Lamps"]))
    day = draw(st.sampled_from(["2024-02-02", ""]))
    links += [Link(f"https://{a}/", f"https://{SITE}/", text, "", day) for a in paid]
    visitors = draw(st.sampled_from([40, 12]))
    links += [
        Link(f"https://visitor{n}.com/", f"https://{SITE}/", "Harbor Lamps", "", f"20{n:02}-01-01")
        for n in range(visitors)
    ]
    return World(tuple(links), SITE, (), KEYWORDS)


def quiet(draw: st.DrawFn, size: int, twice: bool) -> list[Edge]:
    """Return readers of papers, two a paper or one, and papers that mostly answer."""
    per = 2 if twice else 1
    edges = [(f"reader{n}.com", f"paper{n // per}.com") for n in range(size)]
    if draw(st.sampled_from([True, True, False])):
        edges += [(f"paper{n}.com", f"reader{n}.com") for n in range(size // per)]
    return edges


@st.composite
def cliques(draw: st.DrawFn) -> World:
    """Complete and nearly complete circles in larger and smaller webs."""
    edges = quiet(draw, draw(st.sampled_from([450, 450, 215, 60])), False)
    names = [f"circle{chr(97 + n)}.com" for n in range(draw(st.sampled_from([6, 5, 7, 4])))]
    pairs = [(a, b) for a in names for b in names if a != b]
    dropped = draw(st.lists(st.sampled_from(pairs), max_size=draw(st.sampled_from([0, 0, 3]))))
    edges += [pair for pair in pairs if pair not in dropped]
    edges += [
        (f"fan{n}.com", names[n % len(names)]) for n in range(draw(st.sampled_from([0, 0, 1, 5])))
    ]
    return world(draw, edges, names)


@st.composite
def tiered(draw: st.DrawFn) -> World:
    """Pyramids of two and three tiers, with stray links and outside readers."""
    edges = quiet(draw, draw(st.sampled_from([200, 100, 20])), True)
    first = [f"first{chr(97 + n)}.com" for n in range(draw(st.sampled_from([3, 4, 2])))]
    low = [f"low{chr(97 + n)}.com" for n in range(draw(st.sampled_from([6, 8, 9, 5])))]
    under = [f"under{chr(97 + n)}.com" for n in range(draw(st.sampled_from([0, 9, 4])))]
    edges += [(name, top) for name in first for top in ("money.com", "other.com")]
    for names, above in ((low, first), (under, low)):
        for n, name in enumerate(names):
            edges += [(name, above[n % len(above)]), (name, above[(n + 1) % len(above)])]
    stray = st.tuples(
        st.sampled_from([*first, *low]), st.sampled_from(["paper1.com", "paper2.com"])
    )
    edges += draw(st.lists(stray, max_size=draw(st.sampled_from([0, 0, 2]))))
    for n in range(draw(st.sampled_from([0, 1, 3, 8]))):
        edges += [(f"fan{n}.com", first[n % len(first)]), (f"fan{n}.com", f"paper{n}.com")]
    edges += draw(st.lists(st.tuples(st.sampled_from(low), st.sampled_from(low)), max_size=1))
    return world(draw, [(a, b) for a, b in edges if a != b], first)


@st.composite
def pasted(draw: st.DrawFn) -> World:
    """Pages with one list of small shops, some with additions, some in two versions."""
    edges = quiet(draw, draw(st.sampled_from([200, 200, 60])), True)
    names = [f"list{chr(97 + n)}.com" for n in range(draw(st.sampled_from([6, 5, 4, 3])))]
    shops = [f"shop{chr(97 + n)}.com" for n in range(draw(st.sampled_from([5, 6, 4, 3])))]
    lists = [(name, shop) for name in names for shop in shops]
    missing = draw(st.lists(st.sampled_from(lists), max_size=draw(st.sampled_from([0, 1, 2]))))
    lists = [pair for pair in lists if pair not in missing]
    extra = st.tuples(st.sampled_from(names), st.sampled_from(["paper1.com", "paper2.com"]))
    lists += draw(st.lists(extra, max_size=draw(st.sampled_from([0, 3]))))
    others = draw(st.sampled_from([0, 0, 2, 12]))
    edges += [(f"reader{n}.com", shop) for n in range(others) for shop in shops[: 1 + n % 4]]
    edges += [
        (f"fan{n}.com", names[n % len(names)]) for n in range(draw(st.sampled_from([0, 2, 9])))
    ]
    made = world(draw, edges, names)
    page = draw(st.sampled_from(["/links-page", "/links-page", "/page"]))
    links = [
        Link(f"https://{a}{page}{n % 2 if page == '/page' else ''}", f"https://{b}/", "a shop")
        for n, (a, b) in enumerate(dict.fromkeys(lists))
    ]
    return made._replace(links=(*made.links, *links))


@st.composite
def housed(draw: st.DrawFn) -> tuple[World, dict[str, str]]:
    """A dense group, and addresses of some of its members and of some others."""
    size = draw(st.sampled_from([210, 110, 400]))
    edges = [(f"reader{n}.com", f"paper{n}.com") for n in range(size)]
    names = [f"farm{chr(97 + n)}.com" for n in range(draw(st.sampled_from([6, 8])))]
    edges += [(a, b) for a in names for b in names if a != b]
    net = draw(st.sampled_from(["198.51.100"] * 4 + ["104.21.5", "185.199.108"]))
    together = draw(st.sampled_from([len(names), 5, 4, 3, 2]))
    one = draw(st.booleans())
    addresses = {n: f"{net}.{7 if one else 10 + i}" for i, n in enumerate(names[:together])}
    alone = draw(st.booleans())
    addresses |= {n: f"198.52.{i}.7" for i, n in enumerate(names[together:]) if alone}
    known = draw(st.sampled_from([size, size, 100, 97, 10]))
    beside = draw(st.sampled_from([0, 0, 0, 1, 4, 20]))
    for n in range(min(known, size)):
        near_by = f"{net}.{7 if one else 100 + n}"
        addresses[f"reader{n}.com"] = near_by if n < beside else f"203.{n // 200}.{n % 200}.7"
    links = tuple(Link(f"https://{a}/", f"https://{b}/", "word") for a, b in edges)
    return World(links), addresses


@st.composite
def numbered(draw: st.DrawFn) -> World:
    """Series of numbered names that share paths, words, both or nothing."""
    links = []
    labels = ["best-link", "radio", "seo-anomaly-", "cheapo", "tops#list"]
    for label in draw(st.lists(st.sampled_from(labels), min_size=1, max_size=2, unique=True)):
        count = draw(st.sampled_from([5, 7, 4, 10]))
        step = draw(st.sampled_from([1, 1, 3, 4]))
        suffix = draw(st.sampled_from(["xyz", "com", "wordpress.com", "edu"]))
        path = draw(
            st.sampled_from(["/report/best", "/Report/Best/", "/links/", "/", "/wiki/lamp"])
        )
        text = draw(st.sampled_from(["top stores", KEYWORDS[0], "Harbor Lamps", "here"]))
        goal = draw(st.sampled_from(["", "best"]))
        alike = draw(st.sampled_from([count, count - 1, 6, 3]))
        rel = draw(st.sampled_from(["", "", "", "nofollow"]))
        for n in range(count):
            number = 1 + n * step
            name = label.replace("#", str(number)) if "#" in label else f"{label}{number}"
            page = path if n < alike else f"/page{n}"
            link = Link(f"https://{name}.{suffix}{page}", f"https://{SITE}/{goal}", text, rel)
            links.append(link)
            if draw(st.booleans()):
                links.append(link._replace(source=link.source + "x", anchor=f"word {n}"))
    links += [Link(f"https://reader{chr(97 + n)}.com/a", f"https://{SITE}/", "x") for n in range(9)]
    families = draw(st.sampled_from([(), (("radio1.com", "me"), ("radio2.com", "me"))]))
    return World(tuple(dict.fromkeys(links)), SITE, (), KEYWORDS, families)


def said(run: Judged, rule: str) -> dict[str, tuple[Any, ...]]:
    """Return subject -> level and members of what a rule claims."""
    return {x.subject: (x.level, list(x.domains)) for x in run.claims[rule]}


def tried(
    worlds: st.SearchStrategy[Any], check: Callable[[Any], list[str]], examples: int = 20
) -> Counter[str]:
    """Check worlds, and return how often each level was found."""
    levels: Counter[str] = Counter()

    @oracle(examples)
    @given(worlds)
    def each(drawn: Any) -> None:
        levels.update(check(drawn))

    each()
    return levels


@pytest.mark.thorough
def test_cliques() -> None:
    """BL105."""

    def check(drawn: World) -> list[str]:
        with judged(drawn, "BL105") as run:
            verdicts = {str(key): (clique(g), g) for key, g in run.groups.items()}
            expected = {key: (v[0], sorted(g.nodes)) for key, (v, g) in verdicts.items() if v}
            assert said(run, "BL105") == expected
            for claim in run.claims["BL105"]:
                verdict, group = verdicts[claim.subject]
                assert verdict is not None
                assert (claim.scheme, claim.value) == (verdict[1], near(group.density))
            return [level for level, _ in expected.values()]

    found = tried(cliques(), check)
    if THOROUGH:
        assert found["info"] >= 3
        assert found["medium"] + found["high"] >= 3


@pytest.mark.thorough
def test_pyramids() -> None:
    """BL203, and the search for tiers."""

    def check(drawn: World) -> list[str]:
        with judged(drawn, "BL203") as run:
            naive = run.naive
            expected = {}
            towers = pyramids(naive)
            found = {k: g for k, g in run.groups.items() if g.kind == "pyramid"}
            assert {g.members for g in found.values()} == towers.keys()
            claims = {x.subject: x for x in run.claims["BL203"]}
            for key, group in found.items():
                decades, ways = towers[group.members]
                level = pyramid_level(group, decades)
                if level:
                    expected[str(key)] = (level, sorted(group.nodes))
                    claim = claims[str(key)]
                    told = (set(claim.hubs), set(claim.targets), claim.value)
                    assert told in [
                        (
                            set(map(naive.face, way[0])),
                            aims(naive, way[0]),
                            group.size - len(way[0]),
                        )
                        for way in ways
                    ]
            assert said(run, "BL203") == expected
            return [level for level, _ in expected.values()]

    found = tried(tiered(), check)
    if THOROUGH:
        assert found["low"] >= 2
        assert found["medium"] + found["high"] >= 3


@pytest.mark.thorough
def test_lists_of_links() -> None:
    """BL204, and the search for pages that are alike."""

    def check(drawn: World) -> list[str]:
        with judged(drawn, "BL204") as run:
            found = {k: g for k, g in run.groups.items() if g.kind == "outlinks"}
            assert {g.members for g in found.values()} == lists_of_links(run.naive)
            levels = {str(key): (list_level(g), sorted(g.nodes)) for key, g in found.items()}
            expected = {key: verdict for key, verdict in levels.items() if verdict[0]}
            if run.coverage["BL204"].state == "ran":
                assert said(run, "BL204") == expected
                return [level for level, _ in expected.values() if level]
            return []

    found = tried(pasted(), check)
    if THOROUGH:
        assert found["low"] >= 3
        assert found["medium"] + found["high"] >= 1


@contextmanager
def stated(addresses: dict[str, str]) -> Iterator[None]:
    """Let `judged` read a list of domains with addresses beside its links."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "domains.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            writer.writerow(["Domain ascore", "Domain", "Backlinks", "IP Address", "Country",
                             "First seen", "Last seen"])  # fmt: skip
            writer.writerows(["", host, "", ip, "", "", ""] for host, ip in addresses.items())
        load = loading.load

        def both(engine: Any, paths: Any, **more: Any) -> Any:
            return load(engine, [*paths, path], **more)

        with patch("test_oracles.load", both):
            yield


@pytest.mark.thorough
def test_addresses() -> None:
    """BL205."""

    def check(drawn: tuple[World, dict[str, str]]) -> list[str]:
        given_world, addresses = drawn
        with stated(addresses), judged(given_world, "BL205") as run:
            if len(addresses) < 20:
                assert run.coverage["BL205"].state == "not evaluable"
                return ["not evaluable"]
            claims = {x.subject: x for x in run.claims["BL205"]}
            expected = {}
            for key, group in run.groups.items():
                keys = shared_keys(group, addresses)
                if keys:
                    order = {"/24 network": 0, "IP address": 1}
                    grade, members, decades, kind, name = max(
                        keys, key=lambda k: (k[0], k[1], round(k[2], 9), order[k[3]])
                    )
                    claim = claims[str(key)]
                    assert claim.value == near(decades)
                    assert (claim.detail["sharing"], claim.detail["key"]) == (members, name)
                    assert claim.detail["kind"] == kind
                    level = ("low", "medium", "high")[grade - 1]
                    sharing = [n for n in group.nodes if addresses.get(n, "").startswith(name)]
                    expected[str(key)] = (level, sorted(sharing))
            assert said(run, "BL205") == expected
            return [level for level, _ in expected.values()]

    found = tried(housed(), check)
    if THOROUGH:
        assert found["high"] >= 2
        assert found["medium"] + found["low"] >= 2


@pytest.mark.thorough
def test_numbered_names() -> None:
    """BL207."""

    def check(drawn: World) -> list[str]:
        with judged(drawn, "BL207") as run:
            expected = {
                k: (level, sorted(who)) for k, (level, _, who) in generated(run.naive).items()
            }
            assert said(run, "BL207") == expected
            counts = {x.subject: x.value for x in run.claims["BL207"]}
            assert counts == {k: n for k, (_, n, _) in generated(run.naive).items()}
            return [level for level, _ in expected.values()]

    found = tried(numbered(), check, 40)
    if THOROUGH:
        assert min(found["low"], found["medium"]) >= 1


@pytest.mark.parametrize("kind", ["link-clique", "link-pyramid", "generated-names"])
def test_new_kinds_have_a_name(kind: str) -> None:
    assert kind in SPECIFIC
    assert kind_words(audit_factory.scheme(1, kind, "high", ["a.example"]))
