"""An audit in other forms: graph, Markdown, report.json by its schema, summary on one screen."""

import io
import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import jsonschema
import msgspec
import polars as pl
import pytest
from markdown_it import MarkdownIt
from rich.console import Console

from audit_factory import HOSTILE, bare, hostile, rich, whole_graph
from backlint.findings import Audit
from backlint.report.console import render_summary
from backlint.report.graph import graph_xml
from backlint.report.json import encode_json, read_json
from backlint.report.markdown import code, escape, render_markdown
from backlint.report.text import visible
from test_cli import one_message, put, run

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "sample_graphs" / "profile"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
GEXF = "{http://www.gexf.net/1.2draft}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of the sample profile."""
    out = tmp_path_factory.mktemp("audit") / "audit"
    ran = run(
        "scan", SAMPLE / "links.csv.gz", "--site", "pendleighrowtents.net", "--out", out, "-q",
        "--brand", "Pendleigh Row", "--keywords", SAMPLE / "keywords.txt",
    )  # fmt: skip
    assert ran.code == 0
    return out


# --- the graph -----------------------------------------------------------------------------------

Values = dict[str, str]


def gexf(data: bytes) -> tuple[dict[str, Values], dict[tuple[str, str], Values]]:
    """Return nodes and edges with their attributes, read as Gephi reads them."""
    root = ElementTree.fromstring(data)
    titles = {
        (kind.get("class"), each.get("id")): str(each.get("title"))
        for kind in root.iter(f"{GEXF}attributes")
        for each in kind
    }

    def values(element: ElementTree.Element, kind: str) -> Values:
        found = element.iter(f"{GEXF}attvalue")
        return {titles[kind, value.get("for")]: str(value.get("value")) for value in found}

    nodes = {
        str(node.get("id")): {"label": str(node.get("label")), **values(node, "node")}
        for node in root.iter(f"{GEXF}node")
    }
    edges = {
        (str(edge.get("source")), str(edge.get("target"))): {
            "weight": str(edge.get("weight")),
            **values(edge, "edge"),
        }
        for edge in root.iter(f"{GEXF}edge")
    }
    assert root.find(f"{GEXF}graph").get("defaultedgetype") == "directed"  # type: ignore[union-attr]
    return nodes, edges


def graphml(data: bytes) -> tuple[dict[str, Values], dict[tuple[str, str], Values]]:
    root = ElementTree.fromstring(data)
    names = {key.get("id"): str(key.get("attr.name")) for key in root.iter(f"{GRAPHML}key")}

    def values(element: ElementTree.Element) -> Values:
        return {names[each.get("key")]: str(each.text) for each in element.iter(f"{GRAPHML}data")}

    nodes = {str(node.get("id")): values(node) for node in root.iter(f"{GRAPHML}node")}
    edges = {
        (str(edge.get("source")), str(edge.get("target"))): values(edge)
        for edge in root.iter(f"{GRAPHML}edge")
    }
    return nodes, edges


READ = {"gexf": gexf, "graphml": graphml}

LINKS = """\
Source,Target,Anchor,Rel,First seen
https://a.example/1,https://site.example/,one,,2026-01-02
https://a.example/2,https://site.example/,two,nofollow,2026-01-01
https://a.example/3,https://a.example/1,within,,
https://www.xn--bcher-kva.example/,https://site.example/,books,,
https://xn--bcher-kva.example/x,https://a.example/1,friend,,
https://c.example/,https://d.example/,elsewhere,nofollow,
"""


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_the_graph_of_a_few_links_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.chdir(tmp_path)
    scan = ("scan", put(tmp_path, LINKS), "--site", "site.example", "-q")
    assert run(*scan).code == 0
    ran = run("export", "--graph", f"web.{form}")
    assert (ran.code, ran.out, ran.err) == (0, f"web.{form}: 5 nodes, 4 edges\n", "")
    nodes, edges = READ[form]((tmp_path / f"web.{form}").read_bytes())
    assert {name: node["label"] for name, node in nodes.items()} == {
        "site.example": "site.example",
        "a.example": "a.example",
        "xn--bcher-kva.example": "xn--bcher-kva.example (bücher.example)",
        "c.example": "c.example",
        "d.example": "d.example",
    }
    assert nodes["site.example"]["role"] == "audited site"
    assert [nodes[name].get("links") for name in ("a.example", "c.example")] == ["2", None]
    assert edges == {
        ("a.example", "site.example"): {
            "weight": "2", "followed": "1", "first_seen": "2026-01-01",
        },
        ("xn--bcher-kva.example", "site.example"): {"weight": "1", "followed": "1"},
        ("xn--bcher-kva.example", "a.example"): {"weight": "1", "followed": "1"},
        ("c.example", "d.example"): {"weight": "1", "followed": "0"},
    }  # fmt: skip
    # without a column for rel nobody knows what is followed
    put(tmp_path, LINKS.replace("Rel", "Note"))
    assert run(*scan, "--node", "host").code == 0
    assert run("export", "--graph", f"web.{form}", "--force").code == 0
    nodes, edges = READ[form]((tmp_path / f"web.{form}").read_bytes())
    assert edges["a.example", "site.example"] == {"weight": "2", "first_seen": "2026-01-01"}


