"""From the edges of the link table to candidate groups, which the rules then test."""

from collections.abc import Callable

from backlint.engine.base import Engine
from backlint.graph.communities import communities
from backlint.graph.cotargets import cotarget_groups
from backlint.graph.footprints import footprint_groups
from backlint.graph.reduce import among_sources, register_candidates, structural_edges
from backlint.graph.rings import link_rings


def find_candidates(engine: Engine, progress: Callable[[str], None] = lambda _: None) -> list[str]:
    """Write `candidates` and `candidate_members`; return notes on caps that were reached.

    Reads `structure`, `rare_targets` and `footprints`. Two layers: who links to whom (rings, dense
    communities, shared rare targets) and who shares rare signatures.
    """
    edges = structural_edges(engine)
    progress("searching rings")
    ring_candidates, notes = link_rings(edges)
    progress("clustering the link graph")
    dense = communities(among_sources(edges))
    progress("comparing shared targets")
    shared = cotarget_groups(engine, edges)
    progress("clustering footprints")
    alike = footprint_groups(engine)
    register_candidates(engine, [*ring_candidates, *dense, *shared, *alike])
    return notes
