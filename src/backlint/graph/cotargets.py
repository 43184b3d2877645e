"""Groups without links among themselves that point at the same rare targets (PBN footprint).

Two sources share k rare targets; under the configuration model the number of shared targets of a
pair is about Poisson with mean d_u d_v sum(d_t^2) / m^2. Pairs with k >= 2 and a small tail are
joined, and the groups of that pair graph are the candidates. The tail allowed lets through about
180 false pairs in a corpus of any size, which is p < 1e-5 for the 6,000 sources of the UK graph
[measured there: p < 1e-7 or k >= 3 cut recall from 1.00 to .18]. A pair is never evidence alone.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backlint.engine.base import Engine
from backlint.graph.communities import MAX_SIZE, leiden
from backlint.graph.reduce import (
    Candidate,
    Edges,
    Ids,
    Rows,
    components,
    grouped,
    kept,
    rows_of,
)

MIN_SHARED = 2
FALSE_PAIRS = 180.0
MAX_P = 0.01
GAMMA = 0.1
MIN_SIZE = 3
MIN_CAPTURE = 0.3
ROUNDS = 5
BLOCK = 2_000_000  # pairs of sources with a common target that are counted at once


class Links(NamedTuple):
    """Who links to which rare target, as indices: targets by source and sources by target."""

    by_source: Rows
    by_target: Rows
    sources: int
    links: int


def cotarget_groups(engine: Engine, edges: Edges) -> list[Candidate]:
    """Return groups of owners that share rare targets beyond chance, out of the structural graph.

    Each group is then closed over the targets that it holds.
    """
    rare = engine.fetch("SELECT actor_id FROM rare_targets")["actor_id"].to_numpy()
    to_rare = np.isin(edges.ids, rare)[edges.target]
    if not to_rare.any():
        return []
    sources, s = np.unique(edges.ids[edges.source[to_rare]], return_inverse=True)
    targets, t = np.unique(edges.target[to_rare], return_inverse=True)
    by_source, by_target = rows_of(s, t, len(sources)), rows_of(t, s, len(targets))
    links = Links(by_source, by_target, len(sources), len(s))
    found: set[tuple[int, ...]] = set()
    for group in _pair_groups(links):
        closed = _close(links, group)
        if MIN_SIZE <= len(closed) <= MAX_SIZE:
            found.add(tuple(sources[closed].tolist()))
    return [Candidate("cotarget", members) for members in sorted(found)]


def _pair_groups(links: Links) -> list[Ids]:
    """Return components and Leiden groups of the graph of pairs that share beyond chance."""
    u, v, shared = _sharing_pairs(links)
    d_u, d_v = links.by_source.width(u).astype(float), links.by_source.width(v)
    squares = float((np.diff(links.by_target.first) ** 2).sum())
    mean = d_u * d_v * squares / links.links**2
    allowed = min(MAX_P, 2 * FALSE_PAIRS / links.sources**2)
    strong = poisson_tail(shared, mean) < allowed
    pairs = kept(Edges(np.arange(links.sources), u, v), strong)
    groups = []
    for part in components(pairs, strong=False, at_least=MIN_SIZE):
        groups.append(part.ids)
        for labels in leiden(part, (GAMMA,)):
            found = grouped(np.arange(len(labels)), labels)
            groups += [part.ids[group] for group in found if len(group) >= MIN_SIZE]
    return groups


def _sharing_pairs(links: Links) -> tuple[Ids, Ids, Ids]:
    """Return the pairs of sources, sorted, that share at least two targets, and how many."""
    # who links to one rare target shares no two
    able = np.flatnonzero(np.diff(links.by_source.first) >= MIN_SHARED)
    place, target = links.by_source.of(able)
    meets = np.bincount(place, weights=links.by_target.width(target))
    found = [np.zeros((3, 0), dtype=np.int64)]
    for block in np.split(able, np.flatnonzero(np.diff(np.cumsum(meets) // BLOCK)) + 1):
        place, target = links.by_source.of(block)
        met, other = links.by_target.of(target)
        one = block[place[met]]
        later = one < other
        key, count = np.unique(one[later] * links.sources + other[later], return_counts=True)
        key, count = key[count >= MIN_SHARED], count[count >= MIN_SHARED]
        found.append(np.stack([*np.divmod(key, links.sources), count]))
    u, v, shared = np.concatenate(found, axis=1)
    return u, v, shared


def _close(links: Links, group: Ids) -> Ids:
    """Close a group over the targets that it holds, until it is stable.

    Members of the pair graph stay when they link to at least two of those targets. Others join
    only when chance would bring fewer than half a source that far: its number of rare links
    times the targets' share of all links is the mean of a Poisson count.
    """
    paired = group
    for _ in range(ROUNDS):
        targets, held = np.unique(links.by_source.of(group)[1], return_counts=True)
        referrers = links.by_target.width(targets)
        caught = (held >= MIN_SIZE) & (held >= MIN_CAPTURE * referrers)
        if caught.sum() < MIN_SHARED:
            return group[:0]
        near, hits = np.unique(links.by_target.of(targets[caught])[1], return_counts=True)
        near, hits = near[hits >= MIN_SHARED], hits[hits >= MIN_SHARED]
        share = float(referrers[caught].sum())
        mean = links.by_source.width(near).astype(float) * share / links.links
        beyond = poisson_tail(hits, mean) < 0.5 / links.sources
        closed = near[np.isin(near, paired) | beyond]
        if np.array_equal(closed, group):
            break
        group = closed
    return group


def poisson_tail(k: Ids, mean: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return P(X >= k) of Poisson counts, k at least 1."""
    from scipy.special import pdtrc  # says what scipy.stats does, without its start-up time

    tail: NDArray[np.float64] = pdtrc(k - 1, mean)
    return tail