def test_the_graph_of_the_sample_says_what_the_report_says(audit: Path, tmp_path: Path) -> None:
    assert run("export", "--audit", audit, "--graph", tmp_path / "web.gexf").code == 0
    nodes, edges = gexf((tmp_path / "web.gexf").read_bytes())
    found = read_json(audit / "report.json")
    schemes = defaultdict(set)
    for scheme in found.schemes:
        for member in scheme.members:
            schemes[member.node].add(scheme.id)
    assert {n: set(v["schemes"].split()) for n, v in nodes.items() if "schemes" in v} == schemes
    first = {scheme.id: scheme for scheme in found.schemes}
    for node in schemes:
        if nodes[node]["role"] == "audited site":
            continue
        one = first[nodes[node]["schemes"].split()[0]]
        assert nodes[node]["scheme"].endswith(one.id)
        assert nodes[node]["role"] in {m.role for m in one.members if m.node == node}
    judged = [each for each in found.domains if each.verdict]  # the others do not link to the site
    assert {name: v["verdict"] for name, v in nodes.items() if "verdict" in v} == {
        each.domain: each.verdict for each in judged
    }
    for each in judged:
        assert nodes[each.domain]["links"] == str(each.links)
    # every link that is not lost is in one edge, but for those within a domain
    with duckdb.connect(str(audit / "audit.duckdb"), read_only=True) as con:
        pairs = con.execute(
            "SELECT h.domain, t.domain FROM links l JOIN hosts h ON h.host_id = l.source_host_id "
            "JOIN hosts t ON t.host_id = l.target_host_id WHERE NOT lost"
        ).fetchall()
    assert {pair: int(edge["weight"]) for pair, edge in edges.items()} == {
        pair: amount for pair, amount in Counter(pairs).items() if pair[0] != pair[1]
    }


def test_a_graph_that_is_cut_keeps_what_tells_most(audit: Path, tmp_path: Path) -> None:
    found = read_json(audit / "report.json")
    members = {member.node for scheme in found.schemes for member in scheme.members}
    most = len(members) + 1
    ran = run("export", "--audit", audit, "--graph", tmp_path / "w.graphml", "--nodes", most)
    nodes, edges = graphml((tmp_path / "w.graphml").read_bytes())
    assert set(nodes) == members | {"pendleighrowtents.net"}
    assert {name for pair in edges for name in pair} <= set(nodes)
    assert ran.out == f"{tmp_path / 'w.graphml'}: {len(nodes):,} nodes, {len(edges):,} edges\n"
    assert f"{506 - most} of 506 nodes are left out" in ran.err  # the sample has 506 domains


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_a_hostile_graph_is_still_xml(form: str) -> None:
    names = [text[:200] for text in [*HOSTILE, "\ufffe\uffff\x0b", "a&b<c>\"d'"]]
    nodes = pl.DataFrame(
        {
            "node": names,
            "is_site": [False] * len(names),
            "own": [False] * len(names),
            "links": [1] * len(names),
            "tactic": names,
        }
    )
    edges = pl.DataFrame(
        {
            "source": names[:2],
            "target": names[1:3],
            "links": [1, 2],
            "followed": [1, 1],
            "unknown_rel": [0, 0],
            "first_seen": [None, None],
        }
    )
    data = graph_xml(hostile(), nodes, edges, form)  # type: ignore[arg-type]
    found, pairs = READ[form](data)  # raises where it is no XML
    assert len(found) == len(names)
    assert len(pairs) == 2
    assert [each["tactic"] for each in found.values()] == [visible(name) for name in names]
    assert not any(ord(c) < 32 and c != "\n" for c in data.decode())


# --- Markdown ------------------------------------------------------------------------------------

