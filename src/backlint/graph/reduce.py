"""Small arrays out of the engine: what the graph algorithms work on."""

from itertools import zip_longest
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backlint.engine.base import Engine

Ids = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Edges(NamedTuple):
    """Directed edges over dense indices 0..len(ids)-1, sorted by (source, target), no two alike.

    `ids` are the actor ids, ascending.
    """

    ids: Ids
    source: Ids
    target: Ids


class Rows(NamedTuple):
    """For every row its columns: `column[first[row] : first[row + 1]]`."""

    first: Ids
    column: Ids

    def width(self, rows: Ids) -> Ids:
        """Return the number of columns of some rows."""
        return self.first[rows + 1] - self.first[rows]

    def of(self, rows: Ids) -> tuple[Ids, Ids]:
        """Return the columns of some rows, one after the other, each after its place in `rows`."""
        widths = self.width(rows)
        place = np.repeat(np.arange(len(rows)), widths)
        shift = self.first[rows] - (np.cumsum(widths) - widths)
        return place, self.column[np.arange(len(place)) + shift[place]]


def rows_of(row: Ids, column: Ids, n: int) -> Rows:
    """Return the columns of n rows out of pairs; the columns of a row keep their order."""
    first = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=n), out=first[1:])
    return Rows(first, column[np.argsort(row, kind="stable")])


class Candidate(NamedTuple):
    """A group to be tested: its kind, its actor ids, and what its generator knows of it.

    `rarity` is the number of such groups expected by chance, where the generator can tell;
    `path` keeps the order of a ring, `tiers` the tier of every member of a pyramid.
    """

    kind: str
    members: tuple[int, ...]
    rarity: float | None = None
    path: tuple[int, ...] = ()
    tiers: tuple[int, ...] = ()


def structural_edges(engine: Engine) -> Edges:
    """Return the structural graph between owners (table `structure`)."""
    frame = engine.fetch("SELECT source, target FROM structure ORDER BY source, target")
    source, target = frame["source"].to_numpy(), frame["target"].to_numpy()
    top = max(source.max(), target.max()) if len(source) else -1
    return kept(Edges(np.arange(top + 1), source, target), np.ones(len(source), dtype=bool))


def kept(edges: Edges, keep: Mask) -> Edges:
    """Return some of the edges over the nodes that they touch, in the same order.

    Indices are counted anew and not sorted anew: that costs a twentieth at a million edges.
    """
    source, target = edges.source[keep], edges.target[keep]
    touched = np.zeros(len(edges.ids), dtype=bool)
    touched[source] = True
    touched[target] = True
    index = np.cumsum(touched) - 1
    return Edges(edges.ids[touched], index[source], index[target])


def undirected(edges: Edges) -> tuple[Ids, Ids, Ids]:
    """Return the linked pairs (lower index, higher index), sorted, and how many ways they link."""
    low, high = np.minimum(edges.source, edges.target), np.maximum(edges.source, edges.target)
    key, ways = np.unique(low * len(edges.ids) + high, return_counts=True)
    return key // max(len(edges.ids), 1), key % max(len(edges.ids), 1), ways


def among_sources(edges: Edges) -> Edges:
    """Keep edges whose target links out as well, then the undirected 2-core.

    Who only receives links can be a target of a scheme, never a member.
    """
    is_source = np.zeros(len(edges.ids), dtype=bool)
    is_source[edges.source] = True
    return two_core(kept(edges, is_source[edges.target]))


def two_core(edges: Edges) -> Edges:
    """Drop nodes with fewer than two distinct neighbours, again and again.

    Each node carries the XOR of its neighbours that are left, which of a leaf is its neighbour; so
    a wave costs as much as it has leaves, and a long chain no more than a short one.
    """
    low, high, _ = undirected(edges)
    n = len(edges.ids)
    degree = np.bincount(low, minlength=n) + np.bincount(high, minlength=n)
    left = np.zeros(n, dtype=np.int64)
    np.bitwise_xor.at(left, low, high)
    np.bitwise_xor.at(left, high, low)
    leaves = np.flatnonzero(degree == 1)
    while len(leaves):
        beside = left[leaves]
        degree[leaves] = 0
        np.subtract.at(degree, beside, 1)
        np.bitwise_xor.at(left, beside, leaves)
        leaves = np.unique(beside[degree[beside] == 1])
    inside = degree >= 2
    return kept(edges, inside[edges.source] & inside[edges.target])


def strong_labels(edges: Edges) -> Ids:
    """Return the number of every node's strongly connected component."""
    import scipy.sparse as sp  # here, not above: it would slow every start
    from scipy.sparse.csgraph import connected_components

    n = len(edges.ids)
    first = np.searchsorted(edges.source, np.arange(n + 1))
    matrix = sp.csr_matrix((np.ones(len(edges.source)), edges.target, first), (n, n))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    return np.asarray(labels, dtype=np.int64)


