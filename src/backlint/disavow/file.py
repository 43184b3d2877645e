"""The grammar of Google's disavow file: bytes to lines and back, without any judgement.

`parse` never fails: a line that Google would not take becomes a record of kind "invalid" that
says why. `emit` writes canonical lines only: UTF-8, LF, no byte order mark.
"""

import codecs
import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from backlint import urls

Kind = Literal["comment", "blank", "domain", "url", "invalid"]

# Spaces and marks that editors and spreadsheets leave around a line. Control characters are not
# among them: a reader that takes one for a line end must not find a directive behind it.
_AROUND = " \t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff\u200b"
_TRIM = re.compile(rf"\A[{_AROUND}]+|[{_AROUND}]+\Z")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")  # without the tab
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    r"\ud800-\udfff\U000e0000-\U000e0fff]"
)
_DOMAIN = re.compile(r"domain:(.*)\Z", re.IGNORECASE | re.DOTALL)
_HTTP = re.compile(r"https?://", re.IGNORECASE)
_MISSPELT_DOMAIN = re.compile(r"domains?\s*[:;=,：\s]\s*(\S+)\Z", re.IGNORECASE)
_URL_PREFIX = re.compile(r"(?:urls?|links?|sites?|host)\s*[:=]\s*(\S+)\Z", re.IGNORECASE)
_SITE_PREFIX = re.compile(r"(?:sites?|host)\s*[:=]", re.IGNORECASE)
# A cell as spreadsheets write it: in quotation marks, or with the separator and further cells
_CELL = re.compile(
    r"""["'\u201c\u201d]*(?:(domain:[^\s,;"'\u201c\u201d]+)|(https?://[^\s"'\u201c\u201d]+))"""
    r"""["'\u201c\u201d]*(?:[,;].*)?\Z""",
    re.IGNORECASE,
)
# A host and no page on it, with or without a scheme before and a slash behind
_HOST_ALONE = re.compile(r"(?:(?:https?:)?//)?([^/?#\\@\s]+)/?\Z", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:?//?[^\s/]", re.IGNORECASE)
_SPACE = re.compile(r"\s")


class Line(NamedTuple):
    """One physical line: `text` as found, `value` the canonical directive.

    An invalid line has no value but a code, a message and, where the meaning is plain, a `fix`:
    the directive that was meant, with its `www.`. It covers no more than the line names, but for
    host wildcards, which nothing narrower can stand for. A comment has a code when its bytes are
    not UTF-8.
    """

    number: int
    kind: Kind
    text: str
    value: str | None = None
    code: str | None = None
    message: str | None = None
    fix: str | None = None


class DisavowFile(NamedTuple):
    """A parsed file; the flags say what about its bytes Google may not read."""

    lines: tuple[Line, ...]
    encoding: Literal["utf-8", "utf-16", "unknown"] = "utf-8"
    bom: bool = False
    lone_cr: bool = False
    size: int = 0

    def directives(self) -> list[str]:
        """Return the canonical directives in file order, repeats included."""
        return [line.value for line in self.lines if line.value is not None]


def parse(data: bytes) -> DisavowFile:
    """Read the bytes of a disavow file; every physical line becomes a record, nothing raises."""
    encoding: Literal["utf-8", "utf-16", "unknown"] = "utf-8"
    size = len(data)
    bom = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    undecodable: set[int] = set()
    wide = _utf16(data)
    if wide is not None:
        encoding = "utf-16"
        text = data.decode(wide, errors="replace")
    else:
        data = data.removeprefix(codecs.BOM_UTF8)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            encoding = "unknown"
            text, undecodable = _decode_by_line(data)
    # Only a file without any LF has CR as its line end (old Mac). Elsewhere a lone CR is a
    # character inside the line: what follows it in a comment stays in the comment.
    lone_cr = "\n" not in text and "\r" in text.rstrip("\r")
    texts = text.split("\r" if lone_cr else "\n")
    if texts[-1] == "":
        del texts[-1]
    lines = tuple(
        _undecodable(number, text) if number in undecodable else parse_line(text, number)
        for number, text in enumerate(texts, start=1)
    )
    return DisavowFile(lines, encoding, bom, lone_cr, size)


def _utf16(data: bytes) -> str | None:
    """Return the codec of UTF-16 text, by its mark or, without one, by the zeros in it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    lead = data[:200]
    half = len(lead) // 2
    if half < 4 or len(data) % 2:
        return None
    low, high = lead[::2].count(0), lead[1::2].count(0)
    if max(low, high) < 0.9 * half or min(low, high) > 0:
        return None
    return "utf-16-le" if high > low else "utf-16-be"


def _decode_by_line(data: bytes) -> tuple[str, set[int]]:
    texts, undecodable = [], set()
    end = b"\n" if b"\n" in data else b"\r"
    for number, raw in enumerate(data.split(end), start=1):
        try:
            texts.append(raw.decode())
        except UnicodeDecodeError:
            texts.append(raw.decode("cp1252", errors="replace"))
            undecodable.add(number)
    return end.decode().join(texts), undecodable


def _undecodable(number: int, text: str) -> Line:
    # A comment may be shown by guess; a guessed host could be somebody else's.
    line = parse_line(text, number)
    kind = line.kind if line.kind in ("comment", "blank") else "invalid"
    return Line(number, kind, line.text, None, "DF003", "bytes that are not UTF-8")


def parse_line(text: str, number: int = 0) -> Line:
    """Read one line (without its LF) or one directive that comes from elsewhere."""
    text = text.rstrip("\r")
    content = _TRIM.sub("", text)
    if not content:
        return Line(number, "blank", text)
    if content.startswith("#"):
        return Line(number, "comment", text)
    domain = _DOMAIN.match(content)
    if domain:
        found = _domain(domain.group(1))
    elif _HTTP.match(content):
        found = _url(content)
    else:
        found = _neither(content)
    if found.kind == "invalid" and (cell := _cell(content)):
        found = cell
    if found.fix and found.code in ("DF108", "DF115") and _names_more(content, found.code):
        found = _invalid("DF108", "several directives in one line, which takes one")
    return found._replace(number=number, text=text)


def _cell(content: str) -> Line | None:
    """Return what a line of a spreadsheet means: its first cell, where that is a directive."""
    match = _CELL.match(content)
    if match is None or _CONTROL.search(content):
        return None
    if match.group(1):
        found = _domain(match.group(1)[len("domain:") :])
        meant = found.value and _exact_domain(match.group(1))
    else:  # in a bare URL a comma is part of the address
        meant = urls.canonical_url(match.group(2)) if content[0] not in "hH" else None
    return _invalid("DF115", "cells of a spreadsheet", meant) if meant else None


def _names_more(content: str, code: str) -> bool:
    """Say whether other directives stand behind the first one, where no comment begins.

    In a row of cells a URL may be a column of its own, such as an example.
    """
    behind = re.split(r"[,;\s]+", content.partition("#")[0])[1:]
    starts = ("domain:", "http://", "https://") if code == "DF108" else ("domain:",)
    return any(part.strip("\"'").lower().startswith(starts) for part in behind)


def exact(line: Line) -> str | None:
    """Return the directive as Google reads it: `domain:www.x` covers less than `domain:x`."""
    found = _exact_domain(clean(line.text)) if line.kind == "domain" else None
    return found or line.value


def exact_texts(line: Line) -> list[str]:
    """Return the canonical text of one line as `canonical_texts` does, but with any `www.` kept."""
    texts = canonical_texts(line)
    return [*texts[:-1], exact(line) or texts[-1]]


def _exact_domain(text: str) -> str | None:
    host = urls.parse_exact_host(text.partition(":")[2])
    return f"domain:{host.name}" if host is not None else None


def _valid(kind: Kind, value: str) -> Line:
    return Line(0, kind, "", value)


def _invalid(code: str, message: str, fix: str | None = None) -> Line:
    return Line(0, "invalid", "", None, code, message, fix)


def _domain(rest: str) -> Line:
    if not rest:
        return _invalid("DF112", "no host behind the prefix")
    if _CONTROL.search(rest):
        return _invalid("DF110", "control character")
    if _SPACE.match(rest):
        return _invalid("DF101", "space behind the domain: prefix", _meant_host(rest))
    if "*" in rest or rest.startswith("."):
        meant = rest.removeprefix("*").removeprefix(".")
        return _invalid("DF103", "wildcards do not exist", _meant_host(meant))
    if _SPACE.search(rest):
        return _invalid("DF108", "text behind the host", _meant_host(rest.split()[0]))
    host = urls.parse_host(f"[{rest}]") if rest.count(":") > 1 else None
    if host is None and any(mark in rest for mark in "/:@?[\\"):
        return _invalid("DF106", "domain: takes a bare host", _meant_host(rest))
    host = host or urls.parse_host(rest)
    if host is not None:
        return _valid("domain", f"domain:{host.name}")
    tld = urls.known_tld(rest)
    if tld is not None:
        return _valid("domain", f"domain:{tld}")
    return _invalid("DF112", "no valid host name")


def _meant_host(text: str) -> str | None:
    """Return `domain:host` for text that names one real host and no page on it, `www.` kept."""
    match = _HOST_ALONE.match(_INVISIBLE.sub("", text.strip()))
    host = urls.parse_exact_host(match.group(1)) if match else None
    bare = urls.parse_host(match.group(1)) if match else None
    if host is None or bare is None or host.is_ip or not urls.has_known_tld(host.name):
        return None
    return None if urls.is_public_suffix(bare.name) else f"domain:{host.name}"


def _url(content: str) -> Line:
    value = urls.canonical_url(content)
    if value is not None:
        return _valid("url", value)
    if _CONTROL.search(content):
        return _invalid("DF110", "control character in the URL")
    if _SPACE.search(content):
        # what follows may be the rest of the address, unless it is plainly a comment
        first, rest = content.split(maxsplit=1)
        meant = urls.canonical_url(first) if rest.startswith("#") else None
        return _invalid("DF108", "text behind the URL, or a space in it", meant)
    authority = re.split(r"[/?#]", content.partition("//")[2], maxsplit=1)[0]
    if "*" in authority:
        named = content.partition("//")[2].lstrip("*.")
        return _invalid("DF103", "wildcards do not exist", _meant_host(named))
    if "///" in content or "\\" in content:
        return _invalid("DF110", "/// or a backslash in the URL")
    if "@" in authority:
        return _invalid("DF110", "a user name in the URL")
    if urls.parse_exact_host(authority) is None:
        return _invalid("DF112", "no valid host name in the URL")
    if urls.has_unsafe_character(content):
        plain = urls.canonical_url(_INVISIBLE.sub("", content))
        return _invalid("DF110", "an invisible or broken character in the URL", plain)
    # Only the length is left; the canonical form counts, where `é` takes six characters.
    return _invalid("DF111", f"URL of more than {urls.MAX_URL:,} characters")


def _neither(content: str) -> Line:
    if _CONTROL.search(content):
        return _invalid("DF107", "control character; neither a comment, a URL nor a domain")
    match = _URL_PREFIX.match(content)
    if match:
        fix = urls.canonical_url(match.group(1))
        if fix is None and _SITE_PREFIX.match(content):  # "url:" may mean the home page alone
            fix = _meant_host(match.group(1))
        return _invalid("DF102", "a prefix that does not exist", fix)
    match = _MISSPELT_DOMAIN.match(content)
    if match and _meant_host(match.group(1)):
        return _invalid("DF101", "misspelt domain: prefix", _meant_host(match.group(1)))
    if content.startswith(("*", ".")) and _meant_host(content.lstrip("*.")):
        return _invalid("DF103", "wildcards do not exist", _meant_host(content.lstrip("*.")))
    if not _SPACE.search(content):
        if "@" in content and "/" not in content:
            return _invalid("DF107", "an e-mail address")
        if content.startswith("/") or _OTHER_SCHEME.match(content):
            return _invalid("DF109", "no absolute http(s) URL")
        host = urls.url_host(content)
        if host is not None and host.is_ip:
            return _invalid("DF107", "an IP address")
        if host is not None and urls.has_known_tld(host.name):
            if "/" in content.rstrip("/"):
                return _invalid("DF109", "a URL without http:// or https://")
            return _invalid("DF105", "a host without the domain: prefix", _meant_host(content))
    return _invalid("DF107", "neither a comment, a URL nor a domain")


def emit(lines: Iterable[Line]) -> str:
    """Write lines in canonical form; an invalid one becomes a comment that says why."""
    return "".join(f"{text}\n" for line in lines for text in canonical_texts(line))


def canonical_texts(line: Line) -> list[str]:
    """Return the canonical text of one line; a native IDN stays readable in a comment above it."""
    if line.value is not None:
        # Google takes both forms; punycode survives every editor and mail program
        native = [f"# native form: {clean(line.text)}"] if has_native_form(line) else []
        return [*native, line.value]
    if line.kind == "invalid":
        return [clean(f"# invalid ({line.message}): {line.text}")]
    return [clean(line.text)]


def has_native_form(line: Line) -> bool:
    """Say whether a directive names its host in native letters and not in punycode."""
    return line.value is not None and "xn--" in line.value and "xn--" not in line.text.lower()


def clean(text: str, limit: int | None = None) -> str:
    """Make text from outside fit for one comment line.

    Whatever some reader may take for a line end (LF, CR, VT, FF, FS, GS, RS, NEL, U+2028/9) and
    every other control becomes a space; invisible and direction-changing characters go.
    """
    text = _TRIM.sub("", _INVISIBLE.sub("", _CONTROL.sub(" ", text.replace("\t", " "))))
    if limit is not None and len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return text


def is_url(directive: str) -> bool:
    """Say whether a canonical directive is a URL and not a `domain:` line."""
    return not directive.startswith("domain:")


def host_of(directive: str) -> str:
    """Return the host that a canonical directive is about; that of a URL keeps its `www.`."""
    if not is_url(directive):
        return directive.removeprefix("domain:")
    host = urls.parse_exact_host(directive.split("/", 3)[2])
    return host.name if host is not None else ""


def covering(directives: Iterable[str]) -> dict[str, str]:
    """Return, for every canonical directive that another one covers, the widest that does.

    `domain:a.example` covers its subdomains and every URL on them. What is left is a set in
    which no line covers another, whatever the order.
    """
    known = set(directives)
    hosts = {directive.removeprefix("domain:") for directive in known if not is_url(directive)}
    covered = {}
    for directive in known:
        host = host_of(directive)
        wider = urls.parent_hosts(host)
        if is_url(directive):
            wider.insert(0, host)
        widest = next((name for name in reversed(wider) if name in hosts), None)
        if widest is not None:
            covered[directive] = f"domain:{widest}"
    return covered
