"""Every guard of the detectors: how to switch off exactly it, and an honest profile that needs it.

With the guard in place nothing of what `accused` names is said of the profile; without it, it is.
"""

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec
import numpy as np
import polars as pl

from backlint import audit as pipeline
from backlint.decisions.allow import Allowed
from backlint.disavow import guards as refusals
from backlint.engine.duckdb import DuckEngine
from backlint.findings import Claim, level_rank
from backlint.inputs import normalise
from backlint.lists import load_list
from backlint.risk import assess, schemes, score, verdict
from backlint.rules import terms
from profiles import BRAND, KEYWORDS, SITE, Maker, Profile, Row, Run, day

Off = Callable[[], Any]

communities = importlib.import_module("backlint.graph.communities")  # its name is a function's too
cotargets = importlib.import_module("backlint.graph.cotargets")
footprints = importlib.import_module("backlint.graph.footprints")


class Guard(NamedTuple):
    """A guard; `accused` says whether the honest people of the profile have fallen."""

    name: str
    off: Off
    profile: Callable[[], Profile]
    accused: Callable[[Run, set[str]], bool]
    options: Mapping[str, Any] = {}


# --- switching off -------------------------------------------------------------------------------


def _edited(sql: str, old: str, new: str) -> str:
    pattern = r"\s+".join(map(re.escape, old.split()))
    text, count = re.subn(pattern, lambda _: new, sql)
    assert count, f"not in the SQL any more: {old}"
    return text


@contextmanager
def _feature(name: str, old: str, new: str) -> Iterator[None]:
    """Change the SQL of one feature table."""
    changed = [
        msgspec.structs.replace(f, sql=_edited(f.sql, old, new)) if f.name == name else f
        for f in pipeline.load_features()
    ]
    with patch.object(pipeline, "load_features", lambda: changed):
        yield


@contextmanager
def _rule(rule: str, old: str = "", new: str = "", **params: float) -> Iterator[None]:
    """Change the SQL or the parameters of one rule."""
    changed = []
    for each in pipeline.load_rules(()):
        if each.header.id == rule:
            assert params.keys() <= each.header.params.keys()
            header = msgspec.structs.replace(each.header, params={**each.header.params, **params})
            sql = _edited(each.sql, old, new) if old else each.sql
            each = msgspec.structs.replace(each, header=header, sql=sql)
        changed.append(each)
    with patch.object(pipeline, "load_rules", lambda _: changed):
        yield


@contextmanager
def _feature_params(name: str, **params: float) -> Iterator[None]:
    changed = []
    for each in pipeline.load_features():
        if each.name == name:
            assert params.keys() <= each.header.params.keys()
            header = msgspec.structs.replace(each.header, params={**each.header.params, **params})
            each = msgspec.structs.replace(each, header=header)
        changed.append(each)
    with patch.object(pipeline, "load_features", lambda: changed):
        yield


def feature(name: str, old: str, new: str) -> Off:
    """Return the switch that changes the SQL of a feature table."""
    return lambda: _feature(name, old, new)


def feature_params(name: str, **params: float) -> Off:
    """Return the switch that changes parameters of a feature table."""
    return lambda: _feature_params(name, **params)


def rule(name: str, old: str = "", new: str = "", **params: float) -> Off:
    """Return the switch that changes a rule."""
    return lambda: _rule(name, old, new, **params)


def put(where: Any, name: str, value: Any) -> Off:
    """Return the switch that replaces a function or constant."""
    return lambda: patch.object(where, name, value)


def both(*switches: Off) -> Off:
    """Return a switch that throws several."""

    @contextmanager
    def thrown() -> Iterator[None]:
        with ExitStack() as stack:
            for switch in switches:
                stack.enter_context(switch())
            yield

    return thrown


def empty_list(where: Any, name: str) -> Off:
    """Return the switch that empties one of the word or host lists."""
    found = load_list(name)

    def load(asked: str) -> Any:
        if asked == name:
            return msgspec.structs.replace(found, entries=["nothing-of-this-name"])
        return load_list(asked)

    return put(where, "load_list", load)


def domains_sql(old: str, new: str) -> Off:
    """Return the switch that changes how domains become owners."""
    return lambda: patch.object(normalise, "_DOMAINS", _edited(normalise._DOMAINS, old, new))


def link_update(change: str) -> Off:
    """Return the switch that changes all links once they are read."""
    merge = normalise.merge_links

    def merged(engine: DuckEngine, *args: Any, **more: Any) -> None:
        merge(engine, *args, **more)
        engine.run(f"UPDATE links SET {change}")

    return put(normalise, "merge_links", merged)


def unrefused(code: str) -> Off:
    """Return the switch that lets one kind of refusal of the disavow file pass."""
    refuse = refusals.refuse_host

    def without(host: str, given: refusals.Guards) -> Any:
        found = refuse(host, given)
        return None if found and found.code == code else found

    return put(refusals, "refuse_host", without)


def without_platforms() -> Any:
    """Switch off the private section of the Public Suffix List and our own list of platforms."""
    frame = normalise._psl_frame().filter(~pl.col("private"))
    return patch.object(normalise, "_psl_frame", lambda: frame)


# --- accusations ---------------------------------------------------------------------------------


