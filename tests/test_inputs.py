"""Files in, links out: every format, every kind of dirt, and an account of every row."""

import csv
import datetime
import gzip
import io
import json
import random
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlint.engine.duckdb import DuckEngine
from backlint.errors import BacklintError, InputError, UsageError
from backlint.findings import InputReport, Reject
from backlint.inputs.formats import parse_map
from backlint.inputs.load import load

SITE = "site.example"
FACTOR = settings().max_examples / 100  # the profile `thorough` draws many more
REAL = Path(__file__).parents[2] / "shared" / "data" / "screamingfrog"


class Got(NamedTuple):
    """What became of some files: accounts, links, rejects as reported, `rejects` as a table."""

    sites: list[str]
    reports: list[InputReport]
    links: list[dict[str, Any]]
    rejects: list[Reject]
    table: list[tuple[Any, ...]]

    @property
    def pairs(self) -> list[tuple[str, str, str | None]]:
        return [(link["source_url"], link["target_url"], link["anchor"]) for link in self.links]

    @property
    def lines(self) -> list[int | None]:
        return [reject.line for reject in self.rejects]


def read(
    *paths: Path,
    sites: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    own: Sequence[str] = (),
    node: str = "domain",
    until: datetime.date | None = None,
) -> Got:
    with DuckEngine(threads=2) as engine:
        loaded = load(engine, paths, sites=sites, mapping=mapping, own=own, node=node, until=until)
        links = engine.fetch(
            "SELECT * FROM links ORDER BY source_url, target_url, anchor NULLS FIRST"
        ).to_dicts()
        table = engine.fetch("SELECT path, line, reason, raw FROM rejects").rows()
        counts = dict(engine.fetch("SELECT input_id, count(*) FROM links GROUP BY ALL").rows())
    for index, report in enumerate(loaded.reports):
        add_up(report)
        assert report.links == counts.get(index, 0)
    assert len(table) == sum(report.rejects for report in loaded.reports)
    return Got(loaded.sites, loaded.reports, links, loaded.rejects, table)


def add_up(report: InputReport) -> None:
    assert report.rows == (
        report.links + report.facts + report.duplicates + report.out_of_scope + report.rejects
    )


