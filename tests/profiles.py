"""Small structured profiles for property tests, and the whole way run over them.

An honest web around one shop, with planted rings, wheels, farms, networks, footprints, subdomains,
directories and sellers in it, and random noise. A seed gives the same profile on every machine.
"""

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from unittest.mock import patch

import msgspec
import polars as pl
from hypothesis import strategies as st

from backlint import audit as pipeline
from backlint import cases
from backlint.engine.base import Engine
from backlint.findings import Audit, Claim, Coverage
from backlint.inputs import normalise
from backlint.report.json import encode_json
from backlint.rules import features
from backlint.rules.catalog import load_rules
from backlint.simulate import Simulation, simulate

COLUMNS = cases.COLUMNS
CRAWL = ("Type", "Source", "Destination", "Anchor", "Rel", "Follow")

SITE = "oakmoor.com"
BRAND = ("Oakmoor",)
KEYWORDS = ("buy oak chairs", "cheap oak tables", "oak furniture sale")
PAGES = ("", "about", "chairs", "tables/dining", "blog/oiling-an-old-oak-table")
TRUSTED = ("elmstate.edu", "harbourtown.gov", "northdale.ac.uk", "fernhill.edu")
AS_OF = "2026-11-01"
PLANTS = (
    "ring", "wheel", "farm", "pbn", "footprint", "directory", "subdomains", "seller", "newswire",
)  # fmt: skip

_TLDS = ("com", "com", "net", "org", "info", "de", "co.uk")
_NOUNS = ("garden", "harbour", "kitchen", "orchard", "winter", "letter", "meadow", "window")
_ALL_DAYS = 1500


class Row(NamedTuple):
    """One link as a file states it."""

    source: str
    target: str
    anchor: str = ""
    rel: str = ""
    first_seen: str = ""
    title: str = ""
    lost: str = ""


class Profile(NamedTuple):
    """A profile and the truth about it; `groups` maps a plant to the domains of its members."""

    rows: tuple[Row, ...]
    groups: Mapping[str, tuple[str, ...]]
    honest: tuple[str, ...] = ()
    site: str = SITE
    brand: tuple[str, ...] = BRAND
    keywords: tuple[str, ...] = KEYWORDS
    origin: str = "by hand"

    def __repr__(self) -> str:
        """Return where the profile comes from: its rows would fill pages."""
        return f"Profile({self.origin}, {len(self.rows)} rows)"

    def having(self, *rows: Row) -> "Profile":
        """Return the profile with more rows."""
        return self._replace(rows=(*self.rows, *rows))

    def members(self) -> list[str]:
        """Return all members of all plants, sorted."""
        return sorted({name for group in self.groups.values() for name in group})


def day(ago: int) -> str:
    """Return the date so many days before AS_OF."""
    import datetime

    return (datetime.date.fromisoformat(AS_OF) - datetime.timedelta(days=ago)).isoformat()


