"""The cases beside a rule: small profiles in a short notation, run through the whole way.

A line of `links` is one link, `source -> target | anchor | rel | first seen | title`; trailing
parts may be left out. A part such as `external_links=250` or `kind=text` fills the column of that
name, which the file has only where a line names it. `{1..9}` counts along the line, together
wherever it stands; `[1..9]` is crossed with everything else on the line. `#` begins a comment line.
"""

import csv
import itertools
import math
import re
import string
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from backlint.audit import judge_tables
from backlint.engine.duckdb import DuckEngine
from backlint.errors import BacklintError, RuleError
from backlint.findings import Claim, Coverage, level_rank
from backlint.inputs.formats import FIELDS
from backlint.inputs.load import load
from backlint.places import key_line, locate
from backlint.risk.assess import sentence
from backlint.rules.model import Rule
from backlint.rules.runner import run_rules

COLUMNS = ("source_url", "target_url", "anchor", "rel", "first_seen", "title")

_NAMED = re.compile(rf"({'|'.join(f for f in FIELDS if f not in COLUMNS)})=(.*)", re.DOTALL)
MOST_LINKS = 100_000  # of one line: a case is to be read by people

_ZIPPED = re.compile(r"\{(\d+)\.\.(\d+)\}")
_CROSSED = re.compile(r"\[(\d+)\.\.(\d+)\]")


