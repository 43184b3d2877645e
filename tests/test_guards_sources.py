"""Each guard of the rules about pages and names of sources is necessary (invariant 33).

With a guard switched off, honest people are accused who are not while it is on: of something that
has points or, where a rule has none, of anything.
"""

from contextlib import nullcontext
from typing import NamedTuple

import msgspec
import pytest

from backlint.cases import Case, run_case
from backlint.rules.catalog import load_points, load_rules
from guards import Off, _edited, feature

RULES = {rule.header.id: rule for rule in load_rules()}
POINTS = load_points()


class Guard(NamedTuple):
    """A guard of a rule: a change of its SQL, of its parameters, or a switch outside of it.

    `level` is the least that counts as an accusation, where the guard only makes a rule milder.
    """

    rule: str
    name: str
    links: str
    old: str = ""
    new: str = ""
    params: tuple[tuple[str, float], ...] = ()
    off: Off = nullcontext
    site: str = "shop.com"
    keywords: tuple[str, ...] = ("cheap tents",)
    brand: tuple[str, ...] = ()
    crawl: bool = False
    level: str = ""


def marked(old: str, new: str) -> Off:
    return feature("marked_anchors", old, new)


# edges that pass no credit have an example like the others
UNEARNED = feature("edge_examples", "AND e.credit_link_id IS NOT NULL", "")

BLOGS = "blog{1..30}.com/post -> shop.com/ | Shop\n"
BOOKS = "friend{1..12}.com/story.php?title=shop-{1..12} -> shop.com/ | Shop\n"
BOARDS = "board{1..9}.com/viewtopic.php?t={1..9} -> shop.com/ | cheap tents"
NAMES = "go-{1..9}-top-casino.com/a -> shop.com/ | Shop"
LEAF = "uni.edu/wp-content/uploads/x.html -> shop.com/ | casino"