class Maker:
    """Draws an honest web and plants into it, all from one seed."""

    def __init__(self, seed: int, sources: int = 50) -> None:
        """Make the honest web: sources that link to the site, each other and third parties."""
        self.rng = Random(f"profile {seed}")
        self.taken: set[str] = set()
        self.rows: list[Row] = []
        self.groups: dict[str, tuple[str, ...]] = {}
        self.honest = [self.name() for _ in range(sources)]
        self.third = [self.name() for _ in range(sources)]
        self._backdrop()

    def done(self) -> Profile:
        """Return what was made, shuffled."""
        rows = list(dict.fromkeys(self.rows))
        self.rng.shuffle(rows)
        return Profile(tuple(rows), dict(self.groups), tuple(self.honest))

    def name(self, tld: str = "") -> str:
        """Return a new domain with a label of its own."""
        while True:
            syllables = [
                self.rng.choice("bdfgklmnprstvz") + self.rng.choice("aeiou") for _ in range(4)
            ]
            label = "".join(syllables)
            if label not in self.taken:
                self.taken.add(label)
                return f"{label}.{tld or self.rng.choice(_TLDS)}"

    def words(self) -> str:
        """Return three words and a number that nobody else writes."""
        nouns = " ".join(self.rng.sample(_NOUNS, 3))
        return f"{nouns} {self.rng.randrange(10**6)}"

    def link(
        self,
        source: str,
        target: str,
        anchor: str | None = None,
        *,
        rel: str = "",
        ago: int | None = None,
        title: str | None = None,
        path: str | None = None,
        to: str = "",
    ) -> None:
        """Add one link; what is not given is drawn as honest people would write it."""
        words = self.words()
        path = words.replace(" ", "-") if path is None else path
        when = self.rng.randrange(_ALL_DAYS) if ago is None else ago
        self.rows.append(
            Row(
                f"https://{source}/{path}",
                f"https://{target}/{to}",
                target if anchor is None else anchor,
                rel,
                day(when),
                words.title() if title is None else title,
            )
        )

    def mention(self, source: str, rel: str = "") -> None:
        """Add an honest link to the site."""
        anchor = self.rng.choice(("Oakmoor", "Oakmoor", "www.oakmoor.com", self.words(), "here"))
        self.link(source, SITE, anchor, rel=rel, to=self.rng.choice(PAGES))

    def money(self, source: str, ago: int, to: str = "") -> None:
        """Add an optimised link to the site; one in five is harmless."""
        anchor = "Oakmoor" if self.rng.random() < 0.2 else self.rng.choice(KEYWORDS)
        self.link(source, SITE, anchor, ago=ago, to=to)

    def camouflage(self, source: str, count: int) -> None:
        """Add links of a member to trusted and to honest domains."""
        for _ in range(count):
            self.link(source, self.rng.choice((*TRUSTED, *self.honest, *self.third)))

    def members(self, plant: str, low: int, high: int) -> list[str]:
        """Return new members of a plant, each with some camouflage."""
        names = [self.name() for _ in range(self.rng.randint(low, high))]
        self.groups[plant] = tuple(names)
        for name in names:
            self.camouflage(name, self.rng.randint(1, 4))
        return names

    def _backdrop(self) -> None:
        rng = self.rng
        for source in self.honest:
            rel = "nofollow" if rng.random() < 0.15 else ""
            for _ in range(rng.choice((1, 1, 1, 2, 4))):
                self.mention(source, rel)
            others = [*self.honest, *self.third, *self.third]
            for target in rng.sample(others, rng.randint(2, 6)):
                if target != source:
                    self.link(source, target, rel=rng.choice(("", "", "", "nofollow", "ugc")))
            self.link(source, rng.choice(TRUSTED))
        for name in TRUSTED[:2]:
            self.mention(name)
        for target in rng.sample(self.honest, 3):
            self.link(SITE, target)

    def plant(self, kind: str) -> None:
        """Add one scheme or hard negative by name."""
        getattr(self, f"_{kind}")()

    def _ring(self) -> None:
        names, newest = self.members("ring", 5, 7), self.rng.randrange(900)
        for source, target in zip(names, [*names[1:], names[0]], strict=True):
            self.link(source, target, ago=newest + self.rng.randrange(60))
        for name in names[1:]:
            self.money(name, newest + self.rng.randrange(60), self.rng.choice(PAGES))

    def _wheel(self) -> None:
        names, newest = self.members("wheel", 5, 6), self.rng.randrange(900)
        hub = self.name()
        for source, target in zip(names, [*names[1:], names[0]], strict=True):
            self.link(source, target, ago=newest + self.rng.randrange(60))
        for name in names:
            self.link(name, hub, "best deals", ago=newest + self.rng.randrange(60))
            self.money(name, newest + self.rng.randrange(60), "chairs")

    def _farm(self) -> None:
        names, newest = self.members("farm", 10, 14), self.rng.randrange(900)
        for source in names:
            for target in names:
                if source != target and self.rng.random() < 0.5:
                    self.link(source, target, ago=newest + self.rng.randrange(300))
            self.money(source, newest + self.rng.randrange(300), self.rng.choice(PAGES))

    def _pbn(self) -> None:
        names, newest = self.members("pbn", 8, 11), self.rng.randrange(900)
        shops = [self.name() for _ in range(5)]
        for source in names:
            for shop in self.rng.sample(shops, 4):
                self.link(source, shop, "best deals", ago=newest + self.rng.randrange(80))
            self.money(source, newest + self.rng.randrange(80), self.rng.choice(PAGES[2:]))

    def _footprint(self) -> None:
        names, newest = self.members("footprint", 6, 9), self.rng.randrange(900)
        for index, name in enumerate(names):
            for text in (("first", "second"), ("second",), ("first",))[index % 3]:
                self.link(
                    name,
                    SITE,
                    self.rng.choice(KEYWORDS[:2]),
                    ago=newest + self.rng.randrange(150),
                    title=f"The {text} guide to oak chairs and tables",
                    path=f"news/the-{text}-guide-to-oak",
                    to="chairs",
                )

    def _newswire(self) -> None:
        names, newest = self.members("newswire", 6, 9), self.rng.randrange(900)
        for index, name in enumerate(names):
            self.link(
                name,
                SITE,
                self.rng.choice(("Oakmoor", "www.oakmoor.com")),
                rel="nofollow" if index % 3 == 2 else "",
                ago=newest + self.rng.randrange(4),
                title="Oakmoor opens a new workshop in Port Ellen",
                path="press/oakmoor-opens-a-new-workshop",
            )

    def _directory(self) -> None:
        names, newest = self.members("directory", 10, 13), self.rng.randrange(900)
        listing = "Oakmoor - Chairs, Tables and More Since 1980"
        for name in names:
            self.link(
                name,
                SITE,
                "Oakmoor - Chairs, Tables and More Since 1980",
                ago=newest + self.rng.randrange(30),
                title=f"{listing} | {name}",
                path=f"directory/furniture/detail-{self.rng.randrange(10**5)}.html",
            )
            for target in self.rng.sample([*self.honest, *self.third], 22):
                self.link(name, target, path="directory/all")

    def _subdomains(self) -> None:
        root = self.name("com")
        hosts = [f"{word}{index}.{root}" for index, word in enumerate((*_NOUNS, *_NOUNS[:2]))]
        self.groups["subdomains"] = (root,)
        for source in hosts:
            for target in hosts:
                if source != target and self.rng.random() < 0.7:
                    self.link(source, target)
            self.mention(source)

    def _seller(self) -> None:
        for name in self.members("seller", 2, 3):
            self.link(name, SITE, "Cheap dofollow backlinks, telegram @linkking77")

    def noise(self, count: int) -> None:
        """Add links between any two domains, of any kind."""
        names = [*self.honest, *self.third, *TRUSTED]
        names += [name for group in self.groups.values() for name in group]
        for _ in range(count):
            source, target = self.rng.choice(names), self.rng.choice([*names, SITE])
            rel = self.rng.choice(("", "", "nofollow", "ugc", "sponsored"))
            anchor = self.rng.choice((None, "Oakmoor", KEYWORDS[0], "here", ""))
            if source != target:
                self.link(source, target, anchor, rel=rel)


