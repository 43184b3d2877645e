"""The reports: nothing from outside escapes, what is written reads back, the words are honest."""

import base64
import csv
import hashlib
import io
import math
import re
import typing
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

import audit_factory as factory
from backlint.errors import BacklintError, InputError, RuleError, UsageError
from backlint.findings import Audit, Coverage, LinkRef, Member
from backlint.report import model, write_reports
from backlint.report.console import (
    render_explain,
    render_explain_domain,
    render_explain_scheme,
    render_summary,
)
from backlint.report.csv import COLUMNS, LISTED, domain_names, domains_csv, safe_cell
from backlint.report.html import (
    SCRIPTS,
    TEMPLATES,
    asset,
    render_html,
    script_text,
    style_text,
)
from backlint.report.json import encode_json, portable, read_json, write_json
from backlint.report.pictures import known_edges, picture, ring_path
from backlint.report.text import number, shorten, visible
from backlint.report.words import kind_title

BIDI = "".join(map(chr, [0x202A, 0x202B, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069, 0x061C]))


class Page(HTMLParser):
    """What a browser would make of a page: its tags, attributes, text, style and script."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.parts: dict[str, list[str]] = {"style": [], "script": [], "data": [], "text": []}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("style", "script"):
            self.inside.append("data" if dict(attrs).get("type") == "application/json" else tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script"):
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        self.parts[self.inside[-1] if self.inside else "text"].append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.parts["text"]).split())


def strategy_for(kind: Any) -> st.SearchStrategy[Any]:
    """Return a strategy for the types that the records are made of."""
    if kind is Any:
        flat = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
        return flat | st.floats(allow_nan=False, allow_infinity=False) | st.lists(flat, max_size=3)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{name: strategy_for(hint) for name, hint in hints.items()})
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is list:
        return st.lists(strategy_for(args[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(strategy_for(args[0]), strategy_for(args[1]), max_size=3)
    if args:  # a union
        return st.one_of([strategy_for(arg) for arg in args])
    # Scores and points stay in a sane range; files hold counts, never negative ones.
    texts = st.text(max_size=20) | st.sampled_from(factory.HOSTILE)
    return {
        str: texts,
        int: st.integers(0, 2**53),
        float: st.floats(-100, 100),
        bool: st.booleans(),
        type(None): st.none(),
    }[kind]


audits = strategy_for(Audit).map(lambda a: msgspec.structs.replace(a, schema_version=1))
slow = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def printed(render: Any, *args: Any) -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    render(*args, console)
    return typing.cast(io.StringIO, console.file).getvalue()


def summary(audit: Audit, out_dir: Path = Path("/nonexistent")) -> str:
    return printed(lambda a, console: render_summary(a, console, out_dir), audit)


def explained(audit: Audit, subject: str, *known: str) -> str:
    return printed(
        lambda a, console: render_explain(a, subject, console, dict.fromkeys(known, "links")), audit
    )


# --- JSON -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [factory.rich, factory.bare, factory.hostile, factory.whole_graph])
@pytest.mark.parametrize("reproducible", [False, True])
def test_json_reads_back_as_written(tmp_path: Path, make: Any, reproducible: bool) -> None:
    path = tmp_path / "report.json"
    audit = make()
    write_json(audit, path, reproducible)
    assert read_json(path) == portable(audit, reproducible)
    if not reproducible:
        assert read_json(path) == audit


@slow
@given(audits)
def test_any_audit_reads_back(tmp_path: Path, audit: Audit) -> None:
    path = tmp_path / "report.json"
    write_json(audit, path, reproducible=False)
    assert read_json(path) == audit
    assert encode_json(read_json(path), False) == path.read_bytes()


def test_json_keys_stand_in_the_order_of_the_schema() -> None:
    data = msgspec.json.decode(encode_json(factory.rich(), False))
    assert list(data)[:11] == [
        *("schema_version", "tool", "as_of", "sites", "node", "profile"),
        *("inputs", "schemes", "domains", "findings", "coverage"),
    ]
    assert {f.encode_name for f in msgspec.structs.fields(Audit)} == set(data)
    assert {"rule", "group", "points"} == set(data["domains"][0]["waterfall"][0])
    assert encode_json(factory.rich(), False).startswith(b'{\n  "schema_version": 1,\n')


def test_reproducible_json_holds_no_seconds_and_no_folders() -> None:
    audit = factory.rich()
    text = encode_json(audit, True).decode()
    assert '"seconds"' not in text
    assert "/home/user" not in text
    assert "ahrefs-2026-10.csv" in text
    later = [msgspec.structs.replace(c, seconds=9.0) for c in audit.coverage]
    assert encode_json(msgspec.structs.replace(audit, coverage=later), True).decode() == text
    assert render_html(msgspec.structs.replace(audit, coverage=later), True) == render_html(
        audit, True
    )
    assert "/home/user" not in render_html(audit, True)


def test_a_windows_path_is_cut_to_its_name_and_an_undecodable_one_survives() -> None:
    audit = factory.bare()
    paths = [r"C:\Users\me\links.csv", "/data/odd\\name.csv", "/data/\udcff.csv"]
    inputs = [msgspec.structs.replace(audit.inputs[0], path=path) for path in paths]
    audit = msgspec.structs.replace(audit, inputs=inputs)
    names = [entry.path for entry in portable(audit, True).inputs]
    assert names == ["links.csv", "odd\\name.csv", "\\udcff.csv"]
    encode_json(audit, False)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "not a backlint report"),
        (b"[]", "not a backlint report"),
        (b"\xff\xfe", "not a backlint report"),
        (b'{"schema_version": 1, "sites": 3}', "not a backlint report"),
        (b'{"a": 1}', "no `schema_version`"),
        (b'{"schema_version": 2}', "Upgrade"),
    ],
)
def test_a_wrong_json_names_the_file_and_the_cure(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=re.escape(said)) as caught:
        read_json(path)
    assert str(path) in str(caught.value)


def test_a_missing_json_says_to_scan_first(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="backlint scan"):
        read_json(tmp_path / "none.json")


def test_json_decoding_is_strict(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(
        encode_json(factory.bare(), False).replace(b'"score": 0.0', b'"score": "0.0"', 1)
    )
    with pytest.raises(InputError, match=r"\$\.profile\.score"):
        read_json(path)


def test_json_refuses_a_value_that_json_cannot_hold() -> None:
    bad = msgspec.structs.replace(factory.finding(1, "BL201", []), value=math.nan)
    with pytest.raises(RuleError, match="BL201"):
        encode_json(msgspec.structs.replace(factory.bare(), findings=[bad]), False)


# --- CSV --------------------------------------------------------------------------------------


def rows_of(audit: Audit) -> list[dict[str, str]]:
    data = domains_csv(audit, factory.referring(audit)).decode("utf-8")
    return list(csv.DictReader(io.StringIO(data, newline="")))


FORMULA_HEAD = re.compile("['\\s]*[=+@\uff1d\uff0b\uff20\uff0d-]")


def test_no_csv_cell_begins_a_formula_or_holds_a_control_character() -> None:
    data = domains_csv(factory.hostile(), factory.referring(factory.hostile())).decode()
    for row in csv.reader(io.StringIO(data, newline="")):
        assert len(row) == len(COLUMNS)
        for cell in row:
            assert not re.search("[\x00-\x1f\x7f-\x9f]", cell)
            assert not FORMULA_HEAD.match(cell) or cell.startswith("'")


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1", "＋1", "－1"),
        *("＠x", "\u200b=1", "\u202e=1", "\x00=1", "\n-1", "\tplain", "\rplain"),
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_cell(text).startswith("'")


@pytest.mark.parametrize("text", ["plain", "a=b", "1-2", "bücher", "", "'quoted"])
def test_plain_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text


@given(st.text())
def test_any_cell_is_safe(text: str) -> None:
    cell = safe_cell(text)
    assert not cell[:1] or cell[0] not in "=+-@\t\r＝＋－＠"
    out = io.StringIO(newline="")
    csv.writer(out).writerow([cell, "next"])
    assert next(csv.reader(io.StringIO(out.getvalue(), newline=""))) == [cell, "next"]


def test_a_long_anchor_is_cut_in_the_csv() -> None:
    audit = factory.rich()
    anchors = ["x" * 3_000_000, "y" * 200]
    long = pl.DataFrame({"domain": ["long.example"], "links": [2], "anchors": [anchors]})
    data = domains_csv(audit, pl.concat([factory.referring(audit), long], how="diagonal")).decode()
    rows = csv.DictReader(io.StringIO(data.removeprefix("\ufeff")))
    (cell,) = [row["top_anchors"] for row in rows if row["domain"] == "long.example"]
    assert cell == "x" * 199 + "… | " + "y" * 200


def test_csv_holds_every_domain_once_and_unknown_as_unknown() -> None:
    audit = factory.rich()
    rows = rows_of(audit)
    assert list(rows[0]) == list(COLUMNS)
    assert len(rows) == len(audit.domains) + 12
    by_name = {row["domain"]: row for row in rows}
    quiet = by_name["quiet-3.example"]
    assert (quiet["verdict"], quiet["score"], quiet["band"]) == ("keep", "5.73", "low")
    assert (quiet["links"], quiet["followed"], quiet["first_seen"]) == ("3", "unknown", "unknown")
    assert quiet["top_anchors"].startswith("'=cmd")
    assert "2 of" not in quiet["reasons"]
    assert "4 of 13 rules could not run" in quiet["reasons"]
    assert by_name["xn--bcher-kva.example"]["unicode"] == "bücher.example"
    assert by_name["xn--bcher-kva.example"]["links"] == "unknown"
    first = by_name["dailyreview3.example"]
    assert (first["verdict"], first["priority"], first["links"]) == ("disavow", "P2", "6")
    assert first["rules"] == "BL201 | BL301"
    scores = [float(row["score"]) for row in rows[: len(audit.domains)]]
    assert scores == sorted(scores, reverse=True)


def test_csv_without_a_site_gives_no_verdict() -> None:
    assert {row["verdict"] for row in rows_of(factory.whole_graph())} == {""}


def test_csv_bytes_have_no_bom_and_names_read_back() -> None:
    audit = factory.rich()
    data = domains_csv(audit, factory.referring(audit))
    assert data.startswith(b"domain,unicode,")
    names = domain_names(data)
    assert set(names) >= {"dailyreview1.example", "quiet-0.example"}
    assert domains_csv(audit, factory.referring(audit).reverse()) == data


# --- HTML -------------------------------------------------------------------------------------

TAGS = (
    "html head meta link title style body a header p h1 h2 h3 h4 h5 nav main section div dl dt dd "
    "svg rect text line circle polygon path g ul ol li b i details summary table thead tbody tr th td "
    "code article figure figcaption span bdi label input select option button footer script br aside"
)
ALLOWED_TAGS = frozenset(TAGS.split())


def assert_safe(html: str) -> Page:
    page = Page(html)
    assert {tag for tag, _ in page.tags} <= ALLOWED_TAGS
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], tag
        assert not {"style", "src", "srcset", "action", "autofocus"} & set(attributes), tag
        target = attributes.get("href") or ""
        assert target.startswith("#") or target in ("", "data:,"), target
    assert "".join(page.parts["script"]) == script_text()
    assert "".join(page.parts["style"]) == style_text()
    scripts = [attributes.get("type") for tag, attributes in page.tags if tag == "script"]
    assert scripts == ["application/json", None]  # data, which no browser runs, and one script
    msgspec.json.decode("".join(page.parts["data"]))
    assert not set("".join(page.parts["data"])) & set("<>&")
    assert not set(html) & set(BIDI + "\x00\x1b\x07\u200b\ufeff")
    return page


def test_hostile_text_stays_text() -> None:
    html = render_html(factory.hostile())
    page = assert_safe(html)
    assert "{{7*7}}" in page.text
    assert "</script><script>alert(1)</script>" in page.text
    assert "[U+202E]gnp.exe" in page.text
    assert "NUL[U+0000]" in page.text
    assert "Z" * 1001 not in html
    assert "(10,000 characters)" in html


@slow
@given(audits)
def test_any_audit_makes_a_safe_page(audit: Audit) -> None:
    assert_safe(render_html(audit))


@pytest.mark.parametrize("make", [factory.rich, factory.hostile])
def test_the_policy_allows_exactly_the_style_and_script_of_the_page(make: Any) -> None:
    page = Page(render_html(make()))
    policy = next(
        attributes["content"] or ""
        for tag, attributes in page.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    )
    for name in ("style", "script"):
        digest = hashlib.sha256("".join(page.parts[name]).encode()).digest()
        assert f"{name}-src 'sha256-{base64.b64encode(digest).decode()}';" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_page_and_assets_ask_for_nothing_from_the_network() -> None:
    names_of_xml = "http://www.w3.org/2000/svg"  # names a language, and asks for nothing
    for text in (style_text(), *map(asset, [*SCRIPTS, *TEMPLATES])):
        text = text.replace(names_of_xml, "")
        assert not re.search(r"https?:|//[a-z]+\.|url\(|@import|fetch\(|XMLHttp|import\(", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval", script_text())


def test_page_tells_what_an_auditor_needs() -> None:
    page = Page(render_html(factory.rich()))
    text = page.text
    assert "Act: the link risk of shop.example is 83 of 100 (high)" in text
    assert "4 of 13 rules could not run (2 not evaluable, 1 failed, 1 timed out)" in text
    assert text.index("could not run") < text.index("dailyreview network")
    assert "link spam: optimized anchors" in text
    assert "All of them credit the same designer or theme." in text
    assert "10 more members" in text
    assert "not accused: T1 money-site.example" in text
    assert "not a probability" in text
    assert "an upload replaces the whole earlier list" in text
    assert "xn--bcher-kva.example (b\\u00fccher.example)" in page.parts["data"][0]
    assert "3 of 3,469 input rows could not be used" in text
    assert "unknown" in text


def test_page_keeps_to_its_limits() -> None:
    many = [factory.result(f"d{i:05}.example", [("BL407", "time", 1.0)]) for i in range(10_020)]
    page = Page(render_html(msgspec.structs.replace(factory.rich(), domains=many)))
    rows = [attributes for tag, attributes in page.tags if tag == "tr" and "role" in attributes]
    assert len(rows) == 1 + 100  # with the head
    assert "The 10,000 riskiest of 10,020; the rest are in domains.csv." in page.text
    assert "the rows beyond the first 100 need JavaScript" in page.text
    assert len(msgspec.json.decode("".join(page.parts["data"]))["domains"]) == 10_000


@pytest.mark.parametrize("where", ["html", "summary", "explain", "csv"])
def test_without_a_site_neither_verdicts_nor_disavowal_are_spoken_of(where: str) -> None:
    audit = factory.whole_graph()
    text = {
        "html": lambda: Page(render_html(audit)).text,
        "summary": lambda: summary(audit),
        "explain": lambda: (
            explained(audit, "dailyreview1.example") + explained(audit, audit.schemes[0].id)
        ),
        "csv": lambda: domains_csv(audit, pl.DataFrame(schema=LISTED)).decode().partition("\n")[2],
    }[where]()
    assert not re.search("disavow|verdict|manual action", text, re.IGNORECASE)


# --- words ------------------------------------------------------------------------------------


def test_no_report_ever_calls_anything_clean() -> None:
    for audit in (factory.bare(), factory.bare(coverage=factory.coverage("BL103"))):
        for text in (Page(render_html(audit)).text, summary(audit)):
            said = text.lower().replace("not proof of a clean profile", "")
            assert not re.search(r"\bclean\b|\bsafe\b|\bhealthy\b|no problems", said)


def test_rules_that_could_not_run_are_said_first() -> None:
    audit = factory.bare(coverage=factory.coverage("BL103", "BL201", "BL202"))
    lines = summary(audit).splitlines()
    assert lines[0].startswith("Nothing to do for shop.example on what could be checked")
    assert lines[1].startswith("3 of 11 rules could not run (3 not evaluable): BL103, BL201, BL202")
    assert "not proof of a clean profile" in lines[1]
    assert any("needs links among the sources" in line for line in lines)


@pytest.mark.parametrize("coverage", [[], factory.coverage(*(rule.id for rule in factory.rules()))])
def test_without_any_rule_run_there_is_no_verdict(coverage: list[Coverage]) -> None:
    audit = factory.bare(coverage=coverage)
    for text in (summary(audit), Page(render_html(audit)).text):
        assert "There is no verdict on shop.example" in text
        assert "nothing was checked" in text
        assert "Nothing to disavow" not in text
        assert "Nothing to do" not in text.replace("“Nothing to do”", "")
        assert "of 100" not in text


def test_a_whole_graph_in_which_nothing_ran_says_so() -> None:
    assert "Nothing can be said" in summary(factory.bare(profile=None, sites=[], coverage=[]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "unknown"),
        (0, "0"),
        (1234567, "1,234,567"),
        (12.0, "12"),
        (0.5, "0.5"),
        (1234.56789, "1,234.568"),
        (0.0000123, "1.2e-05"),
    ],
)
def test_numbers_for_people(value: float | None, text: str) -> None:
    assert number(value) == text


def test_unknown_counts_print_as_unknown_everywhere() -> None:
    audit = factory.rich()
    assert "Links unknown: followed unknown" in explained(audit, "seo-anomaly-1.example")
    assert model.detail_words({"pages": None, "deep": {"n": None}}) == [
        ("pages", "unknown"),
        ("deep", "n: unknown"),
    ]


def test_a_score_is_never_rounded_into_another_band() -> None:
    assert [model.score_text(s) for s in (39.96, 40.0, 69.7, 89.99, 5.73)] == [
        *("39.9", "40", "69.7", "89.9", "6"),
    ]


def test_orders() -> None:
    audit = factory.rich()
    assert [s.level for s in model.schemes_sorted(audit)] == [
        *("critical", "high", "high", "medium", "medium"),
    ]
    domains = model.domains_sorted(audit)
    assert [d.score for d in domains] == sorted((d.score for d in domains), reverse=True)
    assert model.verdict_counts(audit) == {"disavow": 20, "review": 65, "keep": 115}
    assert sum(model.band_counts(audit).values()) == 200
    assert model.scheme_sizes(audit.schemes[0], model.look_up(audit)) == (30, 20, 10)


@given(st.text())
def test_visible_text_holds_nothing_unseen(text: str) -> None:
    assert not set(visible(text)) & set(BIDI + "\x00\x1b\x7f\x9b\n\r\t\u200b\u2028")
    assert len(shorten(visible(text), 5)) <= 5


# --- waterfall --------------------------------------------------------------------------------


@given(st.lists(st.integers(-30_000, 30_000).map(lambda n: n / 1000), min_size=1, max_size=12))
def test_shown_points_add_up_exactly(points: list[float]) -> None:
    steps = [("BL201", f"group {i}", p) for i, p in enumerate(points)]
    result = factory.result("a.example", steps)
    bars = model.waterfall(result.waterfall, model.look_up(factory.bare()))
    hundredths = [round(100 * bar.points) for bar in bars]
    assert sum(hundredths) == round(100 * model.total_points(result))
    for bar, exact in zip(bars, points, strict=True):
        assert abs(bar.points - exact) <= 0.0101


def test_explain_prints_a_waterfall_that_sums_to_the_score() -> None:
    audit = factory.rich()
    text = explained(audit, "https://www.dailyreview2.example/some/page?x=1")
    steps = [float(x) for x in re.findall(r"\+(\d+\.\d+) +\d+\.\d\d$", text, re.MULTILINE)]
    total = float(re.search(r"^sum +(\S+)", text, re.MULTILINE).group(1))  # type: ignore[union-attr]
    assert steps == [26.0, 16.5, 14.0, 1.35]
    assert round(sum(steps), 2) == total
    assert f"= {100 / (1 + math.exp(-(total - 28) / 10)):.1f}, band critical." in text
    result = model.look_up(audit).domains["dailyreview2.example"]
    without = 100 / (1 + math.exp(-(total - 16.5 - 28) / 10))
    assert f"Without all infrastructure evidence (−16.5 points): score {without:.1f}" in text
    assert abs(result.score - model.score_of_points(model.total_points(result))) < 1e-9


def test_a_band_held_below_its_score_is_explained() -> None:
    result = factory.result("a.example", [("BL201", "co-target", 45.0)], band="medium")
    said = model.score_sentence(result)
    assert "= 84.6, band medium. Held at medium" in said
    assert "Held" not in model.score_sentence(factory.result("a.example", [("BL201", "x", 45.0)]))


def test_trust_never_lowers_below_no_evidence() -> None:
    steps = [("BL201", "co-target", 15.0), ("BL301", "anchors", 8.0), ("trust", "trust", -20.0)]
    found = {item.group: item.score for item in model.lowering(factory.result("a.example", steps))}
    assert found == {
        "co-target": pytest.approx(model.score_of_points(0)),
        "anchors": pytest.approx(model.score_of_points(0)),
    }


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        *(("link-wheel", "Link wheel"), ("link-ring", "Link ring"), ("link-farm", "Link farm")),
        *(("private-blog-network", "Private blog network"), ("directory-blast", "Directory blast")),
        *(("footprint-network", "Shared footprint"), ("subdomain-network", "Subdomain network")),
        ("something-new", "Something new"),
    ],
)
def test_every_kind_of_the_rules_has_a_name(kind: str, title: str) -> None:
    assert kind_title(factory.scheme(1, kind, "high", ["a.example"])) == title


@given(st.floats(-1e6, 1e6))
def test_scores_are_finite_and_within_bounds(points: float) -> None:
    assert 0 <= model.score_of_points(points) <= 100


# --- console ----------------------------------------------------------------------------------


def test_summary_fits_a_screen_and_lists_the_files(tmp_path: Path) -> None:
    audit = factory.rich()
    write_reports(audit, tmp_path, factory.referring(audit), False, {"disavow.txt": "x\n"})
    text = summary(audit, tmp_path)
    assert len(text.splitlines()) <= 24
    for said in (
        "takes the score from 83 to 21",
        "20 disavow, 65 review, 115 keep; 12 without a finding",
        "BL601, BL701 (needs links among the sources)",
        "3 of 3,469 input rows could not be used",
        "disavow.txt, domains.csv, report.html, report.json",
    ):
        assert said in text


def test_hostile_text_drives_neither_markup_nor_terminal() -> None:
    audit = factory.hostile()
    texts = [summary(audit), explained(audit, "evil3.example")]
    texts += [explained(audit, scheme.id) for scheme in audit.schemes]
    for text in texts:
        assert not set(text) & set(BIDI + "\x00\x1b\x07\r")
    assert "[bold]not bold[/bold]" in texts[1]


@slow
@given(audits)
def test_any_audit_prints(audit: Audit) -> None:
    summary(audit)
    for result in audit.domains:
        # An empty or malformed name cannot be asked for; whatever can be must print.
        explained(audit, result.domain)
    for scheme in audit.schemes:
        explained(audit, scheme.id)


def test_explain_says_what_held_the_verdict_and_what_would_be_innocent() -> None:
    text = explained(factory.rich(), "seo-anomaly-4.example")
    assert "What held the verdict" in text
    assert "80 % of the profile is branded" in text
    assert "The sites are language editions of one brand." in text
    assert "link: https://seo-anomaly-1.example/post-7 → https://seo-anomaly-2.example/" in text
    assert "false positive if: Clients of one designer" in text
    assert "Google spam policies, link spam" in text


def test_explain_of_a_target_accuses_nobody() -> None:
    text = explained(factory.rich(), "money-site.example")
    assert "receives links of dailyreview network" in text
    assert "carries no" in text
    assert "Waterfall" not in text


def test_explain_of_a_domain_without_findings_is_no_certificate() -> None:
    text = explained(factory.rich(), "quiet-1.example", "quiet-1.example")
    assert "No rule accused quiet-1.example. That is not a certificate." in text
    assert "BL601, BL701" in text


def test_explain_of_the_audited_site_gives_the_verdict() -> None:
    assert "Act: the link risk of shop.example" in explained(factory.rich(), "shop.example")


def test_explain_takes_a_schemes_name_and_a_target_url() -> None:
    audit = factory.rich()
    assert "Private blog network" in explained(audit, "dailyreview network")
    about = msgspec.structs.replace(
        factory.finding(99, "BL301", []), subject="https://shop.example/", subject_kind="target_url"
    )
    audit = msgspec.structs.replace(audit, findings=[*audit.findings, about])
    assert "About https://shop.example/" in explained(audit, "https://shop.example/")


@pytest.mark.parametrize(
    ("subject", "near"),
    [("dailyrevew7.example", "dailyreview7.example"), ("00000000006", "000000000006")],
)
def test_an_unknown_subject_names_the_nearest(subject: str, near: str) -> None:
    with pytest.raises(UsageError, match=near) as caught:
        explained(factory.rich(), subject)
    assert isinstance(caught.value, BacklintError)


def test_an_unknown_scheme_or_domain_is_an_error() -> None:
    audit = factory.rich()
    with pytest.raises(UsageError, match="dailyreview network"):
        printed(lambda a, c: render_explain_scheme(a, "dailyreview netwrk", c), audit)
    with pytest.raises(UsageError, match="not in this audit"):
        printed(lambda a, c: render_explain_domain(a, "qqqq", c), audit)


# --- pictures ---------------------------------------------------------------------------------


def test_every_kind_of_the_rich_audit_has_its_picture() -> None:
    audit = factory.rich()
    lookup = model.look_up(audit)
    drawn = {s.kind: picture(s, model.findings_of(s.findings, lookup)) for s in audit.schemes}
    assert all(drawn.values())
    captions = {kind: found.caption for kind, found in drawn.items() if found}
    assert "Each arrow is a link" in captions["ring"]
    assert "Members (rows) and targets (columns)" in captions["pbn"]
    assert "Tiers" in captions["pyramid"]
    assert "30 links on record" in captions["farm"]
    assert "findings (columns)" in captions["footprint"]


def test_a_picture_shows_no_link_that_is_not_on_record() -> None:
    ring = factory.scheme(1, "ring", "medium", ["a.example", "b.example", "c.example"])
    assert ring_path(model.participants(ring), [], []) == []
    assert "<line" not in (picture(ring, []) or ("",))[0]
    half = factory.finding(1, "BL103", [], [factory.link("a.example", "b.example")])
    assert known_edges(ring, [half]) == [("a.example", "b.example")]
    assert ring_path(model.participants(ring), [half], known_edges(ring, [half])) == []
    whole = [("a.example", "c.example"), ("c.example", "b.example"), ("b.example", "a.example")]
    assert ring_path(model.participants(ring), [], whole) == ["a.example", "c.example", "b.example"]


def test_a_wheel_says_how_many_of_its_spokes_are_drawn() -> None:
    rim = ["a.example", "b.example", "c.example"]
    members = [Member(node=n, role="member") for n in rim]
    wheel = factory.scheme(
        1, "wheel", "medium", rim, members=[*members, Member(node="t.example", role="target")]
    )
    circle = [factory.link(a, b) for a, b in zip(rim, [*rim[1:], rim[0]], strict=True)]
    spokes = [factory.link(n, "t.example") for n in rim]
    said = "Of the links to T1, 1 is among the examples kept here and drawn."
    for links, says in ((circle + spokes[:1], True), (circle + spokes, False)):
        drawn = picture(wheel, [factory.finding(1, "BL104", [], links)])
        assert drawn is not None
        assert (said in drawn.caption) == says
        assert ("Of the links to T1" in drawn.caption) == says


def test_several_sites_are_scored_together_and_have_lines_of_their_own() -> None:
    audit = factory.rich()
    together = "for all of them taken together"
    assert together not in model.verdict_sentence(audit)
    first = msgspec.structs.replace(audit.disavow[0], sites=["second.example"])
    both = msgspec.structs.replace(
        audit, sites=[*audit.sites, "second.example"], disavow=[first, *audit.disavow[1:]]
    )
    assert together in model.verdict_sentence(both)
    head = '<th scope="col">Line</th><th scope="col">Site</th>'
    assert head in render_html(both)
    assert '</code></td><td><bdi class="node">second.example</bdi></td>' in render_html(both)
    assert head not in render_html(audit)


def test_a_page_on_a_subdomain_counts_for_its_member() -> None:
    scheme = factory.scheme(
        1, "pbn", "high", ["a.example"], members=[Member(node="a.example", role="member")]
    )
    goal = msgspec.structs.replace(
        scheme, members=[*scheme.members, Member(node="t.example", role="target")]
    )
    ref = LinkRef(source_url="https://blog.a.example:8080/x", target_url="http://www.t.example/")
    assert known_edges(goal, [factory.finding(1, "BL201", [], [ref])]) == [
        ("a.example", "t.example")
    ]


# --- all of it --------------------------------------------------------------------------------


def test_write_reports_writes_whole_files_and_no_empty_disavow_file(tmp_path: Path) -> None:
    audit = factory.bare()
    paths = write_reports(audit, tmp_path, factory.referring(audit), True, {})
    assert [path.name for path in paths] == ["report.json", "report.html", "domains.csv"]
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(path.name for path in paths)
    text = "domain:a.example\n"
    paths = write_reports(audit, tmp_path, factory.referring(audit), True, {"disavow.txt": text})
    assert (tmp_path / "disavow.txt").read_bytes() == text.encode()
    assert paths[-1].name == "disavow.txt"


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    audit = factory.rich()
    contents = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        rows = factory.referring(audit)
        paths = write_reports(audit, folder, rows if name == "a" else rows.reverse(), True, {})
        contents.append([path.read_bytes() for path in paths])
    assert contents[0] == contents[1]


def test_findings_about_the_profile_stand_in_page_and_console() -> None:
    """What no scheme and no domain shows would be lost otherwise."""
    audit = factory.rich()
    told = msgspec.structs.replace(
        audit.findings[0],
        id="0f1e2d3c4b5a",
        rule="BL601",
        subject_kind="profile",
        subject="shop.com",
        domains=["one.com", "two.com"],
        level="medium",
        says="12 domains <b>began</b> in one week",
    )
    quiet = msgspec.structs.replace(told, id="1f1e2d3c4b5a", level="info", says="a quiet remark")
    named = msgspec.structs.replace(
        told, id="2f1e2d3c4b5a", subject_kind="domain", says="told of a domain"
    )
    nobody = msgspec.structs.replace(named, id="3f1e2d3c4b5a", domains=[], says="of nobody")
    audit = msgspec.structs.replace(audit, findings=[told, quiet, named, nobody])
    assert [f.id[0] for f in model.findings_about_no_one(audit)] == ["0", "3", "1"]
    page = render_html(audit, True)
    assert "12 domains &lt;b&gt;began&lt;/b&gt; in one week" in page
    assert "a quiet remark" in page
    assert "of nobody" in page
    section = page[page.index('id="others"') : page.index('id="domains"')]
    assert "told of a domain" not in section
    assert "one.com" in section
    console = Console(record=True, width=200, file=io.StringIO())
    render_summary(audit, console, Path("nowhere"))
    shown = console.export_text()
    assert "BL601 medium: 12 domains <b>began</b> in one week" in shown
    assert "a quiet remark" not in shown
