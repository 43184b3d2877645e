"""Common Crawl's web graph as an input: what is kept of it, and what it lets rules see."""

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from backlint.audit import Options, Result, scan
from backlint.cli import app
from backlint.engine.duckdb import DuckEngine
from backlint.errors import InputError
from backlint.findings import InputReport
from backlint.inputs import webgraph
from backlint.inputs.load import load

SITE = "site.com"
Edge = tuple[int, int]


class Got(NamedTuple):
    """What became of a graph: its report, its links, its rejects, degrees by node."""

    report: InputReport
    links: list[tuple[str, str]]
    rejects: list[tuple[Any, ...]]
    degrees: dict[str, tuple[int, int | None, bool]]


def put(path: Path, lines: Iterable[str]) -> Path:
    data = "".join(f"{line}\n" for line in lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def turned(name: str) -> str:
    return ".".join(reversed(name.split(".")))


def graph(
    folder: Path, names: Sequence[str], edges: Iterable[Edge], end: str = "", hosts: bool = False
) -> tuple[Path, Path]:
    more = "" if hosts else "\t1"
    vertices = (f"{index}\t{turned(name)}{more}" for index, name in enumerate(names))
    return (
        put(folder / f"vertices.txt{end}", vertices),
        put(folder / f"edges.txt{end}", (f"{a}\t{b}" for a, b in edges)),
    )


def export(folder: Path, *sources: str, site: str = SITE, anchor: str = "Site") -> Path:
    rows = [f"https://{source}/page,https://{site}/,{anchor}" for source in sources]
    return put(folder / "links.csv", ["source,target,anchor", *rows])


def read(
    path: Path, files: tuple[Path, Path], sites: Sequence[str] = (SITE,), node: str = "domain"
) -> Got:
    with DuckEngine(threads=2) as engine:
        loaded = load(engine, [path], sites=sites, node=node, graph=files)
        links = engine.fetch(
            "SELECT source_url, target_url FROM links WHERE input_id = 1 ORDER BY ALL"
        ).rows()
        unknown = engine.value(
            "SELECT count(*) FROM links WHERE input_id = 1 AND (anchor IS NOT NULL OR qualified "
            "IS NOT NULL OR first_seen IS NOT NULL OR lost)"
        )
        rejects = engine.fetch("SELECT line, reason, raw FROM rejects WHERE input_id = 1").rows()
        degrees = engine.fetch("SELECT * FROM webgraph_degrees").rows()
    report = loaded.reports[1]
    assert unknown == 0
    assert report.format == "common-crawl-web-graph"
    assert report.rows == (
        report.links + report.facts + report.duplicates + report.out_of_scope + report.rejects
    )
    assert (report.links, report.rejects) == (len(links), len(rejects))
    return Got(report, links, rejects, {row[0]: row[1:] for row in degrees})


def refusal(path: Path, files: tuple[Path, Path]) -> str:
    with pytest.raises(InputError) as caught:
        read(path, files)
    return str(caught.value)


# ---------------------------------------------------------------- what is kept

#        0        1        2      3        4        5        6
NAMES = ["a.com", "b.com", SITE, "c.com", "n.org", "o.org", "p.org"]
EDGES = [
    (0, 1),  # among referring domains
    (1, 2),  # into the site: the export has it
    (1, 3),
    (2, 3),  # the site's own link
    (2, 4),  # ... to a neighbour
    (3, 4),  # to a neighbour
    (4, 0),  # from a neighbour
    (4, 2),  # from a stranger into the site
    (4, 4),  # to itself
    (4, 5),  # between neighbours
    (5, 6),  # among strangers
    (6, 5),
]
KEPT = [
    ("a.com", "b.com"),
    ("b.com", "c.com"),
    ("c.com", "n.org"),
    ("n.org", "a.com"),
    ("site.com", "c.com"),
    ("site.com", "n.org"),
]


@pytest.mark.parametrize("end", ["", ".gz"])
def test_domains(tmp_path: Path, end: str) -> None:
    path = export(tmp_path, "a.com", "b.com", "sub.c.com", "gone.com")
    got = read(path, graph(tmp_path, NAMES, EDGES, end))
    assert got.links == KEPT
    assert got.report.rows == 12
    assert got.report.out_of_scope == 6
    assert got.report.path.endswith(f"edges.txt{end}")
    # in, out, more than the cap; out-links into the site count, those of neighbours are not known
    assert got.degrees == {
        "a.com": (1, 1, False),
        "b.com": (1, 2, False),
        "c.com": (2, 1, False),
        "n.org": (2, None, False),
    }
    notes = "\n".join(got.report.notes)
    assert "3 of 4 referring domains are in this graph of domains" in notes
    assert "vertices.txt" in notes
    assert "0 have more" in notes


def test_without_a_site_the_one_target_is_audited(tmp_path: Path) -> None:
    path = export(tmp_path, "a.com", "b.com", "c.com")
    assert read(path, graph(tmp_path, NAMES, EDGES), sites=()).links == KEPT


def test_hosts(tmp_path: Path) -> None:
    names = [
        "a.com", "blog.a.com", "b.co.uk", "shop.b.co.uk", "c.co.uk", "www.site.com", "x.org",
        "me.blogspot.com", "you.blogspot.com", "news.x.org", "y.org",
    ]  # fmt: skip
    edges = [
        (0, 1),  # inside one domain: kept, no degree
        (1, 3), (0, 2), (1, 2),  # three edges of hosts, one of domains
        (4, 2),  # c.co.uk is no host of b.co.uk
        (5, 1),  # the site's own
        (6, 5), (2, 5),  # into the site
        (6, 0), (9, 7), (8, 10),
        (10, 6), (10, 9), (4, 9),  # in-links of the hosts of x.org
    ]  # fmt: skip
    path = export(tmp_path, "blog.a.com", "shop.b.co.uk", "me.blogspot.com")
    got = read(path, graph(tmp_path, names, edges, hosts=True))
    assert got.links == [
        ("a.com", "b.co.uk"),
        ("a.com", "blog.a.com"),
        ("blog.a.com", "b.co.uk"),
        ("blog.a.com", "shop.b.co.uk"),
        ("c.co.uk", "b.co.uk"),
        ("news.x.org", "me.blogspot.com"),
        ("www.site.com", "blog.a.com"),
        ("x.org", "a.com"),
    ]
    assert got.report.out_of_scope == len(edges) - 8
    assert got.degrees == {
        "a.com": (2, 3, False),  # site.com and x.org
        "b.co.uk": (2, 1, False),  # a.com and c.co.uk
        "me.blogspot.com": (1, 0, False),
        "c.co.uk": (0, None, False),
        "x.org": (3, None, False),  # all its hosts
    }
    got = read(path, graph(tmp_path, names, edges, hosts=True), node="host")
    assert got.degrees["blog.a.com"] == (2, 2, False)
    assert got.degrees["b.co.uk"] == (3, 1, False)
    assert got.degrees["x.org"] == (1, None, False)


def test_a_domain_in_several_hosts_is_one_referring_domain(tmp_path: Path) -> None:
    names = ["a.com", "b.a.com", SITE]
    got = read(export(tmp_path, "a.com"), graph(tmp_path, names, [(0, 2)], hosts=True))
    assert "1 of 1 referring domains are in this graph of hosts" in got.report.notes


def test_ids_without_a_vertex_are_rejected(tmp_path: Path) -> None:
    files = graph(tmp_path, NAMES, [(0, 1), (0, 7), (10**12, 1), (99, 98), (98, 2)])
    got = read(export(tmp_path, "a.com", "b.com"), files)
    assert got.links == [("a.com", "b.com")]
    assert sorted(row[2] for row in got.rejects) == ["0\t7", "1000000000000\t1"]
    assert {row[:2] for row in got.rejects} == {(None, "an id has no vertex")}
    assert any("are both files of one release?" in note for note in got.report.notes)


def test_a_graph_that_knows_nobody_is_a_note(tmp_path: Path) -> None:
    names = ["x.org", "y.org"]
    got = read(export(tmp_path, "a.com", "b.com"), graph(tmp_path, names, [(0, 1)]))
    assert got.links == []
    assert (got.report.rows, got.report.out_of_scope, got.degrees) == (1, 1, {})
    assert any("no referring domain was found" in note for note in got.report.notes)


def test_the_same_edge_twice_is_a_duplicate(tmp_path: Path) -> None:
    files = graph(tmp_path, NAMES, [(0, 1), (0, 1), (3, 4), (3, 4)])
    got = read(export(tmp_path, "a.com", "b.com", "c.com"), files)
    assert (got.report.links, got.report.duplicates) == (2, 2)


@pytest.mark.parametrize("waiting", [0, 10**6])
def test_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int) -> None:
    monkeypatch.setattr(webgraph, "CAP", 3)
    monkeypatch.setattr(webgraph, "_WAITING", waiting)
    monkeypatch.setattr(webgraph, "_BLOCK", 200)
    names = ["hub.com", "b.com", SITE, *(f"n{i}.org" for i in range(300))]
    into = [(i, 0) for i in range(3, 303)]
    files = graph(tmp_path, names, sorted([*into, (0, 3), (0, 4), (0, 5), (1, 0), (1, 3)]))
    got = read(export(tmp_path, "hub.com", "b.com"), files)
    sources = [source for source, target in got.links if target == "hub.com"]
    assert "b.com" in sources  # of the profile: never cut
    assert len(sources) == 4
    assert len([1 for source, _ in got.links if source == "hub.com"]) == 3
    assert got.degrees["hub.com"] == (301, 3, True)
    assert got.degrees["b.com"] == (0, 2, False)
    assert got.degrees["n0.org"] == (2, None, False)
    assert got.report.out_of_scope == 297
    assert any(
        "up to 3 neighbours a direction are kept; 1 have more" in n for n in got.report.notes
    )


