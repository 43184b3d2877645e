"""Fit the null of the maximum: how dense the densest group is that the search finds in chance.

    python benchmarks/schemes/null.py [--check] [--rewires 20] [--out rules/null_maxima.toml]

Made-up webs of several sizes are rewired: every domain keeps its in- and out-degree, everything
else is chance. The generators search them as they search a real web, and the largest `decades`
(-log10 of the Poisson tail) of a group is kept by number of sources, group size and in-degree. A
group of a real web must beat the largest value that any rewired web with no more sources gave to a
group of no larger size and in-degree. `--check` counts what beats it in rewires of the UK web of
1996, which no figure comes from.
"""

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import backdrop
import igraph
import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import web as made_up

from backlint.graph.communities import communities
from backlint.graph.expansion import web_of
from backlint.graph.reduce import Edges, among_sources, kept, rows_of
from backlint.graph.stars import star_farms
from backlint.rules.null import needed_decades
from backlint.rules.tails import dense_decades

REWIRES = 20
SWAPS = 10  # tried, an edge
SOURCES = (0, 1_000, 10_000, 100_000)
SIZES = (0, 8, 16, 32, 64, 128, 256, 512)
DEGREES = (0, 8, 32, 128)  # mean in-degree: camouflage cannot change it
MARGIN = 1.0  # decades above the largest value seen
OUT = Path(__file__).resolve().parents[2] / "rules/null_maxima.toml"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rewires", type=int, default=REWIRES)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args(argv)
    if args.check:
        return check(args.rewires)
    found = pl.concat([
        searched(edges, seed)
        for name, edges, share in webs()
        for seed in range(max(1, args.rewires // share))
        if print(name, seed, file=sys.stderr) is None
    ])  # fmt: skip
    args.out.write_text(toml(maxima(found), args.rewires, len(found)), "utf-8")
    return 0


def webs() -> Iterator[tuple[str, np.ndarray, int]]:
    """Yield made-up webs, and what part of the rewires each is worth; large ones take long."""
    for referring in (300, 1000, 3000):
        links = backdrop.load(Path("none"), referring)
        place = {domain: i for i, domain in enumerate(links.domains)}
        yield f"simulated {referring}", np.array([(place[a], place[b]) for a, b in links.edges]), 1
    for rows, share in ((10_000, 1), (100_000, 1), (1_000_000, 4), (3_000_000, 20)):
        edges = made_up.domain_edges(np.random.default_rng(1), rows, rows // 9)
        honest = slice(edges.planted_from)
        yield f"{rows} rows", np.stack([edges.source[honest], edges.target[honest]], axis=1), share
    for sources, share in ((100, 1), (1_000, 1), (3_000, 2), (10_000, 4)):
        yield f"crawl of {sources}", crawl(sources), share


def crawl(sources: int) -> np.ndarray:
    """Return a web of which one domain in ten was read: popular ones first, some list thousands.

    Who links much is linked to much, so that those at the top are dense among themselves by chance.
    """
    rng = np.random.default_rng(sources)
    domains = 10 * sources
    out = np.sort(made_up.pareto(rng, sources, 0.8, domains // 5))[::-1]
    rank = 1.0 / (np.arange(domains) + 10)
    read = np.sort(rng.choice(domains, sources, replace=False, p=rank / rank.sum()))
    popular = made_up.zipf_table(domains, 1 / (made_up.IN_EXPONENT - 1), shift=3, slots=1 << 20)
    pairs = np.stack([np.repeat(read, out), rng.choice(popular, out.sum())], axis=1)
    return pairs[pairs[:, 0] != pairs[:, 1]]


def searched(edges: np.ndarray, seed: int) -> pl.DataFrame:
    """Return the groups that the search finds in one rewiring: sources, size, degree, decades."""
    whole = rewired(edges, seed)
    d_in = np.bincount(whole.target, minlength=len(whole.ids))
    d_out = np.bincount(whole.source, minlength=len(whole.ids))
    hub = d_in > max(200, np.quantile(d_in[d_in > 0], 0.995, method="higher"))
    structure = kept(whole, ~hub[whole.source] & ~hub[whole.target])
    found = [*communities(among_sources(structure), web_of(structure)), *star_farms(structure)]
    out = rows_of(whole.source, whole.target, len(whole.ids))
    groups = [np.searchsorted(whole.ids, np.array(c.members)) for c in found]
    frame = pl.DataFrame(
        {
            "size": [len(g) for g in groups],
            "internal": [int(np.isin(out.of(g)[1], g).sum()) for g in groups],
            "k_out": [int(d_out[g].sum()) for g in groups],
            "k_in": [int(d_in[g].sum()) for g in groups],
        },
        schema=dict.fromkeys(("size", "internal", "k_out", "k_in"), pl.Int64),
    ).with_columns(
        m=pl.lit(len(whole.source), pl.Int64),
        nodes=pl.lit(len(whole.ids), pl.Int64),
        sources=pl.lit(int((d_out > 0).sum()), pl.Int64),
        degree=pl.col("k_in") / pl.col("size"),
    )
    return frame.with_columns(decades=pl.Series(dense_decades(frame), dtype=pl.Float64)).select(
        "sources", "size", "degree", "decades"
    )


def rewired(edges: np.ndarray, seed: int) -> Edges:
    """Return a graph of the same degrees, by swaps of the ends of two edges."""
    igraph.set_random_number_generator(random.Random(seed))
    graph = igraph.Graph(edges=edges.tolist(), directed=True).simplify()
    graph.rewire(n=SWAPS * graph.ecount())
    pairs = np.array(sorted(graph.get_edgelist()), dtype=np.int64)
    igraph.set_random_number_generator(random)
    whole = Edges(np.arange(graph.vcount()), pairs[:, 0], pairs[:, 1])
    return kept(whole, np.ones(len(pairs), dtype=bool))


def maxima(found: pl.DataFrame) -> list[tuple[int, int, int, float]]:
    """Return (sources, size, degree, needed) for every bin: by its lower ends, never falling."""
    rows = []
    for sources in SOURCES:
        for size in SIZES:
            for degree in DEGREES:
                inside = found.filter(
                    (pl.col("sources") < _end(SOURCES, sources))
                    & (pl.col("size") < _end(SIZES, size))
                    & (pl.col("degree") < _end(DEGREES, degree))
                )
                most = inside["decades"].max()
                rows.append((sources, size, degree, round(float(most or 0.0) + MARGIN, 1)))
    return rows


def _end(bins: Sequence[int], begin: int) -> float:
    return next((b for b in bins if b > begin), np.inf)


def toml(rows: Iterable[tuple[int, int, int, float]], rewires: int, groups: int) -> str:
    """Return the table as TOML, with where it comes from."""
    lines = [
        "# How far a group must stand out, in decades, to beat what the search finds in chance.",
        "# Made by `python benchmarks/schemes/null.py`: made-up webs, rewired, degrees kept.",
        "# A row holds from its number of sources, group size and mean in-degree on.",
        "version = 1",
        f"rewires = {rewires}",
        f"groups = {groups}",
        f"margin = {MARGIN}",
        "rows = [",
    ]
    lines += [
        f"  {{ sources = {sources}, size = {size}, degree = {degree}, needed = {needed} }},"
        for sources, size, degree, needed in rows
    ]
    return "\n".join([*lines, "]", ""])


def check(rewires: int) -> int:
    """Print how many groups of rewired real webs beat the table."""
    links = backdrop.load()
    place = {domain: i for i, domain in enumerate(links.domains)}
    edges = np.array([(place[a], place[b]) for a, b in links.edges])
    for seed in range(rewires):
        found = searched(edges, 1000 + seed)
        beats = found["decades"].to_numpy() >= needed_decades(found)
        print(f"{links.name}, rewiring {seed}: {beats.sum()} of {len(found)} groups beat the table")
        for row in found.filter(pl.Series(beats)).iter_rows():
            print("   ", row)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
