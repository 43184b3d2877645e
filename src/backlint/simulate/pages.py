"""Pages, titles, anchors and rel values as they look on ordinary sites."""

import re
from random import Random
from typing import NamedTuple
from urllib.parse import quote

from backlint.simulate.names import Domain, fold, nouns, place, surname
from backlint.simulate.records import AS_OF, Row, iso
from backlint.simulate.words import LANGUAGES, TOPICS

_NOT_WORD = re.compile(r"\W+")
_GENERIC_PATHS = (
    "/",
    "/links/",
    "/about/",
    "/blog/",
    "/resources/",
    "/partners/",
    "/links.html",
    "/index.php",
    "/hello-world/",
    "/sample-page/",
)
_SECTIONS = ("members", "resources", "partners", "projects", "events")


class Page(NamedTuple):
    """A page that can carry links: its URL, its title and how many days old it is."""

    url: str
    title: str
    day: int


class Site(NamedTuple):
    """The audited site."""

    name: str
    base: str
    brand: str
    short: str
    lang: str
    topic: str
    keywords: tuple[str, ...]
    paths: tuple[str, ...]


def title(rng: Random, lang: str, topic: str) -> str:
    """Return a headline; with places, people and numbers in it two are seldom the same."""
    entry = LANGUAGES[lang]
    text = _fill(rng, rng.choice(entry.titles), lang, topic)
    return text[:1].upper() + text[1:]


def phrase(rng: Random, lang: str, topic: str) -> str:
    """Return a descriptive anchor on the topic."""
    return _fill(rng, rng.choice(LANGUAGES[lang].phrases), lang, topic)


def _fill(rng: Random, template: str, lang: str, topic: str) -> str:
    entry = LANGUAGES[lang]
    stock = nouns(lang, topic)
    first = rng.randrange(len(stock))
    slots = {
        "n": stock[first],
        "m": stock[first - 1 - rng.randrange(len(stock) - 1)],
        "a": rng.choice(entry.adjectives),
        "k": rng.randrange(3, 60),
        "p": place(rng, lang) if "{p}" in template else "",
        "w": f"{rng.choice(entry.people)} {surname(rng, lang)}" if "{w}" in template else "",
    }
    return template.format_map(slots)


def slug(text: str) -> str:
    """Return the text as a URL segment; scripts other than Latin are percent-encoded."""
    plain = "-".join(filter(None, map(fold, _NOT_WORD.split(text))))
    return plain if len(plain) > 3 else quote(_NOT_WORD.sub("-", text).strip("-"))


def page(rng: Random, source: Domain, day: int, *, headline: str = "") -> Page:
    """Return a page of the source, in the permalink style that the source keeps to."""
    if not headline and rng.random() < 0.06:
        generic = rng.choice(LANGUAGES[source.lang].generic_titles)
        return Page(source.base + rng.choice(_GENERIC_PATHS), titled(source, generic), day)
    headline = headline or title(rng, source.lang, source.topic)
    return Page(source.base + _path(rng, source, day, headline), titled(source, headline), day)


def titled(source: Domain, headline: str) -> str:
    """Return the headline as the source's template puts it: bare or with the site name."""
    habit = source.style // 6
    if habit < 5:
        return headline
    return f"{headline} {'-' if habit < 8 else '|' if habit < 9 else '–'} {source.title}"


def _path(rng: Random, source: Domain, day: int, headline: str) -> str:
    year, month, monthday = iso(day).split("-")
    name = slug(headline)
    number = int(rng.paretovariate(0.5)) * 7 % 90000 + rng.randrange(1, 400)
    style = source.style % 6
    if source.name.endswith(".blogspot.com"):
        return f"/{year}/{month}/{name[:39].rstrip('-')}.html"
    match source.kind:
        case "news":
            styles = (
                f"/{year}/{month}/{monthday}/{name}",
                f"/news/{name}-{number}",
                f"/article{number}.html",
            )
        case "forum":
            styles = (
                f"/viewtopic.php?f={number % 40}&t={number}",
                f"/threads/{name}.{number}/",
                f"/t/{name}/{number}",
            )
        case "org":
            styles = (f"/{_SECTIONS[number % 5]}/{name}", f"/node/{number}", f"/{name}.html")
        case "directory":
            section = slug(nouns(source.lang, source.topic)[0])
            styles = (f"/directory/{section}/{name}", f"/links/{section}.html", f"/{section}/")
        case "shop":
            styles = (f"/blog/{name}", f"/pages/{name}", f"/blogs/news/{name}")
        case _:
            styles = (f"/{year}/{month}/{name}/", f"/{name}/", f"/?p={number}")
            return (*styles, f"/blog/{name}", f"/posts/{name}.html", f"/{year}/{name}")[style]
    return styles[style % len(styles)]


def link(source: Page, target: str, anchor: str, rel: str = "") -> Row:
    """Return the row of a link, first seen on the day of its page."""
    return Row(source.url, target, anchor, rel, iso(max(0, source.day)), source.title)


