"""Hosts, registrable domains and canonical URLs: pure functions, exact, no network.

Plain hosts are handled in SQL on the engine; these functions take the odd ones (userinfo, ports,
IPv6, IDN, trailing dots) and everything that comes in ones: options, disavow lines, lists.
"""

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

import idna

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_URL = 2048  # characters; the longest URL that Google takes in a disavow file

_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\Z")
_PLAIN_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
_NUMERIC_LABEL = re.compile(r"([0-9]+|0x[0-9a-f]*)\Z")
_NOT_IN_HOST = re.compile(r"[\x00-\x20\x7f<>\"'`{}|\\^,;!$&()*+=%]")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")
_HTTP_URL = re.compile(r"(https?)://([^/?#]*)([^#]*)", re.IGNORECASE)
# White space and every control, invisible or direction-changing character: none of them belongs
# in a URL, and some readers take a few of them for the end of a line.
_NOT_IN_URL = re.compile(
    r"[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\uffff\ud800-\udfff\U000e0000-\U000e0fff\\]"
)
_LEFT_AS_IS = "!$%&'()*+,/:;=?@[]~"  # RFC 3986: reserved, unreserved and the per cent sign


class Host(NamedTuple):
    """A host in canonical form: lower-case A-labels without `www.`, port or trailing dot."""

    name: str
    is_ip: bool


def parse_host(text: str) -> Host | None:
    """Return the canonical host of a bare host or authority, or None when there is none.

    Takes `User:pw@WWW.Example.COM.:443`, `[2001:db8::1]:80`, `bücher.example`.
    A name without a dot (`localhost`, `ghost-rider`) is no host on the public web.
    """
    host = parse_exact_host(text)
    if host is None or not host.name.startswith("www."):
        return host
    name = host.name
    while name.startswith("www.") and name.count(".") >= 2:  # `www.com` is a domain of its own
        name = name[4:]
    return Host(name, False)


def parse_exact_host(text: str) -> Host | None:
    """Return the host as `parse_host` does, but with any `www.` kept."""
    if _PLAIN_HOST.match(text) and "xn--" not in text and len(text) <= 253:
        return Host(text, False)  # nearly every host in practice; three times as fast
    text = text.strip().rpartition("@")[2]
    if text.startswith("["):
        return _ipv6(text)
    name, _, port = text.partition(":")
    if not _is_port(port) or _NOT_IN_HOST.search(name):
        return None
    ascii_name = _to_ascii(name)
    if not ascii_name:
        return None
    ascii_name = ascii_name.removesuffix(".")
    labels = ascii_name.split(".")
    if _NUMERIC_LABEL.match(labels[-1]):  # browsers read such a name as an IPv4 address
        return _ipv4(ascii_name)
    if len(labels) < 2 or len(ascii_name) > 253:
        return None
    if not all(_LABEL.match(label) for label in labels):
        return None
    if "xn--" in ascii_name and not all(_is_valid_ascii_label(label) for label in labels):
        return None
    return Host(ascii_name, False)


def _is_port(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit() and len(text) < 9 and int(text) < 65536)


def _ipv4(name: str) -> Host | None:
    try:
        return Host(str(ipaddress.IPv4Address(name)), True)
    except ValueError:
        return None


def _ipv6(text: str) -> Host | None:
    inner, bracket, port = text[1:].partition("]")
    if not bracket or "%" in inner or not _is_port(port[1:]) or (port and port[0] != ":"):
        return None
    try:
        return Host(ipaddress.IPv6Address(inner).compressed, True)
    except ValueError:
        return None


def _to_ascii(name: str) -> str | None:
    """Map a name by UTS 46 as browsers do and encode each label; None where they refuse it."""
    if name.isascii():
        return name.lower()
    try:
        mapped = idna.uts46_remap(name, std3_rules=False)
    except (idna.IDNAError, UnicodeError):
        return None
    labels = [_label_to_ascii(label) for label in mapped.split(".")]
    if None in labels:
        return None
    return ".".join(label for label in labels if label is not None)


def _label_to_ascii(label: str) -> str | None:
    if label.isascii():
        return label
    try:
        return idna.alabel(label).decode("ascii")
    except idna.InvalidCodepoint:
        # IDNA 2008 refuses symbols such as emoji, UTS 46 and the browsers resolve them. A joiner
        # would be invisible and its context was not checked, so that stays refused.
        if "\u200c" in label or "\u200d" in label:
            return None
        return "xn--" + label.encode("punycode").decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def _is_valid_ascii_label(label: str) -> bool:
    return not label.startswith("xn--") or _native_label(label) is not None


def _native_label(label: str) -> str | None:
    """Return the native form of an A-label, or None when it does not encode back to itself."""
    try:
        native = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return None
    return native if not native.isascii() and _to_ascii(native) == label else None


