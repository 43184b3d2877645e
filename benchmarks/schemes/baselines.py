"""What a user would otherwise try on the same edges, as groups and a suspicion of each domain."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import community
import igraph
import networkx as nx
from backdrop import Edge
from score import Claimed

MIN_SIZE, MAX_SIZE = 3, 3000


def _by_density(graph: nx.Graph, labels: Mapping[str, int]) -> Claimed:
    """Return the communities; the denser one's own, the more suspect its members."""
    members: dict[int, set[str]] = defaultdict(set)
    inside: dict[int, int] = defaultdict(int)
    for name, label in labels.items():
        members[label].add(name)
    for a, b in graph.edges:
        if labels[a] == labels[b]:
            inside[labels[a]] += 1
    suspicion = {}
    groups = []
    for label, names in members.items():
        if MIN_SIZE <= len(names) <= MAX_SIZE:
            groups.append(("medium", frozenset(names)))
            density = 2 * inside[label] / (len(names) * (len(names) - 1))
            suspicion.update(dict.fromkeys(names, density))
    return Claimed(groups, suspicion)


def louvain(edges: Sequence[Edge]) -> Claimed:
    """Whole-graph python-louvain."""
    graph = nx.Graph(edges)
    return _by_density(graph, community.best_partition(graph, random_state=0))


def leiden(edges: Sequence[Edge]) -> Claimed:
    """Whole-graph Leiden with modularity."""
    graph = nx.Graph(edges)
    compact = igraph.Graph.from_networkx(graph)
    clusters = compact.community_leiden(objective_function="modularity", n_iterations=5)
    names = compact.vs["_nx_name"]
    return _by_density(graph, dict(zip(names, clusters.membership, strict=True)))


def strong_components(edges: Sequence[Edge]) -> Claimed:
    """Strongly connected components; small ones are the more suspect."""
    parts = nx.strongly_connected_components(nx.DiGraph(edges))
    groups = [frozenset(part) for part in parts if len(part) >= MIN_SIZE]
    suspicion = {name: 1 / len(group) for group in groups for name in group}
    return Claimed([("medium", group) for group in groups], suspicion)


def reciprocity(edges: Sequence[Edge]) -> Claimed:
    """Share of a domain's out-links that are returned, of those with three or more; no groups."""
    links = set(edges)
    out: dict[str, list[bool]] = defaultdict(list)
    for a, b in links:
        out[a].append((b, a) in links)
    shares = {name: sum(back) / len(back) for name, back in out.items() if len(back) >= MIN_SIZE}
    mutual = nx.Graph((a, b) for a, b in links if (b, a) in links)
    groups: Iterable[set[str]] = nx.connected_components(mutual)
    return Claimed(
        [("medium", frozenset(group)) for group in groups if len(group) >= MIN_SIZE], shares
    )


BASELINES: Mapping[str, Callable[[Sequence[Edge]], Claimed]] = {
    "Louvain, whole graph": louvain,
    "Leiden, modularity": leiden,
    "strong components": strong_components,
    "reciprocity": reciprocity,
}
