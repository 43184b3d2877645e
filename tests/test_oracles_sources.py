"""The rules about pages and names of sources equal a naive oracle on small worlds (invariant 31).

Each oracle is written from the header of its rule, with plain Python over the links of the world.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backlint.lists import load_list
from backlint.rules.terms import PAGE_LISTS, SUFFIX_LISTS
from graph_strategies import KEYWORDS, SITE, TRUSTED, TWINS, Link, World
from naive import Naive, fold, host_of, words_of
from test_oracles import THOROUGH, Judged, judged, near, oracle

seeds = st.integers(0, 10**6)  # a drawn number spreads better than drawn parts
RELS = ("", "", "", "", "ugc", "nofollow")


# --- what a page is ------------------------------------------------------------------------------


def mark_of(url: str) -> tuple[str, str]:
    """Return the first listed word that stands by itself in a URL, and its kind."""
    kinds: dict[str, str] = {}
    for name in PAGE_LISTS:
        for entry in load_list(name).entries:
            kinds.setdefault(entry, name.split("_")[0])
    parts = re.split(r"([/?&#;.=])", url.lower())
    for before, part, after in zip(parts[1::2], parts[2::2], [*parts[3::2], "end"], strict=True):
        for bare in (part, part.rstrip("0123456789"), part.rstrip("0123456789")[:-1]):
            tail = part[len(bare) :]
            if bare in kinds and re.fullmatch("[-_]?[0-9]*", tail) and before != "=":
                assert after
                return bare, kinds[bare]
    return "", ""


def marked(naive: Naive, kind: str) -> list[Link]:
    """Return the earning links into the site from pages of a kind, of owners on no list."""
    return [
        x
        for x in naive.earning
        if naive.has_site and not naive.is_trusted(naive.actor(x.source))
        if mark_of(x.source)[1] == kind
    ]


def referrers(naive: Naive) -> int:
    """Return the owners that link to the site, nofollow ones too."""
    return len({a for a, b in naive.edges if naive.is_site(b)})


def nodes_of(naive: Naive, links: list[Link]) -> tuple[str, ...]:
    return tuple(sorted({naive.node_of[host_of(x.source)] for x in links}))


def owners_of(naive: Naive, links: list[Link]) -> set[str]:
    return {naive.actor(x.source) for x in links}


def is_money(naive: Naive, link: Link) -> bool:
    return naive.anchor_class(link) in ("exact", "partial")


def distinct(links: list[Link]) -> tuple[Link, ...]:
    return tuple({(x.source, x.target, x.anchor): x for x in links}.values())


def honest(count: int) -> list[Link]:
    return [
        Link(f"https://reader{n}.com/a", f"https://{SITE}/", "Harbor Lamps") for n in range(count)
    ]


_said: Counter[str] = Counter()


def says(*wanted: str) -> Callable[[Any], Any]:
    """Fail when a rule says one of its levels in no example: else the oracle would prove nothing."""

    def wrap(test: Any) -> Any:
        @functools.wraps(test)
        def checked(*args: Any, **kwargs: Any) -> None:
            _said.clear()
            test(*args, **kwargs)
            assert not THOROUGH or all(_said[level] for level in wanted), _said

        return checked

    return wrap


def claimed(run: Judged, rule: str, *keys: str) -> dict[str, tuple[Any, ...]]:
    """Return subject -> level, domains, value and some of the numbers of a rule's claims."""
    found = {
        x.subject: (x.level, x.domains, near(x.value), *(x.detail[key] for key in keys))
        for x in run.claims[rule]
    }
    assert len(found) == len(run.claims[rule])
    _said.update({f"{rule} {x.level}" for x in run.claims[rule]} or {f"{rule} nothing"})
    return found


# --- BL402 ---------------------------------------------------------------------------------------

BOOKMARKS = (
    "story{n}7654321/cheap-floor-lamps-{n}", "story.php?title=lamps-{n}", "bookmarks/{n}-lamps",
    "bookmarks?id={n}&x=2#y", "story/2024/lamps?x={n}", "blog/lamps-{n}", "Bookmark.php?u={n}",
)  # fmt: skip


