"""Write a made-up web as page-level link rows: power laws, odd hosts, planted farms and rings.

    python benchmarks/web.py --rows 1000000 [--seed 1] OUT.csv

Everything about a page or a link follows from a hash of its number, so that rows are made in any
order, a chunk at a time and without a loop, and a repeated row is an exact duplicate.
"""

import argparse
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

Array = NDArray[np.int64]

SITE = "site-under-audit.com"
CHUNK = 1_000_000  # rows
ROWS_A_DOMAIN = 9
IN_EXPONENT = 2.1  # of the in-degrees, as measured on the web (Broder et al. 2000)
OUT_TAIL, LINKS_TAIL = 1.3, 1.2  # P(more than x) ~ x^-tail: out-degrees, links of a domain pair
OUT_CAP, LINKS_CAP = 5000, 5000
LOCAL = 0.3  # share of edges that stay near: sites of one subject, some of which link back
NEAR = 30
DUPLICATES = 0.02
SYNDICATED = 1  # % of pages that carry a story which other sites carry as well
FIRST_DAY = np.datetime64("2021-10-01")
DAYS = 1826

SYLLABLES = (
    "ba be bo da del di dor el en fa fen gar go han hol in ka ker la lan lo mar me mil mo na nor "
    "o pa per ra ren ri ro sa sel so ta ten ti tor u va ver vi wa wen za"
)
WORDS = 20_000
HUBS = (
    "google.com", "facebook.com", "twitter.com", "youtube.com", "instagram.com", "linkedin.com",
    "en.wikipedia.org", "pinterest.com", "amazon.com", "github.com",
)  # fmt: skip
SUFFIXES = {
    "com": 44, "net": 6, "org": 8, "de": 8, "co.uk": 6, "com.au": 3, "fr": 3, "it": 3, "pl": 3,
    "ru": 3, "nl": 2, "es": 2, "com.br": 2, "ca": 1, "co.jp": 1, "info": 2, "eu": 1, "shop": 1,
    "xyz": 1,
}  # fmt: skip
PLATFORMS = ("blogspot.com", "wordpress.com", "github.io", "tumblr.com")
PREFIXES = (
    "https://", "https://www.", "http://", "http://www.",
    "https://blog.", "https://shop.", "https://en.", "https://news.",
)  # fmt: skip
GENERIC = (
    "click here", "read more", "website", "here", "this site", "more", "visit website", "source",
    "learn more", "read more, now", "hier", "mehr lesen", "en savoir plus", "подробнее",
)  # fmt: skip
RELS = {"": 75, "nofollow": 20, "ugc": 2, "nofollow ugc": 1, "sponsored": 2}


class Edges(NamedTuple):
    """Domain pairs: source and target domain, number of page-level links; the last are planted."""

    source: Array
    target: Array
    links: Array
    planted_from: int


class Names(NamedTuple):
    """What a domain is called, by domain number: host with its port, and the site's title."""

    host: pl.Series
    title: pl.Series
    bare: NDArray[np.bool_]  # no www. before it: IP addresses and platforms


def draw(key: Array, what: str, below: int) -> Array:
    """Return an integer in 0..below-1 for every key, independent for every purpose `what`."""
    salt = np.uint64(int.from_bytes(what.encode()[:8].ljust(8, b"."), "little"))
    x = key.astype(np.uint64) ^ salt
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # splitmix64
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return ((x >> np.uint64(31)) % np.uint64(below)).astype(np.int64)


def weighted(key: Array, what: str, weights: list[int]) -> Array:
    """Return an index for every key, drawn by whole-number weights."""
    return np.repeat(np.arange(len(weights)), weights)[draw(key, what, sum(weights))]


def zipf_table(size: int, exponent: float = 1.0, shift: int = 20, slots: int = 1 << 18) -> Array:
    """Return a table of ranks: a uniform draw out of it has P(rank) ~ (rank + shift)^-exponent."""
    weight = (np.arange(size) + shift) ** -exponent
    cumulated = np.cumsum(weight) / weight.sum()
    return np.searchsorted(cumulated, (np.arange(slots) + 0.5) / slots).clip(max=size - 1)


def pareto(rng: np.random.Generator, n: int, tail: float, cap: int) -> Array:
    """Return n integers from 1 to cap with P(at least x) = x^-tail."""
    return np.minimum(rng.random(n) ** (-1 / tail), cap).astype(np.int64)


