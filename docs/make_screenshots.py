"""Take the pictures of the documentation: the report and the console of the README's own scan.

python docs/make_screenshots.py    write docs/report.png, docs/network.png and docs/console.svg

It needs selenium, chromium and chromium-driver. Browsers draw fonts differently, so nothing checks
that the pictures are current: take them anew when the report changes.
"""

import io
import re
import sys
import tempfile
from pathlib import Path

from pages import DOCS
from rich.console import Console

from backlint.audit import Options, Result, scan
from backlint.report.console import render_summary

SAMPLE = DOCS.parent / "sample_graphs" / "profile"
WIDTH = 1180  # CSS pixels
PICTURES = {"report.png": ("body", 860), "network.png": ("#network", 1200)}  # selector, height
MOST = 300_000  # bytes of a picture in the repository


def main() -> int:
    """Scan the sample and write the pictures; 1 where one is too heavy to be committed."""
    with tempfile.TemporaryDirectory() as work:
        out = Path(work) / "backlint-audit"
        result = sample(out)
        (DOCS / "console.svg").write_text(console(result, Path("backlint-audit")), "utf-8")
        for name, picture in pictures(out / "report.html").items():
            (DOCS / name).write_bytes(picture)
    heavy = [name for name in (*PICTURES, "console.svg") if (DOCS / name).stat().st_size > MOST]
    for name in heavy:
        print(f"docs/{name}: over {MOST:,} bytes", file=sys.stderr)
    return bool(heavy)


def sample(out: Path) -> Result:
    """Run the scan of the README."""
    options = Options(
        files=[SAMPLE / "links.csv.gz"],
        sites=["pendleighrowtents.net"],
        brand=["Pendleigh Row"],
        keywords=(SAMPLE / "keywords.txt").read_text("utf-8").split("\n"),
    )
    return scan(options, out)


def console(result: Result, out: Path) -> str:
    """Return what the console shows as an SVG that fetches no font."""
    shown = Console(record=True, width=100, force_terminal=True, file=io.StringIO())
    render_summary(result.audit, shown, out)
    drawn = shown.export_svg(title="backlint scan", unique_id="console")
    return re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)


def pictures(page: Path) -> dict[str, bytes]:
    """Return a PNG of each part of the page, in the light theme."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    with tempfile.TemporaryDirectory() as profile:
        for word in (
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", f"--user-data-dir={profile}", f"--window-size={WIDTH},1000",
        ):  # fmt: skip
            options.add_argument(word)
        browser = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        try:
            light = [{"name": "prefers-color-scheme", "value": "light"}]
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": light})
            browser.get(page.as_uri())
            return {
                name: _shot(browser, selector, height)
                for name, (selector, height) in PICTURES.items()
            }
        finally:
            browser.quit()


def _shot(browser, selector: str, height: int) -> bytes:  # type: ignore[no-untyped-def]
    # as high as the part, and scrolled to it: a picture of what lies outside the window is blank
    size = {"width": WIDTH, "height": height, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_script(
        "document.querySelector(arguments[0]).scrollIntoView({behavior: 'instant'})", selector
    )
    return browser.get_screenshot_as_png()


if __name__ == "__main__":
    sys.exit(main())