class Case(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case: a profile and what the rule must say of it.

    `columns` are those that the input has (others are unknown); a `crawl` is written the way a
    crawler writes it, with all out-links of its sources, but without dates and titles. `domains`,
    when given, are exactly those that the rule's rows name together, `level` the highest of them.
    `addresses` are lines `host -> IP address` in the same notation: a tool's list of domains.
    """

    name: str
    expect: Literal["hit", "clean", "not evaluable"]
    links: str
    site: str = ""
    brand: list[str] = []
    keywords: list[str] = []
    families: dict[str, str] = {}
    node: Literal["domain", "host"] = "domain"
    columns: list[str] = msgspec.field(default_factory=lambda: list(COLUMNS))
    crawl: bool = False
    level: str = ""
    domains: list[str] | None = None
    addresses: str = ""


class _Cases(msgspec.Struct, forbid_unknown_fields=True):
    case: list[Case]


def cases_path(rule: Rule) -> Path:
    """Return where the cases of a rule stand."""
    return rule.path.with_suffix(".cases.toml")


def load_cases(rule: Rule) -> list[Case]:
    """Return the cases of a rule; raises RuleError when the file is missing or not valid."""
    path = cases_path(rule)
    if not path.exists():
        raise RuleError(f"{rule.path}:1: has no cases; write {path.name} beside it")
    try:
        text = path.read_text("utf-8")
        return msgspec.toml.decode(text, type=_Cases).case
    except UnicodeDecodeError as error:
        raise RuleError(f"{path}:1: is not UTF-8 text; save it as UTF-8") from error
    except msgspec.DecodeError as error:
        place = locate(text, error)
        raise RuleError(f"{path}:{place.line}: {place.reason}") from error


def expand(line: str) -> list[str]:
    """Return the links that one line of the notation stands for."""
    zipped = _ZIPPED.findall(line)
    if zipped and len({(int(b) - int(a)) for a, b in zipped}) > 1:
        raise RuleError(f"the counts in {line!r} differ in length")
    lines: list[str] = []
    for step in range(int(zipped[0][1]) - int(zipped[0][0]) + 1) if zipped else [0]:
        counted = _ZIPPED.sub(lambda m, step=step: str(int(m[1]) + step), line)  # type: ignore[misc]
        parts = _CROSSED.split(counted)
        ranges = [range(int(a), int(b) + 1) for a, b in zip(parts[1::3], parts[2::3], strict=True)]
        if len(lines) + math.prod(map(len, ranges)) > MOST_LINKS:
            raise RuleError(f"{line!r} stands for more than {MOST_LINKS:,} links; count less far")
        for numbers in itertools.product(*ranges):
            text = parts[0]
            for number, rest in zip(numbers, parts[3::3], strict=True):
                text += str(number) + rest
            lines.append(text)
    return lines


def rows(links: str) -> list[list[str]]:
    """Return the links of a case as rows of COLUMNS; a link to itself is left out."""
    return [row for row, _ in _links(links)]


def _links(links: str) -> list[tuple[list[str], dict[str, str]]]:
    """Return the links of a case as rows of COLUMNS, each with its cells of named columns."""
    found = []
    for line in links.strip().splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        for link in expand(line.strip()):
            ends, *parts = (part.strip() for part in link.split("|"))
            matches = {part: m for part in parts if (m := _NAMED.fullmatch(part))}
            named = {m[1]: m[2] for m in matches.values()}
            rest = [part for part in parts if part not in matches]
            source, arrow, target = (part.strip() for part in ends.partition("->"))
            if not arrow:
                raise RuleError(f"no -> in the link {link!r}")
            if source != target:
                found.append(([source, target, *rest, *[""] * (4 - len(rest))], named))
    return found


def _table(case: Case) -> list[list[str]]:
    """Return the header and the rows of the file that a case stands for."""
    if case.crawl:
        header = ["Type", "Source", "Destination", "Anchor", "Rel", "Follow"]
        crawled = ([*row[:4], str("nofollow" not in row[3])] for row in rows(case.links))
        return [header, *(["Hyperlink", *row] for row in crawled)]
    links = _links(case.links)
    picked = [COLUMNS.index(column) for column in case.columns]
    more = sorted({name for _, named in links for name in named})
    cells = (
        [row[index] for index in picked] + [named.get(name, "") for name in more]
        for row, named in links
    )
    return [[*case.columns, *more], *cells]


def run_case(rule: Rule, case: Case) -> tuple[list[Claim], Coverage]:
    """Return what a rule says of a case, and how it ended."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "links.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows(_table(case))
        paths = [path]
        if case.addresses:
            paths.append(Path(folder) / "domains.csv")
            with paths[-1].open("w", newline="", encoding="utf-8") as out:
                writer = csv.writer(out, lineterminator="\n")
                writer.writerow(["Domain ascore", "Domain", "Backlinks", "IP Address", "Country",
                                 "First seen", "Last seen"])  # fmt: skip
                stated = (row[:2] for row in rows(case.addresses))
                writer.writerows(["", host, "", ip, "", "", ""] for host, ip in stated)
        with DuckEngine(threads=1) as engine:
            loaded = load(
                engine,
                paths,
                sites=[case.site] if case.site else [],
                families=case.families,
                node=case.node,
            )
            judge_tables(engine, case.node, case.brand, case.keywords, only=[rule])
            engine.lock()
            claims, coverage = run_rules(engine, [rule], loaded.fields)
    return claims, coverage[0]


def check_cases(rule: Rule) -> list[str]:
    """Return what is wrong with a rule's cases: a missing kind, or one that does not hold.

    Each begins with the file and the line of its [[case]].
    """
    try:
        cases = load_cases(rule)
    except RuleError as error:
        return [str(error)]
    path = cases_path(rule)
    kinds = {case.expect for case in cases}
    problems = [f"{path}:1: has no {kind} case" for kind in ("hit", "clean") if kind not in kinds]
    for index, case in enumerate(cases):
        found = list(_case_problems(rule, case))
        if found:
            line = key_line(path.read_text("utf-8"), ("case", index))
            problems += [f"{path}:{line}: {case.name}: {why}" for why in found]
    return problems


def _case_problems(rule: Rule, case: Case) -> Iterator[str]:
    try:
        claims, ended = run_case(rule, case)
    except BacklintError as error:
        yield str(error)
        return
    yield from _differs(case, claims, ended)
    for level in sorted({claim.level for claim in claims} - rule.header.points.keys()):
        if rule.header.points:
            yield f"the rule says {level}, and its points have no such level"
    try:
        for claim in claims:
            sentence(rule.header.says, claim.detail)
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        yield f"says cannot be filled in with the detail of a row: {error}"
    if unknown := _unknown_words(rule, claims):
        yield f"says names {', '.join(unknown)}, and detail does not"


def _unknown_words(rule: Rule, claims: list[Claim]) -> list[str]:
    """Return the names in braces of the rule's sentence that no row's detail holds."""
    named = {name for _, name, _, _ in string.Formatter().parse(rule.header.says) if name}
    return sorted(named - {key for claim in claims for key in claim.detail}) if claims else []


def _differs(case: Case, claims: list[Claim], ended: Coverage) -> list[str]:
    state = ended.state if ended.state != "ran" else "hit" if claims else "clean"
    if state != case.expect:
        return [f"expected {case.expect}, got {state} {ended.reason}".strip()]
    found = []
    highest = max((claim.level for claim in claims), key=level_rank, default="")
    if case.level and case.level != highest:
        found.append(f"expected level {case.level}, got {highest}")
    named = sorted({domain for claim in claims for domain in claim.domains})
    if case.domains is not None and named != sorted(case.domains):
        found.append(f"expected {sorted(case.domains)}, got {named}")
    return found
