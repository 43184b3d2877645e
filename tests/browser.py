"""A headless Chromium that opens reports, and what a test asks of it."""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--disable-default-apps --disable-dev-shm-usage --hide-scrollbars"
).split()
PHONE, DESKTOP = 390, 1280


class Browser:
    """One browser; each page is opened with its own size, theme and script setting."""

    def __init__(self, profile: Path, downloads: Path) -> None:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        binary = shutil.which("chromium") or shutil.which("chromium-browser")
        server = shutil.which("chromedriver")
        assert binary, "the browser tests need chromium: apt-get install chromium"
        assert server, "the browser tests need chromedriver: apt-get install chromium-driver"
        options = webdriver.ChromeOptions()
        options.binary_location = binary
        for flag in [*FLAGS, f"--user-data-dir={profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.downloads = downloads
        self.driver = webdriver.Chrome(options=options, service=Service(server))
        self.cdp("Page.enable")
        self.cdp("Network.enable")
        self.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(downloads))

    def cdp(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def js(self, code: str, *arguments: Any) -> Any:
        return self.driver.execute_script(code, *arguments)

    def look(self, width: int = DESKTOP, dark: bool = False, media: str = "") -> None:
        """Set the width of the window and what the page is told of its reader."""
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=844 if width < 600 else 900, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.cdp("Emulation.setEmulatedMedia", media=media, features=[theme])

    def open(self, page: Path, scripts: bool = True, fresh: bool = True) -> None:
        """Open a page; a fresh one remembers nothing of an earlier visit."""
        self.cdp("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.cdp("Page.navigate", url="about:blank")
        self.logs()
        self.driver.get(page.as_uri())
        if fresh and scripts and self.js("return sessionStorage.length"):
            self.js("sessionStorage.clear()")
            self.driver.get("about:blank")
            self.driver.get(page.as_uri())

    def logs(self) -> tuple[list[str], list[str]]:
        """Return what the console said and which addresses were asked for since the last time."""
        said = [entry["message"] for entry in self.driver.get_log("browser")]
        events = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        asked = [
            event["params"]["request"]["url"]
            for event in events
            if event["method"] == "Network.requestWillBeSent"
        ]
        return said, [url for url in asked if not url.startswith(("data:", "blob:"))]

    def click(self, selector: str, at: int = 0) -> None:
        """Click as a mouse does: scrolled into view, and only where nothing covers it."""
        found = self.driver.find_elements("css selector", selector)[at]
        self.js("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()

    def choose(self, selector: str, value: str, at: int = 0) -> None:
        from selenium.webdriver.support.select import Select

        found = self.driver.find_elements("css selector", selector)[at]
        self.js("arguments[0].scrollIntoView({block: 'center'})", found)
        Select(found).select_by_value(value)

    def write(self, selector: str, text: str, at: int = 0) -> None:
        found = self.driver.find_elements("css selector", selector)[at]
        self.js("arguments[0].scrollIntoView({block: 'center'})", found)
        found.clear()
        found.send_keys(text + "\t")

    def press(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(*keys).perform()

    def text(self, selector: str) -> str:
        return str(self.js("return document.querySelector(arguments[0]).textContent", selector))

    def column(self, label: str) -> list[str]:
        """Return the texts of one column of the rows that are shown."""
        return [
            str(text)
            for text in self.js(
                "return [...document.querySelectorAll(`#domain-table td[data-label='${arguments[0]}']`)]"
                ".map((cell) => cell.textContent)",
                label,
            )
        ]

    def download(self, act: Callable[[], None]) -> bytes:
        """Return the file that an action downloads."""
        for old in self.downloads.iterdir():
            old.unlink()
        act()
        for _ in range(200):
            done = [p for p in self.downloads.iterdir() if not p.name.endswith(".crdownload")]
            if done:
                return done[0].read_bytes()
            time.sleep(0.02)
        raise AssertionError("nothing was downloaded")

    def violations(self, axe: Path, rules: Sequence[str] = ()) -> list[str]:
        """Return what axe-core finds serious or critical, a line each."""
        self.js(axe.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {resultTypes: ['violations']}).then("
            "  ({violations}) => done(violations), (error) => done([{impact: 'critical',"
            "  id: String(error), nodes: []}]));"
        )
        return [
            f"{item['impact']} {item['id']}: {[node['target'] for node in item['nodes'][:3]]}"
            for item in found
            if item["impact"] in ("serious", "critical")
        ]
