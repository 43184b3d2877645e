"""Groups without links among themselves that point at the same rare targets (PBN footprint).

They show from two sides: sources that share targets, and targets that share sources. A network
that links to each of its customers from every third blog, among a hundred honest links, is only
seen from the second: its customers are linked to by few, its blogs link to many.

Two sources share k rare targets; under the configuration model the number of shared targets of a
pair is about Poisson with mean d_u d_v sum(d_t^2) / m^2. Pairs with k >= 2 and a small tail are
joined, and the groups of that pair graph are the candidates. The tail allowed lets through about
180 false pairs in a corpus of any size, which is p < 1e-5 for the 6,000 sources of the UK graph
[measured there: p < 1e-7 or k >= 3 cut recall from 1.00 to .18]. A pair is never evidence alone.
"""

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backlint.engine.base import Engine
from backlint.graph.chance import poisson_tail
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
MAX_CUSTOMER_P = 0.01  # of two targets that share so many sources
MAX_SOURCE_P = 0.005  # of a source that links to so many of a group of targets
CUSTOMER_GAMMAS = (0.1, 0.2, 0.4)
KNOWN = (3, 6, 9)  # least sources of a target: the honest links of a network go to rarer ones
WIDTHS = (10, 30, 100)  # most such targets of a source; a directory says nothing about two of them
MIN_CAUGHT = 3
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
    allowed = min(MAX_P, 2 * FALSE_PAIRS / links.sources**2)
    for group in [*pair_groups(links, allowed, (GAMMA,)), *customer_groups(links)]:
        closed = _close(links, group)
        if MIN_SIZE <= len(closed) <= MAX_SIZE:
            found.add(tuple(sources[closed].tolist()))
    return [Candidate("cotarget", members) for members in sorted(found)]


def customer_groups(links: Links) -> list[Ids]:
    """Return the sources of each group of targets that share sources: of two of them or more.

    Looked at from the side of the customers: among targets that more and more know, by sources that
    link to more and more of them. Few links each say more; but who hides, links to many.
    """
    found: set[tuple[int, ...]] = set()
    for known, wide in product(KNOWN, WIDTHS):
        turned = _turned(links, known, wide)
        alike = pair_groups(turned, MAX_CUSTOMER_P, CUSTOMER_GAMMAS)
        for customers in {tuple(group.tolist()) for group in alike}:
            grown = _more_customers(turned, np.array(customers, dtype=np.int64))
            found.add(tuple(grown.tolist()))
    groups = []
    for group in sorted(found):
        near, tail = _near(links, np.array(group, dtype=np.int64))
        groups.append(near[tail < MAX_SOURCE_P])
    return groups


def _turned(links: Links, known: int, wide: int) -> Links:
    """Return the links by target: of targets with so many sources, by sources of so few of them."""
    n = len(links.by_target.first) - 1
    targets = np.flatnonzero(np.diff(links.by_target.first) >= known)
    place, source = links.by_target.of(targets)
    few = np.bincount(source, minlength=links.sources)[source] <= wide
    target, source = targets[place[few]], source[few]
    return Links(
        rows_of(target, source, n), rows_of(source, target, links.sources), n, max(len(target), 1)
    )


def _more_customers(turned: Links, group: Ids) -> Ids:
    """Return the group with all whose sources link to it far beyond chance, until it is stable."""
    for _ in range(ROUNDS):
        sources = np.unique(turned.by_source.of(group)[1])
        near, hits = np.unique(turned.by_target.of(sources)[1], return_counts=True)
        share = turned.by_target.width(sources).sum() / turned.links
        beyond = poisson_tail(hits, turned.by_source.width(near) * share) < 0.5 / turned.sources
        grown = near[beyond & (hits >= MIN_SIZE)]
        if len(grown) < MIN_SHARED or np.array_equal(grown, group):
            break
        group = grown
    return group


def pair_groups(links: Links, allowed: float, gammas: Sequence[float]) -> list[Ids]:
    """Return components and Leiden groups of the graph of pairs whose tail is below `allowed`."""
    u, v, shared = sharing_pairs(links)
    d_u, d_v = links.by_source.width(u).astype(float), links.by_source.width(v)
    squares = float((np.diff(links.by_target.first) ** 2).sum())
    mean = d_u * d_v * squares / links.links**2
    strong = poisson_tail(shared, mean) < allowed
    pairs = kept(Edges(np.arange(links.sources), u, v), strong)
    groups = []
    for part in components(pairs, strong=False, at_least=MIN_SIZE):
        groups.append(part.ids)
        for labels in leiden(part, gammas):
            found = grouped(np.arange(len(labels)), labels)
            groups += [part.ids[group] for group in found if len(group) >= MIN_SIZE]
    return groups


def sharing_pairs(links: Links) -> tuple[Ids, Ids, Ids]:
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
    """Close a group over the targets that it holds, until it is stable; nothing without hold.

    Members that it begins with stay when they link to at least two of those targets. Others join
    only when chance would bring fewer than half a source that far: its number of rare links
    times the targets' share of all links is the mean of a Poisson count.
    """
    begun = group
    for _ in range(ROUNDS):
        targets, held = np.unique(links.by_source.of(group)[1], return_counts=True)
        referrers = links.by_target.width(targets)
        caught = (held >= MIN_SIZE) & (held >= MIN_CAPTURE * referrers)
        # a directory that shares a list with another one adds sources and no hold
        if caught.sum() < MIN_CAUGHT or held[caught].sum() < len(group):
            return group[:0]
        near, tail = _near(links, targets[caught])
        closed = near[np.isin(near, begun) | (tail < 0.5 / links.sources)]
        if np.array_equal(closed, group):
            break
        group = closed
    return group


def _near(links: Links, targets: Ids) -> tuple[Ids, NDArray[np.float64]]:
    """Return who links to at least two of some targets, and how likely chance brings them there."""
    near, hits = np.unique(links.by_target.of(targets)[1], return_counts=True)
    near, hits = near[hits >= MIN_SHARED], hits[hits >= MIN_SHARED]
    share = links.by_target.width(targets).sum() / links.links
    return near, poisson_tail(hits, links.by_source.width(near) * share)