def bookmark_worlds(seed: int) -> World:
    """Some owners with pages of bookmarking scripts, and look-alikes, among honest readers."""
    rng = Random(f"bookmark_worlds {seed}")
    pick = rng.choice
    count = pick([10, 11, 9, 4, 2])
    paths = pick([BOOKMARKS[:1], BOOKMARKS[:3], BOOKMARKS])
    texts = ("floor lamp", "cheap floor lamps", "Harbor Lamps", "lamps")
    anchors = pick([texts[:2], texts])
    rels = pick([("",), RELS])
    titles = ["", "{a}", "{a} - Bookland", "{a} - and more of them | Bookland", "My {a}"]

    hosts = [f"book{n}.com" for n in range(count)]
    hosts += pick([[], [*TWINS, TRUSTED, "library.edu"]])
    links = []
    for n, host in enumerate(hosts):
        for _ in range(pick([1, 1, 2])):
            anchor = pick(anchors)
            page = f"https://{host}/{pick(paths).format(n=n)}"
            title = pick(titles).format(a=anchor.title())
            links.append(Link(page, f"https://{SITE}/", anchor, pick(rels), "", title))
    for host in hosts[: pick([0, 3, 5])]:
        listed = pick([19, 20, 18])
        links += [
            Link(f"https://{host}/bookmarks/", f"https://other{k}.com/") for k in range(listed)
        ]
        if pick((True, False)):
            links.append(Link("https://fan.com/a", f"https://{host}/"))
    links += honest(pick([0, 36, 37, 60]))
    elsewhere = pick([0, 0, 3, 9])
    links += [
        Link(f"https://talk{n}.com/a", f"https://{SITE}/", "floor lamp") for n in range(elsewhere)
    ]
    site = pick([SITE, SITE, SITE, ""])
    return World(distinct(links), site, keywords=pick([KEYWORDS, KEYWORDS, ()]))


def shape_of(url: str) -> str:
    """Return a machine-made address without host, values, slugs and numbers; or nothing."""
    url = url.lower()
    if "=" not in url and not re.search("/story[0-9]{6}", url):
        return ""
    path, asked, query = url.partition("#")[0].split("/", 3)[3].partition("?")
    parts = []
    for part in path.split("/"):
        name, dot, ending = part.partition(".")
        parts.append(("*" if set("-_%+0123456789") & set(name) else name) + dot + ending)
    names = [field.partition("=")[0] for field in query.split("&")] if asked else []
    return "/".join(parts) + asked + "&".join(names)


@says("BL402 low", "BL402 medium", "BL402 nothing")
@oracle(24)
@given(seeds.map(bookmark_worlds))
def test_bookmarks(world: World) -> None:
    """BL402: a bookmark word and a second sign; what is many and paid for is a blast."""
    with judged(world, "BL402") as run:
        naive = run.naive
        assert (run.coverage["BL402"].state == "ran") == naive.has_site
        links = [
            x
            for x in marked(naive, "bookmark")
            if mark_of(x.source)[0] != "story"
            or re.search(r"/story[0-9]{6}|/story\.php\?title=", x.source.lower())
        ]
        users: dict[str, set[str]] = defaultdict(set)
        for link in links:
            users[shape_of(link.source)].add(naive.actor(link.source))

        everywhere: dict[str, set[str]] = defaultdict(set)
        kept: dict[str, set[str]] = defaultdict(set)
        for link in naive.earning:
            everywhere[fold(link)].add(naive.actor(link.source))
        for link in marked(naive, "bookmark"):
            kept[fold(link)].add(naive.actor(link.source))

        def sign(link: Link) -> bool:
            owner, shape = naive.actor(link.source), shape_of(link.source)
            text = words_of(fold(link))
            cut = re.sub(r"[ ]+[-|:–—·»]+[ ]+[^-|–—·»]{1,40}$", "", link.title)
            titled = text in (words_of(link.title.lower()), words_of(cut.lower()))
            titled = titled and len(everywhere[fold(link)]) < 2 * len(kept[fold(link)])
            out, into = len(naive.out_of(owner)), len(naive.into(owner))
            return (
                (shape != "" and len(users[shape]) >= 3)
                or (is_money(naive, link) and len(text.strip()) >= 8 and titled)
                or (out >= 20 and out >= 20 * into)
            )

        found = [x for x in links if sign(x)]
        sites = len(owners_of(naive, found))
        paid = len(owners_of(naive, [x for x in found if is_money(naive, x)]))
        n = referrers(naive)
        big, half = (sites >= 10 and 100 * sites >= n) or 5 * sites >= n, 2 * paid >= sites
        expected = {}
        if sites >= 3 and (big or half):
            level = "medium" if big and half else "low"
            expected[SITE] = (level, nodes_of(naive, found), near(sites), n, paid)
        assert claimed(run, "BL402", "referring_domains", "with_keywords") == expected
        for claim in run.claims["BL402"]:
            assert claim.scheme == ("directory-blast" if sites >= 10 and half else "")


