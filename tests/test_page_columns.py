"""Columns of the linking page: what each export says of it, by rows written by hand."""

import csv
import io
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from backlint.cases import Case, rows, run_case
from backlint.engine.duckdb import DuckEngine
from backlint.inputs.formats import formats, parse_map
from backlint.inputs.load import Loaded, load
from backlint.rules.catalog import load_rules

PAGE = (
    "external_links", "page_authority", "page_traffic", "before", "after", "redirects",
    "page_language", "page_type",
)  # fmt: skip
BLOG, SITE = "https://blog-one.example/post", "https://site.example/"

# format -> the cells of one row, and what they say of the page; all else is unknown
ROWS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "ahrefs-backlinks": (
        {
            "Referring page URL": BLOG, "Target URL": SITE, "Domain rating": "40", "UR": "11",
            "Linked domains": "900", "External links": "31", "Page traffic": "5,000",
            "Domain traffic": "77", "Language": "EN", "Left context": " buy, or rent ",
            "Right context": "today", "Redirect Chain URLs": "http://old.example/",
            "Page type": "Article", "Links in group": "4",
        },
        {
            "external_links": 31, "page_authority": 11.0, "page_traffic": 5000,
            "before": "buy, or rent", "after": "today", "redirects": "http://old.example/",
            "page_language": "en", "page_type": "article",
        },
    ),
    "ahrefs-backlinks-old": (
        {
            "Referring Page URL": BLOG, "Link URL": SITE, "URL Rating": "12.5",
            "Internal Links Count": "900", "External Links Count": "0", "TextPre": "buy",
            "TextPost": "today", "Language": "de", "Traffic": "3", "Linked Domains": "7",
        },
        {
            "external_links": 0, "page_authority": 12.5, "page_traffic": 3, "before": "buy",
            "after": "today", "page_language": "de",
        },
    ),
    "semrush-backlinks": (
        {
            "Page ascore": "33", "Source url": BLOG, "Target url": SITE, "External links": "31",
            "Internal links": "900", "Text": "true",
        },
        {"external_links": 31, "page_authority": 33.0},
    ),
    "semrush-backlinks-old": (
        {
            "Page score": "30", "Page trust score": "20", "Source url": BLOG, "Target url": SITE,
            "External links": "1240", "Internal links": "5",
        },
        {"external_links": 1240, "page_authority": 30.0},
    ),
    "majestic-backlinks": (
        {
            "SourceURL": BLOG, "TargetURL": SITE, "SourceTrustFlow": "17",
            "SourceCitationFlow": "60", "DomainTrustFlow": "70", "TargetTrustFlow": "80",
        },
        {"page_authority": 17.0},
    ),
    "majestic-download-backlinks": (
        {
            "Source URL": BLOG, "Target URL": SITE, "FlagOldCrawl": "", "SourceTrustFlow": "20",
            "SourceCitationFlow": "30", "TargetTrustFlow": "9",
        },
        {"page_authority": 20.0},
    ),
    "moz-inbound-links": (
        {"URL": BLOG, "Target URL": SITE, "Page Authority": "21", "Domain Authority": "44"},
        {"page_authority": 21.0},
    ),
    "se-ranking-backlinks": (
        {"url_from": BLOG, "url_to": SITE, "inlink_rank": "15", "domain_inlink_rank": "40"},
        {"page_authority": 15.0},
    ),
    "dataforseo-backlinks": (
        {
            "url_from": BLOG, "url_to": SITE, "dofollow": "true", "is_lost": "false",
            "page_from_rank": "210", "domain_from_rank": "300", "page_from_external_links": "31",
            "page_from_internal_links": "90", "page_from_language": "en", "text_pre": "buy",
            "text_post": "today",
        },
        {
            "external_links": 31, "page_authority": 210.0, "before": "buy", "after": "today",
            "page_language": "en",
        },
    ),
    "generic-links": (
        {
            "source": BLOG, "target": SITE, "external_links": "31", "page_authority": "4,5",
            "page_traffic": "12", "before": "buy", "after": "today",
            "redirects": "http://a.example/ http://b.example/", "page_language": "pt-BR",
            "page_type": "Blog",
        },
        {
            "external_links": 31, "page_authority": 4.5, "page_traffic": 12, "before": "buy",
            "after": "today", "redirects": "http://a.example/ http://b.example/",
            "page_language": "pt-br", "page_type": "blog",
        },
    ),
}  # fmt: skip