def put(folder: Path, text: str, name: str = "links.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def put_json(folder: Path, *rows: object) -> Path:
    return put(folder, "".join(json.dumps(row) + "\n" for row in rows), "links.jsonl")


def parquet(columns: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(columns).write_parquet(out)
    return out.getvalue()


def refusal(*paths: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(*paths, **options)
    assert caught.value.exit_code == 3
    return str(caught.value)


# ---------------------------------------------------------------- shapes of files

ROWS = [
    ["https://a.example/1", "https://site.example/", "plain", ""],
    ["https://b.example/2", "https://site.example/", 'say "hi", or; not', "nofollow"],
    ["https://c.example/3", "https://site.example/p", "two\nlines\tand a tab", "ugc"],
    ["https://d.example/4", "https://site.example/p", "Ünï | 漢字 😀", "sponsored"],
]
HEADER = ["source_url", "target_url", "anchor", "rel"]
EXPECTED = [(source, target, anchor) for source, target, anchor, _ in ROWS]
QUALIFIED = [False, True, True, True]


def table(delimiter: str = ",", end: str = "\n", quoting: Any = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerows([HEADER, *ROWS])
    return out.getvalue()


def check_rows(got: Got) -> None:
    assert [(s, t, re.sub("\r\n?", "\n", a or "")) for s, t, a in got.pairs] == EXPECTED
    assert [link["qualified"] for link in got.links] == QUALIFIED
    assert [report.rejects for report in got.reports] == [0]
    assert got.reports[0].rows == 4


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimited(tmp_path: Path, delimiter: str, quoting: Any, end: str) -> None:
    check_rows(read(put(tmp_path, table(delimiter, "\n", quoting).replace("\n", end))))


ENCODED: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "BOM": lambda text: text.encode("utf-8-sig"),
    "UTF-16 LE": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 BE": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 LE without a mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE without a mark": lambda text: text.encode("utf-16-be"),
}
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": gzip.compress,
    "gzip in two members": lambda data: gzip.compress(data[:70]) + gzip.compress(data[70:]),
    "zstd": lambda data: pa.Codec("zstd").compress(data, asbytes=True),
}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_encodings_and_archives(tmp_path: Path, delimiter: str, encoding: str, packed: str) -> None:
    path = tmp_path / "export"  # the content says what it is, not the name
    path.write_bytes(PACKED[packed](ENCODED[encoding](table(delimiter, "\r\n"))))
    check_rows(read(path))


def test_line_ends_of_two_kinds(tmp_path: Path) -> None:
    lines = table().split("\n")
    check_rows(read(put(tmp_path, "\r\n".join(lines[:3]) + "\n" + "\n".join(lines[3:]))))


def test_no_line_end_at_the_end(tmp_path: Path) -> None:
    check_rows(read(put(tmp_path, table().rstrip("\n"))))


def test_a_tab_file_with_quotation_marks_of_its_own(tmp_path: Path) -> None:
    text = (
        "source\ttarget\tanchor\n"
        'https://a.example/\thttps://site.example/\t"best" shop\n'
        'https://b.example/\thttps://site.example/\t"b\n'
    )
    assert read(put(tmp_path, text)).pairs == [
        ("https://a.example/", "https://site.example/", '"best" shop'),
        ("https://b.example/", "https://site.example/", '"b'),
    ]


def test_preamble_of_an_older_tool(tmp_path: Path) -> None:
    preamble = 'Report "links"\n\nMade,by,hand\n"over\ntwo lines"\n'
    path = put(tmp_path, preamble + "From,To\nhttps://a.example/,https://site.example/\nx\n")
    got = read(path)
    assert got.pairs == [("https://a.example/", "https://site.example/", None)]
    assert got.lines == [8]


@pytest.mark.parametrize("title", ['"Best" links', 'a "quoted", "part" here', '"', "'"])
def test_a_title_line_that_is_no_proper_csv_loses_no_row(tmp_path: Path, title: str) -> None:
    text = f"{title}\nsource,target\nhttps://a.example/,https://site.example/\nx\n"
    if title == '"':  # opens a quotation that swallows the header
        assert "no known export has this header" in refusal(put(tmp_path, text))
        return
    got = read(put(tmp_path, text))
    assert got.reports[0].links == 1
    assert got.lines == [4]


def test_a_stray_nul_is_no_binary_file(tmp_path: Path) -> None:
    got = read(put(tmp_path, f"source,target,anchor\nhttps://a.example/\0,{SITE},x\0y\n"))
    assert got.pairs == [("https://a.example/\0", SITE, "x\0y")]


@pytest.mark.parametrize("name", ['so"urce', "so'urce", "$1", "so\nurce", "so;urce", "{x}", "c1"])
def test_hostile_column_names(tmp_path: Path, name: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(
        [[name, "target", name + "'"], ["https://a.example/", "https://site.example/", "x"]]
    )
    csv_file = put(tmp_path, out.getvalue())
    row = {name: "https://a.example/", "target": "https://site.example/"}
    json_file = put_json(tmp_path, row)
    parquet = tmp_path / "links.parquet"
    pl.DataFrame([row]).write_parquet(parquet)
    for path in (csv_file, json_file, parquet):
        assert read(path, mapping={"source_url": name}).pairs == [
            ("https://a.example/", "https://site.example/", None)
        ]


NAMES = [
    "links[1].csv", "a*.csv", "q?.csv", "**", "it's.csv", 'a"b.csv', "a b.csv", "ünï 漢.csv",
    "{a,b}.csv", "back\\slash.csv", "~", "-x.csv", "%41.csv", "$HOME.csv", "new\nline.csv",
    "year=2024",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_file_names_are_taken_literally(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for decoy in ("links1.csv", "ab.csv", "qx.csv", "a.csv", "A.csv"):
        put(tmp_path, "source,target\nhttps://decoy.example/,https://decoy.test/\n", decoy)
    monkeypatch.chdir(tmp_path)
    put(Path(), "source,target\nhttps://a.example/,https://site.example/\nx\n", name)
    got = read(Path(name))
    assert got.pairs == [("https://a.example/", "https://site.example/", None)]
    assert got.lines == [3]
    Path(name).write_bytes(parquet({"source": ["b.example"], "target": [SITE]}))
    assert read(Path(name)).pairs == [("b.example", SITE, None)]


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "li\udcffnks.csv"
    try:
        put(tmp_path, "source,target\nhttps://a.example/,https://site.example/\nx\n", path.name)
    except (OSError, UnicodeError):
        pytest.skip("the file system takes UTF-8 names only")
    got = read(path)
    assert got.reports[0].links == 1
    assert got.rejects[0].path.endswith("li\\udcffnks.csv")
    path.write_bytes(parquet({"source": ["b.example"], "target": [SITE]}))
    assert read(path).reports[0].links == 1


@pytest.mark.parametrize("name", ["s3://bucket/x.csv", "http://127.0.0.1:1/x.csv", "hf://a/b"])
def test_addresses_are_no_files(name: str) -> None:
    assert "no such file" in refusal(Path(name))


def test_folders_named_like_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for scheme in ("s3:", "http:", "file:", "target=evil.example"):
        folder = tmp_path / scheme / "bucket"
        folder.mkdir(parents=True)
        put(folder, "source,target\nhttps://a.example/,https://site.example/\n")
        assert read(Path(f"{scheme}//bucket/links.csv")).reports[0].links == 1


# ---------------------------------------------------------------- Parquet and JSON lines


def test_parquet_types(tmp_path: Path) -> None:
    path = tmp_path / "links.parquet"
    pl.DataFrame(
        {
            "source": ["https://a.example/", "https://b.example/", None],
            "target": ["https://site.example/"] * 3,
            "anchor": ["x", None, "z"],
            "rel": ["nofollow", None, ""],
            "first_seen": [datetime.date(2026, 5, 13), None, None],
            "last_seen": [datetime.datetime(2026, 9, 15, 10, 30), None, None],
            "lost": [datetime.date(2026, 9, 20), None, None],
        }
    ).write_parquet(path)
    got = read(path)
    assert [
        (x["anchor"], x["nofollow"], x["lost"], str(x["first_seen"]), str(x["last_seen"]))
        for x in got.links
    ] == [("x", True, True, "2026-05-13", "2026-09-15"), (None, False, False, "None", "None")]
    assert got.rejects == [
        Reject(path=str(path), line=3, reason="no source URL", raw=" -> https://site.example/")
    ]


def test_parquet_flags_and_odd_types(tmp_path: Path) -> None:
    path = tmp_path / "links.parquet"
    pl.DataFrame(
        {
            "source": pl.Series(["a.example", "b.example"], dtype=pl.Categorical),
            "target": [b"site.example", b"site.example"],
            "nofollow": [True, None],
            "anchor": [1.5, 2.0],
            "title": [["a", "b"], []],
            "record": [7, 8],
            "file_row_number": [7, 8],
        }
    ).write_parquet(path)
    got = read(path)
    assert [(x["anchor"], x["nofollow"]) for x in got.links] == [("1.5", True), ("2.0", None)]


def test_json_lines(tmp_path: Path) -> None:
    good = {"source_url": "https://a.example/", "target_url": "https://site.example/"}
    path = put(
        tmp_path,
        "\n".join(
            [
                json.dumps({**good, "anchor": "one"}),
                "",
                '{"source_url": "https://b.example/", "target_url": "https://site.exa',
                '["https://c.example/", "https://site.example/"]',
                r'{"source\u005furl": "https://d.example/", "target_url": "https:\/\/site.example/"'
                r', "anchor": "tab\tquote\"" }',
                json.dumps({**good, "anchor": {"nested": [1, 2]}, "source_url": "e.example"}),
                json.dumps({**good, "source_url": ["https://f.example/"]}),
                "  ",
                json.dumps({**good, "source_url": None}),
                json.dumps({"target_url": "https://site.example/"}),
                "null",
                json.dumps({**good, "anchor": None, "source_url": "g.example"}),
            ]
        ),
        "links.jsonl",
    )
    got = read(path)
    assert [(source, anchor) for source, _, anchor in got.pairs] == [
        ("e.example", '{"nested":[1,2]}'),
        ("g.example", None),
        ("https://a.example/", "one"),
        ("https://d.example/", 'tab\tquote"'),
    ]
    host = "the source is no http(s) URL with a public host"
    assert [(r.line, r.reason) for r in got.rejects] == [
        (3, "is not a JSON object"),
        (4, "is not a JSON object"),
        (7, host),
        (8, "is not a JSON object"),
        (9, "no source URL"),
        (10, "no source URL"),
        (11, "is not a JSON object"),
    ]
    assert got.reports[0].rows == 11
    assert got.rejects[0].raw.endswith("https://site.exa")


@pytest.mark.parametrize(
    "key", ['we"ird', "a.b", "*", "$", "$[0]", "a/b~c", "", "ü", "a\\b", "a'b", "x\u202ey"]
)
def test_json_keys_are_taken_literally(tmp_path: Path, key: str) -> None:
    path = put_json(tmp_path, {key: "https://a.example/", "target": "site.example", "zz": "no"})
    if not key:
        assert "no known export has this header" in refusal(path)
        return
    assert read(path, mapping={"source_url": key}).pairs[0][0] == "https://a.example/"


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("encoding", ENCODED)
def test_json_lines_encodings(tmp_path: Path, encoding: str, packed: str) -> None:
    rows = [{"source": f"https://{n}.example/", "target": SITE, "anchor": "漢😀"} for n in "ab"]
    text = "\r\n".join(["", json.dumps(rows[0], ensure_ascii=False), "{", json.dumps(rows[1])])
    path = tmp_path / "x"
    path.write_bytes(PACKED[packed](ENCODED[encoding](text)))
    got = read(path)
    assert [anchor for *_, anchor in got.pairs] == ["漢😀", "漢😀"]
    assert got.lines == [3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"source": "a.example"}]', "(lacks target_url)"),
        ('[{"source": "a.example", "target": "b.example"}', "is no whole JSON document"),
        ("[{}]", "no object on a line of its own"),
        ('{\n "source": "a.example"\n}', "holds no objects in a list"),
        ("{" * 200_000, "no known export has this header"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "is nested too deeply"),
        ('{"from_page": 1}', "Columns found: 'from_page'"),
    ],
)
def test_json_that_is_no_json_lines(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(put(tmp_path, text))


# ---------------------------------------------------------------- Search Console

LATEST = {
    "en": "Linking page,Last crawled",
    "es": "Página de enlace,Último rastreo",
    "he": "דף מקשר,נסרק לאחרונה",
}


@pytest.mark.parametrize("language", LATEST)
@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2026-05-13", "2026-06-01"], ["2026-05-13", "2026-06-01"]),
        (["Sep 15, 2026", "Oct 2, 2026"], ["2026-09-15", "2026-10-02"]),
        (["28/09/2026", "03/10/2026"], ["2026-09-28", "2026-10-03"]),
        (["09/28/2026", "10/03/2026"], ["2026-09-28", "2026-10-03"]),
        (["9/28/26", "10/3/26"], ["2026-09-28", "2026-10-03"]),
        (["28.09.2026", "3.10.2026"], ["2026-09-28", "2026-10-03"]),
        (["28 Sep 2026", "3 Oct 2026"], ["2026-09-28", "2026-10-03"]),
        (["2026-05-13T23:59:59Z", " 2026-05-13 23:59 "], ["2026-05-13", "2026-05-13"]),
        (["2026/5/3", "28/09/2026 10:15"], ["2026-05-03", "2026-09-28"]),
        (["2026-02-30", "2026-13-01"], [None, None]),
        (["yesterday", ""], [None, None]),
        (["99/99/2026", "28/09/2026"], [None, "2026-09-28"]),
        (["2026-05-133", "20260513"], [None, None]),
        (["2026-05-1T", "2026-05-1,"], ["2026-05-01", "2026-05-01"]),
        ([" 026-05-13", "-026-05-13"], [None, None]),
    ],
)
def test_latest_links(
    tmp_path: Path, language: str, dates: list[str], expected: list[str | None]
) -> None:
    rows = "".join(f'https://{n}.example/x,"{d}"\n' for n, d in zip("ab", dates, strict=True))
    got = read(put(tmp_path, f"\ufeff{LATEST[language]}\n{rows}"), sites=[SITE])
    assert got.reports[0].format == "search-console-latest-links"
    assert got.sites == [SITE]
    assert got.pairs == [("https://a.example/x", SITE, None), ("https://b.example/x", SITE, None)]
    assert [x["last_seen"] and str(x["last_seen"]) for x in got.links] == expected
    assert [(x["qualified"], x["first_seen"]) for x in got.links] == [(None, None)] * 2
    assert "the linked page, anchors and rel are not in this file" in got.reports[0].notes
    lost = sum(
        text.strip() != "" and day is None for text, day in zip(dates, expected, strict=True)
    )
    said = [note for note in got.reports[0].notes if "unreadable" in note]
    assert said == (
        [f"{lost} values of last_seen are unreadable and count as unknown"] if lost else []
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_more_sample_links(tmp_path: Path, end: str) -> None:
    lines = ["Linking page", '"https://a.example/x,y"', "", "mailto:x", "b.example", ""]
    got = read(put(tmp_path, end.join(lines)), sites=[SITE])
    assert got.pairs == [("b.example", SITE, None), ("https://a.example/x,y", SITE, None)]
    assert got.lines == [4]


@pytest.mark.parametrize(
    ("dates", "note"),
    [
        (["03/04/2026", "05/06/2026"], "last_seen could be day-first or month-first"),
        (["28/04/2026", "05/26/2026"], "last_seen mixes day-first and month-first dates"),
    ],
)
def test_dates_that_cannot_be_told_are_unknown(tmp_path: Path, dates: list[str], note: str) -> None:
    rows = "".join(f"https://{n}.example/,{d}\n" for n, d in zip("ab", dates, strict=True))
    got = read(put(tmp_path, f"Linking page,Last crawled\n{rows}"), sites=[SITE])
    assert [x["last_seen"] for x in got.links] == [None, None]
    assert any(said.startswith(note) for said in got.reports[0].notes)


def test_latest_links_need_a_site(tmp_path: Path) -> None:
    path = put(tmp_path, "Linking page,Last crawled\nhttps://a.example/,2026-05-13\n")
    said = refusal(path)
    assert said.startswith(f"{path}:1: ")
    assert "--site example.com" in said


def test_a_linking_page_with_its_target_is_a_link_list(tmp_path: Path) -> None:
    text = "Linking page,Target page,Last crawled\nhttps://a.example/,https://site.example/p,\n"
    got = read(put(tmp_path, text))
    assert got.reports[0].format == "generic-links"
    assert got.pairs == [("https://a.example/", "https://site.example/p", None)]


def test_top_linked_pages_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, "Target page,Incoming links,Linking sites\nhttps://site.example/,9,4\n")
    said = refusal(path, sites=[SITE])
    assert said.startswith(f"{path}:1: ")
    assert "it lists your own pages" in said
    assert "export 'Latest links' instead" in said


# ---------------------------------------------------------------- Screaming Frog

NEW_FROG = (
    '"Type","Source","Destination","Size (Bytes)","Alt Text","Anchor","Status Code","Status",'
    '"Follow","Target","Rel","Path Type","Link Path","Link Position","Link Origin"'
)
OLD_FROG = (
    '"Type","Source","Destination","Size (Bytes)","Alt Text","Anchor","Status Code","Status",'
    '"Follow"'
)


def frog(header: str, *rows: tuple[str, str, str, str, str, str, str]) -> str:
    """Rows of type, source, destination, alt, anchor, follow, rel in the columns of a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for kind, source, target, alt, anchor, follow, rel in rows:
        cells = [kind, source, target, "1", alt, anchor, "200", "OK", follow]
        new = ["_blank", rel, "Absolute", "//a", "Footer", "HTML"]
        writer.writerow(cells if header == OLD_FROG else [*cells, *new])
    return f"{header}\n{out.getvalue()}"


IN_SCOPE, HOME = "https://out.example/", "https://www.site.example/"


@pytest.mark.parametrize("header", [NEW_FROG, OLD_FROG])
@pytest.mark.parametrize("before", ["", "\ufeff", '"All Outlinks"\n', '\ufeff"All Inlinks"\n'])
def test_screaming_frog(tmp_path: Path, header: str, before: str) -> None:
    text = before + frog(
        header,
        ("Hyperlink", HOME, "https://a.example/", "", "followed", "true", ""),
        ("AHREF", HOME, "https://b.example/", "", "not followed", "false", "nofollow"),
        ("Hyperlink", HOME, "https://c.example/", "a picture", "", "TRUE", "noopener"),
        ("HTTP Redirect", HOME, "https://d.example/", "", "", "true", ""),
        ("Hyperlink", HOME, "https://e.example/", "", "?", "maybe", ""),
        ("CSS", HOME, "https://cdn.example/x.css", "", "", "true", ""),
        ("JavaScript", HOME, "https://cdn.example/x.js", "", "", "true", ""),
        ("Image", HOME, "https://cdn.example/x.png", "logo", "", "true", ""),
        ("HTML Canonical", HOME, "https://f.example/", "", "", "true", ""),
        ("Hyperlink", HOME, "https://site.example/internal", "", "home", "true", ""),
        ("Hyperlink", HOME, "mailto:a@b.example", "", "mail", "true", ""),
        ("Hyperlink", HOME, "", "", "broken", "true", ""),
    )
    got = read(put(tmp_path, text))
    report = got.reports[0]
    assert (report.rows, report.links, report.out_of_scope, report.rejects) == (12, 5, 6, 1)
    assert got.lines == [12 + before.count("\n") + 1]
    by_target = {link["target_url"][8:9]: link for link in got.links}
    unknown = None if header == OLD_FROG else False  # new files have a rel column, and it is empty
    assert {key: link["nofollow"] for key, link in by_target.items()} == {
        "a": False, "b": True, "c": False, "d": False, "e": unknown,
    }  # fmt: skip
    assert (by_target["c"]["anchor"], by_target["c"]["alt"]) == ("", "a picture")
    assert by_target["a"]["placement"] == (None if header == OLD_FROG else "footer")


# ---------------------------------------------------------------- --map and unknown headers


def test_map(tmp_path: Path) -> None:
    path = put(tmp_path, "Page A;Page B;Words, all\nhttps://a.example/;https://site.example/;x\n")
    mapping = parse_map("source_url=Page A, target_url = page b,anchor=Words, all")
    assert mapping == {"source_url": "Page A", "target_url": "page b", "anchor": "Words, all"}
    assert read(path, mapping=mapping).pairs == [
        ("https://a.example/", "https://site.example/", "x")
    ]


def test_map_adds_to_the_names_that_are_known(tmp_path: Path) -> None:
    path = put(tmp_path, "source,target,Words\nhttps://a.example/,https://site.example/,x\n")
    assert read(path, mapping={"anchor": "Words"}).pairs[0][2] == "x"


def test_map_is_for_the_files_that_have_its_columns(tmp_path: Path) -> None:
    own = put(tmp_path, "Page A,Page B\nhttps://a.example/,https://site.example/\n", "own.csv")
    known = put(tmp_path, "source,target\nhttps://b.example/,https://site.example/\n", "known.csv")
    mapping = {"source_url": "Page A", "target_url": "Page B"}
    assert len(read(own, known, mapping=mapping).links) == 2
    assert "--map: no column 'Page A' in this header" in refusal(known, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sorce_url=A", "unknown field 'sorce_url'; did you mean 'source_url'?"),
        ("zzz=A", "unknown field 'zzz'; fields: source_url, target_url, anchor"),
        ("source_url", "'source_url' is not FIELD=COLUMN; example: --map source_url=From"),
        ("source_url=", "is not FIELD=COLUMN"),
        ("", "is not FIELD=COLUMN"),
        ("source_url=A,source_url=B", "source_url is given twice"),
        ("source_url=x';DROP TABLE staged;--=1,=", "no column"),
        ("source_url=Sorce,target_url=Target", "no column 'Sorce'"),
    ],
)
def test_map_errors(tmp_path: Path, text: str, said: str) -> None:
    path = put(tmp_path, "Source Page X,Target\nhttps://a.example/,https://site.example/\n")
    with pytest.raises(BacklintError) as caught:
        read(path, mapping=parse_map(text))
    assert said in str(caught.value)
    assert caught.value.exit_code == (3 if "no column" in said else 2)
    assert isinstance(caught.value, InputError if "no column" in said else UsageError)


def test_map_near_miss(tmp_path: Path) -> None:
    path = put(tmp_path, "Page From,Page To\nhttps://a.example/,https://site.example/\n")
    said = refusal(path, mapping={"source_url": "Page Form", "target_url": "Page To"})
    assert said.startswith(f"{path}:1: --map: no column 'Page Form' in this header. ")
    assert "Did you mean 'Page From'?" in said


def test_unknown_header(tmp_path: Path) -> None:
    path = put(tmp_path, "An export\nOrigin Page;Target URL (final);DR\nhttps://a.example/;b;3\n")
    said = refusal(path)
    assert said.startswith(f"{path}:2: no known export has this header. ")
    assert "Columns found: 'Origin Page', 'Target URL (final)', 'DR'. " in said
    assert "Nearest known format: " in said
    assert said.endswith("--map 'source_url=Origin Page,target_url=Target URL (final)'")
    mapping = parse_map("source_url=Origin Page,target_url=Target URL (final)")
    assert "Origin Page" in mapping["source_url"]


def test_unknown_header_with_half_of_it_known(tmp_path: Path) -> None:
    said = refusal(put(tmp_path, "target,page\nhttps://site.example/,https://a.example/\n"))
    assert "Nearest known format: a list of links or edges (lacks source_url)" in said
    assert said.endswith("--map source_url=page,target_url=target")


NO_HEADER = {
    "URLs": ("https://b.com/1,https://shop.com/,x\n" * 3, 1, "b.com/1'"),
    "URLs between semicolons": ("https://b.com/1;https://shop.com/\n" * 3, 1, "shop.com/'"),
    "hosts": ("b.com;shop.com\nc.com;shop.com\n", 1, "'b.com', 'shop.com'"),
    "a title line": ("My links\nhttps://b.com/1,//shop.com/\n", 2, "'//shop.com/'"),
    "one URL": ("12,HTTPS://b.com/1,shop\n" * 2, 1, "'12', 'HTTPS://b.com/1', 'shop'"),
}


@pytest.mark.parametrize("name", NO_HEADER)
def test_a_table_without_a_header(tmp_path: Path, name: str) -> None:
    text, line, shown = NO_HEADER[name]
    path = put(tmp_path, text)
    said = refusal(path)
    assert said.startswith(f"{path}:{line}: the file has no header line: ")
    assert shown in said
    assert "Add a first line such as source_url,target_url,anchor" in said
    assert "--map" not in said


@pytest.mark.parametrize("ends", [("https://b.com/1", "https://shop.com/"), ("b.com", "shop.com")])
def test_map_cannot_name_a_row(tmp_path: Path, ends: tuple[str, str]) -> None:
    path = put(tmp_path, f"{ends[0]},{ends[1]}\n" * 3)
    said = refusal(path, mapping={"source_url": ends[0], "target_url": ends[1]})
    assert said.startswith(f"{path}:1: the file has no header line: {ends[0]!r}, {ends[1]!r} are")


def test_names_with_dots_are_a_header(tmp_path: Path) -> None:
    path = put(tmp_path, "source.id,target.id\nhttps://a.com/,https://shop.com/\n")
    assert "no known export has this header" in refusal(path)
    mapping = {"source_url": "source.id", "target_url": "target.id"}
    assert len(read(path, mapping=mapping).links) == 1


def test_unknown_header_of_rubbish_is_one_short_line(tmp_path: Path) -> None:
    said = refusal(put(tmp_path, ",".join(["\x1b[31mred" * 500] * 50)))
    assert "\x1b" not in said
    assert "\n" not in said
    assert len(said) < 2000


EXPORTS = {
    "Ahrefs": "Referring page URL,Target URL,Anchor,Nofollow,First seen,Last seen,Lost",
    "Semrush": "Source url,Target url,Anchor,Nofollow,First seen,Last seen,Lost link",
    "Majestic": "SourceURL,TargetURL,AnchorText,FlagNoFollow,FirstIndexedDate,LastSeenDate,"
    "FlagDeleted",
    "SE Ranking, DataForSEO": "url_from,url_to,anchor,nofollow,first_seen,last_visited,is_lost",
}


@pytest.mark.parametrize("tool", EXPORTS)
def test_exports_that_read_as_a_link_list(tmp_path: Path, tool: str) -> None:
    row = "https://a.example/,https://site.example/,x,TRUE,2026-01-05,2026-04-01 10:00:00,true"
    link = read(put(tmp_path, f"{EXPORTS[tool]}\n{row}\n")).links[0]
    assert (link["anchor"], link["nofollow"], link["lost"]) == ("x", True, True)
    assert (str(link["first_seen"]), str(link["last_seen"])) == ("2026-01-05", "2026-04-01")


# ---------------------------------------------------------------- flags


def flags(tmp_path: Path, header: str, *cells: str) -> list[tuple[bool | None, ...]]:
    rows = "".join(f"https://{n}.example/,{SITE},{c}\n" for n, c in enumerate(cells))
    got = read(put(tmp_path, f"source,target,{header}\n{rows}"))
    assert len(got.links) == len(cells)
    return [(x["nofollow"], x["ugc"], x["sponsored"], x["qualified"], x["lost"]) for x in got.links]


def test_rel_tokens(tmp_path: Path) -> None:
    cells = ("", "nofollow", "NoFollow ugc", "sponsored", '"ugc,nofollow"', "noopener", "dofollow")
    assert [row[:4] for row in flags(tmp_path, "rel", *cells)] == [
        (False, False, False, False),
        (True, False, False, True),
        (True, True, False, True),
        (False, False, True, True),
        (True, True, False, True),
        (False, False, False, False),
        (False, False, False, False),
    ]


@pytest.mark.parametrize("cell", ["No Follow", "no-follow", "no_follow", "ugc, NO FOLLOW"])
def test_nofollow_as_people_write_it(tmp_path: Path, cell: str) -> None:
    assert flags(tmp_path, "rel", f'"{cell}"')[0][0] is True


@pytest.mark.parametrize("cell", ["nofollower", "no  follow", "no follows", "casino follow"])
def test_what_only_looks_like_nofollow(tmp_path: Path, cell: str) -> None:
    assert flags(tmp_path, "rel", cell)[0][0] is False


def test_an_answer_in_a_rel_column_says_nothing(tmp_path: Path) -> None:
    cells = ("true", "FALSE", " yes ", "no", "1", "0", "nofollow", "")
    assert [row[:4] for row in flags(tmp_path, "rel", *cells)] == [
        *[(None, None, None, None)] * 6,
        (True, False, False, True),
        (False, False, False, False),
    ]
    assert (
        "6 values of rel are an answer such as true or 0, no link type, and count as unknown"
        in read(tmp_path / "links.csv").reports[0].notes
    )


def test_a_flag_beside_an_answer_in_a_rel_column_still_counts(tmp_path: Path) -> None:
    assert [row[0] for row in flags(tmp_path, "rel,nofollow", "true,yes", "1,no", "0,")] == [
        True,
        False,
        None,
    ]


def test_dates_that_cannot_be_yet_are_unknown(tmp_path: Path) -> None:
    rows = ("2099-01-01,", "2026-01-05,2099-01-01", "2026-11-23,2026-11-23", "2026-11-24,")
    text = "".join(f"https://a{n}.example/,{SITE},{row}\n" for n, row in enumerate(rows))
    path = put(tmp_path, f"source,target,first_seen,last_seen\n{text}")
    got = read(path, until=datetime.date(2026, 11, 23))
    assert [(str(x["first_seen"]), str(x["last_seen"])) for x in got.links] == [
        ("None", "None"),
        ("2026-01-05", "None"),
        ("2026-11-23", "2026-11-23"),
        ("None", "None"),
    ]
    note = (
        "rows with a date before 1990 or after 2026-11-23, which cannot be and counts as unknown: 3"
    )
    assert note in got.reports[0].notes
    assert str(read(path).links[0]["first_seen"]) == "2099-01-01"  # nobody said what day it is
    fine = put(tmp_path, f"source,target,first_seen\nhttps://a.example/,{SITE},2026-11-23\n")
    assert read(fine, until=datetime.date(2026, 11, 23)).reports[0].notes == []


def test_without_rel_all_is_unknown(tmp_path: Path) -> None:
    assert flags(tmp_path, "anchor", "x") == [(None, None, None, None, False)]


@pytest.mark.parametrize(
    ("header", "cell", "nofollow"),
    [
        *(
            ("nofollow", cell, True)
            for cell in ("true", "TRUE", "1", "Yes", " t ", "x", "nofollow")
        ),
        *(("nofollow", cell, False) for cell in ("false", "0", "no", "dofollow", "Follow")),
        *(("nofollow", cell, None) for cell in ("", "maybe", "2", "n/a", "-", "ugc")),
        *(("follow", cell, False) for cell in ("true", "1", "dofollow", "follow")),
        *(("dofollow", cell, True) for cell in ("false", "0", "nofollow", "NoFollow")),
        *(("follow", cell, None) for cell in ("", "maybe")),
    ],
)
def test_flags_have_three_states(
    tmp_path: Path, header: str, cell: str, nofollow: bool | None
) -> None:
    assert flags(tmp_path, header, cell)[0][0] is nofollow


def test_ugc_and_sponsored_columns(tmp_path: Path) -> None:
    assert flags(tmp_path, "ugc,sponsored", "true,", "false,false", "?,yes") == [
        (None, True, None, True, False),
        (None, False, False, None, False),
        (None, None, True, True, False),
    ]


def test_lost_links_are_kept_and_never_scored(tmp_path: Path) -> None:
    cells = ("", "true", "2026-05-13", "28/09/26", "15 Sep 2026", "false", "?", "Lost", "live")
    lost = [row[4] for row in flags(tmp_path, "lost", *cells)]
    assert lost == [False, True, True, True, True, False, False, True, False]
    text = f"source,target,lost\nhttps://a.example/,{SITE},1\nhttps://b.example/,{SITE},0\n"
    with DuckEngine() as engine:
        load(engine, [put(tmp_path, text)])
        assert engine.value("SELECT count(*) FROM links") == 2
        assert engine.value("SELECT sum(links) FROM domain_edges") == 1
        assert engine.value("SELECT sum(links) FROM host_edges") == 1


# ---------------------------------------------------------------- merging

DATED = "source,target,anchor,nofollow,first_seen,last_seen\n"
LINK = f"https://a.example/,{SITE},x,"


@pytest.mark.parametrize(
    ("one", "two", "nofollow", "first", "last"),
    [
        # the later sighting says what the rel is, whichever file it is in
        ("true,2026-01-05,2026-03-01", "false,2026-01-01,2026-04-01", False, "01-01", "04-01"),
        ("true,2026-01-05,2026-05-01", "false,2026-01-01,2026-04-01", True, "01-01", "05-01"),
        # equal dates: the most restrictive known value
        ("true,2026-01-05,2026-04-01", "false,2026-01-06,2026-04-01", True, "01-05", "04-01"),
        ("false,2026-01-05,2026-04-01", "true,2026-01-06,2026-04-01", True, "01-05", "04-01"),
        ("?,2026-01-05,2026-04-01", "false,2026-01-06,2026-04-01", False, "01-05", "04-01"),
        ("?,2026-01-05,2026-04-01", "true,2026-01-06,2026-04-01", True, "01-05", "04-01"),
        # no last-seen: the first-seen stands for it; a row without a date may be the latest, so
        # that nofollow wins, and followed loses
        ("true,2026-01-05,", "false,2026-01-06,", False, "01-05", None),
        ("true,,", "false,2026-01-06,", True, "01-06", None),
        ("false,,", "true,2026-01-06,", True, "01-06", None),
        ("true,,", "false,,", True, None, None),
        # who says nothing outvotes nobody
        ("true,,2026-03-01", "?,,2026-04-01", True, None, "04-01"),
        ("false,,2026-03-01", "?,,2026-04-01", False, None, "04-01"),
    ],
)
def test_one_link_in_two_files(
    tmp_path: Path,
    one: str,
    two: str,
    nofollow: bool | None,
    first: str | None,
    last: str | None,
) -> None:
    paths = [
        put(tmp_path, DATED + LINK + cells + "\n", name)
        for cells, name in ((one, "one.csv"), (two, "two.csv"))
    ]
    for order in (paths, paths[::-1]):
        got = read(*order)
        assert len(got.links) == 1
        link = got.links[0]
        assert link["nofollow"] is nofollow
        assert link["first_seen"] == (first and datetime.date.fromisoformat(f"2026-{first}"))
        assert link["last_seen"] == (last and datetime.date.fromisoformat(f"2026-{last}"))
        assert [(r.links, r.duplicates) for r in got.reports] == [(1, 0), (0, 1)]


def test_ugc_is_more_restrictive_than_followed(tmp_path: Path) -> None:
    rows = [f"a.example,{SITE},{rel},2026-01-01\n" for rel in ("", "ugc", "")]
    text = "".join(["source,target,rel,last_seen\n", *rows])
    link = read(put(tmp_path, text)).links[0]
    assert (link["nofollow"], link["ugc"], link["qualified"]) == (False, True, True)


def test_another_anchor_or_page_is_another_link(tmp_path: Path) -> None:
    rows = ["a.example/1,x", "a.example/1,y", "a.example/2,x", "a.example/1,x", "a.example/1,X"]
    text = "source,anchor,target\n" + "".join(f"https://{row},{SITE}\n" for row in rows)
    got = read(put(tmp_path, text))
    assert (got.reports[0].links, got.reports[0].duplicates) == (4, 1)


def test_the_same_file_twice_equals_once(tmp_path: Path) -> None:
    path = put(tmp_path, table() + "bad row\n,https://site.example/,no source,\n")
    once, twice = read(path), read(path, path)
    assert twice.links == once.links
    assert [(r.rows, r.links, r.duplicates, r.rejects) for r in twice.reports] == [
        (6, 4, 0, 2),
        (6, 0, 4, 2),
    ]
    assert twice.rejects == once.rejects * 2


def test_rejects_of_one_file_are_not_those_of_the_next(tmp_path: Path) -> None:
    bad = put(tmp_path, f"source,target\na.example,{SITE}\nx\ny\n", "bad.csv")
    lines = put_json(
        tmp_path, {"source": "b.example", "target": SITE}, {"source": "c.example", "target": SITE}
    )
    good = put(tmp_path, f"source,target\nd.example,{SITE}\n", "good.csv")
    for order in ([bad, lines, good], [good, bad, lines], [lines, bad, good]):
        got = read(*order)
        assert {Path(r.path).name: r.rejects for r in got.reports} == {
            "bad.csv": 2, "links.jsonl": 0, "good.csv": 0,
        }  # fmt: skip


# ---------------------------------------------------------------- URLs

HOSTS = {
    "https://plain.example/p": "plain.example",
    "HTTPS://WWW.Upper.Example/P": "upper.example",
    "http://user:pw@userinfo.example/": "userinfo.example",
    "https://a@b@two-at.example/": "two-at.example",
    "http://port.example:8080/x": "port.example",
    "http://[2001:db8::1]:80/x": "2001:db8::1",
    "http://192.0.2.7/x": "192.0.2.7",
    "https://bücher.example/ä": "xn--bcher-kva.example",
    "https://xn--bcher-kva.example./": "xn--bcher-kva.example",
    "https://back.example\\path": "back.example",
    "  https://space.example/a b  ": "space.example",
    "https://tab.exa\tmple/x\ty": "tab.example",
    "https://fragment.example#x/y@z": "fragment.example",
    "https://query.example?u=http://other.example/": "query.example",
    "scheme-less.example/x": "scheme-less.example",
    "//relative.example/x": "relative.example",
    "https://long.example/" + "x" * 8000: "long.example",
    "https://under_score.example/": "under_score.example",
}
NO_HOSTS = [
    "mailto:a@b.example", "tel:+123", "javascript:void(0)", "ftp://files.example/x",
    "data:text/html,x", "localhost/x", "http://", "https:///x", "/path", "?", "#",
    "http://300.1.2.3/", "http://a b.example/", "android-app://com.app", "a@b.example", "\\\\x",
    "https://%41.example/", "http://[::1", "https://" + "a" * 64 + ".example/", "//", ".",
]  # fmt: skip


def test_hosts_of_odd_urls(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([["source", "target"], *([url, SITE] for url in HOSTS)])
    with DuckEngine() as engine:
        load(engine, [path])
        rows = engine.fetch(
            "SELECT source_url, host FROM links JOIN hosts ON host_id = source_host_id"
        ).rows()
    found = dict(rows)
    assert found == {url.strip(" ").replace("\t", ""): host for url, host in HOSTS.items()}


def test_urls_without_a_public_host(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    rows = [["source", "target"], ["https://a.example/", SITE]]
    rows += [[url, SITE] for url in NO_HOSTS] + [["https://a.example/", url] for url in NO_HOSTS]
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out, lineterminator="\n").writerows(rows)
    got = read(path, sites=[SITE])
    report = got.reports[0]
    outside = {"mailto:a@b.example", "tel:+123", "javascript:void(0)", "data:text/html,x"}
    assert (report.links, report.out_of_scope) == (1, len(outside))
    assert report.rejects == 2 * len(NO_HOSTS) - len(outside)
    by_line = {reject.line: reject for reject in got.rejects}
    for line, row in enumerate(rows[1:], start=2):
        if line in by_line:
            assert by_line[line].raw.replace('"', "") == f"{row[0]},{row[1]}"
            side = "source" if row[1] == SITE else "target"
            assert by_line[line].reason == f"the {side} is no http(s) URL with a public host"


# ---------------------------------------------------------------- rejects

BAD = 'source_url,target_url,anchor\n\n"https://a.example/","site.example","two\nlines"\n'


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("encoding", ENCODED)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_reject_has_line_reason_and_text(
    tmp_path: Path, end: str, encoding: str, packed: str
) -> None:
    text = (
        BAD
        + "short row\n"  # 5
        + "\n"
        + "mailto:x,site.example,no host\n"  # 7
        + '"https://b.example/","site.example","three\n\nlines"\n'  # 8-10
        + "a.example,site.example,x,too long\n"  # 11
        + ',site.example,"empty\nsource"\n'  # 12-13
        + '"https://c.example/" x,site.example,quote\n'  # 14
        + "https://d.example/,site.example,fine\n"
    )
    path = tmp_path / "links"
    path.write_bytes(PACKED[packed](ENCODED[encoding](text.replace("\n", end))))
    got = read(path)
    assert [(r.path, r.line, r.reason, r.raw.replace("\r\n", "\n")) for r in got.rejects] == [
        (str(path), 5, "fewer cells than the header has columns", "short row"),
        (
            str(path),
            7,
            "the source is no http(s) URL with a public host",
            "mailto:x,site.example,no host",
        ),
        (
            str(path),
            11,
            "more cells than the header has columns",
            "a.example,site.example,x,too long",
        ),
        (str(path), 12, "no source URL", ',site.example,"empty\nsource"'),
        (
            str(path),
            14,
            "a quotation mark is not closed, or text follows the closing one",
            '"https://c.example/" x,site.example,quote',
        ),
    ]
    assert sorted((r.path, r.line, r.reason, r.raw) for r in got.rejects) == sorted(got.table)
    assert got.reports[0].rows == 8
    assert len(got.links) == 3


def test_a_quotation_that_is_never_closed(tmp_path: Path) -> None:
    path = put(tmp_path, f'source,target,anchor\na.example,{SITE},x\nb.example,{SITE},"cut\nz\n')
    got = read(path)
    assert [(r.line, r.reason, r.raw) for r in got.rejects] == [
        (3, UNCLOSED, f'b.example,{SITE},"cut'),
        (4, "fewer cells than the header has columns", "z"),
    ]
    assert (got.reports[0].links, got.reports[0].rejects) == (1, 2)


UNCLOSED = "a quotation mark is not closed, or text follows the closing one"
STRAY: dict[str, dict[int, str]] = {
    "opens the second cell": {12: 'https://a12.example/,"https://site.example/,x'},
    "opens the last cell": {12: 'https://a12.example/,https://site.example/,"x'},
    "opens the first cell": {12: '"https://a12.example/,https://site.example/,x'},
    "in the last line": {41: 'https://a41.example/,"https://site.example/,x'},
    "in two lines": {
        12: 'https://a12.example/,"https://site.example/,x',
        20: 'https://a20.example/,"https://site.example/,x',
    },
    "in two lines that follow": {
        12: 'https://a12.example/,https://site.example/,"x',
        13: 'https://a13.example/,https://site.example/,"x',
    },
    "not closed before text": {12: 'https://a12.example/,"https://site.example/"x,x'},
    "escaped by a backslash": {12: 'https://a12.example/,https://site.example/,"say \\"x\\""'},
}


def forty(end: str = "\n", **other: str) -> str:
    """A table of 40 links in the lines 2 to 41, some of them otherwise (`_12="..."`)."""
    rows = [f"https://a{n}.example/,https://site.example/,x" for n in range(42)]
    rows[30] = f'https://a30.example/,https://site.example/,"two{end}lines, with ""marks"""'
    rows = [other.get(f"_{n}", row) for n, row in enumerate(rows)]
    return end.join(["source_url,target_url,anchor", *rows[2:]]) + end


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("name", STRAY)
def test_a_stray_quotation_mark_costs_its_own_line(
    tmp_path: Path, name: str, end: str, packed: str
) -> None:
    damage = STRAY[name]
    path = tmp_path / "links"
    path.write_bytes(PACKED[packed](forty(end, **{f"_{n}": t for n, t in damage.items()}).encode()))
    got = read(path)
    assert [(r.reason, r.raw) for r in got.rejects] == [(UNCLOSED, t) for t in damage.values()]
    assert got.lines == [n + (n > 30) for n in damage]  # line 30 holds a record of two lines
    assert (got.reports[0].rows, got.reports[0].links) == (40, 40 - len(damage))
    assert {link["anchor"] for link in got.links} == {"x", 'two\nlines, with "marks"'}


def test_a_quotation_mark_that_a_later_one_happens_to_close(tmp_path: Path) -> None:
    first = 'https://a12.example/,"https://site.example/,x'
    last = 'https://a20.example/,https://site.example/",x'
    got = read(put(tmp_path, forty(_12=first, _20=last)))  # by the grammar one record of 3 cells
    assert [(r.line, r.raw) for r in got.rejects] == [(12, first)]
    assert (got.reports[0].rows, got.reports[0].links) == (40, 39)
    got = read(put(tmp_path, forty(_12=first, _20=last.replace(",x", "")), "short.csv"))
    assert got.lines == [12, 20]
    assert (got.reports[0].rows, got.reports[0].links) == (40, 38)


def test_a_cell_of_many_lines_is_no_damage(tmp_path: Path) -> None:
    anchor = "one\n\nhttps://b.example/,https://site.example/\n,, and\nmore"  # no line is a row
    row = f'https://a12.example/,https://site.example/,"{anchor}"'
    got = read(put(tmp_path, forty(_12=row, _13="https://a.example/,no cells,to,spare")))
    assert [(r.line, r.raw) for r in got.rejects] == [(17, "https://a.example/,no cells,to,spare")]
    assert anchor in [link["anchor"] for link in got.links]
    assert got.reports[0].links == 39


def test_a_quotation_mark_long_before_the_next_one(tmp_path: Path) -> None:
    rows = "".join(f"https://a{n}.example/{'p' * 100},{SITE},x\n" for n in range(150_000))
    stray = f'https://b.example/,"{SITE},x\n'
    path = put(tmp_path, f"source,target,anchor\n{rows}{stray}{rows.replace('a', 'c')}{stray}")
    assert path.stat().st_size > 2 * (16 << 20)  # more than one record may hold
    got = read(path)
    assert got.lines == [150_002, 300_003]
    assert (got.reports[0].rows, got.reports[0].links) == (300_002, 300_000)


@settings(max_examples=int(50 * FACTOR))
@given(
    anchors=st.lists(st.text("abc ,\"'é", max_size=6), min_size=1, max_size=12),
    wrong=st.sets(st.integers(0, 11), max_size=3),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_mark_that_is_put_in_costs_its_own_line(
    tmp_path_factory: pytest.TempPathFactory,
    anchors: list[str],
    wrong: set[int],
    quoting: Any,
    end: str,
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(
        [f"https://a{n}.example/{n}", f"https://{SITE}/", anchor]
        for n, anchor in enumerate(anchors)
    )
    rows = out.getvalue().split(end)[:-1]
    damaged = {n for n in wrong if n < len(rows) - 1}  # the last stays: no data is never clean
    for n in damaged:
        if quoting == csv.QUOTE_ALL:
            rows[n] = rows[n].replace('",', ",", 1)
        else:
            rows[n] = rows[n].replace(",https", ',"https', 1)
    path = tmp_path_factory.mktemp("marks") / "links.csv"
    path.write_bytes(end.join(["source_url,target_url,anchor", *rows, ""]).encode())
    got = read(path, sites=[SITE])
    sources = [link["source_url"] for link in got.links]
    linked = [n for n in range(len(rows)) if f"https://a{n}.example/{n}" in sources]
    lost = [n for n in range(len(rows)) if n not in linked]
    assert got.reports[0].rows == len(rows)
    assert got.lines == [n + 2 for n in lost]
    assert set(lost) <= damaged


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(b"source,target\na.example,site.example\nb.example/\xe9,site.example\n")
    got = read(path)
    assert [(r.line, r.reason) for r in got.rejects] == [
        (3, "is not valid UTF-8 text; save the file as UTF-8")
    ]
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert read(path).rejects == got.rejects


def test_a_record_that_is_too_long(tmp_path: Path) -> None:
    long = "x" * (17 << 20)
    text = f"source,target,anchor\na.example,{SITE},x\nb.example,{SITE},{long}\nc.example,,x\n"
    got = read(put(tmp_path, text))
    assert [(r.line, r.reason) for r in got.rejects] == [
        (3, "is longer than 16 MB"),
        (4, "no target URL"),
    ]
    assert max(len(r.raw) for r in got.rejects) <= 2000


def test_many_rejects_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"mailto:x{n},{SITE}\n" for n in range(3000))
    path = put(tmp_path, f"source,target\na.example,{SITE}\n{rows}")
    got = read(path)
    assert got.reports[0].rejects == len(got.table) == 3000
    assert got.lines == list(range(3, 1003))
    assert "1000 of 3000 rejected rows are listed, all are in `rejects`" in got.reports[0].notes


def test_a_wrong_line_is_never_shown(tmp_path: Path) -> None:
    # the engine and Python's csv module may differ on records that no standard describes
    text = f'source,target,anchor\na.example,{SITE}, "x\ny"\n,{SITE},z\n'
    for reject in read(put(tmp_path, text)).rejects:
        assert reject.line == (None if reject.line is None else 4)


# ---------------------------------------------------------------- no data is never clean


def test_header_only(tmp_path: Path) -> None:
    path = put(tmp_path, "source,target\n")
    assert refusal(path).startswith(f"no usable link in {path} (0 rows).")


def test_only_rejects(tmp_path: Path) -> None:
    path = put(tmp_path, f"source,target\nmailto:x,{SITE}\n")
    assert f"First problem: {path}:2: the source is no http(s) URL" in refusal(path)
    parquet = tmp_path / "x.parquet"
    pl.DataFrame({"source": [None], "target": [SITE]}).write_parquet(parquet)
    assert f"First problem: {parquet}:1: no source URL" in refusal(parquet)


@pytest.mark.parametrize("site", ["other.example", "a.example"])
@pytest.mark.parametrize("node", ["domain", "host"])
def test_a_site_that_nobody_links_to(tmp_path: Path, site: str, node: str) -> None:
    path = put(tmp_path, "source,target\nhttps://a.example/,https://site.example/\n")
    said = refusal(path, sites=[site], node=node)
    assert said.startswith(f"no other site links to {site} in these files")
    assert "Check --site" in said


def test_a_site_that_only_links_to_itself(tmp_path: Path) -> None:
    path = put(tmp_path, f"source,target\nhttps://blog.{SITE}/,https://{SITE}/\n")
    assert "most linked: none but your own" in refusal(path, sites=[SITE])


def test_the_only_target_is_the_site(tmp_path: Path) -> None:
    text = f"source,target\na.example,www.{SITE}\nb.example,shop.{SITE}\n{SITE},blog.{SITE}\n"
    assert read(put(tmp_path, text)).sites == [SITE]
    assert read(put(tmp_path, text + "a.example,b.example\n")).sites == []


DAMAGED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "blank": (b" \n\n", "holds no text"),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00", "is a binary file"),
    "random": (random.Random(1).randbytes(5000), "is a binary file"),
    "xlsx": (b"PK\x03\x04" + bytes(100), "is a damaged archive"),
    "gzip cut": (gzip.compress(table().encode() * 50)[:-9], "damaged"),
    "gzip of nothing": (gzip.compress(b""), "holds no text"),
    "gzip header": (b"\x1f\x8b\x08\x00", "damaged"),
    "gzip and more": (gzip.compress(table().encode()) + b"more", "damaged"),
    "zstd cut": (pa.Codec("zstd").compress(table().encode() * 50, asbytes=True)[:-5], "damaged"),
    "zstd header": (b"\x28\xb5\x2f\xfd", "damaged"),
    "parquet cut": (b"PAR1\x15\x04\x15", "is a damaged Parquet file"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_files(tmp_path: Path, name: str) -> None:
    path = tmp_path / "links.csv"
    path.write_bytes(DAMAGED[name][0])
    said = refusal(path)
    assert said.startswith(f"{path}: ")
    assert DAMAGED[name][1] in said


def test_a_gzip_file_that_breaks_late_is_not_half_read(tmp_path: Path) -> None:
    rows = "".join(f"https://a{n * 7919}.example/,{SITE}\n" for n in range(60_000))
    data = gzip.compress(f"source,target\n{rows}".encode())
    path = tmp_path / "links.csv.gz"
    for cut in (9, 4, len(data) // 3):
        path.write_bytes(data[:-cut])
        assert "could not be read to its end" in refusal(path)
    flipped = bytearray(data)
    flipped[-200] ^= 1
    path.write_bytes(flipped)
    assert "could not be read to its end" in refusal(path)


def test_a_text_file_that_begins_like_a_zip(tmp_path: Path) -> None:
    assert len(read(put(tmp_path, f"PK,source,target\n1,a.example,{SITE}\n")).links) == 1


def test_files_that_are_none(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.csv").startswith(f"{tmp_path / 'no.csv'}: no such file.")
    assert "no file to read" in refusal(tmp_path)
    assert "is no regular file" in refusal(Path("/dev/null"))
    assert "cannot be read" in refusal(tmp_path / ("x" * 300))


# ---------------------------------------------------------------- conservation, as a property

DIRT = "abc ,;\t|\"'\n\r\\{}é漢\u2028\x0b\x1f\x01"
_cells = st.text(DIRT, max_size=8)
_kinds = st.sampled_from(
    ["good", "good", "good", "repeat", "short", "long", "blank", "no source", "no host", "mail"]
)


class Row(NamedTuple):
    kind: str
    anchor: str


def cells_of(row: Row, number: int) -> list[str]:
    anchor = row.anchor.replace("\r", "\r\n")  # the csv module writes a lone one unquoted
    good = [f"https://a{number}.example/{number}", f"https://{SITE}/", anchor]
    return {
        "good": good,
        "repeat": ["https://again.example/", f"https://{SITE}/", "again"],
        "short": good[:2],
        "long": [*good, "more"],
        "no source": ["", *good[1:]],
        "no host": ["ftp://a.example/", *good[1:]],
        "mail": [good[0], "mailto:x@y.example", anchor],
    }[row.kind]


@settings(max_examples=int(50 * FACTOR))
@given(
    rows=st.lists(st.builds(Row, _kinds, _cells), max_size=25),
    delimiter=st.sampled_from([",", "\t", ";"]),
    end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    before=st.sampled_from(["", "A title", '"A title","of two"', '"A" title', "\n"]),
    encode=st.sampled_from(sorted(ENCODED)),
    pack=st.sampled_from(sorted(PACKED)),
)
def test_every_row_of_a_table_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Row],
    delimiter: str,
    end: str,
    quoting: Any,
    before: str,
    encode: str,
    pack: str,
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting)
    out.write(before and before + end)
    writer.writerow(["source_url", "target_url", "anchor"])
    writer.writerow(["https://first.example/", f"https://{SITE}/", 'with "quotes"'])
    broken = []
    for number, row in enumerate(rows):
        line = out.getvalue().count("\n") + 1
        if row.kind == "blank":
            out.write(end)
            continue
        writer.writerow(cells_of(row, number))
        if row.kind not in ("good", "repeat", "mail"):
            broken.append(line)
    text = out.getvalue().removeprefix("\ufeff")
    path = tmp_path_factory.mktemp("rows") / "links"
    path.write_bytes(PACKED[pack](ENCODED[encode](text)))
    records = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    header = next(i for i, row in enumerate(records) if row[0] == "source_url")
    got = read(path, sites=[SITE])
    report = got.reports[0]
    kinds = [row.kind for row in rows]
    assert report.rows == len(records) - header - 1
    assert report.links == 1 + kinds.count("good") + min(kinds.count("repeat"), 1)
    assert report.duplicates == max(kinds.count("repeat") - 1, 0)
    assert report.out_of_scope == kinds.count("mail")
    assert got.lines == broken


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | _cells,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(_cells, inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=int(40 * FACTOR))
@given(
    rows=st.lists(
        st.one_of(
            st.fixed_dictionaries({"source_url": st.just("https://b.example/"), "anchor": _values}),
            st.fixed_dictionaries({"source_url": _values, "target_url": _values}),
            st.sampled_from(["", "", "  ", "{", "null", "[1]", '"x"', '{"a": 1} x', "{'a': 1}"]),
            st.dictionaries(_cells, _values, max_size=3),
        ),
        max_size=20,
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    encode=st.sampled_from(sorted(ENCODED)),
    plain=st.booleans(),
)
def test_every_line_of_json_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[Any],
    end: str,
    encode: str,
    plain: bool,
) -> None:
    first = {"source_url": "https://a.example/", "target_url": SITE, "anchor": ""}
    lines = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=plain) for r in [first, *rows]]
    lines = [line.replace("\u2028", "") for line in lines]
    path = tmp_path_factory.mktemp("rows") / "links"
    path.write_bytes(ENCODED[encode](end.join(lines) + end))
    got = read(path, sites=[SITE])
    assert got.reports[0].rows == sum(line != "" for line in lines)
    broken = {n for n, r in enumerate(rows, start=2) if isinstance(r, str) and r}
    assert broken <= set(got.lines)
    for reject in got.rejects:
        assert reject.line is not None
        assert reject.raw == lines[reject.line - 1]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports are not here")
@pytest.mark.parametrize(
    ("name", "rows"), [("nabillemen_all_outlinks", 20306), ("friteuseb_all_inlinks", 3313)]
)
def test_every_row_of_a_real_crawl_is_accounted_for(name: str, rows: int) -> None:
    path = REAL / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        records = list(csv.reader(stream))
    header = next(i for i, row in enumerate(records) if row[0] == "Type")
    kept = ("hyperlink", "ahref", "http redirect", "meta refresh", "javascript redirect", "iframe")
    kept = (*kept, "frame")
    in_scope = [row for row in records[header + 1 :] if row[0].lower() in kept]

    def host(url: str) -> str:
        return url.split("://")[-1].split("/")[0].lower().removeprefix("www.")

    away = [row for row in in_scope if host(row[1]) != host(row[2])]
    away = [row for row in away if row[2].lower().startswith(("http://", "https://"))]
    got = read(path)
    report = got.reports[0]
    assert len(records) - header - 1 == report.rows == rows
    assert report.links == len({(row[1], row[2].strip(), row[5].strip()) for row in away})
    assert report.links + report.duplicates == len(away)
    assert report.rejects == 0
    assert report.out_of_scope == rows - len(away)
    followed = sum(row[8] == "true" for row in away)
    assert {True: followed, False: len(away) - followed}[True] >= sum(
        link["qualified"] is False for link in got.links
    )


# ---------------------------------------------------------------- damage, as a property


_TABLE = table() + "".join(f"https://x{n}.example/,{SITE},x,\n" for n in range(20)) + BAD[30:]
WHOLE: dict[str, bytes] = {
    "csv": _TABLE.encode(),
    "tsv": table("\t", "\r\n", csv.QUOTE_ALL).encode("utf-8-sig"),
    "utf-16": b"\xff\xfe" + table("\t").encode("utf-16-le"),
    "gzip": gzip.compress(_TABLE.encode(), mtime=0),
    "zstd": pa.Codec("zstd").compress(_TABLE.encode(), asbytes=True),
    "jsonl": "".join(
        json.dumps({"source": f"a{n}.example", "target": SITE, "anchor": "ü"}) + "\n"
        for n in range(20)
    ).encode(),
    "parquet": parquet({"source": [f"a{n}.example" for n in range(50)], "target": [SITE] * 50}),
    "frog": frog(NEW_FROG, *[("Hyperlink", HOME, IN_SCOPE, "", "x", "true", "")] * 9).encode(),
    "console": b"Linking page,Last crawled\nhttps://a.example/,28/09/2026\n" * 3,
}


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = WHOLE[draw(st.sampled_from(sorted(WHOLE)))]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        end = min(len(data), at + draw(st.integers(0, 60)))
        how = draw(st.sampled_from(["cut", "drop", "flip", "double", "put", "encode"]))
        if how == "cut":
            data = data[:at]
        elif how == "drop":
            data = data[:at] + data[end:]
        elif how == "flip" and data:
            flipped = data[at] ^ (1 << draw(st.integers(0, 7)))
            data = data[:at] + bytes([flipped]) + data[at + 1 :]
        elif how == "double":
            data = data[:end] + data[at:]
        elif how == "put":
            piece = draw(
                st.sampled_from(
                    [b"\x00", b'"', b"\r", b"\n", b",", b"\t", b"\xff\xfe", b"\xe9", b"{"]
                )
            )
            data = data[:at] + piece + data[at:]
        elif how == "encode":
            to = draw(st.sampled_from(["utf-16", "utf-16-be", "utf-32", "utf-7", "cp1252"]))
            data = data.decode("utf-8", "ignore").encode(to, "ignore")
    return data


@settings(max_examples=int(120 * FACTOR))
@given(data=damaged(), sites=st.sampled_from([(), (SITE,)]))
def test_damage_is_told_or_counted(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, sites: tuple[str, ...]
) -> None:
    path = tmp_path_factory.mktemp("damage") / "links"
    path.write_bytes(data)
    start = time.perf_counter()
    said = ""
    try:
        got = read(path, sites=sites)
    except InputError as error:
        said = str(error)
    assert time.perf_counter() - start < 10
    if said:
        assert str(path) in said or "no other site links to" in said
        assert "\n" not in said
    else:
        assert got.reports[0].links
        assert all(reject.line is None or reject.line > 0 for reject in got.rejects)
