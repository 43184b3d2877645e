"""BL302 and BL303 equal naive oracles on small random profiles (invariant 31)."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from backlint.lists import load_list
from graph_strategies import SITE, TRUSTED, TWINS, Link, World
from naive import Naive, fold, host_of, qualified
from naive_anchors import is_dense, joined, words_in
from test_oracles import THOROUGH, Judged, judged, oracle

TELLING = ("exact", "partial", "other")
FOREIGN = (
    "купить двери", "дешёвые окна в Москве", "здесь", "激安ブランド", "棋牌游戏平台", "명품 가방", "φτηνά εισιτήρια",
    "Harbor Lamps отзывы", "пример.рф", "ремонт iPhone", "ремонт", "смотреть lamps online now", "★",
)  # fmt: skip
SPAM = (
    "buy viagra online", "viagra", "Cialis, Viagra", "v1agra c1alis", "онлайн казино", "c4$ino",
    "casino poker", "casino", "sports betting", "why sports betting is legal", "payday loans", "interlibrary loan", "porn videos", "xxx", "在线赌场网站",
    "Harbor Lamps casino poker", "viagra casino", "specialist", "p0rn xxx", "free spins", "write my essay",
    "floor lamp viagra cialis", "https://casino-poker.com/", "bitc01n doubler", "replica ro1ex", "p@yday l0an", "$ports betting", "viagr4 c1a|is",
)  # fmt: skip
HONEST = ("a walk in the hills", "evening light", "floor lamp", "Harbor Lamps", "here", "")


@st.composite
def read_abroad(draw: st.DrawFn) -> World:
    """Two hundred owners with telling anchors, a few who write another script, and what excuses it.

    Of the excuses one or two are drawn, or the rule would nearly never fire.
    """
    kinds = ["others", "rels", "texts", "pages", "edge", "suffix", "terms", "many", "few"]
    odd = {draw(st.sampled_from(kinds)), draw(st.sampled_from(kinds[:4]))}
    edges = [(203, 5), (202, 5), (228, 6), (227, 6), (300, 4)]
    plain, foreign = draw(st.sampled_from(edges)) if "edge" in odd else (330, 8)
    plain, foreign = 190 if "few" in odd else plain, 24 if "many" in odd else foreign

    def some(kind: str, usual: tuple[str, ...], more: tuple[str, ...]) -> st.SearchStrategy[str]:
        return st.sampled_from(more if kind in odd else usual)

    favourite = some("texts", draw(st.sampled_from([FOREIGN[:2], FOREIGN[3:5]])), FOREIGN)
    pages = some("pages", ("/",), ("/", "/", "/ru/x", "/?lang=ja", "/rum"))
    rels = some("rels", ("",), ("", "", "nofollow"))
    links = [
        Link(f"https://source{n}.com/a", f"https://{SITE}/", f"evening light {n}")
        for n in range(plain)
    ]
    for n in range(foreign):
        url, page = f"https://abroad{n}.com/", draw(pages)
        links.append(Link(f"{url}a", f"https://{SITE}{page}", draw(favourite), draw(rels)))
        for k in range(draw(st.sampled_from([0, 1, 2])) if "texts" in odd else 0):
            more = draw(st.sampled_from([*FOREIGN[:3], *HONEST[:4]]))
            links.append(Link(f"{url}{k}", f"https://{SITE}/", more, draw(rels)))
    for name in (TRUSTED, *TWINS) if "others" in odd else ():
        links.append(Link(f"https://{name}/a", f"https://{SITE}/", draw(favourite), draw(rels)))
    if "suffix" in odd:
        namesake = draw(st.sampled_from(["harborlamps.ru", "harborlamps.cn", "harborlamp.ru"]))
        links.append(Link("https://source1.com/b", f"https://{namesake}/", "edition"))
    brand = draw(st.sampled_from([(), ("Лампа",)])) if "terms" in odd else ()
    keywords = draw(st.sampled_from([(), ("floor lamp",), ("ламп",)])) if "terms" in odd else ()
    return World(_apart(links), SITE, brand, keywords)


@st.composite
def spammed(draw: st.DrawFn) -> World:
    """A small profile with anchors of spam trades, masked ones and honest ones."""
    site = draw(st.sampled_from([SITE, SITE, SITE, "casinohill.com", "hillpharmacy.com"]))
    anchors = st.sampled_from(draw(st.sampled_from([SPAM, SPAM[:3] + SPAM[10:11], SPAM[5:9]])))
    rels = st.sampled_from(draw(st.sampled_from([("",), ("", "", "nofollow")])))
    links = []
    for n in range(draw(st.integers(2, 14))):
        text = st.sampled_from(HONEST) if n > 4 else anchors
        for k in range(draw(st.sampled_from([1, 1, 2, 3]))):
            picked = draw(st.one_of(text, st.sampled_from(HONEST)) if k else text)
            links.append(Link(f"https://source{n}.com/{k}", f"https://{site}/", picked, draw(rels)))
    for name in draw(st.lists(st.sampled_from([TRUSTED, *TWINS]), max_size=3, unique=True)):
        links.append(Link(f"https://{name}/a", f"https://{site}/", draw(anchors), draw(rels)))
    brand = draw(st.sampled_from([(), (), ("Poker Hill",)]))
    keywords = draw(st.sampled_from([(), (), ("floor lamp",), ("cialis",)]))
    return World(_apart(links), site, brand, keywords)


def _apart(links: list[Link]) -> tuple[Link, ...]:
    return tuple({(x.source, x.target, x.anchor): x for x in links}.values())


# --- what both rules count -----------------------------------------------------------------------


def telling_owners(naive: Naive) -> set[str]:
    """Return the owners, trusted ones left out, with a telling anchor that may pass credit."""
    return {
        naive.actor(x.source)
        for x in naive.earning
        if naive.anchor_class(x) in TELLING and not naive.is_trusted(naive.actor(x.source))
    }


def earned(naive: Naive) -> Counter[str]:
    return Counter(naive.actor(x.source) for x in naive.earning)


def nodes_of(naive: Naive, links: list[Link]) -> tuple[str, ...]:
    return tuple(sorted({naive.node_of[host_of(x.source)] for x in links}))


# --- BL302 ---------------------------------------------------------------------------------------


def script_of(text: str) -> str:
    """Return the script of most letters and digits, "" when that is Latin or none."""
    kinds: Counter[str] = Counter()
    for char in "".join(words_in(text)):
        name = "DIGIT" if char.isnumeric() else unicodedata.name(char).split()[0]
        kinds["HAN" if name in ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA") else name] += 1
    foreign = Counter({kind: n for kind, n in kinds.items() if kind not in ("LATIN", "DIGIT")})
    if not foreign or 2 * foreign.total() <= kinds.total():
        return ""
    return foreign.most_common(1)[0][0].capitalize()


def home_scripts(naive: Naive) -> set[str]:
    """Return the scripts of the site's suffix and namesakes, its brand terms and its keywords."""
    homes = [entry.split() for entry in load_list("script_homes").entries]
    label = naive.site.partition(".")[0]
    suffixes = {d.rpartition(".")[2] for d in naive.domain_of.values() if d.split(".")[0] == label}
    found = {script for script, kind, code in homes if kind == "tld" and code in suffixes}
    return found | {script_of(term) for term in (*naive.world.brand, *naive.world.keywords)}


