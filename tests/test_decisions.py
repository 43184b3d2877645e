"""Decisions: taken from a review, remembered, and stronger than the machine but not than guards."""

import csv
import datetime
import hashlib
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import audit_factory as factory
from backlint import folder
from backlint.decisions.allow import Allowed, parse_allowed, protected
from backlint.decisions.apply import apply, fresh
from backlint.decisions.memory import Entry, read_memory, remember, standing
from backlint.decisions.sheet import read_review
from backlint.decisions.take import Taken, take
from backlint.disavow.file import parse
from backlint.disavow.guards import Guards, keeping, refusal
from backlint.disavow.plan import render
from backlint.errors import InputError, UsageError
from backlint.findings import Audit, Decision
from backlint.report.json import read_json
from backlint.report.review import COLUMNS, name_of, stamp, with_review
from backlint.risk.assess import disavow_lines
from backlint.risk.decide import decide
from strategies import domains as domain_names
from strategies import hostile_text
from test_cli import SAMPLES, audit, here, one_message, put, run  # noqa: F401

DAY = datetime.date(2026, 11, 23)
NAMES = [column.name for column in COLUMNS]
SITE = "pendleighrowtents.net"

Row = dict[str, str]


# --- reviews as people leave them -----------------------------------------------------------------


def read_rows(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))


