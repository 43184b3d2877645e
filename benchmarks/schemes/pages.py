"""Footprint networks in a single-site export, and profiles as `backlint simulate` makes them.

What the simulator lacks is planted here: networks whose signatures are known one by one.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from backlint import urls
from backlint.simulate import Label, Row, Simulation, simulate, write
from backlint.simulate.names import Domain, Names
from backlint.simulate.pages import Page, followed, link, mixed_anchor, slug, title, titled
from backlint.simulate.profile import Site, make_site

EXPORT = "export"
REFERRING_DOMAINS = 3000
MEMBERS = 12
ARTICLES = 3


class World(NamedTuple):
    """A written profile: where, whose, and who in it is planted or an honest look-alike."""

    path: Path
    site: str
    brand: Sequence[str]
    keywords: Sequence[str]
    schemes: dict[str, frozenset[str]]
    honest: dict[str, frozenset[str]]
    domains: int


def export(name: str, folder: Path) -> World:
    """Write a single-site export of 3,000 referring domains with footprint networks of twelve."""
    sim = simulate(_seed(name), schemes=(), referring_domains=REFERRING_DOMAINS, graph=False)
    rng = Random(f"footprints {name}")
    site = _site(sim)
    names = Names()
    for row in sim.rows:
        names.claim(urls.registrable_domain(_host(row.source_url)).partition(".")[0])
    networks = {}
    rows = list(sim.rows)
    for cell, (kinds, kept) in NETWORKS.items():
        members = [names.draw(rng, lang="en", kind="magazine") for _ in range(MEMBERS)]
        networks[cell] = frozenset(member.name for member in members)
        rows += _network(rng, site, members, kinds, kept)
    rng.shuffle(rows)
    return _world(sim, rows, networks, folder)


# cell -> (which signatures the copies of an article share, how many of them are left)
NETWORKS: dict[str, tuple[frozenset[str], float]] = {
    "footprint n=12: titles, paths, ids": (frozenset({"title", "path", "id"}), 1.0),
    "footprint n=12: half of them removed": (frozenset({"title", "path", "id"}), 0.5),
    "footprint n=12: titles only": (frozenset({"title"}), 1.0),
    "footprint n=12: paths only": (frozenset({"path"}), 1.0),
    "footprint n=12: ids only": (frozenset({"id"}), 1.0),
}


def _network(
    rng: Random, site: Site, members: Sequence[Domain], kinds: frozenset[str], kept: float
) -> list[Row]:
    """Return the rows of a network: each member carries two of three articles, its links bought."""
    rows = []
    newest = rng.randint(10, 900)
    articles = [
        (title(rng, "en", site.topic), rng.randint(10**7, 10**8 - 1)) for _ in range(ARTICLES)
    ]
    for member in members:
        for headline, number in rng.sample(articles, 2):
            left = {kind for kind in sorted(kinds) if rng.random() < kept}
            own = title(rng, "en", site.topic)
            shown = headline if "title" in left else own
            last = slug(headline) if "path" in left else slug(title(rng, "en", site.topic))
            query = f"?p={number if 'id' in left else rng.randint(10**7, 10**8 - 1)}"
            url = f"{member.base}/{last}/{query if 'id' in kinds else ''}"
            found = Page(url, titled(member, shown), newest + rng.randint(0, 120))
            anchor = mixed_anchor(rng, site, 0.7)
            rows.append(link(found, f"{site.base}/", anchor, followed(rng)))
    return rows


def profile(name: str, folder: Path) -> World:
    """Write a profile with links among its sources, every scheme and every honest look-alike."""
    sim = simulate(_seed(name))
    schemes = {f"simulated {label.kind}": _domains(label) for label in sim.schemes}
    return _world(sim, sim.rows, schemes, folder)


def _world(
    sim: Simulation, rows: Sequence[Row], schemes: dict[str, frozenset[str]], folder: Path
) -> World:
    write(Simulation(**{**vars(sim), "rows": list(rows)}), folder)
    honest = {f"simulated {label.kind}": _domains(label) for label in sim.negatives}
    planted = frozenset().union(*schemes.values(), *honest.values())
    hosts = {_host(url) for row in rows for url in (row.source_url, row.target_url)}
    domains = {urls.registrable_domain(host) for host in hosts}
    honest["simulated backdrop"] = frozenset(domains - planted - {sim.site})
    return World(
        folder / "links.csv", sim.site, sim.brand, sim.keywords, schemes, honest, len(domains)
    )


def _seed(name: str) -> int:
    return Random(name).randrange(10**6, 10**9)


def _site(sim: Simulation) -> Site:
    """Return the audited site of a simulation, made again by its own maker."""
    return make_site(Random(f"backlint simulate {sim.seed} backdrop"), Names())


def _domains(label: Label) -> frozenset[str]:
    return frozenset(filter(None, map(urls.registrable_domain, label.members)))


def _host(url: str) -> str:
    host = urls.url_host(url)
    return host.name if host else ""
