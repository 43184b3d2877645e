"""A linter for disavow files: every defect with its line, code, reason and fix."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from backlint import urls
from backlint.disavow.codes import CODES, Severity
from backlint.disavow.file import (
    DisavowFile,
    Line,
    clean,
    covering,
    exact,
    has_native_form,
    host_of,
    is_url,
    parse,
)
from backlint.disavow.guards import Guards, Refusal, refuse_directive
from backlint.disavow.lookalike import look_alike
from backlint.disavow.plan import MAX_BYTES, MAX_LINES

_MAX_SHOWN = 120  # characters of a line that a message repeats
_ODD_IN_PATH = re.compile(r"[^!-~]|[\"<>^`{|}]")
_INVISIBLE = re.compile(
    r"[\xa0\xad\u061c\u1680\u180e\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]"
)
_HOST_PART = re.compile(r"domain:.*|https?://[^/?#]*", re.IGNORECASE)


# How files begin that are no text, whatever their name: xlsx and docx, xls and doc, PDF, RTF
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")


class Defect(NamedTuple):
    """One thing that is wrong.

    `fix` is the text the line should have, "" to remove the line, None where only a human can
    tell; then `cure` says in words what to do.
    """

    line: int
    code: str
    severity: Severity
    message: str
    fix: str | None = None
    cure: str = ""


def check(path: Path, data: bytes, guards: Guards) -> list[Defect]:
    """Return all defects of a disavow file in line order; CRLF line ends are none."""
    if is_no_text(data):
        return [_defect(1, "DF008", CODES["DF008"].meaning)]
    file = parse(data)
    found = [*_file_defects(path, data, file), *_line_defects(file, guards)]
    return sorted(found, key=lambda defect: (defect.line, defect.code))


def is_no_text(data: bytes) -> bool:
    """Say whether the bytes are those of a workbook or document."""
    return data.startswith(_NOT_TEXT)


def format_defect(path: Path, defect: Defect) -> str:
    """Return `FILE:LINE: CODE message`, with what to do in brackets."""
    text = f"{path}:{defect.line}: {defect.code} {defect.message}"
    fix = defect.fix and f"write: {defect.fix}"
    return f"{text} ({fix or defect.cure})"


def summary(data: bytes, defects: Sequence[Defect]) -> str:
    """Return in one line how many directives and defects a file has, and what comes next."""
    directives = 0 if is_no_text(data) else len(parse(data).directives())
    head = f"{directives:,} directive{'s' if directives != 1 else ''}"
    if not defects:
        return f"{head}, no defect"
    counted = Counter(defect.severity for defect in defects)
    kinds = ", ".join(f"{counted[x]:,} {x}" for x in ("error", "warning", "info") if counted[x])
    mendable = sum(defect.fix is not None for defect in defects)
    after = f"; `--fix` mends {mendable:,} of them" if mendable else ""
    return f"{head}; defects: {kinds}{after}"


def harms(directive: str, guards: Guards) -> Refusal | None:
    """Return the refusal of a directive that must go; what is only doubtful is a human's to say."""
    refused = refuse_directive(directive, guards)
    return refused if refused and CODES[refused.code].severity == "error" else None


def _defect(line: int, code: str, message: str, fix: str | None = None, cure: str = "") -> Defect:
    return Defect(line, code, CODES[code].severity, message, fix, cure or CODES[code].cure)


def _file_defects(path: Path, data: bytes, file: DisavowFile) -> Iterator[Defect]:
    if path.suffix.lower() != ".txt":
        yield _defect(1, "DF001", "Google takes only files that end in .txt")
    if file.bom and file.encoding == "utf-8":
        yield _defect(1, "DF002", "byte order mark")
    if file.encoding == "utf-16":
        yield _defect(1, "DF003", "UTF-16")
    if len(file.lines) > MAX_LINES:
        message = f"{len(file.lines):,} lines, Google takes at most {MAX_LINES:,}"
        yield _defect(MAX_LINES + 1, "DF004", message)
    if file.size > MAX_BYTES:
        line = min(data[:MAX_BYTES].count(b"\n") + 1, len(file.lines))
        message = f"{file.size:,} bytes, Google takes at most 2 MB ({MAX_BYTES:,} to be safe)"
        yield _defect(line, "DF005", message)
    if not file.directives():
        yield _defect(1, "DF006", "no directive: uploading this file wipes the live list")
    if file.lone_cr:
        yield _defect(1, "DF007", "lines end in a lone carriage return")


def _line_defects(file: DisavowFile, guards: Guards) -> Iterator[Defect]:
    for line in file.lines:
        if line.code is not None:
            message = f"{line.message}: {clean(line.text, _MAX_SHOWN)}"
            yield _defect(line.number, line.code, message, line.fix)
    directives = {line.number: exact(line) or "" for line in file.lines if line.value is not None}
    harmless: dict[str, int] = {}
    for line in file.lines:
        if line.value is None:
            continue
        refused = refuse_directive(line.value, guards)
        if refused is not None:
            message = f"{refused.reason}: {clean(line.text, _MAX_SHOWN)}"
            yield _defect(line.number, refused.code, message)
        if refused is None or CODES[refused.code].severity != "error":
            harmless.setdefault(directives[line.number], line.number)
        yield from _style_defects(line, directives[line.number])
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
            yield _defect(number, "DF304", message, cure=f"to cover that as well, write: {bare}")


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
    if value.split("/", 3)[3] == "":
        message = f"{value} is the home page alone"
        cure = f"if the whole site is meant, write: domain:{host}"
        yield _defect(line.number, "DF306", message, cure=cure)
    if value.endswith("*"):
        yield _defect(line.number, "DF104", "a URL line is that page alone; * is no wildcard")
    if part is not None and _ODD_IN_PATH.search(text, part.end()):
        yield _defect(line.number, "DF113", "characters that should be percent-encoded", value)
