"""The null of the maximum: how far a group must stand out to beat what the search finds in chance.

Whoever searches thousands of groups for the densest finds a dense one. `rules/null_maxima.toml`
says how dense, by the size of the web and of the group; `benchmarks/schemes/null.py` fits it.
"""

from functools import cache

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from backlint.rules.catalog import load_table


class NullRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Decades needed from a number of sources, a group size and a mean in-degree on."""

    sources: int
    size: int
    degree: int
    needed: float


class NullMaxima(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table, and what it was fitted on: rewired webs, groups found, decades added."""

    version: int
    rewires: int
    groups: int
    margin: float
    rows: list[NullRow]


@cache
def load_null_maxima() -> NullMaxima:
    """Return the table of the catalogue; raises RuleError when it is not valid."""
    return load_table("null_maxima", NullMaxima)


def needed_decades(frame: pl.DataFrame) -> NDArray[np.float64]:
    """Return the decades that groups must reach, by sources, size and degree (mean in-degree).

    The largest of all rows that begin below a group holds, so it never falls as a group grows.
    """
    c = {name: frame[name].to_numpy() for name in ("sources", "size", "degree")}
    needed = np.zeros(len(frame))
    for row in load_null_maxima().rows:
        holds = (
            (c["sources"] >= row.sources) & (c["size"] >= row.size) & (c["degree"] >= row.degree)
        )
        needed = np.where(holds, np.maximum(needed, row.needed), needed)
    return needed
