"""Write docs/performance.md: the figures of benchmarks/*.json and docs/performance.in.md.

python docs/make_performance.py           write the page
python docs/make_performance.py --check   exit 1 when the page is not current
"""

import json
import sys

from pages import DOCS, markdown, write_page

BENCHMARKS = DOCS.parent / "benchmarks"
NOTE = "<!-- made by docs/make_performance.py; the text is in docs/performance.in.md -->\n"

sys.path.insert(0, str(BENCHMARKS))

from figures import Result, Table, report_table, tables  # noqa: E402

BROWSER = BENCHMARKS / "report.json"


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
        *map(titled, tables(result)),
        report(json.loads(BROWSER.read_text("utf-8"))),
        text,
    ]
    return "\n".join(parts)


def report(result: Result) -> str:
    """Return the section on report.html in a browser."""
    return (
        "## The report in a browser\n\n"
        f"`python benchmarks/report.py --json benchmarks/report.json` on {result['date']}, "
        f"Chromium {result['browser'].partition('.')[0]}: the report of a *simulated* profile of "
        "10,000 referring domains, and the *worst* that a page holds, 10,000 domains with a "
        "finding of which no two have the same waterfall. Medians of seven, up to the end of "
        "layout.\n\n"
        f"{markdown(*report_table(result))}"
    )


def titled(table: Table) -> str:
    return f"## {table.title}\n\n{markdown(table.header, table.rows)}"


if __name__ == "__main__":
    check = "--check" in sys.argv[1:]
    sys.exit(write_page("performance", BENCHMARKS / "results.json", page, check))
