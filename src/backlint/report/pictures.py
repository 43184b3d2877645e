"""Small SVG pictures of schemes, drawn only from what the report itself holds.

Nodes are numbered as in the member list (T1, T2... are the targets), so that no text from outside
enters a drawing except as an escaped tooltip. A picture never shows a link that is not in the
records: `detail["edges"]` (texts "a > b") and `detail["path"]` of the findings, else the example
links. The report's Content-Security-Policy forbids style attributes: shapes carry classes.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from backlint.findings import Finding, Scheme
from backlint.report import model
from backlint.report.text import count, host_text, shorten, visible
from backlint.report.words import kind_of

_CIRCLE_MOST = 40
_MATRIX_ROWS, _MATRIX_COLUMNS = 20, 14
_TIER_MOST = 9
_LETTERS = "ABCDEFGHIJKLMN"  # one a column of the evidence matrix

_RINGS = ("ring", "wheel")
_MATRICES = ("pbn", "syndication", "widget")
_NETWORKS = ("farm", "clique", "exchange", *_RINGS)


class Picture(NamedTuple):
    """A drawing and what it shows; `keys` explain the labels that are not in the member list."""

    svg: Markup
    caption: str
    keys: Sequence[tuple[str, str]] = ()


def picture(scheme: Scheme, findings: Sequence[Finding]) -> Picture | None:
    """Return the drawing that fits a scheme's kind, or None when the records hold nothing to draw.

    `findings` are those about the scheme.
    """
    kind = kind_of(scheme)
    members, goals = model.participants(scheme), model.targets(scheme)
    edges = known_edges(scheme, findings)
    drawn: Picture | None = None
    if kind in _RINGS and (path := ring_path(members, findings, edges)):
        drawn = _ring(path, members, goals if kind == "wheel" else [], edges)
    elif kind == "pyramid":
        drawn = _tiers(scheme)
    elif kind in _NETWORKS and len(members) >= 3:
        drawn = _network(scheme, edges)
    elif kind in _MATRICES and goals:
        drawn = _target_matrix(members, goals, edges, complete=_complete(findings))
    return drawn or _evidence_matrix(members, findings)


def known_edges(scheme: Scheme, findings: Iterable[Finding]) -> list[tuple[str, str]]:
    """Return the links among a scheme's nodes that the records hold, each once, in order."""
    nodes = {member.node for member in scheme.members}
    pairs: dict[tuple[str, str], None] = {}
    for finding in findings:
        for edge in _texts(finding.detail.get("edges")):
            source, _, target = (part.strip() for part in edge.partition(">"))
            pairs[source, target] = None
        for link in finding.links:
            source = model.node_named(link.source_url, nodes) or ""
            target = model.node_named(link.target_url, nodes) or ""
            pairs[source, target] = None
    return [pair for pair in pairs if pair[0] != pair[1] and nodes.issuperset(pair)]


def ring_path(
    members: Sequence[str], findings: Iterable[Finding], edges: Sequence[tuple[str, str]]
) -> list[str]:
    """Return the members in the order in which the ring passes its links, or [] when unknown.

    A finding's `detail["path"]` says it; otherwise the known edges must close the circle.
    """
    wanted = set(members)
    if len(wanted) < 3:
        return []
    for finding in findings:
        path = _texts(finding.detail.get("path"))
        path = path[:-1] if len(path) > 1 and path[0] == path[-1] else path
        if len(path) == len(wanted) and set(path) == wanted:
            return path
    following = {a: b for a, b in edges if a in wanted and b in wanted}
    walk = [members[0]]
    while (after := following.get(walk[-1])) and after not in walk:
        walk.append(after)
    closed = following.get(walk[-1]) == walk[0]
    return walk if closed and len(walk) == len(wanted) else []


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _complete(findings: Iterable[Finding]) -> bool:
    return any("edges" in finding.detail for finding in findings)


def _svg(width: float, height: float, label: str, shapes: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg class="pic" viewBox="0 0 {w:g} {h:g}" width="{w:g}" height="{h:g}" role="img" '
        'aria-label="{label}">{body}</svg>'
    ).format(w=width, h=height, label=label, body=Markup("").join(shapes))


def _dot(x: float, y: float, text: str, tip: str, css: str, radius: float = 13) -> Markup:
    return Markup(
        '<g><title>{tip}</title><circle class="{css}" cx="{x:.1f}" cy="{y:.1f}" r="{r:g}"/>'
        '<text class="t-{css}" x="{x:.1f}" y="{ty:.1f}" text-anchor="middle">{text}</text></g>'
    ).format(tip=host_text(tip), css=css, x=x, y=y, r=radius, ty=y + 4, text=text)