# --- BL403 ---------------------------------------------------------------------------------------

POSTS = (
    "viewtopic.php?t={n}", "forum/lamps-{n}", "2024/05/post-{n}#comment-{n}", "member.php?u={n}",
    "profile/anna{n}", "blog/lamps-{n}", "guestbook{n}.html",
)  # fmt: skip


def forum_worlds(seed: int) -> World:
    """Owners of boards, blogs with comments and clubs with profiles; some in lockstep."""
    rng = Random(f"forum_worlds {seed}")
    pick = rng.choice
    count = pick([6, 5, 12, 26, 4])
    texts = ("floor lamp", "my floor lamp {n}", "our led strip {n}", "Harbor Lamps", "nice shop")
    plan = [
        (POSTS[3:4], texts[1:3]),
        (POSTS[4:5], texts[1:3]),
        (POSTS[:1], texts[:1]),
        (POSTS[3:5], texts[1:4]),
        (POSTS[:3], texts[:3]),
        (POSTS, texts),
    ]

    paths, anchors = pick(plan)
    pages = pick([("",), ("", "lamps")])
    rels = pick([("",), RELS])
    hosts = [f"club{n}.com" for n in range(count)]
    hosts += pick([[], [*TWINS, TRUSTED, "college.edu"]])
    again = pick([1, 2])
    links = []
    for n, host in enumerate(hosts):
        for _ in range(again):
            page = f"https://{host}/{pick(paths).format(n=n)}"
            target = f"https://{SITE}/{pick(pages)}"
            links.append(Link(page, target, pick(anchors).format(n=n), pick(rels)))
    calm = pick([0, 0, 20, 21])
    calm_rel = pick(["", "nofollow"])
    path = pick(POSTS[:5])
    links += [
        Link(
            f"https://talk{n}.com/{path.format(n=n)}", f"https://{SITE}/", "Harbor Lamps", calm_rel
        )
        for n in range(calm)
    ]
    site = pick([SITE] * 8 + [""])
    brand = pick([(), (), (), (), ("Floor Lamp",)])
    keywords = pick([KEYWORDS] * 8 + [()])
    return World((*distinct(links), *honest(3)), site, brand, keywords)


@says("BL403 info", "BL403 low", "BL403 medium", "BL403 nothing")
@oracle(40)
@given(seeds.map(forum_worlds))
def test_forums(world: World) -> None:
    """BL403: one keyword anchor, or one set of pages, on five owners and a fifth of the kind."""
    with judged(world, "BL403") as run:
        naive = run.naive
        able = naive.has_site and bool(world.keywords)
        assert (run.coverage["BL403"].state == "ran") == able
        expected = {}
        for kind in ("comment", "forum", "profile"):
            links = marked(naive, kind) if able else []
            into_site = [x for x in naive.profile if mark_of(x.source)[1] == kind]
            everybody = len(owners_of(naive, into_site))
            if len(owners_of(naive, links)) < 5:
                continue
            paid = [x for x in links if is_money(naive, x)]
            texts: dict[str, set[str]] = defaultdict(set)
            pages: dict[str, set[str]] = defaultdict(set)
            for link in paid:
                texts[fold(link)].add(naive.actor(link.source))
                pages[naive.actor(link.source)].add(link.target)
            sets: dict[frozenset[str], set[str]] = defaultdict(set)
            for owner, goals in pages.items():
                if len(goals) >= 2:
                    sets[frozenset(goals)].add(owner)
            in_step = set().union(*(who for who in sets.values() if len(who) >= 5))
            locked = [
                x for x in paid if len(texts[fold(x)]) >= 5 or naive.actor(x.source) in in_step
            ]
            k, money = len(owners_of(naive, locked)), len(owners_of(naive, paid))
            level, named = "info", []
            if kind == "profile" and money >= 5 and 5 * money >= everybody:
                level, named = "low", paid
            if k >= 5 and 5 * k >= everybody:
                level, named = "medium", locked
            expected[f"{SITE}: {kind} pages"] = (
                level, nodes_of(naive, named), near(k), everybody, money,
            )  # fmt: skip
        assert claimed(run, "BL403", "owners", "with_keywords") == expected


# --- BL407 and BL408 -----------------------------------------------------------------------------

SUFFIXES = ("com", "top", "icu", "tk", "xyz", "com.br", "de")
LABELS = (
    "friend{n}", "go-{n}-top-casino", "best-floor-lamp-{n}-2024", "casino-202{n}x",
    "casino-2024-{n}", "verein-der-freunde-von-haus-{n}", "casinotown2024x{n}",
    "floor-viagra-lamp-{n}", "donaudampfschifffahrtsgesellschaft{n}", "xn--casino-2024-bcher-kva{n}",
)  # fmt: skip