ATTACKS = [
    *HOSTILE,
    "[x](https://evil.example)", "![x](http://evil.example/x.png)", "<img src=x>", "<!-- ", "@team",
    "fixes #1", "a | b", "a \\| b", "`code`", "see https://evil.example/x", "WWW.evil.example",
    "# heading", "12. x", "3) x", "- x", "+ x", "* x", "---", "===", "***b***", "__b__", "~~s~~",
    "&lt;b&gt; &amp; \\&copy;", "$x$", "<https://evil.example>", "[ref]: https://evil.example",
    "```", "~~~", "> quote", "\\", "x\\", "a  \nb", "!1 %2 ~3 $4",
]  # fmt: skip
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OWN = {"text", "softbreak", "code_inline", "strong_open", "strong_close"}


def inline(text: str) -> list[tuple[str, str]]:
    """Return the inline tokens of a text in Markdown."""
    return [
        (child.type, child.content)
        for token in PARSER.parse(text)
        for child in token.children or ()
        if child.type != "text" or child.content
    ]


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
@pytest.mark.parametrize("frame", ["{}", "- {}", "1. {}", "**{}**", "| |\n| --- |\n| {} |"])
def test_text_from_outside_stays_text(text: str, frame: str) -> None:
    empty = [token.type for token in PARSER.parse(frame.format("x"))]
    made = frame.format(escape(text))
    assert [token.type for token in PARSER.parse(made)] == empty
    said = "".join(content for kind, content in inline(made) if kind == "text")
    assert {kind for kind, _ in inline(made)} <= OWN
    assert said.replace("\u2060", "") == visible(text).strip()
    for sign in ("@team", "#1", "://", "www."):  # nobody is notified, and nothing becomes a link
        assert sign not in said.lower()


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_code_spans_hold_anything(text: str) -> None:
    assert inline(code(text)) == [("code_inline", visible(text).strip())]


def test_a_hostile_audit_as_markdown() -> None:
    text = render_markdown(hostile())
    kinds = {kind for kind, _ in inline(text)}
    assert kinds <= OWN
    tokens = PARSER.parse(text)
    assert not [token for token in tokens if token.type.startswith(("html", "fence", "code_block"))]
    rows = text.partition("### Schemes\n\n")[2].partition("\n\n")[0].splitlines()
    assert len(rows) == 2 + len(HOSTILE)
    cells = Counter(token.type for token in tokens)
    assert cells["td_open"] == 6 * len(HOSTILE)
    assert len(text) < 20_000
    assert "\x1b" not in text


def test_the_markdown_of_an_audit_says_what_a_ticket_needs() -> None:
    text = render_markdown(rich())
    for said in (
        "## Backlink audit of shop.example, 2026-11-01",
        "**Act: the link risk of shop.example is 83 of 100 (high), from 5 link schemes; ",
        "The disavow file has 20 new lines and takes the score from 83 to 21.",
        "| dailyreview network `000000000009` | critical | 30 | 61 | ",
        "| scheme | level | members | links to site | disavow | review |",
        "- `BL999`: failed: division by zero",
        "- `ahrefs-2026-10.csv`: 3 rows of ",
    ):
        assert said in text
    assert "verdict" not in render_markdown(whole_graph())
    assert "| scheme | level | members |\n" in render_markdown(whole_graph())
    assert "no finding is no certificate" in render_markdown(bare())
    silent = msgspec.structs.replace(bare(), coverage=[])
    assert "No rule ran, so nothing was checked." in render_markdown(silent)


def test_markdown_on_the_screen_and_in_a_file(audit: Path, tmp_path: Path) -> None:
    shown = run("export", "--audit", audit, "--markdown", "-")
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("## Backlink audit of pendleighrowtents.net")
    place = tmp_path / "report.md"
    assert run("export", "--audit", audit, "--markdown", place).out == f"{place}\n"
    assert place.read_text("utf-8") == shown.out


# --- what cannot be exported ---------------------------------------------------------------------


def test_exports_that_cannot_be(audit: Path, tmp_path: Path) -> None:
    given = ("export", "--audit", audit)
    assert "nothing to export; name --graph" in one_message(run(*given), 2)
    said = one_message(run(*given, "--graph", tmp_path / "web.csv"), 2)
    assert "web.csv: its ending says the form; write .gexf or .graphml" in said
    there = put(tmp_path, "mine", "notes.md")
    said = one_message(run(*given, "--markdown", there), 2)
    assert "notes.md: exists already; use --force to replace it" in said
    assert there.read_text() == "mine"
    ran = run(*given, "--markdown", there, "--force")
    assert "the old file is kept as" in ran.err
    assert (tmp_path / "notes.md.bak").read_text() == "mine"
    said = one_message(run("export", "--audit", tmp_path, "--markdown", "-"), 3)
    assert "report.json: no such audit" in said
    put(tmp_path, (audit / "report.json").read_bytes(), "report.json")
    said = one_message(run("export", "--audit", tmp_path, "--graph", tmp_path / "w.gexf"), 3)
    assert "audit.duckdb: no such file" in said
    assert not (tmp_path / "w.gexf").exists()