def written(path: Path, table: Sequence[dict[str, str]]) -> Path:
    """Write rows under the names of their columns."""
    names = list(dict.fromkeys(name for row in table for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    writer.writerows(table)
    path.write_text(text.getvalue(), "utf-8")
    return path


def read(*paths: Path, **options: Any) -> tuple[Loaded, list[dict[str, Any]]]:
    with DuckEngine(threads=1) as engine:
        loaded = load(engine, paths, sites=["site.example"], **options)
        links = engine.fetch("SELECT * FROM links ORDER BY source_url, anchor").to_dicts()
    return loaded, links


def page_of(link: dict[str, Any]) -> dict[str, Any]:
    return {name: link[name] for name in PAGE if link[name] is not None}


@pytest.mark.parametrize("name", ROWS)
def test_each_format(tmp_path: Path, name: str) -> None:
    cells, wanted = ROWS[name]
    loaded, links = read(written(tmp_path / "export.csv", [cells]))
    assert loaded.reports[0].format == name
    assert page_of(links[0]) == wanted
    assert {field.removeprefix("links.") for field in loaded.fields} >= wanted.keys()
    assert loaded.reports[0].notes == [] or "not used" in loaded.reports[0].notes[0]


def test_every_format_of_links_is_looked_at() -> None:
    """A format has a row above, or no column of the page."""
    for fmt in formats():
        assert fmt.id in ROWS or not set(PAGE) & fmt.fields.keys(), fmt.id


@pytest.mark.parametrize(
    ("cell", "count", "figure"),
    [
        ("", None, None),
        ("   ", None, None),
        ("0", 0, 0.0),
        (" 31 ", 31, 31.0),
        ("1,240", 1240, 1.24),
        ("1.240.000", 1240000, None),
        ("12 500", 12500, None),
        ("1'240", 1240, None),
        ("45.0", 45, 45.0),
        ("12.5", None, 12.5),
        ("12,5", None, 12.5),
        ("-3", None, None),
        ("1e3", None, None),
        ("many", None, None),
        ("n/a", None, None),
        ("99999999999999999999", None, 1e20),
    ],
)
def test_numbers(tmp_path: Path, cell: str, count: int | None, figure: float | None) -> None:
    """An unreadable number is unknown, never 0, and is told of."""
    row = {"source": BLOG, "target": SITE}
    loaded, links = read(
        written(tmp_path / "a.csv", [row | {"external_links": cell, "page_authority": cell}])
    )
    assert links[0]["page_authority"] == figure
    assert links[0]["external_links"] == count
    unread = any("values of external_links are unreadable" in x for x in loaded.reports[0].notes)
    assert unread == (bool(cell.strip()) and count is None)


def test_a_file_without_them_knows_nothing_of_them(tmp_path: Path) -> None:
    loaded, links = read(written(tmp_path / "a.csv", [{"source": BLOG, "target": SITE}]))
    assert page_of(links[0]) == {}
    assert not {f"links.{name}" for name in PAGE} & loaded.fields


def test_json_lines(tmp_path: Path) -> None:
    """Numbers and nested chains of JSON; null is unknown."""
    chain = [{"type": "redirect", "url": "http://old.example/"}]
    row = {
        "url_from": BLOG, "url_to": SITE, "dofollow": True, "is_lost": False, "text_pre": None,
        "page_from_rank": 7, "page_from_external_links": 260, "indirect_link_path": chain,
        "domain_from_rank": 3,
    }  # fmt: skip
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(row) + "\n", "utf-8")
    _, links = read(path)
    page = page_of(links[0])
    assert json.loads(page.pop("redirects")) == chain
    assert page == {"external_links": 260, "page_authority": 7.0}


def test_one_link_in_two_files(tmp_path: Path) -> None:
    """The milder value of each counts, whatever file it is in and in which order they come."""
    base = {"source": BLOG, "target": SITE, "anchor": "tents"}
    many = {
        "external_links": "400", "page_authority": "3", "page_traffic": "0", "before": "",
        "redirects": "",
    }  # fmt: skip
    few = {
        "external_links": "260", "page_authority": "55", "page_traffic": "90", "before": "see",
        "redirects": "http://old.example/", "page_language": "en",
    }  # fmt: skip
    silent = dict.fromkeys(few, "")
    paths = [
        written(tmp_path / f"{n}.csv", [base | more]) for n, more in enumerate((many, few, silent))
    ]
    for order in itertools.permutations(paths):
        _, links = read(*order)
        assert [page_of(link) for link in links] == [
            {
                "external_links": 260, "page_authority": 55.0, "page_traffic": 90, "before": "see",
                "redirects": "http://old.example/", "page_language": "en",
            }
        ]  # fmt: skip


def test_a_file_without_anchors_still_tells_of_the_page(tmp_path: Path) -> None:
    named = {"source": BLOG, "target": SITE, "anchor": "tents", "page_authority": "9"}
    vague = {"source": BLOG, "target": SITE, "external_links": "31", "page_authority": "50"}
    _, links = read(written(tmp_path / "a.csv", [named]), written(tmp_path / "b.csv", [vague]))
    assert [link["anchor"] for link in links] == ["tents"]
    assert page_of(links[0]) == {"external_links": 31, "page_authority": 9.0}


def test_flags_of_kind_are_the_column_kind(tmp_path: Path) -> None:
    """Semrush says what a link is by flags; a rule that needs `links.kind` can run on that."""
    loaded, links = read(written(tmp_path / "a.csv", [ROWS["semrush-backlinks"][0]]))
    assert links[0]["kind"] == "text"
    assert "links.kind" in loaded.fields


def test_map_names_them(tmp_path: Path) -> None:
    row = {"From": BLOG, "To": SITE, "Outgoing": "77"}
    mapping = parse_map("source_url=From,target_url=To,external_links=Outgoing")
    _, links = read(written(tmp_path / "a.csv", [row]), mapping=mapping)
    assert links[0]["external_links"] == 77


def test_cases_name_columns() -> None:
    """A part `name=value` of a case's line is a cell of that column and no positional part."""
    links = "a{1..2}.com -> b.com | tents | | 2026-01-01 | x=1 | external_links=25{0..1}"
    assert rows(links) == [[f"a{n}.com", "b.com", "tents", "", "2026-01-01", "x=1"] for n in (1, 2)]
    rule = next(rule for rule in load_rules() if rule.header.id == "BL401")
    case = Case(name="", expect="clean", site="b.com", links=links + "\nc.com -> b.com")
    import backlint.cases as notation

    assert notation._table(case) == [
        [*notation.COLUMNS, "external_links"],
        ["a1.com", "b.com", "tents", "", "2026-01-01", "x=1", "250"],
        ["a2.com", "b.com", "tents", "", "2026-01-01", "x=1", "251"],
        ["c.com", "b.com", "", "", "", "", ""],
    ]
    assert run_case(rule, case)[1].state == "ran"