def test_a_neighbour_is_counted_to_255(tmp_path: Path) -> None:
    names = ["a.com", SITE, "big.org", *(f"n{i}.org" for i in range(400))]
    files = graph(tmp_path, names, sorted([(0, 2), *((i, 2) for i in range(3, 403))]))
    assert read(export(tmp_path, "a.com"), files).degrees["big.org"] == (255, None, False)


# ---------------------------------------------------------------- what is refused


def test_wrong_order(tmp_path: Path) -> None:
    vertices, edges = graph(tmp_path, NAMES, EDGES)
    said = refusal(export(tmp_path, "a.com"), (edges, vertices))
    assert f"--webgraph {vertices} {edges}" in said


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(
    "text", ["source,target\n", "1 2\n", "projects/hyperlinkgraph/part-00000.gz\n", "\n\n"]
)
def test_no_graph(tmp_path: Path, which: int, text: str) -> None:
    files = list(graph(tmp_path, NAMES, EDGES))
    files[which].write_text(text)
    said = refusal(export(tmp_path, "a.com"), (files[0], files[1]))
    assert str(files[which]) in said
    assert "web graph" in said or "no text" in said


def test_no_file(tmp_path: Path) -> None:
    vertices, _ = graph(tmp_path, NAMES, EDGES)
    said = refusal(export(tmp_path, "a.com"), (vertices, tmp_path / "gone.gz"))
    assert "gone.gz: no such file" in said


