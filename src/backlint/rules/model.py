"""A rule file: SQL with a TOML header in its first block comment."""

import datetime
import re
from pathlib import Path
from typing import Any, Literal

import msgspec

from backlint.errors import RuleError
from backlint.findings import Confidence, Level
from backlint.places import key_line, locate

GROUPS = (
    "structure",
    "co-target",
    "infrastructure",
    "anchors",
    "placement",
    "time",
    "policy",
    "lexical",
)

SubjectKind = Literal["link", "domain", "scheme", "target_url", "profile"]


class Reference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a claim was read, and when."""

    title: str
    read: datetime.date
    url: str = ""


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of a rule header; docs pages are made from them.

    `says` is the sentence of a finding, with the names of its `detail` in braces. A rule with
    `scheme` makes one link scheme of that kind of each of its rows; a rule about schemes without
    it adds to schemes that others found. `points`, by level, are what an own rule is worth; those
    of the shipped rules stand in rules/points.toml.
    """

    id: str
    name: str
    family: str
    level: Level
    confidence: Confidence
    status: Literal["experimental", "stable", "deprecated"]
    since: str
    subject: SubjectKind
    group: str
    policy: str
    requires: list[str]
    summary: str
    says: str
    rationale: str
    false_positives: list[str]
    remediation: str
    references: list[Reference]
    scheme: str = ""
    evaluable: str = ""
    not_evaluable: str = ""
    params: dict[str, int | float | str] = msgspec.field(default_factory=dict)
    points: dict[str, float] = msgspec.field(default_factory=dict)


class Rule(msgspec.Struct, frozen=True):
    """One loaded rule: its header, its SELECT and its place on disk.

    Its cases stand beside it in NAME.cases.toml. `changed` says in words what the configuration
    made different from the file.
    """

    header: Header
    sql: str
    path: Path
    changed: tuple[str, ...] = ()


class FeatureHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The header of a feature.

    A `view` is computed anew wherever it is read. A `scratch` table is dropped when its phase is
    done, before the graph is searched or before rules run: only features of that phase read it.
    `patterns` maps a parameter to word lists: it becomes a regular expression whose first group is
    the first of their words that stands in a URL by itself. So does `phrases`: one that finds their
    entries, as words, in the `words` of an anchor.
    """

    summary: str
    view: bool = False
    scratch: bool = False
    patterns: dict[str, list[str]] = msgspec.field(default_factory=dict)
    phrases: dict[str, list[str]] = msgspec.field(default_factory=dict)
    params: dict[str, int | float | str] = msgspec.field(default_factory=dict)


class Feature(msgspec.Struct, frozen=True):
    """One feature table: its name, its SELECT and the parameters in it."""

    name: str
    header: FeatureHeader
    sql: str
    path: Path


_BLOCK = re.compile(r"\A\s*/\*(.*?)\*/", re.DOTALL)


def split_header(path: Path) -> tuple[str, str]:
    """Return the TOML text of the first block comment and the SQL after it.

    Raises RuleError when there is no such comment.
    """
    found = _header(path)
    return found.group(1), found.string[found.end() :].strip().rstrip(";")


def decode_header(path: Path, toml: str, kind: type[Any]) -> Any:
    """Return a decoded header; raises RuleError that names file, line and cure."""
    try:
        return msgspec.toml.decode(toml, type=kind)
    except msgspec.DecodeError as error:
        place = locate(toml, error)
        raise RuleError(f"{path}:{_first(path) + place.line}: header: {place.reason}") from error


def header_line(path: Path, *key: str | int) -> int:
    """Return the line of a rule file on which a key of its header stands."""
    return _first(path) + key_line(_header(path).group(1), key)


def sql_line(path: Path, line: int) -> int:
    """Return the line of a rule file that is this line, from 1, of its SQL."""
    found = _header(path)
    after = found.string[found.end() :]
    begin = found.end() + len(after) - len(after.lstrip())
    return found.string.count("\n", 0, begin) + line


def _header(path: Path) -> re.Match[str]:
    try:
        found = _BLOCK.match(path.read_text("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}:1: is not UTF-8 text; save it as UTF-8") from error
    if not found:
        raise RuleError(f"{path}:1: no TOML header; the file must begin with /* id = ... */")
    return found


def _first(path: Path) -> int:
    """Return how many lines of the file stand before the first line of its header."""
    found = _header(path)
    return found.string.count("\n", 0, found.start(1))


def used_parameters(sql: str) -> set[str]:
    """Return the names of `$parameters` in SQL, string literals and comments left out."""
    bare = re.sub(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", "", sql, flags=re.DOTALL)
    return set(re.findall(r"\$([A-Za-z_][A-Za-z0-9_]*)", bare))
