"""The reference that speed is measured against: DuckDB reads a file into memory, nothing else.

    python benchmarks/ingest.py FILE

Prints JSON: the rows, and wall and CPU seconds of the one statement, all threads together.
"""

import json
import sys
import time

import duckdb


def main(path: str) -> int:
    reader = "read_parquet" if path.endswith(".parquet") else "read_csv"
    with duckdb.connect(":memory:", config={"threads": 2}) as db:
        wall, cpu = time.perf_counter(), time.process_time()
        db.execute(f"CREATE TABLE links AS SELECT * FROM {reader}(?)", [path])
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        rows = db.execute("SELECT count(*) FROM links").fetchall()[0][0]
    print(json.dumps({"rows": rows, "wall": wall, "cpu": cpu}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