def in_scheme(level: str) -> Callable[[Run, set[str]], bool]:
    """Say whether a scheme of that level or above has at least one of the names as a member."""

    def found(result: Run, names: set[str]) -> bool:
        return any(
            m.role != "target" and m.node in names
            for s in result.audit.schemes
            if level_rank(s.level) >= level_rank(level)
            for m in s.members
        )

    return found


def finding(rule_id: str, level: str = "info") -> Callable[[Run, set[str]], bool]:
    """Say whether a rule accuses one of the names at that level or above."""

    def found(result: Run, names: set[str]) -> bool:
        return any(
            f.rule == rule_id
            and level_rank(f.level) >= level_rank(level)
            and names & set(f.domains)
            for f in result.audit.findings
        )

    return found


def claimed(rule_id: str) -> Callable[[Run, set[str]], bool]:
    """Say whether a rule claims something of one of the names, whatever becomes of the claim."""

    def found(result: Run, names: set[str]) -> bool:
        return any(c.rule == rule_id and names & c.members for c in result.claims)

    return found


def disavowed(result: Run, names: set[str]) -> bool:
    """Say whether one of the names gets the verdict disavow."""
    return any(d.verdict == "disavow" and d.domain in names for d in result.audit.domains)


def suspected(result: Run, names: set[str]) -> bool:
    """Say whether one of the names gets a verdict other than keep."""
    return any(d.verdict in ("disavow", "review") and d.domain in names
               for d in result.audit.domains)  # fmt: skip


# --- honest people -------------------------------------------------------------------------------


GOODS = "the goods"
CLEAR = 400  # sources of a web where ten friends are sure enough to be accused of something


def web(seed: int = 1, sources: int = 50) -> Maker:
    """Return an honest web to put people into."""
    return Maker(seed, sources)


def done(maker: Maker, names: Sequence[str], **more: Any) -> Profile:
    """Return the profile; `names` are the honest people in question."""
    return maker.done()._replace(groups={"honest": tuple(names)}, **more)


def befriend(
    maker: Maker,
    names: Sequence[str],
    *,
    share: float = 0.66,
    ago: int | None = None,
    span: int = 60,
    rel: str = "",
) -> None:
    """Let each of the names link to a share of the others, in a season where `ago` is given."""
    for source in names:
        for target in names:
            if source != target and maker.rng.random() < share:
                when = None if ago is None else ago + maker.rng.randrange(span)
                maker.link(source, target, rel=rel, ago=when)


def greet(maker: Maker, names: Sequence[str], anchor: str = "Oakmoor", **more: Any) -> None:
    """Let each of the names link to the site; GOODS stands for any of the keywords."""
    for index, name in enumerate(names):
        ago = more.get("ago")
        when = None if ago is None else ago + maker.rng.randrange(60)
        text = KEYWORDS[index % 3] if anchor == GOODS else anchor or maker.words()
        maker.link(name, SITE, text, **{**more, "ago": when})


def endorse(maker: Maker, names: Sequence[str], readers: int) -> None:
    """Let so many honest domains link to the names, each to one of them."""
    for index, reader in enumerate(maker.honest[:readers]):
        maker.link(reader, names[index % len(names)])


def friends(
    count: int = 10, *, anchor: str = GOODS, ago: int | None = 300, seed: int = 1, **more: Any
) -> Callable[[], Profile]:
    """Friends with few readers outside; with `ago`, they found each other in one season."""

    def build() -> Profile:
        maker = web(seed, more.get("sources", CLEAR))
        names = [maker.name() for _ in range(count)]
        befriend(maker, names, ago=ago, rel=more.get("rel", ""))
        greet(maker, names, anchor, ago=ago)
        endorse(maker, names, more.get("readers", 2))
        return done(maker, names)

    return build


def guild() -> Profile:
    """A guild with one reader a member, in a land of papers that many read.

    The papers make it known that others could link more. The guild is large and complete, or the
    floor of sureness would spare it as well.
    """
    maker = web(sources=500)
    for _ in range(10):
        paper = maker.name()
        maker.link(paper, maker.third[0])
        for reader in maker.rng.sample(maker.honest, 150):
            maker.link(reader, paper)
    names = [maker.name() for _ in range(40)]
    befriend(maker, names, share=1.0)
    greet(maker, names, GOODS)
    endorse(maker, names, 41)
    return done(maker, names)


def chamber() -> Profile:
    """A chamber of commerce with 40 members, who know two others each; few others link to them."""
    maker = web(sources=200)
    centre, *names = [maker.name() for _ in range(41)]
    for name in names:
        maker.link(centre, name)
        if maker.rng.random() < 0.7:
            maker.link(name, centre)
        for other in maker.rng.sample(names, 2):
            if other != name:
                maker.link(name, other)
    greet(maker, names, GOODS)
    endorse(maker, names, 12)
    return done(maker, names)


def planners() -> Profile:
    """Planners of one town who cite the same five suppliers, as others do, and name the goods."""
    maker = web(sources=100)
    names = [maker.name() for _ in range(9)]
    for supplier in [maker.name() for _ in range(5)]:
        for source in (*maker.rng.sample(names, 7), *maker.rng.sample(maker.honest, 6)):
            maker.link(source, supplier)
    greet(maker, names, GOODS)
    endorse(maker, names, 3)
    return done(maker, names)


