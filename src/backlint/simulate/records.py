"""The records that a simulation is made of."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

AS_OF = date(2026, 11, 1)


class Row(NamedTuple):
    """One link as an export states it; an empty string stands for an empty cell."""

    source_url: str
    target_url: str
    anchor: str
    rel: str
    first_seen: str
    title: str


@dataclass(frozen=True)
class Label:
    """What one plant truly is.

    `members` are registrable domains (A-labels), or hosts for a subdomain network; they are
    those that the rows show as a source or as a target. `targets` are the domains that the plant
    points at together. `page_level` is True where the telling links stand on single pages
    (articles, listings) and False where they repeat over a whole site (footer, menu, blogroll).
    A target is not accused by being one: it may be an honest domain.
    """

    kind: str
    members: list[str]
    targets: list[str]
    page_level: bool
    note: str


@dataclass(frozen=True)
class Simulation:
    """A labelled backlink profile of `site`: every row, and the truth about the planted ones.

    Domains that are no member of a scheme are honest.
    """

    seed: int
    site: str
    as_of: str
    rows: list[Row]
    schemes: list[Label]
    negatives: list[Label]
    brand: list[str]
    keywords: list[str]


@cache
def iso(days_ago: int) -> str:
    """Return the ISO date that lies days_ago days before AS_OF."""
    return (AS_OF - timedelta(days=days_ago)).isoformat()


def host_of(url: str) -> str:
    """Return the host of an http(s) URL made by this package: A-labels without www and port."""
    authority = url.split("/", 3)[2].partition("?")[0]
    host = authority.partition(":")[0].lower().removeprefix("www.")
    return host if host.isascii() else host.encode("idna").decode()


def parents(host: str) -> list[str]:
    """Return the host itself and every name above it."""
    labels = host.split(".")
    return [".".join(labels[i:]) for i in range(len(labels))]
