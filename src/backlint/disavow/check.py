"""A linter for disavow files: every defect with its line, code, reason and fix."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from backlint import urls
from backlint.disavow.codes import CODES, Severity
from backlint.disavow.file import (
    DisavowFile,
    Line,
    clean,
    covering,
    has_native_form,
    host_of,
    is_url,
    parse,
)
from backlint.disavow.guards import Guards, refuse_directive
from backlint.disavow.lookalike import look_alike
from backlint.disavow.plan import MAX_BYTES, MAX_LINES

_MAX_SHOWN = 120  # characters of a line that a message repeats
_ODD_IN_PATH = re.compile(r"[^!-~]|[\"<>^`{|}]")
_INVISIBLE = re.compile(
    r"[\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_HOST_PART = re.compile(r"domain:.*|https?://[^/?#]*", re.IGNORECASE)


class Defect(NamedTuple):
    """One thing that is wrong; `fix` is the text the line should have, "" to remove the line."""

    line: int
    code: str
    severity: Severity
    message: str
    fix: str | None = None


def check(
    path: Path,
    data: bytes,
    own: frozenset[str] = frozenset(),
    platforms: frozenset[str] = frozenset(),
) -> list[Defect]:
    """Return all defects of a disavow file in line order; CRLF line ends are none."""
    file = parse(data)
    guards = Guards(own=own, platforms=platforms)
    found = [*_file_defects(path, data, file), *_line_defects(file, guards)]
    return sorted(found, key=lambda defect: (defect.line, defect.code))


def format_defect(path: Path, defect: Defect) -> str:
    """Return `FILE:LINE: CODE message`, with the fix in brackets where there is one."""
    text = f"{path}:{defect.line}: {defect.code} {defect.message}"
    if defect.fix is None:
        return text
    return f"{text} ({f'write: {defect.fix}' if defect.fix else 'remove the line'})"


def _defect(line: int, code: str, message: str, fix: str | None = None) -> Defect:
    return Defect(line, code, CODES[code].severity, message, fix)


def _file_defects(path: Path, data: bytes, file: DisavowFile) -> Iterator[Defect]:
    if path.suffix.lower() != ".txt":
        yield _defect(1, "DF001", "Google takes only files that end in .txt")
    if file.bom and file.encoding == "utf-8":
        yield _defect(1, "DF002", "byte order mark; save as UTF-8 without BOM")
    if file.encoding == "utf-16":
        yield _defect(1, "DF003", "UTF-16; save as UTF-8")
    if len(file.lines) > MAX_LINES:
        message = f"{len(file.lines):,} lines, Google takes at most {MAX_LINES:,}"
        yield _defect(MAX_LINES + 1, "DF004", message)
    if file.size > MAX_BYTES:
        line = min(data[:MAX_BYTES].count(b"\n") + 1, len(file.lines))
        message = f"{file.size:,} bytes, Google takes at most 2 MB ({MAX_BYTES:,} to be safe)"
        yield _defect(line, "DF005", message)
    if not file.directives():
        yield _defect(1, "DF006", "no directive; uploading this file wipes the live list")
    if file.lone_cr:
        yield _defect(1, "DF007", "lines end in a lone carriage return; save with LF or CRLF")


def _line_defects(file: DisavowFile, guards: Guards) -> Iterator[Defect]:
    for line in file.lines:
        if line.code is not None:
            message = f"{line.message}: {clean(line.text, _MAX_SHOWN)}"
            yield _defect(line.number, line.code, message, line.fix)
    directives = {line.number: _exact(line) for line in file.lines if line.value is not None}
    harmless: dict[str, int] = {}
    for line in file.lines:
        if line.value is None:
            continue
        refused = refuse_directive(line.value, guards)
        if refused is not None:
            message = f"{refused.reason}: {clean(line.text, _MAX_SHOWN)}"
            yield _defect(line.number, refused.code, message)
        else:
            harmless.setdefault(directives[line.number], line.number)
        yield from _style_defects(line, line.value)
    # A line that must go covers nothing: who followed both advices would lose the domain
    wider = covering(harmless)
    for number, directive in directives.items():
        first = harmless.get(directive)
        if first is None:
            continue
        if number != first:
            yield _defect(number, "DF301", f"{directive} stands in line {first} already", "")
        elif directive in wider:
            above = wider[directive]
            yield _defect(number, "DF302", f"{above} in line {harmless[above]} covers this", "")
        elif directive.startswith("domain:www.") and directive.count(".") > 1:
            bare = directive.replace("www.", "", 1)
            message = f"covers only {host_of(directive)} and what lies below it, not {bare[7:]}"
            yield _defect(number, "DF304", message, bare)


def _exact(line: Line) -> str:
    """Return the directive as Google reads it: `domain:www.x` is not `domain:x`."""
    if line.kind == "domain" and "www." in line.text.lower():
        host = urls.parse_exact_host(clean(line.text).partition(":")[2])
        if host is not None:
            return f"domain:{host.name}"
    return line.value or ""


def _style_defects(line: Line, value: str) -> Iterator[Defect]:
    host = host_of(value)
    odd = look_alike(host)
    if odd is not None:
        yield _defect(line.number, "DF206", clean(odd))
    if "." in host and not host[-1:].isdigit() and not urls.has_known_tld(host):
        message = f"no top-level domain .{host.rpartition('.')[2]} is known"
        yield _defect(line.number, "DF207", message)
    text = line.text.strip()
    part = _HOST_PART.match(text)
    if part is not None and part.group() != part.group().lower():
        yield _defect(line.number, "DF305", "upper case in the host", value)
    if has_native_form(line):
        yield _defect(line.number, "DF303", "native IDN; allowed, but punycode is safer", value)
    if _INVISIBLE.search(line.text):
        yield _defect(line.number, "DF114", "invisible characters or odd spaces", value)
    if not is_url(value):
        return
    if value.endswith("*"):
        yield _defect(line.number, "DF104", "a URL line is that page alone; * is no wildcard")
    if part is not None and _ODD_IN_PATH.search(text, part.end()):
        yield _defect(line.number, "DF113", "characters that should be percent-encoded", value)
