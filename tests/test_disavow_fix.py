"""Mending a disavow file: each change by hand, and what no mending may ever do."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint.disavow.check import check, harms
from backlint.disavow.file import DisavowFile, clean, exact, parse, parse_line
from backlint.disavow.fix import Change, fix, format_change
from backlint.disavow.guards import Guards
from backlint.disavow.plan import merge
from backlint.errors import DisavowError
from strategies import file_bytes, hostile_text, pure
from test_disavow_file import naive_covers

REAL = Path(__file__).parents[2] / "shared" / "data" / "disavow"
PATH = Path("disavow.txt")
GUARDS = Guards(
    own=frozenset({"example.com"}),
    allow=frozenset({"partner.net"}),
    trusted=frozenset({"nytimes.com"}),
    platforms=frozenset({"blogspot.com"}),
)


def mended(text: str | bytes) -> tuple[str, list[tuple[int, str, str]]]:
    data = text.encode() if isinstance(text, str) else text
    fixed = fix(PATH, data, GUARDS)
    return fixed.text, [(x.line, x.code, x.state) for x in fixed.changes]


def only(line: str) -> tuple[str, list[tuple[str, str]]]:
    text, changes = mended(f"domain:fine.com\n{line}\n")
    assert text.startswith("domain:fine.com\n")
    assert {number for number, _, _ in changes} <= {2}
    return text.removeprefix("domain:fine.com\n"), [(code, state) for _, code, state in changes]


@pytest.mark.parametrize(
    ("line", "text", "changes"),
    [
        ("domain:a.com", "domain:a.com", []),
        (" domain:a.com\t", "domain:a.com", []),
        ("# a comment", "# a comment", []),
        ("", "", []),
        ("http://www.a.com/x?y=1", "http://www.a.com/x?y=1", []),
        # what was plainly meant
        ("domain: a.com", "domain:a.com", [("DF101", "mended")]),
        ("url:http://a.com/x", "http://a.com/x", [("DF102", "mended")]),
        ("site:a.com", "domain:a.com", [("DF102", "mended")]),
        ("domain:*.a.com", "domain:a.com", [("DF103", "mended")]),
        ("a.com", "domain:a.com", [("DF105", "mended")]),
        ("domain:https://a.com/", "domain:a.com", [("DF106", "mended")]),
        ("domain:a.com # spam, bad", "# spam, bad\ndomain:a.com", [("DF108", "mended")]),
        ("http://a.com/x # spam", "# spam\nhttp://a.com/x", [("DF108", "mended")]),
        ("domain:a.com, domain:b.com", None, None),
        ("domain:a.com;domain:b.com", None, None),
        ("domain:a.com http://b.com/", None, None),
        (
            "domain:a.com # not domain:b.com",
            "# not domain:b.com\ndomain:a.com",
            [("DF108", "mended")],
        ),
        ("http://a.com/a\u200bb", "http://a.com/ab", [("DF110", "mended")]),
        ("http://a.com/é", "http://a.com/%C3%A9", [("DF113", "mended")]),
        ("\u200bdomain:a.com", "domain:a.com", [("DF114", "mended")]),
        ('"domain:a.com",9', "# 9\ndomain:a.com", [("DF115", "mended")]),
        (
            "domain:bücher.de",
            "# native form: domain:bücher.de\ndomain:xn--bcher-kva.de",
            [("DF303", "mended")],
        ),
        ("DOMAIN:A.com", "domain:a.com", [("DF305", "mended")]),
        ("https://a.com:443/x#y", "https://a.com/x", [("", "mended")]),
        ("# a\x0bdomain:evil.com", "# a domain:evil.com", [("", "mended")]),
        # what was said already
        ("domain:fine.com", None, [("DF301", "removed")]),
        ("domain: fine.com", None, [("DF301", "removed")]),
        ("domain:x.fine.com", None, [("DF302", "removed")]),
        ("http://www.fine.com/x", None, [("DF302", "removed")]),
        # never wider in silence
        ("domain:www.a.com", "domain:www.a.com", [("DF304", "left")]),
        (
            "domain: WWW.a.com",
            "domain:www.a.com",
            [("DF101", "mended"), ("DF304", "left")],
        ),
        ("http://a.com", "http://a.com/", [("", "mended"), ("DF306", "left")]),
        ("http://a.com/*", "http://a.com/*", [("DF104", "left")]),
        ("url:a.com", "# invalid (a prefix that does not exist): url:a.com", None),
        (
            "domain:http://a.com/x",
            "# invalid (domain: takes a bare host): domain:http://a.com/x",
            [("DF106", "commented")],
        ),
        (
            "http://a.com/x spam",
            "# invalid (text behind the URL, or a space in it): http://a.com/x spam",
            [("DF108", "commented")],
        ),
        ("domain:*.blogspot.com", None, None),
        # what does harm, or cannot be told
        ("domain:org.br", "# refused (public suffix): domain:org.br", [("DF202", "commented")]),
        ("domain: org.br", None, None),
        ("domain:1.2.3.4", "# refused (IP address): domain:1.2.3.4", [("DF201", "commented")]),
        ("www.example.com", None, [("DF205", "commented")]),
        ("domain:partner.net", None, [("DF208", "commented")]),
        ("domain:blogspot.com", None, [("DF204", "commented")]),
        ("domain:nytimes.com", "domain:nytimes.com", [("DF209", "left")]),
        ("domain:seofbox.lob", "domain:seofbox.lob", [("DF207", "left")]),
        (
            "ghost-rider",
            "# invalid (neither a comment, a URL nor a domain): ghost-rider",
            [("DF107", "commented")],
        ),
    ],
)
def test_one_line(line: str, text: str | None, changes: list[tuple[str, str]] | None) -> None:
    found, told = only(line)
    if changes is None:
        assert [state for _, state in told] == ["commented"]
    else:
        assert told == changes
    if text is not None:
        assert found == f"{text}\n"
    elif told[0][1] == "removed":
        assert found == ""
    else:
        assert found.startswith("# ")
        assert found.count("\n") == 1


def test_a_long_url_stays_a_comment() -> None:
    text, changes = only("http://a.com/" + "x" * 2036)
    assert text.startswith("# invalid (URL of more than 2,048 characters): http://a.com/xxx")
    assert changes == [("DF111", "commented")]


def test_the_file_as_a_whole() -> None:
    good = "# a\ndomain:a.com\n"
    assert mended("\ufeff" + good) == (good, [(1, "DF002", "mended")])
    assert mended(good.encode("utf-16")) == (good, [(1, "DF003", "mended")])
    assert mended(good.encode("utf-16-le")) == (good, [(1, "DF003", "mended")])
    assert mended(good.replace("\n", "\r")) == (good, [(1, "DF007", "mended")])
    assert mended(good.replace("\n", "\r\n")) == (good, [(1, "", "mended")])
    assert mended(b"# d\xe9saveu\ndomain:a.com\n") == (
        "# désaveu\ndomain:a.com\n", [(1, "DF003", "mended")],
    )  # fmt: skip
    assert mended(b"domain:a.com\ndomain:b\xfccher.de\n") == (
        "domain:a.com\n# invalid (bytes that are not UTF-8): domain:bücher.de\n",
        [(2, "DF003", "commented")],
    )


@pytest.mark.parametrize("text", ["", "# only a comment\n", "domain:org.br\n", "junk\n"])
def test_never_a_file_that_wipes_the_list(text: str) -> None:
    with pytest.raises(DisavowError, match=r"no directive would be left.*nothing was written"):
        fix(PATH, text.encode(), GUARDS)


def test_a_workbook_is_no_text() -> None:
    with pytest.raises(DisavowError, match=r"disavow\.txt:1: a workbook or document"):
        fix(PATH, b"PK\x03\x04rest", GUARDS)


def test_a_line_that_must_go_covers_nothing() -> None:
    text, _ = mended("domain:org.br\ndomain:spam.org.br\nhttp://spam.org.br/x\n")
    assert text == "# refused (public suffix): domain:org.br\ndomain:spam.org.br\n"


def test_what_is_left_is_told_at_its_old_line() -> None:
    text, changes = mended("domain:a.com # note\ndomain:a.com\ndomain:www.b.com\n")
    assert text == "# note\ndomain:a.com\ndomain:www.b.com\n"
    assert changes == [(1, "DF108", "mended"), (2, "DF301", "removed"), (3, "DF304", "left")]


def test_format() -> None:
    told = [format_change(PATH, x) for x in fix(PATH, b"domain:*.a.com\n", GUARDS).changes]
    assert told == [
        "disavow.txt:1: DF103 mended: domain:*.a.com -> domain:a.com (covers a.com itself as well)"
    ]
    assert format_change(PATH, Change(1, "", "mended", "x")) == "disavow.txt:1: mended: x"


def valid(file: DisavowFile) -> list[str]:
    return [found for line in file.lines if (found := exact(line))]


@pure
@given(st.one_of(file_bytes(), st.binary(max_size=60)), st.booleans())
def test_fix_properties(data: bytes, guarded: bool) -> None:
    """Nothing valid is lost, nothing new is disavowed but what is told, and twice is once."""
    guards = GUARDS if guarded else Guards()
    file = parse(data)
    before = [x for x in valid(file) if harms(str(parse_line(x).value), guards) is None]
    try:
        fixed = fix(PATH, data, guards)
    except DisavowError:
        assert before == []
        assert not [
            line for line in file.lines
            if line.fix and harms(str(parse_line(line.fix).value), guards) is None
        ]  # fmt: skip
        return
    after = valid(parse(fixed.text.encode()))
    for directive in before:
        assert any(directive == x or naive_covers(x, directive) for x in after)
    told = {x.line for x in fixed.changes if x.state == "mended"}
    meant = {line.fix for line in file.lines if line.fix and line.number in told}
    assert set(after) <= {*before, *meant}
    again = fix(PATH, fixed.text.encode(), guards)
    assert again.text == fixed.text
    assert {x.state for x in again.changes} <= {"left"}
    # what stays wrong is told, and is nothing that could be mended or does harm
    left = {x.code for x in check(PATH, fixed.text.encode(), guards)}
    assert left == {x.code for x in fixed.changes if x.state == "left"}
    assert left <= {"DF104", "DF206", "DF207", "DF209", "DF304", "DF306"}
    assert fixed.directives == len(after) == len(set(after))


@pure
@given(file_bytes())
def test_comments_survive_and_every_change_is_told(data: bytes) -> None:
    try:
        fixed = fix(PATH, data, GUARDS)
    except DisavowError:
        return
    file = parse(data)
    texts = iter(fixed.text.split("\n"))
    comments = [clean(line.text) for line in file.lines if line.kind == "comment"]
    assert all(comment in texts for comment in comments)  # in their order
    told = {x.line for x in fixed.changes}
    lines = fixed.text.split("\n")
    for line in file.lines:
        if line.text.strip(" \t\r") not in lines:
            assert line.number in told


@pure
@given(st.lists(hostile_text(), max_size=5))
def test_mending_makes_no_directive_of_text(texts: list[str]) -> None:
    """Property 28 for `--fix`: what follows a `#` stays a comment."""
    data = "".join(f"#{text}\n" for text in [x.replace("\n", " ") for x in texts])
    data += "domain:a.com\n"
    fixed = fix(PATH, data.encode("utf-8", "surrogatepass"), GUARDS)
    assert valid(parse(fixed.text.encode())) == ["domain:a.com"]
    assert [x for x in fixed.text.splitlines() if x and not x.startswith("#")] == ["domain:a.com"]


@pure
@given(file_bytes())
def test_a_mended_file_merges_without_a_note(data: bytes) -> None:
    """The writer has nothing to add to a mended file but www., which it widens and says so."""
    try:
        fixed = fix(PATH, data, GUARDS)
    except DisavowError:
        return
    guards = Guards(own=GUARDS.own, allow=GUARDS.allow, platforms=GUARDS.platforms)
    report = merge([parse(fixed.text.encode())], guards).report
    widened = {x.text for x in report if x.state == "widened"}
    assert all(x.state in ("widened", "covered", "duplicate") for x in report)
    assert bool(report) <= any(":www." in x for x in valid(parse(fixed.text.encode())))
    assert all(":www." in x for x in widened)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_real_files() -> None:
    for path in sorted(REAL.glob("*.txt")):
        data = path.read_bytes()
        fixed = fix(path, data, Guards())
        states = [x.state for x in fixed.changes]
        names = {x for x in valid(parse(data)) if harms(x, Guards()) is None}
        assert set(valid(parse(fixed.text.encode()))) <= names
        assert fix(path, fixed.text.encode(), Guards()).text == fixed.text
        if path.stem == "turkish-tech":
            assert states.count("removed") == 1622
            assert states.count("commented") == 1  # org.br; platforms are not given here
