"""The rules about bursts, articles, guests and second-hand domains equal a naive oracle (31)."""

import datetime
import functools
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph_strategies import SITE, TRUSTED, TWINS, Link, World
from naive_dates import Dates
from test_oracles import THOROUGH, judged, near, oracle

KEYWORDS = ("floor lamp", "led strip")
seeds = st.integers(0, 10**6)  # a world is made of a seed: draws of their own crowd at the edges
DAY = datetime.date(2026, 3, 1)
WORDS = ("river", "stone", "candle", "meadow", "pebble", "thistle", "bramble", "heron")

_fired: list[set[tuple[str, str]]] = []


def fires(**shares: float) -> Callable[[Any], Any]:
    """Fail when a rule comes to a level in too few examples: else the oracle would prove nothing.

    The names are like `BL601_info`.
    """

    def wrap(test: Any) -> Any:
        @functools.wraps(test)
        def checked(*args: Any, **kwargs: Any) -> None:
            _fired.clear()
            test(*args, **kwargs)
            counts = Counter("_".join(fired) for example in _fired for fired in example)
            few = {n: counts[n] for n, share in shares.items() if counts[n] < share * len(_fired)}
            assert not few or not THOROUGH, f"of {len(_fired)} examples only: {few} ({counts})"

        return checked

    return wrap


def day(ago: int) -> str:
    return (DAY - datetime.timedelta(days=ago)).isoformat()


def words(index: int) -> str:
    """Return an anchor that nobody else writes."""
    return f"{WORDS[index % 8]} and {WORDS[index // 8 % 8]} {index}"


TROUBLES = (
    "known", "late news", "news", "crawler", "first crawl", "growth", "busy", "monthly", "short",
    "no site", "no keywords", "nofollow",
)  # fmt: skip


