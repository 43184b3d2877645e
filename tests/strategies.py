"""Hypothesis strategies that several test modules share; they build values, never filter them."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

_EDGE = "abcdefghijklmnopqrstuvwxyz0123456789"
TLDS = ("com", "org", "net", "xyz", "info", "shop", "de", "com.br", "co.uk", "xn--p1ai")
PUBLIC_SUFFIXES = ("com.br", "org.br", "co.uk", "github.io", "blogspot.com", "kobe.jp", "gov.uk")
WHOLE_TLDS = ("com", "xyz", "de", "рф")
# Every character that some reader takes for the end of a line
LINE_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
HOSTILE = LINE_BREAKS + "\x00\x1b\x7f\u202e\u2066\u200b\ufeff\ud800#\t "


def labels() -> st.SearchStrategy[str]:
    """Labels of A-label hosts; `www` and `xn--` never come out."""
    middle = st.text(_EDGE, max_size=6)
    return st.builds(lambda a, b, c: f"q{a}{b}{c}", st.sampled_from(_EDGE), middle, middle)


def native_labels() -> st.SearchStrategy[str]:
    """Labels with letters outside ASCII, in lower case and composed form."""
    alphabets = [
        "abcäöüßéñç",
        "абвгдежзиклмн",
        "αβγδεζηθικλ",
        "漢字仮名域名",
        "한국어도메인",
        "אבגדהוז",
    ]
    return st.one_of(
        *(st.text(x, min_size=1, max_size=8).map(lambda y, z=x[4]: y + z) for x in alphabets)
    )


def domains() -> st.SearchStrategy[str]:
    """Registrable domains in canonical form."""
    return st.builds("{}.{}".format, labels(), st.sampled_from(TLDS))


def hosts() -> st.SearchStrategy[str]:
    """Canonical hosts with up to two labels before the domain."""
    before = st.lists(labels(), max_size=2)
    return st.builds(lambda a, b: ".".join([*a, b]), before, domains())


def native_hosts() -> st.SearchStrategy[str]:
    """Hosts in native notation."""
    return st.builds("{}.{}".format, native_labels(), st.sampled_from(["com", "de", "org"]))


def paths() -> st.SearchStrategy[str]:
    """Paths and queries as they stand in a canonical URL; never three slashes in a row."""
    part = st.text("abcXYZ019-._~%20&=+,;:@!$'()*", min_size=1, max_size=8)
    return st.builds(lambda a, b: "/" + "/".join(a) + b, st.lists(part, max_size=3), _queries())


def _queries() -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.text("abc019=&+", max_size=6).map(lambda x: f"?q{x}"))


def hostile_text() -> st.SearchStrategy[str]:
    """Text of an attacker: line breaks, controls, bidi, lone surrogates and real directives."""
    pieces = st.one_of(
        st.sampled_from(list(HOSTILE)),
        st.sampled_from(["domain:evil.com", "http://evil.com/", "#", "domain:", "spam"]),
        st.text(max_size=4),
    )
    return st.lists(pieces, max_size=8).map("".join)


def directives() -> st.SearchStrategy[str]:
    """Directives out of a small world, so that repeats and coverage happen."""
    small = st.sampled_from(
        ["a.com", "b.com", "x.a.com", "y.x.a.com", "b.org", "z.b.org", "c.blogspot.com"]
    )
    host = st.one_of(small, small, hosts())
    prefix = st.sampled_from(["domain:", "domain:", "domain:www.", "DOMAIN:"])
    return st.one_of(
        st.builds("{}{}".format, prefix, host),
        st.builds("{}://{}{}".format, st.sampled_from(["http", "https"]), host, paths()),
    )


def harmful_directives() -> st.SearchStrategy[str]:
    """Directives that a guard refuses whatever the configuration."""
    bad = st.one_of(
        st.sampled_from(PUBLIC_SUFFIXES),
        st.sampled_from(WHOLE_TLDS),
        st.ip_addresses().map(str),
        st.sampled_from(["amazonaws.com", "windows.net"]),
    )
    return bad.map("domain:{}".format)


def file_lines() -> st.SearchStrategy[str]:
    """Physical lines of a disavow file: good, bad, odd."""
    return st.one_of(
        directives(),
        directives(),
        harmful_directives(),
        native_hosts().map("domain:{}".format),
        st.sampled_from(["", "  ", "# a heading", "#", "ghost-rider", "a.com", "domain: a.com"]),
        st.sampled_from(["domain:*.a.com", "url:http://a.com/", "bob@a.com", "http:///x"]),
        st.text("#abc :/.\t\r\x0b\x85\u2028", max_size=12),
    )


def file_bytes() -> st.SearchStrategy[bytes]:
    """Whole disavow files with any line end, byte order mark or none."""
    return st.builds(
        lambda lines, end, last, bom: bom + (end.join(lines) + end * last).encode(),
        st.lists(file_lines(), max_size=12),
        st.sampled_from(["\n", "\r\n"]),
        st.booleans(),
        st.sampled_from([b"", b"", b"\xef\xbb\xbf"]),
    )


def pure(test: Any) -> Any:
    """Ask for 1,000 examples in the thorough profile: for properties that cost next to nothing."""
    if settings.get_current_profile_name() != "thorough":
        return test
    return settings(max_examples=max(1000, settings().max_examples))(test)
