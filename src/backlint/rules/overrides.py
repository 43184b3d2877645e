"""What a configuration changes in rules: level, parameters and points, each said in words."""

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from backlint.errors import RuleError
from backlint.findings import LEVELS, level_rank
from backlint.rules.catalog import Points, PointsTable, load_points, wrong_points
from backlint.rules.model import Header, Rule

Value = int | float | str


class Override(NamedTuple):
    """What the configuration says of one rule; `places` are FILE:LINE by key, "" for the table."""

    level: str = ""
    points: Mapping[str, float] = {}
    params: Mapping[str, Value] = {}
    places: Mapping[str, str] = {}

    def at(self, key: str) -> str:
        """Return where a key stands, or else its table."""
        return self.places.get(key) or self.places.get("") or "configuration"


def override(rules: Sequence[Rule], overrides: Mapping[str, Override]) -> list[Rule]:
    """Return the rules with what is overridden changed, and said in their `changed`.

    A level may only be lowered: a rule says high when its SQL has tested for it. Parameters keep
    their type, and points end at the cap of their group (or at what the shipped rule is worth,
    where that is decisive). Raises RuleError with all problems, each with its place.
    """
    table = points_of(rules)
    ids = {rule.header.id for rule in rules}
    problems = [
        f"{found.at('')}: no rule has the id {rule}{_near(rule, rules)}"
        for rule, found in overrides.items()
        if rule not in ids
    ]
    done = []
    for rule in rules:
        change = overrides.get(rule.header.id)
        if change is None:
            done.append(rule)
            continue
        wrong = [f"{change.at(key)}: {why}" for key, why in _problems(rule, change, table)]
        problems += wrong
        if not wrong:
            done.append(_changed(rule, change, table))
    if problems:
        raise RuleError("\n".join(problems))
    return done


def points_of(rules: Sequence[Rule]) -> PointsTable:
    """Return the catalogue's points with those that rules bring along in their headers."""
    table = load_points()
    own = {rule.header.id: rule.header.points for rule in rules if rule.header.points}
    shipped = {row.rule: row for row in table.rules}
    rows = [row for row in table.rules if row.rule not in own]
    for rule, points in own.items():
        row = shipped.get(rule, Points(rule, {}, "its own header"))
        rows.append(msgspec.structs.replace(row, points={**row.points, **points}))
    return msgspec.structs.replace(table, rules=rows)


def _problems(rule: Rule, change: Override, table: PointsTable) -> Iterator[tuple[str, str]]:
    header = rule.header
    if change.level and change.level not in LEVELS:
        yield "level", f"{change.level!r} is no level; levels are {', '.join(LEVELS)}"
    elif change.level and level_rank(change.level) > level_rank(header.level):
        yield (
            "level",
            f"{header.id} says {header.level} at the most; {change.level} is more than it tests",
        )
    row = next((row for row in table.rules if row.rule == header.id), None)
    decisive = row.decisive if row else []
    cap = table.caps.get(header.group, 0.0)
    for level, worth in change.points.items():
        top = max(cap, row.points.get(level, 0.0)) if row and level in decisive else cap
        for _, why in wrong_points({level: worth}, header.level, top):
            yield "points", f"{header.id}: {why}"
    merged = {**(row.points if row else {}), **change.points}
    worth_by_level = [merged[level] for level in LEVELS if level in merged]
    if worth_by_level != sorted(worth_by_level):
        yield "points", f"{header.id}: a higher level is worth no less than a lower one"
    for name, value in change.params.items():
        if name not in header.params:
            yield name, f"{header.id} has no parameter {name}{_near_parameter(name, header)}"
        elif not _fits(value, header.params[name]):
            yield name, f"{header.id}: {name} must be {_kind(header.params[name])}, not {value!r}"


def _fits(value: Value, shipped: Value) -> bool:
    if isinstance(value, bool) or isinstance(shipped, str) != isinstance(value, str):
        return False
    if isinstance(shipped, int):
        return isinstance(value, int)
    return isinstance(value, str) or math.isfinite(value)


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "text"
    return "a whole number" if isinstance(value, int) else "a number"


def _changed(rule: Rule, change: Override, table: PointsTable) -> Rule:
    header = rule.header
    said = []
    new: dict[str, Any] = {}
    if change.level and change.level != header.level:
        new["level"] = change.level
        said.append(f"level {change.level} instead of {header.level}")
        worth = change.points.get(change.level, table.worth(header.id, change.level))
        if not worth and table.worth(header.id, header.level):
            said.append(f"worth no points at level {change.level}")
    for name, value in change.params.items():
        if value != header.params[name]:
            said.append(f"{name} {value} instead of {header.params[name]}")
    if change.params:
        # a float stays one: 1 and 1.0 divide differently in SQL
        typed = {name: type(header.params[name])(value) for name, value in change.params.items()}
        new["params"] = {**header.params, **typed}
    for level, points in change.points.items():
        before = table.worth(header.id, level)
        if points != before:
            said.append(f"{points:g} points instead of {before:g} at level {level}")
    if change.points:
        new["points"] = {**header.points, **change.points}
    return msgspec.structs.replace(
        rule, header=msgspec.structs.replace(header, **new), changed=tuple(said)
    )


def _near(wrong: str, rules: Sequence[Rule]) -> str:
    names = {rule.header.name: rule.header.id for rule in rules}
    known = [*names.values(), *names]
    found = difflib.get_close_matches(wrong, known, 1)
    return f"; did you mean {names.get(found[0], found[0])}?" if found else ""


def _near_parameter(wrong: str, header: Header) -> str:
    found = difflib.get_close_matches(wrong, header.params, 1)
    if found:
        return f"; did you mean {found[0]}?"
    return f"; it has {', '.join(header.params)}" if header.params else ""
