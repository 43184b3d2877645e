"""Load and validate the catalogue: every problem is collected with its place, not just one."""

import re
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from backlint.errors import RuleError
from backlint.lists import catalogue_dir
from backlint.rules.model import (
    GROUPS,
    Feature,
    FeatureHeader,
    Header,
    Rule,
    decode_header,
    split_header,
    used_parameters,
)

Table = TypeVar("Table")

_ID = re.compile(r"BL[1-9][0-9]{2}\Z|[A-Z]{2,8}[0-9]{3}\Z")
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
    "candidates", "candidate_members", "brand_terms", "keywords", "generic_anchors",
    "generic_paths", "seller_phrases", "directory_words", "subdomain_labels", "credit_phrases",
    "redirect_services", "affiliate_hosts", "trusted", "page_words",
    "anchor_bounds", "reciprocity_tails", "candidate_tails", "capture_tails", "money_tails",
    "date_tails",
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
    for folder in folders:
        if not folder.is_dir():
            problems.append(f"{folder}: is no directory of rules")
            continue
        for path in sorted(folder.rglob("*.sql")):
            if path.parent.name == "features":
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
    for rule in rules:
        if rule.header.id in seen:
            problems.append(
                f"{rule.path}:1: id {rule.header.id} is taken by {seen[rule.header.id]}"
            )
        seen[rule.header.id] = rule.path
    return sorted(rules, key=lambda rule: rule.header.id), problems


def check_rule(rule: Rule) -> list[str]:
    """Return what is wrong with one rule, each with its place and cure."""
    from backlint.rules.lint import lint_sql

    header, path = rule.header, rule.path
    problems = []
    if not _ID.match(header.id):
        problems.append(f"{path}:1: id {header.id!r} is not like BL123")
    if not path.name.startswith(f"{header.id}_"):
        problems.append(f"{path}:1: file name must begin with {header.id}_")
    if header.group not in GROUPS:
        problems.append(f"{path}:1: group {header.group!r} is none of {', '.join(GROUPS)}")
    if header.policy.removeprefix("link-spam/") not in POLICIES:
        problems.append(f"{path}:1: policy {header.policy!r} is no clause of docs/policy.md")
    for field in ("rationale", "remediation", "summary"):
        if not getattr(header, field).strip():
            problems.append(f"{path}:1: {field} is empty")
    if not header.false_positives:
        problems.append(f"{path}:1: false_positives is empty; every rule has some")
    if not header.references:
        problems.append(f"{path}:1: references is empty; say where the claim was read")
    if header.evaluable and not header.not_evaluable:
        problems.append(f"{path}:1: evaluable needs not_evaluable, the reason in words")
    used = used_parameters(rule.sql) | used_parameters(header.evaluable)
    for name in sorted(used - header.params.keys()):
        problems.append(f"{path}: parameter ${name} is used but not in [params]")
    for name in sorted(header.params.keys() - used):
        problems.append(f"{path}: parameter {name} is in [params] but not used")
    tables = known_tables()
    problems += [f"{path}: {problem}" for problem in lint_sql(rule.sql, tables)]
    if header.evaluable:
        found = lint_sql(header.evaluable, tables)
        problems += [f"{path}: evaluable: {problem}" for problem in found]
    return problems


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