def brand_family() -> Profile:
    """A brand under twelve suffixes, every edition linked to every other one."""
    maker = web(sources=CLEAR)
    suffixes = ["com", "de", "fr", "it", "es", "nl", "co.uk", "pl", "se", "be", "at", "ch"]
    names = [f"velbrandhaus.{suffix}" for suffix in suffixes]
    befriend(maker, names)
    greet(maker, names, GOODS)
    return done(maker, names)


def consortium() -> Profile:
    """Universities that joined a project in one season."""
    maker = web(sources=CLEAR)
    names = [maker.name("edu") for _ in range(10)]
    befriend(maker, names)
    greet(maker, names, GOODS)
    return done(maker, names)


def portal() -> Profile:
    """A portal that lists many of the 260 blogs that link to it."""
    maker = Maker(3, 270)
    maker.rows = [row for row in maker.rows if maker.rng.random() < 0.5]
    name = maker.name()
    for blog in maker.honest[:260]:
        maker.link(blog, name)
    for blog in maker.honest[:90]:
        maker.link(name, blog)
    return done(maker, [name])


def webring(length: int, readers: int, ago: int | None = None, seed: int = 1) -> Profile:
    """Hobby sites in a circle."""
    maker = web(seed)
    names = [maker.name() for _ in range(length)]
    for source, target in zip(names, [*names[1:], names[0]], strict=True):
        maker.link(source, target, ago=ago)
    greet(maker, names[:2])
    endorse(maker, names, readers)
    return done(maker, names)


def reading_circle() -> Profile:
    """Bloggers who read each other in turn, and all their club's page; others know them."""
    maker = web(sources=200)
    names, club = [maker.name() for _ in range(6)], maker.name()
    for source, target in zip(names, [*names[1:], names[0]], strict=True):
        maker.link(source, target)
        maker.link(source, club)
    endorse(maker, names, 7)
    return done(maker, names)


def niche(
    readers: int,
    *,
    targets: int = 5,
    others: int = 0,
    seed: int = 1,
    ago: int | None = None,
    sources: int = 50,
) -> Profile:
    """Bloggers who cite the same few small shops; `others` cite them too."""
    maker = web(seed, sources)
    names = [maker.name() for _ in range(9)]
    shops = [maker.name() for _ in range(targets)]
    for shop in shops:
        for name in names:
            maker.link(name, shop, ago=None if ago is None else ago + maker.rng.randrange(60))
        for other in maker.rng.sample(maker.honest, others):
            maker.link(other, shop)
    greet(maker, names[:4], "")
    endorse(maker, names, readers)
    return done(maker, names)


def newswire() -> Profile:
    """A press release with the same title and slug on eight news sites, and brand anchors."""
    maker = web()
    maker.plant("newswire")
    return done(maker, maker.groups["newswire"])


def customers() -> Profile:
    """Shops that a campaign listed in ten town guides; the shops know two of each other."""
    maker = web(1, 100)
    guides = [maker.name() for _ in range(8)]
    shops = [maker.name() for _ in range(8)]
    befriend(maker, guides, ago=300)
    for guide in guides:
        for shop in shops:
            maker.link(guide, shop, ago=300 + maker.rng.randrange(60))
    for one, other in pairwise(shops):
        maker.link(one, other, ago=320)
    greet(maker, shops, GOODS)
    greet(maker, guides, GOODS)
    return done(maker, shops)


def unseen(favourites: int = 5, anchor: str = "", ago: int | None = None) -> Profile:
    """Friends with common favourites in an export that shows no links among all the others."""
    maker = web()
    maker.rows = [row for row in maker.rows if f"//{SITE}" in row.target]
    names = [maker.name() for _ in range(10)]
    befriend(maker, names, ago=ago)
    shops = [maker.name() for _ in range(favourites)]
    for name in names:
        for shop in shops:
            maker.link(name, shop)
    greet(maker, names, anchor, ago=ago)
    for name in maker.honest * 8:
        maker.link(name, maker.name())
    return done(maker, names)


def beloved(anchor: str) -> Profile:
    """Friends of one season with one text of their own in a profile of brand names."""
    maker = web(sources=CLEAR)
    rows = [
        row._replace(anchor="Oakmoor") if f"//{SITE}" in row.target else row for row in maker.rows
    ]
    maker.rows = rows
    names = [maker.name() for _ in range(10)]
    befriend(maker, names, ago=300)
    greet(maker, names, anchor, ago=300)
    return done(maker, names)


def selling(*names: str) -> Callable[[], Profile]:
    """Hosts where a stranger left a seller's anchor."""

    def build() -> Profile:
        maker = web()
        for name in (*names, maker.name()):
            maker.link(name, SITE, "Cheap dofollow backlinks, telegram @linkking77")
        return done(maker, names)

    return build


def siblings(*labels: str, root: str, others: int = 0) -> Callable[[], Profile]:
    """Hosts of one domain that link to each other."""

    def build() -> Profile:
        maker = web()
        hosts = [f"{label}.{root}" for label in labels]
        for source in hosts:
            for target in hosts:
                if source != target:
                    maker.link(source, target)
        maker.mention(hosts[0])
        return done(maker, [root, *hosts])

    return build


