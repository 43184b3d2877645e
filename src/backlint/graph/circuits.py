"""Which nodes lie on short directed circuits: all that is left of a large graph to look for rings.

In 300,000 domains that reach each other, 9,000 lie on circuits of up to twelve [measured on random
links, two a domain]; to look for chordless ones among all of them would take half a day.
"""

from typing import NamedTuple

import numpy as np

from backlint.graph.reduce import Edges, Ids, Mask, Rows, rows_of

BLOCK = 4096  # starts looked at together
MAX_STEPS = 1_000_000  # of a block at once, or it is halved: some ten MB of arrays
MIN_BUDGET, BUDGET_AN_EDGE = 10_000_000, 100  # steps in all: seconds, and linear in the graph


class Circuits(NamedTuple):
    """For every start, in turn, the nodes on its circuits; indices of the graph.

    A circuit's start is its best connected node, and starts come from the least connected up. When
    the budget ran out (`complete` is false) the best connected starts are missing.
    """

    start: Ids
    node: Ids
    complete: bool


def one_way(edges: Edges) -> Mask:
    """Say of every edge that no other leads straight back: no ring leads over one that does."""
    n = len(edges.ids)
    return ~_among(edges.target * n + edges.source, edges.source * n + edges.target)


def short_circuits(edges: Edges, longest: int) -> Circuits:
    """Return who lies on closed walks of at most so many edges, over one-way edges alone.

    A circuit is found once, from its best connected node over nodes that are less so: half of its
    way forwards, half backwards. So few step on hubs, as when triangles are counted by degree.
    """
    n = len(edges.ids)
    forward = one_way(edges)
    source, target = edges.source[forward], edges.target[forward]
    degrees = np.bincount(source, minlength=n) * np.bincount(target, minlength=n)
    order = np.argsort(degrees, kind="stable")
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    ways = rows_of(rank[source], rank[target], n), rows_of(rank[target], rank[source], n)
    halves = -(-longest // 2), longest // 2
    todo = [np.arange(first, min(first + BLOCK, n)) for first in range(0, n, BLOCK)][::-1]
    budget = max(MIN_BUDGET, BUDGET_AN_EDGE * len(edges.source))
    found = [np.arange(0)]
    while todo and budget > 0:
        starts = todo.pop()
        walks = [_walk(way, starts, n, half) for way, half in zip(ways, halves, strict=True)]
        if len(starts) > 1 and any(walk.cut for walk in walks):
            middle = len(starts) // 2
            todo += [starts[middle:], starts[:middle]]
        else:
            found.append(_closed(walks, ways, n))
        budget -= sum(walk.cost for walk in walks)
    start, node = np.divmod(np.concatenate(found), n)
    return Circuits(order[start], order[node], not todo)


class _Walk(NamedTuple):
    """Where starts get by 1, 2, ... steps: sorted keys start * n + node, an array a step."""

    steps: list[Ids]
    cost: int
    cut: bool


def _walk(way: Rows, starts: Ids, n: int, length: int) -> _Walk:
    """Walk from every start over nodes that are less connected than it; stop at MAX_STEPS."""
    start, node = starts, starts
    walk = _Walk([], 0, False)
    for _ in range(length):
        cost = int(way.width(node).sum())
        if cost > MAX_STEPS and len(starts) > 1:
            return walk._replace(cut=True)
        key = _distinct(_onwards(way, start, node, n)[1])
        start, node = np.divmod(key, n)
        walk = _Walk([*walk.steps, key], walk.cost + cost, False)
    return walk


def _onwards(way: Rows, start: Ids, node: Ids, n: int) -> tuple[Ids, Ids]:
    """Return one step on from every place: the place it begins at and the key it leads to."""
    place, column = way.of(node)
    begun = start[place]
    lower = column < begun
    return place[lower], begun[lower] * n + column[lower]


def _closed(walks: list[_Walk], ways: tuple[Rows, Rows], n: int) -> Ids:
    """Return the keys on closed walks: where both halves meet, and all that leads there."""
    there, back = (_distinct(np.concatenate(walk.steps)) for walk in walks)
    meet = there[_among(there, back)]
    starts = _distinct(meet // n)
    on = [starts * n + starts]
    for walk, way in zip(walks, ways, strict=True):
        ahead = meet[:0]
        for key in reversed(walk.steps):
            key = key[_among(key // n, starts)]
            hit = _among(key, meet)
            place, onwards = _onwards(way, *np.divmod(key, n), n)
            hit[place[_among(onwards, ahead)]] = True
            ahead = key[hit]
            on.append(ahead)
    return _distinct(np.concatenate(on))


def _distinct(keys: Ids) -> Ids:
    """Return the keys sorted, each once; np.unique is slower."""
    keys = np.sort(keys)
    return keys[np.flatnonzero(np.diff(keys, prepend=-1))]


def _among(keys: Ids, sorted_keys: Ids) -> Mask:
    """Say of every key whether it is one of others, which are sorted."""
    if not len(sorted_keys):
        return np.zeros(len(keys), dtype=bool)
    place = np.searchsorted(sorted_keys, keys)
    found: Mask = sorted_keys[np.minimum(place, len(sorted_keys) - 1)] == keys
    return found
