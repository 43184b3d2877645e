"""Exports of every tool, read whole: each column, each fact, each reject, as worked out by hand.

`exports/NAME.toml` says what the files that it names hold. A column that it leaves out is unknown
(NULL); where the tool does not tell, the expectation is a list of what may be read, "" for NULL.
The files are made up: the headers are those of the tools, the rows are not.
"""

import csv
import datetime
import gzip
import io
import json
import re
import subprocess
import sys
import time
import tomllib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from backlint.engine.duckdb import DuckEngine
from backlint.errors import BacklintError
from backlint.findings import InputReport, Reject
from backlint.inputs.load import load
from test_inputs import ENCODED, PACKED, add_up, put, refusal

EXPORTS = Path(__file__).parent / "exports"
SITE = "site.example"
FACTOR = settings().max_examples / 100  # the profile `thorough` draws many more
COLUMNS = (
    "source_url", "target_url", "anchor", "alt", "title", "kind", "placement", "nofollow", "ugc",
    "sponsored", "qualified", "lost", "first_seen", "last_seen",
)  # fmt: skip
FACTS = {
    "authority", "trust", "citation", "traffic", "links", "followed_links", "target_pages",
    "linked_domains", "spam_score", "ip", "country", "first_seen", "last_seen", "lost",
}  # fmt: skip
TOOLS = {
    "search-console", "ahrefs", "semrush", "majestic", "moz", "bing", "se-ranking", "dataforseo",
}  # fmt: skip


class Got(NamedTuple):
    """What became of the first of some files, and how often links and inputs met."""

    report: InputReport
    reports: list[InputReport]
    links: list[dict[str, Any]]
    all_links: list[dict[str, Any]]
    facts: list[tuple[Any, ...]]
    rejects: list[Reject]
    seen_in: dict[int, set[int]]


def read(*paths: Path, sites: Sequence[str] = (SITE,)) -> Got:
    """Read files and check what holds of any: the accounts, the facts' form, the provenance."""
    with DuckEngine(threads=2) as engine:
        loaded = load(engine, paths, sites=sites)
        links = engine.fetch(
            "SELECT * FROM links ORDER BY source_url, target_url, anchor NULLS FIRST"
        ).to_dicts()
        stated = engine.fetch("SELECT * FROM domain_facts").to_dicts()
        pairs = engine.fetch("SELECT link_id, input_id FROM link_inputs").rows()
        rejected = engine.fetch("SELECT reason, raw FROM rejects").rows()
    for report in loaded.reports:
        add_up(report)
    assert len(rejected) == sum(report.rejects for report in loaded.reports)
    assert all(reason for reason, _ in rejected)
    check_facts(stated)
    seen_in: dict[int, set[int]] = {}
    for link_id, input_id in pairs:
        seen_in.setdefault(link_id, set()).add(input_id)
    assert len(pairs) == sum(map(len, seen_in.values()))  # said once each
    assert seen_in.keys() == {link["link_id"] for link in links}
    assert all(min(seen_in[link["link_id"]]) == link["input_id"] for link in links)
    assert sum(report.links for report in loaded.reports) == len(links)
    return Got(
        loaded.reports[0],
        loaded.reports,
        [link for link in links if link["input_id"] == 0],
        links,
        sorted(
            (x["tool"], x["host"], x["domain"], x["fact"], x["number"], x["text"])
            for x in stated
            if x["input_id"] == 0
        ),
        [reject for reject in loaded.rejects if "companion" not in reject.path],
        seen_in,
    )


def check_facts(stated: list[dict[str, Any]]) -> None:
    """A fact has a known name and one value; a host says a thing once a file."""
    for row in stated:
        assert row["tool"] in TOOLS
        assert row["fact"] in FACTS
        assert (row["number"] is None) != (row["text"] is None)
        assert row["host"] == row["domain"] or row["host"].endswith("." + row["domain"])
    keys = [(row["input_id"], row["host"], row["fact"]) for row in stated]
    assert len(keys) == len(set(keys))


def companion(folder: Path) -> Path:
    """A file with one link into the site: facts alone are nothing to audit."""
    (folder / "companion").mkdir(exist_ok=True)
    text = f"source,target\nhttps://companion.example/,https://{SITE}/\n"
    return put(folder / "companion", text, "companion.csv")


# ---------------------------------------------------------------- the files as the tools write them


def expectations() -> dict[str, dict[str, Any]]:
    found = sorted(EXPORTS.glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text("utf-8")) for path in found}


WANTED = expectations()
FILES = [(name, file) for name, want in WANTED.items() for file in want["files"]]
TABLES = [name for name, want in WANTED.items() if want["files"][0].endswith(".csv")]


@pytest.mark.parametrize(("name", "file"), FILES)
def test_export(tmp_path: Path, name: str, file: str) -> None:
    want = WANTED[name]
    check(read_one(tmp_path, EXPORTS / file, want), want, line="line")


def test_every_file_is_expected_somewhere() -> None:
    refused = {"bing-anchors.csv", "search-console-top-linked-pages.csv"}
    files = {path.name for path in EXPORTS.iterdir() if path.suffix in (".csv", ".json", ".jsonl")}
    assert files == {file for _, file in FILES} | refused


def read_one(folder: Path, path: Path, want: dict[str, Any]) -> Got:
    alone = want["account"]["links"] > 0
    sites = want.get("sites", () if alone else (SITE,))
    return read(*[path] if alone else [path, companion(folder)], sites=sites)


