"""The network as a drawing: each scheme an island, the lines between islands faint.

One layout for all nodes ends as a ball of wool around the best linked. Here every scheme is laid
out by itself (Fruchterman and Reingold, by igraph, seeded from its size alone) with the targets
and neighbours that belong to it, and the islands are packed in rows, in a wide drawing and in a
narrow one for phones. The same records give the same bytes.
"""

import math
import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from backlint.findings import Audit, GraphNode, Network
from backlint.report import model
from backlint.report.text import count, host_text, number, shorten, visible
from backlint.report.words import kind_title, scheme_title

WIDE, NARROW = 940.0, 350.0
COLOURS = 12  # schemes with a colour of their own; the others share one
LABEL_WIDTH, LABEL_HEIGHT, MARGIN = 130.0, 18.0, 14.0
ROUNDS = 60

Points = NDArray[np.float64]


class Key(NamedTuple):
    """A scheme of the legend: its number, colour, name and how many of its members are drawn."""

    place: int
    colour: str
    scheme: str
    title: str
    shown: int
    members: int


class Drawing(NamedTuple):
    """The network in two widths, its legend, and in sentences what is drawn and how chosen."""

    wide: Markup
    narrow: Markup
    keys: list[Key]
    says: list[str]


class Island(NamedTuple):
    """A scheme's nodes from (0, 0) on, and the width and height that they take."""

    nodes: list[GraphNode]
    points: Points
    width: float
    height: float


def drawing(audit: Audit) -> Drawing | None:
    """Return the network of an audit, or None where no scheme was found."""
    network = audit.figures.network if audit.figures else None
    if network is None or not network.nodes:
        return None
    known = model.look_up(audit).schemes
    order = {scheme.id: i for i, scheme in enumerate(model.schemes_sorted(audit))}
    groups: dict[str, list[GraphNode]] = {}
    for node in {node.node: node for node in network.nodes}.values():
        groups.setdefault(node.scheme, []).append(node)
    names = sorted(groups, key=lambda name: (order.get(name, len(order)), name))
    keys = [
        Key(
            place,
            f"c{place}" if place <= COLOURS else "c0",
            name,
            scheme_title(known[name]) if name in known else visible(name),
            sum(node.role == "member" for node in groups[name]),
            len(model.participants(known[name])) if name in known else 0,
        )
        for place, name in enumerate(names, 1)
    ]
    labels = [
        f"{key.place} {kind_title(known[key.scheme]) if key.scheme in known else key.title}"
        for key in keys
    ]
    ties = {(edge.source, edge.target) for edge in network.edges}
    drawn = []
    for width, step, dot in ((WIDE, 25.0, 7.0), (NARROW, 19.0, 6.0)):
        islands = [_island(groups[name], ties, step, width - 2 * MARGIN) for name in names]
        drawn.append(_svg(audit, islands, keys, labels, network, width, dot))
    return Drawing(drawn[0], drawn[1], keys, _sentences(audit, network))


def _sentences(audit: Audit, network: Network) -> list[str]:
    members = sum(node.role == "member" for node in network.nodes)
    targets = sum(node.role == "target" for node in network.nodes)
    near = sum(node.role == "neighbour" for node in network.nodes)
    nouns = model.node_noun(audit, 2)
    schemes = len({node.scheme for node in network.nodes})
    some = f"{number(members)} of the {count(network.members, 'member')} of all schemes"
    if members == network.members:
        some = f"All {count(members, 'member')} of schemes" if members > 1 else "The one member"
    if schemes < network.schemes:
        some = f"The {count(schemes, 'gravest scheme')} of {number(network.schemes)}, with {some}"
    if targets:
        some += f"; {count(targets, 'target')} of theirs, at most six a scheme"
    if near:
        some += (
            f"; and {number(near)} of the {number(network.neighbours)} other {nouns} that are "
            "linked with two members of a scheme, at most five a scheme, those first that have few "
            "other links"
        )
    pairs = f"linked {'pair' if network.links == 1 else 'pairs'}"
    lines = (
        f"All {number(network.links)} {pairs}"
        if len(network.edges) == network.links
        else f"{number(len(network.edges))} of the {number(network.links)} {pairs}"
    )
    said = [
        f"{some}.",
        f"{lines} of two members, or of a member with its targets and neighbours, are lines."
        if network.links
        else f"No link among these {nouns} is in the inputs: what the members share is not a link.",
    ]
    if audit.profile is not None:
        said.append(
            f"{model.sites_text(audit)} is left out, for every line would lead there: "
            "who links to it is filled."
        )
    return said


