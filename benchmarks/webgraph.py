"""Measure --webgraph against DuckDB's own reading of the same two files.

    python benchmarks/webgraph.py [--edges 50000000] [--referring 3000] [--seed 1]
        [--keep FOLDER] [--json OUT.json]

Makes a graph of domains with heavy-tailed degrees and an export whose referring domains are some
of them, a few of them hubs. The step may take 3 times as long as the reference, which counts and
sums both files with the same threads in the same run, before and after; the scan may use 4 GiB.
"""

import argparse
import gzip
import io
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import figures
import numpy as np
import polars as pl
from measure import measure
from speed import BACKLINT, as_text, machine, steps_of, warm

SITE = "audited-shop.com"
GIB = 2**30
MOST_RSS, MOST_RATIO = 4 * GIB, 3.0
EDGES_A_VERTEX = 20
HUBS_AMONG = 0.01  # of the referring domains
CHUNK = 2_000_000
THREADS = 2

REFERENCE = """
import sys, time, duckdb
con = duckdb.connect()
con.execute(f"SET threads = {sys.argv[1]}")
con.execute("SET enable_progress_bar = false")  # it is printed where the seconds go
start = time.perf_counter()
for path, columns, total in (
    (sys.argv[2], "{'id': 'BIGINT', 'name': 'VARCHAR', 'hosts': 'BIGINT'}", "id"),
    (sys.argv[3], "{'a': 'BIGINT', 'b': 'BIGINT'}", "a + b"),
):
    con.execute(
        f"SELECT count(*), sum({total}) FROM read_csv('{path}', auto_detect = false, "
        f"header = false, delim = '\\t', compression = 'gzip', columns = {columns})"
    ).fetchall()
print(time.perf_counter() - start)
"""


def make(folder: Path, edges: int, referring: int, seed: int) -> tuple[Path, Path, Path]:
    """Write links, vertices and edges; in a web the in-degrees are the most uneven."""
    rng = np.random.default_rng(seed)
    n = edges // EDGES_A_VERTEX
    links, vertices, arcs = (
        folder / f"{name}-{edges}-{referring}-{seed}{end}"
        for name, end in (("links", ".csv"), ("vertices", ".txt.gz"), ("edges", ".txt.gz"))
    )
    by_size = rng.permutation(n)  # the first is linked to the most
    domains = pl.DataFrame({"id": np.arange(n)}).with_columns(
        name=pl.format("com.site{}", pl.col("id").cast(pl.String).str.zfill(9)), hosts=pl.lit(1)
    )
    domains[0, "name"] = "com.audited-shop"
    hubs = max(1, int(HUBS_AMONG * referring))
    some = np.unique(np.concatenate([by_size[:hubs], rng.integers(1, n, referring)]))
    some = some[some > 0][:referring]
    names = domains["name"].gather(some).str.replace(r"com\.(.*)", "$1.com")
    pl.DataFrame({"name": names}).select(
        source_url=pl.format("https://{}/page", "name"),
        target_url=pl.lit(f"https://{SITE}/"),
        anchor=pl.lit(SITE),
    ).write_csv(links)
    if not (vertices.exists() and arcs.exists()):
        _write(vertices, domains)
        source = np.sort((n * rng.random(edges) ** 2).astype(np.int64))
        # the largest of 2.5 million is linked to by 1.2 million, the median by 9
        target = by_size[(n * rng.random(edges) ** 4).astype(np.int64)]
        _write(arcs, pl.DataFrame({"from": source, "to": target}))
    return links, vertices, arcs


def _write(path: Path, table: pl.DataFrame) -> None:
    with gzip.open(path, "wb", compresslevel=1) as out:
        for start in range(0, len(table), CHUNK):
            text = io.BytesIO()
            table[start : start + CHUNK].write_csv(text, include_header=False, separator="\t")
            out.write(text.getvalue())


def reference(vertices: Path, edges: Path) -> float:
    """Return the wall seconds of DuckDB's count and sum of both files."""
    command = [sys.executable, "-c", REFERENCE, str(THREADS), str(vertices), str(edges)]
    return float(measure(command).stdout)


def run(work: Path, kept: Path, edges: int, referring: int, seed: int) -> dict[str, Any]:
    links, vertices, arcs = make(kept, edges, referring, seed)
    for path in (vertices, arcs):
        warm(path)
    before = reference(vertices, arcs)
    command = [BACKLINT, "scan", str(links), "--site", SITE, "--webgraph", str(vertices), str(arcs)]
    command += ["--verbose", "--threads", str(THREADS), "--out", str(work / "audit")]
    cost = measure(command)
    after = reference(vertices, arcs)
    steps = steps_of(cost)
    names = (
        f"reading {vertices.name}",
        f"reading {arcs.name}",
        f"naming neighbours from {vertices.name}",
    )
    kinds = ("reading vertices", "reading edges", "naming neighbours")
    parts = {kind: steps[name] for kind, name in zip(kinds, names, strict=True)}
    report = json.loads((work / "audit" / "report.json").read_bytes())
    wall = sum(parts.values())
    return {
        "edges": edges,
        "referring": referring,
        "bytes": {"vertices": vertices.stat().st_size, "edges": arcs.stat().st_size},
        "reference": [before, after],
        "parts": parts,
        "wall": wall,
        "ratio": wall / ((before + after) / 2),
        "scan": cost.wall,
        "rss": cost.rss,
        "input": report["inputs"][-1],
    }


def table(made: dict[str, Any]) -> figures.Table:
    rows = [
        [f"DuckDB, both files, {when}", f"{seconds:.1f} s", ""]
        for when, seconds in zip(("before", "after"), made["reference"], strict=True)
    ]
    rows += [[name, f"{seconds:.1f} s", ""] for name, seconds in made["parts"].items()]
    rows += [
        ["the step / DuckDB", f"{made['ratio']:.2f}", f"{MOST_RATIO:g}"],
        ["the whole scan", f"{made['scan']:.1f} s", ""],
        ["peak memory of the scan", f"{made['rss'] / GIB:.2f} GiB", f"{MOST_RSS / GIB:g} GiB"],
        ["links taken", f"{made['input']['links']:,}", ""],
    ]
    title = f"{made['edges']:,} edges, {made['referring']:,} referring domains"
    return figures.Table(title, ["", "measured", "limit"], rows)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--edges", type=int, default=50_000_000)
    parser.add_argument("--referring", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where made files stay")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args(argv)
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.keep) as scratch:
        work = Path(scratch)
        made = run(work, args.keep or work, args.edges, args.referring, args.seed)
    if args.json:
        result = {"machine": machine(), "webgraph": made}
        args.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(as_text(table(made)))
    return 0 if made["rss"] <= MOST_RSS and made["ratio"] <= MOST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