def url_host(url: str) -> Host | None:
    """Return the canonical host of an http(s) URL; scheme-less `example.com/x` is accepted."""
    url = url.strip()
    if url.startswith("//"):
        url = url[2:]
        match = None
    else:
        match = _SCHEME.match(url)
    if match:
        if match.group().lower() not in ("http://", "https://"):
            return None
        url = url[match.end() :]
    authority = re.split(r"[/?#\\]", url, maxsplit=1)[0]
    if match is None and "@" in authority:  # `mailto:a@b.example` or a plain e-mail address
        return None
    return parse_host(authority)


def canonical_url(url: str) -> str | None:
    """Return the canonical form of an absolute http(s) URL, or None when there is none.

    Lower-case scheme and A-label host (`www.` kept: it is another page for Google), no default
    port, no fragment, a path of at least `/`; characters that RFC 3986 does not allow are
    percent-encoded, so the result is printable ASCII of at most `MAX_URL` characters. White
    space, control and invisible characters, a backslash, `///`, and a user name are refused.
    """
    if has_unsafe_character(url):
        return None
    match = _HTTP_URL.match(url)
    if match is None:
        return None
    scheme, authority, rest = match.groups()
    scheme = scheme.lower()
    if "@" in authority or "///" in rest:
        return None
    host = parse_exact_host(authority)
    if host is None:
        return None
    name = f"[{host.name}]" if ":" in host.name else host.name
    port = authority.rpartition("]")[2].partition(":")[2]
    if port and int(port) != (80 if scheme == "http" else 443):
        name = f"{name}:{int(port)}"
    if not rest.startswith("/"):
        rest = "/" + rest
    canonical = f"{scheme}://{name}{quote(rest, safe=_LEFT_AS_IS)}"
    return canonical if len(canonical) <= MAX_URL else None


def has_unsafe_character(url: str) -> bool:
    """Say whether a URL holds white space, a backslash, a control or an invisible character."""
    return _NOT_IN_URL.search(url) is not None


def to_unicode(host: str) -> str:
    """Return the native form of an A-label host, or the host itself when it has none.

    Reading the native form back with `parse_host` gives the same host.
    """
    if "xn--" not in host:
        return host
    labels = host.split(".")
    return ".".join((_native_label(x) if x.startswith("xn--") else x) or x for x in labels)


def parent_hosts(host: str) -> list[str]:
    """Return the hosts above a canonical host, nearest first: `a.b.example` -> b.example, example.

    An IP address has none.
    """
    if ":" in host or host[-1:].isdigit():
        return []
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(1, len(labels))]


@cache
def _psl() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=True, only_icann=False)


def public_suffix(host: str) -> str:
    """Return the public suffix of a canonical host, private section included."""
    return _psl().publicsuffix(host) or host


def registrable_domain(host: str) -> str:
    """Return the registrable domain (eTLD+1) of a canonical host.

    The private section of the Public Suffix List counts, so each `x.blogspot.com` is its own
    publisher. A host that is itself a public suffix, or an IP, is returned unchanged.
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _psl().privatesuffix(host) or host
    return host


def is_public_suffix(host: str) -> bool:
    """Say whether a canonical host is a whole public suffix such as `org.br` or `github.io`."""
    return public_suffix(host) == host


def covers_public_suffix(host: str) -> str | None:
    """Return a public suffix that lies under the host, or None: `amazonaws.com` has many.

    Whatever is done to such a host is done to every customer of the suffix.
    """
    return _suffix_by_parent().get(host)


def known_tld(text: str) -> str | None:
    """Return the A-label of a lone top-level domain (`xyz`, `рф`), or None when it is none."""
    label = _to_ascii(text.strip()) if "." not in text else None
    return label if label in _known_tlds() else None


@cache
def top_level_domains() -> frozenset[str]:
    """Return all top-level domains of the Public Suffix List, as A-labels and in native form."""
    return _known_tlds() | {to_unicode(tld) for tld in _known_tlds()}


def has_known_tld(host: str) -> bool:
    """Say whether a canonical host ends in a top-level domain of the Public Suffix List."""
    return host.rpartition(".")[2] in _known_tlds()


@cache
def _suffix_rules() -> tuple[str, ...]:
    from publicsuffixlist import PSLFILE

    with Path(PSLFILE).open(encoding="utf-8") as lines:
        rules = [line.split()[0] for line in lines if line.strip() and not line.startswith("//")]
    # `*.ck` and `!www.ck` both say that `ck` is a suffix
    names = [_to_ascii(rule.removeprefix("*.").removeprefix("!")) for rule in rules]
    return tuple(name for name in names if name)


@cache
def _known_tlds() -> frozenset[str]:
    return frozenset(rule.rpartition(".")[2] for rule in _suffix_rules())


@cache
def _suffix_by_parent() -> dict[str, str]:
    found: dict[str, str] = {}
    for rule in _suffix_rules():
        if is_public_suffix(rule):
            for parent in parent_hosts(rule):
                found[parent] = min(rule, found.get(parent, rule))
    return found


def is_http_url(url: str) -> bool:
    """Say whether the text is an absolute http(s) URL with a valid host and no white space."""
    if not url.lower().startswith(("http://", "https://")) or re.search(r"[\s\x00-\x1f\x7f]", url):
        return False
    try:
        urlsplit(url)
    except ValueError:
        return False
    return url_host(url) is not None
