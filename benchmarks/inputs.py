"""Read files of gigabytes and say how much memory that takes, and whether progress is shown.

    python benchmarks/inputs.py [--csv-gb 2] [--utf16-gb 1] [--keep FOLDER] [--json OUT.json]

A Semrush export as CSV and an Ahrefs export as UTF-16 with tabs are generated (seeded: all text
follows from the number of the row), and each is read by `preview` (what `backlint inputs` does)
and by `scan`. The goal is a peak of 3 GiB for each.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import polars as pl
from figures import Table
from measure import measure
from speed import as_text

SITE = "site-under-audit.com"
LIMIT = 3 << 30
ROWS = 100_000  # a block
DOMAINS = 200_000

SEMRUSH = (
    "Page ascore,Source title,Source url,Target url,Anchor,External links,Internal links,Nofollow,"
    "Sponsored,Ugc,Text,Frame,Form,Image,Sitewide,First seen,Last seen,New link,Lost link"
)
AHREFS = (
    "Referring page title\tReferring page URL\tLanguage\tPlatform\tReferring page HTTP code\t"
    "Domain rating\tUR\tDomain traffic\tReferring domains\tLinked domains\tExternal links\t"
    "Page traffic\tKeywords\tTarget URL\tLeft context\tAnchor\tRight context\tType\tIs spam\t"
    "Content\tNofollow\tUGC\tSponsored\tLost status\tFirst seen\tLast seen\tLost"
)


def block(first: int, columns: Callable[[], list[pl.Expr]]) -> pl.DataFrame:
    """Return a block of rows, from what each column is made of."""
    return pl.select(n=pl.int_range(first, first + ROWS)).select(columns())


def _page() -> pl.Expr:
    n = pl.col("n")
    host = pl.format("blog-{}.example-{}.com", n.hash(1) % 7, n.hash(2) % DOMAINS)
    return pl.format("https://{}/articles/{}/on-the-matter-of-{}", host, n.hash(3) % 999, n)


def _title() -> pl.Expr:
    return pl.format("Notes on the matter of {}, and what came of it", pl.col("n"))


def _target() -> pl.Expr:
    return pl.format(f"https://{SITE}/shop/item-{{}}", pl.col("n").hash(4) % 5000)


def _anchor() -> pl.Expr:
    return pl.format('the "item" number {}', pl.col("n").hash(5) % 3000)


def _day(seed: int) -> pl.Expr:
    return pl.date(2020, 1, 1) + pl.duration(days=pl.col("n").hash(seed) % 2000)


def _flag(seed: int, of: int) -> pl.Expr:
    return pl.col("n").hash(seed) % of == 0


def semrush() -> list[pl.Expr]:
    """Return the 19 columns of a Semrush export."""
    n = pl.col("n")
    return [
        (n % 100).alias("a"), _title().alias("b"), _page().alias("c"), _target().alias("d"),
        _anchor().alias("e"), (n % 90).alias("f"), (n % 70).alias("g"), _flag(6, 5).alias("h"),
        pl.lit(False).alias("i"), pl.lit(False).alias("j"), (~_flag(7, 9)).alias("k"),
        pl.lit(False).alias("l"), pl.lit(False).alias("m"), _flag(7, 9).alias("n"),
        pl.lit(False).alias("o"), _day(8).alias("p"), _day(9).alias("q"), pl.lit(False).alias("r"),
        _flag(10, 20).alias("s"),
    ]  # fmt: skip


def ahrefs() -> list[pl.Expr]:
    """Return 27 columns of an Ahrefs export."""
    n = pl.col("n")
    words = {
        "a": _title(), "b": _page(), "c": pl.lit("en"), "d": pl.lit("wordpress"), "e": pl.lit(200),
        "f": n.hash(2) % 90, "g": n % 40, "h": n.hash(2) % 100_000, "i": n % 7, "j": n % 50,
        "k": n % 90, "l": n % 30, "m": n % 12, "n": _target(), "o": pl.lit("as we read in "),
        "p": _anchor(), "q": pl.lit(", which we liked"), "r": pl.lit("text"), "s": pl.lit(False),
        "t": pl.lit(True), "u": _flag(6, 5), "v": pl.lit(False), "w": pl.lit(False),
        "x": pl.lit(""), "y": _day(8), "z": _day(9), "zz": pl.lit(""),
    }  # fmt: skip
    return [value.alias(name) for name, value in words.items()]


def generate(
    path: Path, size: float, header: str, columns: Callable[[], list[pl.Expr]], utf16: bool
) -> int:
    """Write a file of about that many bytes; return its rows."""
    rows = 0
    separator = "\t" if utf16 else ","
    with path.open("wb") as out:
        _write(out, header + "\n", utf16, first=True)
        while out.tell() < size:
            text = block(rows, columns).write_csv(include_header=False, separator=separator)
            _write(out, text, utf16)
            rows += ROWS
    return rows


def _write(out: IO[bytes], text: str, utf16: bool, first: bool = False) -> None:
    mark = "\ufeff" if first else ""
    out.write((mark + text).encode("utf-16-le" if utf16 else "utf-8"))


def child(work: str, path: Path) -> None:
    """Read or scan a file, with progress on stderr and the accounts on stdout."""
    from backlint.audit import Options, preview, scan

    options = Options(files=[path], sites=[SITE], threads=2)

    def log(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    if work == "read":
        reports = preview(options, log).loaded.reports
    else:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            reports = scan(options, Path(folder) / "audit", log).audit.inputs
    print(json.dumps([report.rows for report in reports]))


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csv-gb", type=float, default=2)
    parser.add_argument("--utf16-gb", type=float, default=1)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--child", nargs=2)
    given = parser.parse_args()
    if given.child:
        child(given.child[0], Path(given.child[1]))
        return
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch)
        for name, size, header, columns, utf16 in (
            ("semrush.csv", given.csv_gb, SEMRUSH, semrush, False),
            ("ahrefs.tsv", given.utf16_gb, AHREFS, ahrefs, True),
        ):
            path = folder / name
            lines = generate(path, size * 1e9, header, columns, utf16)
            for work in ("read", "scan"):
                cost = measure([sys.executable, __file__, "--child", work, str(path)])
                assert json.loads(cost.stdout) == [lines]
                shown = sum(line.endswith("%") for _, line in cost.stderr)
                results.append(
                    {"file": name, "bytes": path.stat().st_size, "rows": lines, "work": work,
                     "wall": cost.wall, "cpu": cost.cpu, "rss": cost.rss, "shown": shown}
                )  # fmt: skip
    header = ["file", "GB", "rows", "work", "wall s", "CPU s", "peak RSS GiB", "limit", "progress"]
    rows = [
        [r["file"], f"{r['bytes'] / 1e9:.1f}", f"{r['rows']:,}", r["work"], f"{r['wall']:.0f}",
         f"{r['cpu']:.0f}", f"{r['rss'] / 2**30:.2f}",
         "holds" if r["rss"] <= LIMIT else "**missed**", f"shown {r['shown']} times"]
        for r in results
    ]  # fmt: skip
    print(as_text(Table("Files of gigabytes", header, rows)))
    if given.json:
        given.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
