"""Boosters around one target that links back to all of them: the farm that gains most PageRank.

Nobody but the target links to its boosters, so no clustering by density sees them (Gyongyi and
Garcia-Molina 2005, "Link spam alliances"). A designer's portfolio looks the same, so this is a
candidate and no more.
"""

from collections.abc import Mapping

import numpy as np

from backlint.graph.reduce import Candidate, Edges, Ids, grouped

MIN_BOOSTERS = 4
MAX_IN = 3  # in-links of a booster: the target's and two that were hijacked or left over


def star_farms(edges: Edges) -> list[Candidate]:
    """Return each target with those linked to it both ways whom hardly anyone else links to.

    Targets of several stars that link to each other both ways form one alliance besides.
    """
    n = len(edges.ids)
    key, back = edges.source * n + edges.target, edges.target * n + edges.source
    mutual = np.isin(key, back, assume_unique=True)
    source, target = edges.source[mutual], edges.target[mutual]
    d_in = np.bincount(edges.target, minlength=n)
    boosts = (d_in[source] <= MAX_IN) & (d_in[target] > MAX_IN)
    hub, booster = target[boosts], source[boosts]
    order = np.argsort(hub, kind="stable")
    stars = {
        int(hub[rows[0]]): booster[rows]
        for rows in grouped(order, hub[order])
        if len(rows) >= MIN_BOOSTERS
    }
    groups = {frozenset([center, *members.tolist()]) for center, members in stars.items()}
    groups |= _alliances(stars, source, target)
    return [
        Candidate("community", tuple(edges.ids[sorted(group)].tolist()))
        for group in sorted(groups, key=sorted)
    ]


def _alliances(stars: Mapping[int, Ids], source: Ids, target: Ids) -> set[frozenset[int]]:
    """Return the stars whose targets are linked both ways, as one group each."""
    import networkx as nx  # here, not above: it would slow every start

    centers = np.array(sorted(stars), dtype=np.int64)
    between = np.isin(source, centers) & np.isin(target, centers)
    allied = nx.Graph(zip(source[between].tolist(), target[between].tolist(), strict=True))
    return {
        frozenset(group).union(*(stars[center].tolist() for center in group))
        for group in nx.connected_components(allied)
    }
