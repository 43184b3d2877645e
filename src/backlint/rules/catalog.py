"""Load and validate the catalogue: every problem is collected with its place, not just one."""

import re
import string
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from backlint.errors import RuleError
from backlint.findings import LEVELS, level_rank
from backlint.lists import catalogue_dir
from backlint.rules.model import (
    GROUPS,
    Feature,
    FeatureHeader,
    Header,
    Rule,
    decode_header,
    header_line,
    split_header,
    sql_line,
    used_parameters,
)

Table = TypeVar("Table")

_ID = re.compile(r"BL[1-9][0-9]{2}\Z|[A-Z]{2,8}[0-9]{3}\Z")
_DETAIL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_FEATURE = re.compile(r"([0-9]{2})_([a-z_]+)\Z")

POLICIES = (
    "buying-selling", "excessive-exchange", "automated", "required-link", "text-ads", "advertorial",
    "low-quality-directory", "widget", "footer-template", "forum-comment", "low-value-content",
    "optimized-anchor",
)  # fmt: skip

# What rules may read besides the feature tables: made by the loader, the graph search, the word
# lists, and the tails that SQL cannot compute. A test holds it against a finished run.
TABLES = (
    "links", "hosts", "domains", "nodes", "node_edges", "domain_edges", "host_edges", "host_nodes",
    "inputs", "link_inputs", "domain_facts", "rejects", "record_states", "webgraph_degrees",
    "candidates", "candidate_members", "brand_terms", "keywords", "keyword_parts",
    "top_level_domains", "empty_anchors", "generic_anchors", "generic_paths", "seller_phrases",
    "directory_words", "subdomain_labels", "page_words", "known_hosts", "credit_phrases", "topics",
    "page_ranks", "relevances", "anchor_bounds", "reciprocity_tails", "candidate_tails",
    "capture_tails", "money_tails", "date_tails", "burst_tails", "cdn_ranges", "key_tails",
    "injected_words", "open_hosts", "suffix_classes", "redirect_services", "affiliate_hosts",
    "script_homes", "term_scripts", "spam_words", "own_trade_words", "script_tails", "trusted",
)  # fmt: skip


class Points(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a fired rule is worth, by level; `decisive` levels stand outside the group caps."""

    rule: str
    points: dict[str, float]
    source: str
    decisive: list[str] = msgspec.field(default_factory=list)


class PointsTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The versioned table of points, and the caps of the groups."""

    version: int
    caps: dict[str, float]
    trust: float
    rules: list[Points]

    def worth(self, rule: str, level: str) -> float:
        """Return the points of a rule at a level, 0 when the table has none."""
        for row in self.rules:
            if row.rule == rule:
                return row.points.get(level, 0.0)
        return 0.0

    def is_decisive(self, rule: str, level: str) -> bool:
        """Say whether a rule at this level may carry a verdict by itself."""
        return any(row.rule == rule and level in row.decisive for row in self.rules)


def load_rules(extra: Sequence[Path] = ()) -> list[Rule]:
    """Return all rules sorted by id; raises RuleError listing every problem found."""
    rules, problems = read_rules([catalogue_dir(), *extra], check=extra)
    if problems:
        raise RuleError("\n".join(problems))
    return rules


def read_rules(
    folders: Iterable[Path], check: Collection[Path] | None = None
) -> tuple[list[Rule], list[str]]:
    """Return the rules that could be read and the problems of all the files.

    With `check` only the rules of those folders are checked in full: our own are in CI, and
    checking them again is a good part of the time that a small scan takes.
    """
    rules: list[Rule] = []
    problems: list[str] = []
    read: set[Path] = set()  # a folder may stand inside of another
    for folder in folders:
        if not folder.is_dir():
            problems.append(f"{folder}: is no directory of rules")
            continue
        for path in sorted(folder.rglob("*.sql")):
            if path.resolve() in read:
                continue
            read.add(path.resolve())
            if path.parent.name == "features":
                if not _is_in(path, catalogue_dir()):
                    problems.append(f"{path}:1: only the catalogue has features; write a CTE")
                continue
            try:
                toml, sql = split_header(path)
                rule = Rule(decode_header(path, toml, Header), sql, path)
            except RuleError as error:
                problems.append(str(error))
                continue
            if check is None or folder in check:
                problems += check_rule(rule)
            rules.append(rule)
    seen: dict[str, Path] = {}
    for rule in sorted(rules, key=is_own):
        for key, taken in (("id", rule.header.id), ("name", rule.header.name)):
            if taken in seen:
                line = header_line(rule.path, key)
                problems.append(f"{rule.path}:{line}: {key} {taken} is taken by {seen[taken]}")
            elif key == "id" or not is_own(rule):
                seen[taken] = rule.path
    return sorted(rules, key=lambda rule: rule.header.id), problems


def check_rule(rule: Rule) -> list[str]:
    """Return what is wrong with one rule, each with its place and cure."""
    from backlint.rules.lint import sql_problems

    header, path = rule.header, rule.path
    problems: list[tuple[int, str]] = []

    def at(key: str, said: str) -> None:
        problems.append((header_line(path, *key.split(".")), said))

    if not _ID.match(header.id):
        at("id", f"id {header.id!r} is not like BL123")
    if not path.name.startswith(f"{header.id}_"):
        at("id", f"file name must begin with {header.id}_")
    if header.group not in GROUPS:
        at("group", f"group {header.group!r} is none of {', '.join(GROUPS)}")
    if header.policy.removeprefix("link-spam/") not in POLICIES:
        at("policy", f"policy {header.policy!r} is no clause of docs/policy.md")
    for field in ("rationale", "remediation", "summary"):
        if not getattr(header, field).strip():
            at(field, f"{field} is empty")
    if not header.false_positives:
        at("false_positives", "false_positives is empty; every rule has some")
    if not header.references:
        at("references", "references is empty; say where the claim was read")
    if header.evaluable and not header.not_evaluable:
        at("evaluable", "evaluable needs not_evaluable, the reason in words")
    for why in _says_problems(header.says):
        at("says", f"says: {why}")
    for field in sorted(header.params.keys() & {"level", "points"}):
        at(f"params.{field}", f"a parameter cannot be called {field}: backlint.toml has that word")
    for level, why in points_problems(rule):
        at(f"points.{level}", why)
    in_sql, asked = used_parameters(rule.sql), used_parameters(header.evaluable)
    for name in sorted((in_sql | asked) - header.params.keys()):
        said = f"parameter ${name} is used but not in [params]"
        if name in in_sql:
            before = re.split(rf"\${name}\b", rule.sql, maxsplit=1)[0]
            problems.append((sql_line(path, before.count("\n") + 1), said))
        else:
            at("evaluable", said)
    for name in sorted(header.params.keys() - in_sql - asked):
        at(f"params.{name}", f"parameter {name} is in [params] but not used")
    tables = known_tables()
    for line, text in sql_problems(rule.sql, tables):
        problems.append((sql_line(path, line), text))
    if header.evaluable:
        for _, text in sql_problems(header.evaluable, tables):
            at("evaluable", f"evaluable: {text}")
    return [f"{path}:{line}: {said}" for line, said in dict.fromkeys(sorted(problems))]


def _says_problems(says: str) -> Iterator[str]:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(says) if name is not None]
    except ValueError as error:
        yield str(error)
        return
    for name in names:
        if not _DETAIL.match(name):  # {x.__class__} would reach into the program
            yield f"{{{name}}} must be a plain name of detail"


