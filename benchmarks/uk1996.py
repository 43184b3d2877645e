"""Convert the UK Web Archive host graph (`year|source|target<TAB>n`, gzip) to a CSV edge list.

python benchmarks/uk1996.py 1996-uk-web-hosts.tsv.gz uk1996.csv
"""

import csv
import gzip
import sys
from pathlib import Path


def convert(source: Path, target: Path) -> int:
    rows = 0
    with (
        gzip.open(source, "rt", encoding="utf-8", errors="replace") as lines,
        target.open("w", newline="", encoding="utf-8") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["source_host", "target_host", "n"])
        for line in lines:
            edge, _, count = line.rstrip("\n").partition("\t")
            writer.writerow([*edge.split("|")[1:3], count])
            rows += 1
    return rows


if __name__ == "__main__":
    print(convert(Path(sys.argv[1]), Path(sys.argv[2])), "edges")