def followed(rng: Random) -> str:
    """Return a rel value that passes credit, as templates write it."""
    return rng.choices(("", "noopener", "noopener noreferrer", "external"), (84, 9, 6, 1))[0]


def rel_of(rng: Random, kind: str) -> str:
    """Return a rel value as sites of that kind use it; about a quarter pass no credit."""
    unfollowed = {"forum": 0.85, "news": 0.34, "directory": 0.25}.get(kind, 0.19)
    if rng.random() >= unfollowed:
        return followed(rng)
    if kind == "forum":
        return rng.choice(("nofollow ugc", "ugc", "nofollow", "ugc nofollow noopener"))
    return rng.choices(
        ("nofollow", "nofollow noopener", "sponsored", "nofollow sponsored", "ugc"),
        (56, 16, 12, 6, 10),
    )[0]


def any_day(rng: Random) -> int:
    """Return an age in days: six years, a little denser towards today."""
    return int(2190 * rng.random() ** 1.25)


# --- anchors ------------------------------------------------------------------------------------


def brand_anchor(rng: Random, site: Site) -> str:
    """Return the brand in one of the ways people write it."""
    return rng.choice(
        (
            site.brand,
            site.brand,
            site.brand,
            site.short,
            site.brand.lower(),
            site.brand.replace(" ", ""),
            f"{site.brand} Co.",
            f"the team at {site.brand}",
            f"{site.brand} website",
            f"{site.brand.upper()}",
            f"{site.brand}'s",
            f"via {site.short}",
        )
    )


def naked_anchor(rng: Random, site: Site) -> str:
    """Return a bare URL of the site."""
    return rng.choice(
        (
            site.name,
            f"www.{site.name}",
            f"{site.base}/",
            f"http://{site.name}",
            site.base + rng.choice(site.paths),
        )
    )


def money_anchor(rng: Random, keywords: tuple[str, ...]) -> str:
    """Return an optimised anchor: mostly a keyword itself, else a keyword with trimmings."""
    keyword = rng.choice(keywords)
    if rng.random() < 0.68:
        return rng.choice((keyword, keyword, keyword.title(), keyword.capitalize()))
    trimmed = keyword.removeprefix("best ").removeprefix("buy ").removeprefix("cheap ")
    return rng.choice(
        (
            f"best {trimmed} {AS_OF.year}",
            f"{trimmed} near me",
            f"top {trimmed}",
            f"{trimmed} for sale",
            f"affordable {trimmed}",
            f"{trimmed} {place(rng, 'en')}",
        )
    )


def mixed_anchor(rng: Random, site: Site, money: float) -> str:
    """Return a money anchor with that probability; else one that hides it, as schemes do."""
    if rng.random() < money:
        return money_anchor(rng, site.keywords)
    return rng.choice(
        (
            brand_anchor(rng, site),
            naked_anchor(rng, site),
            rng.choice(LANGUAGES[site.lang].generic_anchors),
            phrase(rng, site.lang, site.topic),
        )
    )


def honest_anchor(rng: Random, site: Site, source: Domain, headline: str) -> str:
    """Return an anchor as a person chooses it; about 1% are exact keywords, by chance."""
    pick = rng.random()
    if pick < 0.40:
        return brand_anchor(rng, site)
    if pick < 0.60:
        return naked_anchor(rng, site)
    if pick < 0.72:
        return rng.choice(LANGUAGES[source.lang].generic_anchors)
    if pick < 0.86:
        return phrase(rng, source.lang, site.topic)
    if pick < 0.89:
        return headline
    if pick < 0.925:
        return f"{rng.choice(TOPICS[site.topic].nouns['en'])} from {site.brand}"
    if pick < 0.938:
        return rng.choice(site.keywords)
    return ""


def web_anchor(rng: Random, target: Domain) -> str:
    """Return an anchor for a link to any other site."""
    pick = rng.random()
    if pick < 0.46:
        return target.title
    if pick < 0.62:
        return target.base.partition("//")[2]
    if pick < 0.86:
        return phrase(rng, target.lang, target.topic)
    if pick < 0.96:
        return rng.choice(LANGUAGES[target.lang].generic_anchors)
    return ""


def site_url(rng: Random, site: Site) -> str:
    """Return a page of the site as honest links choose it: the home page, then the known ones."""
    if rng.random() < 0.52:
        return rng.choice((f"{site.base}/", f"{site.base}/", site.base, f"http://{site.name}/"))
    first = min(int(rng.paretovariate(0.8)) - 1, len(site.paths) - 1)
    return site.base + site.paths[first]


def web_url(rng: Random, target: Domain) -> str:
    """Return a page of any other site."""
    if rng.random() < 0.6:
        return f"{target.base}/"
    stock = nouns(target.lang, target.topic)
    return f"{target.base}/{slug(stock[target.style % len(stock) - rng.randrange(3)])}/"
