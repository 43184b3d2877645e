"""Make the sample profiles again: python sample_graphs/make.py

- `profile/`  links into one site and among its referring domains, as from several merged exports
- `export/`   the same site seen by a single-site export: only links into it
- `graph/`    a list of edges between domains, no site: `source,target`
"""

import csv
import gzip
import io
from pathlib import Path

from backlint.simulate import Simulation, simulate, write

HERE = Path(__file__).parent
SEED, REFERRING_DOMAINS = 5, 60


def compress(path: Path) -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as out:
        out.write(path.read_bytes())
    path.with_suffix(".csv.gz").write_bytes(packed.getvalue())
    path.unlink()


def write_edges(sim: Simulation, folder: Path) -> None:
    def host(url: str) -> str:
        return url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")

    edges = {(host(row.source_url), host(row.target_url)) for row in sim.rows}
    with (folder / "edges.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["source", "target"])
        writer.writerows(sorted(edge for edge in edges if edge[0] != edge[1]))


def main() -> None:
    for name, graph in (("profile", True), ("export", False)):
        (HERE / name).mkdir(exist_ok=True)
        write(simulate(SEED, referring_domains=REFERRING_DOMAINS, graph=graph), HERE / name)
        compress(HERE / name / "links.csv")
    folder = HERE / "graph"
    folder.mkdir(exist_ok=True)
    sim = simulate(
        SEED, schemes=["farm", "ring"], negatives=["blogroll", "university"], referring_domains=40
    )
    write(sim, folder)
    (folder / "links.csv").unlink()
    (folder / "keywords.txt").unlink()
    write_edges(sim, folder)


if __name__ == "__main__":
    main()
