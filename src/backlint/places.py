"""Where a key of a TOML document stands, so that an error can name the line."""

import re
from typing import NamedTuple

Path = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = re.compile(rf"[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*=")
_TABLE = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_KEY}(?:[ \t]*\.[ \t]*{_KEY})*)[ \t]*\]")
_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[{\]}\n]',
    re.DOTALL,
)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")


class Place(NamedTuple):
    """What is wrong with a document: the line, the key and the reason in words."""

    line: int
    key: Path
    reason: str


def key_lines(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every key and table of a valid TOML document.

    The tables of an array are numbered as in `("case", 0)`. Keys inside of inline tables and
    items of arrays have no entry of their own.
    """
    lines: dict[Path, int] = {}
    arrays: dict[Path, int] = {}
    table: Path = ()
    at = 0
    while at < len(text):
        line = text.count("\n", 0, at) + 1
        if found := _TABLE.match(text, at):
            table = _numbered(_parts(found[2]), arrays)
            if found[1] == "[[":
                arrays[table] = arrays.get(table, -1) + 1
                table = (*table, arrays[table])
            lines.setdefault(table, line)
            at = _end(text, found.end())
        elif found := _DOTTED.match(text, at):
            key = (*table, *_parts(found[1]))
            for size in range(len(table) + 1, len(key) + 1):
                lines.setdefault(key[:size], line)
            at = _end(text, found.end())
        else:
            at = _end(text, at)
    return lines


def key_line(text: str, key: Path) -> int:
    """Return the line of a key, or of the nearest table around it that is written; else 1."""
    lines = key_lines(text)
    return next((lines[key[:n]] for n in range(len(key), 0, -1) if key[:n] in lines), 1)


def locate(text: str, error: Exception) -> Place:
    """Return where a document breaks what was asked of it, from the words of msgspec's error."""
    reason = str(error)
    if syntax := re.search(r"\(at line (\d+)", reason):
        return Place(int(syntax[1]), (), reason)
    if "(at end of document)" in reason:
        return Place(text.count("\n") + 1, (), reason)
    path = re.search(r"`\$([^`]*)`", reason)
    steps = _STEP.findall(path[1]) if path else []
    key: Path = tuple(int(index) if index else name for name, index in steps)
    if unknown := _UNKNOWN.search(reason):
        key = (*key, unknown[1])
    return Place(key_line(text, key), key, reason)


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def _numbered(path: Path, arrays: dict[Path, int]) -> Path:
    """Return a table's path with the number of the last table of each array that it is in."""
    done: Path = ()
    for index, part in enumerate(path):
        done = (*done, part)
        if done in arrays and index < len(path) - 1:
            done = (*done, arrays[done])
    return done


def _end(text: str, at: int) -> int:
    """Return where the next line begins that is not inside of the value that begins at `at`."""
    depth = 0
    for token in _TOKEN.finditer(text, at):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] == "\n" and depth <= 0:
            return token.end()
    return len(text)