def one_comment() -> Profile:
    """Blogs that readers link from, each with one comment that a stranger left."""
    maker = web()
    names = [maker.name() for _ in range(3)]
    for name in names:
        for _ in range(4):
            maker.link(name, SITE, maker.words())
        maker.link(name, SITE, "Cheap dofollow backlinks, telegram @linkking77")
    return done(maker, names)


def partners() -> Profile:
    """Sites that link to the shop, and to some of which it links back."""
    maker = web(1, 20)
    names = [maker.name() for _ in range(14)]
    greet(maker, names)
    return done(maker, names)


def keep_to_site(maker: Maker, count: int) -> None:
    """Let only so many of the honest domains link to the site."""
    kept = set(maker.honest[:count])
    maker.rows = [
        row
        for row in maker.rows
        if f"//{SITE}" not in row.target or row.source.split("/")[2] in kept
    ]


def suppliers() -> Profile:
    """A small shop and its suppliers, who all link to each other."""
    maker = web()
    keep_to_site(maker, 4)
    names = [maker.name() for _ in range(9)]
    befriend(maker, [*names, SITE])
    greet(maker, names, GOODS)
    return done(maker, [SITE])


def few_others() -> Profile:
    """Friends in a profile of few others, who happen to use no keywords."""
    maker = web(sources=CLEAR)
    keep_to_site(maker, 12)
    names = [maker.name() for _ in range(9)]
    befriend(maker, names)
    greet(maker, names, GOODS)
    return done(maker, names)


def namesake() -> Profile:
    """A shop of the same name as a member of a farm, under another suffix."""
    maker = web(sources=CLEAR)
    names = [maker.name() for _ in range(9)] + ["velbrandhaus.net"]
    befriend(maker, names)
    greet(maker, names, GOODS)
    maker.link("velbrandhaus.de", SITE, "Oakmoor")
    maker.link("velbrandhaus.de", maker.honest[0])
    return done(maker, ["velbrandhaus.de"])


def quoted_offer() -> Profile:
    """A reader quotes the offer that came by mail."""
    maker = web()
    name = maker.name()
    maker.link(name, SITE, "they wrote: buy dofollow backlinks, telegram @linkking77")
    return done(maker, [name])


def vendors() -> Profile:
    """Firms that credit each other and the shop again and again, at times with a keyword."""
    profile = friends(10, anchor="", ago=None)()
    maker = web(2)
    names = profile.groups["honest"]
    for name in names:
        for word in ("Oakmoor", "Oakmoor", "Oakmoor", KEYWORDS[0], KEYWORDS[1]):
            maker.link(name, SITE, word)
    rows = [row for row in maker.rows if row.source.split("/")[2] in names]
    return profile.having(*rows)


def told_by_own_pages() -> Profile:
    """A press release on sites that speak of the goods on other pages."""
    maker = web()
    names = [maker.name() for _ in range(8)]
    for index, name in enumerate(names):
        maker.link(
            name,
            SITE,
            "Oakmoor",
            title="Oakmoor opens in the old mill",
            path="oakmoor-opens-in-the-old-mill",
        )
        for page in range(2):
            maker.link(name, SITE, KEYWORDS[(index + page) % 3])
    return done(maker, names)  # fmt: skip


def series() -> Profile:
    """Clubs that carry three pieces of one author, each piece with its one anchor."""
    maker = web()
    names = [maker.name() for _ in range(8)]
    for name in names:
        for index, word in enumerate(KEYWORDS[:3]):
            maker.link(
                name,
                SITE,
                word,
                title=f"The story of the oak, part {'abc'[index]}",
                path=f"the-story-of-the-oak-{'abc'[index]}",
            )
    return done(maker, names)  # fmt: skip


def tool_site() -> Profile:
    """The site sells an SEO course; readers link to it with its subject and its tutor's address."""
    maker = web()
    names = [maker.name() for _ in range(3)]
    for name in names:
        maker.link(name, SITE, "Oak guide to dofollow backlinks, ask tutor@treecourse.com")
    return done(maker, names, keywords=(*KEYWORDS, "dofollow backlinks"))


def tool_brand() -> Profile:
    """The site's brand is made of a seller's words."""
    maker = web()
    names = [maker.name() for _ in range(3)]
    for name in names:
        maker.link(name, SITE, "Buy Backlinks Monitor, help@buybacklinksmonitor.com")
    return done(maker, names, brand=(*BRAND, "Buy Backlinks Monitor"))


def article() -> Profile:
    """Articles about link selling: the phrase without a way to buy."""
    maker = web()
    names = [maker.name() for _ in range(3)]
    for name in names:
        maker.link(name, SITE, "why we never buy backlinks")
    return done(maker, names)


def small_profile() -> Profile:
    """Ten domains in all, most of which call the site by what it sells."""
    names = [f"sender{i}{i}.com" for i in range(10)]
    rows = [
        Row(f"https://{n}/page-{i}", f"https://{SITE}/", KEYWORDS[0]) for i, n in enumerate(names)
    ]
    return Profile(tuple(rows), {"honest": tuple(names)})


def exact_domain() -> Profile:
    """A shop whose domain is what it sells: its name is its keyword."""
    maker = web()
    names = [maker.name() for _ in range(30)]
    for name in names:
        maker.link(name, "oakchairs.com", "Oak Chairs")
    rows = tuple(
        r for r in maker.rows if f"//{SITE}" not in r.target and f"//{SITE}" not in r.source
    )
    return Profile(
        rows, {"honest": tuple(names)}, (), "oakchairs.com", (), ("oak chairs", *KEYWORDS)
    )


