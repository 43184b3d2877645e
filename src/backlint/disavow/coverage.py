"""What a disavow file covers of an audited profile, and which of its lines nothing speaks for."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from backlint.disavow.effect import Reach, Unit, coverer, effect, total
from backlint.disavow.file import DisavowFile, clean, exact, exact_texts
from backlint.findings import Audit

THIN = "thin sample"

Standing = Literal["disavow", "review", "keep, with findings", "keep, no finding"]
STANDINGS: tuple[Standing, ...] = ("disavow", "review", "keep, with findings", "keep, no finding")


class LineReach(NamedTuple):
    """One effective line: what it covers of the profile, and why nothing may speak for it any more.

    `reavow` is None where the line has a finding behind it, or where the audit cannot tell.
    """

    number: int
    directive: str
    reach: Reach
    reavow: str | None


class Alarm(NamedTuple):
    """A line that covers what should never be disavowed."""

    number: int
    directive: str
    reason: str


class Covered(NamedTuple):
    """What a file does to a profile.

    `standings` counts the referring nodes by what the audit says of them, as wholly covered,
    covered in part and not covered; `open` are those to disavow that no line covers whole.
    """

    profile: Reach
    covered: Reach
    standings: dict[Standing, tuple[int, int, int]]
    open: list[str]
    alarms: list[Alarm]
    lines: list[LineReach]

    @property
    def unmatched(self) -> list[LineReach]:
        """Lines that match nothing in the audit: not evaluable, which is not unneeded."""
        loud = {alarm.directive for alarm in self.alarms}
        return [x for x in self.lines if not x.reach.links and x.directive not in loud]

    @property
    def reavow(self) -> list[LineReach]:
        """Lines that the evidence no longer supports."""
        return [line for line in self.lines if line.reavow]


def cover(
    file: DisavowFile, audit: Audit, units: Sequence[Unit], evidence: Mapping[str, str]
) -> Covered:
    """Hold a file against an audit; `units` are the links to its sites, by page for URL lines.

    `evidence` says of referring nodes on what their verdict rests (see `DomainResult.evidence`).
    """
    directives = effect(file)
    by = coverer(directives)
    numbers = _numbers(file)
    under: dict[str, list[Unit]] = defaultdict(list)
    by_node: dict[str, list[bool]] = defaultdict(list)
    for unit in units:
        line = by(unit.name)
        by_node[unit.node].append(line is not None)
        if line is not None:
            under[line].append(unit)
    standings = _standings(audit)
    told: dict[Standing, Counter[str]] = {standing: Counter() for standing in STANDINGS}
    open_nodes = []
    for node, flags in sorted(by_node.items()):
        standing = standings.get(node, "keep, no finding")
        state = "whole" if all(flags) else "part" if any(flags) else "none"
        told[standing][state] += 1
        if standing == "disavow" and state != "whole":
            open_nodes.append(node)
    lines = [
        LineReach(
            numbers[directive],
            directive,
            total(under[directive]),
            _reavow(under[directive], standings, evidence),
        )
        for directive in sorted(directives, key=lambda x: numbers[x])
    ]
    return Covered(
        total(units),
        total(unit for chosen in under.values() for unit in chosen),
        {x: (told[x]["whole"], told[x]["part"], told[x]["none"]) for x in STANDINGS},
        open_nodes,
        sorted(_alarms(audit.sites, directives, under, numbers)),
        lines,
    )


def without(file: DisavowFile, reavowed: Collection[LineReach]) -> tuple[str, int]:
    """Return the text of a file in which some lines, and what they cover, are comments now.

    The number is that of the lines that became comments.
    """
    reasons = {line.directive: line.reavow or "" for line in reavowed}
    by = coverer(reasons)
    texts: list[str] = []
    commented = 0
    for line in file.lines:
        wide = by(directive) if (directive := exact(line)) else None
        if wide is None:
            texts += exact_texts(line)
        else:
            texts.append(f"# re-avowed ({clean(reasons[wide])}): {directive}")
            commented += 1
    return "".join(f"{text}\n" for text in texts), commented


def _numbers(file: DisavowFile) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in file.lines:
        if directive := exact(line):
            found.setdefault(directive, line.number)
    return found


def _standings(audit: Audit) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for result in audit.domains:
        if result.verdict in ("disavow", "review"):
            found[result.domain] = result.verdict
        elif result.findings:
            found[result.domain] = "keep, with findings"
    return found


def _reavow(
    units: Sequence[Unit], standings: Mapping[str, Standing], evidence: Mapping[str, str]
) -> str | None:
    nodes = {unit.node for unit in units}
    if not nodes or any(node in standings or evidence.get(node) == THIN for node in nodes):
        return None
    reach = total(units)
    counts = f"{reach.links:,} link{'s' if reach.links != 1 else ''}"
    if not reach.followed and not reach.unknown:
        counts += ", none of which passes credit"
    return f"{counts}; no rule that ran found anything"


def _alarms(
    sites: Iterable[str],
    directives: Collection[str],
    under: Mapping[str, Sequence[Unit]],
    numbers: Mapping[str, int],
) -> Iterable[Alarm]:
    by = coverer(directives)
    for site in sites:
        line = by(f"domain:{site}") or by(f"domain:www.{site}")
        if line is not None:
            yield Alarm(numbers[line], line, f"your own site {site}")
    for line, units in under.items():
        for what, nodes in (
            ("your own domain", {unit.node for unit in units if unit.own}),
            ("trusted by many:", {unit.node for unit in units if unit.trusted and not unit.own}),
        ):
            for node in sorted(nodes):
                yield Alarm(numbers[line], line, f"{what} {node}")
