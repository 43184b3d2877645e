"""What planted schemes and hard negatives are built from."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import NamedTuple

from backlint.simulate.names import Domain
from backlint.simulate.pages import (
    any_day,
    followed,
    link,
    money_anchor,
    page,
    rel_of,
    web_anchor,
    web_url,
)
from backlint.simulate.profile import Web, hub_index, hub_url
from backlint.simulate.records import Label, Row
from backlint.simulate.words import HUBS, TOPICS

OLDEST = 3300


class Plant(NamedTuple):
    """The rows of one scheme or hard negative, and what it is."""

    rows: list[Row]
    label: Label


def draw_members(
    rng: Random, web: Web, count: int, *, kind: str = "", topic: str = ""
) -> list[Domain]:
    """Return new domains that look like those of the backdrop; most write English."""
    return [
        web.names.draw(
            rng,
            lang="en" if rng.random() < 0.8 else "",
            topic=topic or (web.site.topic if rng.random() < 0.62 else ""),
            kind=kind or rng.choices(("blog", "magazine", "shop", "org"), (62, 18, 14, 6))[0],
        )
        for _ in range(count)
    ]


def camouflage(
    rng: Random, web: Web, source: Domain, count: int, days: tuple[int, int] | None = None
) -> list[Row]:
    """Return followed links from one domain to hubs and to honest, mostly popular domains."""
    pages = [page(rng, source, _some_day(rng, days)) for _ in range(1 + count // 2)]
    rows = []
    for _ in range(count):
        pick = rng.random()
        if pick < 0.45:
            hub = HUBS[hub_index(rng)]
            url, anchor = hub_url(rng, hub), hub[0].removeprefix("www.")
        else:
            target = rng.choice(web.popular) if pick < 0.85 else honest(rng, web)
            url, anchor = web_url(rng, target), web_anchor(rng, target)
        rows.append(link(rng.choice(pages), url, anchor, followed(rng)))
    return rows


def honest(rng: Random, web: Web) -> Domain:
    """Return any honest domain."""
    i = rng.randrange(len(web.referring) + len(web.third))
    return web.referring[i] if i < len(web.referring) else web.third[i - len(web.referring)]


def endorse(
    rng: Random,
    web: Web,
    target: Domain,
    low: int,
    high: int,
    *,
    days: tuple[int, int] | None = None,
) -> list[Row]:
    """Return between low and high in-links from distinct honest domains."""
    sources = {d.name: d for d in (honest(rng, web) for _ in range(rng.randint(low, high)))}
    rows = []
    for source in sources.values():
        day = _some_day(rng, days)
        rel = rel_of(rng, source.kind)
        rows.append(
            link(page(rng, source, day), web_url(rng, target), web_anchor(rng, target), rel)
        )
    return rows


def _some_day(rng: Random, days: tuple[int, int] | None) -> int:
    return rng.randint(*days) if days else any_day(rng)


def money_site(rng: Random, web: Web) -> Domain:
    """Return a new shop that somebody promotes."""
    return web.names.draw(rng, lang="en", kind="shop")


def promote(rng: Random, source: Domain, target: Domain, day: int) -> Row:
    """Return an optimised link to a money site."""
    keywords = TOPICS[target.topic].keywords[target.style % 4 :]
    url = web_url(rng, target)
    return link(page(rng, source, day), url, money_anchor(rng, keywords), followed(rng))


def in_window(rng: Random, newest: int, length: int) -> int:
    """Return an age in days inside the window of that length that ends newest days ago."""
    return newest + rng.randint(0, length)


def label(
    kind: str,
    members: Iterable[Domain],
    targets: Sequence[str],
    *,
    page_level: bool,
    note: str,
) -> Label:
    """Return the label of a plant, its members and targets in order of name."""
    return Label(kind, sorted(d.name for d in members), sorted(targets), page_level, note)
