"""What a user may drop into one command: folders, archives, workbooks, documents; and what of it
tells how much of the profile is there."""

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from typer.testing import CliRunner

from backlint.audit import Options, scan
from backlint.cli import app
from backlint.engine.duckdb import DuckEngine
from backlint.errors import InputError
from backlint.inputs.load import Loaded, load

SITE = "site.example"
LINKS = f"source,target,anchor\nhttps://a.example/1,https://{SITE}/,one\n"
MORE = f"source,target,anchor\nhttps://b.example/1,https://{SITE}/,two\n"


def read(*paths: Path, sites: Sequence[str] = (SITE,)) -> tuple[Loaded, dict[str, list[Any]]]:
    with DuckEngine(threads=1) as engine:
        loaded = load(engine, paths, sites=sites)
        tables = {
            "links": "SELECT source_url, anchor FROM links ORDER BY ALL",
            "given": "SELECT source_url, anchor, list(i.input_id ORDER BY i.input_id) FROM links "
            "JOIN link_inputs i USING (link_id) GROUP BY ALL ORDER BY ALL",
            "facts": "SELECT input_id, tool, host, domain, fact, number, text FROM domain_facts "
            "ORDER BY ALL",
        }
        found = {name: engine.fetch(sql).rows() for name, sql in tables.items()}
    for report in loaded.reports:
        assert report.rows == (
            report.links + report.facts + report.duplicates + report.out_of_scope + report.rejects
        )
    return loaded, found


def sources(*paths: Path) -> list[str]:
    return [source for source, _ in read(*paths)[1]["links"]]


def refusal(*paths: Path) -> str:
    with pytest.raises(InputError) as caught:
        read(*paths)
    return str(caught.value)


def put(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


# ---------------------------------------------------------------- folders, patterns, pipes


def test_a_folder_is_read_with_what_lies_below_it(tmp_path: Path) -> None:
    put(tmp_path / "exports/one.csv", LINKS)
    put(tmp_path / "exports/more/two.csv", MORE)
    put(tmp_path / "exports/.hidden.csv", MORE)
    put(tmp_path / "exports/~$open.xlsx", "lock")
    put(tmp_path / "exports/report.pdf", "%PDF")
    put(tmp_path / "exports/keywords.txt", "tents\n")
    put(tmp_path / "exports/backlint-audit/audit.duckdb", "x")
    put(tmp_path / "exports/backlint-audit/domains.csv", LINKS)
    loaded, found = read(tmp_path / "exports")
    assert [source for source, _ in found["links"]] == [
        "https://a.example/1",
        "https://b.example/1",
    ]
    assert [report.path for report in loaded.reports] == [
        str(tmp_path / "exports/one.csv"),
        str(tmp_path / "exports/more/two.csv"),
    ]
    skipped = {Path(each.path).name: each.reason for each in loaded.skipped}
    assert skipped == {
        "backlint-audit": "is an audit that backlint wrote",
        "report.pdf": "is no export, by the end of its name",
        "keywords.txt": "line 1: no known export has this header",
    }


def test_a_folder_without_an_export_says_what_it_holds(tmp_path: Path) -> None:
    put(tmp_path / "in/note.txt", "hello\n")
    said = refusal(tmp_path / "in")
    assert "note.txt: line 1: no known export has this header" in said


def test_a_pattern_that_the_shell_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "a.csv", LINKS)
    put(tmp_path / "b.csv", MORE)
    assert len(sources(tmp_path / "*.csv")) == 2
    assert "no such file" in refusal(tmp_path / "*.tsv")


def test_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(LINKS.encode())))
    loaded, found = read(Path("-"))
    assert found["links"] == [("https://a.example/1", "one")]
    assert loaded.reports[0].path == "standard input"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    assert refusal(Path("-")).startswith("standard input: the file is empty")


# ---------------------------------------------------------------- archives


