"""Open big reports in Chromium: page weight, first paint, and the time to sort and to filter.

    python benchmarks/report.py [--json OUT.json]

Two pages: a simulated profile of 10,000 referring domains, scanned, and the worst that a page
holds, 10,000 domains with a finding of which no two have the same waterfall. Times are medians of
seven, from the click to the end of layout. Needs Debian's chromium and chromium-driver.
"""

import argparse
import datetime
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from figures import report_table

import audit_factory as factory
from backlint.decisions.offer import offer
from backlint.disavow.guards import Guards
from backlint.report.html import render_html
from browser import Browser

DOMAINS = 10_000
TIMES = 7

CLICK = """
const button = document.querySelector(`th[data-sort="${arguments[0]}"] button`);
const start = performance.now();
button.click();
document.body.offsetHeight;
return performance.now() - start;
"""
TYPE = """
const box = document.getElementById("filter");
const start = performance.now();
box.value = arguments[0];
box.dispatchEvent(new Event("input"));
document.body.offsetHeight;
return performance.now() - start;
"""
DECIDE = """
const start = performance.now();
deciding.decideScheme(0, arguments[0]);
document.body.offsetHeight;
return performance.now() - start;
"""
PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


def simulated(folder: Path) -> Path:
    """Return the report of a simulated profile."""
    profile, audit = folder / "profile", folder / "audit"
    backlint = [sys.executable, "-c", "from backlint.cli import main; main()"]
    size = ["--referring-domains", str(DOMAINS), "--out", profile]
    subprocess.run([*backlint, "simulate", *map(str, size)], check=True, capture_output=True)
    site = json.loads((profile / "labels.json").read_text())["site"]
    words = ["scan", profile / "links.csv", "--site", site, "--out", audit, "--quiet"]
    subprocess.run([*backlint, *map(str, words)], check=True, capture_output=True)
    return audit / "report.html"


def crowded(folder: Path) -> Path:
    """Return a page in which every domain has reasons of its own, and every second a scheme."""
    nodes = [f"referring-domain-{n:05}.example" for n in range(DOMAINS)]
    schemes = [
        msgspec.structs.replace(
            factory.scheme(1, "pbn", "high", nodes[i : DOMAINS // 2 : 50]), id=f"S-{i:08x}"
        )
        for i in range(50)
    ]
    domains = [
        factory.result(
            node,
            [
                ("BL201", "co-target", 26.0),
                ("BL205", "infrastructure", 0.01 * (n % 100)),
                ("BL301", "anchors", 0.01 * (n // 100)),
                ("BL407", "lexical+TLD", 1.5),
            ],
            schemes=[schemes[n % 50].id] if n < DOMAINS // 2 else [],
            links=n % 300,
            followed=n % 200,
        )
        for n, node in enumerate(nodes)
    ]
    audit = msgspec.structs.replace(factory.rich(), domains=domains, schemes=schemes)
    page = folder / "crowded.html"
    page.write_text(render_html(audit, False, offer(audit, Guards(), {}, None)), encoding="utf-8")
    return page


def measured(browser: Browser, page: Path) -> dict[str, float | None]:
    """Return the figures of one page."""
    paints = []
    for _ in range(TIMES):
        browser.open(page)
        paints.append(browser.js(PAINT))

    def median(code: str, *words: str) -> float:
        return statistics.median(
            browser.js(code, words[turn % len(words)]) for turn in range(TIMES)
        )

    return {
        "page weight, MB": page.stat().st_size / 1e6,
        "first paint, ms": statistics.median(paints) if all(paints) else None,
        "sort, ms": max(median(CLICK, column) for column in ("name", "links", "reasons")),
        "filter, ms": median(TYPE, "shared rare", "1", "no such thing", ""),
        "decide, ms": median(DECIDE, "keep", "disavow", ""),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--json", type=Path, help="write the figures there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        for name in ("browser", "downloads", "pages"):
            (folder / name).mkdir()
        browser = Browser(folder / "browser", folder / "downloads")
        try:
            browser.look()
            pages = {"simulated": simulated(folder / "pages"), "worst": crowded(folder / "pages")}
            found = {name: measured(browser, page) for name, page in pages.items()}
            version = browser.driver.capabilities["browserVersion"]
        finally:
            browser.driver.quit()
    result = {"date": f"{datetime.date.today()}", "browser": version, "pages": found}
    header, rows = report_table(result)
    for row in [header, *rows]:
        print(f"{row[0]:<18}" + "".join(f"{cell:>14}" for cell in row[1:]))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
