"""The planted schemes, one function each.

Each is written down from how such schemes are built, not from how backlint looks for them: part
of the anchors are harmless, members link to honest and popular sites as well, some are endorsed by
old honest links, and names, titles and permalinks come from the same makers as the backdrop's.
"""

from collections.abc import Callable, Sequence
from itertools import permutations
from random import Random

from backlint.simulate.names import TOPIC_NAMES, Domain, domain, fold, nouns, place, suffix
from backlint.simulate.pages import (
    Page,
    Site,
    followed,
    link,
    mixed_anchor,
    page,
    slug,
    titled,
    web_anchor,
    web_url,
)
from backlint.simulate.plant import (
    OLDEST,
    Plant,
    camouflage,
    draw_members,
    endorse,
    in_window,
    label,
    money_site,
    promote,
)
from backlint.simulate.profile import Web
from backlint.simulate.records import AS_OF, Row
from backlint.simulate.words import DIRECTORY_WORDS, HOST_TOPICS, SELLER_PITCHES, TOPICS


def _landing_pages(rng: Random, site: Site) -> tuple[str, ...]:
    """Return the pages of the site that one scheme pushes."""
    return (f"{site.base}/", *(site.base + path for path in rng.sample(site.paths, 2)))


def _cycle(rng: Random, members: Sequence[Domain], newest: int) -> list[Row]:
    """Return a directed cycle through the members: one or two articles a step, no chord."""
    rows = []
    for source, target in zip(members, [*members[1:], members[0]], strict=True):
        for _ in range(rng.choice((1, 1, 2))):
            if rng.random() < 0.4:
                rows.append(promote(rng, source, target, in_window(rng, newest, 85)))
            else:
                found = page(rng, source, in_window(rng, newest, 85))
                anchor = web_anchor(rng, target)
                rows.append(link(found, web_url(rng, target), anchor, followed(rng)))
    return rows