def between_circuits(edges: Edges) -> Mask:
    """Say of every node whether it lies on a circuit or on a way from one circuit to another.

    They are those left when who gives or takes no link is dropped again and again: in a finite
    graph, only who can be walked from for ever, and to, stays.
    """
    labels = strong_labels(edges)
    on = np.bincount(labels)[labels] > 1
    return _reached(edges.source, edges.target, on) & _reached(edges.target, edges.source, on)


def _reached(source: Ids, target: Ids, begin: Mask) -> Mask:
    """Say of every node whether a walk that begins at some of them gets there."""
    import scipy.sparse as sp
    from scipy.sparse.csgraph import breadth_first_order

    n, first = len(begin), np.flatnonzero(begin)
    root = np.full(len(first), n)  # one more node, that links to all where walks begin
    ends = np.concatenate([source, root]), np.concatenate([target, first])
    matrix = sp.csr_matrix((np.ones(len(ends[0])), ends), (n + 1, n + 1))
    reached = np.zeros(n + 1, dtype=bool)
    reached[breadth_first_order(matrix, n, return_predecessors=False)] = True
    return reached[:n]


def weak_labels(edges: Edges) -> Ids:
    """Return the lowest index of every node's connected component, whichever way edges point."""
    root = np.arange(len(edges.ids))
    while True:
        one, other = root[edges.source], root[edges.target]
        if np.array_equal(one, other):
            return root
        np.minimum.at(root, np.maximum(one, other), np.minimum(one, other))
        while not np.array_equal(root, root[root]):
            root = root[root]


def components(edges: Edges, *, strong: bool, at_least: int) -> list[Edges]:
    """Return every (strongly or weakly) connected component of at least so many nodes."""
    if not len(edges.source):
        return []
    labels = strong_labels(edges) if strong else weak_labels(edges)
    return split(edges, labels, at_least=at_least)


def split(edges: Edges, labels: Ids, *, at_least: int) -> list[Edges]:
    """Return the edges within every group of at least so many nodes, given the groups' labels.

    Every node of such a group must have an edge within it.
    """
    big = np.bincount(labels)[labels] >= at_least
    nodes = np.flatnonzero(big)
    members = grouped(nodes, labels[nodes])
    place = np.zeros(len(edges.ids), dtype=np.int64)
    for group in members:
        place[group] = np.arange(len(group))
    inner = np.flatnonzero(big[edges.source] & (labels[edges.source] == labels[edges.target]))
    return [
        Edges(edges.ids[group], place[edges.source[own]], place[edges.target[own]])
        for group, own in zip(members, grouped(inner, labels[edges.source[inner]]), strict=True)
    ]


def grouped(nodes: Ids, labels: Ids) -> list[Ids]:
    """Return the nodes with the same label together, in their order, by ascending label."""
    if not len(nodes):
        return []
    order = np.argsort(labels, kind="stable")
    return np.split(nodes[order], np.flatnonzero(np.diff(labels[order])) + 1)


def pairs_within(groups: Ids) -> tuple[Ids, Ids]:
    """Return all pairs of positions with the same group, given the groups in ascending order.

    The earlier position stands first.
    """
    position = np.arange(len(groups))
    after = np.searchsorted(groups, groups, side="right") - position - 1
    one = np.repeat(position, after)
    other = np.arange(len(one)) + np.repeat(position + 1 - (np.cumsum(after) - after), after)
    return one, other


def register_candidates(engine: Engine, candidates: list[Candidate]) -> None:
    """Write `candidates` and `candidate_members`; ids follow kind and members.

    `place` is a member's place in the path of a ring, or its tier of a pyramid.
    """
    ordered = sorted(candidates, key=lambda c: (c.kind, c.members, c.path))
    engine.register(
        "candidates",
        pl.DataFrame(
            [(index, c.kind, c.rarity, list(c.path) or None) for index, c in enumerate(ordered)],
            schema={
                "candidate_id": pl.Int64,
                "kind": pl.String,
                "rarity": pl.Float64,
                "path": pl.List(pl.Int64),
            },
            orient="row",
        ),
    )
    engine.register(
        "candidate_members",
        pl.DataFrame(
            [
                (index, member, c.path.index(member) if c.path else tier)
                for index, c in enumerate(ordered)
                for member, tier in zip_longest(c.members, c.tiers)
            ],
            schema={"candidate_id": pl.Int64, "actor_id": pl.Int64, "place": pl.Int64},
            orient="row",
        ),
    )
