"""Small arrays out of the engine: what the graph algorithms work on."""

from typing import NamedTuple

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from backlint.engine.base import Engine

Ids = NDArray[np.int64]


class Edges(NamedTuple):
    """Directed edges over dense indices 0..len(ids)-1; `ids` are the actor ids, ascending."""

    ids: Ids
    source: Ids
    target: Ids


class Candidate(NamedTuple):
    """A group to be tested: its kind, its actor ids, and what its generator knows of it.

    `rarity` is the number of such groups expected by chance, where the generator can tell;
    `path` keeps the order of a ring.
    """

    kind: str
    members: tuple[int, ...]
    rarity: float | None = None
    path: tuple[int, ...] = ()


def compact(source: Ids, target: Ids) -> Edges:
    """Return edges over dense indices, sorted by (source, target), for deterministic clustering."""
    ids = np.unique(np.concatenate([source, target]))
    s, t = np.searchsorted(ids, source), np.searchsorted(ids, target)
    order = np.lexsort((t, s))
    return Edges(ids, s[order], t[order])


def structural_edges(engine: Engine) -> Edges:
    """Return the structural graph between owners (table `structure`)."""
    frame = engine.fetch("SELECT source, target FROM structure ORDER BY source, target")
    return compact(frame["source"].to_numpy(), frame["target"].to_numpy())


def among_sources(edges: Edges) -> Edges:
    """Keep edges whose target links out as well, then the undirected 2-core.

    Who only receives links can be a target of a scheme, never a member.
    """
    is_source = np.zeros(len(edges.ids), dtype=bool)
    is_source[edges.source] = True
    keep = is_source[edges.target]
    return two_core(compact(edges.ids[edges.source[keep]], edges.ids[edges.target[keep]]))


def two_core(edges: Edges) -> Edges:
    """Drop nodes with fewer than two distinct neighbours, again and again."""
    source, target = edges.ids[edges.source], edges.ids[edges.target]
    while len(source):
        now = compact(source, target)
        pairs = np.unique(np.sort(np.stack([now.source, now.target], axis=1), axis=1), axis=0)
        degree = np.bincount(pairs.ravel(), minlength=len(now.ids))
        keep = (degree[now.source] >= 2) & (degree[now.target] >= 2)
        if keep.all():
            return now
        source, target = now.ids[now.source[keep]], now.ids[now.target[keep]]
    return compact(source, target)


def components(edges: Edges, *, strong: bool) -> list[Ids]:
    """Return the index arrays of (strongly or weakly) connected components, largest ids last."""
    n = len(edges.ids)
    if n == 0:
        return []
    matrix = sp.csr_matrix(
        (np.ones(len(edges.source), dtype=np.int8), (edges.source, edges.target)), (n, n)
    )
    _, labels = sp.csgraph.connected_components(
        matrix, directed=True, connection="strong" if strong else "weak"
    )
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)


def induced(edges: Edges, nodes: Ids) -> Edges:
    """Return the edges among some nodes (indices), compacted."""
    inside = np.zeros(len(edges.ids), dtype=bool)
    inside[nodes] = True
    keep = inside[edges.source] & inside[edges.target]
    return compact(edges.ids[edges.source[keep]], edges.ids[edges.target[keep]])


def register_candidates(engine: Engine, candidates: list[Candidate]) -> None:
    """Write `candidates` and `candidate_members`; ids follow kind and members."""
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
            [(index, member) for index, c in enumerate(ordered) for member in c.members],
            schema={"candidate_id": pl.Int64, "actor_id": pl.Int64},
            orient="row",
        ),
    )
