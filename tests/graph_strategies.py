"""Small random link graphs with planted structures, for the tests against naive oracles.

A world is what a user could hand in: rows of a file, the audited site, brand terms, keywords and
families. Planted pieces (rings, farms, shared targets) make the rules fire often enough to test.
"""

from typing import NamedTuple

from hypothesis import strategies as st

WORDS = (
    "maple", "cedar", "willow", "poplar", "hazel", "alder", "linden", "rowan", "larch", "spruce",
    "aspen", "beech", "holly", "laurel", "sycamore", "chestnut",
)  # fmt: skip
SITE = "harborlamps.com"
TRUSTED = "en.wikipedia.org"
TWINS = ("juniper.com", "juniper.net")  # one brand over two suffixes
DATES = ("2024-01-01", "2024-01-20", "2024-03-31", "2024-04-01", "2025-06-30")
KEYWORDS = ("floor lamp", "led strip")
ANCHORS = (
    "", "Harbor Lamps", "harborlamps", "https://harborlamps.com/", "click here", "read  more",
    "floor lamp", "Floor-Lamp!", "cheap floor lamps", "best floor lamp shop", "led strip",
    "my favourite shop", "lighting ideas", "lighting ideas",
)  # fmt: skip
OFFERS = (
    "dofollow backlinks", "Buy backlinks: t.me/seller", "buy linksys router",
    "cheap backlinks seo@king.com", "guest post service telegram @seoking",
    "Harbor Lamps buy links telegram", "dofollow linksy",
)  # fmt: skip
TITLES = (
    "", "Home", "Ten ideas for a brighter hallway", "Ten ideas for a brighter hallway - Maple Blog",
    "ten IDEAS, for a brighter: hallway", "Lamps | Shop", "Why floor lamp light matters at home",
    "My favourite shop and other lighting ideas",
)  # fmt: skip
PATHS = (
    "", "/", "/blog/", "/ten-ideas-for-hallways", "/2024/Ten-Ideas-For-Hallways/",
    "/post?p=89451313", "/post?x=1&p=89451313#top", "/directory/lamps", "/links/",
    "/privacy-policy", "/floor-lamp-buying-guide",
)  # fmt: skip


class Link(NamedTuple):
    """One row of an input file."""

    source: str
    target: str
    anchor: str = ""
    rel: str = ""
    first_seen: str = ""
    title: str = ""


class World(NamedTuple):
    """One input with its options."""

    links: tuple[Link, ...]
    site: str = ""
    brand: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    families: tuple[tuple[str, str], ...] = ()
    crawl: bool = False
    node: str = "domain"


def domain(index: int) -> str:
    """Return the index-th ordinary domain."""
    return f"{WORDS[index]}.{('com', 'net', 'org')[index % 3]}"


_RELS = st.sampled_from(["", "", "", "", "nofollow", "ugc", "noopener", "sponsored nofollow"])
_DATES = st.sampled_from(["", *DATES])


