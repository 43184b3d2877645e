"""The lock: a hash of every rule, so that none changes unseen, and what it is that changed.

A rule's hash is over what its header says (not how the TOML is laid out), its SQL and its points.
Level, parameters and points stand in the lock as they are, because they are what a reader of a
difference wants to know. What rules read (features, word lists, the caps of the groups) is hashed
as well. The graph search is Python and belongs to the version, which stands at the top.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from backlint import __version__
from backlint.errors import RuleError
from backlint.lists import catalogue_dir
from backlint.places import locate
from backlint.rules.catalog import load_features, load_points
from backlint.rules.model import Rule
from backlint.rules.overrides import points_of

VERSION = 1
SHIPPED = "rules.lock"  # in the catalogue, of the catalogue


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is locked of one rule; `text` and `sql` are short hashes."""

    sha256: str
    level: str
    params: dict[str, int | float | str]
    points: dict[str, float]
    text: str
    sql: str


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All rules by id, and the tables that they read."""

    version: int
    backlint: str
    tables: dict[str, str]
    rules: dict[str, Entry]


def make_lock(rules: Sequence[Rule]) -> Lock:
    """Return the lock of rules as their files say them, without what a configuration changes."""
    points = points_of(rules)
    entries = {}
    for rule in sorted(rules, key=lambda rule: rule.header.id):
        header = msgspec.to_builtins(rule.header)
        row = next((row for row in points.rules if row.rule == rule.header.id), None)
        worth = dict(row.points) if row else {}
        decisive = row.decisive if row else []
        for key in ("level", "params", "points"):
            header.pop(key)
        sql = "\n".join(line.rstrip() for line in rule.sql.splitlines())
        parts = [header, rule.header.level, rule.header.params, worth, decisive, sql]
        entries[rule.header.id] = Entry(
            sha256=_hash(parts, 64),
            level=rule.header.level,
            params=rule.header.params,
            points=worth,
            text=_hash([header, decisive]),
            sql=_hash(sql),
        )
    return Lock(VERSION, __version__, _tables(), entries)


def encode_lock(lock: Lock) -> str:
    """Return a lock as TOML, one table a rule, always in the same order."""
    return "\n".join(_lines(lock)) + "\n"


def read_lock(path: Path) -> Lock:
    """Return a lock; raises RuleError when it is not valid, naming the line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    try:
        lock = msgspec.toml.decode(text, type=Lock)
    except msgspec.DecodeError as error:
        place = locate(text, error)
        raise RuleError(
            f"{path}:{place.line}: {place.reason}; write it again with `backlint rules lock`"
        ) from error
    if lock.version != VERSION:
        raise RuleError(f"{path}: is of version {lock.version}; `backlint rules lock` writes anew")
    return lock


def differences(locked: Lock, now: Lock) -> list[str]:
    """Return what is no longer as it was locked, a line a rule or table; empty when all is."""
    found = []
    for rule in sorted(locked.rules.keys() | now.rules.keys()):
        old, new = locked.rules.get(rule), now.rules.get(rule)
        if old is None:
            found.append(f"{rule} is not in the lock")
        elif new is None:
            found.append(f"{rule} is in the lock and no longer among the rules")
        elif old.sha256 != new.sha256:
            found.append(f"{rule} has changed: {', '.join(_changes(old, new))}")
    for table in sorted(locked.tables.keys() | now.tables.keys()):
        if table not in locked.tables:
            found.append(f"{table} is not in the lock")
        elif table not in now.tables:
            found.append(f"{table} is in the lock and no longer in the catalogue")
        elif locked.tables[table] != now.tables[table]:
            found.append(f"{table} has changed")
    if found and locked.backlint != now.backlint:
        found.append(f"the lock is of backlint {locked.backlint}, this is {now.backlint}")
    return found


def _changes(old: Entry, new: Entry) -> list[str]:
    said = [f"level {old.level} -> {new.level}"] if old.level != new.level else []
    for what, before, after in (("", old.params, new.params), ("points ", old.points, new.points)):
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                said.append(f"{what}{key} {before.get(key, 'none')} -> {after.get(key, 'none')}")
    if old.sql != new.sql:
        said.append("its SQL")
    if old.text != new.text:
        said.append("the words of its header")
    return said or ["its hash alone, so the lock was edited"]


def _tables() -> dict[str, str]:
    """Return the hashes of what rules read: features, lists, chance, and the caps of the groups."""
    root = catalogue_dir()
    points = load_points()
    paths = [*(feature.path for feature in load_features()), *root.glob("lists/*.toml")]
    paths.append(root / "null_maxima.toml")
    found = {
        path.relative_to(root).as_posix(): _hash(path.read_text("utf-8").splitlines())
        for path in paths
    }
    found["caps and trust of points.toml"] = _hash([points.caps, points.trust])
    return dict(sorted(found.items()))


def _hash(content: Any, size: int = 16) -> str:
    """Return the first hex digits of the SHA-256 of plain values, keys in order."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:size]


def _lines(lock: Lock) -> Iterator[str]:
    yield "# The rules as they were when somebody last said that this is meant; do not edit."
    yield f"version = {lock.version}"
    yield f"backlint = {json.dumps(lock.backlint)}"
    yield "\n[tables]"
    for name, digest in lock.tables.items():
        yield f"{json.dumps(name)} = {json.dumps(digest)}"
    for rule, entry in lock.rules.items():
        yield f"\n[rules.{rule}]"
        yield f"sha256 = {json.dumps(entry.sha256)}"
        yield f"level = {json.dumps(entry.level)}"
        yield f"params = {_inline(entry.params)}"
        yield f"points = {_inline(entry.points)}"
        yield f"text = {json.dumps(entry.text)}"
        yield f"sql = {json.dumps(entry.sql)}"


def _inline(values: dict[str, Any]) -> str:
    pairs = [f"{json.dumps(key)} = {_toml(value)}" for key, value in values.items()]
    return f"{{ {', '.join(pairs)} }}" if pairs else "{}"


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)
