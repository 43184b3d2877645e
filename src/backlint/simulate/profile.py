"""The honest backdrop: a site, who links to it, and the web that those live in."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from backlint.simulate.names import TOPIC_NAMES, Domain, Names, fold, place
from backlint.simulate.pages import (
    Page,
    Site,
    any_day,
    brand_anchor,
    followed,
    honest_anchor,
    link,
    naked_anchor,
    page,
    phrase,
    rel_of,
    site_url,
    slug,
    title,
    web_anchor,
    web_url,
)
from backlint.simulate.records import Row
from backlint.simulate.words import HUBS, OTHER_PLATFORMS, SUFFIX_PLATFORMS, TOPICS

# Publishers on hosts that the Public Suffix List does not know are honest only: no planted label
# depends on whether a reader knows such a platform.
_HUB_WEIGHTS = tuple(accumulate(1 / (rank + 1) for rank in range(len(HUBS))))
_HONEST_PLATFORMS = SUFFIX_PLATFORMS + OTHER_PLATFORMS


@dataclass(frozen=True)
class Web:
    """The honest surroundings that plants are put into."""

    site: Site
    names: Names
    referring: Sequence[Domain]
    third: Sequence[Domain]
    popular: Sequence[Domain]


def make_site(rng: Random, names: Names) -> Site:
    """Return the audited site: an invented shop in a trade that the seed decides."""
    topic = rng.choice(TOPIC_NAMES)
    stock = TOPICS[topic]
    street = rng.choice(("Lane", "Row", "Quay", "Yard", "Mill", "Green", "Wharf", "Court"))
    short = f"{place(rng, 'en')} {street}"
    brand = f"{short} {rng.choice(stock.trades)}"
    label = "".join(map(fold, brand.split()))
    names.claim(label)
    name = f"{label}.{rng.choice(('com', 'com', 'co.uk', 'net', 'de', 'shop', 'com.au'))}"
    keywords = tuple(rng.sample(stock.keywords, 6))
    paths = [f"/blog/{slug(title(rng, 'en', topic))}/" for _ in range(18)]
    paths += [f"/collections/{slug(keyword)}" for keyword in keywords] + ["/about", "/contact"]
    rng.shuffle(paths)
    base = f"https://{rng.choice(('www.', ''))}{name}"
    return Site(name, base, brand, short, "en", topic, keywords, tuple(paths))


def backdrop(rng: Random, referring_domains: int) -> tuple[Web, list[Row]]:
    """Return the honest web around a site, and its rows."""
    names = Names()
    site = make_site(rng, names)
    hubs = min(4, referring_domains // 40)
    ordinary = referring_domains - hubs
    referring = [
        names.draw(
            rng, topic=site.topic if rng.random() < 0.62 else "", platforms=_HONEST_PLATFORMS
        )
        for _ in range(ordinary)
    ]
    third = [names.draw(rng, platforms=_HONEST_PLATFORMS) for _ in range(3 * ordinary)]
    rows = [_hub_to_site(rng, site, hub) for hub in rng.sample(HUBS[:12], hubs)]
    rows += _news_burst(rng, site, referring)
    rows += _ugly_rows(rng, site, referring[-10:])
    for source in referring:
        rows += _links_to_site(rng, site, source)
    nodes = [*referring, *third]
    crawled = [i < ordinary or rng.random() < 0.45 for i in range(len(nodes))]
    edges, popular = _honest_web(rng, nodes, crawled)
    for source, targets in zip(nodes, edges, strict=True):
        rows += _honest_links(rng, nodes, source, targets)
    rows += _own_links(rng, site, nodes)
    return Web(site, names, referring, third, [nodes[i] for i in popular]), rows


def hub_url(rng: Random, hub: tuple[str, str]) -> str:
    """Return a page of a well-known site."""
    host, path = hub
    word = rng.choice(TOPICS[rng.choice(TOPIC_NAMES)].nouns["en"]).capitalize()
    return f"https://{host}{path.format(w=word, i=rng.randrange(10**6, 10**7))}"


def hub_index(rng: Random) -> int:
    """Return the number of a well-known site; the first ones get most of the links."""
    return rng.choices(range(len(HUBS)), cum_weights=_HUB_WEIGHTS)[0]


def _hub_to_site(rng: Random, site: Site, hub: tuple[str, str]) -> Row:
    found = Page(hub_url(rng, hub), f"{site.brand} - {hub[0]}", any_day(rng))
    return link(found, f"{site.base}/", naked_anchor(rng, site), "nofollow")


def _links_to_site(rng: Random, site: Site, source: Domain) -> list[Row]:
    """Return the links of one honest domain: mostly one, a few many, some on every page."""
    since = any_day(rng)
    if rng.random() < 0.025:
        anchor = brand_anchor(rng, site)
        rel, target = rel_of(rng, source.kind), f"{site.base}/"
        days = [rng.randint(0, since) for _ in range(rng.randint(25, 110))]
        return [link(page(rng, source, day), target, anchor, rel) for day in days]
    rows = []
    for _ in range(min(40, int(rng.paretovariate(1.35)))):
        found = page(rng, source, rng.randint(since // 3, since))
        anchor = honest_anchor(rng, site, source, found.title)
        rows.append(link(found, site_url(rng, site), anchor, rel_of(rng, source.kind)))
    return rows


def _news_burst(rng: Random, site: Site, referring: Sequence[Domain]) -> list[Row]:
    """Return an honest burst: a story about the site, told in different words within 9 days."""
    press = [d for d in referring if d.kind in ("news", "magazine", "blog", "org")]
    size = min(len(press), max(6, min(160, len(referring) // 16)))
    start = rng.randint(200, 1500)
    rows = []
    for source in rng.sample(press, size):
        found = page(rng, source, start - min(9, int(rng.expovariate(0.45))))
        anchor = rng.choice((brand_anchor, naked_anchor, _topical_anchor))(rng, site)
        rows.append(link(found, f"{site.base}/", anchor, rel_of(rng, source.kind)))
    return rows


def _topical_anchor(rng: Random, site: Site) -> str:
    return phrase(rng, site.lang, site.topic)


def _ugly_rows(rng: Random, site: Site, sources: Sequence[Domain]) -> list[Row]:
    """Return honest links with what breaks readers: quotes, newlines, formulas, scripts, bidi."""
    home, brand = f"{site.base}/", site.brand
    rows = []
    for i, source in enumerate(sources):
        good = page(rng, source, any_day(rng))
        host = source.base.partition("//")[2]
        bad: tuple[tuple[str, str, str, str], ...] = (
            (good.url, home, brand, f'"{brand}", she said, "is\nour favourite"; really'),
            (good.url, home, '=HYPERLINK("https://example.org/","click")', good.title),
            (good.url, home, "<script>alert('x')</script>", "<b>Bold</b> & <i>odd"),
            (good.url, home, f"{brand} \u202emoc.elpmaxe\u202c", good.title),
            (good.url, home, "コーヒーと自転車の店", "日本からの手紙, 第「3」号"),
            (good.url, home, "متجر صغير في الميناء", good.title),
            (f"https://{host.upper()}:443/Archive/", home, brand, "\tArchive\u2028of notes "),
            (f"{source.base}/a%20b/?q=1&r=%22x%22,y#frag,ment", home, "don't; \\panic\\", ""),
            (good.url, f"https://{site.name.upper()}/?utm_source=a,b", " ", "  "),
            (f"{source.base}/{'long-' * 90}/", home, "🙂 " + brand + "\u200b", "x" * 600),
        )
        url, target, anchor, headline = bad[i]
        rows.append(link(Page(url, headline, good.day), target, anchor, followed(rng)))
    return rows


def _honest_web(
    rng: Random, nodes: Sequence[Domain], crawled: Sequence[bool]
) -> tuple[list[list[int]], list[int]]:
    """Return the out-links of every node (a negative number is a hub), and the popular nodes.

    Nodes join one after the other and link to those that are linked already, inside their
    community first. That gives a heavy tail of in-links and few directed cycles, as on the web;
    some links go the other way or come back.
    """
    order = list(range(len(nodes)))
    rng.shuffle(order)
    communities = [d.topic if d.lang == "en" else d.lang for d in nodes]
    bags: dict[str, list[int]] = {name: [] for name in communities}
    everyone: list[int] = []
    out: list[dict[int, None]] = [{} for _ in nodes]
    indegree = [0] * len(nodes)
    for i in order:
        bag = bags[communities[i]]
        degree = min(120, int(2.2 * rng.paretovariate(1.25))) if crawled[i] else 0
        for _ in range(degree):
            j = _choose(rng, out, bag, everyone, i)
            if j == i or j in out[i]:
                continue
            out[i][j] = None
            if j < 0:
                continue
            indegree[j] += 1
            bags[communities[j]].append(j)
            everyone.append(j)
            if crawled[j] and i not in out[j] and rng.random() < 0.06:
                out[j][i] = None
                indegree[i] += 1
        bag.append(i)
        everyone.append(i)
    crawlers = [i for i in order if crawled[i]]
    for j in order:  # who was never crawled is known because somebody links there
        if not crawled[j] and not indegree[j]:
            out[rng.choice(crawlers)][j] = None
            indegree[j] = 1
    popular = sorted(range(len(nodes)), key=lambda i: (-indegree[i], i))
    return [list(targets) for targets in out], popular[: max(30, len(nodes) // 30)]


def _choose(
    rng: Random, out: list[dict[int, None]], bag: list[int], everyone: list[int], i: int
) -> int:
    pick = rng.random()
    if pick < 0.2 or not everyone:
        return -1 - hub_index(rng)
    if pick < 0.3 and out[i]:  # the friend of a friend
        friend = rng.choice(list(out[i]))
        if friend >= 0 and out[friend]:
            return rng.choice(list(out[friend]))
    if pick < 0.76 and bag:
        return rng.choice(bag)
    if pick < 0.95:
        return rng.choice(everyone)
    return rng.randrange(len(out))


def _honest_links(
    rng: Random, nodes: Sequence[Domain], source: Domain, targets: Sequence[int]
) -> list[Row]:
    """Return the rows of one domain's out-links: some pages hold several, some repeat."""
    if not targets:
        return []
    pages = [page(rng, source, any_day(rng)) for _ in range(1 + len(targets) // 2)]
    rows = []
    for j in targets:
        if j < 0:
            url, anchor = hub_url(rng, HUBS[-1 - j]), HUBS[-1 - j][0].removeprefix("www.")
        else:
            url, anchor = web_url(rng, nodes[j]), web_anchor(rng, nodes[j])
        rel, pick = rel_of(rng, source.kind), rng.random()
        if pick < 0.02:
            found = [page(rng, source, any_day(rng)) for _ in range(rng.randint(5, 18))]
        else:
            found = rng.choices(pages, k=1 if pick < 0.92 else 2)
        rows += [link(each, url, anchor, rel) for each in found]
    return rows


def _own_links(rng: Random, site: Site, nodes: Sequence[Domain]) -> list[Row]:
    """Return the site's own out-links: suppliers, friends (some link back) and hubs."""
    rows = []
    referring = nodes[: len(nodes) // 4]
    for target in rng.sample(nodes, min(8, len(nodes))) + rng.sample(
        referring, min(3, len(referring))
    ):
        found = Page(site.base + rng.choice(site.paths), site.brand, any_day(rng))
        rows.append(link(found, web_url(rng, target), web_anchor(rng, target)))
    for hub in HUBS[1:4]:
        found = Page(f"{site.base}/contact", f"Contact - {site.brand}", any_day(rng))
        rows.append(link(found, hub_url(rng, hub), hub[0], "noopener"))
    return rows
