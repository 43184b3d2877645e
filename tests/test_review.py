"""The review: what its rows say, that nothing in it is live, and that it can be worked in."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import fastexcel
import msgspec
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import audit_factory as factory
from backlint.findings import Audit, Decision
from backlint.report import review
from backlint.report.review import COLUMNS, cell, review_rows, stamp, with_review
from backlint.risk.decide import decide
from strategies import HOSTILE

NAMES = [column.name for column in COLUMNS]
FORMULA = re.compile("[\\s\u200b\u202e\ufeff]*[=+@＝＋＠－﹢﹣﹦﹫−-]")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def files(audit: Audit) -> dict[str, bytes]:
    return with_review(audit, factory.referring(audit))[1]


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def rows_of(audit: Audit) -> list[dict[str, str]]:
    return table(files(audit)["review.csv"])


def sheet(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return ElementTree.fromstring(archive.read(name))


def protected_one() -> Audit:
    """An audit of two domains outside every scheme, one of them on the allow-list."""
    steps = [("BL201", "co-target", 26.0), ("BL301", "anchors", 20.0)]
    return factory.bare(
        domains=[
            factory.result("bad.example", steps, links=30, followed=20, nofollow=10, credit=20),
            factory.result(
                "friend.example", steps, links=3, verdict="keep", priority=None,
                protected="on the allow-list: friend.example", guards=["on the allow-list"],
                decided=Decision(ruling="keep", date="2026-10-01"), machine="keep",
            ),
        ]
    )  # fmt: skip


# --- the rows -------------------------------------------------------------------------------------


def test_a_scheme_comes_before_its_members_and_counts_them() -> None:
    rows = rows_of(factory.rich())
    first = rows[0]
    assert (first["row"], first["id"]) == ("scheme", "000000000009")
    assert first["name"] == "dailyreview network"
    # links are 3, 6, ... 87 of thirty members, two thirds of them followed; points by hand:
    # 26 + 14 + 1.35 = 41.35 gives 79 (disavow), 27.35 gives 48 (review)
    assert first["machine"] == "20 disavow, 10 review"
    assert (first["domains"], first["links"], first["followed"]) == ("30", "1305", "870")
    assert first["followed share"] == "0.6667"
    assert first["why"].startswith("30 sources share 3 targets that at most 33 other domains")
    assert "All of them credit the same designer or theme" in first["innocent if"]
    assert first["policy"] == (
        "link spam: content made mainly to manipulate linking signals; link spam: optimized "
        "anchors in articles, guest posts or press releases on other sites (named in older copies "
        "of the policy page)"
    )
    members = rows[1:31]
    assert {row["row"] for row in members} == {"domain"}
    assert {row["id"] for row in members} == {first["id"]}
    assert {row["name"] for row in members} == {f"dailyreview{i}.example" for i in range(1, 31)}
    assert all(row["decision"] == row["reason"] == "" for row in rows)
    scores = [float(row["score"]) for row in members]
    assert scores == sorted(scores, reverse=True)


def test_a_member_does_not_repeat_its_scheme_and_unknown_is_not_zero() -> None:
    rows = rows_of(factory.rich())
    member = next(row for row in rows if row["name"] == "dailyreview1.example")
    assert member["why"].startswith("shared rare targets (BL201, co-target) +26.0; ")
    assert member["policy"] == ""
    assert "Clients of one designer share credits and blog-rolls" in member["innocent if"]
    farm = next(row for row in rows if row["id"] == "000000000007")
    assert (farm["links"], farm["followed"], farm["followed share"]) == ("unknown",) * 3
    assert farm["first seen"] == "unknown"


def test_only_members_that_link_to_the_site_have_rows() -> None:
    audit = factory.rich()
    quiet = [
        msgspec.structs.replace(d, verdict=None) if d.domain == "mosswater.example" else d
        for d in audit.domains
    ]
    names = [row["name"] for row in rows_of(msgspec.structs.replace(audit, domains=quiet))]
    assert "mosswater.example" not in names
    assert "oak-and-fern.example" in names
    assert "money-site.example" not in names  # a target is not accused


def test_what_stands_alone_comes_last_where_it_asks_for_a_person() -> None:
    audit = factory.rich()
    more = [
        factory.result("alone-bad.example", [("BL201", "co-target", 60.0)], links=1),
        factory.result("alone-odd.example", [("BL201", "co-target", 27.0)], links=1),
        factory.result("alone-fine.example", [("BL201", "co-target", 3.0)], links=1),
    ]
    rows = rows_of(msgspec.structs.replace(audit, domains=[*audit.domains, *more]))
    assert [(row["id"], row["name"], row["machine"]) for row in rows[-2:]] == [
        ("", "alone-bad.example", "disavow"),
        ("", "alone-odd.example", "review"),
    ]
    assert not any(row["name"] in ("alone-fine.example", "plain-site-1.example") for row in rows)


def test_without_a_site_there_is_nothing_to_decide() -> None:
    audit = factory.whole_graph()
    assert with_review(audit, factory.referring(audit)) == (audit, {})


def test_first_seen_is_that_of_the_links() -> None:
    audit = factory.rich()
    listed = pl.DataFrame(
        {"domain": ["dailyreview2.example", "dailyreview3.example"],
         "first_seen": ["2026-03-04", "2025-12-31"]}
    )  # fmt: skip
    rows = table(with_review(audit, listed)[1]["review.csv"])
    seen = {row["name"]: row["first seen"] for row in rows}
    assert seen["dailyreview2.example"] == "2026-03-04"
    assert seen["dailyreview network"] == "2025-12-31"


def test_earlier_decisions_stand_where_they_were_taken() -> None:
    audit = factory.rich()
    keep = Decision(ruling="keep", date="2026-10-01", reason="a fair")
    ring = ["north-garden.example", "oak-and-fern.example", "mosswater.example", "fieldkit.example"]
    whole = decide(audit.domains, dict.fromkeys(ring, keep))
    rows = rows_of(msgspec.structs.replace(audit, domains=whole))
    told = [(r["name"], r["decision"], r["reason"]) for r in rows if r["id"] == "000000000002"]
    assert told[0][1:] == ("keep", "a fair")  # of all, so in the scheme's row
    assert {row[1:] for row in told[1:]} == {("", "")}
    part = decide(audit.domains, {ring[0]: keep, "plain-site-9.example": keep})
    rows = rows_of(msgspec.structs.replace(audit, domains=part))
    told = [(r["name"], r["decision"], r["reason"]) for r in rows if r["decision"]]
    assert told == [
        ("north-garden.example", "keep", "a fair"),
        ("plain-site-9.example", "keep", "a fair"),
    ]
    why = next(r["why"] for r in rows if r["name"] == ring[0])
    assert why.startswith("Decided by you on 2026-10-01: keep: a fair. The machine would say")


def test_the_stamp_tells_audits_apart() -> None:
    audit = factory.rich()
    assert {row["audit"] for row in rows_of(audit)} == {stamp(audit)}
    assert stamp(audit).startswith("shop.example 2026-11-01 ")
    replace = msgspec.structs.replace
    decided = decide(audit.domains, {audit.domains[0].domain: Decision(ruling="keep", date="x")})
    others = [
        replace(audit, as_of="2026-11-02"),
        replace(audit, sites=["other.example"]),
        replace(audit, schemes=audit.schemes[1:]),
        replace(audit, domains=audit.domains[1:]),
        replace(audit, domains=decided),
    ]
    assert len({stamp(audit), *map(stamp, others)}) == 6
    assert stamp(replace(audit, inputs=[], notes=["x"])) == stamp(audit)


# --- nothing in it is live ------------------------------------------------------------------------


def texts(data: bytes) -> list[str]:
    """Every text of a workbook, as a spreadsheet program gets it."""
    book = fastexcel.read_excel(data)
    found = []
    for name in book.sheet_names:
        frame = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
        found += [text for row in frame.iter_rows() for text in row if text]
    return found


def test_no_cell_begins_a_formula_or_holds_a_control_character() -> None:
    written = files(factory.hostile())
    cells = [text for row in table(written["review.csv"]) for text in row.values()]
    for text in [*cells, *texts(written["review.xlsx"])]:
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert not FORMULA.match(text), text
    assert any(text.startswith("'=cmd") for text in cells)


def test_the_workbook_holds_no_formula_no_link_and_no_macro() -> None:
    data = files(factory.hostile())["review.xlsx"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        raw = b"".join(archive.read(name) for name in names if name.startswith("xl/worksheets"))
    assert b"<f>" not in raw
    assert b"hyperlink" not in raw
    assert not any("vba" in name or "external" in name.lower() for name in names)


def test_workbook_and_csv_hold_the_same_rows() -> None:
    for audit in (factory.rich(), factory.hostile(), protected_one()):
        written = files(audit)
        frame = fastexcel.read_excel(written["review.xlsx"]).load_sheet(
            "Review", header_row=None, skip_rows=0, dtypes="string"
        ).to_polars()  # fmt: skip
        rows = [[text or "" for text in row] for row in frame.iter_rows()]
        plain = list(csv.reader(io.StringIO(written["review.csv"].decode(), newline="")))
        numbers = {NAMES.index(c.name) for c in COLUMNS if c.number}
        assert len(rows) == len(plain)
        for one, other in zip(rows, plain, strict=True):
            for index, (a, b) in enumerate(zip(one, other, strict=True)):
                assert a == b or (index in numbers and float(a) == float(b))


@given(st.text(st.characters() | st.sampled_from(HOSTILE + "=+-@'|_x0041"), max_size=60))
@example("=" * 1000)
@example("-" + "a" * 998)
@example("\ufffe\uffff")
def test_a_cell_is_safe_and_done_twice_the_same(text: str) -> None:
    once = cell(text)
    assert cell(once) == once
    assert len(once) <= 1000
    assert not FORMULA.match(once)


def test_odd_characters_leave_a_workbook_that_opens() -> None:
    odd = "\ufffe\uffff _x0041_ \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")
    audit = msgspec.structs.replace(factory.rich(), schemes=[
        msgspec.structs.replace(s, evidence=[odd]) for s in factory.rich().schemes
    ])  # fmt: skip
    assert any("_x0041_" in text for text in texts(files(audit)["review.xlsx"]))


# --- it can be worked in --------------------------------------------------------------------------


def test_the_sheet_is_made_for_work() -> None:
    audit = factory.rich()
    root = sheet(files(audit)["review.xlsx"])
    pane = root.find(f".//{MAIN}pane")
    assert pane is not None
    assert (pane.get("topLeftCell"), pane.get("state")) == ("D2", "frozen")
    count = len(list(review_rows(audit, {})))
    auto = root.find(f"{MAIN}autoFilter")
    assert auto is not None
    assert auto.get("ref") == f"A1:S{count + 1}"
    levels = [row.get("outlineLevel") for row in root.iter(f"{MAIN}row")]
    assert levels[:3] == [None, None, "1"]  # header, scheme, member
    outline = root.find(f"{MAIN}sheetPr/{MAIN}outlinePr")
    assert outline is not None
    assert outline.get("summaryBelow") == "0"
    setup = root.find(f"{MAIN}pageSetup")
    assert setup is not None
    assert (setup.get("orientation"), setup.get("fitToHeight")) == ("landscape", "0")
    hidden = [c.get("min") for c in root.iter(f"{MAIN}col") if c.get("hidden")]
    assert hidden == [str(NAMES.index("audit") + 1)]
    widths = [float(c.get("width", "0")) for c in root.iter(f"{MAIN}col")]
    assert all(5 < width < 70 for width in widths)


def test_a_protected_row_offers_no_disavow() -> None:
    root = sheet(files(protected_one())["review.xlsx"])
    offered = {
        str(rule.get("sqref")): rule.findtext(f"{MAIN}formula1")
        for rule in root.iter(f"{MAIN}dataValidation")
    }
    assert offered == {"E2": '"disavow,keep,review"', "E3": '"keep,review"'}
    rows = rows_of(protected_one())
    assert [row["machine"] for row in rows] == ["disavow", "protected"]
    assert "on the allow-list" in rows[1]["why"]


def test_the_same_audit_gives_the_same_bytes_and_the_report_knows_them() -> None:
    audit = factory.rich()
    known, first = with_review(audit, factory.referring(audit))
    assert files(audit) == first
    assert sorted(known.files) == ["review.csv", "review.xlsx"]


def test_more_rows_than_a_sheet_holds_are_written_as_csv_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    audit = factory.rich()
    count = len(list(review_rows(audit, {})))
    monkeypatch.setattr(review, "MAX_ROWS", count + 1)  # with the header it just fits
    assert sorted(files(audit)) == ["review.csv", "review.xlsx"]
    monkeypatch.setattr(review, "MAX_ROWS", count)
    assert sorted(files(audit)) == ["review.csv"]
    assert len(rows_of(audit)) == count


def test_nothing_found_is_a_review_without_rows() -> None:
    assert rows_of(factory.bare()) == []
    assert "How to" in fastexcel.read_excel(files(factory.bare())["review.xlsx"]).sheet_names