def named_worlds(seed: int) -> World:
    """Referring domains with all sorts of names under all sorts of suffixes."""
    rng = Random(f"named_worlds {seed}")
    pick = rng.choice
    site = pick([SITE, SITE, SITE, SITE, "harborlamps.top", ""])
    plan = [
        (LABELS, SUFFIXES),
        (LABELS[:6], SUFFIXES[1:3]),
        (LABELS[:1], SUFFIXES[4:5]),
        (LABELS[1:2], SUFFIXES[:5]),
        (LABELS[5:6], SUFFIXES[3:4]),
    ]

    labels, suffixes = pick(plan)
    rels = pick([("",), RELS])
    count = pick([12, 10, 30, 11, 9, 5])
    hosts = [f"{pick(labels).format(n=n)}.{pick(suffixes)}" for n in range(count)]
    hosts += [host.partition(".")[0] + ".net" for host in hosts[: pick([0, 2])]]
    hosts += pick([[], ["go-2-top-casino.edu", "go-40-top-casino.wordpress.com"]])
    goal = site or SITE
    links = [
        Link(f"https://{host}/a", f"https://{goal}/", "Harbor Lamps", pick(rels)) for host in hosts
    ]
    links += [x._replace(target=f"https://{goal}/") for x in honest(pick([0, 10, 0, 81, 90, 240]))]
    links += [Link("https://reader1.com/b", "https://elsewhere.com/")]
    return World(distinct(links), site, keywords=pick([(), ("best casino",)]))


@says("BL407 info", "BL407 low", "BL407 nothing", "BL408 info", "BL408 low", "BL408 nothing")
@oracle(30)
@given(seeds.map(named_worlds))
def test_names(world: World) -> None:
    """BL407 and BL408: suffixes by class, and marks of throw-away names by combination."""
    with judged(world, "BL407", "BL408") as run:
        naive = run.naive
        assert (run.coverage["BL407"].state == "ran") == naive.has_site
        assert (run.coverage["BL408"].state == "ran") == naive.has_site
        sources: dict[str, str] = {}  # owner -> the first of its nodes that earns
        for link in naive.earning if naive.has_site else []:
            owner, node = naive.actor(link.source), naive.node_of[host_of(link.source)]
            if not naive.is_trusted(owner):
                sources[owner] = min(sources.get(owner, node), node)
        total = referrers(naive) if naive.has_site else 0
        check_suffixes(run, sources, total)
        check_labels(run, sources, total)


def check_suffixes(run: Judged, sources: dict[str, str], total: int) -> None:
    naive = run.naive
    classes = {s: name.split("_")[0] for name in SUFFIX_LISTS for s in load_list(name).entries}
    found: dict[str, list[str]] = defaultdict(list)
    for owner in sources:
        (suffix, *_) = {node.partition(".")[2] for node in naive.members_of(owner)}
        own = suffix == naive.site.partition(".")[2]
        if len(naive.members_of(owner)) == 1 and suffix in classes and not own:
            found[classes[suffix]].append(naive.face(owner))
    expected = {}
    for kind, nodes in found.items():
        k = len(nodes)
        if k >= 10 and 10 * k >= total:
            named = () if kind == "raised" else tuple(sorted(nodes))
            level = "info" if kind == "raised" else "low"
            subject = f"{naive.site}: suffixes of the class {kind}"
            expected[subject] = (level, named, near(k / total), k, total)
    assert claimed(run, "BL407", "domains_under", "referring_domains") == expected


def check_labels(run: Judged, sources: dict[str, str], total: int) -> None:
    naive = run.naive
    own = [words_of(k.lower()) for k in naive.world.keywords]
    trades = [words_of(entry) for entry in load_list("injected_words").entries]
    trades = [trade for trade in trades if not any(trade in k for k in own)]
    found: dict[str, list[str]] = defaultdict(list)
    for node in sources.values():
        label = node.partition(".")[0]
        if label.startswith("xn--") or "wordpress" in node:
            continue
        marks = {
            "hyphens": label.count("-") >= 3,
            "digits": sum(c.isdigit() for c in label) >= 4,
            "length": len(label) >= 25,
            "trade": "-" in label and any(t in words_of(label) for t in trades),
        }
        if sum(marks.values()) >= 2:
            found[" + ".join(name for name, on in marks.items() if on)].append(node)
    expected = {}
    for marks, nodes in found.items():
        k = len(nodes)
        if k >= 5 and 50 * k >= total:
            paid = "trade" in marks
            named = tuple(sorted(nodes)) if paid else ()
            subject = f"{naive.site}: names with {marks}"
            expected[subject] = ("low" if paid else "info", named, near(k), total, min(nodes))
    assert claimed(run, "BL408", "referring_domains", "example") == expected


