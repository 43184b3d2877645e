"""Link rings: chordless directed cycles among nodes that few link to.

Simple cycles are useless: the UK web of 1996 has 133,356 natural ones of length 3 to 6, and one
chordless among nodes with few in-links [measured].
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np

from backlint.graph.circuits import Circuits, one_way, short_circuits
from backlint.graph.reduce import (
    Candidate,
    Edges,
    Ids,
    components,
    kept,
    split,
    strong_labels,
)

MIN_LENGTH = 3
MAX_LENGTH = 12
# Nodes that few link to come first: a dense part of an honest web holds thousands of rings, and the
# cap must not be spent on them before the ones that matter are found.
IN_DEGREES = (3, 6, 12, 30)
MAX_RINGS = 2000  # a component and in-degree
SMALL = 500  # nodes that networkx searches in half a second; its time grows by their square

Ring = tuple[int, ...]


class Search(NamedTuple):
    """The rings of a component, and what cut the search short, if anything did."""

    rings: set[Ring]
    cut: str | None


def link_rings(edges: Edges) -> tuple[list[Candidate], list[str]]:
    """Return the rings and a note for every component where a cap cut the search short.

    A ring's rarity is the number of chordless cycles of its length expected, in the configuration
    model, among nodes with no more in- and out-links than its best connected member.
    """
    n = len(edges.ids)
    d_in = np.bincount(edges.target, minlength=n)
    few = d_in <= IN_DEGREES[-1]
    low = few[edges.source] & few[edges.target]
    # its ids are indices, so that what is known of a node is found by them
    pruned = Edges(np.arange(n), edges.source[low], edges.target[low])
    found: set[Ring] = set()
    notes: set[tuple[int, str]] = set()
    todo = [(part, len(IN_DEGREES) - 1) for part in _reachable(pruned)]
    while todo:
        part, level = todo.pop()
        search = search_rings(part)
        found |= search.rings
        if search.cut:
            notes.add((level, _note(part, IN_DEGREES[level], search.cut)))
        if search.cut and level:
            # uncut, it found what lies among nodes that fewer link to as well
            few = d_in[part.ids] <= IN_DEGREES[level - 1]
            fewer = kept(part, few[part.source] & few[part.target])
            todo += [(smaller, level - 1) for smaller in _reachable(fewer)]
    ordered = sorted(found)
    judged = []
    for ring, rarity in zip(ordered, expected_cycles(pruned, ordered), strict=True):
        path = tuple(edges.ids[list(ring)].tolist())
        judged.append(Candidate("ring", tuple(sorted(path)), rarity, path))
    return judged, [note for _, note in sorted(notes)]


def _reachable(edges: Edges) -> list[Edges]:
    return components(edges, strong=True, at_least=MIN_LENGTH)


def _note(part: Edges, limit: int, cut: str) -> str:
    return f"{len(part.ids)} mutually reachable domains with at most {limit} in-links {cut}"


def search_rings(part: Edges) -> Search:
    """Return the rings of one strongly connected component, as ids in order."""
    cut = None
    pieces: Iterable[Edges] = [part]
    if len(part.ids) > SMALL:
        circuits = short_circuits(part, MAX_LENGTH)
        pieces = _pieces(part, circuits)
        if not circuits.complete:
            cut = (
                "link to each other too densely; rings were only searched among those with the "
                "fewest links"
            )
    # one more than allowed, to know whether there are more
    rings: set[Ring] = set()
    for ring in chain.from_iterable(map(_cycles, pieces)):
        if len(rings) == MAX_RINGS and ring not in rings:
            cut = f"hold over {MAX_RINGS} rings; only the first were judged one by one"
            break
        rings.add(ring)
    return Search(rings, cut)


def _pieces(part: Edges, circuits: Circuits) -> Iterator[Edges]:
    """Yield small graphs that hold, together, every ring of a component with its chords.

    They are the strongly connected remains of the nodes on short circuits or, where those are large
    still, the circuits through one node after the other.
    """
    n = len(part.ids)
    on = np.zeros(n, dtype=bool)
    on[circuits.node] = True
    left = one_way(part) & on[part.source] & on[part.target]
    one_way_left = Edges(np.arange(n), part.source[left], part.target[left])
    labels = strong_labels(one_way_left)
    for piece in sorted(split(part, labels, at_least=MIN_LENGTH), key=lambda piece: len(piece.ids)):
        if len(piece.ids) <= SMALL:
            yield piece
        else:
            yield from _one_by_one(piece, part.ids[circuits.start], part.ids[circuits.node])


def _one_by_one(piece: Edges, start: Ids, node: Ids) -> Iterator[Edges]:
    """Yield for every start in a piece the graph among the nodes of the piece on its circuits."""
    mine = np.isin(start, piece.ids) & np.isin(node, piece.ids)
    start, node = start[mine], np.searchsorted(piece.ids, node[mine])
    for nodes in np.split(node, np.flatnonzero(np.diff(start)) + 1):
        inside = np.zeros(len(piece.ids), dtype=bool)
        inside[nodes] = True
        yield kept(piece, inside[piece.source] & inside[piece.target])


def _cycles(edges: Edges) -> Iterator[Ring]:
    """Yield chordless cycles of three nodes or more as ids in order, the smallest first."""
    import networkx as nx  # here, not above: it would slow every start

    graph = nx.DiGraph()
    graph.add_edges_from(zip(edges.source.tolist(), edges.target.tolist(), strict=True))
    for cycle in nx.chordless_cycles(graph, length_bound=MAX_LENGTH):
        if len(cycle) >= MIN_LENGTH:
            start = cycle.index(min(cycle))
            yield tuple(edges.ids[cycle[start:] + cycle[:start]].tolist())


def expected_cycles(edges: Edges, rings: Iterable[Ring]) -> Iterator[float]:
    """Yield lambda^L / L for every ring of indices, L its length, in a graph of m edges.

    lambda is the sum of in-degree x out-degree, over nodes with no larger product than the ring's
    best connected member, divided by m.
    """
    n, m = len(edges.ids), max(len(edges.source), 1)
    products = np.bincount(edges.target, minlength=n) * np.bincount(edges.source, minlength=n)
    ascending = np.sort(products)
    sums = np.cumsum(ascending)
    for ring in rings:
        alike = np.searchsorted(ascending, products[list(ring)].max(), side="right")
        yield float((sums[alike - 1] / m) ** len(ring) / len(ring))