GUARDS = (
    Guard(
        "BL402",
        "a bookmark word needs a second sign",
        "friend{1..12}.com/bookmarks/ -> shop.com/ | Shop\n" + BLOGS,
        "WHERE s.shape IS NOT NULL OR",
        "WHERE TRUE OR",
    ),
    Guard(
        "BL402",
        "a shape must be a script's: people write dates and slugs",
        "friend{1..12}.com/bookmarks/2024/05/the-shop-{1..12} -> shop.com/ | Shop\n" + BLOGS,
        "CASE WHEN contains(url, '=') OR regexp_matches(url, '/story[0-9]{6}')",
        "CASE WHEN TRUE",
    ),
    Guard(
        "BL402",
        "newspapers have stories",
        "paper{1..12}.com/story/news/?edition={1..12} -> shop.com/ | Shop\n" + BLOGS,
        "WHERE word <> 'story' OR",
        "WHERE TRUE OR",
    ),
    Guard(
        "BL402",
        "a title is a sign only where it is a keyword",
        "friend{1..12}.com/bookmarks/{1..12} -> shop.com/a | A week in the hills | | | "
        "A week in the hills\n" + BLOGS,
        "OR (p.money AND length",
        "OR (length",
    ),
    Guard(
        "BL402",
        "the title must be the anchor",
        "friend{1..12}.com/bookmarks/{1..12} -> shop.com/ | cheap tents | | | "
        "My week in cheap tents\n" + BLOGS,
        "p.anchor IN (p.title, p.head)",
        "contains(p.title, p.anchor)",
    ),
    Guard(
        "BL402",
        "a page's own title may be a keyword",
        "friend{1..4}.com/bookmarks/{1..4} -> shop.com/cheap | Cheap tents | | | Cheap tents\n"
        "blog{1..4}.com/post -> shop.com/cheap | Cheap tents",
        "AND b.text_id IS NULL",
        "",
    ),
    Guard(
        "BL402",
        "ten are nothing among thousands",
        "friend{1..10}.com/story.php?title=shop-{1..10} -> shop.com/ | cheap tents\n"
        "blog{1..1200}.com/post -> shop.com/ | Shop",
        params=(("least_share", 0.0),),
        level="medium",
    ),
    Guard(
        "BL402",
        "a short title is like another by chance",
        "friend{1..12}.com/bookmarks/{1..12} -> shop.com/ | Tents | | | Tents\n" + BLOGS,
        params=(("min_title", 1),),
        keywords=("tents",),
    ),
    Guard(
        "BL402",
        "who lists many and is liked for it is no heap of links",
        "friend{1..3}.com/bookmarks/ -> shop.com/ | cheap tents\n"
        "friend[1..3].com/bookmarks/ -> other[1..19].com/ | Other\n"
        "fan[1..4].com/post -> friend[1..3].com/ | a good list",
        "AND d.d_out >= $many_out * d.in_links",
        "",
    ),
    Guard(
        "BL402",
        "one or two are nothing",
        "friend{1..2}.com/story.php?title=shop-{1..2} -> shop.com/ | cheap tents\n"
        "blog{1..5}.com/post -> shop.com/ | Shop",
        params=(("min_owners", 1),),
    ),
    Guard(
        "BL402",
        "without keyword anchors nobody ordered them",
        BOOKS + BLOGS,
        params=(("money_share", 0.0),),
        level="medium",
    ),
    Guard(
        "BL402",
        "nofollow links carry nothing",
        BOOKS.replace("| Shop", "| Shop | nofollow") + BLOGS,
        off=marked("WHERE m.credit AND", "WHERE"),
    ),
    Guard(
        "BL402",
        "libraries are trusted",
        BOOKS.replace(".com/story", ".edu/story") + BLOGS,
        off=marked("AND NOT s.trusted", ""),
    ),
    Guard(
        "BL403",
        "brand names in forums are recommendations",
        "board{1..9}.com/forum/thread-{1..9} -> shop.com/ | Shop",
        "class IN ('exact', 'partial')",
        "class <> ''",
    ),
    Guard(
        "BL403",
        "in a large community some write alike",
        "board{1..5}.com/forum/thread-{1..5} -> shop.com/ | cheap tents\n"
        "talk{1..30}.com/forum/thread-{1..30} -> shop.com/ | Shop",
        params=(("min_share", 0.0),),
    ),
    Guard(
        "BL403",
        "a community does not shrink by what is nofollow",
        "board{1..5}.com/forum/thread-{1..5} -> shop.com/ | cheap tents\n"
        "talk{1..30}.com/forum/thread-{1..30} -> shop.com/ | Shop | nofollow",
        "FROM page_marks GROUP BY",
        "FROM page_marks WHERE credit GROUP BY",
    ),
    Guard(
        "BL403",
        "a few who write alike are no program",
        "board{1..4}.com/forum/thread-{1..4} -> shop.com/ | cheap tents\n"
        "talk{1..4}.com/forum/thread-{1..4} -> shop.com/ | Shop",
        params=(("min_owners", 2),),
    ),
    Guard(
        "BL403",
        "everybody links to the home page",
        "board{1..9}.com/forum/thread-{1..9} -> shop.com/ | my cheap tents {1..9}",
        "HAVING count(DISTINCT target_url) >= 2",
        "",
    ),
    Guard(
        "BL403",
        "words of their own in a forum are nothing",
        "board{1..9}.com/forum/thread-{1..9} -> shop.com/ | my cheap tents {1..9}",
        "o.kind = 'profile' AND",
        "",
    ),
    Guard(
        "BL403",
        "links of users carry nothing",
        BOARDS + " | ugc",
        off=marked("WHERE m.credit AND", "WHERE"),
    ),
    Guard(
        "BL403",
        "boards of institutions are trusted",
        BOARDS.replace(".com/view", ".edu/view"),
        off=marked("AND NOT s.trusted", ""),
    ),
    Guard(
        "BL407",
        "neighbours under the site's own suffix",
        "friend{1..20}.top/a -> shop.top/ | Shop",
        "n.suffix NOT IN (SELECT suffix FROM nodes WHERE is_site)",
        "TRUE",
        site="shop.top",
    ),
    Guard(
        "BL407",
        "some of every large profile stand there",
        "friend{1..12}.top/a -> shop.com/ | Shop\n" + BLOGS * 4
        + "reader{1..150}.com/post -> shop.com/ | Shop",
        params=(("min_share", 0.0),),
    ),
    Guard(
        "BL407",
        "few are nothing, however small the profile",
        "friend{1..5}.top/a -> shop.com/ | Shop\nblog{1..5}.com/post -> shop.com/ | Shop",
        params=(("min_owners", 1),),
    ),
    Guard(
        "BL407",
        "brands hold their name under every suffix",
        "brandname{1..12}.top/a -> shop.com/ | Shop\n"
        "brandname{1..12}.xyz/a -> shop.com/ | Shop",
        "AND s.nodes = 1",
        "",
    ),
    Guard(
        "BL407",
        "what is only named often informs",
        "friend{1..12}.xyz/a -> shop.com/ | Shop",
        "WHEN 'raised' THEN 'info'",
        "WHEN 'raised' THEN 'low'",
    ),
    Guard(
        "BL407",
        "nofollow links carry nothing",
        "friend{1..12}.top/a -> shop.com/ | Shop | nofollow",
        off=UNEARNED,
    ),
    Guard(
        "BL408",
        "one mark is nothing",
        "casino-{1..9}.com/a -> shop.com/ | Shop",
        params=(("min_marks", 1),),
    ),
    Guard(
        "BL408",
        "long and hyphenated is German",
        "verein-der-freunde-von-haus-{1..9}.de/a -> shop.com/ | Shop",
        "CASE WHEN c.trade THEN 'low'",
        "CASE WHEN TRUE THEN 'low'",
    ),
    Guard(
        "BL408",
        "names in other scripts are written with hyphens and digits",
        "casino-bücher-200{1..9}-größe.de/a -> shop.com/ | Shop",
        "WHERE NOT starts_with(l.label, 'xn--')",
        "",
    ),
    Guard(
        "BL408",
        "users of a platform choose their names",
        "go-{1..9}-top-casino.blogspot.com/a -> shop.com/ | Shop",
        "AND NOT n.is_platform",
        "",
    ),
    Guard(
        "BL408",
        "a trade's own words",
        "go-{1..9}-top-casino-2024.com/a -> royal.com/ | Royal",
        "WHERE NOT EXISTS (SELECT 1 FROM keywords k WHERE contains(k.words, i.words))",
        "",
        site="royal.com",
        keywords=("best casino",),
    ),
    Guard(
        "BL408",
        "a trade's word must stand by itself",
        "casinotown{2021..2025}.com/a -> shop.com/ | Shop",
        "FROM (SELECT DISTINCT label FROM labels WHERE contains(label, '-')) l "
        "JOIN trades w ON contains(' ' || replace(l.label, '-', ' ') || ' ', w.words)",
        "FROM labels l JOIN trades w ON contains(l.label, trim(w.words))",
    ),
    Guard("BL408", "nofollow links carry nothing", NAMES + " | nofollow", off=UNEARNED),
    Guard("BL408", "few are nothing", NAMES.replace("9", "4"), params=(("min_owners", 1),)),
    Guard(
        "BL408",
        "some of every large profile are called so",
        NAMES.replace("9", "5") + "\nreader{1..280}.com/post -> shop.com/ | Shop",
        params=(("min_share", 0.0),),
    ),
    Guard(
        "BL408",
        "institutions are trusted",
        NAMES.replace(".com/a", ".edu/a"),
        "AND NOT s.trusted",
        "",
    ),
    Guard(
        "BL505",
        "a course has a readable address",
        "uni.edu/courses/gambling -> shop.com/ | casino economics",
        "AND (m.link_id IS NOT NULL OR regexp_matches(l.source_url, '[?][^#]*='))",
        "",
    ),
    Guard(
        "BL505",
        "a page with ordinary links beside",
        "uni.edu/course?id=12 -> shop.com/ | casino economics\n"
        "uni.edu/course?id=12 -> journal.com/ | A study",
        "OR o.targets > o.injected",
        "",
    ),
    Guard(
        "BL505",
        "a crawl knows that there are no others",
        "https://uni.edu/course?id=12 -> https://shop.com/ | casino economics\n"
        "https://shop.com/ -> https://other.com/ | Other",
        "WHEN d.known_out OR",
        "WHEN",
        crawl=True,
    ),
    Guard("BL505", "the site's own trade", LEAF, "OR p.own_trade OR", "OR", keywords=("casino",)),
    Guard(
        "BL505",
        "a course may list the houses of a trade",
        "uni.edu/course?id=12 -> royal.com/ | casino\n"
        "uni.edu/course?id=12 -> play{1..3}.com/ | casino {1..3}",
        "AND (p.admin OR NOT p.own_trade)",
        "",
        site="royal.com",
        keywords=("casino",),
    ),
    Guard(
        "BL505",
        "a brand that holds the word",
        "uni.edu/wp-content/x -> casinoroyal.com/ | Casino Royal",
        "OR any_value(c.class) = 'brand'",
        "",
        site="casinoroyal.com",
    ),
    Guard(
        "BL505",
        "members publish on a code host",
        "github.com/anna/casino/plugins/readme -> shop.com/ | casino",
        off=feature("official_nodes", "AND n.domain NOT IN (SELECT entry FROM open_hosts)", ""),
    ),
    Guard(
        "BL505",
        "users publish under a platform's root",
        "wordpress.com/read?id=1 -> shop.com/ | casino",
        off=feature("official_nodes", "NOT n.is_platform AND n.domain <> n.suffix AND", ""),
    ),
    Guard(
        "BL505",
        "only institutions are spoken of",
        "blog.com/wp-content/uploads/x -> shop.com/ | casino",
        off=feature(
            "official_nodes", "AND (a.trusted OR regexp_matches", "AND (TRUE OR regexp_matches"
        ),
    ),
    Guard(
        "BL505",
        "the others must be unrelated",
        LEAF + "\nuni.edu/wp-content/uploads/x.html -> playhall.com/ | casino\n"
        "uni.edu/wp-content/uploads/x.html -> playhall.net/ | casino\n"
        "uni.edu/wp-content/uploads/x.html -> playhall.org/ | casino",
        "SELECT DISTINCT p.source_url, p.target_actor, n.actor_id,",
        "SELECT DISTINCT p.source_url, p.target_actor, n.node_id AS actor_id,",
        level="high",
    ),
    Guard(
        "BL505",
        "encyclopaedias are not injected",
        LEAF + "\nuni.edu/wp-content/uploads/x.html -> en.wikipedia.org/wiki/Casino | casino\n"
        "uni.edu/wp-content/uploads/x.html -> nature.com/a | casino\n"
        "uni.edu/wp-content/uploads/x.html -> who.int/a | casino",
        "AND NOT b.trusted",
        "",
    ),
    Guard(
        "BL505",
        "nofollow links carry nothing",
        LEAF + " | nofollow",
        "WHERE NOT l.lost AND coalesce(NOT l.qualified, true) AND",
        "WHERE",
    ),
)  # fmt: skip