HARM: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) // 2],
    "no trailer": lambda data: data[:-8],
    "wrong sum": lambda data: data[:-6] + bytes([data[-6] ^ 1]) + data[-5:],
    "second member cut": lambda data: data + data[:-4],
    "garbage behind": lambda data: data + b"garbage",
}


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("harm", HARM)
def test_damaged_gzip(tmp_path: Path, which: int, harm: str) -> None:
    rng = Random(harm)
    names = [*NAMES, *(f"n{rng.random()}.org" for _ in range(40_000))]
    edges = [(rng.randrange(9999), rng.randrange(9999)) for _ in range(80_000)]
    files = graph(tmp_path, names, edges, ".gz")
    files[which].write_bytes(HARM[harm](files[which].read_bytes()))
    assert f"{files[which]}: is damaged" in refusal(export(tmp_path, "a.com"), files)


@pytest.mark.parametrize("line", ["1", "1\t2\t3\t4", "x\ty", "", "1\t", "-1\t2", "1\t-2", '1\t"2"'])
def test_a_line_that_is_no_edge(tmp_path: Path, line: str) -> None:
    vertices, edges = graph(tmp_path, NAMES, EDGES)
    edges.write_text(f"0\t1\n1\t2\n{line}\n2\t3\n")
    said = refusal(export(tmp_path, "a.com"), (vertices, edges))
    assert f"{edges}:3: " in said
    assert "download the file again" in said


