"""The grammar of the disavow file: what is a line, what is a directive, what comes back."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint import urls
from backlint.disavow.file import (
    DisavowFile,
    canonical_texts,
    clean,
    covering,
    emit,
    host_of,
    parse,
    parse_line,
)
from strategies import (
    HOSTILE,
    LINE_BREAKS,
    file_bytes,
    harmful_directives,
    hosts,
    native_hosts,
    paths,
    pure,
)

REAL = Path(__file__).parents[2] / "shared" / "data" / "disavow"


def again(file: DisavowFile) -> DisavowFile:
    return parse(emit(file.lines).encode())


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("domain:example.com", "domain", "domain:example.com"),
        ("  domain:example.com\t", "domain", "domain:example.com"),
        ("DOMAIN:WWW.Example.COM.", "domain", "domain:example.com"),
        ("domain:bücher.de", "domain", "domain:xn--bcher-kva.de"),
        ("domain:my_shop.example.com", "domain", "domain:my_shop.example.com"),
        ("\ufeffdomain:example.com", "domain", "domain:example.com"),
        ("\xa0domain:example.com\u3000", "domain", "domain:example.com"),
        ("domain:213.174.132.240", "domain", "domain:213.174.132.240"),
        ("domain:2001:DB8::1", "domain", "domain:2001:db8::1"),
        ("domain:xyz", "domain", "domain:xyz"),
        ("domain:рф", "domain", "domain:xn--p1ai"),
        ("http://WWW.Example.com:80/A#x", "url", "http://www.example.com/A"),
        ("HTTPS://example.com", "url", "https://example.com/"),
        ("", "blank", None),
        (" \t", "blank", None),
        ("#", "comment", None),
        ("# domain:example.com", "comment", None),
        ("  # indented", "comment", None),
    ],
)
def test_good_lines(text: str, kind: str, value: str | None) -> None:
    line = parse_line(text, 7)
    assert (line.number, line.kind, line.value, line.text) == (7, kind, value, text)
    assert line.code is None


@pytest.mark.parametrize(
    ("text", "code", "fix"),
    [
        ("domain: example.com", "DF101", "domain:example.com"),
        ("domain:\texample.com", "DF101", "domain:example.com"),
        ("domain example.com", "DF101", "domain:example.com"),
        ("Domain : www.example.com", "DF101", "domain:www.example.com"),
        ("domains:example.com", "DF101", "domain:example.com"),
        ("domain：example.com", "DF101", "domain:example.com"),
        ("url:http://example.com/x", "DF102", "http://example.com/x"),
        ("URL: https://example.com", "DF102", "https://example.com/"),
        ("site:example.com", "DF102", "domain:example.com"),
        ("url:example.com", "DF102", None),
        ("link:example.com/x", "DF102", None),
        ("domain:*.example.com", "DF103", "domain:example.com"),
        ("domain:.example.com", "DF103", "domain:example.com"),
        ("domain:*.xyz", "DF103", None),
        ("domain:*.org.br", "DF103", None),
        ("*.example.com", "DF103", "domain:example.com"),
        ("http://*.example.com/", "DF103", "domain:example.com"),
        ("example.com", "DF105", "domain:example.com"),
        ("www.example.com/", "DF105", "domain:www.example.com"),
        ("blogspot.com", "DF105", None),
        ("domain:http://example.com/x", "DF106", None),
        ("domain:http://example.com/", "DF106", "domain:example.com"),
        ("domain:example.com/", "DF106", "domain:example.com"),
        ("domain:example.com:8080", "DF106", "domain:example.com"),
        ("domain:bob@example.com", "DF106", None),
        ("ghost-rider", "DF107", None),
        ("These are the bad links", "DF107", None),
        ("etc.and so on", "DF107", None),
        ("bob@example.com", "DF107", None),
        ("213.174.132.240", "DF107", None),
        ("\x1a", "DF107", None),
        ("domain:example.com # spam", "DF108", "domain:example.com"),
        ("http://example.com/a spam", "DF108", None),
        ("http://example.com/a # spam", "DF108", "http://example.com/a"),
        ("http://*.example.com/x", "DF103", None),
        ("/links.html", "DF109", None),
        ("//example.com/x", "DF109", None),
        ("ftp://example.com/x", "DF109", None),
        ("example.com/links.html", "DF109", None),
        ("http//example.com", "DF109", None),
        ("http:///example.com", "DF110", None),
        ("http://example.com/a///b", "DF110", None),
        ("http://example.com/a\\b", "DF110", None),
        ("http://me@example.com/", "DF110", None),
        ("http://example.com/a\u200bb", "DF110", "http://example.com/ab"),
        ("http://example.com/a\x0bdomain:evil.com", "DF110", None),
        ("domain:example.com\x85domain:evil.com", "DF110", None),
        ("http://example.com/" + "x" * 2030, "DF111", None),
        ("domain:", "DF112", None),
        ("domain:ghost-rider", "DF112", None),
        ("domain:-a-.com", "DF112", None),
        ("http://ghost-rider/x", "DF112", None),
    ],
)
def test_bad_lines(text: str, code: str, fix: str | None) -> None:
    line = parse_line(text, 1)
    assert (line.kind, line.value, line.code, line.fix) == ("invalid", None, code, fix)
    assert line.message


@pytest.mark.parametrize(
    ("data", "encoding", "bom", "lone_cr"),
    [
        (b"# a\ndomain:a.com\n", "utf-8", False, False),
        (b"# a\r\ndomain:a.com\r\n", "utf-8", False, False),
        (b"# a\r\r\ndomain:a.com", "utf-8", False, False),
        (b"\xef\xbb\xbf# a\ndomain:a.com\n", "utf-8", True, False),
        ("\ufeff# a\r\ndomain:a.com\r\n".encode("utf-16-le"), "utf-16", True, False),
        ("\ufeff# a\ndomain:a.com\n".encode("utf-16-be"), "utf-16", True, False),
        (b"# a\rdomain:a.com\r", "utf-8", False, True),
        ("# a\r\ndomain:a.com\r\n".encode("utf-16-le"), "utf-16", False, False),
        ("# a\ndomain:a.com\n".encode("utf-16-be"), "utf-16", False, False),
    ],
)
def test_bytes(data: bytes, encoding: str, bom: bool, lone_cr: bool) -> None:
    file = parse(data)
    assert [line.kind for line in file.lines] == ["comment", "domain"]
    assert file.directives() == ["domain:a.com"]
    assert (file.encoding, file.bom, file.lone_cr, file.size) == (encoding, bom, lone_cr, len(data))
    assert emit(file.lines) == "# a\ndomain:a.com\n"


def test_not_utf8() -> None:
    file = parse(b"# d\xe9saveu\ndomain:b\xfccher.de\ndomain:b\xc3\xbccher.de\n")
    assert file.encoding == "unknown"
    assert [line.code for line in file.lines] == ["DF003", "DF003", None]
    assert file.directives() == ["domain:xn--bcher-kva.de"]  # a guessed host is no directive
    assert emit(file.lines).startswith("# désaveu\n# invalid (bytes that are not UTF-8): ")


def test_not_utf8_with_lone_carriage_returns() -> None:
    file = parse(b"domain:a.com\rdomain:b\xfccher.de\r# d\xe9saveu\r")
    assert [line.code for line in file.lines] == [None, "DF003", "DF003"]
    assert (file.lone_cr, file.directives()) == (True, ["domain:a.com"])


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf"])
def test_empty(data: bytes) -> None:
    assert parse(data).lines == ()
    assert emit(parse(data).lines) == ""


def test_blank_lines_are_counted() -> None:
    assert [line.number for line in parse(b"\n\n# a").lines] == [1, 2, 3]


@pytest.mark.parametrize("mark", LINE_BREAKS.replace("\n", ""))
def test_nothing_hides_behind_a_comment(mark: str) -> None:
    """Property 28, reading: whatever splits lines elsewhere does not split them here."""
    file = parse(f"# a{mark}domain:evil.com\n".encode())
    assert [line.kind for line in file.lines] == ["comment"] or mark == "\r"
    text = emit(parse(f"# a{mark}domain:evil.com\ndomain:a.com\n".encode()).lines)
    assert text.splitlines() == ["# a domain:evil.com", "domain:a.com"]


def test_native_form_stays_readable() -> None:
    text = emit(parse("domain:bücher.de\nhttp://bücher.de/ü\ndomain:a.com\n".encode()).lines)
    assert text.splitlines() == [
        "# native form: domain:bücher.de",
        "domain:xn--bcher-kva.de",
        "# native form: http://bücher.de/ü",
        "http://xn--bcher-kva.de/%C3%BC",
        "domain:a.com",
    ]


@pure
@given(st.lists(st.one_of(hosts(), native_hosts()), max_size=5), st.lists(paths(), max_size=3))
def test_canonical_directives_survive(names: list[str], tails: list[str]) -> None:
    """Property 23: parse(emit(x)) = x in canonical form."""
    lines = [parse_line(f"domain:{name}") for name in names]
    lines += [parse_line(f"http://www.{name}{tail}") for name in names for tail in tails]
    values = [line.value for line in lines]
    assert None not in values
    assert parse(emit(lines).encode()).directives() == values


@pure
@given(
    st.one_of(file_bytes(), st.binary(max_size=60), st.binary(max_size=30).map(b"\xff\xfe".__add__))
)
def test_emit_parse_is_idempotent(data: bytes) -> None:
    """Properties 23 and 25: one round gives the canonical form; directives and comments stay."""
    file = parse(data)
    text = emit(file.lines)
    assert emit(again(file).lines) == text
    assert again(file).directives() == file.directives()
    # no reader finds more lines than Google does, no matter what it splits on
    assert text.splitlines() == text.split("\n")[:-1]
    assert not text.startswith("\ufeff")
    comments = [clean(line.text) for line in file.lines if line.kind == "comment"]
    kept = iter(line.text for line in again(file).lines)
    assert all(comment in kept for comment in comments)  # in their order


@pure
@given(file_bytes())
def test_every_physical_line_is_a_record(data: bytes) -> None:
    file = parse(data)
    body = data.removeprefix(b"\xef\xbb\xbf")
    if b"\n" in body:
        assert len(file.lines) == body.count(b"\n") + (not body.endswith(b"\n"))
    for line in file.lines:
        assert (line.value is not None) == (line.kind in ("domain", "url"))
        assert (line.code is not None) == (line.kind == "invalid")


@pure
@given(st.text(st.sampled_from(HOSTILE + "domain:http/.evil"), max_size=40))
def test_one_text_is_one_line(text: str) -> None:
    line = parse_line(text)
    for out in canonical_texts(line):
        assert out.splitlines() in ([out], [])
        out.encode()
        assert out in ("", line.value) or out.startswith("#")


@pure
@given(st.text(st.sampled_from(HOSTILE + "abc"), max_size=300), st.integers(1, 50))
def test_clean(text: str, limit: int) -> None:
    assert clean(text) == clean(clean(text))
    assert len(clean(text, limit)) <= limit
    assert clean(text, limit).isprintable()


def naive_covers(wide: str, narrow: str) -> bool:
    if wide == narrow or not wide.startswith("domain:"):
        return False
    host = narrow.removeprefix("domain:")
    if narrow.startswith("http"):
        host = host.split("/")[2]
        return host == wide[7:] or host.endswith("." + wide[7:])
    return host.endswith("." + wide[7:])


@pure
@given(
    st.sets(
        st.sampled_from(
            [
                *(
                    "domain:com",
                    "domain:a.com",
                    "domain:x.a.com",
                    "domain:y.x.a.com",
                    "domain:ba.com",
                ),
                *("http://a.com/", "http://x.a.com/1", "https://www.ba.com/", "http://c.org/"),
                *("domain:1.2.3.4", "domain:2.3.4", "domain:c.org", "domain:www.com"),
            ]
        )
    )
)
def test_covering_is_the_oracles(known: set[str]) -> None:
    found = covering(known)
    ips = {"domain:1.2.3.4", "domain:2.3.4"}
    for directive in known - ips:
        wider = [other for other in known if naive_covers(other, directive)]
        assert (directive in found) == bool(wider)
        if wider:
            assert found[directive] == min(wider, key=len)
    assert not ips & found.keys()


@pure
@given(harmful_directives())
def test_harmful_directives_are_still_read(text: str) -> None:
    line = parse_line(text)
    assert line.kind == "domain"
    assert line.value is not None
    assert host_of(line.value)


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_real_files() -> None:
    for path in sorted(REAL.glob("*.txt")):
        data = path.read_bytes()
        file = parse(data)
        assert [line for line in file.lines if line.kind == "invalid"] == [], path.name
        naive = [
            text[7:].strip() for text in data.decode().split("\n") if text.startswith("domain:")
        ]
        expected = [host.name for name in naive if (host := urls.parse_host(name))]
        assert len(expected) == len(naive)
        assert [host_of(x) for x in file.directives()] == expected
        assert again(file).directives() == file.directives()
