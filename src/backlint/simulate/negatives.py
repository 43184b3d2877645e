"""The hard negatives, one function each: honest people who look like a scheme.

None of these domains may ever be disavowed. `members` of a label holds all of them, also those
that do not link to the site.
"""

from collections.abc import Callable, Sequence
from itertools import combinations, permutations
from random import Random

from backlint.simulate.names import Domain, domain, fold, nouns, place, surname
from backlint.simulate.pages import (
    Page,
    Site,
    any_day,
    brand_anchor,
    followed,
    link,
    naked_anchor,
    page,
    phrase,
    site_url,
    slug,
    title,
    titled,
)
from backlint.simulate.plant import (
    Plant,
    camouflage,
    draw_members,
    endorse,
    in_window,
    label,
)
from backlint.simulate.profile import Web
from backlint.simulate.records import AS_OF, Row
from backlint.simulate.words import COUNTRY_SUFFIXES, NEWSPAPER_WORDS


def _sitewide(
    rng: Random, source: Domain, url: str, anchor: str, low: int, high: int, rel: str = ""
) -> list[Row]:
    """Return the same link on several pages of a site, as a footer or menu leaves it."""
    since = any_day(rng)
    days = [rng.randint(since // 4, since) for _ in range(rng.randint(low, high))]
    return [link(page(rng, source, day), url, anchor, rel) for day in days]


def _editorial(rng: Random, site: Site, source: Domain, day: int | None = None) -> Row:
    """Return one honest mention of the site: the brand, or a phrase about its topic."""
    found = page(rng, source, any_day(rng) if day is None else day)
    anchor = brand_anchor(rng, site) if rng.random() < 0.75 else phrase(rng, "en", site.topic)
    return link(found, site_url(rng, site), anchor, followed(rng))


def designer(rng: Random, web: Web) -> Plant:
    """Clients of one web designer: the same two footer links on thirty unrelated small sites."""
    clients = draw_members(rng, web, 30, kind="shop")
    studio = web.names.draw(rng, lang="en", kind="magazine")
    hoster = web.names.draw(rng, lang="en", kind="shop")
    credit = rng.choice(("Website by {}", "Web design: {}", "Site by {}")).format(studio.title)
    rows = endorse(rng, web, hoster, 6, 20) + endorse(rng, web, studio, 1, 5)
    for client in clients:
        rows += _sitewide(rng, client, f"{studio.base}/", credit, 5, 18)
        rows += _sitewide(rng, client, f"{hoster.base}/", f"Hosting: {hoster.title}", 5, 18)
        if rng.random() < 0.8:  # the portfolio links back: reciprocal, and innocent
            found = page(rng, studio, any_day(rng))
            rows.append(link(found, f"{client.base}/", client.title, followed(rng)))
        rows += camouflage(rng, web, client, rng.randint(1, 6))
        rows += endorse(rng, web, client, 0, 3)
    for client in rng.sample(clients, 8):
        rows.append(_editorial(rng, web.site, client))
    note = "30 clients with a footer credit to their designer and hoster; 8 mention the site"
    return Plant(
        rows,
        label(
            "designer",
            [*clients, studio, hoster],
            [studio.name, hoster.name],
            page_level=False,
            note=note,
        ),
    )


def brand_family(rng: Random, web: Web) -> Plant:
    """One brand under many country suffixes: every edition links to every other one."""
    names = web.names
    while not names.claim(brand := fold(place(rng, "en")) + fold(surname(rng, "it"))):
        pass
    shown = brand.capitalize()
    family = [
        domain(rng, f"{brand}.{suffix}", shown, "en", web.site.topic, "shop", prefix="www.")
        for suffix in rng.sample(COUNTRY_SUFFIXES, rng.randint(12, 15))
    ]
    headline = f"{shown} {rng.choice(nouns('en', web.site.topic)).capitalize()} - Official Store"
    rows = []
    for source, target in permutations(family, 2):
        country = target.name.rpartition(".")[2].upper()
        for path in rng.sample(("/", "/stores", "/service", "/jobs", "/press"), 2):
            found = Page(source.base + path, headline, any_day(rng))
            rows.append(link(found, f"{target.base}/", f"{shown} {country}"))
    for each in family:
        found = Page(f"{each.base}/partners/{slug(web.site.brand)}", headline, any_day(rng))
        rows.append(link(found, f"{web.site.base}/", brand_anchor(rng, web.site), followed(rng)))
        rows += endorse(rng, web, each, 0, 7)
    note = f"{len(family)} country sites of the brand {brand}, fully cross-linked"
    return Plant(rows, label("brand_family", family, [web.site.name], page_level=False, note=note))


def blogroll(rng: Random, web: Web) -> Plant:
    """Hobby blogs that read each other: mutual blogroll links, years of posts, many readers."""
    blogs = draw_members(rng, web, rng.randint(15, 20), kind="blog", topic=web.site.topic)
    rows = []
    for one, other in combinations(blogs, 2):
        if rng.random() < 0.3:
            both = [(one, other), (other, one)] if rng.random() < 0.75 else [(one, other)]
            for source, target in both:
                rows += _sitewide(rng, source, f"{target.base}/", target.title, 1, 6)
    for blog in rng.sample(blogs, len(blogs) * 3 // 4):
        for _ in range(rng.choice((1, 1, 2, 3))):
            rows.append(_editorial(rng, web.site, blog))
    for blog in blogs:
        rows += camouflage(rng, web, blog, rng.randint(6, 22))
        rows += endorse(rng, web, blog, 3, 14)
    note = f"{len(blogs)} blogs on one hobby, linked pairwise with probability .3, mostly both ways"
    return Plant(rows, label("blogroll", blogs, [web.site.name], page_level=False, note=note))


def university(rng: Random, web: Web) -> Plant:
    """A consortium of universities: a mutual clique, and everybody links to them."""
    members: list[Domain] = []
    while len(members) < 12:
        lang, pattern = rng.choice(
            (
                ("en", "{}.ac.uk"),
                ("en", "{}.edu"),
                ("de", "uni-{}.de"),
                ("fr", "univ-{}.fr"),
                ("it", "uni{}.it"),
                ("nl", "u{}.nl"),
            )
        )
        town = place(rng, lang)
        name = pattern.format(fold(town))
        if web.names.claim(name.split(".")[0]):
            shown = f"University of {town}"
            members.append(domain(rng, name, shown, lang, web.site.topic, "org", prefix="www."))
    rows = []
    for source, target in permutations(members, 2):
        found = Page(
            source.base + rng.choice(("/international/partners", "/research/consortium")),
            "Partner universities",
            any_day(rng),
        )
        rows.append(link(found, f"{target.base}/", target.title))
    for member in rng.sample(members, 6):
        found = page(rng, member, any_day(rng))
        rows.append(link(found, site_url(rng, web.site), brand_anchor(rng, web.site)))
    for member in members:
        rows += camouflage(rng, web, member, rng.randint(3, 15))
        rows += endorse(rng, web, member, 15, 40)
    note = "12 universities linking to each other both ways; 6 mention the site"
    return Plant(rows, label("university", members, [web.site.name], page_level=False, note=note))


def newswire(rng: Random, web: Web) -> Plant:
    """A press release: the same title and slug on many news sites within five days."""
    papers = draw_members(rng, web, rng.randint(12, 18), kind="news")
    site, newest = web.site, rng.randint(60, 1500)
    headline = (
        f"{site.brand} Opens {rng.choice(nouns('en', site.topic)).capitalize()} "
        f"Workshop in {place(rng, 'en')}"
    )
    path = f"/{rng.choice(('press-release', 'prnewswire', 'business'))}/{slug(headline)}"
    rows = []
    for i, paper in enumerate(papers):
        found = Page(paper.base + path, titled(paper, headline), in_window(rng, newest, 4))
        anchor = rng.choice((brand_anchor, brand_anchor, naked_anchor))(rng, site)
        rel = rng.choice(("nofollow", "nofollow noopener")) if i % 2 else followed(rng)
        rows.append(link(found, f"{site.base}/", anchor, rel))
        rows += camouflage(rng, web, paper, rng.randint(2, 12))
        rows += endorse(rng, web, paper, 2, 20)
    note = f"one press release on {len(papers)} news sites within five days, half of it nofollow"
    return Plant(rows, label("newswire", papers, [site.name], page_level=True, note=note))


def hosting_footer(rng: Random, web: Web) -> Plant:
    """Customers of one hoster who all use the site's widget: two equal footer links each."""
    customers = draw_members(rng, web, 25)
    hoster = web.names.draw(rng, lang="en", kind="shop")
    badge = f"Powered by {web.site.brand}"
    rows = endorse(rng, web, hoster, 3, 12)
    for customer in customers:
        rows += _sitewide(rng, customer, f"{hoster.base}/", f"Hosted by {hoster.title}", 2, 12)
        rows += _sitewide(rng, customer, f"{web.site.base}/", badge, 4, 14)
        rows += camouflage(rng, web, customer, rng.randint(1, 7))
        rows += endorse(rng, web, customer, 0, 4)
    note = f"25 sites with the footer links 'Hosted by' {hoster.name} and '{badge}'"
    targets = [hoster.name, web.site.name]
    members = [*customers, hoster]
    return Plant(rows, label("hosting_footer", members, targets, page_level=False, note=note))


def sponsors(rng: Random, web: Web) -> Plant:
    """A conference and its sponsors: mutual links in one season."""
    conference = web.names.draw(rng, lang="en", kind="org", topic=web.site.topic)
    backers = draw_members(rng, web, 10, kind="shop")
    newest = rng.randint(30, 900)
    thanks = Page(
        f"{conference.base}/{AS_OF.year - newest // 365}/sponsors/",
        f"Sponsors - {conference.title} Conference",
        newest + 60,
    )
    rows = [link(thanks, f"{web.site.base}/", web.site.brand)]
    for backer in backers:
        rows.append(link(thanks, f"{backer.base}/", backer.title, "noopener"))
        for _ in range(rng.randint(1, 3)):
            found = page(rng, backer, in_window(rng, newest, 60))
            anchor = rng.choice((conference.title, f"{conference.title} Conference"))
            rows.append(link(found, f"{conference.base}/", anchor, followed(rng)))
        rows += camouflage(rng, web, backer, rng.randint(2, 9))
        rows += endorse(rng, web, backer, 1, 9)
    for backer in rng.sample(backers, 3):  # coffee breaks leave friends behind
        rows.append(_editorial(rng, web.site, backer, in_window(rng, newest, 60)))
    rows += endorse(rng, web, conference, 8, 22)
    note = "a conference and its ten sponsors, linked both ways; it and three mention the site"
    members = [conference, *backers]
    targets = [conference.name, web.site.name]
    return Plant(rows, label("sponsors", members, targets, page_level=True, note=note))


def editions(rng: Random, web: Web) -> Plant:
    """Ten regional papers of one publisher: shared articles, shared paths, a shared footer."""
    papers = _papers(rng, web, 10)
    site = web.site
    rows = []
    for source, target in permutations(papers, 2):
        rows += _sitewide(rng, source, f"{target.base}/", target.title, 1, 3)
    for carried_by in (10, *(rng.randint(5, 10) for _ in range(5))):
        day, headline = any_day(rng), title(rng, "en", site.topic)
        path = f"/lifestyle/{slug(headline)}-{rng.randint(10**6, 10**7)}"
        anchor = brand_anchor(rng, site) if rng.random() < 0.6 else phrase(rng, "en", site.topic)
        url = site_url(rng, site)
        for paper in rng.sample(papers, carried_by):
            found = Page(paper.base + path, titled(paper, headline), day + rng.randint(0, 3))
            rows.append(link(found, url, anchor, followed(rng)))
    for paper in papers:
        rows += camouflage(rng, web, paper, rng.randint(8, 25))
        rows += endorse(rng, web, paper, 6, 24)
    note = "ten editions of one newspaper with the same articles, cross-linked in the footer"
    return Plant(rows, label("editions", papers, [site.name], page_level=False, note=note))


def _papers(rng: Random, web: Web, count: int) -> Sequence[Domain]:
    """Return newspapers named after invented towns: half share a word, half do not."""
    papers: list[Domain] = []
    shared = rng.choice(NEWSPAPER_WORDS)
    while len(papers) < count:
        town = place(rng, "en")
        word = shared if len(papers) % 2 else rng.choice(NEWSPAPER_WORDS)
        if not web.names.claim(fold(town) + word):
            continue
        name = f"{fold(town)}{word}.{rng.choice(('co.uk', 'com', 'com', 'news'))}"
        shown = f"{town} {word.capitalize()}"
        papers.append(domain(rng, name, shown, "en", web.site.topic, "news", prefix="www."))
    return papers


NEGATIVES: dict[str, Callable[[Random, Web], Plant]] = {
    "designer": designer,
    "brand_family": brand_family,
    "blogroll": blogroll,
    "university": university,
    "newswire": newswire,
    "hosting_footer": hosting_footer,
    "sponsors": sponsors,
    "editions": editions,
}