@pytest.mark.parametrize("line", ["7", "x\tcom.x\t1", "", "-7\tcom.x\t1", "7\tcom.x"])
def test_a_line_that_is_no_vertex(tmp_path: Path, line: str) -> None:
    vertices, edges = graph(tmp_path, NAMES, EDGES)
    vertices.write_text(f"0\tcom.a\t1\n1\tcom.b\t1\n{line}\n2\tcom.c\t1\n")
    assert f"{vertices}:3: " in refusal(export(tmp_path, "a.com"), (vertices, edges))


def test_ids_that_are_no_numbers_of_vertices(tmp_path: Path) -> None:
    vertices, edges = graph(tmp_path, NAMES, EDGES)
    vertices.write_text("0\tcom.a\t1\n99999999999\tcom.b\t1\n")
    assert "Ids are numbers from 0 on" in refusal(export(tmp_path, "a.com"), (vertices, edges))


# ---------------------------------------------------------------- an independent account


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[str], list[Edge], list[str], int]:
    """Names of vertices, edges (some of no vertex), referring domains, and a cap."""
    n = draw(st.integers(2, 14))
    names = [f"d{index}.com" for index in range(n)]
    names[draw(st.integers(0, n - 1))] = SITE
    ends = st.integers(0, n + 1)
    edges = draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=60, unique=True))
    others = [name for name in names if name != SITE]
    referring = draw(st.lists(st.sampled_from([*others, "gone.com"]), min_size=1, unique=True))
    return names, edges, referring, draw(st.integers(1, 4))


@settings(
    max_examples=settings().max_examples // 4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(graphs(), st.booleans())
def test_against_a_naive_reading(
    tmp_path: Path, made: tuple[list[str], list[Edge], list[str], int], eager: bool
) -> None:
    names, edges, referring, cap = made
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webgraph, "CAP", cap)
        patch.setattr(webgraph, "_WAITING", 0 if eager else 10**6)
        patch.setattr(webgraph, "_BLOCK", 16 if eager else 1 << 20)
        got = read(export(tmp_path, *referring), graph(tmp_path, names, edges))
    members = {index for index, name in enumerate(names) if name in referring}
    site = names.index(SITE)
    # by vertex and direction, the neighbours outside the profile
    near: dict[tuple[int, str], list[int]] = defaultdict(list)
    kept = set()
    for a, b in edges:
        if a == b or b == site or not {a, b} & {*members, site}:
            continue
        if a in {*members, site} and b in members:
            kept.add((a, b))
        elif a in {*members, site}:
            near[a, "out"].append(b)
        else:
            near[b, "in"].append(a)
    for (at, way), others in near.items():
        ranked = sorted(others, key=lambda other: other * 0x9E3779B97F4A7C15 % 2**64)[:cap]
        kept |= {(at, other) if way == "out" else (other, at) for other in ranked}
    named = {(a, b) for a, b in kept if max(a, b) < len(names)}
    assert got.links == sorted((names[a], names[b]) for a, b in named)
    assert sorted(row[2] for row in got.rejects) == sorted(f"{a}\t{b}" for a, b in kept - named)
    assert (got.report.rows, got.report.duplicates) == (len(edges), 0)

    linked = Counter(b for a, b in edges if a != b)
    links = Counter(a for a, b in edges if a != b)
    unnamed = Counter(b for a, b in kept - named)
    for index, name in enumerate(names):
        if index in members:
            many = [len(near[index, way]) > cap for way in ("in", "out")]
            into = linked[index] - (0 if many[0] else unnamed[index])
            assert got.degrees[name] == (into, links[index], any(many))
        elif index != site and any(index in edge for edge in named):
            assert got.degrees[name] == (linked[index], None, False)
        else:
            assert name not in got.degrees


