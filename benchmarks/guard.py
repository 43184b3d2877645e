"""Fail when a scan of 100,000 rows has become dear, by ratios to ingest of the same run.

    python benchmarks/guard.py

Exits 1 when a limit below is exceeded. Ingest of so few rows is quick and noisy, so the best of
several runs counts; limits leave room for other machines.
"""

import sys
import tempfile
from pathlib import Path

import web
from speed import ingest, scan, scan_modes

ROWS = 100_000
INGESTS = 5
MAX_CPU_RATIO = 100.0
MAX_MEMORY = 0.5e9  # bytes; most of it are libraries at this size


def main() -> int:
    failed = False
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        path = work / "web.csv"
        web.write_web(path, ROWS, seed=1)
        reference = min(ingest(path)["cpu"] for _ in range(INGESTS))
        for mode, options in scan_modes(work).items():
            made = scan(path, work / mode, *options)
            for what, value, limit in (
                ("CPU / ingest CPU", made["cpu"] / reference, MAX_CPU_RATIO),
                ("peak memory, GB", made["rss"] / 1e9, MAX_MEMORY / 1e9),
            ):
                verdict = "ok" if value <= limit else "TOO MUCH"
                failed |= value > limit
                print(f"{mode}: {what} {value:.3g} (at most {limit:g}): {verdict}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
