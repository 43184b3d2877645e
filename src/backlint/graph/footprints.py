"""Groups of the footprint graph: owners joined by the rare signatures that their pages share.

An edge weighs the sum, over kinds of signature, of the rarest one that two owners share, in bits
of its background frequency. python-louvain clusters that small graph, each component by itself.
"""

import math
from collections import defaultdict
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from backlint.engine.base import Engine
from backlint.graph.communities import content_seed
from backlint.graph.reduce import (
    Candidate,
    Edges,
    Ids,
    grouped,
    pairs_within,
    weak_labels,
)

MIN_HOLDERS = 3
MAX_HOLDERS = 200  # a signature that more owners share says nothing about one maker
MIN_SIZE = 3


class Holders(NamedTuple):
    """Who holds which signature, a row each: sorted by kind, signature and owner (an index)."""

    kind: Ids
    signature: Ids
    owner: Ids

    def rows(self, rows: Ids) -> "Holders":
        """Return some of the rows."""
        return Holders(self.kind[rows], self.signature[rows], self.owner[rows])


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
    ids, owner = np.unique(frame["actor_id"].to_numpy(), return_inverse=True)
    holders = Holders(
        frame["kind"].rle_id().to_numpy().astype(np.int64),
        frame.select(pl.struct("kind", "key").rle_id()).to_series().to_numpy().astype(np.int64),
        owner,
    )
    labels = _components(holders, len(ids))
    found: set[tuple[int, ...]] = set()
    for rows in grouped(np.arange(len(owner)), labels[owner]):
        if len(np.unique(owner[rows])) >= MIN_SIZE:
            found.update(_groups(holders.rows(rows), ids, total))
    return [Candidate("footprint", members) for members in sorted(found)]


def _components(holders: Holders, n: int) -> Ids:
    """Return the label of every owner's component: who shares a signature is joined.

    The holders of one signature hang together by a chain; all their pairs are not needed.
    """
    same = np.diff(holders.signature) == 0
    return weak_labels(Edges(np.arange(n), holders.owner[:-1][same], holders.owner[1:][same]))


def _groups(holders: Holders, ids: Ids, total: int) -> list[tuple[int, ...]]:
    """Return one component and its Louvain groups of at least three owners, by actor id."""
    import community as louvain  # here, not above: it would slow every start
    import networkx as nx

    pairs, weights = _weighted_pairs(holders, len(ids), total)
    members = np.unique(np.stack([pairs.source, pairs.target]))
    graph = nx.Graph()  # with nodes and edges in sorted order: Louvain depends on it
    graph.add_nodes_from(ids[members].tolist())
    ends = ids[pairs.source].tolist(), ids[pairs.target].tolist()
    graph.add_weighted_edges_from(zip(*ends, weights.tolist(), strict=True))
    groups = defaultdict(list)
    dense = Edges(members, *(np.searchsorted(members, end) for end in pairs[1:]))
    for node, group in louvain.best_partition(graph, random_state=content_seed(dense)).items():
        groups[group].append(node)
    parts = [tuple(sorted(group)) for group in groups.values() if len(group) >= MIN_SIZE]
    return [tuple(ids[members].tolist()), *parts]


def _weighted_pairs(holders: Holders, n: int, total: int) -> tuple[Edges, NDArray[np.float64]]:
    """Return the pairs of owners with a shared signature, sorted, and their weights in bits."""
    kinds = grouped(np.arange(len(holders.kind)), holders.kind)
    by_kind = [_rarest_shared(holders.rows(rows), n) for rows in kinds]
    keys = np.unique(np.concatenate([key for key, _ in by_kind]))
    weights = np.zeros(len(keys))
    for key, size in by_kind:  # in the order of the kinds: sums of floats depend on it
        sizes, which = np.unique(size, return_inverse=True)
        bits = np.array([max(math.log2(total / held), 0.1) for held in sizes.tolist()])
        weights[np.searchsorted(keys, key)] += bits[which]
    return Edges(np.arange(n), keys // n, keys % n), weights


def _rarest_shared(holders: Holders, n: int) -> tuple[Ids, Ids]:
    """Return the pairs that share signatures of one kind, and how many hold the rarest of them.

    A pair is low index * n + high index; ascending.
    """
    _, which, held = np.unique(holders.signature, return_inverse=True, return_counts=True)
    one, other = pairs_within(which)
    key, size = holders.owner[one] * n + holders.owner[other], held[which[one]]
    order = np.lexsort((size, key))
    key, size = key[order], size[order]
    rarest = np.flatnonzero(np.diff(key, prepend=-1))
    return key[rarest], size[rarest]
