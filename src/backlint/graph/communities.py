"""Dense groups of the link graph: Leiden with the CPM objective, each component by itself.

CPM has no resolution limit (Traag, Van Dooren, Nesterov 2011), so a farm of twenty is found in a
graph of millions, where modularity would swallow it. What is found here is only a candidate.
"""

import hashlib
import random
from collections.abc import Iterator, Sequence

import numpy as np

from backlint.graph.reduce import Candidate, Edges, Ids, components, grouped, undirected

GAMMAS = (0.05, 0.1, 0.2, 0.4)
MIN_SIZE = 4
MAX_SIZE = 3000


def content_seed(edges: Edges) -> int:
    """Return a seed from a component's own edges, so that other components cannot change it."""
    digest = hashlib.sha256(edges.source.tobytes() + b"|" + edges.target.tobytes()).digest()
    return int.from_bytes(digest[:4], "big")


def communities(edges: Edges, gammas: Sequence[float] = GAMMAS) -> list[Candidate]:
    """Return the distinct communities at several resolutions, of 4 to 3,000 members."""
    found: set[tuple[int, ...]] = set()
    for part in components(edges, strong=False, at_least=MIN_SIZE):
        for labels in leiden(part, gammas):
            # all groups at once: one by one would look at every edge for each of them
            own = labels[part.source] == labels[part.target]
            inside = part._replace(source=part.source[own], target=part.target[own])
            members = np.asarray(give_and_take(inside, np.arange(len(part.ids))), dtype=np.int64)
            for group in grouped(members, labels[members]):
                if MIN_SIZE <= len(group) <= MAX_SIZE:
                    found.add(tuple(part.ids[group].tolist()))
    return [Candidate("community", members) for members in sorted(found)]


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


def leiden(edges: Edges, gammas: Sequence[float]) -> Iterator[Ids]:
    """Yield the Leiden partition of one component under CPM, as labels, at each resolution."""
    import igraph  # here, not above: it would slow every start

    low, high, ways = undirected(edges)
    pairs = list(zip(low.tolist(), high.tolist(), strict=True))  # igraph is slower with arrays
    graph = igraph.Graph(n=len(edges.ids), edges=pairs)
    weights = np.minimum(ways, 2).astype(float).tolist()
    seed = content_seed(edges)
    for gamma in gammas:
        # igraph draws from a process-wide generator: seeded here, from content only
        igraph.set_random_number_generator(random.Random(seed))
        try:
            clusters = graph.community_leiden(
                objective_function="CPM", weights=weights, resolution=gamma, n_iterations=5
            )
        finally:
            igraph.set_random_number_generator(random)
        yield np.array(clusters.membership, dtype=np.int64)
