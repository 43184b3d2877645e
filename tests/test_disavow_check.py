"""The linter for disavow files: each defect by hand, no false alarm on real files."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint import urls
from backlint.disavow.check import Defect, check, format_defect
from backlint.disavow.codes import CODES
from backlint.disavow.file import exact, parse
from backlint.disavow.guards import Guards
from backlint.disavow.lookalike import look_alike
from backlint.disavow.plan import MAX_BYTES, MAX_LINES, merge
from backlint.lists import load_list
from strategies import LINE_BREAKS, file_bytes, hosts, pure

REAL = Path(__file__).parents[2] / "shared" / "data" / "disavow"
PATH = Path("disavow.txt")
OWN = frozenset({"example.com"})
PLATFORMS = frozenset({"sites.google.com", "blogspot.com"})
SHIPPED = Guards(
    trusted=frozenset(load_list("trusted").entries),
    platforms=frozenset(load_list("platforms").entries),
)


GUARDS = Guards(
    own=OWN,
    allow=frozenset({"partner.net"}),
    trusted=frozenset({"uba.ar", "nytimes.com"}),
    platforms=PLATFORMS,
)


def codes(text: str, path: Path = PATH) -> list[tuple[int, str]]:
    return [(x.line, x.code) for x in check(path, text.encode(), GUARDS)]


def only(text: str) -> Defect:
    found = check(PATH, f"domain:fine.com\n{text}\n".encode(), GUARDS)
    assert len(found) == 1, found
    assert found[0].line == 2
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "# comment\n\ndomain:a.com\nhttp://b.com/x\n",
        "# comment\r\n\r\ndomain:a.com\r\nhttps://www.b.com/x?y=1\r\n",
        "domain:a.com",
        "domain:a.com \n domain:b.com\n",
        "domain:spam.blogspot.com\n",
        "https://sites.google.com/view/spam\n",
        "domain:xn--bcher-kva.de\n",
        "domain:my_shop.a.com\n",
        "domain:a.com\n# domain:a.com\n",
        "http://a.com/x\nhttp://www.a.com/x\nhttps://a.com/x\n",
        "http://a.com/a*b\n",
        "domain:notexample.com\n",
        "# domain: x\n# *.xyz\n# \u202ebidi\n# https:///\ndomain:a.com\n",
    ],
)
def test_clean_files(text: str) -> None:
    assert codes(text) == []


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("domain: a.com", "DF101", "domain:a.com"),
        ("url:http://a.com/x", "DF102", "http://a.com/x"),
        ("domain:*.xyz", "DF103", None),
        ("http://a.com/blog/*", "DF104", None),
        ("a.com", "DF105", "domain:a.com"),
        ("domain:a.com/x", "DF106", None),
        ("domain:a.com/", "DF106", "domain:a.com"),
        ("domain: www.a.com", "DF101", "domain:www.a.com"),
        ("www.a.com", "DF105", "domain:www.a.com"),
        ("url:a.com", "DF102", None),
        ("site:a.com", "DF102", "domain:a.com"),
        ("ghost-rider", "DF107", None),
        ("please remove these", "DF107", None),
        ("bob@a.com", "DF107", None),
        ("domain:a.com # spam", "DF108", "domain:a.com"),
        ("http://a.com/x # spam", "DF108", "http://a.com/x"),
        ("http://a.com/x spam", "DF108", None),
        ('"domain:a.com"', "DF115", "domain:a.com"),
        ("domain:a.com,spam,12", "DF115", "domain:a.com"),
        ("domain:a.com;", "DF115", "domain:a.com"),
        ('"http://a.com/x";1', "DF115", "http://a.com/x"),
        ("\u201cdomain:www.a.com\u201d", "DF115", "domain:www.a.com"),
        ("/links.html", "DF109", None),
        ("ftp://a.com/x", "DF109", None),
        ("http://a.com///x", "DF110", None),
        ("http://a.com/\x07x", "DF110", None),
        ("http://a.com/" + "x" * 2036, "DF111", None),
        ("domain:a", "DF112", None),
        ("http://a.com/é", "DF113", "http://a.com/%C3%A9"),
        ("http://a.com/a|b", "DF113", "http://a.com/a%7Cb"),
        ("\u200bdomain:a.com", "DF114", "domain:a.com"),
        ("domain:a\u00adb.com", "DF114", "domain:ab.com"),
        ("domain:213.174.132.240", "DF201", None),
        ("domain:org.br", "DF202", None),
        ("domain:amazonaws.com", "DF202", None),
        ("domain:xyz", "DF203", None),
        ("domain:sites.google.com", "DF204", None),
        ("domain:blogspot.com", "DF204", None),
        ("domain:google.com", "DF204", None),
        ("domain:example.com", "DF205", None),
        ("domain:shop.example.com", "DF205", None),
        ("http://www.example.com/x", "DF205", None),
        ("domain:partner.net", "DF208", None),
        ("domain:sub.partner.net", "DF208", None),
        ("domain:nytimes.com", "DF209", None),
        ("domain:uba.ar", "DF209", None),
        ("domain:xn--lifehacer-1rb.com", "DF206", None),
        ("domain:seofbox.lob", "DF207", None),
        ("domain:fine.com", "DF301", ""),
        ("domain:x.fine.com", "DF302", ""),
        ("domain:www.fine.com", "DF302", ""),
        ("http://www.fine.com/x", "DF302", ""),
        ("domain:bücher.de", "DF303", "domain:xn--bcher-kva.de"),
        ("domain:www.a.com", "DF304", None),
        ("http://a.com", "DF306", None),
        ("https://www.a.com/", "DF306", None),
        ("domain:A.com", "DF305", "domain:a.com"),
        ("DOMAIN:a.com", "DF305", "domain:a.com"),
        ("HTTP://A.com/X", "DF305", "http://a.com/X"),
    ],
)
def test_defects(text: str, code: str, fix: str | None) -> None:
    defect = only(text)
    assert (defect.code, defect.fix, defect.severity) == (code, fix, CODES[code].severity)
    assert defect.message
    assert defect.cure


def test_url_of_2048_characters_is_fine() -> None:
    assert codes("http://a.com/" + "x" * 2035 + "\n") == []


def test_file_defects() -> None:
    good = "domain:a.com\n"
    assert codes(good, Path("disavow.csv")) == [(1, "DF001")]
    assert codes(good, Path("DISAVOW.TXT")) == []
    assert codes("\ufeff" + good) == [(1, "DF002")]
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        assert [x.code for x in check(PATH, good.encode(codec), GUARDS)] == ["DF003"]
    for lead in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF-1.7", b"{\\rtf1"):
        assert [x.code for x in check(PATH, lead + b"\x00\xffrest\n", GUARDS)] == ["DF008"]
    assert codes("") == [(1, "DF006")]
    assert codes("# only a comment\n") == [(1, "DF006")]
    assert codes("# a\rdomain:a.com\r") == [(1, "DF007")]


def test_encoding_is_reported_where_it_breaks() -> None:
    found = check(PATH, b"# fine\n# d\xe9saveu\ndomain:a.com\ndomain:b\xfccher.de\n", GUARDS)
    assert [(x.line, x.code, x.severity) for x in found] == [
        (2, "DF003", "error"),
        (4, "DF003", "error"),
    ]


def test_limits() -> None:
    lines = "".join(f"domain:a{number}.com\n" for number in range(MAX_LINES))
    assert codes(lines) == []
    assert codes(lines + "#\n") == [(MAX_LINES + 1, "DF004")]
    start = "domain:a.com\n#"
    assert codes(start + "x" * (MAX_BYTES - len(start))) == []
    assert codes(start + "x" * MAX_BYTES) == [(2, "DF005")]


def test_covered_and_harmful() -> None:
    """A line that has to go covers nothing: following all advice must lose no domain."""
    assert codes("domain:org.br\ndomain:spam.org.br\nhttp://x.org.br/p\n") == [(1, "DF202")]
    assert codes("domain:www.a.com\ndomain:x.a.com\n") == [(1, "DF304")]
    assert codes("domain:www.a.com\ndomain:a.com\n") == [(1, "DF302")]
    assert codes("domain:www.a.com\nhttp://www.a.com/x\n") == [(1, "DF304"), (2, "DF302")]


def test_several_defects_in_one_line() -> None:
    assert codes("domain:a.com\nDOMAIN:WWW.Bücher.LOB\n") == [
        (2, "DF207"),
        (2, "DF303"),
        (2, "DF304"),
        (2, "DF305"),
    ]


def test_format() -> None:
    found = [
        format_defect(Path("x/d.txt"), x) for x in check(PATH, b"a.com\ndomain:org.br\n", GUARDS)
    ]
    assert found[0] == (
        "x/d.txt:1: DF105 a host without the domain: prefix: a.com (write: domain:a.com)"
    )
    assert found[-1] == (
        "x/d.txt:2: DF202 public suffix: domain:org.br (name the spam hosts below it one by one)"
    )
    twice = check(PATH, b"domain:a.com\ndomain:a.com\n", GUARDS)[0]
    assert format_defect(PATH, twice) == (
        "disavow.txt:2: DF301 domain:a.com stands in line 1 already (remove the line)"
    )


def test_the_page_of_the_documentation_has_every_code() -> None:
    page = (Path(__file__).parents[1] / "docs" / "disavow.md").read_text()
    rows = [x for x in page.splitlines() if x.startswith("| DF")]
    assert rows == [f"| {' | '.join(code)} |" for code in CODES.values()]


@pytest.mark.parametrize(
    ("host", "odd"),
    [
        ("lifehacĸer.com", "ĸ"),  # kra: a Latin letter of no living alphabet
        ("pаypal.com", "а"),  # one Cyrillic letter
        ("gοοgle.com", "ο"),  # Greek omicrons
        ("ɡoogle.com", "ɡ"),
        ("сосо.com", "сосо"),  # Cyrillic throughout, under a Latin TLD
        ("bücher.de", None),
        ("łódź.pl", None),
        ("işıkçı.com.tr", None),
        ("smørrebrød.dk", None),
        ("straße.de", None),
        ("пример.рф", None),
        ("пример.com", None),
        ("сосо.рф", None),
        ("日本語サーバー.jp", None),
        ("例jp.jp", None),
        ("한국seo.kr", None),
        ("i❤.ws", None),
        ("lifehacker.com", None),
    ],
)
def test_look_alikes(host: str, odd: str | None) -> None:
    parsed = urls.parse_host(host)
    assert parsed is not None
    found = look_alike(parsed.name)
    assert (found is None) == (odd is None)
    if odd is not None:
        assert f"'{odd}'" in str(found)


@pure
@given(hosts())
def test_ascii_has_no_look_alikes(host: str) -> None:
    assert look_alike(host) is None


@pure
@given(st.one_of(file_bytes(), st.binary(max_size=80)))
def test_check_never_raises(data: bytes) -> None:
    found = check(PATH, data, GUARDS)
    assert found == sorted(found, key=lambda x: (x.line, x.code))
    last = max(1, len(parse(data).lines))
    for defect in found:
        assert 1 <= defect.line <= last
        assert defect.severity == CODES[defect.code].severity
        assert defect.fix is not None or defect.cure
        text = format_defect(PATH, defect)
        assert text.startswith(f"disavow.txt:{defect.line}: DF")
        assert text.splitlines() == [text]
        assert not set(LINE_BREAKS) & set(text)


@pure
@given(file_bytes())
def test_a_merged_file_has_no_errors(data: bytes) -> None:
    """The linter and the writer agree on what a good file is."""
    text = merge([parse(data)], GUARDS).text
    found = [x for x in check(PATH, text.encode(), GUARDS) if x.code != "DF006"]
    # a literal `*` at the end of a URL is kept; odd names and home pages are a human's decision
    assert {x.code for x in found} <= {"DF104", "DF206", "DF207", "DF306"}


@pure
@given(file_bytes())
def test_fixes_are_valid_lines(data: bytes) -> None:
    for defect in check(PATH, data, GUARDS):
        if defect.fix:
            assert [exact(x) for x in parse(defect.fix.encode()).lines] == [defect.fix]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_real_files() -> None:
    found = {
        path.stem: check(path, path.read_bytes(), SHIPPED) for path in sorted(REAL.glob("*.txt"))
    }
    counts = {name: Counter(x.code for x in defects) for name, defects in found.items()}
    assert counts == {
        "indhack": {},
        "level-casino": {},
        "medlicense": {"DF201": 1, "DF302": 1},
        "turkish-tech": {"DF202": 1, "DF204": 1, "DF302": 1622, "DF303": 2},
        "wpsio": {"DF207": 1},
    }
    by_hand = {(x.line, x.code) for x in found["turkish-tech"] if x.code != "DF302"}
    assert by_hand == {(25, "DF202"), (29, "DF204"), (839, "DF303"), (5589, "DF303")}


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_covered_lines_of_a_real_file() -> None:
    """Counted again by brute force over name endings."""
    path = REAL / "turkish-tech.txt"
    names = [x[7:].strip().lower() for x in path.read_text().splitlines() if x[:7] == "domain:"]
    wide = {x for x in names if x not in ("org.br", "sites.google.com")}
    covered = sum(any(name.endswith("." + x) for x in _endings(name) & wide) for name in names)
    defects = check(path, path.read_bytes(), SHIPPED)
    assert covered == sum(x.code == "DF302" for x in defects)


def _endings(name: str) -> set[str]:
    return {name[index + 1 :] for index, letter in enumerate(name) if letter == "."}