def quoted() -> Profile:
    """Forty readers quote the title of one article."""
    maker = web()
    names = [maker.name() for _ in range(40)]
    for name in names:
        maker.link(name, SITE, "How to oil an old oak table", to="blog/oiling-an-old-oak-table")
    return done(maker, names, keywords=())


def same_pages(title: str, path: str, *, count: int = 6, anchor: str = "") -> Callable[[], Profile]:
    """Sites with the same page title or path around their own words about the site."""

    def build() -> Profile:
        maker = web()
        names = [maker.name() for _ in range(count)]
        for index, name in enumerate(names):
            maker.link(
                name,
                SITE,
                anchor or maker.words(),
                title=title or maker.words(),
                path=path or f"{index}{index}",
            )
        return done(maker, names)

    return build


def designer() -> Profile:
    """Clients of one designer: the same two credits in the footer."""
    return niche(4, targets=2)


def link_pages() -> Profile:
    """Honest sites whose page of recommendations is called /links/."""
    maker = web()
    names = [maker.name() for _ in range(12)]
    for index, name in enumerate(names):
        maker.link(name, SITE, "Oakmoor", path=f"links/{index}.html")
    return done(maker, names)


def guides_of_towns() -> Profile:
    """Town guides of institutions with long lists of links."""
    maker = web()
    names = [maker.name("gov") for _ in range(11)]
    for name in names:
        maker.link(name, SITE, "Oakmoor", path="links/local.html")
        for target in maker.rng.sample([*maker.honest, *maker.third], 25):
            maker.link(name, target, path="links/all.html")
    return done(maker, names)


def crawled_at_once() -> Profile:
    """Friends in an export that dates every link by its own first crawl."""
    profile = friends(10, anchor="")()
    rows = tuple(row._replace(first_seen=day(400 - i % 30)) for i, row in enumerate(profile.rows))
    return profile._replace(rows=rows)


def only_nofollow_to_site() -> Profile:
    """Friends of one season whose links to the site are all nofollow."""
    profile = friends(10)()
    names = profile.groups["honest"]
    rows = tuple(
        row._replace(rel="nofollow")
        if f"//{SITE}" in row.target and row.source.split("/")[2] in names
        else row
        for row in profile.rows
    )
    return profile._replace(rows=rows)


def gone() -> Profile:
    """Friends of one season who took all their links down."""
    profile = friends(10)()
    names = profile.groups["honest"]
    rows = tuple(
        row._replace(lost="true" if row.source.split("/")[2] in names else "false")
        for row in profile.rows
    )
    return profile._replace(rows=rows)


def one_of_them() -> Profile:
    """A farm with optimised anchors; one of its members is in question."""
    profile = friends(10)()
    return profile._replace(groups={"honest": profile.groups["honest"][:1]})


def busy_circle() -> Profile:
    """Five bloggers in a circle, each of whom links to many: chance makes many such circles."""
    maker = web(1, 80)
    names = [maker.name() for _ in range(5)]
    for source, target in zip(names, [*names[1:], names[0]], strict=True):
        maker.link(source, target)
        for other in maker.rng.sample([*maker.honest, *maker.third], 24):
            maker.link(source, other)
    greet(maker, names)
    endorse(maker, names, 8)
    return done(maker, names)


def loose(count: int = 8) -> Profile:
    """Acquaintances with few links among them, all of one season."""
    maker = web()
    names = [maker.name() for _ in range(count)]
    for index, name in enumerate(names):
        for step in (1, 2):
            maker.link(name, names[(index + step) % count], ago=300 + index)
    greet(maker, names, GOODS, ago=300)
    return done(maker, names)


def club(readers: int, sources: int = 50) -> Profile:
    """Friends who share five favourite shops, and are read by others."""
    maker = web(1, sources)
    names = [maker.name() for _ in range(10)]
    shops = [maker.name() for _ in range(5)]
    befriend(maker, names)
    for name in names:
        for shop in shops:
            maker.link(name, shop)
    greet(maker, names, "")
    endorse(maker, names, readers)
    return done(maker, names)


def popular_favourites() -> Profile:
    """Friends who cite the same shops; many others cite them as well."""
    maker = web(1, 500)
    names = [maker.name() for _ in range(11)]
    shops = [maker.name() for _ in range(5)]
    befriend(maker, names)
    for shop in shops:
        for name in (*names, *maker.rng.sample(maker.honest, 27)):
            maker.link(name, shop)
    greet(maker, names, "")
    return done(maker, names)


def all_keywords() -> Profile:
    """A profile in which everybody names the goods, some friends among them."""
    profile = friends(10, anchor=KEYWORDS[0], ago=None)()
    rows = tuple(
        row._replace(anchor=KEYWORDS[index % 3]) if f"//{SITE}" in row.target else row
        for index, row in enumerate(profile.rows)
    )
    return profile._replace(rows=rows)


def quoting_friends() -> Profile:
    """Friends who quote the title of one article; no keywords were given."""
    profile = friends(10, anchor="How to oil an old oak table", ago=None)()
    return profile._replace(keywords=())