def check(got: Got, want: dict[str, Any], line: str | None = None) -> None:
    """Compare all that was read with what was worked out; `line` says what a reject's line is."""
    report = got.report
    assert report.format == want["format"]
    assert {name: getattr(report, name) for name in want["account"]} == want["account"]
    rows = sorted(want.get("links", ()), key=order)
    assert [order(link) for link in sorted(got.links, key=order)] == [order(row) for row in rows]
    for link, row in zip(sorted(got.links, key=order), rows, strict=True):
        wrong = {
            name: (link[name], row.get(name))
            for name in COLUMNS
            if not fits(link[name], row.get(name))
        }
        assert not wrong, f"{row['source_url']}: got, wanted: {wrong}"
    facts = [fact for fact in got.facts if fact[2] not in want.get("uncertain", ())]
    assert facts == sorted(map(fact_of, want.get("facts", ())))
    rejects = want.get("rejects", [])
    assert len(got.rejects) == len(rejects)
    for reject, row in zip(got.rejects, rejects, strict=True):
        assert row["reason"] in reject.reason
        assert reject.raw.strip()
        if line == "line" and "line" in row:
            assert reject.line == row["line"]
        elif line == "row":
            assert reject.line == want.get("header_row", 1) + row["record"]
    for note in want.get("notes", ()):
        assert any(note in said for said in report.notes), (note, report.notes)


def order(link: dict[str, Any]) -> tuple[str, str, str]:
    anchor = link.get("anchor")
    return link["source_url"], link["target_url"], re.sub("\r\n?", "\n", anchor or "")


def fits(value: Any, wanted: Any) -> bool:
    if isinstance(value, str):
        value = re.sub("\r\n?", "\n", value)
    if isinstance(wanted, list):
        return value in [None if choice == "" else choice for choice in wanted]
    return bool(value == wanted and type(value) is type(wanted))


def fact_of(row: dict[str, Any]) -> tuple[Any, ...]:
    number = float(row["number"]) if "number" in row else None
    return row["tool"], row["host"], row["domain"], row["fact"], number, row.get("text")


# ---------------------------------------------------------------- the same tables in other wrapping


class Table(NamedTuple):
    """A fixture as cells, and where its header stands among them."""

    rows: list[list[str]]
    header: int


def table_of(name: str) -> Table:
    data = (EXPORTS / WANTED[name]["files"][0]).read_bytes()
    text = data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig")
    delimiter = "\t" if data[:2] == b"\xff\xfe" else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return Table(rows, WANTED[name].get("header_row", 1) - 1)


def written(rows: Sequence[Sequence[str]], delimiter: str = ",", quoting: Any = 0) -> str:
    if len(rows[-1]) == 1:  # a separator inside the one cell would look like two
        quoting = csv.QUOTE_ALL
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator="\r\n")
    for row in rows:
        if row:
            writer.writerow(row)
        else:
            out.write("\r\n")
    return out.getvalue()


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8", ";"), ("BOM", ","), ("UTF-16 LE", "\t"), ("UTF-16 BE", ";")],
)
@pytest.mark.parametrize("name", TABLES)
def test_other_delimiters_and_encodings(
    tmp_path: Path, name: str, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "export"
    path.write_bytes(ENCODED[encoding](written(table_of(name).rows, delimiter)))
    check(read_one(tmp_path, path, WANTED[name]), WANTED[name], line="line")


def packed(folder: Path, file: str, how: str) -> Path:
    data, path = (EXPORTS / file).read_bytes(), folder / "packed"
    if how in PACKED:
        path.write_bytes(PACKED[how](data))
    elif how == "folder":
        path.mkdir()
        (path / file).write_bytes(data)
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"july/{file}" if how == "folder in a zip" else file, data)
    return path


@pytest.mark.parametrize(("name", "file"), FILES)
def test_zipped(tmp_path: Path, name: str, file: str) -> None:
    got = read_one(tmp_path, packed(tmp_path, file, "zip"), WANTED[name])
    check(got, WANTED[name], line="line")


@pytest.mark.parametrize("how", ["gzip", "zstd", "folder", "folder in a zip"])
@pytest.mark.parametrize(
    "name",
    ["ahrefs-backlinks", "semrush-referring-domains", "moz-inbound-links", "dataforseo-nested"],
)
def test_packed(tmp_path: Path, name: str, how: str) -> None:
    got = read_one(tmp_path, packed(tmp_path, WANTED[name]["files"][0], how), WANTED[name])
    check(got, WANTED[name], line="line")