@st.composite
def _pieces(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Planted structures and noise among the ordinary domains, as (source, target) pairs."""
    names = [domain(index) for index in range(draw(st.integers(8, len(WORDS))))]
    kinds = st.sampled_from(["wheel", "farm", "network", "noise"])
    edges: list[tuple[str, str]] = []
    for kind in draw(st.lists(kinds, min_size=1, max_size=2, unique=True)):
        if kind == "wheel":
            ring = draw(st.permutations(names))[: draw(st.integers(3, 7))]
            edges += list(zip(ring, [*ring[1:], ring[0]], strict=True))
            edges += [(name, "hubshop.com") for name in ring[: draw(st.integers(2, 7))]]
        elif kind == "farm":
            farm = names[: draw(st.sampled_from([8, 7, 6, 4]))]
            edges += [(a, b) for a in farm for b in farm]
            edges += [(a, "farmshop.com") for a in farm[: draw(st.integers(0, 8))]]
        elif kind == "network":
            group = names[-draw(st.sampled_from([6, 5, 3])) :]
            buyers = [f"buyer{n}.com" for n in range(draw(st.sampled_from([4, 5, 3, 2])))]
            edges += [(a, b) for a in group for b in buyers]
        else:
            one = st.sampled_from(names)
            edges += draw(st.lists(st.tuples(one, one), max_size=12))
    extra = draw(st.sampled_from([0, 2, 9]))
    edges += [(f"fan{n}.com", names[n % len(names)]) for n in range(extra)]
    return edges


@st.composite
def webs(draw: st.DrawFn) -> World:
    """Graphs of up to 16 linked domains in a quiet neighbourhood, with or without a site."""
    quiet = draw(st.sampled_from([150, 300, 400, 20]))
    edges = [(f"reader{n}.com", f"paper{n // 2}.com") for n in range(quiet)]
    edges += [
        (f"paper{n}.com", f"reader{n + 3}.com") for n in range(draw(st.sampled_from([12, 0])))
    ]
    planted = draw(_pieces())
    edges += planted
    members = sorted({source for source, _ in planted if not source.startswith("fan")})
    edges += [(name, SITE) for name in members[: draw(st.sampled_from([0, 8, 5]))]]
    edges += [(f"visitor{n}.com", SITE) for n in range(draw(st.sampled_from([0, 25, 30])))]
    site = draw(st.sampled_from([SITE, ""]))
    special = st.sampled_from([TRUSTED, *TWINS, SITE])
    for name, index, back in draw(
        st.lists(st.tuples(special, st.integers(0, 7), st.booleans()), max_size=8)
    ):
        edges.append((domain(index), name) if back else (name, domain(index)))
    edges.append(("visitor.com", SITE))
    answered = draw(st.sampled_from([0, 9, 10, 14]))  # a site that answers its referrers
    edges += [(f"friend{n}.com", SITE) for n in range(14 if answered else 0)]
    edges += [(SITE, f"friend{n}.com") for n in range(answered)]
    dates = draw(st.sampled_from([st.just("2024-02-02"), _DATES, st.just("")]))
    rels = draw(st.sampled_from([st.just(""), st.just(""), _RELS]))
    anchors = st.sampled_from(draw(st.sampled_from([ANCHORS[6:11], ANCHORS])))
    links = []
    for source, target in dict.fromkeys(edges):
        if source.startswith("visitor"):
            link = Link(f"https://{source}/", f"https://{target}/", "Harbor Lamps")
        elif source.startswith("reader") or source == target:  # nothing to draw for
            link = Link(f"https://{source}/", f"https://{target}/", "home", "", "2023-05-05")
        else:
            page = draw(st.sampled_from(["/", "/blog/"]))
            rest = (draw(anchors), draw(rels), draw(dates))
            link = Link(f"https://{source}{page}", f"https://{target}/", *rest)
        links += [link] if source != target else []
    families = draw(st.sampled_from([(), ((domain(7), "owner"), (domain(8), "owner"))]))
    keywords = draw(st.sampled_from([KEYWORDS, ()]))
    crawl = draw(st.booleans())
    return World(_distinct(links), site, (), keywords, families, crawl)


@st.composite
def profiles(draw: st.DrawFn) -> World:
    """Exports of one site: who links to it with which words, from which pages."""
    count = draw(st.sampled_from([30, 40, 21, 12]))
    anchor = st.sampled_from(draw(st.sampled_from([ANCHORS[:6], ANCHORS, (*ANCHORS, *OFFERS)])))
    favourite = draw(st.sampled_from(["floor lamp", "lighting ideas", "Floor-Lamp!", "home"]))
    loyal = draw(st.sampled_from([0, count - 1, count // 2]))
    campaign = draw(st.sampled_from([6, 0, 4]))
    paid = st.sampled_from(draw(st.sampled_from([ANCHORS[6:12], ANCHORS])))
    pages = st.sampled_from(["/", "/", "/", "/floor-lamps", "/a?b=1"])
    paths = st.sampled_from(PATHS)
    rel = draw(st.sampled_from([st.just(""), _RELS]))
    hosts = st.sampled_from(["", "www.", "blog.", "directory."])
    links = [
        Link(
            f"https://{draw(hosts)}source{n}.com{PATHS[3] if n < campaign else draw(paths)}",
            f"https://{SITE}{'/' if n < loyal else draw(pages)}",
            draw(paid) if n < campaign else favourite if n < loyal else draw(anchor),
            draw(rel),
            draw(_DATES),
            TITLES[2] if n < campaign else draw(st.sampled_from(TITLES)),
        )
        for n in range(count)
    ]
    again = draw(st.lists(st.integers(0, count - 1), max_size=8))
    links += [links[n]._replace(anchor=draw(anchor), source=links[n].source + "#2") for n in again]
    if draw(st.booleans()):  # owners that list many others
        listed = draw(st.integers(18, 24))
        for n in range(draw(st.integers(1, 3))):
            links += [Link(links[n].source, f"https://listed{k}.com/") for k in range(listed)]
    if draw(st.booleans()):  # a brand over two suffixes, and a trusted source
        links += [Link(f"https://{name}/x", f"https://{SITE}/", draw(anchor)) for name in TWINS]
        links.append(Link(f"https://{TRUSTED}/directory/", f"https://{SITE}/", draw(anchor)))
    brand = draw(st.sampled_from([(), ("Lighting Ideas",), ("hl",)]))
    keywords = draw(st.sampled_from([(), KEYWORDS, ("buy backlinks",)]))
    return World(_distinct(links), SITE, brand, keywords, ((domain(0), "owner"),))


@st.composite
def subdomain_worlds(draw: st.DrawFn) -> World:
    """Hosts under three registrable domains, a platform and a trusted suffix among them."""
    topics = (
        "tea",
        "coffee",
        "cocoa",
        "juice",
        "water",
        "blog",
        "de",
        "milk",
        "wine",
        "beer",
        "cider",
    )
    suffix = draw(st.sampled_from(["brewmag.com", "brewmag.com", "wordpress.com", "brew.ac.uk"]))
    used = topics[: draw(st.sampled_from([10, 11, 9]))]
    mesh = [(a, b) for a in used for b in used if a != b]
    wanted = draw(st.sampled_from([0.5, 0.9, 0.2, 0.0])) + draw(st.integers(-3, 3)) / len(mesh)
    kept = draw(st.permutations(mesh))[: max(0, int(wanted * len(mesh)))]
    edges = [(f"{a}.{suffix}", f"{b}.{suffix}") for a, b in kept]
    aimed = draw(st.integers(6, len(used)))
    edges += [(f"{a}.{suffix}", SITE) for a in used[:aimed]]
    edges += [(f"{a}.{suffix}", "elsewhere.com") for a in used[draw(st.integers(0, 5)) :]]
    edges += [("www.maple.com", SITE), ("maple.com", f"{used[0]}.{suffix}")]
    rels = draw(st.sampled_from([st.just(""), _RELS]))
    links = [Link(f"https://{a}/", f"https://{b}/", "", draw(rels)) for a, b in edges]
    site = draw(st.sampled_from([SITE, SITE, ""]))
    node = draw(st.sampled_from(["domain", "host"]))
    return World(_distinct(links), site, crawl=draw(st.booleans()), node=node)


def _distinct(links: list[Link]) -> tuple[Link, ...]:
    """Keep one link for every source URL, target URL and anchor, as the merge would."""
    return tuple({(link.source, link.target, link.anchor): link for link in links}.values())


def odd_hosts() -> st.SearchStrategy[str]:
    """URL heads: plain and odd hosts under plain, wildcard and exception suffixes."""
    label = st.text("abz019", min_size=1, max_size=4).map(lambda x: f"q{x}")
    native = st.sampled_from(["bücher", "пример", "例え", "español", "xn--bcher-kva", "a_b", "-x"])
    labels = st.lists(st.one_of(label, label, native), max_size=3)
    suffix = st.sampled_from(
        [
            "com", "co.uk", "uk", "ck", "www.ck", "foo.ck", "city.kobe.jp", "c.kobe.jp", "kobe.jp",
            "blogspot.com", "wordpress.com", "github.io", "xn--p1ai", "рф", "unknowntld", "com.br",
            "k12.ca.us", "sch.uk", "edu", "compute.amazonaws.com", "123", "台灣", "no-ip.org",
        ]
    )  # fmt: skip
    name = st.builds(lambda a, b: ".".join([*a, b]), labels, suffix)
    address = st.ip_addresses().map(lambda ip: f"[{ip}]" if ip.version == 6 else str(ip))
    host = st.one_of(name, name, name, name.map(str.upper), name.map("www.{}".format), address)
    before = st.sampled_from(
        ["https://", "http://", "HTTPS://", "//", "", "https://user:pw@", "ftp://", "https:// "]
    )
    after = st.sampled_from(["", "", "", ".", ":443", ":8080", ":99999", ":x", ".:80", "..", " "])
    return st.builds("{}{}{}".format, before, host, after)
