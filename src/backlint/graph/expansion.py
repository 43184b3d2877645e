"""From a fragment of a group to the whole: who links with it far beyond chance, and is linked to.

Clusterings cut groups whose members link to many honest sites. A fragment draws the rest: between
it and a node v the configuration model expects (d_in(v) K_out + d_out(v) K_in) / m links, both ways
apart, so that the honest sites it points at, which many others know, do not come along.
"""

from typing import NamedTuple

import numpy as np

from backlint.graph.chance import poisson_tail
from backlint.graph.reduce import Edges, Ids, Rows, rows_of, weak_labels

MIN_LINKS = 3  # one link each way is what two friends have
MAX_SIZE = 3000
FALSE_MEMBERS = 0.5  # expected among all sources, each time a group is drawn
ROUNDS = 8


class Web(NamedTuple):
    """Who links to whom, both ways, as indices of `ids`, which ascend.

    `links` and `sources` are those of every node's component: what is not connected with a group
    does not weigh on it.
    """

    ids: Ids
    out: Rows
    into: Rows
    links: Ids
    sources: Ids


def web_of(edges: Edges) -> Web:
    """Return the rows of a graph both ways."""
    n = len(edges.ids)
    labels = weak_labels(edges)
    return Web(
        edges.ids,
        rows_of(edges.source, edges.target, n),
        rows_of(edges.target, edges.source, n),
        np.bincount(labels[edges.source], minlength=n)[labels],
        np.bincount(labels[np.unique(edges.source)], minlength=n)[labels],
    )


def expanded(web: Web, group: Ids) -> Ids:
    """Return the group that a fragment leads to, both as ids; nothing when it leads nowhere.

    A node stays or joins when it gives and takes links, three at least, of which chance would
    bring so many to fewer than half a node of its component.
    """
    group = np.searchsorted(web.ids, group)
    links, sources = web.links[group[0]], web.sources[group[0]]
    for _ in range(ROUNDS):
        if not len(group):
            break
        given, taken = web.into.of(group)[1], web.out.of(group)[1]
        nodes, place = np.unique(np.concatenate([given, taken]), return_inverse=True)
        gives = np.bincount(place[: len(given)], minlength=len(nodes))
        takes = np.bincount(place[len(given) :], minlength=len(nodes))
        d_out, d_in = web.out.width(nodes), web.into.width(nodes)
        inside = np.isin(nodes, group, assume_unique=True)
        k_out = web.out.width(group).sum() - inside * d_out
        k_in = web.into.width(group).sum() - inside * d_in
        mean = (d_in * k_out.astype(float) + d_out * k_in.astype(float)) / links
        able = (gives > 0) & (takes > 0) & (gives + takes >= MIN_LINKS)
        beyond = poisson_tail(gives + takes, mean) < FALSE_MEMBERS / sources
        drawn = nodes[able & beyond]
        if np.array_equal(drawn, group):
            break
        group = drawn if len(drawn) <= MAX_SIZE else drawn[:0]
    return web.ids[group]