def workbook(path: Path | io.BytesIO, rows: Sequence[Sequence[str]]) -> None:
    """Write cells as a tool does that knows their types: booleans, numbers, days and moments."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Export")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            when = moment_of(cell)
            if cell.lower() in ("true", "false"):
                sheet.write_boolean(y, x, cell.lower() == "true")
            elif re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", cell):
                sheet.write_number(y, x, float(cell))
            elif when:
                sheet.write_datetime(y, x, when, moment if " " in cell else day)
            elif cell:
                sheet.write_string(y, x, cell)
    book.close()


def moment_of(cell: str) -> datetime.datetime | None:
    if not re.match("20[0-9]{2}-[0-9]{2}-[0-9]{2}", cell):
        return None
    try:
        return datetime.datetime.fromisoformat(cell.removesuffix(" +00:00"))
    except ValueError:
        return None


@pytest.mark.parametrize("name", [name for name in TABLES if "ragged" not in WANTED[name]])
def test_xlsx(tmp_path: Path, name: str) -> None:
    path = tmp_path / "export.xlsx"
    workbook(path, table_of(name).rows)
    check(read_one(tmp_path, path, WANTED[name]), WANTED[name], line="row")


@pytest.mark.parametrize("name", [name for name in TABLES if "ragged" not in WANTED[name]])
def test_a_column_that_nobody_knows_is_kept_out_and_told(tmp_path: Path, name: str) -> None:
    rows, header = table_of(name)
    more = [
        row if at < header else [*row, "Column X" if at == header else 'x, "y"']
        for at, row in enumerate(rows)
    ]
    got = read_one(tmp_path, put(tmp_path, written(more)), WANTED[name])
    check(got, WANTED[name], line="line")
    assert any("Column X" in note for note in got.report.notes)


def snake(name: str) -> str:
    return f" {name.lower().replace(' ', '_')} "


@pytest.mark.parametrize("change", [str.upper, snake])
@pytest.mark.parametrize("name", TABLES)
def test_headers_are_matched_folded(
    tmp_path: Path, name: str, change: Callable[[str], str]
) -> None:
    if (name, change) == ("bing-backlinks", snake):
        pytest.skip("any list may call its columns source_url, anchor_text and target_url")
    rows, header = table_of(name)
    rows[header] = [change(column) for column in rows[header]]
    check(read_one(tmp_path, put(tmp_path, written(rows)), WANTED[name]), WANTED[name], line="line")


@pytest.mark.parametrize("name", [name for name in TABLES if "ragged" not in WANTED[name]])
def test_columns_in_another_order(tmp_path: Path, name: str) -> None:
    rows, header = table_of(name)
    turned = [row if at < header else row[::-1] for at, row in enumerate(rows)]
    check(read_one(tmp_path, put(tmp_path, written(turned)), WANTED[name]), WANTED[name])


def test_a_zip_or_folder_of_several_exports(tmp_path: Path) -> None:
    names = ["ahrefs-backlinks.csv", "semrush-referring-domains.csv", "dataforseo-backlinks.jsonl"]
    folder, path = tmp_path / "all", tmp_path / "all.zip"
    folder.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            (folder / name).write_bytes((EXPORTS / name).read_bytes())
            archive.write(EXPORTS / name, f"exports/{name}")
        archive.writestr("__MACOSX/exports/._ahrefs-backlinks.csv", b"\x00\x05\x16\x07\x00\x02")
    for source in (folder, path):
        got = read(source)
        formats = sorted((report.format, report.rows) for report in got.reports)
        assert formats == [
            ("ahrefs-backlinks", 12),
            ("dataforseo-backlinks", 11),
            ("semrush-referring-domains", 6),
        ]


@pytest.mark.parametrize("member", ["../outside.csv", "/tmp/../outside.csv", "a/../../outside.csv"])
def test_a_zip_writes_nothing_beside_itself(tmp_path: Path, member: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    with zipfile.ZipFile(inside / "x.zip", "w") as archive:
        archive.writestr(member, (EXPORTS / "bing-backlinks.csv").read_bytes())
    try:
        read(inside / "x.zip")
    except BacklintError as error:
        assert "x.zip" in str(error)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["x.zip"]
    assert not Path("/outside.csv").exists()


# ---------------------------------------------------------------- files that are refused


@pytest.mark.parametrize(
    ("file", "said"),
    [("search-console-top-linked-pages.csv", "your own pages"), ("bing-anchors.csv", "anchors")],
)
def test_files_without_linking_pages_are_refused(tmp_path: Path, file: str, said: str) -> None:
    path = EXPORTS / file
    for options in ({}, {"sites": [SITE]}):
        told = refusal(path, companion(tmp_path), **options)
        assert told.startswith(f"{path}:1: ")
        assert said in told.lower()


@pytest.mark.parametrize(
    "file", ["search-console-latest-links-he.csv", "search-console-sample-links.csv"]
)
def test_a_list_of_linking_pages_needs_the_site(file: str) -> None:
    assert "--site example.com" in refusal(EXPORTS / file)


def test_a_part_of_a_header_is_told(tmp_path: Path) -> None:
    parts: set[tuple[str, ...]] = set()
    for name in TABLES:
        rows, header = table_of(name)
        parts |= {(column,) for column in rows[header]} | set(zip(rows[header], rows[header][1:]))
    with DuckEngine(threads=1) as engine:
        for part in sorted(parts - {("Linking page",), ("Linking page", "Last crawled")}):
            path = put(tmp_path, written([part, ["x"] * len(part)]))
            with pytest.raises(BacklintError, match=re.escape(str(path))):
                load(engine, [path], sites=[SITE])


# ---------------------------------------------------------------- dates, per tool

# source, target, anchor, first seen, last seen
ENDS = {
    "search-console-latest-links": ("Linking page", None, None, None, "Last crawled"),
    "ahrefs-backlinks": (
        "Referring page URL", "Target URL", "Anchor", "First seen", "Last seen",
    ),
    "ahrefs-backlinks-old": ("Referring Page URL", "Link URL", "Link Anchor", "Found", None),
    "semrush-backlinks": ("Source url", "Target url", "Anchor", "First seen", "Last seen"),
    "semrush-backlinks-old": ("Source url", "Target url", "Anchor", "First seen", "Last seen"),
    "semrush-backlink-audit": ("Source url", "Target url", "Anchor", "First seen", "Last seen"),
    "majestic-backlinks": (
        "SourceURL", "TargetURL", "AnchorText", "FirstIndexedDate", "LastSeenDate",
    ),
    "majestic-download-backlinks": (
        "Source URL", "Target URL", "Anchor Text", "Source First Found Date", "Source Crawl Date",
    ),
    "moz-inbound-links": ("URL", "Target URL", "Anchor Text", None, None),
    "screaming-frog-links": ("Source", "Destination", "Anchor", None, None),
    "screaming-frog-links-8": ("Source", "Destination", "Anchor", None, None),
    "bing-backlinks": ("Source Url", "Target Url", "Anchor text", None, None),
    "se-ranking-backlinks": ("url_from", "url_to", "anchor", "first_seen", "last_visited"),
    "dataforseo-backlinks": ("url_from", "url_to", "anchor", "first_seen", "last_seen"),
    "generic-links": ("source", "target", "anchor", "first_seen", "last_seen"),
}  # fmt: skip
HOSTS = {
    "search-console-top-linking-sites": "Site",
    "ahrefs-referring-domains": "Domain",
    "semrush-referring-domains": "Domain",
    "bing-referring-domains": "Domain",
}
DATED = [(name, at) for name, ends in ENDS.items() for at in (3, 4) if ends[at]]


def made(name: str, *changes: dict[str, str]) -> list[list[str]]:
    """The table of a fixture with its first row again and again, some cells changed."""
    rows, header = table_of(name)
    columns, first = rows[header], rows[header + 1]
    row = dict(zip(columns, first, strict=True))
    assert all(change.keys() <= row.keys() for change in changes)
    return [*rows[: header + 1], *([{**row, **x}[c] for c in columns] for x in changes)]


SHAPES: list[tuple[list[str], list[str | None], str]] = [
    (["2026-05-13", "2026-06-01"], ["2026-05-13", "2026-06-01"], ""),
    (["2026-05-13 23:59:59", "2026-06-01 00:00:00"], ["2026-05-13", "2026-06-01"], ""),
    (["2026-05-13T23:59:59Z", "2026-06-01 12:57:46 +00:00"], ["2026-05-13", "2026-06-01"], ""),
    (["Sep 15, 2026", "Oct 2, 2026"], ["2026-09-15", "2026-10-02"], ""),
    (["28 Sep 2026", "3 Oct 2026"], ["2026-09-28", "2026-10-03"], ""),
    (["28/09/2026", "03/10/2026"], ["2026-09-28", "2026-10-03"], ""),
    (["09/28/2026", "10/03/2026"], ["2026-09-28", "2026-10-03"], ""),
    (["9/28/26", "10/3/26"], ["2026-09-28", "2026-10-03"], ""),
    (["1/5/26", "3/4/26"], [None, None], "could be day-first or month-first"),
    (["03/04/2026", "2026-05-13"], [None, "2026-05-13"], "could be day-first or month-first"),
    (["28/04/2026", "05/26/2026"], [None, None], "mixes day-first and month-first"),
    (["2026-02-30", "2026-06-01"], [None, "2026-06-01"], "1 values of"),
    (["soon", "0000-00-00"], [None, None], "2 values of"),
    (["", "2026-06-01"], [None, "2026-06-01"], ""),
]


@pytest.mark.parametrize(("name", "at"), DATED)
def test_dates_of_a_column(tmp_path: Path, name: str, at: int) -> None:
    source, column = ENDS[name][0], ENDS[name][at]
    assert source is not None
    assert column is not None
    field, files = ("first_seen", "last_seen")[at - 3], []
    for n, (cells, _, _) in enumerate(SHAPES):
        rows = [
            {source: f"https://a{n}.example/{x}", column: cell}
            for x, cell in zip("ab", cells, strict=True)
        ]
        files.append(put(tmp_path, written(made(name, *rows)), f"{n}.csv"))
    got = read(*files)
    read_as = {link["source_url"]: link[field] and str(link[field]) for link in got.all_links}
    for n, (cells, days, note) in enumerate(SHAPES):
        assert [read_as[f"https://a{n}.example/{x}"] for x in "ab"] == days, cells
        said = [x for x in got.reports[n].notes if re.search(f"{field}.*(unread|-first)", x)]
        assert bool(said) == bool(note), (cells, got.reports[n].notes)
        assert any(note in x for x in said) or not note


def test_a_column_does_not_decide_for_another(tmp_path: Path) -> None:
    dates = [("03/04/2026", "03/04/2026"), ("28/04/2026", "05/06/2026")]
    rows = made(
        "semrush-backlinks",
        *(
            {"Source url": f"https://{x}.example/", "First seen": y, "Last seen": z}
            for x, (y, z) in zip("ab", dates, strict=True)
        ),
    )
    got = read(put(tmp_path, written(rows)))
    assert [(str(link["first_seen"]), link["last_seen"]) for link in got.links] == [
        ("2026-04-03", None),
        ("2026-04-28", None),
    ]


def test_the_last_row_of_a_long_file_decides_the_column(tmp_path: Path) -> None:
    dates = [*["03/04/2026"] * 20_000, "28/04/2026"]
    rows = made(
        "semrush-backlinks",
        *(
            {"Source url": f"https://a{n}.example/", "First seen": day}
            for n, day in enumerate(dates)
        ),
    )
    got = read(put(tmp_path, written(rows)))
    days = {str(link["first_seen"]) for link in got.links}
    assert days == {"2026-04-03", "2026-04-28"}


# ---------------------------------------------------------------- counts

COUNTS: list[tuple[str, float | None]] = [
    ("1240", 1240), ("1,240", 1240), ("1.240", 1240), ("1 240", 1240), ("1\u00a0240", 1240),
    ("1\u202f240", 1240), ("12,345,678", 12345678), ("12.345.678", 12345678), ("0", 0),
    ("", None), ("  ", None), ("-", None), ("n/a", None), ("many", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "column", "fact"),
    [
        ("search-console-top-linking-sites", "Linking pages", "links"),
        ("search-console-top-linking-sites", "Target pages", "target_pages"),
        ("ahrefs-referring-domains", "Links to target", "links"),
        ("ahrefs-referring-domains", "Traffic ", "traffic"),
        ("semrush-referring-domains", "Backlinks", "links"),
        ("bing-referring-domains", "Backlinks Count", "links"),
    ],
)
def test_counts(tmp_path: Path, name: str, column: str, fact: str) -> None:
    rows = made(
        name,
        *({HOSTS[name]: f"a{n}.example", column: cell} for n, (cell, _) in enumerate(COUNTS)),
    )
    got = read(put(tmp_path, written(rows)), companion(tmp_path))
    assert got.report.facts == len(COUNTS)
    said = {host: number for _, host, _, what, number, _ in got.facts if what == fact}
    assert {cell: said.get(f"a{n}.example") for n, (cell, _) in enumerate(COUNTS)} == dict(COUNTS)


# ---------------------------------------------------------------- merging

SAME = [
    ("/post", "/post#comments"),
    ("/post#a", "/post#b"),
    ("/post", "/post?utm_source=x"),
    ("/post", "/post?utm_medium=mail&utm_campaign=a%20b#top"),
    ("/post?id=7", "/post?id=7&gclid=abc"),
    ("/post?id=7", "/post?fbclid=abc&id=7"),
    ("/post?id=7&page=2", "/post?id=7&msclkid=abc&page=2"),
    ("/post?utm_source=a", "/post?utm_source=b"),
]
OTHER = [
    ("/post", "/Post"),
    ("/post?id=7", "/post?id=8"),
    ("/post", "/post?id=7"),
    ("/post", "/post/more"),
    ("/post?automobile=1", "/post?automobile=2"),
    ("/post?a=1&xutm_source=1", "/post?a=1&xutm_source=2"),
]


PLAIN = ("/post", "/post?id=7", "/post?id=7&page=2")


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("end", ["source", "target"])
def test_tracking_and_fragments_do_not_make_another_link(
    tmp_path: Path, end: str, turned: bool
) -> None:
    rows = []
    for n, pair in enumerate([*SAME, *OTHER]):
        for path in pair[::-1] if turned else pair:
            source = f"https://a{n}.example" + (path if end == "source" else "/")
            target = f"https://{SITE}" + (path if end == "target" else "/")
            rows.append({"Source url": source, "Target url": target})
    got = read(put(tmp_path, written(made("semrush-backlinks", *rows))))
    read_as: dict[str, list[str]] = {}
    for link in got.links:
        url = link[f"{end}_url"]
        read_as.setdefault(link["source_url"].split("/")[2], []).append(url[url.index("/", 8) :])
    for n, pair in enumerate([*SAME, *OTHER]):
        paths = read_as[f"a{n}.example"]
        assert len(paths) == (1 if pair in SAME else 2), pair
        assert set(paths) <= {*pair, *PLAIN}
    assert got.report.duplicates == len(SAME)


def tools(folder: Path) -> list[Path]:
    """Three tools and three links: in all three files, in two, in two."""
    page, old, third = (f"https://blog-{x}.example/post" for x in ("one", "two", "three"))
    target = f"https://{SITE}/"
    ahrefs = [
        (page, "false", "2026-01-05 10:11:12", "2026-09-15 08:00:00"),
        (old, "false", "2026-03-01 00:00:00", "2026-09-20 00:00:00"),
    ]
    semrush = [
        (page + "?utm_source=feed#top", "true", "2025-12-01", "2026-09-10"),
        (old, "true", "2026-02-01", "2026-09-10"),
        (third, "?", "2026-02-02", "2026-09-09"),
    ]
    majestic = [
        (page, "true", "2026-02-01", "2026-09-15"),
        (third, "true", "2026-04-04", "2026-09-09"),
    ]
    files = []
    for name, flag, rows in (
        ("ahrefs-backlinks", "Nofollow", ahrefs),
        ("semrush-backlinks", "Nofollow", semrush),
        ("majestic-backlinks", "FlagNoFollow", majestic),
    ):
        columns = ENDS[name]
        changes = [
            dict(zip((columns[0], flag, *columns[3:]), row, strict=True))
            | {columns[1]: target, columns[2]: "red tents"}
            for row in rows
        ]
        files.append(put(folder, written(made(name, *changes)), f"{name}.csv"))
    return files


@pytest.mark.parametrize("turn", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)])
def test_one_link_in_the_exports_of_three_tools(tmp_path: Path, turn: tuple[int, ...]) -> None:
    files = tools(tmp_path)
    with DuckEngine(threads=2) as engine:
        loaded = load(engine, [files[n] for n in turn], sites=[SITE])
        links = engine.fetch("SELECT * FROM links ORDER BY source_url").to_dicts()
        pairs = engine.fetch("SELECT link_id, input_id FROM link_inputs").rows()
    assert (sum(r.links for r in loaded.reports), sum(r.duplicates for r in loaded.reports)) == (
        3,
        4,
    )
    for report in loaded.reports:
        add_up(report)
    by_host = {link["source_url"].split("/")[2][5:].split(".")[0]: link for link in links}
    seen = {
        name: {turn[input_id] for link_id, input_id in pairs if link_id == link["link_id"]}
        for name, link in by_host.items()
    }
    assert seen == {"one": {0, 1, 2}, "two": {0, 1}, "three": {1, 2}}
    said = {
        name: (link["nofollow"], link["qualified"], str(link["first_seen"]), str(link["last_seen"]))
        for name, link in by_host.items()
    }
    assert said == {
        # Ahrefs (followed) and Majestic (nofollow) saw it last on one day: the stricter counts
        "one": (True, True, "2025-12-01", "2026-09-15"),
        # Ahrefs saw it last, and followed
        "two": (False, False, "2026-02-01", "2026-09-20"),
        # a tie between unknown and nofollow
        "three": (True, True, "2026-02-02", "2026-09-09"),
    }
    assert by_host["one"]["title"] == "Ten tents"
    assert {link["anchor"] for link in links} == {"red tents"}


@pytest.mark.parametrize("name", TABLES)
def test_an_export_twice_equals_once(tmp_path: Path, name: str) -> None:
    want, path = WANTED[name], EXPORTS / WANTED[name]["files"][0]
    once = read(path, companion(tmp_path))
    twice = read(path, path, companion(tmp_path))
    assert [{**link, "input_id": 0} for link in twice.links] == once.links
    assert twice.facts == once.facts
    again = twice.reports[1]
    assert (again.rows, again.links) == (want["account"]["rows"], 0)
    assert again.rejects == want["account"]["rejects"]
    assert all(twice.seen_in[link["link_id"]] == {0, 1} for link in twice.links)


# ---------------------------------------------------------------- conservation, as a property

DIRT = "abc ,;\t|\"'\n\r\\{}é漢\u2028\x0b\x1f\x01"
_VALUES = [
    "", "", "true", "FALSE", "?", "1", "0", "Yes", "No", "nofollow", "12.5", "1,240", "-", "2026-05-13",
    "2026-05-13 10:11:12", "28/09/2026", "9/28/26", "2026-02-30", "Sep 15, 2026", "Image", "text",
]  # fmt: skip
_cells = st.one_of(
    st.sampled_from(_VALUES), st.text(DIRT, max_size=6).map(lambda x: x.replace("\r", "\r\n"))
)
_ends = st.sampled_from(["good", "good", "good", "again", "empty", "bad"])
_shapes = st.sampled_from(["whole"] * 7 + ["short", "long", "blank"])


class Drawn(NamedTuple):
    """A row to be written: its shape, what its two ends are, and its other cells in a circle."""

    shape: str
    source: str
    target: str
    others: list[str]


FIRST = ("https://first.example/", f"https://{SITE}/")
_rows = st.builds(Drawn, _shapes, _ends, _ends, st.lists(_cells, min_size=1, max_size=9))


def cells_of(row: Drawn, columns: list[str], ends: tuple[Any, ...], number: int) -> list[str]:
    source = {"good": f"https://a{number}.example/p", "again": "https://again.example/p"}
    target = {"good": f"https://{SITE}/{number}", "again": f"https://{SITE}/"}
    bad = {"empty": "", "bad": "ftp://no.example/"}
    cells = [row.others[at % len(row.others)] for at in range(len(columns))]
    cells[columns.index(ends[0])] = (source | bad)[row.source]
    if ends[1]:
        cells[columns.index(ends[1])] = (target | bad)[row.target]
    if "Follow" in columns or "Size (Bytes)" in columns:
        cells[columns.index("Type")] = "Hyperlink"
    if len(columns) > 1:
        return {"short": cells[:-1], "long": [*cells, "more"]}.get(row.shape, cells)
    return cells


@settings(max_examples=int(25 * FACTOR))
@given(
    name=st.sampled_from(sorted(ENDS)),
    rows=st.lists(_rows, max_size=12),
    delimiter=st.sampled_from([",", "\t", ";"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(sorted(ENCODED)),
)
def test_every_row_of_an_export_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    rows: list[Drawn],
    delimiter: str,
    quoting: Any,
    encoding: str,
) -> None:
    ends = ENDS[name]
    table = made(name, dict(zip(filter(None, ends[:2]), FIRST)))
    columns = table[-2]
    body = [cells_of(row, columns, ends, n) for n, row in enumerate(rows)]
    body = [[] if row.shape == "blank" else cells for row, cells in zip(rows, body, strict=True)]
    text = written([*table, *body], delimiter, quoting)
    path = tmp_path_factory.mktemp("rows") / "export"
    path.write_bytes(ENCODED[encoding](text))
    counted = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records = [row for row in list(counted)[len(table) - 1 :] if row]
    got = read(path)
    report = got.report
    assert report.format == WANTED[name]["format"]
    assert report.rows == len(records)
    usable = [
        row
        for row in rows
        if (row.shape == "whole" or (len(columns) == 1 and row.shape != "blank"))
        and row.source in ("good", "again")
        and (not ends[1] or row.target in ("good", "again"))
    ]
    assert report.links + report.duplicates == 1 + len(usable)
    assert report.rejects == len(records) - 1 - len(usable)
    assert all(reject.reason and reject.raw for reject in got.rejects)


@settings(max_examples=int(12 * FACTOR))
@given(
    name=st.sampled_from(sorted(HOSTS)),
    rows=st.lists(_rows, max_size=12),
    delimiter=st.sampled_from([",", "\t", ";"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(sorted(ENCODED)),
)
def test_every_row_of_a_list_of_domains_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    rows: list[Drawn],
    delimiter: str,
    quoting: Any,
    encoding: str,
) -> None:
    table = made(name, {})
    columns = table[-2]
    at = columns.index(HOSTS[name])
    body = []
    for n, row in enumerate(rows):
        cells = [row.others[i % len(row.others)] for i in range(len(columns))]
        cells[at] = {
            "good": f"a{n}.example",
            "again": "WWW.Again.example",
            "empty": "",
            "bad": "no host",
        }[row.source]
        body.append(
            {"short": cells[:-1], "long": [*cells, "more"], "blank": []}.get(row.shape, cells)
        )
    text = written([*table, *body], delimiter, quoting)
    folder = tmp_path_factory.mktemp("rows")
    path = folder / "export"
    path.write_bytes(ENCODED[encoding](text))
    counted = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    records = [row for row in list(counted)[len(table) - 1 :] if row]
    got = read(path, companion(folder))
    kinds = [row.source for row in rows if row.shape == "whole"]
    report = got.report
    assert report.rows == len(records)
    assert report.facts == 1 + kinds.count("good") + min(kinds.count("again"), 1)
    assert report.duplicates == max(kinds.count("again") - 1, 0)
    assert report.links == report.out_of_scope == 0
    assert all(reject.reason and reject.raw for reject in got.rejects)


_typed = st.builds(
    Drawn,
    st.sampled_from(["whole", "whole", "whole", "blank"]),
    _ends,
    _ends,
    st.lists(st.sampled_from(_VALUES), min_size=1, max_size=9),
)


@settings(max_examples=int(12 * FACTOR))
@given(name=st.sampled_from(sorted(ENDS)), rows=st.lists(_typed, max_size=12))
def test_every_row_of_a_sheet_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, name: str, rows: list[Drawn]
) -> None:
    ends = ENDS[name]
    table = made(name, dict(zip(filter(None, ends[:2]), FIRST)))
    body = [
        [] if row.shape == "blank" else cells_of(row, table[-2], ends, n)
        for n, row in enumerate(rows)
    ]
    path = tmp_path_factory.mktemp("sheet") / "export.xlsx"
    workbook(path, [*table, *body])
    filled = [row for row, cells in zip(rows, body, strict=True) if any(cells)]
    usable = [
        row
        for row in filled
        if row.source in ("good", "again") and (not ends[1] or row.target in ("good", "again"))
    ]
    report = read(path).report
    assert report.format == WANTED[name]["format"]
    assert report.rows == 1 + len(filled)
    assert report.links + report.duplicates == 1 + len(usable)
    assert report.out_of_scope == 0


_items = st.one_of(
    st.builds(
        lambda source, more: {"url_to": f"https://{SITE}/", "url_from": source, **more},
        st.sampled_from(["https://a.example/", "https://b.example/", "", None, "no host", 3, {}]),
        st.fixed_dictionaries(
            {},
            optional={
                "anchor": st.one_of(st.none(), st.text(max_size=4), st.lists(st.integers(-9, 9))),
                "dofollow": st.sampled_from([True, False, None, "maybe", 7]),
                "domain_from_rank": st.sampled_from([0, 300, None, "x", 1.5, [1]]),
                "first_seen": st.sampled_from(["2026-01-05 12:57:46 +00:00", "soon", None, 5]),
                "attributes": st.sampled_from([None, ["nofollow"], {}]),
            },
        ),
    ),
    st.sampled_from([None, 3, "x", [], [1]]),
)


@settings(max_examples=int(25 * FACTOR))
@given(items=st.lists(_items, max_size=10), cuts=st.lists(st.integers(0, 11), max_size=3))
def test_every_item_of_an_answer_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, items: list[Any], cuts: list[int]
) -> None:
    first = {**dict.fromkeys(("anchor", "item_type"), "anchor"), "dofollow": True}
    first |= {"url_from": FIRST[0], "url_to": FIRST[1], "is_lost": False}
    items = [first, *items]
    edges = [0, *sorted(cuts), len(items)]
    parts = [items[a:b] for a, b in zip(edges, edges[1:])]
    results = [[{"items": part}] for part in parts]
    answers = {
        "array": items,
        "tasks": {"tasks": [{"result": result} for result in results]},
        "results": {"tasks": [{"result": [x for result in results for x in result]}]},
    }
    good = [x for x in items if isinstance(x, dict) and str(x.get("url_from")).startswith("http")]
    folder = tmp_path_factory.mktemp("answer")
    files = [put(folder, json.dumps(x), f"{name}.json") for name, x in answers.items()]
    for report in read(*files).reports:
        assert report.rows == len(items)
        assert report.links + report.duplicates == len(good)
        assert report.rejects == len(items) - len(good)


@pytest.mark.parametrize(
    "anchor",
    ["9223372036854775808", "1e400", "-0", "1.00000000000000000001", r'"\ud800"', r'"\u0000"'],
)
@pytest.mark.parametrize("form", ["%s", "[%s]", '{"tasks": [{"result": [{"items": [%s]}]}]}'])
def test_an_odd_value_in_json_costs_no_other_row(tmp_path: Path, form: str, anchor: str) -> None:
    row = '{"url_from": "https://%s.example/", "url_to": "https://site.example/", "anchor": %s, '
    row += '"dofollow": true, "item_type": "anchor"}'
    rows = [row % (name, cell) for name, cell in (("a", '"x"'), ("b", anchor), ("c", '"y"'))]
    text = "\n".join(rows) if form == "%s" else form % ", ".join(rows)
    got = read(put(tmp_path, text, "answer.json"))
    sources = [link["source_url"][8:9] for link in got.links]
    assert got.report.rows == 3
    assert sources in (["a", "b", "c"], ["a", "c"])
    assert got.report.rejects == 3 - len(sources)


# ---------------------------------------------------------------- damage, as a property


def whole() -> dict[str, bytes]:
    """Every fixture, and some of them as sheet, archive and packed file."""
    found = {file: (EXPORTS / file).read_bytes() for _, file in FILES}
    for name in ("ahrefs-backlinks", "semrush-referring-domains", "search-console-latest-links"):
        out = io.BytesIO()
        workbook(out, table_of(name).rows)
        found[f"{name}.xlsx"] = out.getvalue()
        zipped = io.BytesIO()
        file = WANTED[name]["files"][0]
        with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(file), found[file])
            archive.writestr(zipfile.ZipInfo("read me.txt"), "made by hand")
        found[f"{name}.zip"] = zipped.getvalue()
        found[f"{name}.gz"] = gzip.compress(found[file], mtime=0)
        found[f"{name}.zst"] = pa.Codec("zstd").compress(found[file], asbytes=True)
    return found


WHOLE: dict[str, bytes] = {}


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    if not WHOLE:
        WHOLE.update(whole())
    name = draw(st.sampled_from(sorted(WHOLE)))
    data = WHOLE[name]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        end = min(len(data), at + draw(st.integers(1, 300)))
        how = draw(st.sampled_from(["cut", "drop", "flip", "double", "put", "encode"]))
        if how == "cut":
            data = data[:at]
        elif how == "drop":
            data = data[:at] + data[end:]
        elif how == "flip" and data:
            data = data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :]
        elif how == "double":
            data = data[:end] + data[at:]
        elif how == "put":
            piece = st.sampled_from(
                [b"\x00", b'"', b"\r", b"\n", b",", b"\t", b"\xff\xfe", b"{", b"["]
            )
            data = data[:at] + draw(piece) + data[at:]
        elif how == "encode":
            to = draw(st.sampled_from(["latin-1", "utf-16", "utf-16-be", "utf-8-sig", "utf-32"]))
            data = data.decode("utf-8", "ignore").encode(to, "ignore")
    return name, data


@settings(max_examples=int(40 * FACTOR))
@given(damage=damaged())
def test_damage_to_an_export_is_told_or_counted(
    tmp_path_factory: pytest.TempPathFactory, damage: tuple[str, bytes]
) -> None:
    name, data = damage
    folder = tmp_path_factory.mktemp("damage")
    path = folder / name
    path.write_bytes(data)
    start = time.perf_counter()
    try:
        got = read(path, companion(folder))
    except BacklintError as error:
        assert name in str(error)
        assert "\n" not in str(error)
    else:
        assert all(reject.line is None or reject.line > 0 for reject in got.rejects)
    assert time.perf_counter() - start < 20


def test_json_that_is_nested_otherwise_is_told(tmp_path: Path) -> None:
    for value in (
        {"tasks": []},
        {"tasks": [{"result": None}]},
        {"tasks": 3},
        [],
        [1],
        [[]],
        {"tasks": [{"result": [{"items": "x"}]}]},
    ):
        path = put(tmp_path, json.dumps(value), "answer.json")
        assert str(path) in refusal(path, sites=[SITE])


def zipped(name: str = "links.csv", how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        archive.writestr(zipfile.ZipInfo(name), (EXPORTS / "bing-backlinks.csv").read_bytes(), how)
    return out.getvalue()


def patched(data: bytes, mark: bytes, at: int, new: bytes) -> bytes:
    """Write over a field of the last record that begins with a mark."""
    start = data.rindex(mark) + at
    return data[:start] + new + data[start + len(new) :]


_DIRECTORY, _END = b"PK\x01\x02", b"PK\x05\x06"
ARCHIVES: dict[str, bytes] = {
    "bzip2 data": patched(zipped(how=zipfile.ZIP_BZIP2), b"BZh", 10, b"\xff\xff\xff\xff"),
    "lzma data": patched(zipped(how=zipfile.ZIP_LZMA), b"links.csv", -1, b"")[:60]
    + b"\xff" * 8
    + zipped(how=zipfile.ZIP_LZMA)[68:],
    "deflate data": zipped()[:60] + b"\xff" * 8 + zipped()[68:],
    "a member before the file": patched(zipped(), _END, 16, b"\xff\xff\x00\x00"),
    "a member behind the file": patched(zipped(), _DIRECTORY, 42, b"\xff\xff\xff\x7f"),
    "a name that is not UTF-8": zipped("l\u00efnks.csv").replace(b"\xc3\xaf", b"\xff\xff"),
    "no name": zipped(""),
    "an unknown method": patched(zipped(), _DIRECTORY, 10, b"\x63\x00"),
    "a checksum": patched(zipped(), _DIRECTORY, 16, b"\x00\x00\x00\x00"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_damaged_archive_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / "links.zip"
    path.write_bytes(ARCHIVES[name])
    assert refusal(path, companion(tmp_path)).startswith(f"{path}")


ITEM = '{"url_from": "https://a.example/", "url_to": "https://site.example/", "dofollow": true, "item_type": "anchor"%s}'


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("form", ["[%s]", '{"tasks": [{"result": [{"items": [%s]}]}]}'])
def test_a_json_document_in_other_encodings(tmp_path: Path, form: str, encode: str) -> None:
    path = put(tmp_path, form % ITEM % ', "anchor": "\u6f22"', "answer.json", encode)
    assert [link["anchor"] for link in read(path).links] == ["\u6f22"]


@pytest.mark.parametrize("nested", ["[" * 5000 + "]" * 5000, '{"a":' * 5000 + "1" + "}" * 5000])
def test_json_that_is_nested_deeply_is_told_or_rejected(tmp_path: Path, nested: str) -> None:
    more = ITEM % f', "x": {nested}'
    path = put(tmp_path, f"[{ITEM % ''}, {more}]", "answer.json")
    try:
        assert read(path).report.rows == 2
    except BacklintError as error:
        assert str(path) in str(error)


def test_a_cell_at_the_end_of_a_sheet_does_not_end_the_process(tmp_path: Path) -> None:
    path = tmp_path / "links.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    for y, row in enumerate(table_of("bing-backlinks").rows):
        sheet.write_row(y, 0, row)
    sheet.write(1_048_575, 16_383, "a stray cell")
    book.close()
    code = (
        "import resource, sys, pathlib\n"
        "resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))\n"
        "from backlint.engine.duckdb import DuckEngine\n"
        "from backlint.errors import BacklintError\n"
        "from backlint.inputs.load import load\n"
        "try:\n"
        "    with DuckEngine(threads=2) as engine:\n"
        "        load(engine, [pathlib.Path(sys.argv[1])])\n"
        "except BacklintError:\n"
        "    pass\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, timeout=60)
    assert ended.returncode == 0, ended.stderr[-300:]
