"""Plant schemes into a real web, scan it, and score what `report.json` says.

    python benchmarks/schemes/run.py [--seeds development|reporting] [--count 10] [--ablate]
        [--packs NAME,...] [--camouflage NAME,...] [--json FILE]

Development seeds are for tuning, reporting seeds for what is published; they share no world.
Results are means over seeds with 95% bootstrap intervals, one a cell and camouflage.
"""

import argparse
import csv
import json
import os
import platform
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import ablation
import backdrop
import pages
from backdrop import Edge
from baselines import BASELINES
from plants import HONEST, PACKS, Camouflage, Field
from score import Claimed, false_schemes, interval, of_report, score_honest, score_plant

from backlint.audit import Options, scan

SEEDS = ("development", "reporting")
CAMOUFLAGE = (
    Camouflage("none", 0),
    *(Camouflage(how, n) for how in ("random", "popular", "hijacked") for n in (10, 50, 100)),
)
COMPARED = "random 10"  # the camouflage under which baselines and ablations run
PROFILES = "profile"


class Task(NamedTuple):
    """One scan: what is planted how, by which seed, and what of the detector is switched off.

    `web` names the web that is planted into, so that no scan takes another one.
    """

    web: str
    seeds: str
    seed: int
    pack: str
    camouflage: Camouflage
    without: str = ""
    baselines: bool = False


class Row(NamedTuple):
    """One score of one planted group, honest group or scan (`cell` is then its kind)."""

    method: str
    table: str
    cell: str
    camouflage: str
    seed: int
    scores: dict[str, float]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", choices=SEEDS, default="development")
    parser.add_argument("--count", type=int, default=10, help="of seeds")
    parser.add_argument("--packs", default=",".join((*PACKS, pages.EXPORT, PROFILES)))
    parser.add_argument("--camouflage", default=",".join(c.name for c in CAMOUFLAGE))
    parser.add_argument(
        "--ablate", type=int, default=0, metavar="SEEDS", help="with each generator and guard out"
    )
    parser.add_argument("--baselines", action="store_true", help="what one would otherwise try")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    chosen = [c for c in CAMOUFLAGE if c.name in args.camouflage.split(",")]
    web = backdrop.load()
    print(f"planting into the {web.name}, {len(web.domains)} domains", file=sys.stderr)
    packs = args.packs.split(",")
    tasks = list(plan(web.name, args.seeds, args.count, packs, chosen, args.baselines))
    tasks += [
        task._replace(without=name, baselines=False)
        for task in tasks
        if task.seed < args.ablate and task.camouflage.name in (COMPARED, pages.EXPORT, PROFILES)
        for name in ablation.PARTS
    ]
    rows: list[Row] = []
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for done, found in enumerate(pool.map(run, tasks), 1):
            rows += found
            print(f"\r{done} of {len(tasks)} scans", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    table = summary(rows, args.ablate)
    show(table)
    if args.json:
        about = {
            "seeds": args.seeds, "count": args.count, "backdrop": web.name,
            "compared": COMPARED, "ablation_seeds": args.ablate,
            "domains": len(web.domains), "sources": web.sources, "edges": len(web.edges),
            "python": platform.python_version(),
            "command": " ".join(["run.py", *without_file(argv)]),
        }  # fmt: skip
        args.json.write_text(compact(about, table), "utf-8")
    return 0


def plan(
    web: str,
    seeds: str,
    count: int,
    packs: Sequence[str],
    camouflage: Sequence[Camouflage],
    baselines: bool,
) -> Iterator[Task]:
    """Yield the scans of one run; pages and profiles bring their own camouflage."""
    for pack in packs:
        for how in camouflage if pack in PACKS else [Camouflage(pack, 0)]:
            for seed in range(count):
                compared = baselines and how.name == COMPARED and pack in PACKS
                yield Task(web, seeds, seed, pack, how, baselines=compared)


def run(task: Task) -> list[Row]:
    """Make the world of a task, scan it and score the report.

    Raises ValueError where the web at hand is not the one that the task names.
    """
    off = ablation.PARTS[task.without]() if task.without else nullcontext()
    method = f"without {task.without}" if task.without else "backlint"
    name = f"{task.seeds} {task.seed} {task.pack} {task.camouflage.name}"
    with tempfile.TemporaryDirectory() as folder, off:
        if task.pack == pages.EXPORT:
            world = pages.export(name, Path(folder))
        elif task.pack == PROFILES:
            world = pages.profile(name, Path(folder))
        else:
            return _graph(task, name, method, Path(folder))
        claimed = _scan(Options(files=[world.path], sites=[world.site], brand=world.brand,
                                keywords=world.keywords, threads=1), Path(folder))  # fmt: skip
    return list(_scored(task, method, claimed, world.schemes, world.honest, world.domains))


def _graph(task: Task, name: str, method: str, folder: Path) -> list[Row]:
    web = backdrop.named(task.web)
    field = Field(name, web)
    plants = [make(field) for make in PACKS[task.pack]]
    honest = [make(field) for make in HONEST]
    edges = list(web.edges)
    for plant in plants:
        hosts = sorted({a for a, _ in plant.edges} - set(web.domains) - plant.targets)
        edges += plant.edges + field.camouflage(hosts, task.camouflage)
    for group in honest:
        edges += group.edges
    path = folder / "edges.csv"
    _write(path, edges)
    claimed = _scan(Options(files=[path], threads=1), folder)
    schemes = {plant.cell: plant.members for plant in plants}
    innocent = {group.cell: group.members for group in honest}
    methods = {method: claimed}
    if task.baselines:
        methods |= {name: judge(edges) for name, judge in BASELINES.items()}
    domains = len({end for edge in edges for end in edge})
    return [
        row
        for which, said in methods.items()
        for row in _scored(task, which, said, schemes, innocent, domains)
    ]


def _write(path: Path, edges: Iterable[Edge]) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["source_host", "target_host"])
        writer.writerows(sorted(set(edges)))


