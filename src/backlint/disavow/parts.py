"""A disavow file in parts, from which a page puts it together by what a person decides.

Whatever is decided, the parts give the text that `plan.render` would. All judging of lines is done
here: what a guard refuses is not among the parts, so nobody can choose it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec

from backlint import urls
from backlint.disavow.file import DisavowFile, Line, host_of, is_url, parse_line
from backlint.disavow.guards import Guards, refuse_directive
from backlint.disavow.plan import (
    MAX_BYTES,
    MAX_LINES,
    Judged,
    comment,
    file_names,
    head,
    heading,
    in_order,
    judge_lines,
    place_lines,
    texts_of,
)
from backlint.findings import DisavowLine, DisavowParts, LiveLine


def take_apart(
    lines: Sequence[DisavowLine],
    nodes: Sequence[str],
    old: DisavowFile | None,
    guards: Guards,
    kept: Collection[str] = (),
    sites: Sequence[str] = (),
) -> DisavowParts:
    """Return the parts of a file in which each of the lines may stand or not.

    `nodes` are what can be decided, and each line is about one of them. `kept` are hosts that are
    kept whatever is decided here; `guards` holds no host that a person kept. Each of the `sites`
    has a file of its own.
    """
    closed = msgspec.structs.replace(guards, kept=frozenset(kept))
    number = {node: index for index, node in enumerate(nodes)}
    refused: dict[str, str] = {}
    offered: list[tuple[int, DisavowLine]] = []
    for line in in_order(lines):
        host = host_of(line.directive)
        value = parse_line(line.directive).value
        found = refuse_directive(value, closed) if value == line.directive else None
        if value != line.directive or host not in number:
            refused[host] = "no line of a disavow file can name it"
        elif found:
            refused[host] = found.reason
        else:
            offered.append((number[host], line))
    verdicts = judge_lines([old] if old else [], guards)
    live = {
        host_of(directive)
        for directive, why in verdicts.items()
        if why is None and not is_url(directive)
    }
    hosts = list(nodes) + sorted(live - number.keys())
    number = {host: index for index, host in enumerate(hosts)}
    standing = live | {nodes[index] for index, _ in offered}
    above = {
        number[host]: wide
        for host in standing
        if (wide := _above(host, standing, number, own=False))
    }
    groups: dict[tuple[str, str], int] = {}
    for _, line in offered:
        groups.setdefault((line.scheme or "", line.reason), len(groups))
    return DisavowParts(
        files=[(name, head(heading(site))) for site, name in file_names(sites).items()],
        limits=(MAX_LINES, MAX_BYTES),
        hosts=hosts[len(nodes) :],
        groups=[(scheme, comment(scheme, reason)) for scheme, reason in groups],
        lines=[
            (index, groups[line.scheme or "", line.reason], "\n".join(texts_of(line)))
            for index, line in offered
        ],
        sites={index: line.sites for index, line in offered},
        refused=refused,
        above=above,
        beneath=_beneath(nodes, frozenset(kept), standing, number),
        live=None if old is None else _live(old, verdicts, standing, number),
        listed=sorted(number[host] for host in live),
    )


def _above(host: str, standing: Collection[str], number: Mapping[str, int], own: bool) -> list[int]:
    """Return the hosts above one, the widest first; with `own` itself among them."""
    names = [*reversed(urls.parent_hosts(host)), *([host] if own else [])]
    return [number[name] for name in names if name in standing]


def _beneath(
    nodes: Sequence[str],
    kept: Collection[str],
    standing: Collection[str],
    number: Mapping[str, int],
) -> dict[int, list[int | str]]:
    """Return what a person may keep, or has kept, beneath each host, as guards look for it."""
    found: dict[int, list[int | str]] = defaultdict(list)
    for host in sorted(kept):
        if host in standing:
            found[number[host]].append(host)
    for name in sorted({*nodes, *kept}):
        for host in urls.parent_hosts(name):
            if host in standing:
                found[number[host]].append(name if name in kept else number[name])
    return dict(found)


def _live(
    old: DisavowFile,
    verdicts: Judged,
    standing: Collection[str],
    number: Mapping[str, int],
) -> list[str | LiveLine]:
    """Return the old lines in their place: as texts, where no decision can change them."""
    texts = ["\n".join(group) for group in place_lines(old, 0, verdicts, {}, [])]

    def part(line: Line, text: str) -> str | LiveLine:
        if line.value is None or verdicts[line.value]:
            return text
        host = host_of(line.value)
        if is_url(line.value):
            wide = _above(host, standing, number, own=True)
            return LiveLine(text=text, value=line.value, above=wide) if wide else text
        return LiveLine(text=text, value=line.value, host=number[host])

    return [part(line, text) for line, text in zip(old.lines, texts, strict=True)]
