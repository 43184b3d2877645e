"""Write docs/detection.md: benchmarks/schemes/results.json and docs/detection.in.md.

python docs/make_detection.py           write the page
python docs/make_detection.py --check   exit 1 when the page is not current
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pages import DOCS, markdown, write_page

RESULTS = DOCS.parent / "benchmarks/schemes/results.json"
NOTE = "<!-- made by docs/make_detection.py; the text is in docs/detection.in.md -->\n"

Row = Mapping[str, Any]

# (what, cell, camouflages, measure, at least)
GOALS = (
    ("groups recovered", "farm n=20 p=0.5", ("random 10", "popular 50", "hijacked 10"),
     "recovered", 0.97),
    ("average precision", "farm n=10 p=0.5", ("none", "random 10", "popular 50"),
     "average precision", 0.97),
    ("average precision", "farm n=30 p=0.15", ("none", "random 10", "popular 50"),
     "average precision", 0.80),
    ("average precision", "clique n=5", ("none", "random 10", "popular 50"),
     "average precision", 0.80),
    ("average precision", "ring n=6", ("none", "random 10", "popular 50"),
     "average precision", 0.90),
    ("mean Jaccard", "PBN n=20 coverage=0.6", ("random 50", "popular 50", "hijacked 50"),
     "jaccard", 0.95),
    ("mean Jaccard", "PBN n=20 coverage=0.4", ("random 100", "popular 100", "hijacked 100"),
     "jaccard", 0.55),
    ("groups recovered", "footprint n=12: titles, paths, ids", ("export",), "recovered", 0.95),
    ("moonshot: groups recovered", "footprint n=12: half of them removed", ("export",),
     "recovered", 0.99),
    ("moonshot: groups recovered", "farm n=20 p=0.2", ("random 50", "popular 50", "hijacked 50"),
     "recovered", 0.99),
    ("moonshot: average precision", "farm n=10 p=0.3", ("hijacked 10", "hijacked 50"),
     "average precision", 0.95),
)  # fmt: skip
MEASURES = {
    "recovered": "Groups recovered",
    "at medium": "Groups recovered at medium or above",
    "average precision": "Average precision over domains",
    "jaccard": "Mean Jaccard index with the nearest reported scheme",
}


def number(value: float) -> str:
    return f"{value:.2f}".removeprefix("0") if value < 1 else f"{value:.2f}".rstrip("0").rstrip(".")


def interval(row: Row) -> str:
    """Return a mean with its interval, or the mean alone where every seed gave it."""
    if row["low"] == row["high"] == row["mean"]:
        return number(row["mean"])
    return f"{number(row['mean'])} ({number(row['low'])}-{number(row['high'])})"


def distinct(rows: Iterable[Row], key: str) -> list[str]:
    return list(dict.fromkeys(row[key] for row in rows))


def goals(rows: Sequence[Row]) -> str:
    """Return the cells that were set as goals, one line a camouflage."""
    lines = []
    for what, cell, camouflages, measure, least in GOALS:
        for camouflage in camouflages:
            for row in rows:
                if (row["cell"], row["camouflage"], row["measure"]) == (cell, camouflage, measure):
                    held = "holds" if row["mean"] >= least else "**missed**"
                    lines.append([cell, camouflage, what, number(least), interval(row), held])
    return markdown(["cell", "camouflage", "measure", "at least", "measured", ""], lines)


def cells(rows: Sequence[Row], measure: str) -> str:
    """Return a measure of every planted cell by camouflage."""
    mine = [r for r in rows if r["measure"] == measure]
    camouflages = [c for c in distinct(mine, "camouflage") if c not in ("export", "profile")]
    lines = []
    for cell in distinct(mine, "cell"):
        found = {r["camouflage"]: interval(r) for r in mine if r["cell"] == cell}
        if set(found) & set(camouflages):
            lines.append([cell, *(found.get(c, "") for c in camouflages)])
    return markdown(["cell", *camouflages], lines)


def profiles(rows: Sequence[Row]) -> str:
    """Return the cells of exports and whole profiles."""
    mine = [r for r in rows if r["camouflage"] in ("export", "profile")]
    lines = []
    for cell in distinct(mine, "cell"):
        found = {r["measure"]: interval(r) for r in mine if r["cell"] == cell}
        lines.append([cell, *(found[m] for m in MEASURES)])
    return markdown(["cell", *MEASURES], lines)


def honest(rows: Sequence[Row]) -> str:
    """Return who of the honest groups is accused, over all scans together."""
    lines = []
    for cell in distinct(rows, "cell"):
        sums = {
            m: sum(r["mean"] * r["n"] for r in rows if r["cell"] == cell and r["measure"] == m)
            for m in ("members", "in a high scheme", "in a medium scheme", "disavow")
        }
        lines.append([cell, *(f"{value:,.0f}" for value in sums.values())])
    return markdown(["group", "members seen", "in a high scheme", "in a medium scheme",
                     "`disavow`"], lines)  # fmt: skip


def false(rows: Sequence[Row]) -> str:
    """Return schemes on domains that no scheme was planted on, per 10,000 domains."""
    lines = []
    for cell in distinct(rows, "cell"):
        for camouflage in distinct((r for r in rows if r["cell"] == cell), "camouflage"):
            mine = [r for r in rows if (r["cell"], r["camouflage"]) == (cell, camouflage)]
            found = {r["measure"]: interval(r) for r in mine}
            lines.append([cell, camouflage, found["high"], found["medium"], found["low"]])
    return markdown(["planted", "camouflage", "high", "medium", "low"], lines)


def methods(rows: Sequence[Row], measure: str) -> str:
    """Return a measure of every cell under the compared camouflage, by method."""
    mine = [r for r in rows if r["measure"] == measure]
    names = [m for m in distinct(mine, "method") if not m.startswith("without ")]
    lines = []
    for cell in distinct(mine, "cell"):
        found = {r["method"]: interval(r) for r in mine if r["cell"] == cell}
        lines.append([cell, *(found.get(name, "") for name in names)])
    return markdown(["cell", *names], lines)


def ablation(rows: Sequence[Row], seeds: int) -> str:
    """Return what is lost, and who is accused, without each part of the detector."""
    whole = {
        (r["cell"], r["measure"]): r["first"]
        for r in rows
        if r["method"] == "backlint" and r["first"] is not None
    }
    lines = []
    for method in distinct((r for r in rows if r["method"].startswith("without ")), "method"):
        mine = [r for r in rows if r["method"] == method]
        lost = [
            f"{r['cell']} {number(whole[r['cell'], r['measure']])} to {number(r['mean'])}"
            for r in mine
            if r["table"] == "schemes"
            and r["measure"] == "recovered"
            and r["mean"] <= whole[r["cell"], r["measure"]] - 0.2
        ]
        accused = [
            f"{r['cell']} {r['mean']:.1f} {r['measure']}"
            for r in mine
            if r["table"] == "honest"
            and r["measure"] != "members"
            and r["mean"] > whole[r["cell"], r["measure"]]
        ]
        more = [
            f"{number(whole[r['cell'], r['measure']])} to {number(r['mean'])} at {r['measure']} "
            f"beside {r['cell']}"
            for r in mine
            if r["table"] == "false" and r["mean"] >= whole[r["cell"], r["measure"]] + 0.1
        ]
        part = method.removeprefix("without ")
        lines.append([part, *("; ".join(said) or "-" for said in (lost, accused, more))])
    header = [f"without ({seeds} seeds)", "recovered falls by .2 or more", "honest members accused",
              "false schemes per 10,000 domains rise"]  # fmt: skip
    return markdown(header, lines).replace("---:", "---")


def page(result: Mapping[str, Any], text: str) -> str:
    about = result["about"]
    rows = [dict(zip(result["columns"], row, strict=True)) for row in result["rows"]]
    ours = [r for r in rows if r["method"] == "backlint"]
    schemes = [r for r in ours if r["table"] == "schemes"]
    compared = [r for r in rows if r["table"] == "schemes" and r["camouflage"] == about["compared"]]
    parts = [
        NOTE,
        "# Detection\n",
        "What is found of schemes that were planted into a real web, and what is said of honest "
        "groups beside them. All figures come from one run of\n",
        f"```sh\npython benchmarks/schemes/{about['command']}\n```\n",
        f"on the {about['backdrop']} ({about['domains']:,} domains, of which {about['sources']:,} "
        f"link out; {about['edges']:,} edges), {about['count']} {about['seeds']} seeds, with 95% "
        "bootstrap intervals over seeds in brackets where seeds differ.\n",
        text,
        "## Goals\n",
        goals(schemes),
        *(
            part
            for measure, title in MEASURES.items()
            for part in (f"## {title}\n", cells(schemes, measure))
        ),
        "## Exports and whole profiles\n",
        "A single-site export of 3,000 referring domains with footprint networks of twelve, and "
        "profiles of 300 referring domains with all that `backlint simulate` plants.\n",
        profiles(schemes),
        "## Honest groups\n",
        "All scans together.\n",
        honest([r for r in ours if r["table"] == "honest"]),
        "## False schemes per 10,000 domains\n",
        false([r for r in ours if r["table"] == "false"]),
        f"## What one would try otherwise: groups recovered, {about['compared']}\n",
        methods(compared, "recovered"),
        f"## What one would try otherwise: average precision, {about['compared']}\n",
        methods(compared, "average precision"),
        "## Ablation\n",
        ablation([r for r in rows if r["camouflage"] in (about["compared"], "export", "profile")],
                 about["ablation_seeds"]),
    ]  # fmt: skip
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(write_page("detection", RESULTS, page, "--check" in sys.argv[1:]))