def _scan(options: Options, folder: Path) -> Claimed:
    scan(options, folder / "audit")
    return of_report(json.loads((folder / "audit" / "report.json").read_bytes()))


def _scored(
    task: Task,
    method: str,
    claimed: Claimed,
    schemes: dict[str, frozenset[str]],
    honest: dict[str, frozenset[str]],
    domains: int,
) -> Iterator[Row]:
    planted = frozenset().union(*schemes.values())
    camouflage = task.camouflage.name
    for cell, members in schemes.items():
        scores = score_plant(claimed, members, planted - members, domains)
        yield Row(method, "schemes", cell, camouflage, task.seed, scores)
    for cell, members in honest.items():
        yield Row(method, "honest", cell, camouflage, task.seed, score_honest(claimed, members))
    false = false_schemes(claimed, planted)
    share = {level: count * 10_000 / domains for level, count in false.items()}
    yield Row(method, "false", task.pack, camouflage, task.seed, share)


def summary(rows: Sequence[Row], first: int) -> list[dict[str, Any]]:
    """Return a record for every method, cell, camouflage and measure: mean and interval.

    `first` is the mean over so many seeds, those that parts were left out on.
    """
    values: dict[tuple[str, str, str, str, str], list[float]] = defaultdict(list)
    for row in rows:
        for measure, value in row.scores.items():
            values[row.method, row.table, row.cell, row.camouflage, measure].append(value)
    keys = ("method", "table", "cell", "camouflage", "measure")
    table = []
    for key, found in values.items():
        mean, low, high = interval(found)
        numbers = {"mean": round(mean, 4), "low": round(low, 4), "high": round(high, 4)}
        numbers["first"] = round(sum(found[:first]) / first, 4) if first else None
        table.append(dict(zip(keys, key, strict=True)) | numbers | {"n": len(found)})
    return table


def without_file(argv: Sequence[str]) -> list[str]:
    """Return the arguments without the file that results go to."""
    return [a for i, a in enumerate(argv) if "--json" not in (a, argv[max(i - 1, 0)])]


def compact(about: dict[str, Any], table: Sequence[dict[str, Any]]) -> str:
    """Return the results as JSON, a line a row, the names of columns once."""
    rows = ",\n".join(json.dumps(list(row.values()), separators=(",", ":")) for row in table)
    head = json.dumps({"about": about, "columns": list(table[0])}, indent=1)
    return f'{head[:-2]},\n "rows": [\n{rows}\n]}}\n'


def show(table: Sequence[dict[str, Any]]) -> None:
    """Print a line for every method, cell and camouflage."""
    lines: dict[tuple[str, str, str, str], dict[str, str]] = defaultdict(dict)
    for row in table:
        text = f"{row['mean']:.2f}" if row["table"] == "honest" else (
            f"{row['mean']:.2f} [{row['low']:.2f}, {row['high']:.2f}]"
        )  # fmt: skip
        lines[row["method"], row["table"], row["cell"], row["camouflage"]][row["measure"]] = text
    for (method, _, cell, camouflage), found in lines.items():
        shown = "  ".join(f"{measure} {text}" for measure, text in found.items())
        print(f"{method:12} {cell:28} {camouflage:13} {shown}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