def most_of_the_web() -> Profile:
    """Friends whose links are most of the data, so that chance alone gives them many targets."""
    maker = web(1, 60)
    names = [maker.name() for _ in range(22)]
    befriend(maker, names)
    for name in names:
        for target in maker.rng.sample(maker.third, 9):
            maker.link(name, target)
    greet(maker, names, "")
    return done(maker, names)


def follower_papers() -> Profile:
    """A farm with shared titles; six newspapers carry the title of one of its pages."""
    maker = web(sources=CLEAR)
    names = [maker.name() for _ in range(12)]
    papers = [maker.name() for _ in range(7)]
    befriend(maker, names, ago=300)
    for name in (*names, *papers):
        maker.link(
            name,
            SITE,
            maker.rng.choice(KEYWORDS) if name in names else "Oakmoor",
            title="The only guide to oak tables",
        )
    return done(maker, papers)


LOST = ("source_url", "target_url", "anchor", "rel", "first_seen", "title", "lost")
ME = one_of_them().groups["honest"][0]
PEOPLE = ["anna", "bella", "carla", "dora", "emma", "fiona", "gina", "helga", "ines"]
SHELVES = ["blog", "shop", "help", "docs", "news", "forum", "status", "careers", "press"]
TONGUES = ["en", "de", "fr", "it", "es", "nl", "pl", "se", "pt"]
FACULTIES = [
    "biology",
    "physics",
    "history",
    "chemistry",
    "maths",
    "music",
    "law",
    "medicine",
    "arts",
]

_close = schemes._close


def _drawn_in(group: list[Claim]) -> schemes.Group:
    """Let weaker claims add members too."""
    level = next(claim.level for claim in group if claim.scheme)
    equal = [msgspec.structs.replace(claim, level=level) for claim in group]
    return _close(group)._replace(members=_close(equal).members)


_scale = pipeline._scale
_psl_frame = inspect.unwrap(normalise._psl_frame)

NO_TRUST_POINTS = put(pipeline, "_scale", lambda rules: _scale(rules)._replace(trust=0.0))
NO_TRUST_FLAG = put(
    pipeline, "_protection", lambda given: lambda host, _: refusals.refusal(host, given)
)


