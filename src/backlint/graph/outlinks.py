"""Owners that carry the same list of links: pages whose sets of rare targets are nearly the same.

Exact, without sketches: two pages can only be alike when they share a rare target, and that has few
referrers. Table `page_targets` caps the pages of an owner.
"""

import numpy as np

from backlint.engine.base import Engine
from backlint.graph.communities import MAX_SIZE
from backlint.graph.cotargets import Links, sharing_pairs
from backlint.graph.reduce import Candidate, Edges, components, rows_of

MIN_SHARED = 4
MIN_JACCARD = 0.6
MIN_SIZE = 3


def outlink_groups(engine: Engine) -> list[Candidate]:
    """Return the owners that hang together by pages with nearly the same rare targets."""
    frame = engine.fetch("SELECT page, actor_id, target FROM page_targets ORDER BY page, target")
    if frame.is_empty():
        return []
    _, first, page = np.unique(frame["page"], return_index=True, return_inverse=True)
    ids, owner = np.unique(frame["actor_id"].to_numpy()[first], return_inverse=True)
    targets, target = np.unique(frame["target"], return_inverse=True)
    by_page, by_target = rows_of(page, target, len(first)), rows_of(target, page, len(targets))
    u, v, shared = sharing_pairs(Links(by_page, by_target, len(first), len(frame)))
    either = by_page.width(u) + by_page.width(v) - shared
    alike = (shared >= MIN_SHARED) & (shared >= MIN_JACCARD * either) & (owner[u] != owner[v])
    one, other = owner[u[alike]], owner[v[alike]]
    pairs = np.unique(np.minimum(one, other) * len(ids) + np.maximum(one, other))
    joined = Edges(ids, *np.divmod(pairs, len(ids)))
    groups = components(joined, strong=False, at_least=MIN_SIZE)
    return [
        Candidate("outlinks", tuple(part.ids.tolist()))
        for part in groups
        if len(part.ids) <= MAX_SIZE
    ]
