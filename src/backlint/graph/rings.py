"""Link rings: chordless directed cycles among nodes that few link to.

Simple cycles are useless: the UK web of 1996 has 133,356 natural ones of length 3 to 6, and one
chordless among nodes with few in-links [measured].
"""

from collections.abc import Iterator
from itertools import islice

import networkx as nx
import numpy as np

from backlint.graph.reduce import Candidate, Edges, Ids, compact, components, induced

MIN_LENGTH = 3
MAX_LENGTH = 12
# Nodes that few link to come first: a dense part of an honest web holds thousands of rings, and the
# cap must not be spent on them before the ones that matter are found.
IN_DEGREES = (3, 6, 12, 30)
MAX_RINGS = 2000  # a component and in-degree


def link_rings(edges: Edges) -> tuple[list[Candidate], list[str]]:
    """Return the rings and a note for every component where the cap cut the search short.

    A ring's rarity is the number of chordless cycles of its length expected, in the configuration
    model, among nodes with no more in- and out-links than its best connected member.
    """
    d_in = np.bincount(edges.target, minlength=len(edges.ids))
    found: dict[tuple[int, ...], Candidate] = {}
    notes: dict[str, None] = {}
    for limit in IN_DEGREES:
        few = d_in <= limit
        keep = few[edges.source] & few[edges.target]
        part = compact(edges.ids[edges.source[keep]], edges.ids[edges.target[keep]])
        for path in _cycles(part, limit, notes):
            found.setdefault(path, Candidate("ring", tuple(sorted(path)), None, path))
    few = d_in <= IN_DEGREES[-1]
    keep = few[edges.source] & few[edges.target]
    pruned = compact(edges.ids[edges.source[keep]], edges.ids[edges.target[keep]])
    products, m = degree_products(pruned), len(pruned.source)
    judged = [
        ring._replace(rarity=expected_cycles(products, np.searchsorted(pruned.ids, path), m))
        for path, ring in found.items()
    ]
    return judged, list(notes)


def _cycles(edges: Edges, limit: int, notes: dict[str, None]) -> Iterator[tuple[int, ...]]:
    """Yield chordless cycles as actor ids in order, each beginning with its smallest."""
    for nodes in components(edges, strong=True):
        if len(nodes) < MIN_LENGTH:
            continue
        part = induced(edges, nodes)
        graph = nx.DiGraph()
        graph.add_edges_from(zip(part.source.tolist(), part.target.tolist(), strict=True))
        cycles = nx.chordless_cycles(graph, length_bound=MAX_LENGTH)
        here = [c for c in islice(cycles, MAX_RINGS + 1) if len(c) >= MIN_LENGTH]
        if len(here) >= MAX_RINGS:
            notes[
                f"{len(nodes)} mutually reachable domains with at most {limit} in-links hold over "
                f"{MAX_RINGS} rings; only the first were judged one by one"
            ] = None
        for cycle in here[:MAX_RINGS]:
            start = cycle.index(min(cycle))
            yield tuple(int(part.ids[index]) for index in cycle[start:] + cycle[:start])


def degree_products(edges: Edges) -> np.ndarray:
    """Return in-degree times out-degree for every node."""
    n = len(edges.ids)
    product: np.ndarray = np.bincount(edges.target, minlength=n) * np.bincount(
        edges.source, minlength=n
    )
    return product


def expected_cycles(products: np.ndarray, ring: Ids, m: int) -> float:
    """Return lambda^L / L, lambda = sum of in x out degrees of nodes like the ring's, over m."""
    alike = products[products <= products[ring].max()]
    return float((alike.sum() / max(m, 1)) ** len(ring) / len(ring))