GUARDS = [
    Guard(
        "families: a brand over suffixes is one owner",
        domains_sql("length(label) >= 4", "length(label) >= 99"),
        brand_family,
        disavowed,
    ),
    Guard(
        "trusted owners are no part of structure",
        feature("actor_degrees", "(trusted OR sampled", "(sampled"),
        consortium,
        in_scheme("high"),
    ),
    Guard(
        "hubs by in-links are no part of structure",
        feature("actor_degrees", "(trusted OR sampled OR in_links > greatest(200, "
                "(SELECT p995 FROM limit_)))", "trusted"),
        portal,
        finding("BL102"),
        {"crawl": True, "site": False},
    ),
    Guard(
        "reciprocity is counted where out-links are known",
        feature("actor_degrees", "actor_id IN (SELECT actor_id FROM complete) AS known_out",
                "true AS known_out"),
        partners,
        finding("BL102"),
        {"crawled": [Row(f"https://{SITE}/friends", f"https://{name}/", name)
                     for name in partners().groups["honest"]]},
    ),
    Guard(
        "the audited site is no member of anything",
        feature("structure", "AND NOT s.is_site AND NOT t.is_site", ""),
        suppliers,
        claimed("BL202"),
    ),
    Guard(
        "isolation of a ring",
        rule("BL103", min_isolation=0.0),
        lambda: webring(7, 28),
        finding("BL103"),
    ),
    Guard(
        "isolation of a wheel",
        rule("BL104", min_isolation=0.0),
        reading_circle,
        finding("BL104"),
    ),
    Guard(
        "isolation of a group with shared targets",
        rule("BL201", min_isolation=0.0),
        lambda: niche(40, ago=300),
        finding("BL201"),
    ),
    Guard(
        "isolation of a dense group",
        rule("BL202", min_isolation=0.0),
        guild,
        finding("BL202", "medium"),
    ),
    Guard(
        "a group that others link to as to anybody stays low",
        feature("candidate_counts",
                "seen.looked AND x.endorsers <= 0.5 * s.size * seen.mean_in",
                "seen.looked"),
        friends(30, readers=22, ago=None),
        disavowed,
    ),
    Guard(
        "what is not sure at all stays low: vendors who recommend each other",
        rule("BL202", sure_at_all=0.0),
        friends(ago=None, sources=100),
        disavowed,
    ),
    Guard(
        "what is not sure at all stays low: a chamber of commerce",
        rule("BL202", sure_at_all=0.0),
        chamber,
        disavowed,
    ),
    Guard(
        "what is not sure at all stays low: a group with shared targets",
        rule("BL201", sure_at_all=0.0),
        planners,
        disavowed,
    ),
    Guard(
        "isolation counts only where others are linked to",
        rule("BL202", "s.isolation_known AND", ""),
        lambda: unseen(0, GOODS),
        finding("BL202", "high"),
    ),
    Guard(
        "rarity of a ring",
        rule("BL103", max_rarity=1e9),
        busy_circle,
        finding("BL103"),
    ),
    Guard(
        "a ring of three needs a second sign",
        rule("BL103", "s.size >= 4", "s.size >= 3"),
        lambda: webring(3, 0),
        finding("BL103"),
    ),
    Guard(
        "a dense group must be denser than chance and search allow",
        feature("candidate_stats", "JOIN candidate_tails t",
                "JOIN (SELECT * REPLACE (0.0 AS needed) FROM candidate_tails) t"),
        loose,
        disavowed,
    ),
    Guard(
        "the graph alone never says high",
        rule("BL202", "ELSE 'low' END", "ELSE 'high' END"),
        friends(anchor="", ago=None),
        in_scheme("medium"),
    ),
    Guard(
        "give and take inside a community",
        both(
            put(communities, "between_circuits", lambda edges: np.ones(len(edges.ids), dtype=bool)),
            put(communities, "_expanded", lambda web, groups: set()),
        ),
        customers,
        claimed("BL202"),
    ),
    Guard(
        "three captured targets",
        both(rule("BL201", min_captured=1), put(cotargets, "MIN_CAUGHT", 1)),
        lambda: niche(4, targets=2, sources=150),
        finding("BL201"),
    ),
    Guard(
        "capture of at least 30%",
        feature_params("captured_targets", min_capture=0.0),
        popular_favourites,
        finding("BL201"),
    ),
    Guard(
        "capture beyond the group's own share of links",
        feature_params("captured_targets", max_expected=1e9),
        most_of_the_web,
        finding("BL201"),
    ),
    Guard(
        "dense groups with shared targets need the test of BL202",
        rule("BL201", max_density=1.0),
        lambda: club(13),
        finding("BL201"),
    ),
    Guard(
        "brand anchors of a footprint",
        rule("BL206", "WHEN s.branded >= 0.5 * s.anchored THEN 'low'", ""),
        newswire,
        finding("BL206", "medium"),
    ),
    Guard(
        "a copied story carries its one anchor along",
        rule("BL206", min_texts=0),
        same_pages("The story of the oak tables", "the-story-of-oak", anchor=KEYWORDS[0]),
        finding("BL206", "high"),
    ),
    Guard(
        "titles of fewer than three words are no signature",
        feature("signed_links", "length(key) >= 15 AND key LIKE '% % %'", "length(key) >= 1"),
        same_pages("Home page", ""),
        finding("BL206"),
    ),
    Guard(
        "generic paths are no signature",
        empty_list(terms, "generic_paths"),
        same_pages("Our terms of service and more", "terms-of-service"),
        finding("BL206", "medium"),
    ),
    Guard(
        "the site's own slugs are no signature",
        feature("alike_pages", "AND s.path NOT IN (SELECT slug FROM site_slugs)", ""),
        same_pages("The terms of oiling a table", "review/oiling-an-old-oak-table"),
        finding("BL206", "medium"),
    ),
    Guard(
        "what more than 200 owners share says nothing",
        put(footprints, "MAX_HOLDERS", 9999),
        same_pages("A widely copied quotation of all", "the-widely-copied-quotation", count=230),
        finding("BL206"),
    ),
    Guard(
        "nofollow links are no evidence",
        link_update("qualified = false"),
        friends(rel="nofollow"),
        in_scheme("medium"),
    ),
    Guard(
        "lost links are no evidence",
        link_update("lost = false"),
        gone,
        disavowed,
        {"columns": LOST},
    ),
    Guard(
        "nofollow links to the site are nothing to disavow",
        put(assess, "judge", lambda s: verdict.judge(s._replace(credit=max(s.credit, 1)))),
        only_nofollow_to_site,
        suspected,
    ),
    Guard(
        "money anchors are held against the rest of the profile",
        both(feature("candidate_stats", "b.decades >= 3", "b.decades >= 0"),
             rule("BL305", min_decades=0)),
        all_keywords,
        in_scheme("high"),
    ),
    Guard(
        "the rest of the profile must be large enough",
        both(feature("candidate_stats", "AND a.rest >= 20", ""), rule("BL305", min_rest=0)),
        few_others,
        disavowed,
    ),
    Guard(
        "repeated texts without keywords are no money anchors",
        feature("candidate_stats", "AND NOT a.inferred", ""),
        quoting_friends,
        in_scheme("high"),
    ),
    Guard(
        "a repeated text that is no keyword is judged more mildly",
        rule("BL301", "WHEN s.class = 'other' THEN CASE WHEN b.bound > $high THEN 'low' "
             "ELSE 'info' END", ""),
        quoted,
        finding("BL301", "medium"),
    ),
    Guard(
        "the domain's own name is a brand, also where it is a keyword",
        put(pipeline.facts, "brand_labels", lambda _: {}),
        exact_domain,
        finding("BL301"),
    ),
    Guard(
        "no share of anchors from fewer than 20 domains",
        rule("BL301", min_domains=1),
        small_profile,
        finding("BL301", "medium"),
    ),
    Guard(
        "the site's own vertical is no seller's offer",
        feature("sale_texts", "WHERE NOT EXISTS (SELECT 1 FROM keywords k "
                "WHERE contains(k.words, p.words))", ""),
        tool_site,
        disavowed,
    ),
    Guard(
        "a brand of a seller's words is no offer",
        rule("BL304", "AND a.class <> 'brand'", ""),
        tool_brand,
        disavowed,
    ),
    Guard(
        "a seller's phrase without a contact is a topic",
        rule("BL304", "CASE WHEN u.contact IS NOT NULL THEN u.links ELSE 0 END", "u.links"),
        article,
        suspected,
    ),
    Guard(
        "an offer that stands alone may be quoted",
        rule("BL304", min_sites=1),
        quoted_offer,
        disavowed,
    ),
    Guard(
        "most links of a member, not one of many",
        feature("candidate_owners", "2 * f.money_links > f.links", "f.money_links > 0"),
        vendors,
        in_scheme("high"),
    ),
    Guard(
        "a footprint is judged by its shared pages",
        both(feature("candidate_pages", "AND l.source_url = p.source_url", ""),
             rule("BL206", min_texts=0)),
        told_by_own_pages,
        finding("BL206", "high"),
    ),
    Guard(
        "each piece of a series carries its own anchor along",
        feature_params("candidate_anchors", max_same=1.0),
        series,
        finding("BL206", "high"),
    ),
    Guard(
        "one comment condemns no blog",
        rule("BL304", min_share=0.0),
        one_comment,
        disavowed,
    ),
    Guard(
        "two of three signs make a directory",
        rule("BL401", "THEN 1 ELSE 0 END >= 2", "THEN 1 ELSE 0 END >= 1"),
        link_pages,
        finding("BL401"),
    ),
    Guard(
        "institutions are no directories",
        feature("directory_pages", "AND NOT d.trusted", ""),
        guides_of_towns,
        finding("BL401"),
    ),
    Guard(
        "dates are held against the dates of everybody",
        feature("candidate_stats", "w.decades >= 3", "w.decades >= 0"),
        crawled_at_once,
        in_scheme("medium"),
    ),
    Guard(
        "platforms: each of their sub-hosts is a publisher (suffix list)",
        without_platforms,
        siblings(*PEOPLE, root="blogspot.com"),
        finding("BL208"),
    ),
    Guard(
        "platforms: each of their sub-hosts is a publisher (our list)",
        both(empty_list(normalise, "platforms"), put(normalise, "_psl_frame", _psl_frame)),
        siblings(*PEOPLE, root="wordpress.com"),
        finding("BL208"),
    ),
    Guard(
        "a company's own subdomains are no network",
        empty_list(terms, "subdomain_labels"),
        siblings(*SHELVES, root="velbrandhaus.com"),
        finding("BL208"),
    ),
    Guard(
        "language subdomains are no network",
        feature("sibling_hosts", "length(split_part(h.host, '.', 1)) > 2", "true"),
        siblings(*TONGUES, root="velbrandhaus.com"),
        finding("BL208"),
    ),
    Guard(
        "subdomains of an institution are no network",
        feature("sibling_hosts", "AND NOT d.trusted", ""),
        siblings(*FACULTIES, root="elmstate.edu"),
        finding("BL208"),
    ),
    Guard(
        "a namesake is not accused with a member",
        feature("candidate_nodes", "AND e.target = l.target", ""),
        namesake,
        in_scheme("high"),
    ),
    Guard(
        "two groups of evidence",
        put(assess, "judged_band", lambda steps: score.band_of(score.score(score.total(steps)))),
        unseen,
        disavowed,
    ),
    Guard(
        "time agrees with everything and counts for nothing",
        put(score, "SILENT", ("trust",)),
        lambda: unseen(5, "", 300),
        disavowed,
    ),
    Guard(
        "brake of a profile of brand names",
        put(pipeline.facts, "brake", lambda _: None),
        lambda: beloved(GOODS),
        disavowed,
    ),
    Guard(
        "nobody is drawn into a scheme by a weaker claim",
        put(schemes, "_close", _drawn_in),
        follower_papers,
        in_scheme("high"),
    ),
    Guard("own sites", unrefused("DF205"), one_of_them, disavowed, {"own": [ME]}),
    Guard("allow-list", unrefused("DF208"), one_of_them, disavowed, {"allow": [Allowed(ME)]}),
    Guard("IP addresses", unrefused("DF201"), selling("203.0.113.9"), disavowed),
]  # fmt: skip


class Layers(NamedTuple):
    """Guards that stand behind each other: one may fail, and the others still hold."""

    name: str
    offs: tuple[Off, ...]
    profile: Callable[[], Profile]
    accused: Callable[[Run, set[str]], bool]


LAYERS = [
    Layers(
        "groups that chance and the search explain",
        (rule("BL202", "s.decades >= s.needed", "true"), rule("BL202", sure_at_all=0.0)),
        loose,
        disavowed,
    ),
    Layers(
        "domains under a trusted suffix",
        (NO_TRUST_POINTS, NO_TRUST_FLAG),
        selling("elmstate.edu"),
        disavowed,
    ),
    Layers(
        "domains on the trusted list",
        (NO_TRUST_POINTS, NO_TRUST_FLAG, unrefused("DF209")),
        selling("stackoverflow.com"),
        disavowed,
    ),
    Layers(
        "platform roots",
        (NO_TRUST_POINTS, NO_TRUST_FLAG, unrefused("DF204")),
        selling("wordpress.com"),
        disavowed,
    ),
    Layers(
        "public suffixes",
        (NO_TRUST_POINTS, NO_TRUST_FLAG, unrefused("DF202")),
        selling("github.io"),
        disavowed,
    ),
]