def make(
    seed: int, plants: Sequence[str] = PLANTS, *, sources: int = 50, noise: int = 20
) -> Profile:
    """Return the profile of a seed with some plants in it."""
    maker = Maker(seed, sources)
    for plant in plants:
        maker.plant(plant)
    maker.noise(noise)
    origin = f"make({seed}, {tuple(plants)}, sources={sources}, noise={noise})"
    return maker.done()._replace(origin=origin)


def profiles(*always: str, most: int = 4) -> st.SearchStrategy[Profile]:
    """Profiles with the plants of `always` and some others."""
    return st.builds(
        lambda seed, plants, sources, noise: make(
            seed, tuple(dict.fromkeys((*always, *plants))), sources=sources, noise=noise
        ),
        st.integers(0, 10**6),
        st.lists(st.sampled_from(PLANTS), min_size=1, max_size=most, unique=True),
        st.integers(40, 70),
        st.integers(0, 40),
    )


@cache
def simulated(seed: int, *, graph: bool = True, referring: int = 80) -> Profile:
    """Return a seeded profile of the simulator."""
    return of_simulation(simulate(seed, graph=graph, referring_domains=referring))


def of_simulation(sim: Simulation) -> Profile:
    """Return a simulation as a profile."""
    groups = {label.kind: tuple(label.members) for label in (*sim.schemes, *sim.negatives)}
    rows = tuple(Row(*row) for row in sim.rows)
    return Profile(rows, groups, (), sim.site, tuple(sim.brand), tuple(sim.keywords))