def as_csv(header: Sequence[str], rows: Sequence[Row], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_workbook(header: Sequence[str], rows: Sequence[Row], sheet: str = "Review") -> bytes:
    """A workbook as another program saves it: another sheet before it, plain texts, gaps."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    book.add_worksheet("My notes").write_string(0, 0, "call them on Monday")
    page = book.add_worksheet(sheet)
    for number, texts in enumerate([dict(zip(header, header, strict=True)), *rows]):
        for index, name in enumerate(header):
            if texts.get(name):
                page.write_string(number, index, texts[name])
    book.close()
    return out.getvalue()


def written(found: Audit) -> list[Row]:
    """The rows of the review of an audit."""
    return read_rows(with_review(found, factory.referring(found))[1]["review.csv"])


def taken(found: Audit, rows: Sequence[Row], folder: Path, header: Sequence[str] = NAMES) -> Taken:
    path = put(folder, as_csv(header, rows), "review.csv")
    return take(read_review(path), found, path, DAY)


def fill(rows: Sequence[Row], name: str, decision: str, reason: str = "") -> list[Row]:
    """Decide in every row of a name."""
    assert any(row["name"] == name for row in rows)
    new = {"decision": decision, "reason": reason}
    return [row | new if row["name"] == name else row for row in rows]


def said(result: Taken) -> dict[str, tuple[str, str]]:
    found = {}
    for entry in result.entries:
        for domain in entry.domains:
            assert domain not in found
            found[domain] = (entry.decision, entry.reason)
    return found


GUILTY = [("BL201", "co-target", 26.0), ("BL301", "anchors", 20.0)]  # 46 points: 86, disavow
ODD = [("BL201", "co-target", 30.0)]  # 55, review
FINE = [("BL407", "lexical+TLD", 3.0)]  # 8, keep


def made(
    verdicts: dict[str, str], schemes: dict[str, list[str]], shielded: Sequence[str] = ()
) -> Audit:
    """Return an audit of domains with these verdicts, some of them protected."""
    steps = {"disavow": GUILTY, "review": ODD, "keep": FINE}
    results = [
        factory.result(
            node, steps[verdict], links=2, followed=2, credit=2, findings=["f1"],
            schemes=[s for s, nodes in schemes.items() if node in nodes],
            **({"verdict": "keep", "priority": None, "protected": f"own site {node}"}
               if node in shielded else {}),
        )
        for node, verdict in verdicts.items()
    ]  # fmt: skip
    found = factory.bare(
        domains=results,
        schemes=[
            msgspec.structs.replace(factory.scheme(1, "pbn", "high", nodes), id=scheme, name=scheme)
            for scheme, nodes in schemes.items()
        ],
    )
    return msgspec.structs.replace(found, disavow=disavow_lines(found.domains, found.schemes))


def lines(found: Audit, *shielded: str) -> set[str]:
    """The directives of an audit's disavow file."""
    decided = {r.domain: r.decided for r in found.domains if r.decided}
    guards = keeping(Guards(own=frozenset(shielded)), decided)
    rendered = render(found.disavow, None, guards)
    return set(parse(rendered.text.encode()).directives()) if rendered else set()


# --- taking: what beats what ----------------------------------------------------------------------

CAUTION = ["keep", "review", "disavow"]
WORDS = ["", "", "disavow", "keep", "review"]


class Case(NamedTuple):
    """An audit, and what a person wrote into its rows."""

    audit: Audit
    schemes: dict[str, list[str]]
    shielded: list[str]
    by_scheme: dict[str, str]
    by_domain: dict[str, str]


@st.composite
def cases(draw: Callable[[Any], Any]) -> Case:
    nodes = [f"d{i}.example" for i in range(draw(st.integers(1, 7)))]
    verdicts = {node: draw(st.sampled_from(CAUTION)) for node in nodes}
    schemes = {
        f"S-{i}": draw(st.lists(st.sampled_from(nodes), min_size=1, unique=True))
        for i in range(draw(st.integers(0, 3)))
    }
    shielded = draw(st.lists(st.sampled_from(nodes), max_size=2, unique=True))
    return Case(
        made(verdicts, schemes, shielded),
        schemes,
        shielded,
        {scheme: draw(st.sampled_from(WORDS)) for scheme in schemes},
        {node: draw(st.sampled_from(WORDS)) for node in nodes},
    )


def wanted(case: Case, node: str) -> str:
    """What a person wants of a domain, by the rules of the documentation; "" is the machine's."""
    if case.by_domain[node]:
        return case.by_domain[node]
    from_schemes = [case.by_scheme[s] for s, nodes in case.schemes.items() if node in nodes]
    return next((word for word in CAUTION if word in from_schemes), "")


def filled(case: Case) -> list[Row]:
    rows = written(case.audit)
    shown = {row["name"] for row in rows if row["row"] == "domain"}
    rows += [  # a person may add a domain that has a finding and no row
        {"row": "domain", "id": "", "name": node, "decision": "", "reason": "",
         "audit": stamp(case.audit)}
        for node in case.by_domain if node not in shown
    ]  # fmt: skip
    return [
        row | {"decision": case.by_scheme[row["id"]] if row["row"] == "scheme"
               else case.by_domain[row["name"]]}
        for row in rows
    ]  # fmt: skip


@given(cases())
def test_a_persons_decision_wins_in_both_directions_but_not_over_guards(case: Case) -> None:
    rows = filled(case)
    path = Path("review.csv")
    if not rows:
        return
    result = take(
        [*_read(as_csv(NAMES, rows))],
        case.audit, path, DAY,
    )  # fmt: skip
    decided = apply(case.audit, result.entries)
    machine = lines(case.audit, *case.shielded)
    mine = lines(decided, *case.shielded)
    for before, after in zip(case.audit.domains, decided.domains, strict=True):
        node, want = before.domain, wanted(case, before.domain)
        line = f"domain:{node}"
        assert (after.score, after.band, after.waterfall) == (
            before.score, before.band, before.waterfall,
        )  # fmt: skip
        if node in case.shielded:
            assert line not in mine
            assert (any(node in told for told in result.refused)) == (want == "disavow")
        elif want:
            assert after.verdict == want
            assert (line in mine) == (want == "disavow")
            assert after.machine == before.verdict
        else:
            assert after.verdict == before.verdict
            assert (line in mine) == (line in machine)
        if want in ("keep", "review"):
            assert line not in mine  # a keep never adds a line
    new = {line.directive for line in decided.disavow}
    assert all(line.findings for line in decided.disavow)  # each is traceable
    assert mine <= new


def _read(data: bytes, name: str = "review.csv") -> list[Any]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return read_review(put(Path(folder), data, name))


@given(cases(), st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=max(20, settings().max_examples // 3))
def test_sorted_moved_and_widened_it_says_the_same(
    case: Case, chance: random.Random, workbook: bool
) -> None:
    rows = filled(case)
    if not rows:
        return
    plain = take(_read(as_csv(NAMES, rows)), case.audit, Path("a"), DAY)
    header = [*NAMES, "my notes", "who"]
    chance.shuffle(header)
    messy: list[Row] = [row | {"who": "Ann", "decision": _odd(row["decision"], chance)}
                        for row in rows]  # fmt: skip
    chance.shuffle(messy)
    messy.insert(chance.randrange(len(messy) + 1), {})
    messy.append({"my notes": "done on Friday"})
    data = as_workbook(header, messy) if workbook else as_csv(header, messy, ";")
    other = take(_read(data), case.audit, Path("a"), DAY)
    assert said(other) == said(plain)
    assert len(other.refused) == len(plain.refused)


def _odd(word: str, chance: random.Random) -> str:
    return chance.choice([word, word.upper(), f" {word.title()} ", f"{word}\xa0"])


@given(cases())
def test_an_unedited_review_decides_nothing(case: Case) -> None:
    nothing = Taken([], [])
    data = with_review(case.audit, factory.referring(case.audit))[1]
    for name in ("review.csv", "review.xlsx"):
        assert take(_read(data[name], name), case.audit, Path(name), DAY) == nothing
    assert lines(apply(case.audit, [])) == lines(case.audit)


@given(cases())
@settings(max_examples=max(20, settings().max_examples // 3))
def test_decisions_come_back_in_the_next_review(case: Case) -> None:
    """What was decided is shown, an unedited second review changes nothing, clearing undoes it."""
    rows = filled(case)
    if not rows:
        return
    first = take(_read(as_csv(NAMES, rows)), case.audit, Path("a"), DAY).entries
    again = apply(case.audit, first)
    assert apply(again, first) == again
    second = written(again)
    assert take(_read(as_csv(NAMES, second)), again, Path("a"), DAY) == Taken([], [])
    cleared = [row | {"decision": "", "reason": ""} for row in second]
    back = take(_read(as_csv(NAMES, cleared)), again, Path("a"), DAY).entries
    assert {entry.decision for entry in back} <= {"undecided"}
    undone = apply(again, [*first, *back])
    assert undone.domains == [
        msgspec.structs.replace(result, machine=None) for result in case.audit.domains
    ]


def test_hostile_names_come_back_as_themselves() -> None:
    found = factory.hostile()
    rows = written(found)
    assert take(_read(as_csv(NAMES, rows)), found, Path("a"), DAY) == Taken([], [])
    node = "evil4.example"
    result = take(_read(as_csv(NAMES, fill(rows, node, "keep", '=HYPERLINK("x")'))), found,
                  Path("a"), DAY)  # fmt: skip
    assert said(result) == {node: ("keep", '=HYPERLINK("x")')}


# --- taking: details ------------------------------------------------------------------------------


def three() -> Audit:
    """Two schemes that share b.example, and c.example in the second only."""
    return made(
        {"a.example": "disavow", "b.example": "disavow", "c.example": "review"},
        {"S-1": ["a.example", "b.example"], "S-2": ["b.example", "c.example"]},
    )


def test_the_more_cautious_scheme_holds(tmp_path: Path) -> None:
    rows = fill(fill(written(three()), "S-1", "keep", "a fair"), "S-2", "disavow", "sold")
    assert said(taken(three(), rows, tmp_path)) == {
        "a.example": ("keep", "a fair"),
        "b.example": ("keep", "a fair"),
        "c.example": ("disavow", "sold"),
    }
    result = taken(three(), fill(rows, "b.example", "disavow", "I know them"), tmp_path)
    assert said(result)["b.example"] == ("disavow", "I know them")


def test_a_domain_in_two_rows_may_be_decided_in_one_of_them(tmp_path: Path) -> None:
    rows = written(three())
    first, second = (n for n, row in enumerate(rows) if row["name"] == "b.example")
    rows[first]["decision"] = "keep"
    assert said(taken(three(), rows, tmp_path)) == {"b.example": ("keep", "")}
    rows[second]["decision"] = "disavow"
    with pytest.raises(InputError) as raised:
        taken(three(), rows, tmp_path)
    # rows of a spreadsheet count from 1, and the header is the first
    where = f"in the rows {first + 2} and {second + 2}; clear one"
    assert str(raised.value) == (
        f"{tmp_path / 'review.csv'}:{second + 2}: b.example is decided in two ways, {where}"
    )


def test_a_new_word_beats_an_earlier_one_in_the_other_row(tmp_path: Path) -> None:
    keep = Entry(decision="keep", domains=["b.example"], date=DAY)
    found = apply(three(), [keep])
    rows = written(found)
    assert [row["decision"] for row in rows if row["name"] == "b.example"] == ["keep", "keep"]
    first = next(row for row in rows if row["name"] == "b.example")
    rows = [row | {"decision": "disavow"} if row is first else row for row in rows]
    assert said(taken(found, rows, tmp_path)) == {"b.example": ("disavow", "")}


def test_a_scheme_decided_anew_over_a_member_that_says_otherwise_is_asked_about(
    tmp_path: Path,
) -> None:
    """The cell of the member still holds the word of before: neither can be meant for sure."""
    found = apply(three(), [Entry(decision="keep", domains=["a.example"], date=DAY)])
    rows = fill(written(found), "S-1", "disavow", "they sell links")
    place = next(n for n, row in enumerate(rows) if row["id"] == row["name"] == "S-1")
    with pytest.raises(InputError) as raised:
        taken(found, rows, tmp_path)
    assert str(raised.value).startswith(
        f"{tmp_path / 'review.csv'}:{place + 2}: says disavow, but an earlier decision stands in "
        "the rows of a.example; change or clear"
    )
    cleared = [row | {"decision": ""} if row["row"] == "domain" else row for row in rows]
    assert said(taken(found, cleared, tmp_path)) == {
        "a.example": ("disavow", "they sell links"),
        "b.example": ("disavow", "they sell links"),
    }
    same = fill(written(found), "S-1", "keep", "")
    assert said(taken(found, same, tmp_path)) == {"b.example": ("keep", "")}


def test_an_entry_says_where_it_was_taken(tmp_path: Path) -> None:
    rows = fill(fill(written(three()), "S-1", "keep", "a fair"), "c.example", "disavow")
    entries = taken(three(), rows, tmp_path).entries
    assert [(e.decision, e.domains, e.scheme, e.sites, e.date) for e in entries] == [
        ("keep", ["a.example", "b.example"], "S-1", ["shop.example"], DAY),
        ("disavow", ["c.example"], "S-2", ["shop.example"], DAY),
    ]


def test_a_reason_alone_decides_nothing_and_is_told(tmp_path: Path) -> None:
    rows = fill(written(three()), "c.example", "", "ask the client")
    result = taken(three(), rows, tmp_path)
    assert result.entries == []
    assert result.refused == [
        f"{tmp_path / 'review.csv'}: reasons without a decision were not noted, in the rows 7"
    ]


def test_rows_that_were_deleted_say_nothing(tmp_path: Path) -> None:
    found = apply(three(), [Entry(decision="keep", domains=["a.example"], date=DAY)])
    rows = [row for row in written(found) if row["name"] != "a.example"]
    assert taken(found, rows, tmp_path) == Taken([], [])


def test_clearing_a_cell_after_it_was_taken_takes_it_back(tmp_path: Path) -> None:
    rows = fill(fill(written(three()), "S-1", "keep", "a fair"), "c.example", "disavow")
    path = put(tmp_path, as_csv(NAMES, rows), "review.csv")
    first = take(read_review(path), three(), path, DAY).entries
    assert take(read_review(path), three(), path, DAY, first) == Taken([], [])
    by_hand = Entry(decision="keep", domains=["c.example"], date=DAY)  # of no review
    assert take(read_review(path), three(), path, DAY, [*first, by_hand]) == Taken([], [])
    path = put(tmp_path, as_csv(NAMES, fill(rows, "S-1", "")), "review.csv")
    back = take(read_review(path), three(), path, DAY, first).entries
    assert [(e.decision, e.domains) for e in back] == [("undecided", ["a.example", "b.example"])]
    left = apply(three(), [*first, *back]).domains
    assert [r.decided and r.decided.ruling for r in left] == [None, None, "disavow"]
    path = put(tmp_path, as_csv(NAMES, fill(rows, "c.example", "")), "review.csv")
    assert take(read_review(path), three(), path, DAY, [*first, by_hand]) == Taken([], [])
    blank = put(tmp_path, as_csv(NAMES, written(three())), "review.csv")
    assert take(read_review(blank), three(), blank, DAY, [by_hand]) == Taken([], [])
    gone = put(tmp_path, as_csv(NAMES, written(three())[:3]), "review.csv")  # S-1 and its members
    assert [e.domains for e in take(read_review(gone), three(), gone, DAY, first).entries] == [
        ["a.example", "b.example"]
    ]


def test_the_native_form_and_a_url_name_a_domain(tmp_path: Path) -> None:
    found = made({"xn--bcher-kva.example": "disavow"}, {})
    row = written(found)[0]
    assert row["name"] == "xn--bcher-kva.example (bücher.example)"
    for name in (row["name"], "xn--bcher-kva.example", "bücher.example", "https://Bücher.example/"):
        result = taken(found, [row | {"name": name, "decision": "keep"}], tmp_path)
        assert list(said(result)) == ["xn--bcher-kva.example"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decision": "dissavow"}, "'dissavow' is no decision; did you mean 'disavow'?; write"),
        (
            {"name": "c.exmple"},
            "'c.exmple' is no domain with a finding in this audit; did you mean",
        ),
        ({"id": "S-9"}, "'S-9' is no scheme of this audit"),
        ({"id": "S-1"}, "c.example is not in S-1; were single columns sorted without the others?"),
        ({"row": "scheme", "id": ""}, "a scheme without its id"),
        ({"row": "scheme"}, "S-2 is called 'S-2', not 'c.example'"),
        ({"row": "total", "decision": "keep"}, "row is 'total'; it says scheme or domain"),
        ({"name": "https://c.example/one-page"}, "'https://c.example/one-page' is no domain with"),
        ({"audit": "shop.example 2020-01-01 0123"}, "this row is of the audit 'shop.example 2020"),
    ],
)
def test_what_cannot_be_understood_names_file_and_row(
    tmp_path: Path, change: Row, message: str
) -> None:
    rows = written(three())
    assert rows[-1]["name"] == "c.example"
    with pytest.raises(InputError) as raised:
        taken(three(), [*rows[:-1], rows[-1] | change], tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'review.csv'}:{len(rows) + 1}: {message}")


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    rows = [row | {"decision": "maybe"} for row in written(three())]
    with pytest.raises(InputError) as raised:
        taken(three(), rows, tmp_path)
    assert [line.split(":")[1] for line in str(raised.value).splitlines()] == list("234567")


@pytest.mark.parametrize("name", ["row", "id", "name", "decision", "reason", "audit"])
def test_a_column_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    header = [column for column in NAMES if column != name]
    rows = [{k: v for k, v in row.items() if k != name} for row in written(three())]
    with pytest.raises(InputError, match=r"no header of a review|the column '\w+' is missing"):
        taken(three(), rows, tmp_path, header)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "has no header of a review"),
        (b"PK\x03\x04rubbish", "cannot be read as a workbook"),
        (b"domain:a.example\n", "has no header of a review"),
        (b"row,name,decision\n\xff\xfe", "is neither a workbook nor UTF-8 text"),
    ],
)
def test_a_file_that_is_no_review(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_review(put(tmp_path, data, "review.xlsx"))
    with pytest.raises(InputError, match="cannot be read"):
        read_review(tmp_path / "nowhere.xlsx")


def test_other_encodings_and_a_title_above_are_read(tmp_path: Path) -> None:
    rows = fill(written(three()), "c.example", "keep", "Grüße")
    text = as_csv(NAMES, rows, "\t").decode("utf-8-sig")
    for data in (text.encode("utf-16"), b"Review of the shop\r\n\r\n" + text.encode()):
        path = put(tmp_path, data, "review.txt")
        assert said(take(read_review(path), three(), path, DAY)) == {"c.example": ("keep", "Grüße")}
    path = put(tmp_path, as_workbook(NAMES, rows, "Tabelle1"), "r.xlsx")
    assert said(take(read_review(path), three(), path, DAY)) == {"c.example": ("keep", "Grüße")}


# --- the memory -----------------------------------------------------------------------------------


@st.composite
def entries(draw: Callable[[Any], Any]) -> Entry:
    from backlint.disavow.file import clean

    days = st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
    return Entry(
        decision=draw(st.sampled_from(["disavow", "keep", "review", "undecided"])),
        domains=draw(st.lists(domain_names(), min_size=1, max_size=3)),
        date=draw(days),
        until=draw(st.none() | days),
        reason=clean(draw(hostile_text() | st.text())),
        scheme=clean(draw(st.text(max_size=20))),
        audit=clean(draw(st.text(max_size=20))),
        sites=draw(st.lists(domain_names(), max_size=2)),
    )


@given(st.lists(entries(), min_size=1, max_size=4), st.integers(0, 4))
@settings(max_examples=max(20, settings().max_examples // 4))
def test_what_is_remembered_is_read_back_and_never_rewritten(new: list[Entry], split: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "decisions.toml"
        remember(path, new[:split])
        if path.exists():
            with path.open("a", encoding="utf-8", newline="") as stream:
                stream.write("# mine = yours\r\n# and more")  # no line end behind it
        before = path.read_bytes() if path.exists() else b""
        remember(path, new[split:])
        assert read_memory(path) == new
        assert path.read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\n[[decision]]\ndecision = "maybe"\n', ":3: decision: 'maybe' is no decision; write one"),
        (
            '[[decision]]\ndecision = "keep"\ndomain = "a b"\ndate = 2026-01-01',
            ":1: 'a b' is no do",
        ),
        ('[[decision]]\ndecision = "keep"\ndomain = "a.com"', "`date`; a date is written like"),
        ('[[decision]]\ndecision = "keep"\ndomains = []\ndate = 2026-01-01', ":1: domains: is emp"),
        (
            '[[decision]]\ndecision = "keep"\nwho = 1\ndomain = "a.com"\ndate = 2026-01-01',
            ":3: Obj",
        ),
        ("[[decisions]]\n", ":1: unknown key 'decisions'; every entry begins with [[decision]]"),
        ("decision = 1\n", ":1: decision is no table"),
        ("x", ":1: "),
    ],
)
def test_a_memory_that_is_not_valid_is_refused_and_left_alone(
    tmp_path: Path, text: str, message: str
) -> None:
    path = put(tmp_path, text, "d.toml")
    entry = Entry(decision="keep", domains=["a.com"], date=DAY)
    for attempt in (lambda: read_memory(path), lambda: remember(path, [entry])):
        with pytest.raises(UsageError) as raised:
            attempt()
        assert str(raised.value).startswith(f"{path}:")
        assert message in str(raised.value)
    assert path.read_text() == text
    assert [p.name for p in tmp_path.iterdir()] == ["d.toml"]


def test_the_last_entry_counts_and_an_ended_one_revives_none() -> None:
    def entry(decision: str, until: str | None = None, *sites: str) -> Entry:
        day = datetime.date.fromisoformat(until) if until else None
        return Entry(decision=decision, domains=["a.com"], date=DAY, until=day, sites=list(sites))  # type: ignore[arg-type]

    def ruling(*some: Entry, day: str = "2026-11-23") -> tuple[str | None, list[str]]:
        stand = standing(some, ["shop.com"], datetime.date.fromisoformat(day))
        found = stand.decisions.get("a.com")
        return found and found.ruling, stand.ended

    assert ruling(entry("keep"), entry("disavow")) == ("disavow", [])
    assert ruling(entry("keep"), entry("undecided")) == ("undecided", [])
    assert ruling(entry("keep"), entry("disavow", "2026-11-22")) == (None, ["a.com"])
    assert ruling(entry("disavow", "2026-11-23")) == ("disavow", [])  # through its last day
    assert ruling(entry("keep", None, "other.com")) == (None, [])
    assert ruling(entry("keep", None, "other.com", "shop.com")) == ("keep", [])


def test_only_what_is_new_is_added() -> None:
    old = Entry(decision="keep", domains=["a.example"], date=DAY, reason="x")
    new = [
        Entry(decision="keep", domains=["a.example", "b.example"], date=DAY, reason="x"),
        Entry(decision="keep", domains=["a.example"], date=DAY, reason="x"),
    ]
    assert [entry.domains for entry in fresh(new, [old], three())] == [["b.example"]]


# --- over the machine -----------------------------------------------------------------------------


def test_what_the_live_file_has_is_no_new_line_and_a_keep_takes_it_out() -> None:
    covered = msgspec.structs.replace(
        factory.result("a.example", GUILTY, verdict="keep", priority=None), covered=True
    )
    for ruling, verdict in (("disavow", "keep"), ("keep", "keep"), ("review", "review")):
        decision = Decision(ruling=ruling, date="2026-11-23")  # type: ignore[arg-type]
        assert decide([covered], {"a.example": decision})[0].verdict == verdict
    guards = keeping(Guards(), {"a.example": Decision(ruling="keep", date="x")})
    live = parse(b"domain:a.example\ndomain:b.example\nhttps://a.example/bad\n")
    rendered = render([], live, guards)
    assert rendered is not None
    assert rendered.text == (
        "# refused (you decided to keep a.example): domain:a.example\n"
        "domain:b.example\nhttps://a.example/bad\n"
    )
    assert refusal("example", guards) is not None  # would cover it
    assert refusal("sub.a.example", guards) is None


def test_priority_follows_the_links_that_may_pass_credit() -> None:
    some = [
        factory.result(f"a{n}.example", ODD, credit=n, links=30, priority=None) for n in (24, 25)
    ]
    yes = Decision(ruling="disavow", date="2026-11-23")
    decided = decide(some, {result.domain: yes for result in some})
    assert [result.priority for result in decided] == ["P2", "P1"]
    assert decide(decided, {}) == [msgspec.structs.replace(r, machine=None) for r in some]


def test_without_a_verdict_there_is_nothing_to_decide() -> None:
    silent = factory.whole_graph().domains
    every = {r.domain: Decision(ruling="disavow", date="2026-11-23") for r in silent}
    assert decide(silent, every) == silent


# --- the allow-list -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["http://a.example/post-4", "a.example/x", "a.example?id=1"])
def test_a_page_is_no_domain(tmp_path: Path, text: str) -> None:
    memory = tmp_path / "d.toml"
    memory.write_text(
        f'[[decision]]\ndecision = "disavow"\ndate = 2026-11-23\ndomains = ["{text}"]\n', "utf-8"
    )
    with pytest.raises(UsageError, match="is no domain; write it"):
        read_memory(memory)


def test_an_allow_list_in_three_notations() -> None:
    plain = "# friends\n\nExample.com\nhttps://www.partner.net/page\n"
    assert parse_allowed(plain, Path("a")) == [Allowed("example.com"), Allowed("partner.net")]
    disavow = "# friends\ndomain:example.com\nDOMAIN:partner.net\n"
    assert parse_allowed(disavow, Path("a")) == [Allowed("example.com"), Allowed("partner.net")]
    tables = (
        '[[allow]]\ndomain = "Example.com"\nreason = "the trade fair"\nuntil = 2026-12-31\n'
        '[[allow]]\ndomain = "partner.net"\n'
    )
    listed = parse_allowed(tables, Path("a"))
    assert listed == [
        Allowed("example.com", "the trade fair", datetime.date(2026, 12, 31)),
        Allowed("partner.net"),
    ]
    last, after = datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)
    assert protected(listed, last).hosts == {"example.com": "the trade fair", "partner.net": ""}
    assert protected(listed, after) == ({"partner.net": ""}, listed[:1])
    guards = Guards(allow=frozenset({"example.com"}), reasons={"example.com": "the trade fair"})
    assert refusal("shop.example.com", guards) == "on the allow-list: example.com (the trade fair)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[allow]]\ndomain = "a b"\n', "--allow f:1: 'a b' is no domain"),
        ('[[allow]]\nreason = "x"\n', "--allow f:1: Object missing required field `domain`"),
        ('[[allow]]\ndomain = "a.com"\nuntill = 1\n', "--allow f:3: Object contains unknown field"),
        ('[[allow]]\ndomain = "a.com"\nuntil = 1\n', "--allow f:3: until: Expected `date"),
        ("example.com\nnot a domain\n", "--allow f: 'not a domain' is no domain"),
        ("# nothing\n", "--allow f: holds no entry"),
    ],
)
def test_an_allow_list_that_is_not_valid(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_allowed(text, Path("f"))
    assert str(raised.value).startswith(message)


# --- on the command line --------------------------------------------------------------------------


def scan(*words: object, **_: object) -> Any:
    sample = SAMPLES / "profile"
    return run(
        "scan", sample / "links.csv.gz", "--site", SITE, "--brand", "Pendleigh Row",
        "--keywords", sample / "keywords.txt", *words,
    )  # fmt: skip


def edited(folder: Path, name: str, *changes: tuple[str, str, str]) -> Path:
    """Save an audit's review as another program would, with decisions by name."""
    rows = read_rows((folder / "review.csv").read_bytes())
    for which, decision, reason in changes:
        rows = fill(rows, which, decision, reason)
    make = as_workbook if name.endswith("xlsx") else as_csv
    return put(Path(), make(NAMES, rows), name)


def directives(path: Path) -> set[str]:
    return set(parse(path.read_bytes()).directives())


def test_an_unedited_review_gives_the_machines_file(here: Path, audit: Path) -> None:  # noqa: F811
    for name in ("review.xlsx", "review.csv"):
        ran = run("disavow", "write", "--audit", audit, "--decisions", audit / name)
        assert (ran.code, ran.err) == (0, "")
        assert "0 kept, 0 to disavow, 0 to review; 4 of the machine's reviews undecided" in ran.out
        assert "backlint.decisions.toml: nothing new" in ran.out
        assert (here / "disavow.txt").read_bytes() == (audit / "disavow.txt").read_bytes()
    assert [path.name for path in here.iterdir()] == ["disavow.txt"]


def test_the_whole_round(here: Path, audit: Path) -> None:  # noqa: F811
    found = read_json(audit / "report.json")
    scheme = max(found.schemes, key=lambda s: s.domains_to_site if s.level == "high" else 0)
    members = {member.node for member in scheme.members if member.role != "target"}
    guilty = {r.domain for r in found.domains if r.verdict == "disavow"}
    odd = next(r.domain for r in found.domains if r.verdict == "review")
    title = next(
        row["name"] for row in read_rows((audit / "review.csv").read_bytes())
        if row["row"] == "scheme" and row["id"] == scheme.id
    )  # fmt: skip
    stays = sorted(members & guilty)[0]
    review = edited(
        audit, "mine.xlsx",
        (title, "Keep", "the trade fair"), (stays, "disavow", "sold"), (odd, " DISAVOW", ""),
    )  # fmt: skip
    ran = run("disavow", "write", "--audit", audit, "--decisions", review)
    assert (ran.code, ran.err) == (0, "")
    assert f"mine.xlsx: {len(members) - 1} kept, 2 to disavow, 0 to review; 3 of" in ran.out
    assert f"decisions on {len(members) + 1} domains added" in ran.out
    assert f"  + disavow: domain:{odd}\n" in ran.out
    assert "  - keep: the trade fair: domain:" in ran.out
    assert "Next: `backlint disavow check disavow.txt --site pendleighrowtents.net`" in ran.out
    wanted = {f"domain:{node}" for node in (guilty - members) | {stays, odd}}
    assert directives(here / "disavow.txt") == wanted
    text = (here / "disavow.txt").read_text()
    assert "decided by a person: " in text
    assert "trade fair" not in text  # reasons are not for Google

    # without the review the decisions still hold, and the next scan honours them
    kept = (here / "disavow.txt").read_bytes()
    ran = run("disavow", "write", "--audit", audit)
    assert (ran.code, ran.err) == (0, "decisions of backlint.decisions.toml\n")
    assert (here / "disavow.txt").read_bytes() == kept
    ran = scan("--out", "next")
    assert ran.code == 0
    assert ran.err == "decisions of backlint.decisions.toml\n"
    assert (here / "next" / "disavow.txt").read_bytes() == kept
    after = {r.domain: r for r in read_json(here / "next" / "report.json").domains}
    for before in found.domains:
        now = after[before.domain]
        assert (now.score, now.band, now.waterfall) == (before.score, before.band, before.waterfall)
    assert after[odd].verdict == "disavow"
    assert after[odd].machine == "review"
    member = sorted(members - {stays})[0]
    assert after[member].verdict == "keep"
    assert "keep: the trade fair. The machine would say disavow" in (
        here / "next" / "domains.csv"
    ).read_text("utf-8")
    assert "keep: the trade fair. The machine would say disavow." in " ".join(
        run("explain", member, "--audit", "next").out.split()
    )
    assert "keep: the trade fair. The machine would say" in (
        here / "next" / "report.html"
    ).read_text("utf-8")

    # the next review shows them; unedited it changes nothing, an old one is refused
    rows = {r["name"]: r for r in read_rows((here / "next" / "review.csv").read_bytes())}
    assert (rows[member]["decision"], rows[member]["reason"]) == ("keep", "the trade fair")
    memory = (here / "backlint.decisions.toml").read_bytes()
    ran = run("disavow", "write", "--audit", "next", "--decisions", here / "next" / "review.xlsx")
    assert ran.code == 0
    assert (here / "disavow.txt").read_bytes() == kept
    assert (here / "backlint.decisions.toml").read_bytes() == memory
    said = one_message(run("disavow", "write", "--audit", audit, "--decisions", "next/review.csv",
                           "--remember", "other.toml"), 3)  # fmt: skip
    assert said.startswith("backlint: next/review.csv:2: this row is of the audit 'pendleighrow")
    assert "--audit" in said


def test_guards_refuse_a_person_aloud(here: Path) -> None:  # noqa: F811
    put(here, '[[allow]]\ndomain = "mapsweblinks.com"\nreason = "our own club"\n', "allow.toml")
    assert scan("--allow", "allow.toml").code == 0
    folder = here / "backlint-audit"
    review = edited(folder, "mine.csv", ("mapsweblinks.com", "disavow", "spam"))
    ran = run("disavow", "write", "--decisions", review)
    assert ran.code == 0
    assert "mapsweblinks.com is not disavowed: on the allow-list: mapsweblinks.com (our own c" in (
        ran.err
    )
    assert ran.err.startswith("mine.csv:")
    assert "domain:mapsweblinks.com" not in directives(here / "disavow.txt")
    assert not (here / "backlint.decisions.toml").exists()


def test_decisions_end_and_guards_stand_over_them(here: Path) -> None:  # noqa: F811
    put(
        here,
        '# by hand\n[[decision]]\ndomain = "mapsweblinks.com"\ndecision = "keep"\n'
        'date = 2026-01-01\nuntil = 2026-10-31\n'
        '[[decision]]\ndomains = ["packswinterson.com", "nowhere.example"]\ndecision = "disavow"\n'
        "date = 2026-01-01\n"
        '[[decision]]\ndomain = "rivers-weblinks.co.uk"\ndecision = "keep"\ndate = 2026-01-01\n'
        'sites = ["another.example"]\n',
        "mine.toml",
    )  # fmt: skip
    put(here, "packswinterson.com\n", "allow.txt")
    ran = scan("--decisions", "mine.toml", "--allow", "allow.txt", "--as-of", "2026-11-01")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "decisions of mine.toml",
        "Decisions about mapsweblinks.com: ended before 2026-11-01 and no longer count.",
        "Decisions about nowhere.example: no link in these files: nothing is decided by them.",
    ]
    left = directives(here / "backlint-audit" / "disavow.txt")
    assert "domain:mapsweblinks.com" in left
    assert "domain:rivers-weblinks.co.uk" in left  # that was about the links to another site
    assert "domain:packswinterson.com" not in left
    told = " ".join(run("explain", "packswinterson.com").out.split())
    assert "Decided by you on 2026-01-01: disavow. Not done: on the allow-list" in told
    assert "No such" not in told
    said = one_message(scan("--decisions", "nowhere.toml"), 3)
    assert "--decisions nowhere.toml: no such file; `backlint disavow write" in said