# ---------------------------------------------------------------- what rules see

FARM = [f"farm{i}.com" for i in range(8)]
CLUB = [f"club{i}.com" for i in range(8)]
RING = [f"juice{i}.com" for i in range(5)]
FRIENDS = [f"friend{i}.com" for i in range(5)]
NETWORK = [f"blog{i}.com" for i in range(8)]
READERS = [f"reader{i}.com" for i in range(8)]
SHOPS = [f"shop{i}.net" for i in range(5)]
PAPERS = [f"paper{i}.org" for i in range(5)]
OTHERS = [f"other{i}.com" for i in range(60)]
WEB = [f"web{i}.org" for i in range(400)]
PLANTED, HONEST = [FARM, RING, NETWORK], [CLUB, FRIENDS, READERS]


def whole_web() -> tuple[list[str], list[Edge]]:
    """Return a web with a farm, a ring and a network, each with one that others know beside it."""
    rng = Random("webgraph")
    groups = [FARM, CLUB, RING, FRIENDS, NETWORK, READERS, SHOPS, PAPERS, OTHERS, WEB]
    names = sorted({name for group in groups for name in group} | {SITE})
    pairs = set()
    for group in (FARM, CLUB):
        pairs |= {(a, b) for a in group for b in group if a != b}
    for ring in (RING, FRIENDS):
        pairs |= set(zip(ring, [*ring[1:], ring[0]]))
    for sources, targets in ((NETWORK, SHOPS), (READERS, PAPERS)):
        pairs |= {(a, b) for a in sources for b in rng.sample(targets, 4)}
    for known in (CLUB, FRIENDS):  # nobody that knows them links to the site
        pairs |= {(a, b) for b in known for a in rng.sample(WEB, 8)}
    for paper in PAPERS:
        pairs |= {(a, paper) for a in rng.sample(WEB, 60)}
    for source in (*OTHERS, *WEB):
        pairs |= {(source, target) for target in rng.sample([*OTHERS, *WEB], 6)}
    for group in (*PLANTED, *HONEST):
        for source in group:
            pairs |= {(source, target) for target in rng.sample(WEB, 2)}
            pairs.add((source, SITE))
    number = {name: index for index, name in enumerate(names)}
    return names, sorted((number[a], number[b]) for a, b in pairs if a != b)


def profile(folder: Path) -> Path:
    path = folder / "links.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["source_url", "target_url", "anchor"])
        for group in (*PLANTED, *HONEST, OTHERS):
            for name in group:
                anchor = "cheap tents" if group in PLANTED else "Site"
                writer.writerow([f"https://{name}/", f"https://{SITE}/", anchor])
    return path


def audit(folder: Path, files: tuple[Path, Path] | None) -> Result:
    options = Options(
        files=[profile(folder)], sites=[SITE], keywords=["cheap tents"], webgraph=files, threads=2
    )
    return scan(options, folder / "audit")


STRUCTURAL = ("BL103", "BL104", "BL201", "BL202")


def test_schemes_among_referring_domains_are_seen_with_a_web_graph(tmp_path: Path) -> None:
    blind = audit(tmp_path, None).audit
    states = {entry.rule: entry.state for entry in blind.coverage}
    assert {states[rule] for rule in STRUCTURAL} == {"not evaluable"}
    assert blind.schemes == []

    seen = audit(tmp_path, graph(tmp_path, *whole_web(), ".gz")).audit
    states = {entry.rule: entry.state for entry in seen.coverage}
    assert {states[rule] for rule in STRUCTURAL} == {"ran"}
    # what a crawl did not see is not known to be absent
    assert states["BL102"] == "not evaluable"
    by_rule = {
        rule: [set(finding.domains) for finding in seen.findings if finding.rule == rule]
        for rule in STRUCTURAL
    }
    assert set(FARM) in by_rule["BL202"]
    assert set(RING) in by_rule["BL103"]
    assert set(NETWORK) in by_rule["BL201"]
    accused = {member.node for scheme in seen.schemes for member in scheme.members}
    assert not accused & {*CLUB, *FRIENDS, *READERS, *PAPERS, *OTHERS, *WEB}


