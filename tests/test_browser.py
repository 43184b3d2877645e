"""The report in a real browser: it works, asks nobody for anything, and decides as Python does.

`pytest -m browser` runs them; .ci/run installs Chromium and names axe-core by the variable AXE.
"""

# ruff: noqa: F811

import base64
import csv
import datetime
import io
import json
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import audit_factory as factory
from backlint.decisions.apply import apply, holding
from backlint.decisions.offer import offer
from backlint.decisions.sheet import read_review
from backlint.decisions.take import take
from backlint.disavow.file import parse
from backlint.disavow.guards import Guards, keeping
from backlint.disavow.plan import file_names, heading, of_site, render
from backlint.findings import Audit, Decision
from backlint.report.html import render_html
from backlint.report.json import read_json
from backlint.report.model import domains_sorted, participants, schemes_sorted
from backlint.risk.assess import disavow_lines
from backlint.risk.decide import decide
from browser import DESKTOP, PHONE, Browser
from test_cli import SAMPLES, audit, here, put, run  # noqa: F401

pytestmark = pytest.mark.browser

REAL = Path(__file__).parents[2] / "shared" / "data" / "techidaily" / "links.parquet"
SITE = "pendleighrowtents.net"
KEYS = {"tab": "\ue004", "enter": "\ue007"}


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    opened = Browser(tmp_path_factory.mktemp("profile"), tmp_path_factory.mktemp("downloads"))
    opened.look()
    yield opened
    opened.driver.quit()


@pytest.fixture(scope="session")
def axe() -> Path:
    if "AXE" not in os.environ:
        pytest.skip("AXE names no axe.min.js (npm pack axe-core)")
    return Path(os.environ["AXE"])