def test_a_decision_holds_for_a_domain_without_a_finding(here: Path) -> None:  # noqa: F811
    rows = "".join(f"https://a{n}.example/,https://site.example/,Site\n" for n in range(4))
    links = put(here, f"source_url,target_url,anchor\n{rows}")
    put(here, '[[decision]]\ndomain = "a2.example"\ndecision = "disavow"\nreason = "paid"\n'
        "date = 2026-01-01\n", "backlint.decisions.toml")  # fmt: skip
    assert run("scan", links).code == 0
    assert directives(here / "backlint-audit" / "disavow.txt") == {"domain:a2.example"}
    assert "Decided by you on 2026-01-01: disavow: paid" in run("explain", "a2.example").out
    found = read_json(here / "backlint-audit" / "report.json")
    assert [(r.domain, r.waterfall, r.machine) for r in found.domains] == [
        ("a2.example", [], "keep")
    ]


def test_an_edited_review_is_not_lost_and_an_unedited_one_no_clutter(tmp_path: Path) -> None:
    place, staging = tmp_path / "audit", tmp_path / "work" / "new"

    def replace(review: str) -> list[Path]:
        staging.mkdir(parents=True)
        digest = hashlib.sha256(put(staging, review, "review.xlsx").read_bytes()).hexdigest()
        report = {"tool": {"name": "backlint"}, "files": {"review.xlsx": digest}}
        put(staging, msgspec.json.encode(report), "report.json")
        return folder.replace(staging, place, Path("out"))

    assert replace("one") == []
    assert replace("two") == []
    put(place, "edited", "review.xlsx")
    assert replace("three") == [Path("out/review.xlsx.bak")]
    assert replace("four") == []
    assert (place / "review.xlsx.bak").read_text() == "edited"
    assert (place / "review.xlsx").read_text() == "four"


