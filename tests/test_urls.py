"""Hosts and URLs: every spelling of a host is one node, and the PSL says whose it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from backlint import urls
from strategies import HOSTILE, PUBLIC_SUFFIXES, hosts, labels, native_hosts, paths

PSL = PublicSuffixList()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("example.com", "example.com"),
        ("User:pw@WWW.Example.COM.:443", "example.com"),
        ("www.www.example.com", "example.com"),
        ("www.com", "www.com"),
        ("www.example.co.uk", "example.co.uk"),
        ("my_shop.example.com", "my_shop.example.com"),
        ("r3---sn.example.com", "r3---sn.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("faß.de", "xn--fa-hia.de"),
        ("i❤.ws", "xn--i-7iq.ws"),
        ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
        ("ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
        ("例え。com", "xn--r8jz45g.com"),
        ("exa\u00admple.com", "example.com"),  # browsers drop a soft hyphen, too
        ("1.2.3.4:80", "1.2.3.4"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
    ],
)
def test_parse_host(text: str, expected: str) -> None:
    host = urls.parse_host(text)
    assert host is not None
    assert host.name == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "ghost-rider",
        ".example.com",
        "example.com..",
        "a..com",
        "-a.com",
        "a-.com",
        "a b.com",
        "a.com:port",
        "a.com:99999",
        "a.com:²",
        "127.1",
        "1.2.3.256",
        "0x7f.0x1",
        "[::1",
        "[::1]x",
        "[fe80::1%eth0]",
        "xn--zzzzzz.com",
        "xn--abc-.com",
        "a℀b.com",
        "ex\u202eample.com",
        "exam\u200dple.com",
        "👨\u200d👩.ws",
        "a\ud800.com",
        "a\x85b.com",
        "x" * 64 + ".com",
        "a." * 126 + "com",
    ],
)
def test_no_host(text: str) -> None:
    assert urls.parse_host(text) is None


def test_exact_host_keeps_www() -> None:
    assert urls.parse_exact_host("WWW.Example.com.") == urls.Host("www.example.com", False)


@given(st.one_of(hosts(), native_hosts()), st.data())
def test_every_spelling_is_one_host(host: str, data: st.DataObject) -> None:
    """Property 4: case, trailing dot, www., default port, punycode, scheme."""
    canonical = urls.parse_host(host)
    assert canonical is not None
    name = data.draw(st.sampled_from([host, canonical.name, urls.to_unicode(canonical.name)]))
    # `ß`.upper() is SS, another name: only ASCII letters change their case here
    upper = "".join(x.upper() if x.isascii() else x for x in name)
    name = data.draw(st.sampled_from([name, upper]))
    name = data.draw(st.sampled_from(["", "www.", "WWW.", "www.www."])) + name
    name += data.draw(st.sampled_from(["", "."]))
    assert urls.parse_host(name + data.draw(st.sampled_from(["", ":80", ":443"]))) == canonical
    for prefix in ("http://", "https://", "HTTP://", "//", ""):
        assert urls.url_host(f"{prefix}{name}/path?q#f") == canonical


@given(st.one_of(hosts(), native_hosts(), st.text(max_size=30), st.text("xn--.aé0", max_size=20)))
def test_canonical_is_final(text: str) -> None:
    host = urls.parse_host(text)
    if host is None:
        return
    if not host.is_ip:
        assert urls.parse_host(host.name) == host
        assert urls.parse_host(urls.to_unicode(host.name)) == host
    assert host.name.isascii()
    assert host.name == host.name.lower()


@given(st.text(st.sampled_from(HOSTILE + "a.com:/@[]xn-é"), max_size=20))
def test_nothing_raises(text: str) -> None:
    urls.parse_host(text)
    urls.url_host(text)
    urls.canonical_url(text)
    urls.canonical_url(f"http://{text}")
    urls.is_http_url(text)
    urls.known_tld(text)


@given(
    st.lists(labels(), max_size=3), st.sampled_from([*PUBLIC_SUFFIXES, "com", "ck", "city.kobe.jp"])
)
def test_registrable_domain_is_the_oracles(before: list[str], suffix: str) -> None:
    host = ".".join([*before, suffix])
    assert urls.public_suffix(host) == PSL.publicsuffix(host)
    assert urls.registrable_domain(host) == (PSL.privatesuffix(host) or host)
    assert urls.is_public_suffix(host) == PSL.is_public(host)


@given(hosts())
def test_registrable_domain_is_one_label_longer(host: str) -> None:
    domain, suffix = urls.registrable_domain(host), urls.public_suffix(host)
    assert host.endswith(domain)
    assert domain.endswith("." + suffix)
    assert domain.count(".") == suffix.count(".") + 1


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("a.b.example.co.uk", "example.co.uk"),
        ("x.spam.blogspot.com", "spam.blogspot.com"),
        ("me.github.io", "me.github.io"),
        ("shop.k12.ca.us", "shop.k12.ca.us"),
        ("www.ck", "www.ck"),
        ("org.br", "org.br"),
        ("10.1.2.3", "10.1.2.3"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_registrable_domain(host: str, expected: str) -> None:
    assert urls.registrable_domain(host) == expected


def test_suffixes_below() -> None:
    below = urls.covers_public_suffix("amazonaws.com")
    assert below is not None
    assert below.endswith(".amazonaws.com")
    assert PSL.is_public(below)
    assert urls.covers_public_suffix("example.com") is None


@given(hosts())
def test_ordinary_hosts_cover_no_suffix(host: str) -> None:
    below = urls.covers_public_suffix(host)
    assert below is None or (PSL.is_public(below) and below.endswith("." + host))


def test_top_level_domains() -> None:
    assert urls.known_tld("XYZ") == "xyz"
    assert urls.known_tld("рф") == "xn--p1ai"
    assert urls.known_tld("ghost-rider") is None
    assert urls.known_tld("a.com") is None
    assert urls.has_known_tld("x.co.za")  # the list knows only what lies below .za
    assert urls.has_known_tld("x.xn--p1ai")
    assert not urls.has_known_tld("seofbox.lob")


def test_parent_hosts() -> None:
    assert urls.parent_hosts("a.b.com") == ["b.com", "com"]
    assert urls.parent_hosts("com") == []
    assert urls.parent_hosts("1.2.3.4") == []
    assert urls.parent_hosts("2001:db8::1") == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM", "http://example.com/"),
        ("https://www.example.com:443/A?b=C#top", "https://www.example.com/A?b=C"),
        ("http://example.com:0080/", "http://example.com/"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("http://example.com:/x", "http://example.com/x"),
        ("http://example.com?x=1", "http://example.com/?x=1"),
        ("http://example.com./a//b/%7E/~", "http://example.com/a//b/%7E/~"),
        ("http://bücher.de/ü", "http://xn--bcher-kva.de/%C3%BC"),
        ('http://example.com/a"b|c', "http://example.com/a%22b%7Cc"),
        ("http://1.2.3.4/x", "http://1.2.3.4/x"),
        ("http://[2001:DB8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_canonical_url(url: str, expected: str) -> None:
    assert urls.canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "example.com/x",
        "//example.com/x",
        "/x",
        "ftp://example.com/",
        "javascript://example.com/%0aalert(1)",
        "http:///x",
        "http://example.com///x",
        "http://ghost-rider/x",
        "http://*.example.com/",
        "http://user@example.com/",
        "http://example.com/a b",
        "http://example.com/a\\b",
        "http://example.com/" + "x" * 2030,
        *(f"http://example.com/a{x}b" for x in HOSTILE if x != "#"),
    ],
)
def test_no_canonical_url(url: str) -> None:
    assert urls.canonical_url(url) is None


def test_longest_url() -> None:
    url = "http://example.com/" + "x" * (2048 - 19)
    assert len(url) == 2048
    assert urls.canonical_url(url) == url
    assert urls.canonical_url(url + "x") is None
    assert urls.canonical_url("http://example.com/" + "é" * 400) is None  # 2,400 when encoded


@given(st.one_of(hosts(), native_hosts()), paths(), st.text(max_size=5))
def test_canonical_url_is_final(host: str, path: str, tail: str) -> None:
    url = urls.canonical_url(f"http://{host}{path}{tail}")
    if url is not None:
        assert url.isascii()
        assert url.isprintable()
        assert " " not in url
        assert urls.canonical_url(url) == url
        assert urls.is_http_url(url)
        assert urls.url_host(url) == urls.parse_host(host)


@pytest.mark.parametrize("text", ["mailto:bob@example.com", "bob@example.com", "ftp://a.com/", ""])
def test_no_url_host(text: str) -> None:
    assert urls.url_host(text) is None