# --- BL505 ---------------------------------------------------------------------------------------

VICTIMS = ("uni.edu", "college.edu.np", "who.int", "github.com", "blog.com", "shops.harbour.gov.uk")
LEAVES = ("wp-content/x.html", "index.php?p=7", "index.php?p=8", "courses/leisure", "cgi-bin/a?b=c")
SPAM = ("buy viagra now", "Online-Casino!", "casino", "payday loans")


def injected_worlds(seed: int) -> World:
    """Pages of institutions and others, with links of spam trades and ordinary ones."""
    rng = Random(f"injected_worlds {seed}")
    pick = rng.choice
    site = pick([SITE, SITE, ""])
    victims = rng.sample(VICTIMS, rng.randint(1, 3))
    anchors = pick([SPAM, (*SPAM, "a study", "", "casinotown")])
    goals = [f"pills{n}.com" for n in range(5)]
    goals += pick([[], [*TWINS, "nature.com"]])
    rels = pick([("",), RELS])
    links = []
    for victim in victims:
        for leaf in rng.sample(LEAVES, rng.randint(1, 3)):
            page = f"https://{victim}/{leaf}"
            links += [
                Link(page, f"https://{SITE}/", pick(anchors), pick(rels))
                for _ in range(pick([1, 1, 2]))
            ]
            beside = rng.sample(goals, rng.randint(0, 5))
            links += [Link(page, f"https://{goal}/", pick(anchors), pick(rels)) for goal in beside]
    links.append(Link("https://reader.com/a", "https://elsewhere.com/", "home"))
    keywords = pick([(), ("casino",), ("online casino", "lamps")])
    brand = pick([(), (), ("Payday",)])
    crawl = pick([False, False, True])
    return World((*distinct(links), *honest(2)), site, brand, keywords, crawl=crawl)


INSTITUTION = re.compile(r"\.(edu|gov|mil|ac|gob|gub|gouv|govt)(\.[a-z][a-z])?$")


@says("BL505 low", "BL505 medium", "BL505 high", "BL505 nothing")
@oracle(40)
@given(seeds.map(injected_worlds))
def test_injected_pages(world: World) -> None:
    """BL505: an institution, a trade's word, a path where nobody publishes, three others beside."""
    with judged(world, "BL505") as run:
        naive = run.naive
        assert run.coverage["BL505"].state == "ran"
        trades = [words_of(entry) for entry in load_list("injected_words").entries]
        own = [words_of(k.lower()) for k in world.keywords]
        foreign = [trade for trade in trades if not any(trade in k for k in own)]

        def speaks(link: Link, words: list[str]) -> bool:
            return any(word in words_of(fold(link)) for word in words)

        grades: dict[str, dict[str, int]] = defaultdict(dict)
        for link in naive.earning:
            owner, node = naive.actor(link.source), naive.node_of[host_of(link.source)]
            domain = naive.domain_of[host_of(link.source)]
            able = naive.is_trusted(owner) or INSTITUTION.search("." + domain.partition(".")[2])
            admin = mark_of(link.source)[1] == "admin"
            query = "=" in link.source.partition("?")[2].partition("#")[0]
            if not able or domain in load_list("open_hosts").entries or not (admin or query):
                continue
            if not speaks(link, trades):
                continue
            own_trade = not speaks(link, foreign) or naive.anchor_class(link) == "brand"
            beside = [
                x
                for x in naive.links
                if x.source == link.source
                and naive.actor(x.target) not in (owner, naive.actor(link.target))
            ]
            everybody = {naive.actor(x.target) for x in beside}
            injected = {naive.actor(x.target) for x in beside if speaks(x, trades)}
            injected = {target for target in injected if not naive.is_trusted(target)}
            grade = 2 if admin else 1
            if world.crawl or own_trade or len(everybody) > len(injected):
                grade = 0
            if len(injected) >= 3 and (admin or not own_trade):
                grade = 3
            if grade:
                before = grades[node].get(link.source, 0)
                grades[node][link.source] = max(before, grade)
        expected = {
            node: (
                ("", "low", "medium", "high")[max(pages.values())],
                (),
                near(len(pages)),
                len(pages),
            )
            for node, pages in grades.items()
        }
        assert claimed(run, "BL505", "pages") == expected
