"""Measure backlint against DuckDB's own reading of the same file.

    python benchmarks/speed.py --rows 1000000 [--rows 10000000 ...] [--seed 1] [--naive] [--hub]
        [--real FOLDER] [--keep FOLDER] [--json OUT.json]

Every figure is a ratio to a reference of the same run, because machines differ and are noisy. For
every size: ingest (`ingest.py`), a scan that judges every domain ("graph"), a scan of one site
("profile"), ingest again; the reference is the mean of the two.
"""

import argparse
import datetime
import gzip
import json
import os
import platform
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import figures
import numpy as np
import polars as pl
import web
from measure import Cost, measure

HERE = Path(__file__).parent
BACKLINT = str(Path(sys.executable).with_name("backlint"))
SMALL, SMALL_RUNS = 50_000, 3
RING_STEPS, AFTER_RINGS = ("making mutual edges", "searching rings"), "clustering the link graph"
GRAPH = "graph algorithms"
GROUPS = {
    "starting": r"starting",
    "reading": r"reading|resolving hosts|merging links",
    "features": r"making",
    GRAPH: r"searching rings|clustering|comparing shared targets",
    "rules": r"[A-Z]+[0-9]+ ",
    "weighing and reports": r"weighing|writing",
    "other": r"",
}


def ingest(path: Path) -> dict[str, float]:
    """Return rows, wall and CPU seconds of the reference."""
    return json.loads(measure([sys.executable, str(HERE / "ingest.py"), str(path)]).stdout)


def command_of(path: Path, out: Path) -> list[str]:
    return [BACKLINT, "scan", str(path), "--verbose", "--threads", "2", "--out", str(out)]


def scan(path: Path, out: Path, *options: str) -> dict[str, Any]:
    """Return what a scan from the shell cost, its steps, and how many schemes it found."""
    cost = measure([*command_of(path, out), *options])
    steps = steps_of(cost)
    report = json.loads((out / "report.json").read_bytes())
    return {
        "cpu": cost.cpu,
        "wall": cost.wall,
        "rss": cost.rss,
        "groups": {group: seconds for group, seconds in grouped(steps).items() if seconds},
        "steps": steps,
        "schemes": len(report["schemes"]),
        "rejects": sum(source["rejects"] for source in report["inputs"]),
    }


def steps_of(cost: Cost) -> dict[str, float]:
    """Return the wall seconds of each step that --verbose names; it prints a step as it begins."""
    begins = [(0.0, "starting")]
    for at, line in cost.stderr:
        if found := re.match(r" *[0-9.]+ s  (.+)", line):
            begins.append((at, found[1]))
    ends = [at for at, _ in begins[1:]] + [cost.wall]
    return {step: end - at for (at, step), end in zip(begins, ends, strict=True)}


def grouped(steps: dict[str, float]) -> dict[str, float]:
    seconds = dict.fromkeys(GROUPS, 0.0)
    for step, took in steps.items():
        seconds[next(group for group, form in GROUPS.items() if re.match(form, step))] += took
    return seconds