# --- the schema of report.json -------------------------------------------------------------------


def valid(data: bytes) -> list[str]:
    """Return what in a report.json is not as its schema says."""
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(json.loads(data))
    return [error.json_path for error in found]


def test_the_schema_is_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_schema.py"), "--check"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_reports_are_as_the_schema_says(audit: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert valid((audit / "report.json").read_bytes()) == []
    for made in (bare(), rich(), whole_graph(), hostile()):
        for reproducible in (False, True):
            assert valid(encode_json(made, reproducible)) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"schema_version": 2}, "$.schema_version"),
        ({"profile": 3}, "$.profile"),
        ({"node": "page"}, "$.node"),
        ({"domains": [{"domain": "a.example"}]}, "$.domains[0]"),
        ({"later": "keys of later releases are no error"}, None),
    ],
)
def test_what_is_no_report_is_told(change: dict[str, object], path: str | None) -> None:
    report = json.loads(encode_json(rich(), True))
    assert set(valid(json.dumps(report | change).encode())) == ({path} if path else set())


@pytest.mark.parametrize("key", SCHEMA["$defs"]["Audit"]["required"])
def test_no_required_key_may_be_missing(key: str) -> None:
    report = json.loads(encode_json(bare(), True))
    del report[key]
    assert valid(json.dumps(report).encode()) == ["$"]


# --- the summary on one screen -------------------------------------------------------------------


def shown(audit: Audit, width: int, height: int, out: Path = Path("nowhere")) -> list[str]:
    """Return the lines that a terminal of some size shows, without the line of the prompt."""
    screen = Console(file=io.StringIO(), width=width, height=height, force_terminal=True)
    render_summary(audit, screen, out, screen.height - 1)
    text = re.sub(r"\x1b\[[0-9;]*m", "", screen.file.getvalue())  # type: ignore[attr-defined]
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 30), (120, 40)])
def test_the_summary_of_the_sample_fits_the_screen(
    audit: Path, monkeypatch: pytest.MonkeyPatch, width: int, height: int
) -> None:
    monkeypatch.chdir(audit.parent)
    lines = shown(read_json(audit / "report.json"), width, height, Path(audit.name))
    assert len(lines) < height
    text = re.sub(r"\s+", " ", " ".join(lines))
    found = read_json(audit / "report.json")
    silent = [entry for entry in found.coverage if entry.state != "ran"]
    assert found.profile
    assert found.profile.triage
    for said in (
        "Act: the link risk of pendleighrowtents.net is ",
        f"{len(silent)} of {len(found.coverage)} rules could not run (which and why: report.html), "
        "so the absence of a finding is not proof of a clean profile.",
        f"The disavow file has {len(found.disavow)} new lines and takes the score from ",
        found.profile.triage.says,
        found.profile.triage.steps[-1],
        "report.html, disavow.txt, review.xlsx and 4 more files",
        "backlint disavow write --decisions",
    ):
        assert said in text, said
    rows = [line for line in lines if re.search(r" S-[0-9a-f]{8} ", line)]
    left = next((line for line in lines if "schemes more" in line), "... and 0 schemes more")
    assert len(rows) + int(left.split()[2]) == len(found.schemes)
    assert len(rows) >= 2
    if height == 40:
        assert len(rows) == len(found.schemes)
        assert "Domains with a finding: " in text
        assert re.search(r"\d findings outside of schemes, up to \w+ \(BL\d{3}\)", text)


def test_what_is_odd_about_the_files_is_said_on_the_smallest_screen() -> None:
    made = rich()
    lines = " ".join(shown(made, 80, 10))
    assert "3 of 3,469 input rows could not be used" in lines
    assert "4 of 13 rules could not run (which and why: report.html)" in lines
    assert "no link scheme" not in lines
    changed = msgspec.structs.replace(made.rules[0], changed=["level: low"])
    made = msgspec.structs.replace(made, rules=[changed])
    assert "Rules changed by the configuration: BL103." in " ".join(shown(made, 80, 10))
    silent = msgspec.structs.replace(bare(), coverage=[])
    assert "No rule ran, so nothing was checked." in " ".join(shown(silent, 80, 24))
    whole = " ".join(shown(whole_graph(), 80, 24))
    assert not re.search("disavow|verdict", whole)
