"""Write docs/performance.md: the figures of benchmarks/results.json and docs/performance.in.md.

python docs/make_performance.py           write the page
python docs/make_performance.py --check   exit 1 when the page is not current
"""

import json
import sys
from pathlib import Path

DOCS = Path(__file__).parent
BENCHMARKS = DOCS.parent / "benchmarks"
PAGE = DOCS / "performance.md"
NOTE = "<!-- made by docs/make_performance.py; the text is in docs/performance.in.md -->\n"

sys.path.insert(0, str(BENCHMARKS))

from figures import Result, Table, tables  # noqa: E402


def page(result: Result, text: str) -> str:
    machine = result["machine"]
    parts = [
        NOTE,
        "# Performance\n",
        "All figures come from one run of\n",
        f"```sh\n{result['command']}\n```\n",
        f"on {machine['date']}, on {machine['cores']} cores ({machine['cpu']}) with "
        f"{machine['ram'] / 2**30:.0f} GiB, Python {machine['python']}, "
        f"DuckDB {machine['duckdb']}, polars {machine['polars']}, "
        f"backlint {machine['backlint']}.\n",
        "Ratios are to *ingest*: DuckDB's own `CREATE TABLE AS SELECT * FROM read_csv(...)` of the "
        "same file into memory, two threads, in the same run. *graph* judges every domain, "
        "*profile* one audited site; of the two the worse counts for a goal. The made-up webs "
        "come from `benchmarks/web.py`.\n",
        *map(markdown, tables(result)),
        text,
    ]
    return "\n".join(parts)


def markdown(table: Table) -> str:
    """Return a table as Markdown, all but its first column to the right."""
    rules = ["---", *["---:"] * (len(table.header) - 1)]
    rows = "\n".join(f"| {' | '.join(row)} |" for row in [table.header, rules, *table.rows])
    return f"## {table.title}\n\n{rows}\n"


def main(check: bool) -> int:
    result = json.loads((BENCHMARKS / "results.json").read_text("utf-8"))
    wanted = page(result, (DOCS / "performance.in.md").read_text("utf-8"))
    current = PAGE.exists() and PAGE.read_text("utf-8") == wanted
    if check:
        if not current:
            print("docs/performance.md: not current; run python docs/make_performance.py")
        return 0 if current else 1
    PAGE.write_text(wanted, "utf-8")
    print("docs/performance.md: current" if current else "docs/performance.md: written")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
