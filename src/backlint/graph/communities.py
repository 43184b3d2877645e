"""Dense groups of the link graph: Leiden with the CPM objective, each component by itself.

CPM has no resolution limit (Traag, Van Dooren, Nesterov 2011), so a farm of twenty is found in a
graph of millions, where modularity would swallow it. What is found here is only a candidate.
"""

import hashlib
import random

import igraph
import numpy as np

from backlint.graph.reduce import Candidate, Edges, components, induced

GAMMAS = (0.05, 0.1, 0.2, 0.4)
MIN_SIZE = 4
MAX_SIZE = 3000


def content_seed(edges: Edges) -> int:
    """Return a seed from a component's own edges, so that other components cannot change it."""
    digest = hashlib.sha256(edges.source.tobytes() + b"|" + edges.target.tobytes()).digest()
    return int.from_bytes(digest[:4], "big")


def communities(edges: Edges, gammas: tuple[float, ...] = GAMMAS) -> list[Candidate]:
    """Return the distinct communities at several resolutions, of 4 to 3,000 members."""
    found: set[tuple[int, ...]] = set()
    for nodes in components(edges, strong=False):
        if len(nodes) < MIN_SIZE:
            continue
        part = induced(edges, nodes)
        for gamma in gammas:
            for group in leiden(part, gamma):
                members = give_and_take(part, group)
                if MIN_SIZE <= len(members) <= MAX_SIZE:
                    found.add(tuple(int(part.ids[index]) for index in members))
    return [Candidate("community", members) for members in sorted(found)]


def give_and_take(edges: Edges, group: list[int]) -> list[int]:
    """Drop from a group, again and again, who gives no link to it or takes none from it.

    A directory's customers are densely linked to by directories and have no part in them.
    """
    inside = np.zeros(len(edges.ids), dtype=bool)
    inside[group] = True
    while True:
        own = inside[edges.source] & inside[edges.target]
        both = np.zeros_like(inside)
        both[np.intersect1d(edges.source[own], edges.target[own])] = True
        if (both == inside).all():
            return [int(index) for index in np.flatnonzero(inside)]
        inside = both


def leiden(edges: Edges, gamma: float) -> list[list[int]]:
    """Return the Leiden partition of one component under CPM at a resolution, as index lists."""
    pairs = np.sort(np.stack([edges.source, edges.target], axis=1), axis=1)
    pairs, counts = np.unique(pairs, axis=0, return_counts=True)
    graph = igraph.Graph(n=len(edges.ids), edges=pairs.tolist())
    # igraph draws from a process-wide generator: seeded here, from content only
    igraph.set_random_number_generator(random.Random(content_seed(edges)))
    try:
        return [
            sorted(group)
            for group in graph.community_leiden(
                objective_function="CPM",
                weights=np.minimum(counts, 2).astype(float).tolist(),
                resolution=gamma,
                n_iterations=5,
            )
        ]
    finally:
        igraph.set_random_number_generator(random)