def _line(a: tuple[float, float], b: tuple[float, float], css: str) -> Markup:
    return Markup('<line class="{c}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(
        *a, *b, c=css
    )


def _arrow(a: tuple[float, float], b: tuple[float, float], gap: float = 15) -> Markup:
    """Return a line from a to b that stops short of both dots, with a head drawn by hand.

    A head by hand needs no marker id, so pictures cannot clash on one page.
    """
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    start = (a[0] + ux * gap, a[1] + uy * gap)
    tip = (b[0] - ux * gap, b[1] - uy * gap)
    neck = (tip[0] - ux * 7, tip[1] - uy * 7)
    left = (neck[0] - uy * 4, neck[1] + ux * 4)
    right = (neck[0] + uy * 4, neck[1] - ux * 4)
    head = Markup('<polygon class="head" points="{}"/>').format(
        " ".join(f"{x:.1f},{y:.1f}" for x, y in (tip, left, right))
    )
    return _line(start, neck, "edge") + head


def _circle(amount: int, centre: float, radius: float) -> list[tuple[float, float]]:
    turn = 2 * math.pi / amount
    return [
        (centre + radius * math.sin(i * turn), centre - radius * math.cos(i * turn))
        for i in range(amount)
    ]


def _ring(
    path: list[str],
    members: Sequence[str],
    goals: Sequence[str],
    edges: Sequence[tuple[str, str]],
) -> Picture:
    size = 240.0
    centre = size / 2
    spots = dict(zip(path, _circle(len(path), centre, centre - 22), strict=True))
    numbers = {node: str(i) for i, node in enumerate(members, 1)}
    shapes = [_arrow(spots[a], spots[b]) for a, b in pairwise([*path, path[0]])]
    caption = "Each arrow is a link; the numbers are those of the member list."
    if goals:
        spokes = [a for a, b in edges if b == goals[0] and a in spots]
        shapes += [_arrow(spots[a], (centre, centre)) for a in spokes]
        if len(spokes) < len(path):
            are = "is" if len(spokes) == 1 else "are"
            caption += (
                f" Of the links to T1, {len(spokes)} {are} among the examples kept here and drawn."
            )
        shapes.append(_dot(centre, centre, "T1", goals[0], "goal"))
    shapes += [_dot(*spots[node], numbers[node], node, "node") for node in path]
    label = f"A circle of {len(path)} sites, each linking to the next."
    return Picture(_svg(size, size, label, shapes), caption)


def _network(scheme: Scheme, edges: Sequence[tuple[str, str]]) -> Picture:
    everyone, goals = model.participants(scheme), model.targets(scheme)
    members = everyone[:_CIRCLE_MOST]
    size = 260.0 if len(members) <= 24 else 320.0
    radius = 13 if len(members) <= 16 else 10 if len(members) <= 24 else 8.5
    centre = size / 2
    spots = dict(zip(members, _circle(len(members), centre, centre - radius - 4), strict=True))
    if goals:
        spots[goals[0]] = (centre, centre)
    roles = {member.node: member.role for member in scheme.members}
    shapes = [_line(spots[a], spots[b], "thin") for a, b in edges if a in spots and b in spots]
    for i, node in enumerate(members, 1):
        css = "other" if roles[node] == "hub" else "node"
        shapes.append(_dot(*spots[node], str(i), node, css, radius))
    if goals:
        shapes.append(_dot(centre, centre, "T1", goals[0], "goal"))
    lines = sum(a in spots and b in spots for a, b in edges)
    shown = f"{len(members)} of {len(everyone)}" if len(everyone) > len(members) else "All"
    caption = f"{shown} members by number; lines are the {count(lines, 'link')} on record."
    if not lines:
        caption = f"{shown} members by number; no single link among them is on record here."
    return Picture(
        _svg(size, size, f"A group of {len(everyone)} sites. {caption}", shapes), caption
    )


