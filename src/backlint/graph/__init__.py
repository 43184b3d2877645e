"""From the edges of the link table to candidate groups, which the rules then test."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from backlint.engine.base import Engine
from backlint.graph.communities import communities
from backlint.graph.cotargets import cotarget_groups
from backlint.graph.expansion import Web, web_of
from backlint.graph.footprints import footprint_groups
from backlint.graph.outlinks import outlink_groups
from backlint.graph.pyramids import link_pyramids
from backlint.graph.reduce import (
    Candidate,
    Edges,
    among_sources,
    register_candidates,
    structural_edges,
)
from backlint.graph.rings import link_rings
from backlint.graph.stars import star_farms


class Graph(NamedTuple):
    """What generators look at: the tables, and the structural graph between owners."""

    engine: Engine
    edges: Edges
    web: Web


class Generator(NamedTuple):
    """A way to find candidates: what it is doing, and how; it may return notes on caps reached."""

    says: str
    find: Callable[[Graph], tuple[Iterable[Candidate], list[str]]]


# Their union is what the rules test; each finds what the others cannot see.
GENERATORS = {
    "rings": Generator("searching rings", lambda g: link_rings(g.edges)),
    "communities": Generator(
        "clustering the link graph",
        lambda g: (communities(among_sources(g.edges), g.web), []),
    ),
    "stars": Generator("looking for boosters", lambda g: (star_farms(g.edges), [])),
    "shared targets": Generator(
        "comparing shared targets", lambda g: (cotarget_groups(g.engine, g.edges), [])
    ),
    "pyramids": Generator("looking for tiers", lambda g: (link_pyramids(g.engine, g.edges), [])),
    "lists of links": Generator(
        "comparing lists of links", lambda g: (outlink_groups(g.engine), [])
    ),
    "footprints": Generator("clustering footprints", lambda g: (footprint_groups(g.engine), [])),
}


def find_candidates(engine: Engine, progress: Callable[[str], None] = lambda _: None) -> list[str]:
    """Write `candidates` and `candidate_members`; return notes on caps that were reached.

    Reads `structure`, `rare_targets`, `site_referrers`, `page_targets` and `footprints`. Two
    layers: who links to whom (rings, dense communities, boosters, shared rare targets, tiers, lists
    of links) and who shares rare signatures.
    """
    edges = structural_edges(engine)
    graph = Graph(engine, edges, web_of(edges))
    found: dict[tuple[str, tuple[int, ...]], Candidate] = {}
    notes: list[str] = []
    for generator in GENERATORS.values():
        progress(generator.says)
        candidates, cut = generator.find(graph)
        for candidate in candidates:
            found.setdefault((candidate.kind, candidate.path or candidate.members), candidate)
        notes += cut
    register_candidates(engine, list(found.values()))
    return notes