def test_the_members_of_a_zip_are_files(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "x.zip",
        {
            "one.csv": LINKS,
            "deep/two.tsv": MORE.replace(",", "\t"),
            "../../evil.csv": f"source,target\nhttps://c.example/,https://{SITE}/\n",
            "__MACOSX/._one.csv": "junk",
            "photo.png": b"\x89PNG",
            "inner.zip": b"PK\x03\x04",
            "anchors.csv": "Anchor,Backlinks Count\nx,3\n",
        },
    )
    loaded, found = read(path)
    assert [source for source, _ in found["links"]] == [
        "https://a.example/1",
        "https://b.example/1",
        "https://c.example/",
    ]
    assert loaded.reports[0].path == f"{path}/one.csv"
    assert sorted(Path(each.path).name for each in loaded.skipped) == [
        "anchors.csv",
        "inner.zip",
        "photo.png",
    ]
    assert not (tmp_path.parent / "evil.csv").exists()


def test_damaged_and_locked_archives_are_told(tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"one.csv": LINKS * 50})
    data = path.read_bytes()
    at = data.index(b"one.csv") + 12
    path.write_bytes(data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :])
    assert f"{path}: is a damaged archive" in refusal(path)
    path.write_bytes(data[: len(data) // 2])
    assert f"{path}: is a damaged archive" in refusal(path)
    locked = bytearray(data)
    locked[6] |= 1  # the flag of a password, here and in the directory
    locked[data.rindex(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(locked))
    assert f"{path}: needs a password" in refusal(path)
    assert "holds no file that may be an export" in refusal(zipped(tmp_path / "e.zip", {}))


# ---------------------------------------------------------------- workbooks


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return path


def test_a_workbook_with_a_title_blank_rows_and_line_breaks(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "x.xlsx",
        {
            "Backlinks": [
                ["Backlinks of site.example"],
                [],
                ["source", "target", "anchor", "nofollow", "first_seen"],
                [
                    "https://a.example/",
                    f"https://{SITE}/",
                    "two\nlines",
                    True,
                    datetime(2026, 5, 13),
                ],
                [],
                ["not a host at all", f"https://{SITE}/", "x", False, datetime(2026, 5, 14)],
                ["https://b.example/", f"https://{SITE}/", 2026, False, datetime(2026, 12, 1)],
            ]
        },
    )
    with DuckEngine(threads=1) as engine:
        loaded = load(engine, [path])
        rows = engine.fetch(
            "SELECT source_url, anchor, nofollow, CAST(first_seen AS VARCHAR) FROM links "
            "ORDER BY source_url"
        ).rows()
    assert rows == [
        ("https://a.example/", "two\nlines", True, "2026-05-13"),
        ("https://b.example/", "2026", False, "2026-12-01"),
    ]
    assert [(reject.line, reject.path) for reject in loaded.rejects] == [(6, str(path))]


def test_every_sheet_that_is_an_export(tmp_path: Path) -> None:
    links, more = (list(csv.reader(io.StringIO(text))) for text in (LINKS, MORE))
    path = workbook(tmp_path / "x.xlsx", {"One": links, "Notes": [["hello"]], "Two": more, "E": []})
    loaded, found = read(path)
    assert len(found["links"]) == 2
    assert [report.path for report in loaded.reports] == [f"{path}:One", f"{path}:Two"]
    assert [each.path for each in loaded.skipped] == [f"{path}:Notes"]


def test_workbooks_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    assert f"{path}: cannot be read as a workbook" in refusal(path)
    assert "the workbook is empty" in refusal(workbook(tmp_path / "e.xlsx", {"E": []}))
    broken = zipped(tmp_path / "b.xlsx", {"xl/workbook.xml": "<nothing"})
    assert "cannot be read as a workbook" in refusal(broken)


# ---------------------------------------------------------------- JSON documents

ITEM = {"url_from": "https://a.example/1", "url_to": f"https://{SITE}/", "dofollow": True}
ITEM |= {"item_type": "anchor", "anchor": "one", "note": {"deep": [1, 2]}}


@pytest.mark.parametrize(
    "document",
    [
        [ITEM],
        {"items": [ITEM]},
        {"version": "1", "tasks": [{"id": 1, "result": [{"total": 1, "items": [ITEM]}]}]},
        {"backlinks": [ITEM], "other": [{"x": 1}]},
        {"other": [{"x": 1}], "backlinks": [ITEM]},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_json_documents(tmp_path: Path, document: Any, indent: int | None) -> None:
    path = put(tmp_path / "x.json", json.dumps(document, indent=indent))
    loaded, found = read(path)
    assert found["links"] == [("https://a.example/1", "one")]
    assert loaded.reports[0].format == "dataforseo-backlinks"


def test_a_json_document_that_is_cut_is_told(tmp_path: Path) -> None:
    text = json.dumps([ITEM] * 5)
    said = refusal(put(tmp_path / "x.json", text[: len(text) // 2]))
    assert "is no whole JSON document" in said


# ---------------------------------------------------------------- headers in any language


def test_a_page_and_a_date_are_search_console_in_any_language(tmp_path: Path) -> None:
    pages = "".join(f"https://{x}.example/p,2026-05-1{n}\n" for n, x in enumerate("abc"))
    path = put(tmp_path / "x.csv", f"Verlinkende Seite,Zuletzt gecrawlt\n{pages}")
    loaded, found = read(path)
    report = loaded.reports[0]
    assert (report.format, report.confidence) == ("search-console-latest-links", 0.5)
    assert any("by its rows" in note for note in report.notes)
    assert len(found["links"]) == 3
    own = "".join(f"https://{SITE}/{n},2026-05-1{n}\n" for n in range(4))
    assert "no known export has this header" in refusal(
        put(tmp_path / "y.csv", f"Seite,Tag\n{own}")
    )


# ---------------------------------------------------------------- merging


def test_fragments_and_tracking_parameters_make_no_new_link(tmp_path: Path) -> None:
    pages = [
        "https://a.example/p?x=1",
        "https://a.example/p?x=1#top",
        "https://a.example/p?utm_source=mail&x=1",
        "https://a.example/p?x=1&gclid=abc&utm_medium=a",
        "https://a.example/p?x=2",
        "https://a.example/p",
        "https://a.example/p?fbclid=1",
        "https://a.example/p#!one",
        "https://a.example/p#!two",
    ]
    rows = "".join(f"{page},https://{SITE}/?utm_campaign={n}#z\n" for n, page in enumerate(pages))
    loaded, found = read(put(tmp_path / "x.csv", f"source,target\n{rows}"))
    assert [source for source, _ in found["links"]] == [
        "https://a.example/p",
        "https://a.example/p#!one",
        "https://a.example/p#!two",
        "https://a.example/p?utm_source=mail&x=1",  # the least of the four as it was written
        "https://a.example/p?x=2",
    ]
    assert (loaded.reports[0].links, loaded.reports[0].duplicates) == (5, 4)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (f"https://{SITE}", f"https://{SITE}/"),
        (f"https://{SITE}:443/x", f"https://{SITE}/x"),
        (f"http://{SITE}:80/x", f"http://{SITE}/x"),
        ("HTTPS://Site.Example/x?A=b#c", f"https://{SITE}/x?A=b"),
        (f"https://{SITE}?x=1", f"https://{SITE}/?x=1"),
    ],
)
def test_urls_that_say_the_same(tmp_path: Path, one: str, two: str) -> None:
    rows = "".join(f"https://a.example/,{url},x\n" for url in (one, two))
    loaded, _ = read(put(tmp_path / "x.csv", f"source,target,anchor\n{rows}"))
    assert (loaded.reports[0].links, loaded.reports[0].duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (f"https://{SITE}:8080/", f"https://{SITE}/"),
        (f"http://{SITE}:443/", f"http://{SITE}/"),
        (f"https://{SITE}/A", f"https://{SITE}/a"),
        (f"http://{SITE}/", f"https://{SITE}/"),
        (f"https://{SITE}/?utm=1", f"https://{SITE}/"),
    ],
)
def test_urls_that_do_not(tmp_path: Path, one: str, two: str) -> None:
    rows = "".join(f"https://a.example/,{url},x\n" for url in (one, two))
    loaded, _ = read(put(tmp_path / "x.csv", f"source,target,anchor\n{rows}"))
    assert (loaded.reports[0].links, loaded.reports[0].duplicates) == (2, 0)


def flags(*paths: Path) -> list[tuple[Any, ...]]:
    with DuckEngine(threads=1) as engine:
        load(engine, paths, sites=[SITE])
        return engine.fetch(
            "SELECT source_url, nofollow, lost FROM links ORDER BY source_url"
        ).rows()


def test_a_file_that_says_nothing_outvotes_nobody(tmp_path: Path) -> None:
    row = f"https://a.example/,https://{SITE}/,x"
    told = put(
        tmp_path / "a.csv",
        f"source,target,anchor,nofollow,lost,last_seen\n{row},true,true,2025-01-01\n",
    )
    later = put(tmp_path / "b.csv", f"source,target,anchor,last_seen\n{row},2025-02-01\n")
    assert flags(told, later) == flags(later, told) == [("https://a.example/", True, True)]
    live = put(tmp_path / "c.csv", f"source,target,anchor,lost,last_seen\n{row},false,2025-02-01\n")
    assert flags(told, live) == [("https://a.example/", True, False)]


def test_a_list_without_anchors_doubles_no_link(tmp_path: Path) -> None:
    bare = put(
        tmp_path / "bare.csv",
        f"source,target,nofollow\nhttp://www.a.example/1,https://{SITE},true\n"
        f"https://c.example/,https://{SITE}/,false\n",
    )
    links = put(tmp_path / "links.csv", LINKS)
    # what only the bare list knows of rel is kept
    assert flags(bare, links) == [
        ("https://a.example/1", True, False),
        ("https://c.example/", False, False),
    ]
    loaded, _ = read(bare, links)
    assert [(r.links, r.duplicates) for r in loaded.reports] == [(1, 1), (1, 0)]


@pytest.mark.parametrize(
    ("rel", "nofollow"),
    [("N/A", None), ("unknown", None), ("-", None), ("null", None), ("noopener", False),
     ("", False), ("external nofollow", True), ("wp-caption", False)],
)  # fmt: skip
def test_a_rel_that_says_nothing_is_unknown(
    tmp_path: Path, rel: str, nofollow: bool | None
) -> None:
    text = f"source,target,rel\nhttps://a.example/,https://{SITE}/,{rel}\n"
    assert flags(put(tmp_path / "x.csv", text))[0][1] is nofollow


def test_follow_stated_in_a_column_of_kinds(tmp_path: Path) -> None:
    text = (
        f"source,target,Link Type\nhttps://a.example/,https://{SITE}/,nofollow\n"
        f"https://b.example/,https://{SITE}/,dofollow\nhttps://c.example/,https://{SITE}/,image\n"
    )
    assert [row[1] for row in flags(put(tmp_path / "x.csv", text))] == [True, False, None]


def test_a_page_that_another_file_knows_better_is_no_second_link(tmp_path: Path) -> None:
    console = put(
        tmp_path / "gsc.csv",
        "Linking page,Last crawled\nhttps://a.example/1#x,2026-05-13\nhttps://c.example/,2026-05-13\n",
    )
    loaded, found = read(console, put(tmp_path / "links.csv", LINKS))
    assert found["given"] == [
        ("https://a.example/1", "one", [0, 1]),
        ("https://c.example/", None, [0]),
    ]
    assert [(r.links, r.duplicates) for r in loaded.reports] == [(1, 1), (1, 0)]


def test_one_file_gives_all_of_its_links(tmp_path: Path) -> None:
    _, found = read(put(tmp_path / "x.csv", LINKS + LINKS.splitlines()[1] + "\n"))
    assert found["given"] == [("https://a.example/1", "one", [0])]


# ---------------------------------------------------------------- what tools state of domains


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1240", 1240), ("1,240", 1240), ("1.240", 1240), ("1 240", 1240), ("1\u00a0240", 1240),
        ("1'240'000", 1_240_000), ("45.0", 45), ("0", 0), ("", None), ("many", None),
        ("1,24", None), ("-3", None),
    ],
)  # fmt: skip
def test_counts_with_separators(tmp_path: Path, cell: str, number: float | None) -> None:
    text = f'Domain,Backlinks Count\nb.example,7\na.example,"{cell}"\n'
    loaded, found = read(put(tmp_path / "d.csv", text), put(tmp_path / "x.csv", LINKS))
    stated = {host: value for _, _, host, _, _, value, _ in found["facts"]}
    assert stated == {"b.example": 7} | ({} if number is None else {"a.example": number})
    assert loaded.reports[0].facts == 2
    unread = [note for note in loaded.reports[0].notes if "unreadable" in note]
    assert bool(unread) == (number is None and cell != "")


def domains(rows: str) -> str:
    return "Domain ascore,Domain,Backlinks,IP Address,Country,First seen,Last seen\n" + rows


def test_the_share_of_the_profile_that_the_links_are(tmp_path: Path) -> None:
    export = domains(
        "10,https://www.a.example/,40,203.0.113.7,Germany,2026-01-02,2026-05-06\n"
        "20,b.example,4,,,,\n"
        "30,c.example,156,,,,\n"
        f"90,{SITE},9,,,,\n"
        "20,B.example,4,,,,\n"
        "1,not a host,4,,,,\n"
    )
    links = put(tmp_path / "links.csv", LINKS + MORE.splitlines()[1] + "\n")
    out = tmp_path / "audit"
    result = scan(Options(files=[put(tmp_path / "domains.csv", export), links], sites=[SITE]), out)
    audit = result.audit
    (share,) = audit.shares
    # a and b are known by one link each of 40 and 4; c is not, and the site itself is no referrer
    assert (share.domains, share.domains_known, share.links, share.links_known) == (3, 2, 200, 2)
    report = audit.inputs[0]
    assert (report.rows, report.facts, report.duplicates, report.rejects) == (6, 4, 1, 1)
    with (out / "domains.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["domain"]: row for row in csv.DictReader(stream)}
    assert {name: (row["evidence"], row["verdict"]) for name, row in rows.items()} == {
        "a.example": ("thin sample", "keep"),
        "b.example": ("links", "keep"),
        "c.example": ("domain only", ""),
    }
    assert rows["c.example"]["reasons"].startswith("not evaluated")
    for domain, said in (
        ("c.example", "not evaluated: a tool lists the domain, no input holds a link of it"),
        ("a.example", "Thin sample: a tool counts over ten times as many links"),
    ):
        explained = CliRunner().invoke(app, ["explain", domain, "--audit", str(out)])
        assert said in " ".join(explained.output.split())
    html = (out / "report.html").read_text("utf-8")
    assert "hold 67% of the domains and 1.0% of the links" in html


def test_domains_alone_are_no_audit(tmp_path: Path) -> None:
    said = refusal(put(tmp_path / "d.csv", domains("10,a.example,40,,,,\n")))
    assert "no usable link" in said
    assert "no data is not a clean profile" in said


# ---------------------------------------------------------------- backlint inputs


def run(*arguments: str | Path) -> Any:
    return CliRunner().invoke(app, ["inputs", *map(str, arguments)])


def test_inputs_says_what_each_file_is_good_for(tmp_path: Path) -> None:
    put(
        tmp_path / "in/links.csv",
        LINKS.replace("anchor", "anchor,colour").replace("one", "one,red"),
    )
    put(tmp_path / "in/domains.csv", domains("10,a.example,40,,,2026-01-02,2026-05-06\n"))
    put(tmp_path / "in/notes.txt", "hello\n")
    ran = run(tmp_path / "in", "--site", SITE)
    assert ran.exit_code == 0
    said = " ".join(ran.output.split())
    assert "Semrush, Referring domains" in said
    assert "dates from 2026-01-02 to 2026-05-06" in said
    assert "1 row = 0 links + 1 facts + 0 duplicates + 0 out of scope + 0 rejects" in said
    assert "columns not used: colour" in said
    assert "Rules that can run: BL" in said
    assert re.search(r"cannot run: [^()]*BL603[^()]* \(no input has the column first_seen\)", said)
    assert "hold 100% of the domains and 2.5% of the links" in said
    assert "notes.txt: line 1: no known export has this header" in said


def test_inputs_names_the_formats_before_what_is_missing(tmp_path: Path) -> None:
    path = put(tmp_path / "gsc.csv", "Linking page\nhttps://a.example/\n")
    ran = run(path)
    assert f"{path}: Google Search Console, Latest links or More sample links" in ran.output
    assert "Say it with --site" in str(ran.exception)


def test_inputs_knows_the_web_graph(tmp_path: Path) -> None:
    links = put(tmp_path / "links.csv", LINKS + MORE.splitlines()[1] + "\n")
    vertices = put(tmp_path / "v.txt", "0\texample.a\t1\n1\texample.b\t1\n2\texample.c\t1\n")
    edges = put(tmp_path / "e.txt", "0\t1\n1\t0\n2\t0\n")
    ran = run(links, "--site", SITE, "--webgraph", vertices, edges)
    assert ran.exit_code == 0
    said = " ".join(ran.output.split())
    assert "Common Crawl, web graph" in said
    assert "2 of 2 referring domains are in this graph" in said
    assert "3 rows = 3 links" in said


# ---------------------------------------------------------------- what must never be read as links


def test_a_report_is_no_list_of_links(tmp_path: Path) -> None:
    links = put(tmp_path / "links.csv", LINKS)
    out = tmp_path / "audit"
    scan(Options(files=[links], sites=[SITE]), out)
    moved = put(tmp_path / "old/report-2025.json", (out / "report.json").read_text("utf-8"))
    assert "is a report of backlint, no export" in refusal(moved)
    packed = zipped(tmp_path / "old.zip", {"report.json": moved.read_bytes(), "links.csv": MORE})
    loaded, found = read(links, packed)
    assert [source for source, _ in found["links"]] == [
        "https://a.example/1",
        "https://b.example/1",
    ]
    assert [Path(each.path).name for each in loaded.skipped] == ["report.json"]


def test_a_live_disavow_file_that_is_none_stops_the_scan(tmp_path: Path) -> None:
    links = put(tmp_path / "links.csv", LINKS)
    out = tmp_path / "audit"
    with pytest.raises(InputError, match="no line of the file is a directive"):
        scan(Options(files=[links], sites=[SITE], old_disavow=b"source\na.example\n"), out)
    assert not out.exists()


def test_dates_before_the_web_are_slips(tmp_path: Path) -> None:
    text = LINKS.replace("anchor", "anchor,first_seen").replace("one", "one,0024-01-05")
    with DuckEngine(threads=1) as engine:
        loaded = load(engine, [put(tmp_path / "x.csv", text)], until=datetime(2026, 1, 1).date())
        assert engine.value("SELECT first_seen FROM links") is None
    assert any("before 1990" in note for note in loaded.reports[0].notes)


def test_a_scan_says_what_the_web_graph_does_not_know(tmp_path: Path) -> None:
    links = put(tmp_path / "links.csv", LINKS + MORE.splitlines()[1] + "\n")
    vertices = put(tmp_path / "v.txt", "0\texample.a\t1\n1\texample.x\t1\n")
    edges = put(tmp_path / "e.txt", "0\t1\n")
    ran = CliRunner().invoke(
        app,
        ["scan", str(links), "--site", SITE, "--out", str(tmp_path / "audit"), "--webgraph",
         str(vertices), str(edges)],
    )  # fmt: skip
    assert "1 of 2 referring domains are in this graph" in " ".join(ran.output.split())
