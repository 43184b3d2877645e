"""Pyramids: sites that point at a target, and below them sites that only exist to point at those.

A supporter is *loyal* when it links to two rare targets at least and all of them are in the first
tier. A site of the first tier is *carried* when most of its in-links come from loyal supporters. A
personal site with one favourite blog is loyal by nature, and the readers of a community read others
as well; so it takes two links of a supporter, three carried sites and twice as many supporters.
"""

from typing import NamedTuple

import numpy as np

from backlint.engine.base import Engine
from backlint.graph.chance import poisson_tail
from backlint.graph.reduce import Candidate, Edges, Ids, Mask, Rows, rows_of

MIN_LINKS = 2
MIN_CARRIED = 3
MIN_EXCLUSIVE = 0.7
MIN_RATIO = 2
MAX_TIERS = 4
MAX_RARITY = 0.01
BLOCK = 2_000_000  # supporters, each with a target of one of its targets, that are checked at once


class Web(NamedTuple):
    """Who links to whom (`into`), and who to which rare targets (`goals`), as indices of `ids`.

    `key` holds the links to rare targets as source * n + target, ascending.
    """

    ids: Ids
    rare: Mask
    into: Rows
    goals: Rows
    key: Ids

    def loyal(self, above: Mask, barred: Mask) -> Ids:
        """Return those not barred that have two rare targets at least, all of them above."""
        near = np.unique(self.into.of(np.flatnonzero(above))[1])
        near = near[~barred[near] & (self.goals.width(near) >= MIN_LINKS)]
        place, goal = self.goals.of(near)
        astray = np.bincount(place, weights=~above[goal], minlength=len(near))
        loyal: Ids = near[astray == 0]
        return loyal


def link_pyramids(engine: Engine, edges: Edges) -> list[Candidate]:
    """Return the pyramids under rare targets and under the audited sites, without the target.

    A member's place is the number of its tier. `rarity` is how many such pyramids chance would
    build, as if every source drew its rare targets by their in-links.
    """
    if not len(edges.source):
        return []
    n = len(edges.ids)
    rare = np.isin(edges.ids, engine.fetch("SELECT actor_id FROM rare_targets")["actor_id"])
    to_rare = rare[edges.target]
    source, target = edges.source[to_rare], edges.target[to_rare]
    into = rows_of(edges.target, edges.source, n)
    web = Web(edges.ids, rare, into, rows_of(source, target, n), source * n + target)
    found: dict[tuple[int, ...], Candidate] = {}
    for referrers, itself in [*_under_rare(web), *_under_sites(engine, web)]:
        tiers = _tiers(web, referrers, itself)
        if tiers:
            rarity = _rarity(web, tiers)
            members = np.concatenate(tiers)
            place = np.repeat(np.arange(1, len(tiers) + 1), [len(tier) for tier in tiers])
            order = np.argsort(members)
            key = tuple(web.ids[members[order]].tolist())
            if rarity < MAX_RARITY and (key not in found or rarity < (found[key].rarity or 0.0)):
                found[key] = Candidate("pyramid", key, rarity, tiers=tuple(place[order].tolist()))
    return [found[key] for key in sorted(found)]


def _under_rare(web: Web) -> list[tuple[Ids, Ids]]:
    """Return the referrers of each rare target that has loyal supporters enough, and its index."""
    n = len(web.ids)
    width = np.diff(web.goals.first)
    supporters = np.flatnonzero(width >= MIN_LINKS)
    place, goal = web.goals.of(supporters)
    idle = np.bincount(place, weights=width[goal] == 0, minlength=len(supporters))
    supporters = supporters[idle == 0]  # whoever links to nobody rare is no first tier
    place, goal = web.goals.of(supporters)
    # what all of a supporter's targets link to, the narrowest of them links to
    order = np.lexsort((goal, width[goal], place))
    narrow = goal[order][np.diff(place[order], prepend=-1) > 0]
    held = np.zeros(n, dtype=np.int64)
    cost = np.cumsum(width[narrow] * width[supporters])
    for block in np.split(np.arange(len(supporters)), np.flatnonzero(np.diff(cost // BLOCK)) + 1):
        at, top = web.goals.of(narrow[block])
        pair, goal = web.goals.of(supporters[block][at])
        asked = goal * n + top[pair]
        near = web.key[np.searchsorted(web.key[:-1], asked)]
        missed = np.bincount(pair, weights=near != asked, minlength=len(top))
        np.add.at(held, top[missed == 0], 1)
    enough = np.flatnonzero(held >= MIN_RATIO * MIN_CARRIED)
    return [(web.into.of(np.array([top]))[1], np.array([top])) for top in enough]


def _under_sites(engine: Engine, web: Web) -> list[tuple[Ids, Ids]]:
    """Return the referrers of each audited site; it is itself no part of the structure."""
    frame = engine.fetch("SELECT target, source FROM site_referrers ORDER BY ALL")
    none = np.zeros(0, dtype=np.int64)
    return [
        (np.flatnonzero(np.isin(web.ids, rows["source"])), none)
        for _, rows in frame.group_by("target", maintain_order=True)
    ]


def _tiers(web: Web, referrers: Ids, itself: Ids) -> list[Ids]:
    """Return the tiers under a target, the first one first; nothing where nobody is carried."""
    barred = np.zeros(len(web.ids), dtype=bool)
    barred[referrers] = True
    barred[itself] = True
    first = np.zeros(len(web.ids), dtype=bool)
    first[referrers] = web.rare[referrers]
    first[itself] = False
    while True:
        loyal = web.loyal(first, barred)
        carried = np.flatnonzero(first)
        place, source = web.into.of(carried)
        from_loyal = np.bincount(place, weights=np.isin(source, loyal), minlength=len(carried))
        lost = carried[from_loyal < MIN_EXCLUSIVE * web.into.width(carried)]
        if not len(lost):
            break
        first[lost] = False
    if len(carried) < MIN_CARRIED or len(loyal) < MIN_RATIO * len(carried):
        return []
    tiers = [carried, loyal]
    while len(tiers) < MAX_TIERS:
        above = np.zeros(len(web.ids), dtype=bool)
        above[tiers[-1]] = True
        barred[tiers[-1]] = True
        below = web.loyal(above, barred)
        if len(below) < len(tiers[-1]):
            break
        tiers.append(below)
    return tiers


def _rarity(web: Web, tiers: list[Ids]) -> float:
    """Return how many pyramids with so many loyal supporters chance would build.

    A source with w rare targets is loyal to a first tier that takes the share q of all links to
    rare targets with probability q^w.
    """
    taken = np.isin(web.key % len(web.ids), tiers[0]).sum()
    share = taken / max(len(web.key), 1)
    widths, sources = np.unique(np.diff(web.goals.first), return_counts=True)
    able = widths >= MIN_LINKS
    mean = float((sources[able] * share ** widths[able].astype(float)).sum())
    tail = poisson_tail(np.array([len(tiers[1])]), np.array([mean]))
    return float(tail[0]) * int(web.rare.sum())