def many(amount: int = 10_000) -> Audit:
    """An audit of many domains that differ in what is said of them: 40 schemes, 900 waterfalls."""
    chance = random.Random(8)
    schemes = [
        msgspec.structs.replace(
            factory.scheme(
                1, "pbn", "high", [f"d{n:05}.example" for n in range(i, amount // 2, 40)]
            ),
            id=f"S-{i:08x}",
        )
        for i in range(40)
    ]
    results = []
    for n in range(amount):
        home = [schemes[n % 40].id] if n < amount // 2 else []
        steps = [("BL201", "co-target", 26.0 + n % 5)] if home else []
        steps += [("BL301", "anchors", chance.randrange(40) / 2)] if n % 3 else []
        steps += [("BL407", "lexical+TLD", 0.5 * (n % 7))]
        links = chance.choice([None, *range(1, 200)])
        results.append(
            factory.result(
                f"d{n:05}.example", steps, schemes=home, findings=["f1"], links=links,
                followed=links, nofollow=0, credit=links or 0,
            )
        )  # fmt: skip
    found = msgspec.structs.replace(factory.rich(), domains=results, schemes=schemes)
    lines = disavow_lines(results, schemes)
    return msgspec.structs.replace(found, disavow=lines, sites=[factory.SITE])


def written(audit: Audit, folder: Path, old: bytes | None = None, **guards: Any) -> Path:
    """Write the page of an audit that was made by hand."""
    decided = {r.domain: r.decided for r in audit.domains if r.decided}
    live = parse(old) if old is not None else None
    parts = offer(audit, Guards(**guards), decided, live)
    return put(folder, render_html(audit, False, parts), "report.html")


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Audit, Path]:
    found = many()
    return found, written(found, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not REAL.exists():
        pytest.skip("no real data beside the project")
    out = tmp_path_factory.mktemp("real") / "audit"
    assert (
        run("scan", REAL, "--site", "www.tomshardware.com", "--node", "host", "--out", out).code
        == 0
    )
    return out / "report.html"


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated")
    profile, out = folder / "profile", folder / "audit"
    assert run("simulate", "--referring-domains", 10_000, "--out", profile).code == 0
    site = json.loads((profile / "labels.json").read_bytes())["site"]
    assert run("scan", profile / "links.csv", "--site", site, "--out", out, "--quiet").code == 0
    return out / "report.html"


@pytest.fixture(params=["sample", "techidaily", "simulated", "10,000 domains"])
def page(request: pytest.FixtureRequest) -> Path:
    """Each of the four reports: three of scans, and the fullest that a page can be."""
    return named(request, request.param)


def named(request: pytest.FixtureRequest, which: str) -> Path:
    if which == "sample":
        return Path(request.getfixturevalue("audit")) / "report.html"
    if which == "techidaily":
        return Path(request.getfixturevalue("real"))
    if which == "simulated":
        return Path(request.getfixturevalue("simulated"))
    return Path(request.getfixturevalue("crowd")[1])


# --- every report -------------------------------------------------------------------------------


def test_no_error_no_request_and_a_page_of_few_megabytes(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.click('th[data-sort="links"] button')
    browser.click(".fall summary")
    said, asked = browser.logs()
    assert said == []
    assert set(asked) == {page.as_uri()}
    assert page.stat().st_size <= 8_000_000
    assert not browser.js("return document.getElementById('tools').hidden")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")


LOOKS = [(DESKTOP, False), (DESKTOP, True), (PHONE, False), (PHONE, True)]


@pytest.mark.parametrize(
    ("which", "width", "dark"),
    [
        *(("sample", *look) for look in LOOKS),
        *(("techidaily", *look) for look in LOOKS[1:3]),
        ("simulated", *LOOKS[2]),
        *(("10,000 domains", *look) for look in LOOKS[:4:3]),
    ],
)
def test_axe_finds_nothing_serious(
    browser: Browser, request: pytest.FixtureRequest, axe: Path, which: str, width: int, dark: bool
) -> None:
    page = named(request, which)
    browser.look(width, dark)
    try:
        browser.open(page)
        # what is folded must be readable as well; of ten thousand rows a few are enough
        browser.js("document.querySelectorAll('details').forEach((x, i) => { x.open = i < 25; })")
        browser.js("document.querySelectorAll('.fall').forEach((x, i) => { x.open = i < 3; })")
        browser.js("document.querySelectorAll('.decide input[value=keep]')[0]?.click()")
        assert browser.violations(axe) == []
        assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    finally:
        browser.look()


def test_the_theme_follows_the_reader(browser: Browser, audit: Path) -> None:
    shades = []
    for dark in (False, True):
        browser.look(dark=dark)
        browser.open(audit / "report.html")
        shade = browser.js("return getComputedStyle(document.documentElement).backgroundColor")
        shades.append(sum(map(int, re.findall(r"\d+", shade)[:3])))
    browser.look()
    assert shades[0] > 600 > 150 > shades[1]


def test_without_script_it_says_what_is_missing(browser: Browser, crowd: Any) -> None:
    browser.open(crowd[1], scripts=False)
    text = browser.driver.find_element("css selector", "#domains").text
    rows = browser.driver.find_elements("css selector", "#domain-table tbody tr")
    assert "need JavaScript, which does not run here" in text
    assert len(rows) == 100
    for part in ("#tools", "#pager", "#review", ".decide"):
        found = browser.driver.find_elements("css selector", part)
        assert found
        assert not any(item.is_displayed() for item in found), part
    browser.cdp("Emulation.setScriptExecutionDisabled", value=False)


def test_it_prints(browser: Browser, audit: Path) -> None:
    browser.look(dark=True)
    browser.open(audit / "report.html")
    pdf = base64.b64decode(browser.cdp("Page.printToPDF", printBackground=True)["data"])
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert pdf.startswith(b"%PDF-")
    assert 5 < pages < 80
    browser.look(dark=True, media="print")
    shown = "return getComputedStyle(document.querySelector(arguments[0])).display"
    assert [browser.js(shown, part) for part in ("#review", "#tools", "#pager")] == ["none"] * 3
    ink = browser.js("return getComputedStyle(document.documentElement).color")
    assert ink == "rgb(0, 0, 0)"  # on paper also what was dark
    browser.look()


# --- the table ----------------------------------------------------------------------------------


def test_every_column_sorts_by_keyboard(browser: Browser, crowd: Any) -> None:
    found, path = crowd
    browser.open(path)
    by_risk = domains_sorted(found)
    rank = {"keep": 0, "review": 1, "disavow": 2}
    title = {s.id: f"private blog network {s.id}".lower() for s in found.schemes}
    keys = {
        "name": (lambda r: r.domain, False),
        "links": (lambda r: -1 if r.links is None else r.links, True),
        "verdict": (lambda r: rank[r.verdict], True),
        "schemes": (lambda r: " ".join(title[s] for s in r.schemes), False),
    }
    for name, (key, down_first) in keys.items():
        button = browser.driver.find_element("css selector", f'th[data-sort="{name}"] button')
        for down in (down_first, not down_first):
            browser.js("arguments[0].focus()", button)
            browser.press(KEYS["enter"])
            ranked = sorted(enumerate(by_risk), key=lambda item: item[0])
            values = sorted({key(r) for _, r in ranked}, reverse=down)
            place = {value: at for at, value in enumerate(values)}
            expected = sorted(by_risk, key=lambda r: place[key(r)])[:50]
            assert browser.column("Domain") == [r.domain for r in expected], (name, down)
            heading = browser.driver.find_element("css selector", f'th[data-sort="{name}"]')
            assert heading.get_attribute("aria-sort") == ("descending" if down else "ascending")
            assert len(browser.driver.find_elements("css selector", "[aria-sort$=ending]")) == 1
            assert browser.text("#shown").endswith("descending" if down else "ascending")
            assert browser.js("return document.activeElement === arguments[0]", button)
    for name in ("score", "decision", "reasons"):
        browser.click(f'th[data-sort="{name}"] button')
        heading = browser.driver.find_element("css selector", f'th[data-sort="{name}"]')
        assert heading.get_attribute("aria-sort") in ("ascending", "descending")


def test_filters_find_what_python_finds(browser: Browser, crowd: Any) -> None:
    found, path = crowd
    browser.open(path)

    def shown() -> int:
        text = browser.text("#shown")
        return (
            0
            if text.startswith("Nothing")
            else int(re.search(r"of ([\d,]+)", text)[1].replace(",", ""))
        )  # type: ignore[index]

    assert shown() == 10_000
    scheme = found.schemes[3]
    members = {member.node for member in scheme.members}
    rule = browser.js(
        "return [...document.querySelectorAll('#rule-filter option')]"
        ".find((option) => option.textContent.startsWith('BL301')).value"
    )
    number = browser.js(
        "return [...document.querySelectorAll('#scheme-filter option')]"
        ".find((option) => option.textContent.includes(arguments[0])).value", scheme.id
    )  # fmt: skip
    browser.choose("#scheme-filter", number)
    assert shown() == len(members)
    browser.choose("#rule-filter", rule)
    with_rule = {r.domain for r in found.domains if any(s.rule == "BL301" for s in r.waterfall)}
    assert shown() == len(members & with_rule)
    browser.choose("#verdict-filter", "disavow")
    guilty = {r.domain for r in found.domains if r.verdict == "disavow"}
    assert shown() == len(members & with_rule & guilty)
    browser.click("#clear")
    assert shown() == 10_000
    browser.write("#filter", "D0012 exact-anchor")
    assert shown() == 0  # names of rules are words
    browser.write("#filter", "D0012 exact anchor")
    named = {r.domain for r in found.domains if "d0012" in r.domain}
    assert shown() == len(named & {d for d in with_rule if _raises(found, d, "BL301")})
    assert browser.js("return document.querySelector('#shown').getAttribute('role')") == "status"


def _raises(found: Audit, domain: str, rule: str) -> bool:
    result = next(r for r in found.domains if r.domain == domain)
    return any(step.rule == rule and step.points > 0 for step in result.waterfall)


def test_pages_turn_and_waterfalls_add_up(browser: Browser, crowd: Any) -> None:
    found, path = crowd
    browser.open(path)
    browser.click("#next")
    browser.click("#next")
    by_risk = domains_sorted(found)
    assert browser.column("Domain") == [r.domain for r in by_risk[100:150]]
    assert browser.text("#shown").startswith("101–150 of 10,000")
    browser.click(".fall summary", at=4)
    opened = browser.driver.find_elements("css selector", ".fall")[4].text
    steps = [float(x) for x in re.findall(r"^.*\+(\d+\.\d+)$", opened, re.MULTILINE)]
    assert steps == [step.points for step in by_risk[104].waterfall]
    assert f"{sum(steps):g} points: 100 / (1 + exp(" in opened.replace(".0 points", " points")


def test_tab_goes_down_the_page_and_focus_is_seen(browser: Browser, audit: Path) -> None:
    browser.open(audit / "report.html")
    seen = []
    for _ in range(60):
        browser.press(KEYS["tab"])
        state = browser.js(
            """
            const now = document.activeElement, style = getComputedStyle(now);
            const bar = document.getElementById('review').getBoundingClientRect();
            const box = now.getBoundingClientRect();
            const label = now.parentElement.querySelector('span');
            const ring = style.outlineStyle !== 'none' ||
              (now.type === 'radio' && getComputedStyle(label).outlineStyle !== 'none');
            const all = [...document.querySelectorAll('*')];
            return [all.indexOf(now), ring, now.outerHTML.slice(0, 80),
              now.closest('#review') !== null || box.top < bar.top];
            """
        )
        seen.append(state)
    assert seen[0][2].startswith('<a class="skip"')
    assert [place for place, *_ in seen] == sorted({place for place, *_ in seen})
    assert [what for _, ring, what, _ in seen if not ring] == []
    assert [what for *_, what, clear in seen if not clear] == []  # nothing hides beneath the bar


# --- the review ---------------------------------------------------------------------------------


def file_of(browser: Browser, at: int = 0) -> bytes:
    return browser.download(lambda: browser.click("#downloads button", at))


def decisions_of(browser: Browser) -> bytes:
    return browser.download(lambda: browser.click("#download-review"))


def test_what_is_decided_in_the_page_is_what_disavow_write_writes(
    browser: Browser,
    audit: Path,
    here: Path,
) -> None:
    browser.open(audit / "report.html")
    assert file_of(browser) == (audit / "disavow.txt").read_bytes()  # nothing decided yet
    assert browser.driver.find_element("css selector", "#download-review").get_attribute("disabled")

    browser.js("document.querySelectorAll('.decide input[value=keep]')[0].focus()")
    browser.press(" ")  # as the keyboard chooses
    browser.write(".decide .why", 'asked, "they" paid; =1+1')
    browser.choose("#verdict-filter", "review")
    browser.choose("#domain-table select", "disavow", at=0)
    browser.choose("#domain-table select", "review", at=1)
    browser.choose("#verdict-filter", "disavow")
    browser.choose("#domain-table select", "keep", at=2)
    assert "4 changes to the scan" in browser.text("#review-said")  # a reason belongs to its word

    text, decided = file_of(browser), decisions_of(browser)
    assert text != (audit / "disavow.txt").read_bytes()
    review = put(here, decided, "review-decided.csv")
    ran = run("disavow", "write", "--audit", audit, "--decisions", review)
    assert (ran.code, ran.err) == (0, "")
    assert (here / "disavow.txt").read_bytes() == text
    remembered = (here / "backlint.decisions.toml").read_text()
    assert r'reason = "asked, \"they\" paid; =1+1"' in remembered
    assert browser.logs()[0] == []


def test_a_live_file_is_merged_as_disavow_write_merges_it(
    browser: Browser,
    here: Path,
    audit: Path,
) -> None:
    mine = sorted(line.directive for line in read_json(audit / "report.json").disavow)
    listed = [mine[0], f"domain:www.{mine[1][7:]}", f"http://{mine[2][7:]}/a page", mine[0],
              f"https://blog.{mine[3][7:]}/x", "domain:com", "# by hand", "", "domain:else.example"]  # fmt: skip
    live = put(here, "\r\n".join(listed) + "\r\n", "live.txt")
    folder = SAMPLES / "profile"
    assert run(
        "scan", folder / "links.csv.gz", "--site", SITE, "--brand", "Pendleigh Row", "--keywords",
        folder / "keywords.txt", "--disavow", live, "--out", here / "merged",
    ).code == 0  # fmt: skip
    browser.open(here / "merged" / "report.html")
    browser.click(".decide input[value=keep]", at=0)
    text, decided = file_of(browser), decisions_of(browser)
    review = put(here, decided, "review-decided.csv")
    ran = run("disavow", "write", "--audit", here / "merged", "--old", live, "--decisions", review)
    assert ran.code == 0
    assert (here / "disavow.txt").read_bytes() == text
    assert b"# refused (whole top-level domain): domain:com\n" in text
    assert b"# by hand\n" in text


def test_undo_and_the_memory_of_a_tab(browser: Browser, audit: Path) -> None:
    page = audit / "report.html"
    browser.open(page)
    before = browser.text("#tally")
    browser.click(".decide input[value=keep]", at=0)
    after = browser.text("#tally")
    assert after != before
    assert not browser.js("return deciding.isSaved()")
    browser.open(page, fresh=False)
    assert browser.text("#tally") == after
    assert browser.text("#review-said") == "The decisions of this tab are back."
    browser.choose("#domain-table select", "review", at=0)
    browser.click("#undo")
    assert browser.text("#tally") == after
    decisions_of(browser)
    assert browser.js("return deciding.isSaved()")


def test_a_word_for_a_scheme_says_what_it_took_back(browser: Browser, audit: Path) -> None:
    browser.open(audit / "report.html")
    members, barred = browser.js(
        "return [deciding.members[0], deciding.members[0].filter((n) => deciding.barred(n))]"
    )
    single = [n for n in members if n not in barred][:2]
    for n in single:
        browser.js("deciding.decideDomain(arguments[0], 'keep')", n)
    browser.js("document.querySelectorAll('.decide input')[0].focus()")
    browser.press("\ue015")  # arrow down
    assert browser.js("return deciding.wholeOf(0)[0]") == "disavow"
    said = "Took back 2 decisions on single domains; Undo brings them back."
    assert browser.text("#review-said") == said
    browser.click("#undo")
    kept = "return arguments[0].map((n) => deciding.ownOf(n)[0])"
    assert browser.js(kept, single) == ["keep", "keep"]


def test_on_paper_too_it_says_that_decisions_were_made(browser: Browser, audit: Path) -> None:
    browser.open(audit / "report.html")
    display = "return getComputedStyle(document.querySelector('#decided-note')).display"
    assert browser.js(display) == "none"
    browser.click(".decide input[value=keep]", at=0)
    browser.look(media="print")
    assert browser.js(display) == "block"
    record = read_json(audit / "report.json")
    kept = participants(schemes_sorted(record)[0])
    counts = Counter("keep" if d.domain in kept else d.verdict for d in record.domains if d.verdict)
    assert browser.text("#decided-note") == (
        "Head, score and disavow lines are those of the scan; 1 decision made on this page changes "
        f"them: {counts['disavow']} disavow, {counts['review']} review, {counts['keep']} keep."
    )
    browser.look()
    browser.click("#undo")
    assert browser.js(display) == "none"


def test_leaving_with_decisions_that_were_not_downloaded_is_asked_about(
    browser: Browser,
    audit: Path,
) -> None:
    browser.open(audit / "report.html")
    leave = "const e = new Event('beforeunload', {cancelable: true}); dispatchEvent(e); return e.defaultPrevented"
    assert browser.js(leave) is False
    browser.click(".decide input[value=keep]", at=0)
    assert browser.js(leave) is True
    browser.click("#undo")
    assert browser.js(leave) is False


def test_protected_domains_say_why_and_cannot_be_chosen(browser: Browser, tmp_path: Path) -> None:
    found = factory.rich()
    domains = [
        msgspec.structs.replace(r, protected="platform root", verdict="keep", priority=None)
        if r.domain == "dailyreview3.example" else r
        for r in found.domains
    ]  # fmt: skip
    found = msgspec.structs.replace(
        found, domains=domains, disavow=disavow_lines(domains, found.schemes)
    )
    browser.open(written(found, tmp_path))
    browser.write("#filter", "dailyreview3.example")
    row = browser.driver.find_element("css selector", "#domain-table tbody tr")
    assert "Not to be disavowed: platform root" in row.text
    choices = [
        option.get_attribute("value") for option in row.find_elements("css selector", "option")
    ]
    assert choices == ["", "review", "keep"]
    browser.click(".decide input[value=disavow]", at=0)
    assert b"domain:dailyreview3.example" not in file_of(browser)
    assert b"domain:dailyreview4.example" in file_of(browser)


# --- any decisions: the page against Python -----------------------------------------------------

ROOTS = ["a.example", "b.example", "xn--bcher-kva.example", "c.co.uk", "d.example"]


def tangle(chance: random.Random) -> tuple[Audit, bytes | None, Guards]:
    """Hosts above and below each other, decided before or protected, with or without a live file."""
    names = [f"{sub}{root}" for root in ROOTS for sub in ("", "x.", "y.x.", "z.")]
    nodes = chance.sample(names, chance.randint(4, 16))
    old = None
    if chance.random() < 0.6:
        lines = [f"domain:{chance.choice(names)}" for _ in range(6)]
        lines += [f"https://{chance.choice(names)}/p{i}" for i in range(4)]
        lines += ["# note", "", "domain:www.q.example", "rubbish line", "domain:own.example"]
        lines += [f"domain: {chance.choice(names)}", f"http://www.{chance.choice(names)}/"]
        lines += chance.sample(lines, 4)
        chance.shuffle(lines)
        old = "\n".join(lines).encode()
    allow = frozenset(chance.sample(nodes, 1)) if chance.random() < 0.3 else frozenset()
    covered = set(parse(old).directives()) if old else set()
    schemes = {f"S-{i}": chance.sample(nodes, chance.randint(1, len(nodes))) for i in range(3)}
    results = []
    for node in nodes:
        above = {f"domain:{'.'.join(node.split('.')[i:])}" for i in range(node.count(".") + 1)}
        points = chance.choice([3.0, 30.0, 46.0])
        shielded = (
            "on the allow-list"
            if any(a == node or a.endswith("." + node) or node.endswith("." + a) for a in allow)
            else ""
        )
        more: dict[str, Any] = {"protected": shielded, "covered": bool(above & covered)}
        if shielded or more["covered"]:
            more |= {"verdict": "keep", "priority": None}
        results.append(
            factory.result(
                node, [("BL201", "co-target", points)], links=3, followed=3, credit=3,
                findings=["f1"], schemes=[s for s, of in schemes.items() if node in of], **more,
            )
        )  # fmt: skip
    earlier = {
        node: Decision(ruling=chance.choice(["keep", "disavow", "review"]), date="2026-01-02", reason="then")
        for node in nodes if chance.random() < 0.2
    }  # fmt: skip
    results = decide(results, earlier)
    sites = ["own.example", "shop.example"] if chance.random() < 0.3 else ["own.example"]
    found = factory.bare(
        sites=sites, node="host", domains=results,
        schemes=[
            msgspec.structs.replace(factory.scheme(1, "pbn", "high", of), id=s)
            for s, of in schemes.items()
        ],
    )  # fmt: skip
    lines_ = [
        msgspec.structs.replace(line, sites=chance.sample(sites, chance.randint(0, len(sites))))
        for line in disavow_lines(found.domains, found.schemes)
    ]
    guards = Guards(own=frozenset(sites), allow=allow)
    return msgspec.structs.replace(found, disavow=lines_), old, guards


def by_python(found: Audit, old: bytes | None, guards: Guards, review: Path) -> list[str]:
    """The files as `disavow write` makes them of a review."""
    day = datetime.date(2026, 11, 23)
    entries = take(read_review(review), found, review, day).entries
    guards = keeping(guards, holding(found, entries))
    decided = apply(found, entries)
    live = parse(old) if old is not None else None
    texts = []
    for site in file_names(found.sites):
        made = render(of_site(decided.disavow, site), live, guards, header=heading(site))
        texts.append(made.text if made else "")
    return texts


@pytest.mark.parametrize("seed", range(24))
def test_any_decisions_give_the_file_that_python_gives(
    browser: Browser, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    found, old, guards = tangle(chance)
    decided = {r.domain: r.decided for r in found.domains if r.decided}
    live = parse(old) if old is not None else None
    page_ = put(tmp_path, render_html(found, False, offer(found, guards, decided, live)), "r.html")
    browser.open(page_)
    assert browser.logs()[0] == []
    words = ["disavow", "keep", "review", ""]
    for step in range(8):
        if chance.random() < 0.4:
            act, number = "decideScheme", chance.randrange(len(found.schemes))
        else:
            act, number = "decideDomain", chance.randrange(len(found.domains))
        browser.js(
            f"deciding.{act}(arguments[0], arguments[1], arguments[2])",
            number, chance.choice(words), chance.choice(["", "because"]),
        )  # fmt: skip
        if chance.random() < 0.1:
            browser.js("deciding.undo()")
        texts, review = browser.js(
            "return [deciding.files().map((f) => f.text), deciding.review()]"
        )
        path = put(tmp_path, review, f"review{step}.csv")
        assert texts == by_python(found, old, guards, path), (step, review)


# --- what strangers wrote -----------------------------------------------------------------------


def test_hostile_text_acts_nowhere(browser: Browser, tmp_path: Path) -> None:
    found = factory.hostile()
    browser.open(written(found, tmp_path))
    browser.js("for (const box of document.querySelectorAll('details')) box.open = true")
    said, asked = browser.logs()
    assert said == []
    assert set(asked) == {(tmp_path / "report.html").as_uri()}
    for at in range(min(4, browser.js("return document.querySelectorAll('.decide input').length"))):
        browser.js("document.querySelectorAll('.decide input')[arguments[0]].click()", at)
    browser.write("#filter", "<img")
    counted = browser.js(
        "return [document.querySelectorAll('img, iframe, object, embed, base, form').length,"
        " document.scripts.length, [...document.querySelectorAll('*')].filter((x) => "
        "[...x.attributes].some((a) => a.name.startsWith('on') || a.name === 'autofocus')).length,"
        " [...document.querySelectorAll('a')].filter((x) => !x.getAttribute('href').startsWith('#')).length]"
    )
    assert counted == [0, 2, 0, 0]
    text = browser.js("return document.body.innerText")
    assert "alert(1)" in text  # it is there, as text
    assert not set(text) & set("\u202e\u2066\u200b\ufeff")
    assert browser.js("return document.documentElement.scrollWidth <= innerWidth")
    assert not browser.js("return deciding.files().map((f) => f.text).join('').includes('victim')")


def test_the_review_of_a_hostile_audit_holds_no_formula(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(factory.hostile(), tmp_path))
    data = browser.js(
        "deciding.members.forEach((of, s) => deciding.decideScheme(s, 'keep'));"
        "deciding.members.flat().forEach((n) => deciding.decideDomain(n, 'review'));"
        "return deciding.review()"
    )
    rows = list(csv.reader(io.StringIO(data, newline="")))
    assert len(rows) > 2 * len(factory.HOSTILE)
    assert {len(row) for row in rows} == {6}
    for cell in (cell for row in rows for cell in row):
        assert not re.match(r"[=+@\t\r-]", cell), cell
        assert len(cell) <= 1000
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\u2066]", cell)
