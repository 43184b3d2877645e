"""Dense groups of the link graph: Leiden with the CPM objective, each component by itself.

CPM has no resolution limit (Traag, Van Dooren, Nesterov 2011), so a farm of twenty is found in a
graph of millions, where modularity would swallow it. What is found here is only a candidate.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from backlint.graph.reduce import (
    Candidate,
    Edges,
    Ids,
    between_circuits,
    components,
    grouped,
    kept,
    undirected,
)

Sizes = NDArray[np.float64]

GAMMAS = (0.05, 0.1, 0.2, 0.4)
MIN_SIZE = 4
MAX_SIZE = 3000
ROUNDS = 5  # of Leiden; of a large component two, which find as much in half the time [measured]
LARGE_ROUNDS = 2
LARGE = 10_000  # nodes that Leiden clusters at all resolutions in less than a second
# What a link from and to the fringe of a large component adds to a node's own size of 1. They keep
# who is known outside out of groups, which hold such nodes together without the fringe. On seven
# made-up webs of a million links, planted farm members in a group that BL202 would report rise from
# 76% to 93%, and where each of them links to eight honest sites besides from 71% to 87%; others in
# such groups fall from 27 to 20 and from 41 to 20. Without sizes they rise to 77 [measured].
ENDORSER, ENDORSED = 1.0, 0.1


def content_seed(edges: Edges) -> int:
    """Return a seed from a component's own edges, so that other components cannot change it."""
    digest = hashlib.sha256(edges.source.tobytes() + b"|" + edges.target.tobytes()).digest()
    return int.from_bytes(digest[:4], "big")


def communities(edges: Edges, gammas: Sequence[float] = GAMMAS) -> list[Candidate]:
    """Return the distinct communities at several resolutions, of 4 to 3,000 members."""
    found: set[tuple[int, ...]] = set()
    for part, sizes in _parts(edges):
        for labels in leiden(part, gammas, sizes):
            # all groups at once: one by one would look at every edge for each of them
            own = labels[part.source] == labels[part.target]
            inside = part._replace(source=part.source[own], target=part.target[own])
            members = np.asarray(give_and_take(inside, np.arange(len(part.ids))), dtype=np.int64)
            for group in grouped(members, labels[members]):
                if MIN_SIZE <= len(group) <= MAX_SIZE:
                    found.add(tuple(part.ids[group].tolist()))
    return [Candidate("community", members) for members in sorted(found)]


def _parts(edges: Edges) -> Iterator[tuple[Edges, Sizes | None]]:
    """Yield what is clustered by itself, and how much each node of a large part counts.

    These are the components, large ones without their fringe: as members give and take within
    their group, they lie between circuits, and four of five nodes of a large component do not. So
    that the fringe still weighs on groups, a node counts for its links with it as well.
    """
    for part in components(edges, strong=False, at_least=MIN_SIZE):
        n = len(part.ids)
        if n <= LARGE:
            yield part, None
            continue
        able = between_circuits(part)
        gives, takes = able[part.source], able[part.target]
        endorsers = np.bincount(part.target[takes & ~gives], minlength=n)
        endorsed = np.bincount(part.source[gives & ~takes], minlength=n)
        sizes = 1 + ENDORSER * endorsers + ENDORSED * endorsed
        for core in components(kept(part, gives & takes), strong=False, at_least=MIN_SIZE):
            yield core, sizes[np.searchsorted(part.ids, core.ids)]


def give_and_take(edges: Edges, group: Ids) -> Ids:
    """Drop from a group, again and again, who gives no link to it or takes none from it.

    A directory's customers are densely linked to by directories and have no part in them. Nodes
    without edges between them do not meet, so many groups can be asked as one.
    """
    inside = np.zeros(len(edges.ids), dtype=bool)
    inside[group] = True
    source, target = edges.source, edges.target
    while True:
        own = inside[source] & inside[target]
        source, target = source[own], target[own]
        gives, takes = np.zeros_like(inside), np.zeros_like(inside)
        gives[source] = True
        takes[target] = True
        both = gives & takes
        if np.array_equal(both, inside):
            return np.flatnonzero(inside)
        inside = both


def leiden(edges: Edges, gammas: Sequence[float], sizes: Sizes | None = None) -> Iterator[Ids]:
    """Yield the Leiden partition of one component under CPM, as labels, at each resolution.

    `sizes` are those of the nodes of a large component; otherwise each counts for one.
    """
    import igraph  # here, not above: it would slow every start

    low, high, ways = undirected(edges)
    pairs = zip(low.tolist(), high.tolist(), strict=True)  # igraph is slower with arrays
    graph = igraph.Graph(n=len(edges.ids), edges=pairs)
    weights = np.minimum(ways, 2).astype(float).tolist()
    seed = content_seed(edges)
    for gamma in gammas:
        # igraph draws from a process-wide generator: seeded here, from content only
        igraph.set_random_number_generator(random.Random(seed))
        try:
            clusters = graph.community_leiden(
                objective_function="CPM",
                weights=weights,
                node_weights=None if sizes is None else sizes.tolist(),
                resolution=gamma,
                n_iterations=ROUNDS if sizes is None else LARGE_ROUNDS,
            )
        finally:
            igraph.set_random_number_generator(random)
        yield np.array(clusters.membership, dtype=np.int64)