def notation(links: str) -> tuple[Row, ...]:
    """Return the links of the compact notation of rule cases as rows."""
    return tuple(
        Row(*(_url(end) for end in row[:2]), *row[2:])  # type: ignore[misc]
        for row in cases.rows(links)
    )


def _url(end: str) -> str:
    return end if "://" in end else f"https://{end}"


# --- running -------------------------------------------------------------------------------------


class Run(NamedTuple):
    """A finished audit with what the rules said before it was weighed, and the tables asked for."""

    audit: Audit
    claims: list[Claim]
    coverage: list[Coverage]
    tables: dict[str, pl.DataFrame]

    def __repr__(self) -> str:
        """Return the counts only."""
        return f"Run({len(self.claims)} claims, {len(self.audit.findings)} findings)"

    def score(self, name: str) -> float:
        """Return the score of a node; 0 where nothing was found (lower than any finding gives)."""
        return next((d.score for d in self.audit.domains if d.domain == name), 0.0)

    def scores(self) -> dict[str, float]:
        """Return node -> score of every node with a finding."""
        return {d.domain: d.score for d in self.audit.domains}

    def verdicts(self) -> dict[str, str | None]:
        """Return node -> verdict of every node with a finding."""
        return {d.domain: d.verdict for d in self.audit.domains}

    def fired(self, *, above: str = "") -> set[str]:
        """Return the rules that found something."""
        return {f.rule for f in self.audit.findings if f.level != above}


After = Callable[[Engine, str], None]
_NAMED = (  # candidates by the names of their members, for use in another profile
    "SELECT c.candidate_id, c.kind, c.rarity, c.path, m.members FROM candidates c JOIN ("
    "SELECT candidate_id, list(actor ORDER BY actor) AS members FROM candidate_members "
    "JOIN actors USING (actor_id) GROUP BY candidate_id) m USING (candidate_id) ORDER BY ALL"
)
_cached_rules = cache(load_rules)
_cached_psl = cache(normalise._psl_frame)
_cached_features = cache(pipeline.load_features)


@contextmanager
def quick() -> Iterator[None]:
    """Read the catalogue and the Public Suffix List once a process, not once a scan."""
    with ExitStack() as stack:
        stack.enter_context(patch.object(pipeline, "load_rules", lambda dirs: _cached_rules()))
        stack.enter_context(patch.object(pipeline, "load_features", _cached_features))
        stack.enter_context(patch.object(normalise, "_psl_frame", _cached_psl))
        yield


