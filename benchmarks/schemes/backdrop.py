"""The honest graph that plants are put into: the UK web of 1996 by domain, or a made-up one."""

import gzip
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from publicsuffixlist import PublicSuffixList

from backlint import urls
from backlint.simulate.profile import backdrop as made_up

UK1996 = Path(__file__).resolve().parents[3] / "shared/data/graphs/1996-uk-web-hosts.tsv.gz"

Edge = tuple[str, str]


class Backdrop(NamedTuple):
    """An honest graph: its edges between registrable domains, and what plants draw from.

    `weight` is each domain's share of all in-links.
    """

    name: str
    edges: list[Edge]
    domains: list[str]
    weight: np.ndarray
    out_links: Mapping[str, list[str]]

    @property
    def sources(self) -> int:
        """Return how many domains link out: only these can be members of a scheme."""
        return len(self.out_links)


@cache
def load(path: Path = UK1996, referring_domains: int = 1500) -> Backdrop:
    """Return the real graph, or where its file is absent the backdrop of `backlint simulate`."""
    if path.exists():
        suffixes = PublicSuffixList(accept_unknown=True)
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
            pairs = [tuple(line.split("\t")[0].split("|")[1:3]) for line in lines]
        domain = cache(suffixes.privatesuffix)
        return _backdrop("UK web of 1996", ((domain(a), domain(b)) for a, b in pairs))
    _, rows = made_up(Random("backdrop of the schemes benchmark"), referring_domains)
    return _backdrop("made-up web", ((_domain(r.source_url), _domain(r.target_url)) for r in rows))


def named(name: str, path: Path = UK1996) -> Backdrop:
    """Return the web of that name; scans of one run must not differ in it.

    Raises ValueError where another is at hand: a file came or went since the run was planned.
    """
    web = load(path)
    if web.name != name:
        raise ValueError(
            f"the run was planned for the {name}, but here is the {web.name}: start it again"
        )
    return web


def _domain(url: str) -> str | None:
    host = urls.url_host(url)
    return urls.registrable_domain(host.name) if host else None


def _backdrop(name: str, pairs: Iterable[tuple[str | None, str | None]]) -> Backdrop:
    edges = sorted({(a, b) for a, b in pairs if a and b and a != b})
    domains = sorted({end for edge in edges for end in edge})
    place = {domain: i for i, domain in enumerate(domains)}
    linked = np.bincount([place[b] for _, b in edges], minlength=len(domains)).astype(float)
    out_links: dict[str, list[str]] = {}
    for source, target in edges:
        out_links.setdefault(source, []).append(target)
    return Backdrop(name, edges, domains, linked / linked.sum(), out_links)