@cache
def page_scripts(url: str) -> set[str]:
    homes = [entry.split() for entry in load_list("script_homes").entries]
    codes = {part for part in re.split("[/=&]", url) if len(part) == 2}
    return {script for script, kind, code in homes if kind == "language" and code in codes}


def lower_tail(k: int, n: int) -> float:
    return math.fsum(math.comb(n, i) * 0.05**i * 0.95 ** (n - i) for i in range(min(k, n) + 1))


def check_scripts(run: Judged) -> None:
    naive = run.naive
    owners = telling_owners(naive)
    if len(owners) < 208:
        assert run.coverage["BL302"].state == "not evaluable"
        return
    uses: dict[str, list[Link]] = defaultdict(list)
    homes = home_scripts(naive)
    for link in naive.profile:
        script = script_of(fold(link))
        at_home = script in homes or script in page_scripts(link.target)
        if script and not at_home and naive.anchor_class(link) in TELLING:
            uses[script].append(link)
    expected = {}
    total = earned(naive)
    for script, links in uses.items():
        users = {naive.actor(x.source) for x in links}
        mine = [
            x for x in links if not qualified(x) and not naive.is_trusted(naive.actor(x.source))
        ]
        counts = Counter(naive.actor(x.source) for x in mine)
        mainly = {owner for owner, count in counts.items() if 2 * count > total[owner]}
        if len(mainly) >= 5 and lower_tail(len(users), len(owners)) < 0.05:
            named = nodes_of(naive, [x for x in mine if naive.actor(x.source) in mainly])
            expected[script] = ("low", len(mainly), len(users), len(owners), named)
    got = {
        x.detail["script"]: (x.level, x.value, x.detail["users"], x.detail["telling"], x.domains)
        for x in run.claims["BL302"]
    }
    assert got == expected
    event(f"{len(got)} scripts")