def _tiers(scheme: Scheme) -> Picture | None:
    members = model.participants(scheme)
    numbers = {node: str(i) for i, node in enumerate(members, 1)}
    rows: dict[str, list[str]] = {}
    for member in sorted(scheme.members, key=lambda m: _tier(m.role)):
        rows.setdefault(member.role, []).append(member.node)
    if len(rows) < 2:
        return None
    width, step = 340.0, 62.0
    shapes: list[Markup] = []
    for row, (role, nodes) in enumerate(rows.items()):
        y = 20 + row * step
        if row:
            shapes.append(_arrow((width / 2, y - 12), (width / 2, y - step + 12), gap=4))
        shown = nodes[:_TIER_MOST]
        more = len(nodes) - len(shown)
        gap = 30.0
        x = width / 2 - gap * (len(shown) - 1 + (1 if more else 0)) / 2
        for i, node in enumerate(shown):
            goal = role == "target"
            text = f"T{i + 1}" if goal else numbers[node]
            shapes.append(_dot(x, y, text, node, "goal" if goal else "node", 11))
            x += gap
        if more:
            shapes.append(
                Markup('<text class="more" x="{:.1f}" y="{:.1f}">+{}</text>').format(
                    x - 10, y + 4, more
                )
            )
    caption = "Tiers from the target (top) downwards; each tier links to the one above it."
    return Picture(_svg(width, 40 + (len(rows) - 1) * step, caption, shapes), caption)


def _tier(role: str) -> float:
    """Return how far a role stands from the target; boosters stand behind every tier."""
    digits = role.removeprefix("tier-")
    if digits.isdigit():
        return int(digits)
    return {"target": 0.0, "booster": math.inf}.get(role, 1.0)


def _grid(
    rows: Sequence[tuple[str, str]],
    columns: Sequence[tuple[str, str]],
    filled: set[tuple[str, str]],
    label: str,
    column_width: float,
) -> Markup:
    """Draw a matrix of dots; rows and columns are (label, key) pairs."""
    left, top, row_height = 30.0, 22.0, 16.0
    shapes = [
        Markup('<text class="axis" x="{:.1f}" y="12" text-anchor="middle">{}</text>').format(
            left + (j + 0.5) * column_width, text
        )
        for j, (text, _) in enumerate(columns)
    ]
    for i, (text, row) in enumerate(rows):
        y = top + (i + 0.5) * row_height
        shapes.append(
            Markup('<text class="axis" x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>').format(
                left - 8, y + 4, text
            )
        )
        for j, (_, column) in enumerate(columns):
            hit = (row, column) in filled
            shapes.append(
                Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(
                    "full" if hit else "faint",
                    left + (j + 0.5) * column_width,
                    y,
                    "5" if hit else "2",
                )
            )
    return _svg(
        left + len(columns) * column_width + 6, top + len(rows) * row_height + 4, label, shapes
    )


def _cut_note(rows: int, columns: int, what: str) -> str:
    parts = [f"{rows} members"] if rows > _MATRIX_ROWS else []
    parts += [f"{columns} {what}"] if columns > _MATRIX_COLUMNS else []
    return f" Cut from {' and '.join(parts)}." if parts else ""


def _target_matrix(
    members: Sequence[str],
    goals: Sequence[str],
    edges: Sequence[tuple[str, str]],
    complete: bool,
) -> Picture | None:
    rows = [(str(i), node) for i, node in enumerate(members[:_MATRIX_ROWS], 1)]
    columns = [(f"T{i}", node) for i, node in enumerate(goals[:_MATRIX_COLUMNS], 1)]
    filled = {(a, b) for a, b in edges if a in members and b in goals}
    if not filled:
        return None
    caption = "Members (rows) and targets (columns): a full dot is a link" + (
        "." if complete else " among the examples of this report; a faint one is not listed here."
    )
    caption += _cut_note(len(members), len(goals), "targets")
    return Picture(_grid(rows, columns, filled, caption, 26), caption)


def _evidence_matrix(members: Sequence[str], findings: Sequence[Finding]) -> Picture | None:
    """Draw which member carries which finding; this one is always complete."""
    carried = [f for f in findings if not set(f.domains).isdisjoint(members)]
    # One or two members, or findings that name no member, say nothing that the text does not.
    if len(members) < 2 or not carried:
        return None
    rows = [(str(i), node) for i, node in enumerate(members[:_MATRIX_ROWS], 1)]
    shown = list(zip(_LETTERS, carried[:_MATRIX_COLUMNS], strict=False))
    filled = {(node, f.id) for f in carried for node in f.domains}
    caption = "Members (rows) and findings (columns): a full dot means the finding names it."
    caption += _cut_note(len(members), len(carried), "findings")
    drawing = _grid(rows, [(letter, f.id) for letter, f in shown], filled, caption, 26)
    return Picture(drawing, caption, [(letter, _signature(f)) for letter, f in shown])


def _signature(finding: Finding) -> str:
    """Return a finding in a few words: its rule and the first thing that its detail names."""
    words = model.detail_words(finding.detail)
    first = f": {words[0][0]} {words[0][1]}" if words else ""
    return shorten(f"{visible(finding.rule)}{first}", 90)
