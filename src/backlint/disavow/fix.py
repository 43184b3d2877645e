"""Mend a disavow file: what a line plainly means is written, the rest stays as a comment.

Nothing is disavowed that no line named, and nothing that was disavowed comes free, but for lines
that `check` calls harmful. `domain:www.x` stays as it is, and no URL becomes its whole domain.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from backlint.disavow.check import Defect, check, harms, is_no_text
from backlint.disavow.codes import CODES
from backlint.disavow.file import (
    DisavowFile,
    Line,
    clean,
    covering,
    exact,
    exact_texts,
    host_of,
    parse,
    parse_line,
)
from backlint.disavow.guards import Guards
from backlint.errors import DisavowError

_SPACE = " \t\r"  # around a line it is no defect, and goes without a word
_SHOWN = 120  # characters of a line that a message repeats
_WRITER_SAYS = ("DF004", "DF005")  # limits: the file is refused as a whole


class Change(NamedTuple):
    """What became of one line; `line` counts in the old file, `code` may be empty.

    "mended" lines are written as they were meant, "removed" ones were said already, "commented"
    ones are out of effect, "left" ones are as they were and need a human.
    """

    line: int
    code: str
    state: Literal["mended", "removed", "commented", "left"]
    message: str


class Fixed(NamedTuple):
    """The mended text, everything that was done or left in it, and how many directives it has."""

    text: str
    changes: list[Change]
    directives: int


class _Mended(NamedTuple):
    """A line in its new form: the comments above it, its text, its directive if it is one."""

    number: int
    above: list[str]
    text: str
    directive: str | None = None
    change: Change | None = None


def fix(path: Path, data: bytes, guards: Guards) -> Fixed:
    """Return the file as it should be; a mended file comes back as it is.

    Raises DisavowError for what is no text, and where no directive would be left: an upload of that
    would wipe the live list.
    """
    if is_no_text(data):
        raise DisavowError(f"{path}:1: {CODES['DF008'].meaning}; {CODES['DF008'].cure}")
    file = parse(data)
    defects: dict[int, list[Defect]] = defaultdict(list)
    for defect in check(path, data, guards):
        defects[defect.line].append(defect)
    mended = [_mend(line, defects[line.number], guards) for line in file.lines]
    wider = covering(entry.directive for entry in mended if entry.directive)
    changes = list(_of_the_file(file, data))
    placed: list[tuple[int, str]] = []  # old line number and new text
    done: dict[str, int] = {}
    for entry in mended:
        placed += [(entry.number, text) for text in entry.above]
        removed = _said_already(entry, done, wider)
        change = removed or entry.change
        if change:
            changes.append(change)
        if removed:
            continue
        if entry.directive:
            done[entry.directive] = entry.number
        placed.append((entry.number, entry.text))
    if not done:
        raise DisavowError(
            f"{path}: no directive would be left, and uploading such a file wipes the live list; "
            "nothing was written"
        )
    text = "".join(f"{text}\n" for _, text in placed)
    changes += [
        Change(placed[x.line - 1][0], x.code, "left", f"{x.message} ({x.cure})")
        for x in check(Path("mended.txt"), text.encode(), guards)
        if x.code not in _WRITER_SAYS
    ]
    return Fixed(text, sorted(changes), len(done))


def format_change(path: Path, change: Change) -> str:
    """Return `FILE:LINE: CODE state: message`."""
    code = f"{change.code} " if change.code else ""
    return f"{path}:{change.line}: {code}{change.state}: {change.message}"


def _of_the_file(file: DisavowFile, data: bytes) -> Iterator[Change]:
    if file.bom and file.encoding == "utf-8":
        yield Change(1, "DF002", "mended", "byte order mark -> none")
    if file.encoding == "utf-16":
        yield Change(1, "DF003", "mended", "UTF-16 -> UTF-8")
    if file.lone_cr:
        yield Change(1, "DF007", "mended", "lone carriage returns -> LF")
    elif b"\r" in data:
        yield Change(1, "", "mended", "CRLF -> LF, which Google takes as well")


def _mend(line: Line, defects: list[Defect], guards: Guards) -> _Mended:
    meant = line.fix if line.kind == "invalid" else exact(line)
    if line.kind == "invalid" and meant is None:
        text = exact_texts(line)[-1]
        return _commented(line, line.code or "", text, line.message or "")
    if meant is None:
        return _comment(line)
    canonical = parse_line(meant).value or meant
    if refused := harms(canonical, guards):
        text = clean(f"# refused ({refused.reason}): {line.text}")
        return _commented(line, refused.code, text, refused.reason)
    above = _above(line)
    change = None
    if line.kind == "invalid" or meant != line.text.strip(_SPACE):
        codes = ", ".join(x.code for x in defects if x.fix)
        also = f" (covers {host_of(meant)} itself as well)" if line.code == "DF103" else ""
        message = f"{clean(line.text, _SHOWN)} -> {clean(meant, _SHOWN)}{also}"
        change = Change(line.number, codes, "mended", message)
    return _Mended(line.number, above, meant, meant, change)


def _above(line: Line) -> list[str]:
    """Return the comments that go above a directive: its native form, or what stood behind it."""
    if line.kind != "invalid":
        return exact_texts(line)[:-1]
    if line.code not in ("DF108", "DF115"):
        return []
    behind = re.split(r"\s" if line.code == "DF108" else r"[,;\s]", clean(line.text), maxsplit=1)
    rest = behind[-1].strip(" #") if len(behind) > 1 else ""
    return [f"# {rest}"] if rest else []


def _comment(line: Line) -> _Mended:
    text = exact_texts(line)[-1]
    change = None
    if line.code or text != line.text.strip(_SPACE):
        change = Change(line.number, line.code or "", "mended", f"a comment -> {text[:_SHOWN]}")
    return _Mended(line.number, [], text, None, change)


def _commented(line: Line, code: str, text: str, why: str) -> _Mended:
    message = f"{why}: {clean(line.text, _SHOWN)} ({CODES[code].cure})"
    return _Mended(line.number, [], text, None, Change(line.number, code, "commented", message))


def _said_already(
    entry: _Mended, done: Mapping[str, int], wider: Mapping[str, str]
) -> Change | None:
    if entry.directive is None:
        return None
    if entry.directive in wider:
        message = f"{entry.directive}, covered by {wider[entry.directive]}"
        return Change(entry.number, "DF302", "removed", message)
    if entry.directive in done:
        message = f"{entry.directive}, which stands in line {done[entry.directive]} already"
        return Change(entry.number, "DF301", "removed", message)
    return None