@oracle(20)
@given(read_abroad())
def test_foreign_scripts(world: World) -> None:
    """BL302: five owners who mainly write a script that hardly anybody else does."""
    with judged(world, "BL302") as run:
        check_scripts(run)


# --- BL303 ---------------------------------------------------------------------------------------

TRADES = ("adult", "casino", "crypto", "essays", "loans", "pharma", "replica")


def readings(text: str) -> list[str]:
    """Return a text as written, and unmasked where one or two signs stand between two letters."""
    kinds = "".join("a" if "a" <= c <= "z" else "1" if c in "013457@$!|" else " " for c in text)
    masked = "a1a" in kinds or "a11a" in kinds
    found = [" ".join(words_in(text))]
    for one in ("i", "l") if masked else ():
        letter = dict(zip("03457@$!|1", f"oeastas{3 * one}", strict=True))
        unmasked = "".join(letter.get(char, char) for char in text)
        found.append(" ".join("".join(c if c.isalnum() else " " for c in unmasked).split()))
    return found


@cache
def trades(text: str) -> dict[str, tuple[int, bool]]:
    """Return by trade how many of its single words a text has, and whether a phrase of it."""
    found = {}
    for trade in TRADES:
        tokens, phrase, named = set(), False, False
        for entry in load_list(f"{trade}_spam").entries:
            needle = " ".join(words_in(entry))
            for reading in readings(text):
                if needle in reading if is_dense(entry) else f" {needle} " in f" {reading} ":
                    named = True
                    if entry.endswith("?"):
                        phrase |= reading == needle
                    elif " " in entry:
                        phrase = True
                    else:
                        tokens.add(entry)
        if named:
            found[trade] = (len(tokens), phrase)
    return found


def own_trades(naive: Naive) -> set[str]:
    names = [naive.site.partition(".")[0], *naive.world.brand, *naive.world.keywords]
    found = set()
    for trade in TRADES:
        entries = [entry.split(" ", 1) for entry in load_list("own_trades").entries]
        terms = [word for kind, word in entries if kind == trade]
        terms += load_list(f"{trade}_spam").entries
        if any(joined(term) in joined(name) for term in terms for name in names):
            found.add(trade)
        users = {naive.actor(x.source) for x in naive.profile if trade in trades(fold(x))}
        if len(users) >= 3 and len(users) >= 0.3 * len(telling_owners(naive)):
            found.add(trade)
    return found


def check_trades(run: Judged) -> None:
    naive = run.naive
    own = own_trades(naive)
    total = earned(naive)
    uses: dict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in naive.earning:
        owner = naive.actor(link.source)
        if naive.anchor_class(link) in TELLING and not naive.is_trusted(owner):
            for trade in set(trades(fold(link))) - own:
                uses[trade, owner].append(link)
    rows: dict[tuple[str, str], list[list[Link]]] = defaultdict(list)
    for (trade, owner), links in uses.items():
        plain = 0
        for link in links:
            tokens, phrase = trades(fold(link))[trade]
            plain += phrase or tokens >= 2
        level = "medium" if plain and 2 * plain >= total[owner] else "low"
        rows[trade, level].append(links)
    assert {
        (x.detail["trade"], x.level): (x.value, x.detail["telling"], x.domains)
        for x in run.claims["BL303"]
    } == {
        key: (
            len(groups),
            len(telling_owners(naive)),
            nodes_of(naive, [x for links in groups for x in links]),
        )
        for key, groups in rows.items()
    }
    for _, level in rows:
        event(level)


@oracle(30)
@given(spammed())
def test_spam_trades(world: World) -> None:
    """BL303: words of a trade that is not the site's own."""
    with judged(world, "BL303") as run:
        assert run.coverage["BL303"].state == "ran"
        check_trades(run)


@pytest.mark.thorough
@pytest.mark.skipif(not THOROUGH, reason="a few examples would not tell")
@pytest.mark.parametrize(("rule", "strategy"), [("BL302", read_abroad()), ("BL303", spammed())])
def test_worlds_make_the_rule_fire(rule: str, strategy: st.SearchStrategy[World]) -> None:
    """The oracles above are held against something: a good part of the worlds has a finding."""
    fired = []

    @oracle(8)
    @given(strategy)
    def count(world: World) -> None:
        with judged(world, rule) as run:
            fired.append(bool(run.claims[rule]))

    count()
    assert sum(fired) >= 2