def test_nothing_is_half_written(here: Path, audit: Path) -> None:  # noqa: F811
    """A disavow file that may not be replaced: no decision is noted either."""
    review = edited(audit, "mine.csv", ("mapsweblinks.com", "keep", ""))
    put(here, "domain:old.com\n", "disavow.txt")
    said = one_message(run("disavow", "write", "--audit", audit, "--decisions", review), 2)
    assert "disavow.txt: exists already; use --force to replace it" in said
    assert not (here / "backlint.decisions.toml").exists()
    put(here, "[[decision]]\n", "backlint.decisions.toml")
    ran = run("disavow", "write", "--audit", audit, "--decisions", review, "--force")
    assert "backlint.decisions.toml:1: decision: None is no decision" in one_message(ran, 2)
    assert (here / "disavow.txt").read_text() == "domain:old.com\n"


def test_the_configuration_names_the_memory(here: Path, audit: Path) -> None:  # noqa: F811
    put(here, 'decisions = "kept/mine.toml"\n', "backlint.toml")
    (here / "kept").mkdir()
    review = edited(audit, "mine.csv", ("mapsweblinks.com", "keep", "known"))
    assert run("disavow", "write", "--audit", audit, "--decisions", review).code == 0
    assert read_memory(here / "kept" / "mine.toml")[0].domains == ["mapsweblinks.com"]
    with (here / "kept" / "mine.toml").open("a") as stream:
        stream.write('[[decision]]\ndomain = "elsewhere.example"\ndecision = "keep"\n'
                     "date = 2026-11-23\n")  # fmt: skip
    put(here, "domain:elsewhere.example\ndomain:other.example\n", "live.txt")
    ran = run("disavow", "write", "--audit", audit, "--old", "live.txt", "--force")
    assert ran.err.splitlines()[:2] == [
        f"decisions of {Path('kept/mine.toml')}",
        "live.txt:1: refused: domain:elsewhere.example (you decided to keep elsewhere.example)",
    ]
    assert "domain:elsewhere.example" not in directives(here / "disavow.txt")
    assert "domain:other.example" in directives(here / "disavow.txt")


def test_a_keep_of_everything_writes_no_file(here: Path, audit: Path) -> None:  # noqa: F811
    rows = read_rows((audit / "review.csv").read_bytes())
    rows = [row | {"decision": "keep"} for row in rows]
    put(here, as_csv(NAMES, rows), "mine.csv")
    ran = run("disavow", "write", "--audit", audit, "--decisions", "mine.csv")
    assert ran.code == 0
    assert "nothing to disavow; no file was written" in ran.out
    assert not (here / "disavow.txt").exists()
    assert (here / "backlint.decisions.toml").exists()


def test_a_workbook_saved_by_another_program_keeps_its_parts(audit: Path) -> None:  # noqa: F811
    """What is read back is the sheet, whatever else a program leaves in the archive."""
    data = io.BytesIO((audit / "review.xlsx").read_bytes())
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("customXml/item1.xml", "<x/>")
    found = read_json(audit / "report.json")
    assert take(_read(data.getvalue(), "r.xlsx"), found, Path("r"), DAY) == Taken([], [])


def test_names_of_rows_differ() -> None:
    nodes = [r.domain for r in factory.hostile().domains]
    assert len({name_of(node) for node in nodes}) == len(nodes)