def _island(nodes: list[GraphNode], ties: set[tuple[str, str]], step: float, most: float) -> Island:
    places = {node.node: i for i, node in enumerate(nodes)}
    pairs = sorted((places[a], places[b]) for a, b in ties if a in places and b in places)
    points = _apart(_spread(len(nodes), pairs), step)
    size = np.ptp(points, axis=0)
    if size[1] > size[0]:  # lying down, it takes less of the page
        points = points[:, ::-1]
    points = points - points.min(axis=0)
    points = points * min(1.0, (most - step) / max(float(points[:, 0].max()), 1e-9))
    width, height = (float(end) + step for end in points.max(axis=0))
    return Island(nodes, points + step / 2, width, height)


def _spread(n: int, pairs: Sequence[tuple[int, int]]) -> Points:
    """Return n points, linked ones near each other, about one unit apart.

    Without links a sunflower; parts that nothing links hang on a hub that is not drawn.
    """
    if n == 1:
        return np.zeros((1, 2))
    turns = np.arange(n) * math.pi * (3 - math.sqrt(5))
    flower: Points = np.sqrt(np.arange(n) + 0.5)[:, None] * np.column_stack(
        (np.cos(turns), np.sin(turns))
    )
    if not pairs:
        return flower
    import igraph  # here, not above: it would slow every start

    graph = igraph.Graph(n=n, edges=pairs)
    parts = sorted(min(part) for part in graph.connected_components())
    graph.add_vertex()
    graph.add_edges([(n, first) for first in parts])
    # igraph draws from a process-wide generator: seeded here, by the size only
    igraph.set_random_number_generator(random.Random(n))
    try:
        layout = graph.layout_fruchterman_reingold(
            niter=600, seed=[*flower.tolist(), [0.0, 0.0]], grid=False
        )
    finally:
        igraph.set_random_number_generator(random)
    return np.asarray(layout.coords, dtype=float)[:n]


def _apart(points: Points, step: float) -> Points:
    """Return the points scaled so that neighbours stand a step apart, none much nearer."""
    if len(points) < 2:
        return points
    gaps = _distances(points)
    points = points * (step / max(float(np.median(gaps.min(axis=1))), 1e-9))
    middle = points.mean(axis=0)
    far = np.hypot(*(points - middle).T)
    reach = 1.2 * step * math.sqrt(len(points))
    points = middle + (points - middle) * np.minimum(1.0, reach / np.maximum(far, 1e-9))[:, None]
    for _ in range(ROUNDS):
        gaps = _distances(points)
        near = np.maximum(0.0, 0.9 * step - gaps) / 2
        if not near.any():
            break
        ways = points[:, None, :] - points[None, :, :]
        points = points + (ways * (near / np.maximum(gaps, 1e-9))[:, :, None]).sum(axis=1) / 2
    return points


def _distances(points: Points) -> Points:
    """Return the distances between all points; of one to itself endless."""
    ways = points[:, None, :] - points[None, :, :]
    gaps: Points = np.hypot(ways[:, :, 0], ways[:, :, 1])
    np.fill_diagonal(gaps, np.inf)
    return gaps


def _pack(islands: Sequence[Island], width: float) -> tuple[list[tuple[float, float]], float]:
    """Return the corner of each island, in rows of this width, and the height of all rows.

    In the order given: the gravest scheme stands first, where people begin to read.
    """
    rows: list[list[int]] = []
    room = 0.0
    for i, island in enumerate(islands):
        needs = max(island.width, LABEL_WIDTH) + MARGIN
        if not rows or room < needs:
            rows.append([])
            room = width - MARGIN
        rows[-1].append(i)
        room -= needs
    corners = [(0.0, 0.0)] * len(islands)
    top = MARGIN / 2
    for row in rows:
        widths = [max(islands[i].width, LABEL_WIDTH) for i in row]
        gap = (width - sum(widths)) / (len(row) + 1)
        height = max(islands[i].height for i in row)
        x = gap
        for i, wide in zip(row, widths, strict=True):
            island = islands[i]
            corners[i] = (
                x + (wide - island.width) / 2,
                top + LABEL_HEIGHT + (height - island.height) / 2,
            )
            x += wide + gap
        top += LABEL_HEIGHT + height + MARGIN
    return corners, top