def points_problems(rule: Rule) -> list[tuple[str, str]]:
    """Return what is wrong with the points of an own rule: the level, and why."""
    header = rule.header
    if header.points and not is_own(rule):
        return [("", "points of shipped rules stand in rules/points.toml")]
    found = wrong_points(header.points, header.level, load_points().caps.get(header.group, 0.0))
    worth = [header.points[level] for level in LEVELS if level in header.points]
    if not found and worth != sorted(worth):
        found.append(("", "a higher level is worth no less than a lower one"))
    return found


def wrong_points(points: Mapping[str, float], most: str, cap: float) -> list[tuple[str, str]]:
    """Return the levels whose points a rule that says `most` at the most cannot have, and why."""
    found = []
    for level, worth in points.items():
        if level not in LEVELS:
            found.append((level, f"{level!r} is no level; levels are {', '.join(LEVELS)}"))
        elif level_rank(level) > level_rank(most):
            found.append((level, f"the rule says {most} at the most, so {level} has no points"))
        elif not 0 <= worth <= cap:
            found.append((level, f"{worth:g} points are not between 0 and {cap:g}, the most here"))
    return found


def is_own(rule: Rule) -> bool:
    """Say whether a rule is the user's, not one of the shipped catalogue."""
    return not _is_in(rule.path, catalogue_dir())


@cache
def _is_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


@cache
def known_tables() -> frozenset[str]:
    """Return the names of all tables that rules may read."""
    features = (f.name for f in load_features() if not f.header.scratch)
    return frozenset([*TABLES, *features])


def load_features() -> list[Feature]:
    """Return the feature tables in the order in which they are made."""
    features = []
    for path in sorted((catalogue_dir() / "features").glob("*.sql")):
        named = _FEATURE.match(path.stem)
        if not named:
            raise RuleError(f"{path}: a feature file is named NN_table_name.sql")
        toml, sql = split_header(path)
        header = decode_header(path, toml, FeatureHeader)
        features.append(Feature(named.group(2), header, sql, path))
    return features


def load_table(name: str, kind: type[Table]) -> Table:
    """Return a table of the catalogue out of `name`.toml; raises RuleError when it is not valid."""
    path = catalogue_dir() / f"{name}.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.DecodeError) as error:
        raise RuleError(f"{path}: {error}") from error


def load_points() -> PointsTable:
    """Return the points table of the catalogue; raises RuleError when it is not valid."""
    return load_table("points", PointsTable)


def pick(rules: Sequence[Rule], select: Sequence[str], ignore: Sequence[str]) -> list[Rule]:
    """Return the rules whose id or name is selected (all, when none is) and not ignored.

    A prefix such as BL3 stands for a family. Raises RuleError on a selector that fits no rule.
    """

    def fits(rule: Rule, selector: str) -> bool:
        return rule.header.id.startswith(selector.upper()) or rule.header.name == selector

    for selector in [*select, *ignore]:
        if not any(fits(rule, selector) for rule in rules):
            import difflib

            names = [rule.header.id for rule in rules] + [rule.header.name for rule in rules]
            near = difflib.get_close_matches(selector, names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise RuleError(f"no rule fits {selector!r}{hint}")
    return [
        rule
        for rule in rules
        if (not select or any(fits(rule, s) for s in select))
        and not any(fits(rule, s) for s in ignore)
    ]