def run(
    profile: Profile,
    *,
    columns: Sequence[str] = COLUMNS,
    crawl: bool = False,
    copies: int = 1,
    crawled: Sequence[Row] = (),
    site: bool = True,
    keep: Mapping[str, str] | None = None,
    candidates: Callable[[Engine], None] | None = None,
    after: After | None = None,
    **options: Any,
) -> Run:
    """Run the whole way over a profile.

    `columns` are those that the file has; a `crawl` holds all out-links of its sources, no dates
    and titles; `crawled` are the links of a second file of that kind. `keep` names SELECTs whose
    rows come back as tables. `candidates` takes the place of the graph search; `after` is called
    with the name of every feature table once it is made.
    """
    tables: dict[str, pl.DataFrame] = {}
    claims: list[Claim] = []
    coverage: list[Coverage] = []
    run_rules, add_tails = pipeline.run_rules, features.add_tails

    def ruled(engine: Engine, *args: Any, **more: Any) -> Any:
        tables.update({name: engine.fetch(sql) for name, sql in (keep or {}).items()})
        found, ended = run_rules(engine, *args, **more)
        claims.extend(found)
        coverage.extend(ended)
        return found, ended

    def made(engine: Engine, name: str) -> None:
        if after:
            after(engine, name)
        add_tails(engine, name)

    def given(engine: Engine, *_: Any) -> list[str]:
        assert candidates is not None
        candidates(engine)
        return []

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = folder / "links.csv"
        write(path, profile.rows, columns, crawl=crawl)
        files = [path] * copies
        if crawled:
            files.append(folder / "crawl.csv")
            write(files[-1], crawled, columns, crawl=True)
        stack.enter_context(patch.object(pipeline, "run_rules", ruled))
        stack.enter_context(patch.object(features, "add_tails", made))
        if candidates:
            stack.enter_context(patch.object(pipeline, "find_candidates", given))
        asked: dict[str, Any] = {
            "files": files,
            "sites": [profile.site] if site else [],
            "brand": profile.brand,
            "keywords": profile.keywords,
            "threads": 1,
            "as_of": AS_OF,
        }
        out = options.pop("out", None)
        result = pipeline.scan(pipeline.Options(**(asked | options)), out)
    return Run(result.audit, claims, coverage, tables)