def vocabulary() -> pl.Series:
    """Return WORDS invented words of one to three syllables, capitalised, short ones first."""
    one = pl.Series("word", SYLLABLES.split())
    table = pl.DataFrame(one).join(pl.DataFrame(one.rename("b")), how="cross")
    two = table["word"] + table["b"]
    table = pl.DataFrame(two).join(pl.DataFrame(one.rename("b")), how="cross")
    three = (table["word"] + table["b"]).sample(fraction=1, shuffle=True, seed=1)
    frequent = two.sample(fraction=1, shuffle=True, seed=1)
    return pl.concat([frequent, three]).unique(maintain_order=True).head(WORDS).str.to_titlecase()


WORD = vocabulary()
WORD_RANKS = zipf_table(WORDS)


def phrase(key: Array, least: int = 2, most: int = 5) -> pl.Series:
    """Return some words for every key, frequent ones often: "Dorla Sofen Ketir"."""
    length = draw(key, "length", most - least + 1) + least
    spaced = pl.concat([pl.Series([""]), " " + WORD])
    columns = [WORD.gather(WORD_RANKS[draw(key, "word0", len(WORD_RANKS))])]
    for place in range(1, most):
        word = WORD_RANKS[draw(key, f"word{place}", len(WORD_RANKS))] + 1
        columns.append(spaced.gather(np.where(place < length, word, 0)))
    return pl.select(pl.concat_str(columns)).to_series()