def test_degrees_are_saved(tmp_path: Path) -> None:
    import duckdb

    names, edges = whole_web()
    audit(tmp_path, graph(tmp_path, names, edges))
    linked = Counter(names[b] for a, b in edges)
    with duckdb.connect(str(tmp_path / "audit" / "audit.duckdb"), read_only=True) as saved:
        rows = dict(saved.sql("SELECT node, in_degree FROM webgraph_degrees").fetchall())
    assert set(FARM) | set(PAPERS) <= rows.keys()
    assert all(linked[name] == n for name, n in rows.items())


def test_a_neighbour_that_the_web_knows_is_a_hub(tmp_path: Path) -> None:
    names = ["a.com", "b.com", SITE, "big.org", *(f"n{i}.org" for i in range(250))]
    edges = sorted([(0, 1), (0, 3), (1, 3), *((i, 3) for i in range(4, 254))])
    with DuckEngine(threads=1) as engine:
        from backlint.audit import judge_tables

        files = graph(tmp_path, names, edges)
        load(engine, [export(tmp_path, "a.com", "b.com")], sites=[SITE], graph=files)
        judge_tables(engine, "domain", (), ())
        rows = engine.fetch("SELECT node, d_in, in_links, known_in, hub FROM actor_degrees").rows()
    assert sorted(rows) == [
        ("a.com", 0, 0, True, False),
        ("b.com", 1, 1, True, False),
        ("big.org", 2, 252, True, True),
        (SITE, 2, 2, False, False),
    ]


def test_who_is_not_in_the_graph_does_not_say_that_nobody_looks(tmp_path: Path) -> None:
    """Sources that the graph does not know are linked to by nobody as far as the data shows."""
    names = [*(f"d{i}.com" for i in range(12)), SITE]
    edges = [(i, i + 1) for i in range(11)]
    known = [f"d{i}.com" for i in range(12)]
    path = export(tmp_path, *known, *(f"gone{i}.com" for i in range(300)))
    with DuckEngine(threads=1) as engine:
        from backlint.audit import judge_tables

        load(engine, [path], sites=[SITE], graph=graph(tmp_path, names, edges))
        judge_tables(engine, "domain", (), ())
        assert engine.fetch(
            "SELECT count(*), count(*) FILTER (in_links > 0) FROM actor_degrees "
            "WHERE d_out > 0 AND known_in AND NOT is_site"
        ).row(0) == (12, 11)


# ---------------------------------------------------------------- the command


def test_the_command(tmp_path: Path) -> None:
    vertices, edges = graph(tmp_path, *whole_web())
    words = ["scan", profile(tmp_path), "--site", SITE, "--webgraph", vertices, edges]
    out = tmp_path / "out"
    ran = CliRunner().invoke(app, [str(word) for word in (*words, "--out", out, "--quiet")])
    assert ran.exit_code == 0
    report = json.loads((out / "report.json").read_bytes())
    assert [source["format"] for source in report["inputs"]] == [
        "generic-links",
        "common-crawl-web-graph",
    ]


def test_the_order_of_edges_changes_nothing(tmp_path: Path) -> None:
    names, edges = whole_web()
    path = profile(tmp_path)
    first = read(path, graph(tmp_path, names, edges))
    Random(1).shuffle(edges)
    again = read(path, graph(tmp_path, names, edges))
    assert pl.DataFrame(first.links, orient="row").equals(pl.DataFrame(again.links, orient="row"))
    assert first.degrees == again.degrees