def ring(rng: Random, web: Web) -> Plant:
    """Link ring: each member links to the next, most of them to the site too, within 90 days."""
    size, newest = rng.randint(6, 8), rng.randint(30, 1000)
    members = draw_members(rng, web, size)
    landing = _landing_pages(rng, web.site)
    rows = _cycle(rng, members, newest)
    silent = rng.sample(range(size), rng.randint(2, (size - 1) // 2))
    for i, member in enumerate(members):
        if i not in silent:
            found = page(rng, member, in_window(rng, newest, 85))
            anchor = mixed_anchor(rng, web.site, 0.9)
            rows.append(link(found, rng.choice(landing), anchor, followed(rng)))
        rows += camouflage(rng, web, member, rng.randint(4, 8))
        rows += endorse(rng, web, member, 0, 2)
    note = f"{size} domains in a chordless directed cycle; {len(silent)} do not link to the site"
    return Plant(rows, label("ring", members, [web.site.name], page_level=True, note=note))


def wheel(rng: Random, web: Web) -> Plant:
    """Link wheel: a ring whose every member also links to the site and to one more target."""
    size, newest = rng.randint(5, 7), rng.randint(30, 1000)
    members = draw_members(rng, web, size)
    hub = money_site(rng, web)
    landing = _landing_pages(rng, web.site)
    rows = _cycle(rng, members, newest) + endorse(rng, web, hub, 2, 9)
    for member in members:
        found = page(rng, member, in_window(rng, newest, 85))
        anchor = mixed_anchor(rng, web.site, 0.85)
        rows.append(link(found, rng.choice(landing), anchor, followed(rng)))
        rows.append(promote(rng, member, hub, in_window(rng, newest, 85)))
        rows += camouflage(rng, web, member, rng.randint(3, 8))
        rows += endorse(rng, web, member, 0, 2)
    targets = [web.site.name, hub.name]
    note = f"ring of {size}; every member also links to the site and to {hub.name}"
    return Plant(rows, label("wheel", members, targets, page_level=True, note=note))


def farm(rng: Random, web: Web) -> Plant:
    """Link farm: every second possible link inside exists, nearly nobody outside links in."""
    size, newest = rng.randint(12, 20), rng.randint(10, 700)
    members = draw_members(rng, web, size)
    landing = _landing_pages(rng, web.site)
    rows = []
    for source, target in permutations(members, 2):
        if rng.random() < 0.5:
            found = page(rng, source, in_window(rng, newest, 330))
            anchor = web_anchor(rng, target)
            rows.append(link(found, web_url(rng, target), anchor, followed(rng)))
    linking = rng.sample(members, rng.randint(-(-size * 8 // 10), size))
    for member in linking:
        for _ in range(rng.choice((1, 1, 2, 3))):
            found = page(rng, member, in_window(rng, newest, 330))
            anchor = mixed_anchor(rng, web.site, 0.85)
            rows.append(link(found, rng.choice(landing), anchor, followed(rng)))
    for member in members:
        rows += camouflage(rng, web, member, rng.randint(5, 10), (newest, newest + 400))
    for member in rng.sample(members, 3):
        rows += endorse(rng, web, member, 0, 1)
    note = f"{size} domains, internal density .5; {len(linking)} link to the site"
    return Plant(rows, label("farm", members, [web.site.name], page_level=True, note=note))


def pbn(rng: Random, web: Web) -> Plant:
    """Private blog network: expired domains that never link to each other, only to customers."""
    size, newest = rng.randint(12, 20), rng.randint(10, 900)
    members = draw_members(rng, web, size, kind="magazine")
    customers = [money_site(rng, web) for _ in range(4)]
    landing = _landing_pages(rng, web.site)
    rows = []
    for customer in customers:
        rows += endorse(rng, web, customer, 3, 14)
    for member in members:
        bought = [customer for customer in customers if rng.random() < 0.7]
        for_site = rng.random() < 0.9 or not bought
        if for_site:
            found = page(rng, member, in_window(rng, newest, 240))
            anchor = mixed_anchor(rng, web.site, 0.65)
            rows.append(link(found, rng.choice(landing), anchor, followed(rng)))
        if len(bought) + for_site < 2:
            bought.append(rng.choice([c for c in customers if c not in bought]))
        rows += [promote(rng, member, c, in_window(rng, newest, 240)) for c in bought]
        rows += camouflage(rng, web, member, rng.randint(10, 20), (newest, newest + 300))
        # What is left of the former owner: links much older than anything the blog says today.
        rows += endorse(rng, web, member, 0, 2, days=(newest + 700, OLDEST))
    targets = [web.site.name, *(customer.name for customer in customers)]
    note = f"{size} expired domains without interlinks, each sold to most of {len(targets)} targets"
    return Plant(rows, label("pbn", members, targets, page_level=True, note=note))


def footprint(rng: Random, web: Web) -> Plant:
    """One article spun over unrelated domains: same title, same path or same opaque id."""
    size, newest = rng.randint(10, 14), rng.randint(10, 900)
    members = draw_members(rng, web, size, kind="magazine")
    site = web.site
    keyword = rng.choice(site.keywords).removeprefix("buy ").removesuffix(" online")
    headlines = (
        f"{keyword.title()}: What Nobody in {place(rng, 'en')} Tells You ({AS_OF.year} Reviewed)",
        f"How We Picked Our {keyword.title()} & Saved {rng.randint(20, 70)}%",
    )
    paths = (f"/{slug(headlines[0])}/", f"/?p={rng.randint(10**7, 10**8 - 1)}")
    landing = _landing_pages(rng, site)[1:]
    rows = []
    for i, member in enumerate(members):
        # Each article is on half of the domains at least; some domains carry both.
        for which in ((0,), (1,), (0, 1))[i % 3]:
            headline = _retouch(rng, headlines[which])
            found = Page(
                member.base + paths[which],
                titled(member, headline),
                in_window(rng, newest, 150),
            )
            anchor = rng.choice(site.keywords[:3]) if rng.random() < 0.9 else site.brand
            rows.append(link(found, landing[which], anchor, followed(rng)))
        rows += camouflage(rng, web, member, rng.randint(4, 9))
        rows += endorse(rng, web, member, 0, 2)
    note = f"two articles ({paths[0]} and {paths[1]}) spread over {size} domains"
    return Plant(rows, label("footprint", members, [site.name], page_level=True, note=note))


def _retouch(rng: Random, headline: str) -> str:
    """Return the headline with another case, punctuation or spacing."""
    return rng.choice(
        (
            headline,
            headline.lower(),
            headline.upper(),
            headline.replace(":", " -").replace("&", "and"),
            f"{headline}!",
            headline.replace(" ", "  ", 2),
        )
    )


def directory(rng: Random, web: Web) -> Plant:
    """Directory blast: one script, many hosts, the same listings submitted to all of them."""
    size, newest = rng.randint(30, 40), rng.randint(20, 1200)
    site = web.site
    members = [
        _directory_domain(rng, web) if i % 2 else draw_members(rng, web, 1, kind="directory")[0]
        for i in range(size)
    ]
    rng.shuffle(members)
    customers = rng.sample(web.third, min(60, len(web.third)))
    listings = {c.name: _listing(rng, c.title, c.topic) for c in customers}
    keywords = rng.sample(site.keywords, 2)
    own = _listing(rng, keywords[0].title(), site.topic)
    rows = []
    for member in members:
        stem = ("/directory/", "/links/", "/submit/")[member.style % 3]
        shelf = stem + slug(nouns("en", site.topic)[0])
        found = _listed(rng, member, shelf, own, in_window(rng, newest, 24))
        rows.append(link(found, f"{site.base}/", rng.choice(keywords), followed(rng)))
        if rng.random() < 0.3:
            deep = site.base + site.paths[0]
            rows.append(link(found, deep, rng.choice(keywords), followed(rng)))
        for customer in rng.sample(customers, min(len(customers), rng.randint(25, 48))):
            shelf = stem + slug(nouns("en", customer.topic)[0])
            day = rng.randint(newest, newest + 500)
            found = _listed(rng, member, shelf, listings[customer.name], day)
            anchor = rng.choice((customer.title, rng.choice(TOPICS[customer.topic].keywords)))
            rows.append(link(found, f"{customer.base}/", anchor, followed(rng)))
        if rng.random() < 0.25:
            rows += endorse(rng, web, member, 1, 1)
    note = f"{size} directories of one script and {len(customers)} customers; listed as {own!r}"
    targets = [site.name, *(customer.name for customer in customers)]
    return Plant(rows, label("directory", members, targets, page_level=True, note=note))


def _directory_domain(rng: Random, web: Web) -> Domain:
    word = rng.choice(DIRECTORY_WORDS)
    first = rng.choice((place(rng, "en"), rng.choice(nouns("en", web.site.topic))))
    while not web.names.claim(fold(first) + word):
        first += place(rng, "en").lower()
    name = f"{fold(first)}{rng.choice(('', '-'))}{word}.{suffix(rng, 'en')}"
    title = f"{first.capitalize()} {word.capitalize()}"
    return domain(rng, name, title, "en", web.site.topic, "directory")


def _listing(rng: Random, name: str, topic: str) -> str:
    first, second = rng.sample(nouns("en", topic), 2)
    return f"{name} - {first.title()}, {second.title()} and More Since {rng.randint(1962, 2019)}"


def _listed(rng: Random, member: Domain, shelf: str, listing: str, day: int) -> Page:
    number = rng.randint(100, 99999)
    return Page(f"{member.base}{shelf}/detail-{number}.html", titled(member, listing), day)


def subdomains(rng: Random, web: Web) -> Plant:
    """Subdomain network: one owner's sibling hosts link to each other and all to the site."""
    root = web.names.draw(rng, lang="en", kind="magazine")
    scheme = root.base.partition("//")[0]
    words = rng.sample(HOST_TOPICS, 12)
    hosts = [
        root._replace(
            name=f"{word}.{root.name}",
            base=f"{scheme}//{word}.{root.name}",
            title=f"{root.title} {word.capitalize()}",
            topic=rng.choice((web.site.topic, rng.choice(TOPIC_NAMES))),
        )
        for word in words
    ]
    newest = rng.randint(0, 300)
    landing = _landing_pages(rng, web.site)
    rows = []
    for source, target in permutations(hosts, 2):
        if rng.random() < 0.6:
            for _ in range(rng.randint(1, 4)):
                found = page(rng, source, in_window(rng, newest, 800))
                anchor = web_anchor(rng, target)
                rows.append(link(found, web_url(rng, target), anchor, followed(rng)))
    for host in hosts:
        for _ in range(rng.randint(1, 6)):
            found = page(rng, host, in_window(rng, newest, 800))
            anchor = mixed_anchor(rng, web.site, 0.7)
            rows.append(link(found, rng.choice(landing), anchor, followed(rng)))
        rows += camouflage(rng, web, host, rng.randint(3, 8))
        rows += endorse(rng, web, host, 0, 1)
    note = f"12 hosts of {root.name}; density .6 among them, all link to the site"
    return Plant(rows, label("subdomains", hosts, [web.site.name], page_level=False, note=note))


def seller(rng: Random, web: Web) -> Plant:
    """Link-seller injection: the anchor or title advertises links for sale; everybody gets some."""
    members = draw_members(rng, web, rng.randint(3, 5))
    newest = rng.randint(5, 200)
    pitches = rng.sample(SELLER_PITCHES, 3)
    rows = []
    for i, member in enumerate(members):
        for _ in range(rng.randint(1, 5)):
            pitch = rng.choice(pitches)
            day = in_window(rng, newest, 60)
            found = page(rng, member, day, headline=pitch if rng.random() < 0.5 else "")
            rows.append(link(found, f"{web.site.base}/", pitch, followed(rng)))
        if i % 2:  # and one whose anchor is harmless: only the title gives it away
            found = page(rng, member, newest, headline=rng.choice(pitches))
            rows.append(link(found, f"{web.site.base}/", web.site.name, followed(rng)))
        for victim in rng.sample(web.third, min(len(web.third), rng.randint(8, 20))):
            found = page(rng, member, in_window(rng, newest, 60))
            rows.append(link(found, f"{victim.base}/", rng.choice(pitches), followed(rng)))
    note = f"{len(members)} domains whose anchors and titles advertise links for sale"
    return Plant(rows, label("seller", members, [web.site.name], page_level=True, note=note))


SCHEMES: dict[str, Callable[[Random, Web], Plant]] = {
    "ring": ring,
    "wheel": wheel,
    "farm": farm,
    "pbn": pbn,
    "footprint": footprint,
    "directory": directory,
    "subdomains": subdomains,
    "seller": seller,
}