def write(path: Path, rows: Sequence[Row], columns: Sequence[str], *, crawl: bool = False) -> None:
    """Write rows as an export or as a crawl."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        if crawl:
            writer.writerow(CRAWL)
            for row in rows:
                writer.writerow(["Hyperlink", *row[:4], str("nofollow" not in row.rel)])
            return
        picked = [(*COLUMNS, "lost").index(column) for column in columns]
        writer.writerow(columns)
        writer.writerows([[row[index] for index in picked] for row in rows])


def report_bytes(audit: Audit) -> bytes:
    """Return report.json without its account of the inputs."""
    return encode_json(msgspec.structs.replace(audit, inputs=[]), reproducible=True)


# --- freezing ------------------------------------------------------------------------------------

# What a frozen run takes from an earlier one: the table, what is remembered of it, and how the
# remembered numbers replace those of the new run. Counts that are evidence stay live.
_FROZEN = {
    "actor_degrees": (
        "SELECT actor, d_in, d_out, in_links, hub, known_out FROM actor_degrees",
        "SELECT n.* REPLACE (coalesce(o.d_in, 0) AS d_in, coalesce(o.d_out, 0) AS d_out, "
        "coalesce(o.in_links, 0) AS in_links, coalesce(o.hub, n.hub) AS hub, "
        "coalesce(o.known_out, false) AS known_out) "
        "FROM actor_degrees n LEFT JOIN old o USING (actor)",
    ),
    "reciprocity": (
        "SELECT actor, referrers, expected FROM reciprocity JOIN actors USING (actor_id)",
        "SELECT n.* REPLACE (o.referrers AS referrers, o.expected AS expected) FROM reciprocity n "
        "JOIN actors a USING (actor_id) JOIN old o USING (actor)",
    ),
    "sibling_hosts": (
        "SELECT host, domain FROM sibling_hosts",
        "SELECT h.host_id, h.host, h.domain FROM hosts h JOIN old o USING (host)",
    ),
    "anchor_shares": (
        "SELECT DISTINCT target_url, n FROM anchor_shares",
        "SELECT s.* REPLACE (coalesce(o.n, s.n) AS n) FROM anchor_shares s "
        "LEFT JOIN old o USING (target_url)",
    ),
    "candidate_counts": (
        "SELECT candidate_id, density, endorsers, isolation, isolation_known FROM candidate_counts",
        "SELECT n.* REPLACE (o.density AS density, o.endorsers AS endorsers, "
        "o.isolation AS isolation, o.isolation_known AS isolation_known) "
        "FROM candidate_counts n JOIN old o USING (candidate_id)",
    ),
    "candidate_targets": (
        "SELECT candidate_id, target, d_in FROM candidate_targets",
        "SELECT n.* REPLACE (coalesce(o.d_in, n.d_in) AS d_in, "
        "n.sources / CAST(coalesce(o.d_in, n.d_in) AS DOUBLE) AS capture) "
        "FROM candidate_targets n LEFT JOIN old o USING (candidate_id, target)",
    ),
    "candidate_dates": ("SELECT * FROM candidate_dates", "SELECT * FROM old"),
    "owner_anchors": (
        "SELECT actor, links FROM owner_anchors JOIN actors ON actor_id = source_actor",
        "SELECT n.* REPLACE (coalesce(o.links, n.links) AS links) FROM owner_anchors n "
        "JOIN actors a ON a.actor_id = n.source_actor LEFT JOIN old o USING (actor)",
    ),
    "candidate_owners": (
        "SELECT candidate_id, actor, links FROM candidate_owners JOIN actors USING (actor_id)",
        "SELECT n.* REPLACE (coalesce(o.links, n.links) AS links, "
        "2 * n.money_links > coalesce(o.links, n.links) AS pays) FROM candidate_owners n "
        "JOIN actors a USING (actor_id) LEFT JOIN old o USING (candidate_id, actor)",
    ),
    "candidate_anchors": (
        "SELECT candidate_id, n, branded, rest, rest_money FROM candidate_anchors",
        "SELECT c.* REPLACE (o.n AS n, o.branded AS branded, o.rest AS rest, "
        "o.rest_money AS rest_money) FROM candidate_anchors c JOIN old o USING (candidate_id)",
    ),
}
_CANDIDATES = {
    "candidates": "SELECT candidate_id, kind, rarity FROM candidates ORDER BY candidate_id",
    "candidate_members": "SELECT candidate_id, actor, place FROM candidate_members "
    "JOIN actors USING (actor_id) ORDER BY ALL",
}

ALL_FROZEN = tuple(_FROZEN)


def first(profile: Profile, **more: Any) -> Run:
    """Run a profile and keep what a frozen run needs of it."""
    keep = {name: remembered for name, (remembered, _) in _FROZEN.items()}
    return run(profile, keep={**_CANDIDATES, **keep, **more.pop("keep", {})}, **more)


def frozen(
    base: Run,
    profile: Profile,
    tables: Sequence[str] = ALL_FROZEN,
    rename: Callable[[str], str] = str,
    **more: Any,
) -> Run:
    """Run a profile with the candidate groups of an earlier run and its numbers in some tables.

    `rename` maps the owners of the earlier run to those of this one.
    """

    def after(engine: Engine, name: str) -> None:
        if name in tables:
            engine.register("old", base.tables[name])
            engine.materialise(name, _FROZEN[name][1])
            engine.run("DROP TABLE old")

    def candidates(engine: Engine) -> None:
        named = base.tables["candidate_members"]
        names = pl.Series("actor", map(rename, named["actor"]), dtype=pl.String)
        engine.register("named", named.with_columns(names))
        engine.materialise(
            "candidate_members",
            "SELECT candidate_id, actor_id, place FROM named JOIN actors USING (actor)",
        )
        engine.register(
            "candidates",
            base.tables["candidates"].with_columns(path=pl.lit(None, pl.List(pl.Int64))),
        )
        engine.run("DROP TABLE named")

    return run(profile, candidates=candidates, after=after, **more)