def bursts(seed: int) -> World:
    """Exports of a site with a week that stands out, and what may excuse it."""
    rng = Random(seed)
    trouble = set(rng.choices(["", "", *TROUBLES], k=rng.randint(0, 2)))
    span = rng.choice([84, 83] if "short" in trouble else [400, 120, 250])
    start = rng.choice([0, 21, 35]) if "short" not in trouble else 0

    def to_site(source: str, text: str, ago: int, rel: str = "") -> Link:
        return Link(f"https://{source}/p", f"https://{SITE}/", text, rel, day(ago))

    texts = ["Harbor Lamps", "harborlamps", "here", "a {}"]
    links = [
        to_site(
            f"old{n}.com",
            rng.choice(texts).format(words(n)),
            span if n == 0 else 45 + 37 * n % (span - 45),
        )
        for n in range(rng.choice([20, 40]))
    ]
    for name, every, size in (("busy", 7, 3), ("monthly", 28, 12)):
        for k in range(start + 7, span if name in trouble else 0, every):
            late = rng.randint(0, 2)
            links += [to_site(f"{name}{k}x{n}.com", "here", k + late) for n in range(size)]
    kinds = [
        (["floor lamp"], "Harbor Lamps"),
        (["floor lamp", "Floor-Lamp!"], ""),
        (["best floor lamp shop", "led strip", "cheap floor lamp"], ""),
        (["cheap {} floor lamp"], ""),
        (["roof repair"], ""),
        (["дешёвые окна {}"], "Harbor Lamps"),
        (["online casino {}", "porn {}"], ""),
        (["屋顶维修 {}"], ""),
        (["дешёвые окна", "στέγη"], "роза {}"),
    ]
    paid, own = rng.choice([*kinds[:3], *kinds])
    count = rng.choice([12, 10, 24, 9])
    paying = rng.choice([count, count // 2, count - 2, count // 2 - 1])
    for n in range(count):
        text = paid[n % len(paid)] if n < paying else own or words(100 + n)
        rel = rng.choice(["", "nofollow"]) if "nofollow" in trouble else ""
        host = rng.choice(["", "www.", "blog."])
        ago = start + rng.randint(0, 6)
        links.append(to_site(f"{host}new{n}.net", text.format(n), ago, rel))
    if "known" in trouble:  # the earlier profile has the signs and the texts
        early = rng.randint(1, 3)
        links += [to_site(f"known{n}.com", paid[0].format(n), span) for n in range(early)]
    if "growth" in trouble:
        size = rng.choice([3, 5])
        later = [(k, n) for k in range(0, start, 7) for n in range(size)]
        links += [to_site(f"later{k}x{n}.com", "here", k) for k, n in later]
    if trouble & {"news", "late news"}:
        ago = start if "news" in trouble else start - 1
        links += [to_site(name, "source", ago) for name in (TRUSTED, "elm.edu", "oak.edu")]
    links += [to_site(name, paid[0].format(0), start) for name in TWINS]  # one brand
    links += [
        Link(f"https://fan{n}.com/", f"https://paper{n // 2}.com/", "home", "", day(50 + 3 * n))
        for n in range(rng.choice([0, 40, 15]))
    ]
    alike = rng.choice([30, 19]) if "crawler" in trouble else 0
    links += [
        Link(f"https://seen{n}.com/", f"https://paper{n}.com/", "home", "", day(start + n % 3))
        for n in range(alike)
    ]
    if "first crawl" in trouble:  # a tool that dates most links by it
        links = [x._replace(first_seen=day(start)) if n % 5 else x for n, x in enumerate(links)]
    site = "" if "no site" in trouble else SITE
    keywords = () if "no keywords" in trouble else KEYWORDS
    brand = rng.choice([(), (), (), ("Roof Repair",)])
    return World(
        _distinct([*links, Link("https://a.com/", "https://b.com/")]), site, brand, keywords
    )


def _distinct(links: list[Link]) -> tuple[Link, ...]:
    return tuple({(x.source, x.target, x.anchor): x for x in links}.values())


@fires(BL601_info=0.2, BL601_medium=0.05, BL602_info=0.05)
@oracle(40)
@given(seeds.map(bursts))
def test_bursts(world: World) -> None:
    """BL601 and BL602: weeks that the site's own history does not explain."""
    with judged(world, "BL601", "BL602") as run:
        dates = Dates(run.naive)
        ran = run.coverage["BL601"].state == "ran"
        assert ran == dates.evaluable
        assert (run.coverage["BL602"].state == "ran") == ran
        got = [(x.level, x.domains, x.detail["owners"], x.value) for x in run.claims["BL601"]]
        assert sorted(got) == sorted((*said, near(z)) for *said, z in dates.velocity())
        got = [(x.detail["anchor"], x.domains, x.value) for x in run.claims["BL602"]]
        assert sorted(got) == sorted(dates.blasts())
        _fired.append({(c.rule, c.level) for r in ("BL601", "BL602") for c in run.claims[r]})


def placements(seed: int) -> World:
    """Exports with articles that were placed or copied, and with guest articles."""
    rng = Random(seed)
    links = []
    pages = [f"https://{SITE}/", f"https://{SITE}/floor-lamps", f"https://{SITE}/led/strips?a=1"]
    texts = ["floor lamp"] * 4 + ["best floor lamp shop", "lighting ideas", "Harbor Lamps"]
    for a in range(rng.randint(1, 2)):
        text, page = rng.choice(texts), rng.choice(pages)
        title = rng.choice(["Ten ideas for a brighter hallway", "", "Lamps | Shop"])
        slug = rng.choice(["ten-ideas-for-hallways", "floor-lamps-and-more", "p{}"])
        wide = rng.choice([8, 14, 15, 40])
        for n in range(rng.choice([5, 10, 4, 14, 12, 9, 18])):
            ago = 60 if n == 0 else 60 + wide if n == 1 else 60 + rng.randint(0, 14)
            rel = rng.choice(["", "", "", "", "", "", "", "nofollow"])
            anchor = text if rng.randint(0, 9) else "lighting ideas"
            source = f"https://copy{n + 5 * a}.com/{a}/{slug.format(n)}/"
            links.append(Link(source, page, anchor, rel, day(ago), title))
    for n in range(rng.choice([0, 30, 70, 70])):
        text = rng.choice(["Harbor Lamps", "floor lamp", "harborlamps", "here", words(n)])
        page = rng.choice(pages[:2])
        links.append(Link(f"https://reader{n}.net/p{n}", page, text, "", day(rng.randint(0, 900))))
    guests = rng.choice([0, 13, 24, 24, 16, 9])
    paths = ["guest-post/{}", "author/jane-{}", "contributors/{}?x=1", "blog/{}", "forum/author/{}"]
    loyal = rng.choice([1, 1, 0.9, 0.5])
    for n in range(guests):
        paid = n < loyal * guests
        path = paths[rng.randint(0, 4)] if n > 10 else paths[n % 3]
        text = ["floor lamp", "led strip"][n % 2] if paid else "Harbor Lamps"
        wanted = [1, 2, 3][rng.randint(0, 19) // 9]
        for page in (pages[1:] + pages[:1])[:wanted]:
            links.append(Link(f"https://guest{n}.org/{path.format(n)}", page, text, "", ""))
    for name in (*TWINS, TRUSTED, "elm.edu"):
        source = f"https://{name}/author/ten-ideas-for-hallways"
        links.append(
            Link(source, pages[1], "floor lamp", "", day(62), "Ten ideas for a brighter hallway")
        )
    site = rng.choice([SITE, SITE, SITE, ""])
    return World(_distinct(links), site, (), rng.choice([KEYWORDS] * 4 + [()]))


@fires(BL404_medium=0.05, BL404_low=0.01, BL405_info=0.05, BL405_low=0.1, BL405_medium=0.05)
@oracle(40)
@given(seeds.map(placements))
def test_placements(world: World) -> None:
    """BL404 and BL405: guest articles at scale, and one article on many sites."""
    with judged(world, "BL404", "BL405") as run:
        naive = run.naive
        dates = Dates(naive)
        got = [
            (x.subject, x.detail["anchor"], x.level, x.domains, x.value, x.detail["decades"])
            for x in run.claims["BL405"]
        ]
        assert sorted(got) == sorted((*said, near(z)) for *said, z in dates.articles())
        guests = dates.guests() if world.keywords and naive.has_site else None
        assert (run.coverage["BL404"].state == "ran") == bool(world.keywords and naive.has_site)
        claims = run.claims["BL404"]
        assert [(x.level, x.domains, x.value, x.detail["guests"]) for x in claims] == (
            [guests] if guests else []
        )
        _fired.append({(c.rule, c.level) for r in ("BL404", "BL405") for c in run.claims[r]})


def second_hand(seed: int) -> World:
    """Graphs with domains that began to link out at once, long after others linked to them."""
    rng = Random(seed)
    links = []
    plain = rng.random() < 0.5
    for k in range(rng.choice([1, 3, 5])):
        name, start = f"school{k}.com", 200 + rng.choice([0, 0, 30, 300])
        gap = 900 if plain else rng.choice([900, 366, 365, 100])
        ins, young = rng.choice([(4, 1), (5, 5), (3, 0), (2, 0), (3, 4)][: 2 if plain else 5])
        for n in range(ins + young):
            ago = start - 50 if n < young else start + gap + rng.choice([0, 0, 500])
            source = "elm.edu" if n == 0 and rng.randint(0, 3) == 0 else f"reader{k}x{n}.net"
            links.append(Link(f"https://{source}/", f"https://{name}/", "home", "", day(ago)))
        outs, early = rng.choice(
            [(7, 0), (8, 1), (6, 0), (8, 2), (4, 1), (8, 3)][: 3 if plain else 6]
        )
        for n in range(outs):
            ago = (
                start + 800 if n < early else start if n == outs - 1 else start - rng.randint(0, 80)
            )
            rel = "nofollow" if rng.randint(0, 19) == 0 else ""
            goal = f"client{n + k}.com" if n or rng.random() < 0.5 else TRUSTED
            links.append(Link(f"https://{name}/", f"https://{goal}/", "client", rel, day(ago)))
        text = rng.choice(
            ["floor lamp", "led strip", "cheap floor lamp", "Harbor Lamps"][: 3 if plain else 4]
        )
        links.append(Link(f"https://{name}/x", f"https://{SITE}/", text, "", day(start - 20)))
    crawled = rng.random() < 0.2
    links += [
        Link(f"https://fan{n}.com/", f"https://paper{n}.com/", "home", "",
             day(190 if crawled else 5 * n))
        for n in range(rng.choice([120, 200]))
    ]  # fmt: skip
    site = rng.choice([SITE] * 9 + [""])
    families = rng.choice([(), (("school0.com", "owner"), ("school1.com", "owner"))])
    keywords = rng.choice([KEYWORDS] * 9 + [()])
    return World(_distinct(links), site, (), keywords, families)


@fires(BL406_low=0.1, BL406_medium=0.03)
@oracle(40)
@given(seeds.map(second_hand))
def test_second_hand(world: World) -> None:
    """BL406: old links in, new links out."""
    with judged(world, "BL406") as run:
        dates = Dates(run.naive)
        got = [
            (x.subject, x.level, x.domains, x.detail["inside"], x.detail["outs"])
            for x in run.claims["BL406"]
        ]
        expected = dates.repurposed() if world.keywords and run.naive.has_site else []
        assert sorted(got) == sorted(expected)
        if got:
            assert run.coverage["BL406"].state == "ran"
        _fired.append({(c.rule, c.level) for c in run.claims["BL406"]})
