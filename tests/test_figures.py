"""What the report draws: counted by hand or by another library, drawn whole, safe and the same."""

import datetime
import random
import re
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

import audit_factory as factory
from backlint import audit as pipeline
from backlint import figures, network
from backlint.engine.duckdb import DuckEngine
from backlint.findings import (
    Anchors,
    AnchorUse,
    Audit,
    Authority,
    Bin,
    Decision,
    Figures,
    GraphEdge,
    GraphNode,
    Group,
    Member,
    Network,
    Part,
    Past,
    Period,
    Scheme,
    Timeline,
)
from backlint.report import charts, islands, model
from backlint.report.html import render_html
from test_report import Page, assert_safe

DAY = datetime.date


def nodes_of(audit: Audit) -> list[GraphNode]:
    schemes = {m.node: s.id for s in reversed(audit.schemes) for m in s.members}
    sites = {*audit.sites}
    return [
        GraphNode(node=n, role="member", scheme=s, links=i % 2)
        for i, (n, s) in enumerate(schemes.items())
        if n not in sites
    ]


def drawn(audit: Audit, text: str = "best running shoes", **more: Any) -> Audit:
    """Return an audit with every figure, holding a text wherever one from outside may stand."""
    nodes = nodes_of(audit)
    near = GraphNode(node=f"near {text}", role="neighbour", scheme=nodes[0].scheme)
    values: dict[str, Any] = {
        "anchors": Anchors(
            nodes=200,
            texts=3,
            top=[
                AnchorUse(
                    text=text, anchor_class="exact", links=90, nodes=60, share=0.3, low=0.24,
                    high=0.37, page=f"https://shop.example/{text}", bound=0.22,
                ),
                AnchorUse(
                    text="shop", anchor_class=text[:20], links=9, nodes=8, share=0.04, low=0.02,
                    high=0.08,
                ),
            ],
            threshold=0.15,
        ),
        "timeline": Timeline(
            unit="month",
            periods=[
                Period(start="2026-08-01", new=4, lost=1), Period(start=text[:12], new=0, lost=0),
                Period(start="2026-10-01", new=8, lost=2),
            ],
            before=1,
            undated=2,
        ),
        "suffixes": [Group(value=text[:40], nodes=150, links=300, flagged=30)],
        "countries": [Group(value=text[:40], nodes=20, links=30, flagged=3)],
        "authority": Authority(
            metric=text[:40],
            bins=[
                Bin(low=0, high=10, bands={"none": 6, "critical": 2}), Bin(low=10, high=20, bands={}),
                Bin(low=20, high=None, bands={"low": 4}),
            ],
            unknown=188,
        ),
        "network": Network(
            nodes=[*nodes, near],
            edges=[
                GraphEdge(source=a.node, target=b.node, mutual=True)
                for a, b in zip(nodes, [*nodes[1:], near], strict=True)
            ],
            schemes=len(audit.schemes), members=len(nodes), neighbours=1, links=len(nodes),
        ),
    }  # fmt: skip
    return msgspec.structs.replace(audit, figures=Figures(**(values | more)))


# --- counted by hand --------------------------------------------------------------------------

