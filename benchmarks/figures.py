"""The goals of speed, and the tables of a run: what `speed.py` prints and the docs show."""

import math
from typing import Any, NamedTuple

Result = dict[str, Any]

LARGE, MILLION = 10_000_000, 1_000_000


class Goal(NamedTuple):
    """A figure to reach; `least` when more is better."""

    what: str
    goal: float
    moonshot: float
    least: bool = False


class Table(NamedTuple):
    title: str
    header: list[str]
    rows: list[list[str]]


GOALS = {
    "cpu": Goal("scan of 10 million rows: CPU / ingest CPU", 10, 6),
    "wall": Goal("the same: wall / ingest wall", 13, 8),
    "memory": Goal("the same: peak memory / CSV bytes", 3, 2),
    "million": Goal("peak memory at 1 million rows, GB", 0.9, 0.6),
    "rest": Goal("10 million rows, all but the graph algorithms: wall / ingest wall", 7.5, 5),
    "naive": Goal("naive script / scan, CPU at 1 million rows", 40, 100, least=True),
    "naive_rest": Goal("the same without its cycle step", 12, 25, least=True),
    "small": Goal("50,000 rows from the shell, wall seconds", 4, 2),
    "growth": Goal("growth of CPU with rows, exponent", 1.1, 1.0),
    "hubs": Goal("ring step with ten hubs / without", 3, 1.5),
}


def measured(result: Result) -> dict[str, float]:
    """Return the measured figure of each goal, as far as the run has it; of two modes the worse."""
    sizes = {size["rows"]: size for size in result["sizes"]}
    found: dict[str, float] = {}
    if large := sizes.get(LARGE):
        for key in ("cpu", "wall", "memory", "rest"):
            found[key] = max(scan["ratios"][key] for scan in large["scans"].values())
    if million := sizes.get(MILLION):
        found["million"] = max(scan["rss"] for scan in million["scans"].values()) / 1e9
        if naive := result.get("naive"):
            cpu = max(scan["cpu"] for scan in million["scans"].values())
            found["naive"] = naive["cpu"] / cpu
            found["naive_rest"] = (naive["cpu"] - naive["seconds"]["cycles"]) / cpu
    if small := result.get("small"):
        found["small"] = max(small["wall"].values())
    if len(sizes) > 1:
        found["growth"] = max(growth(result, mode) for mode in ("graph", "profile"))
    if hubs := result.get("hubs"):
        found["hubs"] = hubs["with"] / hubs["without"]
    return found


def growth(result: Result, mode: str) -> float:
    """Return the exponent of CPU over rows: the least-squares slope of the logarithms."""
    points = [
        (math.log(size["rows"]), math.log(size["scans"][mode]["cpu"])) for size in result["sizes"]
    ]
    x0, y0 = (sum(values) / len(points) for values in zip(*points, strict=True))
    return sum((x - x0) * (y - y0) for x, y in points) / sum((x - x0) ** 2 for x, _ in points)


def verdict(goal: Goal, value: float | None) -> str:
    if value is None:
        return "not measured"
    sign = -1 if goal.least else 1
    for name, limit in (("moonshot", goal.moonshot), ("goal", goal.goal)):
        if sign * value <= sign * limit:
            return f"holds ({name})"
    return "missed"


def tables(result: Result) -> list[Table]:
    """Return everything that a run measured, goals first."""
    made = [goal_table(result), size_table(result), *step_tables(result)]
    if result.get("real"):
        made.append(scan_table("Real data", result["real"]))
    if naive := result.get("naive"):
        rows = [[step, number(seconds)] for step, seconds in naive["seconds"].items()]
        title = "The naive script at 1 million rows, CPU seconds"
        made.append(Table(title, ["step", "seconds"], [*rows, ["all", number(naive["cpu"])]]))
    return made


def goal_table(result: Result) -> Table:
    found = measured(result)
    rows = []
    for key, goal in GOALS.items():
        bound = ">=" if goal.least else "<="
        value = found.get(key)
        rows.append(
            [
                goal.what,
                f"{bound} {goal.goal:g}",
                f"{bound} {goal.moonshot:g}",
                number(value),
                verdict(goal, value),
            ]
        )
    return Table("Goals", ["figure", "goal", "moonshot", "measured", ""], rows)


def size_table(result: Result) -> Table:
    table = scan_table("Made-up webs", result["sizes"])
    exponents: dict[tuple[int, str], float] = {}
    for before, after in zip(result["sizes"], result["sizes"][1:], strict=False):
        for mode in after["scans"]:
            pair = {"sizes": [before, after]}
            exponents[after["rows"], mode] = growth(pair, mode)
    rows = iter(table.rows)
    for size in result["sizes"]:
        for mode in size["scans"]:
            next(rows).append(number(exponents.get((size["rows"], mode))))
    return table._replace(header=[*table.header, "growth"])


def scan_table(title: str, runs: list[Result]) -> Table:
    """Return a row for every scan of every input; ratios are to the ingest of the same run."""
    header = ["input", "rows", "MB", "scan", "CPU s", "wall s", "GB", "CPU ratio", "wall ratio"]
    header += ["RSS / file", "rest ratio", "schemes"]
    rows = [
        [
            run["name"],
            f"{run['rows']:,}",
            f"{run['bytes'] / 1e6:,.0f}",
            mode,
            *(number(value) for value in (scan["cpu"], scan["wall"], scan["rss"] / 1e9)),
            *(number(scan["ratios"][key]) for key in ("cpu", "wall", "memory", "rest")),
            str(scan["schemes"]),
        ]
        for run in runs
        for mode, scan in run["scans"].items()
    ]
    return Table(title, header, rows)


def step_tables(result: Result) -> list[Table]:
    """Return where the wall seconds go: groups of steps by size, and the longest steps."""
    made = []
    for mode in ("graph", "profile"):
        scans = [size["scans"][mode] for size in result["sizes"]]
        rows = [
            [group, *(number(scan["groups"].get(group, 0)) for scan in scans)]
            for group in scans[-1]["groups"]
        ]
        longest = sorted(scans[-1]["steps"].items(), key=lambda step: -step[1])[:12]
        header = ["step", *(f"{size['rows']:,}" for size in result["sizes"])]
        made.append(Table(f"Wall seconds by group of steps, {mode}", header, rows))
        made.append(
            Table(
                f"The longest steps, {mode}, {result['sizes'][-1]['rows']:,} rows",
                ["step", "wall s"],
                [[step, number(seconds)] for step, seconds in longest],
            )
        )
    return made


def number(value: float | None) -> str:
    """Return a figure with three digits that count: 0.0123, 1.23, 12.3, 1,234."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    return f"{value:,.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


REPORT_GOALS = {"page weight, MB": 8.0, "first paint, ms": 100.0, "sort, ms": 50.0}


def report_table(result: Result) -> tuple[list[str], list[list[str]]]:
    """Return header and rows of a run of `report.py`: what is printed and what the docs show."""
    pages = result["pages"]
    rows = [
        [
            what,
            f"{REPORT_GOALS[what]:g}" if what in REPORT_GOALS else "",
            *("unknown" if of[what] is None else f"{of[what]:.1f}" for of in pages.values()),
        ]
        for what in next(iter(pages.values()))
    ]
    return ["", "goal", *pages], rows