def _svg(
    audit: Audit,
    islands: Sequence[Island],
    keys: Sequence[Key],
    labels: Sequence[str],
    network: Network,
    width: float,
    dot: float,
) -> Markup:
    corners, height = _pack(islands, width)
    spots: dict[str, tuple[float, float]] = {}
    colours: dict[str, str] = {}
    body: list[Markup] = []
    for island, key, corner, label in zip(islands, keys, corners, labels, strict=True):
        for node, point in zip(island.nodes, island.points, strict=True):
            spots[node.node] = (corner[0] + float(point[0]), corner[1] + float(point[1]))
            colours[node.node] = key.colour
        body.append(
            Markup(
                '<text class="net-label" data-s="{}" x="{:.1f}" y="{:.1f}" text-anchor="middle">'
                "{}</text>"
            ).format(key.place, corner[0] + island.width / 2, corner[1] - 5, shorten(label, 24))
        )
    places = {name: i for i, name in enumerate(spots)}
    own = {node.node: key.place for island, key in zip(islands, keys, strict=True)
           for node in island.nodes}  # fmt: skip
    pairs = [(e.source, e.target) for e in network.edges if e.source in spots and e.target in spots]
    lines: dict[tuple[int, str], list[str]] = {}
    for source, target in pairs:
        inside = own[source] == own[target]
        style = (own[source], colours[source]) if inside else (0, "across")
        (x1, y1), (x2, y2) = spots[source], spots[target]
        lines.setdefault(style, []).append(f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}")
    drawn = [
        Markup('<path class="net-line {}" data-s="{}" d="{}"/>').format(colour, place, "".join(d))
        for (place, colour), d in sorted(lines.items())
    ]
    title = {key.place: key.title for key in keys}
    for island, key in zip(islands, keys, strict=True):
        for node in island.nodes:
            tip = f"{host_text(node.node)}, {_role(node)} {shorten(title[key.place], 80)}"
            if audit.profile is not None:
                tip += f", {count(node.links, 'link')} to the site"
            body.append(_dot(node, key, spots[node.node], dot, tip, audit.profile is None))
    label = (
        f"Network of {count(len(places), model.node_noun(audit))} around "
        f"{count(len(keys), 'scheme')}. The list below names the schemes, their cards the members."
    )
    return Markup(
        '<svg class="net" viewBox="0 0 {w:g} {h:.0f}" width="{w:g}" height="{h:.0f}" role="img" '
        'aria-label="{label}" data-links="{ties}">{lines}<path class="net-near" d=""/>{body}</svg>'
    ).format(
        w=width,
        h=max(height, 40.0),
        label=label,
        ties=" ".join(f"{places[a]}-{places[b]}" for a, b in pairs),
        lines=Markup("").join(drawn),
        body=Markup("").join(body),
    )


def _role(node: GraphNode) -> str:
    return {"member": "in", "target": "a target of", "neighbour": "near"}[node.role]


def _dot(
    node: GraphNode, key: Key, spot: tuple[float, float], dot: float, tip: str, filled: bool
) -> Markup:
    css = "net-full" if filled or node.links else "net-open"
    if node.role == "target":
        shape = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:g}" height="{:g}"/>').format(
            spot[0] - dot + 1, spot[1] - dot + 1, 2 * dot - 2, 2 * dot - 2
        )
    else:
        radius = dot if node.role == "member" else dot - 3
        shape = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="{:g}"/>').format(*spot, radius)
    colour = "near" if node.role == "neighbour" else key.colour
    return Markup(
        '<g class="net-node {} {}" data-s="{}" data-x="{:.1f}" data-y="{:.1f}">'
        "<title>{}</title>{}</g>"
    ).format(colour, css, key.place, *spot, tip, shape)