LINKS = """\
source_url,target_url,anchor,rel,first_seen,last_seen,lost
https://a.com/1,https://site.example/,Site,,2025-01-06,2026-06-30,
https://a.com/2,https://site.example/x,buy oak,,2025-02-03,2026-06-30,
https://b.co.uk/1,https://site.example/,buy oak,,2025-01-31,2026-06-30,
https://c.com/1,https://site.example/,buy oak,nofollow,2026-06-01,2026-06-30,
https://d.org/1,https://site.example/,,,,2026-06-30,
https://e.com/1,https://site.example/,Buy  Oak,,2025-03-01,2026-05-05,yes
https://a.com/3,https://b.co.uk/,friends,,2025-01-06,2026-06-30,
"""
DOMAINS = """\
Domain ascore,Domain,Backlinks,IP Address,Country,First seen,Last seen
35,a.com,3,192.0.2.1,us,2025-01-06,2026-06-30
5,b.co.uk,1,192.0.2.2,gb,2025-01-31,2026-06-30
61,c.com,1,192.0.2.3,us,2026-06-01,2026-06-30
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    folder = tmp_path_factory.mktemp("figures")
    (folder / "links.csv").write_text(LINKS)
    (folder / "domains.csv").write_text(DOMAINS)
    options = pipeline.Options(
        files=[folder / "links.csv", folder / "domains.csv"], sites=["site.example"],
        keywords=["buy oak"], baseline=before(),
    )  # fmt: skip
    return pipeline.scan(options).audit


def before(**more: Any) -> Audit:
    """Return an earlier audit that knows of one still earlier."""
    past = Past(
        as_of="2025-12-31", score=80.0, band="high", referring_domains=30, links=60, schemes=2
    )
    return factory.bare(sites=["site.example"], as_of="2026-03-31", trend=[past], **more)


def test_anchors_of_a_small_profile(world: Audit) -> None:
    anchors = world.figures.anchors  # type: ignore[union-attr]
    assert anchors is not None
    # d.org has an empty anchor, which is known: five nodes, three texts
    assert (anchors.nodes, anchors.texts, anchors.threshold) == (5, 3, 0.15)
    told = {use.text: (use.anchor_class, use.links, use.nodes, use.share) for use in anchors.top}
    assert told == {
        "buy oak": ("exact", 4, 4, 0.8), "site": ("brand", 1, 1, 0.2), "": ("empty", 1, 1, 0.2),
    }  # fmt: skip
    assert anchors.top[0].text == "buy oak"
    assert all(use.page is None and use.bound is None for use in anchors.top)  # below 20 owners


def test_new_and_lost_nodes_of_a_small_profile(world: Audit) -> None:
    timeline = world.figures.timeline  # type: ignore[union-attr]
    assert timeline is not None
    # from Monday 2024-12-30 on: 2025-01-31 is a Friday, 2025-03-01 a Saturday, 2026-05-05 a Tuesday
    assert (timeline.unit, timeline.before, timeline.undated) == ("week", 0, 1)
    told = {p.start: (p.new, p.lost) for p in timeline.periods if p.new or p.lost}
    assert told == {
        "2025-01-06": (1, 0), "2025-01-27": (1, 0), "2025-02-24": (1, 0), "2026-05-04": (0, 1),
        "2026-06-01": (1, 0),
    }  # fmt: skip
    assert timeline.periods[0].start == "2025-01-06"


def test_suffixes_countries_and_authority_of_a_small_profile(world: Audit) -> None:
    figures = world.figures
    assert figures is not None
    assert [(g.value, g.nodes, g.links) for g in figures.suffixes] == [
        (".com", 3, 4), (".org", 1, 1), (".uk", 1, 1),
    ]  # fmt: skip
    assert [(g.value, g.nodes, g.links) for g in figures.countries] == [("US", 2, 3), ("GB", 1, 1)]
    authority = figures.authority
    assert authority is not None
    assert (authority.metric, authority.unknown) == ("authority as stated by semrush", 2)
    filled = {(b.low, b.high): sum(b.bands.values()) for b in authority.bins if b.bands}
    assert filled == {(0, 10): 1, (30, 40): 1, (60, 70): 1}


def test_what_is_flagged_is_what_is_to_disavow_or_to_review() -> None:
    values = pl.DataFrame({"domain": list("abcd"), "links": [1, 2, 3, 4], "value": [*"xxy", "z"]})
    assert figures._groups(values, {"a", "c", "gone"}) == [
        Group(value="x", nodes=2, links=3, flagged=1),
        Group(value="y", nodes=1, links=3, flagged=1),
        Group(value="z", nodes=1, links=4, flagged=0),
    ]


def test_the_rest_is_one_group() -> None:
    names = [f"v{i:02}" for i in range(14)]
    values = pl.DataFrame({"domain": names, "links": [1] * 14, "value": names})
    groups = figures._groups(values, {"v13"})
    assert [g.value for g in groups] == [*names[:10], "4 others"]
    assert (groups[-1].nodes, groups[-1].links, groups[-1].flagged) == (4, 4, 1)


def test_the_trend_ends_with_the_baseline(world: Audit) -> None:
    assert [(past.as_of, past.score) for past in world.trend] == [
        ("2025-12-31", 80.0), ("2026-03-31", 0.0),
    ]  # fmt: skip
    assert world.trend[1].referring_domains == 40


@pytest.mark.parametrize(
    "earlier", [None, before(node="host"), before(profile=None), factory.bare(sites=["b.example"])]
)
def test_what_does_not_compare_makes_no_trend(earlier: Audit | None) -> None:
    assert figures.trend(earlier, ["site.example"], "domain") == []


def test_without_dates_anchors_or_authority_all_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("source,target\nhttps://a.com/,https://site.example/\n")
    audit = pipeline.scan(
        pipeline.Options(files=[tmp_path / "l.csv"], sites=["site.example"])
    ).audit
    told = audit.figures
    assert told is not None
    assert (told.anchors, told.timeline, told.authority, told.countries, told.network) == (
        None, None, None, [], None,
    )  # fmt: skip
    text = Page(render_html(audit)).text
    for said in (
        "no input has anchors",
        "no input says when links",
        "no input states an authority",
    ):
        assert said in text
    assert "Not exported" in text


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_is_wilsons(k: int, more: int) -> None:
    n = k + more
    if not n:
        assert figures.wilson(k, n) == (0.0, 1.0)
        return
    known = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert figures.wilson(k, n) == pytest.approx((known.low, known.high), abs=1e-6)


@pytest.mark.parametrize(
    ("value", "bins"),
    [(100.0, (90, 100)), (100.5, (100, 200)), (0.0, (0, 10)), (712.0, (700, 800))],
)
def test_a_tools_scale_has_ten_bins(value: float, bins: tuple[float, float]) -> None:
    frame = pl.DataFrame(
        {"domain": ["a"], "authority": [value], "authority_tool": ["t"], "pagerank": [None]},
        schema_overrides={"pagerank": pl.Float64},
    )
    stated = figures._authority(frame, {"a": "high"})
    assert stated is not None
    (found,) = [b for b in stated.bins if b.bands]
    ends = (found.low, found.high if found.high is not None else 100)
    assert (len(stated.bins), ends, found.bands) == (10, bins, {"high": 1})


def test_pagerank_stands_in_where_it_is_known_of_more() -> None:
    frame = pl.DataFrame(
        {
            "domain": ["a", "b", "c"], "authority": [50.0, None, None],
            "authority_tool": ["t", None, None], "pagerank": [0.2, 3.0, None],
        }
    )  # fmt: skip
    stated = figures._authority(frame, {})
    assert stated is not None
    assert (stated.metric, stated.unknown) == ("PageRank", 1)
    assert [(b.low, b.high) for b in stated.bins if b.bands] == [(0.0, 0.25), (2.0, 4.0)]


days = st.dates(DAY(1995, 1, 1), DAY(2030, 12, 31))


@given(st.dictionaries(st.none() | days, st.integers(1, 9), max_size=30), st.booleans())
def test_no_node_is_lost_between_the_periods(
    began: dict[DAY | None, int], knows_lost: bool
) -> None:
    told = figures.timeline(began, {} if knows_lost else None)
    if not any(day for day in began):
        assert told is None
        return
    assert told is not None
    assert sum(p.new for p in told.periods) + told.before + told.undated == sum(began.values())
    starts = [DAY.fromisoformat(p.start) for p in told.periods]
    known = [day for day in began if day]
    assert starts[-1] <= max(known)
    if told.unit == "week":
        assert all(start.weekday() == 0 for start in starts)
        assert {(b - a).days for a, b in zip(starts, starts[1:])} <= {7}
        assert len(starts) <= figures.WEEKS and starts[0] <= min(known)
    else:
        assert all(start.day == 1 for start in starts)
        months = [start.year * 12 + start.month for start in starts]
        assert months == list(range(months[0], months[0] + len(months)))
        assert len(starts) <= figures.MONTHS
    assert all((p.lost is None) == (not knows_lost) for p in told.periods)


# --- the network ------------------------------------------------------------------------------


def web(*pairs: str, sites: str = "") -> DuckEngine:
    """Return an engine with a graph: "a>b" for a link, sites by name."""
    engine = DuckEngine()
    edges = [tuple(pair.split(">")) for pair in pairs]
    names = sorted({name for edge in edges for name in edge} | set(sites.split()))
    ids = {name: i for i, name in enumerate(names)}
    engine.register(
        "nodes",
        pl.DataFrame(
            {"node_id": list(ids.values()), "node": names,
             "is_site": [name in sites.split() for name in names],
             "family": [name.partition("@")[2] or name for name in names]}
        ),
    )  # fmt: skip
    engine.register(
        "node_edges",
        pl.DataFrame(
            [(ids[a], ids[b], 1) for a, b in edges], ["source", "target", "links"], orient="row"
        ),
    )
    return engine


def group(name: str, members: str, targets: str = "", level: str = "high") -> Scheme:
    made = factory.scheme(1, "farm", level, members.split())
    return msgspec.structs.replace(
        made, id=name,
        members=[Member(node=n, role="member") for n in members.split()]
        + [Member(node=n, role="target") for n in targets.split()],
    )  # fmt: skip


def test_the_network_by_hand() -> None:
    engine = web(
        "a>b", "b>a", "a>S", "b>S", "a>T", "near>a", "near>b", "far>a", "near>T", "c>d", "d>a",
        "near>hub", "a>hub", "b>hub", *(f"x{i}>hub" for i in range(9)), sites="S",
    )  # fmt: skip
    schemes = [group("two", "c d b", level="low"), group("one", "a b", "T S")]
    told = network.network(engine, schemes, {"a": 3, "near": 1})
    assert told is not None
    assert {(n.node, n.role, n.scheme, n.links) for n in told.nodes} == {
        ("a", "member", "one", 3), ("b", "member", "one", 0), ("c", "member", "two", 0),
        ("d", "member", "two", 0), ("T", "target", "one", 0), ("near", "neighbour", "one", 1),
        ("hub", "neighbour", "one", 0),
    }  # fmt: skip
    # the neighbour with few other links comes before the hub; far is tied with one member only
    assert [n.node for n in told.nodes if n.role == "neighbour"] == ["near", "hub"]
    assert {(e.source, e.target, e.mutual) for e in told.edges} == {
        ("a", "b", True), ("c", "d", False), ("d", "a", False), ("a", "T", False),
        ("near", "a", False), ("near", "b", False), ("a", "hub", False), ("b", "hub", False),
    }  # fmt: skip
    assert (told.schemes, told.members, told.neighbours, told.links) == (2, 4, 2, 8)


def test_links_inside_a_family_are_not_drawn() -> None:
    engine = web("a@one>b@one", "a@one>c", "near@two>a@one", "near@two>c")
    told = network.network(engine, [group("S", "a@one b@one c")], {})
    assert told is not None
    assert {(e.source, e.target) for e in told.edges} == {
        ("a@one", "c"), ("near@two", "a@one"), ("near@two", "c"),
    }  # fmt: skip


def test_without_a_scheme_there_is_no_network() -> None:
    assert network.network(web("a>b"), [], {}) is None


def test_no_more_is_drawn_than_can_be_seen() -> None:
    names = {f"s{i:02}": " ".join(f"n{i:02}-{j:03}" for j in range(50)) for i in range(20)}
    every = [name for text in names.values() for name in text.split()]
    engine = web(*(f"{a}>{b}" for a, b in zip(every, every[1:] + every[:1])))
    told = network.network(engine, [group(n, text) for n, text in names.items()], {})
    assert told is not None
    assert (told.schemes, told.members, len(told.nodes)) == (20, 1000, network.MEMBERS_SHOWN)
    by_scheme = {s: [n for n in told.nodes if n.scheme == s] for s in names}
    assert [len(found) for found in by_scheme.values()] == [22] * 8 + [21] * 4 + [0] * 8
    assert [n.node for n in by_scheme["s03"]] == names["s03"].split()[:22]


# --- drawn ------------------------------------------------------------------------------------


def spots(svg: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r'data-x="(.*?)" data-y="(.*?)"', svg)]


@pytest.mark.parametrize("members", [1, 2, 9, 120])
def test_every_node_stands_inside_the_drawing_and_none_on_another(members: int) -> None:
    names = [f"n{i}.example" for i in range(members)]
    audit = factory.bare(schemes=[group("S-1", " ".join(names)), group("S-2", "solo.example")])
    pairs = [GraphEdge(source=names[0], target=name) for name in names[1:]]
    audit = msgspec.structs.replace(
        audit, figures=Figures(network=Network(
            nodes=nodes_of(audit), edges=pairs, schemes=2, members=members + 1, neighbours=0,
            links=len(pairs),
        )),
    )  # fmt: skip
    drawing = islands.drawing(audit)
    assert drawing is not None
    for svg, width in ((drawing.wide, islands.WIDE), (drawing.narrow, islands.NARROW)):
        height = float(re.search(r'viewBox="0 0 [\d.]+ (\d+)"', svg).group(1))  # type: ignore[union-attr]
        found = spots(svg)
        assert len(found) == members + 1
        assert all(0 < x < width and 0 < y < height for x, y in found)
        apart = min(
            (abs(complex(*a) - complex(*b)) for i, a in enumerate(found) for b in found[:i]),
        )
        assert apart > 6


def test_the_drawing_is_the_same_whatever_was_drawn_at_random_before() -> None:
    audit = drawn(factory.rich())
    random.seed(1)
    first = render_html(audit)
    after = random.random()
    random.seed(1)
    assert after == random.random()  # the layout does not touch the generator of others
    random.seed(2)
    assert render_html(audit) == first


def test_links_and_nodes_of_the_drawing_are_those_of_the_records() -> None:
    audit = drawn(factory.rich())
    drawing = islands.drawing(audit)
    assert drawing is not None
    titles = re.findall(r"<title>(.*?),", drawing.wide)
    ties = re.search(r'data-links="(.*?)"', drawing.wide).group(1)  # type: ignore[union-attr]
    named = {tuple(titles[int(i)] for i in tie.split("-")) for tie in ties.split(" ")}
    network = audit.figures.network  # type: ignore[union-attr]
    assert network is not None
    assert named == {(e.source, e.target) for e in network.edges}
    filled = len(re.findall(r'class="net-node \w+ net-full"', drawing.wide))
    assert filled == sum(node.links > 0 for node in network.nodes)
    keys = {key.title: key.shown for key in drawing.keys}
    assert sum(keys.values()) == sum(node.role == "member" for node in network.nodes)


def test_the_split_is_that_of_the_verdicts() -> None:
    parts = charts.split(factory.rich())  # 20 disavow, 65 review, 115 keep of 212
    assert [part.amount for part in parts] == [20, 65, 115, 12]
    assert [round(part.start, 2) for part in parts] == [0, 9.43, 40.09, 94.34]
    assert charts.split(factory.whole_graph()) == []


def test_what_the_live_file_has_is_not_counted_as_kept() -> None:
    audit = factory.rich()
    kept = [d for d in audit.domains if d.verdict == "keep"]
    decision = Decision(ruling="keep", date="2026-01-02")
    marked = {
        kept[0].domain: msgspec.structs.replace(kept[0], covered=True, decided=decision),
        kept[1].domain: msgspec.structs.replace(kept[1], covered=True),
        kept[2].domain: msgspec.structs.replace(kept[2], covered=True),
    }
    domains = [marked.get(d.domain, d) for d in audit.domains]
    audit = msgspec.structs.replace(audit, domains=domains, live=40)
    parts = {part.name: part.amount for part in charts.split(audit)}
    assert parts["already in your disavow file"] == 2  # the one decided to be kept leaves the file
    assert parts["with a finding, to keep"] == 113
    assert "<b>2</b> already in your disavow file" in render_html(audit)
    assert " beside the 40 of your live file" in model.disavow_sentence(audit)


def test_anchors_on_their_scale() -> None:
    rows = charts.anchors(drawn(factory.rich()))
    assert rows is not None
    # .37 is the largest, so the scale ends at 40%
    first, second = rows.rows
    assert (rows.top, rows.threshold, rows.limit) == ("40%", pytest.approx(37.5), "15%")
    assert (first.low, first.dot, first.high) == pytest.approx((60, 75, 92.5))
    assert (first.words, first.over, first.bound) == ("30% (24% to 37%)", True, "22%")
    assert (second.words, second.over, second.page) == ("4.0% (2.0% to 8.0%)", False, None)


def test_columns_and_bursts_of_the_timeline() -> None:
    burst = msgspec.structs.replace(
        factory.finding(1, "BL601", [], from_day="2026-10-12"), subject_kind="profile", says="Many."
    )
    audit = drawn(factory.rich())
    stated = audit.figures.timeline  # type: ignore[union-attr]
    assert stated is not None
    periods = [stated.periods[0], Period(start="2026-09-01", new=0, lost=0), stated.periods[2]]
    stated = msgspec.structs.replace(stated, periods=periods)
    audit = msgspec.structs.replace(drawn(factory.rich(), timeline=stated), findings=[burst])
    chart = charts.timeline(audit)
    assert chart is not None
    assert [(c.new, c.up, c.down, c.burst) for c in chart.columns] == [
        (4, 60.0, 15.0, False), (0, 0.0, 0.0, False), (8, 120.0, 30.0, True),
    ]  # fmt: skip
    assert [c.x for c in chart.columns] == pytest.approx([0, 100 / 3, 200 / 3])
    assert chart.bursts == ["the week from 2026-10-12: Many."]
    assert "12 referring domains were first seen in 3 months" in chart.says
    assert "3 have lost all their links" in chart.says


def test_the_matrix_leaves_out_empty_bins() -> None:
    stated = drawn(factory.rich()).figures.authority  # type: ignore[union-attr]
    assert stated is not None
    rows = charts.authority_rows(stated)
    assert [(row.label, row.total, row.bar) for row in rows] == [
        ("20 and more", 4, 50.0), ("0 to 10", 8, 100.0),
    ]  # fmt: skip
    assert [cell.amount for cell in rows[1].cells] == [6, 0, 0, 0, 2]
    assert [cell.shade for cell in rows[1].cells] == [4, 0, 0, 0, 2]


def test_hostile_text_stays_text_in_every_figure() -> None:
    each = [drawn(factory.bare(schemes=factory.rich().schemes), text) for text in factory.HOSTILE]
    made = [one.figures for one in each if one.figures]
    first = made[0]
    assert first.anchors and first.timeline and first.network
    uses = [use for one in made if one.anchors for use in one.anchors.top]
    nodes = [node for one in made if one.network for node in one.network.nodes]
    replace = msgspec.structs.replace
    whole = replace(
        first,
        anchors=replace(first.anchors, top=uses),
        timeline=replace(
            first.timeline,
            periods=[p for one in made if one.timeline for p in one.timeline.periods],
        ),
        suffixes=[group for one in made for group in one.suffixes],
        countries=[group for one in made for group in one.countries],
        network=replace(first.network, nodes=nodes),
    )
    page = assert_safe(render_html(replace(factory.hostile(), figures=whole)))
    assert "Z" * 1001 not in page.text
    for said in ("</script><script>alert(1)</script>", "{{7*7}}", "[U+202E]gnp.exe"):
        assert page.text.count(said) > Page(render_html(factory.hostile())).text.count(said)


def test_a_dimension_that_no_input_states_is_no_table_of_hundred_percent() -> None:
    parts = [
        Part(dimension="kind", value="unknown", links=9, nodes=4),
        Part(dimension="rel", value="unknown", links=2, nodes=1),
        Part(dimension="rel", value="followed", links=7, nodes=3),
    ]
    page = render_html(msgspec.structs.replace(drawn(factory.rich()), makeup=parts))
    assert '<h4>Kind of link</h4><p class="unknown">Unknown: no input states it.</p>' in page
    assert "77.8%" in page and "22.2%" in page  # 7 and 2 of 9: the unknown ones are counted in


def test_the_page_has_every_figure_in_order() -> None:
    audit = drawn(factory.rich())
    ids = [attributes.get("id") for _, attributes in Page(render_html(audit)).tags]
    wanted = [
        "verdict", "schemes", "network", "others", "anchors", "timeline", "places", "authority",
        "domains", "coverage", "inputs", "method",
    ]  # fmt: skip
    assert [i for i in ids if i in wanted] == [i for i in wanted if i in ids]
    assert set(wanted) - set(ids) <= {"others"}


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=60), st.integers(1, 31))
def test_any_graph_can_be_laid_out(pairs: list[tuple[int, int]], n: int) -> None:
    points = islands._apart(islands._spread(n, [(a, b) for a, b in pairs if a < n and b < n]), 20.0)
    assert points.shape == (n, 2)
    assert (abs(points) < 1e6).all()


def test_a_page_of_ten_thousand_domains_stays_light() -> None:
    names = [f"domain-number-{i:05}.example" for i in range(10_000)]
    audit = factory.rich()
    groups = [group(f"S-{i:08}", " ".join(names[40 * i : 40 * i + 40])) for i in range(12)]
    domains = [
        factory.result(name, [("BL201", "co-target", 26.0), ("BL301", "anchors", 14.0)], links=3)
        for name in names
    ]
    audit = msgspec.structs.replace(audit, schemes=groups, domains=domains)
    assert len(render_html(drawn(audit)).encode()) < 8_000_000
