"""What the commands on disavow files print: summaries first, long lists cut with a count."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from backlint.disavow.coverage import Covered, LineReach
from backlint.disavow.effect import Difference, Part, Reach
from backlint.disavow.file import DisavowFile, clean
from backlint.findings import Audit

_BENEATH = 3  # narrower lines that a line names


def difference_text(
    old: Path,
    new: Path,
    before: DisavowFile,
    after: DisavowFile,
    found: Difference,
    shown: int | None,
) -> str:
    """Return what an upload changes, worst first, most links first.

    `shown` lines of each list, None for all.
    """
    texts = [f"{new} in place of {old}, by effect:"]
    groups = (
        ("drops", found.drops, "these come free", ""),
        ("narrows", found.narrows, "these come free but for a part", "only"),
        ("widens", found.widens, "these cover more than before", "was"),
        ("adds", found.adds, "", ""),
    )
    for name, parts, meaning, _ in groups:
        said = "; ".join(x for x in (_sum(parts), meaning if parts else "") if x)
        texts.append(f"  {name:<8}{len(parts):>7,}  {said}".rstrip())
    texts.append(f"  {'keeps':<8}{found.same:>7,}")
    for path, file in ((old, before), (new, after)):
        broken = sum(line.kind == "invalid" for line in file.lines)
        if broken:
            texts.append(
                f"{path}: {_count(broken, 'line')} without effect; "
                f"`backlint disavow check {path}` names them"
            )
    if not after.directives():
        texts.append(f"WARNING: {new} has no directive; uploading it wipes the live list")
    for name, parts, _, joint in groups:
        if parts:
            texts += ["", f"{name} ({len(parts):,})"]
            most = sorted(parts, key=lambda part: -(part.reach.links if part.reach else 0))
            texts += _cut([_part(part, joint) for part in most], shown)
    return "\n".join(texts)


def coverage_text(
    path: Path, file: DisavowFile, audit: Audit, found: Covered, shown: int | None
) -> str:
    """Return what a file covers of a profile; `shown` lines of each list, None for all."""
    sites = ", ".join(clean(site) for site in audit.sites)
    texts = [f"{path}, held against the audit of {sites} (as of {clean(audit.as_of)})", ""]
    texts += [
        f"WARNING: line {alarm.number}, {alarm.directive}, covers {alarm.reason}"
        for alarm in found.alarms
    ]
    texts += [""] if found.alarms else []
    all_of, part = found.profile, found.covered
    texts += [
        f"covers {part.nodes:,} of {all_of.nodes:,} referring {audit.node}s, "
        f"{part.links:,} of {all_of.links:,} links, {part.followed:,} of {all_of.followed:,} "
        "followed ones"
        + (f", {part.unknown:,} of {all_of.unknown:,} of unknown rel" if all_of.unknown else ""),
        "",
        f"{'verdict of the audit':<22}{'covered':>9}{'in part':>9}{'not':>9}",
    ]
    texts += [
        f"{standing:<22}{whole:>9,}{some:>9,}{none:>9,}"
        for standing, (whole, some, none) in found.standings.items()
    ]
    if broken := sum(line.kind == "invalid" for line in file.lines):
        check = "`backlint disavow check` names them"
        texts += ["", f"{_count(broken, 'line')} without effect; {check}"]
    if found.open:
        texts += ["", f"verdict disavow, and not covered whole ({len(found.open):,})"]
        texts += _cut([f"  {clean(node)}" for node in found.open], shown)
    if found.unmatched:
        texts += [
            "",
            f"match no link of the audit ({len(found.unmatched):,}): not evaluable, which is not "
            "unneeded; the inputs may not hold these links",
        ]
        texts += _cut([_line(line) for line in found.unmatched], shown)
    if found.reavow:
        texts += [
            "",
            f"nothing speaks for them any more ({len(found.reavow):,}): a suggestion only",
        ]
        texts += _cut([f"{_line(line)}: {line.reavow}" for line in found.reavow], shown)
        texts += list(_caution(audit))
    return "\n".join(texts)


def _caution(audit: Audit) -> Iterator[str]:
    silent = [entry.rule for entry in audit.coverage if entry.state != "ran"]
    if silent:
        yield (
            f"  {_count(len(silent), 'rule')} of {len(audit.coverage)} did not run, so what they "
            f"look for is unknown: {', '.join(silent)}"
        )
    yield "  Keep a line whose reason you know. --reavow FILE writes the file without them"


def _line(line: LineReach) -> str:
    return f"  line {line.number}: {line.directive}"


def _part(part: Part, joint: str) -> str:
    text = f"  {part.directive}"
    if part.beneath:
        more = len(part.beneath) - _BENEATH
        rest = f" and {more:,} more" if more > 0 else ""
        text += f" ({joint} {', '.join(part.beneath[:_BENEATH])}{rest})"
    return f"{text}  {_reach(part.reach)}" if part.reach else text


def _sum(parts: Sequence[Part]) -> str:
    reaches = [part.reach for part in parts if part.reach is not None]
    if not reaches:
        return ""
    # a referring domain may stand under several lines; links never do
    links, followed = (sum(x) for x in zip(*((r.links, r.followed) for r in reaches), strict=True))
    return f"{_count(links, 'link')}, {followed:,} followed"


def _reach(reach: Reach) -> str:
    if not reach.links:
        return "no link in the audit"
    nodes = f" of {reach.nodes:,} referring domains" if reach.nodes > 1 else ""
    return f"{_count(reach.links, 'link')}{nodes}, {reach.followed:,} followed"


def _cut(texts: Sequence[str], shown: int | None) -> list[str]:
    if shown is None or len(texts) <= shown:
        return list(texts)
    return [*texts[:shown], f"  and {len(texts) - shown:,} more (--all)"]


def _count(amount: int, noun: str) -> str:
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"
