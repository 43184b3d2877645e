"""Writing a simulation to files."""

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path

from backlint.files import write_atomic
from backlint.simulate.records import Simulation

HEADER = ("source", "target", "anchor", "rel", "first_seen", "title")


def write(sim: Simulation, out_dir: Path) -> list[Path]:
    """Write links.csv, labels.json and keywords.txt into out_dir and return their paths.

    Cells are written as they are, `=HYPERLINK(...)` anchors too: the file stands for what an
    export brings, and is meant for readers of CSV, not for a spreadsheet.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    contents = {
        "links.csv": links_csv(sim),
        "labels.json": labels_json(sim),
        "keywords.txt": "".join(f"{keyword}\n" for keyword in sim.keywords),
    }
    paths = [out_dir / name for name in contents]
    for path, text in zip(paths, contents.values(), strict=True):
        write_atomic(path, text)
    return paths


def links_csv(sim: Simulation) -> str:
    """Return the rows as CSV with a header; lines end in LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(sim.rows)
    return out.getvalue()


def labels_json(sim: Simulation) -> str:
    """Return everything but the rows as JSON."""
    truth = {
        "seed": sim.seed,
        "site": sim.site,
        "as_of": sim.as_of,
        "brand": sim.brand,
        "keywords": sim.keywords,
        "schemes": [asdict(label) for label in sim.schemes],
        "negatives": [asdict(label) for label in sim.negatives],
    }
    return json.dumps(truth, ensure_ascii=False, indent=2) + "\n"
