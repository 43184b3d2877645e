"""Groups of the footprint graph: owners joined by the rare signatures that their pages share.

An edge weighs the sum, over kinds of signature, of the rarest one that two owners share, in bits
of its background frequency. python-louvain clusters that small graph, each component by itself.
"""

import math
from collections import defaultdict

import community as louvain
import networkx as nx
import numpy as np

from backlint.engine.base import Engine
from backlint.graph.communities import content_seed
from backlint.graph.reduce import Candidate, compact

MIN_HOLDERS = 3
MAX_HOLDERS = 200  # a signature that more owners share says nothing about one maker
MIN_SIZE = 3


def footprint_groups(engine: Engine) -> list[Candidate]:
    """Return groups of at least three owners that share rare signatures."""
    frame = engine.fetch(
        "SELECT kind, key, actor_id FROM footprints "
        "QUALIFY count(*) OVER (PARTITION BY kind, key) "
        f"BETWEEN {MIN_HOLDERS} AND {MAX_HOLDERS} ORDER BY kind, key, actor_id"
    )
    if frame.is_empty():
        return []
    total = engine.value("SELECT owners FROM signature_owners")
    graph = _weighted_graph(frame.rows(), total)
    found: set[tuple[int, ...]] = set()
    for nodes in sorted(nx.connected_components(graph), key=min):
        if len(nodes) < MIN_SIZE:
            continue
        part = _sorted_copy(graph, nodes)
        ends = np.array(list(part.edges), dtype=np.int64)
        seed = content_seed(compact(ends[:, 0], ends[:, 1])) if len(ends) else 0
        found.add(tuple(sorted(nodes)))
        groups = defaultdict(list)
        for node, group in louvain.best_partition(part, random_state=seed).items():
            groups[group].append(node)
        found.update(tuple(sorted(g)) for g in groups.values() if len(g) >= MIN_SIZE)
    return [Candidate("footprint", members) for members in sorted(found)]


def _weighted_graph(rows: list[tuple[str, str, int]], total: int) -> nx.Graph:
    holders: dict[tuple[str, str], list[int]] = defaultdict(list)
    for kind, key, actor in rows:
        holders[kind, key].append(actor)
    best: dict[tuple[int, int], dict[str, float]] = defaultdict(dict)
    for (kind, _), actors in holders.items():
        bits = max(math.log2(total / len(actors)), 0.1)
        for i, a in enumerate(actors):
            for b in actors[i + 1 :]:
                kinds = best[a, b]
                kinds[kind] = max(kinds.get(kind, 0.0), bits)
    graph = nx.Graph()
    for (a, b), kinds in sorted(best.items()):
        graph.add_edge(a, b, weight=sum(kinds.values()))
    return graph


def _sorted_copy(graph: nx.Graph, nodes: set[int]) -> nx.Graph:
    """Return the part of a graph with nodes and edges in sorted order: Louvain depends on it."""
    part = nx.Graph()
    part.add_nodes_from(sorted(nodes))
    part.add_weighted_edges_from(
        sorted((min(a, b), max(a, b), w) for a, b, w in graph.subgraph(nodes).edges.data("weight"))
    )
    return part