def accused(guard: Guard, switched_off: bool) -> bool:
    rule = RULES[guard.rule]
    if switched_off:
        changed = dict(guard.params)
        assert changed.keys() <= rule.header.params.keys()
        header = msgspec.structs.replace(rule.header, params=rule.header.params | changed)
        sql = _edited(rule.sql, guard.old, guard.new) if guard.old else rule.sql
        rule = msgspec.structs.replace(rule, header=header, sql=sql)
    case = Case(
        name=guard.name,
        expect="clean",
        links=guard.links,
        site=guard.site,
        keywords=list(guard.keywords),
        brand=list(guard.brand),
        crawl=guard.crawl,
    )
    with guard.off() if switched_off else nullcontext():
        claims, ended = run_case(rule, case)
    assert ended.state == "ran", ended.reason
    if guard.level:
        return any(claim.level == guard.level for claim in claims)
    worthless = max(POINTS.worth(guard.rule, level) for level in ("low", "medium", "high")) == 0
    return any(worthless or POINTS.worth(guard.rule, claim.level) for claim in claims)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: f"{guard.rule}: {guard.name}")
def test_33_guard_is_necessary(guard: Guard) -> None:
    assert not accused(guard, switched_off=False)
    assert accused(guard, switched_off=True)


def test_33_every_rule_of_the_part_has_guards() -> None:
    assert {guard.rule for guard in GUARDS} == {"BL402", "BL403", "BL407", "BL408", "BL505"}


def test_33_a_title_that_is_the_anchor_is_no_footprint() -> None:
    """People who keep a page under its own title share that title, and no maker."""
    rows = "\n".join(
        f"friend{n}.com/notes/{n} -> shop.com/tents | How I pitched cheap tents | | | "
        "How I pitched cheap tents"
        for n in range(9)
    )
    case = Case(
        name="keepers",
        expect="clean",
        site="shop.com",
        keywords=["cheap tents"],
        links=rows + "\n" + BLOGS,
    )
    assert run_case(RULES["BL206"], case)[0] == []
    with feature("signed_links", "AND head <> lower(words)", "")():
        assert run_case(RULES["BL206"], case)[0] != []