def compare(name: str, path: Path, work: Path, modes: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """Return the scans of a file by mode, each with its ratios to ingest."""
    warm(path)
    before = ingest(path)
    scans = {mode: scan(path, work / mode, *options) for mode, options in modes.items()}
    after = ingest(path)
    reference = {key: (before[key] + after[key]) / 2 for key in ("wall", "cpu")}
    size = path.stat().st_size
    for made in scans.values():
        rest = made["wall"] - made["groups"].get(GRAPH, 0)
        made["ratios"] = {
            "cpu": made["cpu"] / reference["cpu"],
            "wall": made["wall"] / reference["wall"],
            "memory": made["rss"] / size,
            "rest": rest / reference["wall"],
        }
    rows = int(before["rows"])
    return {"name": name, "rows": rows, "bytes": size, "ingest": reference, "scans": scans}


def scan_modes(work: Path) -> dict[str, tuple[str, ...]]:
    """Return the options of the two ways to scan a made-up web."""
    keywords = work / "keywords.txt"
    keywords.write_text(f"{web.keyword()}\n", "utf-8")
    return {"graph": (), "profile": ("--site", web.SITE, "--keywords", str(keywords))}


def warm(path: Path) -> None:
    """Read a file once, so that the first measured run has it in memory like the others."""
    with path.open("rb") as file:
        while file.read(1 << 24):
            pass


def made_web(folder: Path, rows: int, seed: int) -> Path:
    """Return a made-up web, made now unless the folder has it."""
    path = folder / f"web-{rows}-{seed}.csv"
    if not path.exists():
        web.write_web(path, rows, seed)
    return path


def small(path: Path, work: Path) -> dict[str, Any]:
    """Return the median wall seconds of scans from the shell."""
    return {
        "wall": {
            mode: statistics.median(
                scan(path, work / mode, *options)["wall"] for _ in range(SMALL_RUNS)
            )
            for mode, options in scan_modes(work).items()
        }
    }


def naive(path: Path) -> dict[str, Any]:
    cost = measure([sys.executable, str(HERE / "naive.py"), str(path)])
    return {**json.loads(cost.stdout), "cpu": cost.cpu, "wall": cost.wall, "rss": cost.rss}


def hubs(work: Path, seed: int) -> dict[str, float]:
    """Return the wall seconds of the ring step on random edges, without and with ten hubs.

    The scan is ended after it: there is nothing to cluster in random edges.
    """
    seconds = {}
    for name, wanted in (("without", False), ("with", True)):
        path = work / f"hubs-{name}.csv"
        web.hub_case(path, seed, hubs=wanted)
        cost = measure(command_of(path, work / "hubs"), until=AFTER_RINGS)
        steps = steps_of(cost)
        seconds[name] = sum(steps[step] for step in RING_STEPS)
    return seconds


def real(folder: Path, work: Path) -> Iterator[dict[str, Any]]:
    """Yield scans of real data, as far as the folder has it."""
    links = folder / "techidaily" / "links.parquet"
    if links.exists():
        modes = {"graph": ("--node", "host")}
        yield compare("techidaily, links of a link farm", links, work, modes)
    arcs = folder / "graphs" / "cnr-2000.graph-txt.gz"
    if arcs.exists():
        path = work / "cnr-2000.csv"
        pages_as_domains(arcs, path)
        yield compare("cnr-2000, every page a domain", path, work, {"graph": ()})


def pages_as_domains(arcs: Path, path: Path) -> None:
    """Write a page graph (the number of pages, then a line of successors a page) as links."""
    with gzip.open(arcs, "rt", encoding="ascii") as lines:
        next(lines)
        successors = [np.array(line.split(), np.int64) for line in lines]
    source = np.repeat(np.arange(len(successors)), [len(line) for line in successors])
    ends = {"source_url": source, "target_url": np.concatenate(successors)}
    pl.DataFrame(ends).select(pl.format("http://n{}.com/", pl.all())).write_csv(path)


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": os.cpu_count(),
        "ram": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "python": platform.python_version(),
        **{name: version(name) for name in ("duckdb", "polars", "backlint")},
        "date": datetime.date.today().isoformat(),
    }


def as_text(table: figures.Table) -> str:
    """Return a table in plain text: the first column to the left, the others to the right."""
    lines = [table.header, *table.rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    forms = [f"{{:<{widths[0]}}}", *(f"{{:>{width}}}" for width in widths[1:])]
    return "\n".join([table.title, *("  " + "  ".join(forms).format(*line) for line in lines)])


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, action="append", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--naive", action="store_true", help="the naive script at 1 million rows")
    parser.add_argument("--hub", action="store_true", help="rings on a graph with ten hubs")
    parser.add_argument("--real", type=Path, metavar="FOLDER", help="real data, where present")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where made files stay")
    parser.add_argument("--json", type=Path, metavar="OUT.json")
    args = parser.parse_args(argv)
    sizes = sorted({*args.rows, *([figures.MILLION] if args.naive else [])})
    command = ["python benchmarks/speed.py", *(f"--rows {rows}" for rows in sizes)]
    command += [f"--seed {args.seed}", *(["--naive"] if args.naive else [])]
    command += [*(["--hub"] if args.hub else []), *(["--real FOLDER"] if args.real else [])]
    result: dict[str, Any] = {"machine": machine(), "command": " ".join(command), "sizes": []}
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=args.keep) as scratch:
        work = Path(scratch)
        kept = args.keep or work

        def note(what: str) -> None:
            """Save what there is: a long run that breaks off keeps its figures."""
            if args.json:
                args.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
            print(f"{datetime.datetime.now():%H:%M:%S} {what}", file=sys.stderr, flush=True)

        for rows in sizes:
            note(f"{rows:,} rows")
            path = made_web(kept, rows, args.seed)
            result["sizes"].append(compare("made-up web", path, work, scan_modes(work)))
        note(f"{SMALL:,} rows")
        result["small"] = small(made_web(kept, SMALL, args.seed), work)
        if args.naive:
            note("the naive script")
            result["naive"] = naive(made_web(kept, figures.MILLION, args.seed))
        if args.hub:
            note("hubs")
            result["hubs"] = hubs(work, args.seed)
        if args.real:
            note("real data")
            result["real"] = []
            for made in real(args.real, work):
                result["real"].append(made)
                note(made["name"])
        note("done")
    print(result["command"])
    print(", ".join(f"{key} {value}" for key, value in result["machine"].items()))
    for table in figures.tables(result):
        print(f"\n{as_text(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