def domain_edges(rng: np.random.Generator, rows: int, domains: int) -> Edges:
    """Return the edges of the ordinary web, of the audited site and of the planted schemes.

    Domain 0 is the audited site; their links sum up to `rows`.
    """
    planted_source, planted_target = planted(rng, rows, domains)
    planted_links = rng.integers(1, 4, len(planted_source))
    sources = np.repeat(np.arange(1, domains), pareto(rng, domains - 1, OUT_TAIL, OUT_CAP))
    popular = zipf_table(domains - 1, 1 / (IN_EXPONENT - 1), shift=3, slots=1 << 22)
    targets = rng.permutation(domains - 1)[rng.choice(popular, len(sources))] + 1
    near = np.rint(sources + rng.normal(0, NEAR, len(sources))).astype(np.int64)
    targets = np.where(rng.random(len(sources)) < LOCAL, near.clip(1, domains - 1), targets)
    pairs = np.unique((sources * domains + targets)[sources != targets])
    to_site = rng.choice(domains - 1, max(100, rows // 200), replace=False) + 1
    links = pareto(rng, len(to_site) + len(pairs), LINKS_TAIL, min(LINKS_CAP, rows // 50))
    source = np.concatenate([to_site, pairs // domains])
    target = np.concatenate([np.zeros_like(to_site), pairs % domains])
    last = np.searchsorted(np.cumsum(links), rows - planted_links.sum())
    links = links[: last + 1]
    links[last] -= links.sum() + planted_links.sum() - rows
    return Edges(
        np.concatenate([source[: last + 1], planted_source]),
        np.concatenate([target[: last + 1], planted_target]),
        np.concatenate([links, planted_links]),
        last + 1,
    )


def planted(rng: np.random.Generator, rows: int, domains: int) -> tuple[Array, Array]:
    """Return the edges of farms and rings; their members are the last domains, few link there.

    Farms are 10 to 30 domains that interlink with p = .3 and share four targets of their own,
    rings 4 to 8 domains. Of both every third links to the audited site.
    """
    free = domains
    edges = []
    for index in range(max(3, rows // 50_000)):
        first = free - np.cumsum([rng.integers(10, 31), 4, rng.integers(4, 9)])
        farm, magnets = np.arange(first[0], free), np.arange(first[1], first[0])
        ring = np.arange(first[2], first[1])
        free = first[2]
        inside = every(farm, farm)
        kept = (rng.random(len(farm) ** 2) < 0.3) & (inside[0] != inside[1])
        edges += [inside[:, kept], every(farm, magnets), np.stack([ring, np.roll(ring, -1)])]
        if index % 3 == 0:
            edges.append(every(np.concatenate([farm, ring]), np.zeros(1, np.int64)))
    source, target = np.concatenate(edges, axis=1)
    return source, target


def keyword() -> str:
    """Return what most planted links to the audited site have for an anchor."""
    return phrase(np.zeros(1, np.int64), 2, 3).str.to_lowercase()[0]


def every(sources: Array, targets: Array) -> Array:
    """Return all pairs, shape (2, len(sources) * len(targets))."""
    return np.stack([np.repeat(sources, len(targets)), np.tile(targets, len(sources))])


def names(domains: int, popular: Array) -> Names:
    """Return the names of all domains; `popular` are the numbers of those called like HUBS."""
    domain = np.arange(domains)
    brand = domain - (draw(domain, "brand", 100) == 0)  # brand.de and brand.fr
    mixed = (brand * 7_368_787 + 1) % (WORDS * WORDS - 1)  # a bijection: no two labels alike
    first, second = WORD.gather(mixed // WORDS), WORD.gather(mixed % WORDS)
    hyphen = pl.Series(["", "-"]).gather(weighted(brand, "hyphen", [4, 1]))
    suffix = pl.Series(list(SUFFIXES)).gather(weighted(domain, "suffix", list(SUFFIXES.values())))
    platform = pl.Series(PLATFORMS).gather(draw(domain, "where", len(PLATFORMS)))
    octets = [pl.Series(draw(domain, f"octet{i}", 254) + 1).cast(pl.String) for i in range(3)]
    odd = draw(domain, "odd", 1000)
    frame = pl.DataFrame(
        {
            "title": first + " " + second,
            "label": (first + hyphen + second).str.to_lowercase(),
            "suffix": suffix,
            "platform": platform,
            "ip": "93." + octets[0] + "." + octets[1] + "." + octets[2],
            "odd": odd,
        }
    )
    native = pl.col("label").str.replace_many(["a", "o", "u", "e"], ["ä", "ö", "ü", "é"])
    host = frame.with_columns(native.alias("native")).select(
        pl.when(pl.col("odd") < 2)
        .then("ip")
        .when(pl.col("odd") < 22)
        .then(pl.col("label") + "." + pl.col("platform"))
        .when(pl.col("odd") < 27)
        .then(pl.col("native") + "." + pl.col("suffix"))
        .when(pl.col("odd") < 32)
        .then(pl.col("label") + "." + pl.col("suffix") + ":8080")
        .otherwise(pl.col("label") + "." + pl.col("suffix"))
        .alias("host")
    )["host"]
    coded = np.flatnonzero((odd >= 22) & (odd < 27) & (draw(domain, "coded", 2) == 0))
    host = host.scatter(coded, [name.encode("idna").decode() for name in host.gather(coded)])
    host = host.scatter(popular, HUBS[: len(popular)]).scatter(0, SITE)
    title = frame["title"].scatter(0, "Site Under Audit")
    bare = odd < 22
    bare[popular] = True
    return Names(host, title, bare)


def pages(site: Array, page: Array, sites: Names) -> pl.DataFrame:
    """Return url, day and headline of pages, by domain number and page number; page 0 is home."""
    number = site << 32 | page
    own = draw(number, "prefix", 100)  # one page in ten is written with another scheme or host
    prefix = weighted(np.where(own < 90, site, number), "host", [40, 32, 13, 9, 2, 2, 1, 1])
    prefix = np.where(sites.bare[site], prefix & 2, prefix)
    day = draw(number, "day", DAYS)
    story = draw(number, "story", 1 << 32) % max(1, len(sites.host) // 200)
    text = phrase(np.where(draw(number, "shared", 100) < SYNDICATED, story, number))
    frame = pl.DataFrame(
        {
            "prefix": pl.Series(PREFIXES).gather(prefix),
            "host": sites.host.gather(site),
            "day": FIRST_DAY + day,
            "slug": text.str.to_lowercase().str.replace_all(" ", "-", literal=True),
            "n": page,
            "id": draw(number, "id", 9_000_000) + 1_000_000,
            "kind": np.where(page == 0, 0, weighted(number, "kind", [0, 30, 25, 22, 11, 10, 2])),
            "loud": draw(number, "loud", 200) == 0,
        }
    )
    path = (
        pl.when(pl.col("kind") == 0).then(pl.lit("/"))
        .when(pl.col("kind") == 1).then(pl.format("/blog/{}-{}/", "slug", "n"))
        .when(pl.col("kind") == 2)
        .then(pl.format("/{}/{}", pl.col("day").dt.strftime("%Y/%m"), "slug"))
        .when(pl.col("kind") == 3).then(pl.format("/{}.html", "slug"))
        .when(pl.col("kind") == 4).then(pl.format("/{}/", "slug"))
        .when(pl.col("kind") == 5).then(pl.format("/page/{}", "n"))
        .otherwise(pl.format("/index.php?id={}", "id"))
    )  # fmt: skip
    host = pl.when("loud").then(pl.col("host").str.to_uppercase()).otherwise("host")
    made = frame.select(pl.concat_str("prefix", host, path).alias("url"), "day")
    return made.with_columns(text.alias("headline"))


def rows_of(edges: Edges, sizes: Array, edge: Array, nth: Array, sites: Names) -> pl.DataFrame:
    """Return the rows of the nth link of edges.

    From its fourth link on a domain pair is one footer: always the same page, anchor and rel.
    """
    source, target = edges.source[edge], edges.target[edge]
    page = (draw(edge, "first", 1 << 32) + nth) % sizes[source]
    link = edge << 2 | np.minimum(nth, 3)
    deep = np.where(draw(link, "deep", 100) < 60, 0, draw(link, "page", 1 << 32) % sizes[target])
    here, there = pages(source, page, sites), pages(target, deep, sites)
    number = source << 32 | page
    kind = weighted(link, "anchor", [28, 15, 12, 20, 15, 10])
    bought = (edge >= edges.planted_from) & (draw(link, "bought", 10) < 7)
    subject = WORD_RANKS[draw(link, "topic", len(WORD_RANKS))]
    topic = np.where(bought | (draw(link, "own", 2) == 0), target, subject)
    frame = pl.DataFrame(
        {
            "source_url": here["url"],
            "target_url": there["url"],
            "brand": sites.title.gather(target),
            "name": sites.title.gather(source),
            "generic": pl.Series(GENERIC).gather(draw(link, "generic", len(GENERIC))),
            "cited": there["headline"],
            "topic": phrase(topic, 2, 3).str.to_lowercase(),
            "anchor": np.where(bought, 4, kind),
            "headline": here["headline"],
            "untitled": draw(number, "title", 5) == 0,
            "mark": pl.Series([" | ", " - ", ", "]).gather(weighted(source, "mark", [6, 3, 1])),
            "rel": pl.Series(list(RELS)).gather(weighted(link, "rel", list(RELS.values()))),
            "first_seen": here["day"],
        }
    )
    anchor = (
        pl.when(pl.col("anchor") == 0).then("brand")
        .when(pl.col("anchor") == 1).then("target_url")
        .when(pl.col("anchor") == 2).then("generic")
        .when(pl.col("anchor") == 3).then("cited")
        .when(pl.col("anchor") == 4).then("topic")
    )  # fmt: skip
    title = pl.when(~pl.col("untitled")).then(pl.concat_str("headline", "mark", "name"))
    return frame.select(
        "source_url",
        "target_url",
        anchor.alias("anchor"),
        title.alias("title"),
        pl.when(pl.col("rel") != "").then("rel").alias("rel"),
        "first_seen",
    )


def write_web(path: Path, rows: int, seed: int) -> None:
    """Write a CSV of so many rows, 10,000 or more; the same seed gives the same bytes."""
    rng = np.random.default_rng(seed)
    domains = rows // ROWS_A_DOMAIN
    repeated = int(rows * DUPLICATES)
    edges = domain_edges(rng, rows - repeated, domains)
    popular = np.argsort(-np.bincount(edges.target, minlength=domains), kind="stable")
    sites = names(domains, popular[popular != 0][: len(HUBS)])
    sizes = 1 + np.bincount(edges.source, minlength=domains) // 2
    np.maximum.at(sizes, edges.source, edges.links)
    edge = np.repeat(np.arange(len(edges.source)), edges.links)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(edges.links) - edges.links, edges.links)
    order = rng.permutation(np.concatenate([np.arange(len(edge)), rng.choice(len(edge), repeated)]))
    with path.open("wb") as out:
        for start in range(0, rows, CHUNK):
            part = order[start : start + CHUNK]
            frame = rows_of(edges, sizes, edge[part], nth[part], sites)
            frame.write_csv(out, include_header=start == 0)


def hub_case(path: Path, seed: int, *, hubs: bool, edges: int = 1_000_000) -> None:
    """Write random edges between domains; with hubs, ten with 15,000 in- and out-links more.

    A million edges among 55,556 domains are 18 million paths of two edges, with the hubs 2 billion.
    """
    rng = np.random.default_rng(seed)
    domains = edges // 18
    source, target = rng.integers(10, domains, (2, edges))
    if hubs:
        hub = np.repeat(np.arange(10), 15_000)
        inward, outward = rng.integers(10, domains, (2, len(hub)))
        source = np.concatenate([source, inward, hub])
        target = np.concatenate([target, hub, outward])
    host = names(domains, popular=np.arange(0)).host
    frame = pl.DataFrame({"source": host.gather(source), "target": host.gather(target)})
    frame.write_csv(path)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    write_web(args.out, args.rows, args.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
