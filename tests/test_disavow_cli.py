# ruff: noqa: F811  (fixtures come by import)
"""The commands on disavow files that need an audit, or mend and compare files."""

import csv
import io
import re
from pathlib import Path

import duckdb
import fastexcel
import pytest

import audit_factory as factory
from backlint.disavow.file import parse
from backlint.findings import Page
from backlint.report import kit
from backlint.report.json import read_json
from backlint.saved import open_audit, pages, units
from test_cli import (  # noqa: F401
    SAMPLES,
    TINY,
    audit,
    here,
    one_message,
    put,
    run,
)

SITE, OTHER = "pendleighrowtents.net", "leila-rookmore.com"


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of two sites at once."""
    out = tmp_path_factory.mktemp("two") / "audit"
    folder = SAMPLES / "profile"
    ran = run(
        "scan", folder / "links.csv.gz", "--site", SITE, "--site", OTHER, "--out", out,
        "--brand", "Pendleigh Row", "--keywords", folder / "keywords.txt", "-q",
    )  # fmt: skip
    assert ran.code == 0
    return out


def directives(path: Path) -> list[str]:
    return parse(path.read_bytes()).directives()


# ---------------------------------------------------------------- check --fix


def test_fix(here: Path) -> None:
    put(here, "domain: a.com\ndomain:www.b.com\n", "bad.txt")
    ran = run("disavow", "check", "bad.txt", "--fix", "--out", "good.txt")
    assert ran.code == 1  # www. is for a human
    assert ran.out.splitlines() == [
        "bad.txt:1: DF101 mended: domain: a.com -> domain:a.com",
        "bad.txt:2: DF304 left: covers only www.b.com and what lies below it, not b.com "
        "(to cover that as well, write: domain:b.com)",
    ]
    assert ran.err == "good.txt: 2 directives; 1 lines need a human (commented or left)\n"
    assert (here / "good.txt").read_text() == "domain:a.com\ndomain:www.b.com\n"
    assert (here / "bad.txt").read_text() == "domain: a.com\ndomain:www.b.com\n"


def test_fix_in_place_keeps_a_backup(here: Path) -> None:
    put(here, "domain: a.com\n", "one.txt")
    put(here, "domain:b.com\n", "two.txt")
    ran = run("disavow", "check", "one.txt", "two.txt", "--fix", "--force")
    assert ran.code == 0
    assert "the old file is kept as one.txt.bak\n" in ran.err
    assert (here / "one.txt").read_text() == "domain:a.com\n"
    assert (here / "one.txt.bak").read_text() == "domain: a.com\n"
    assert sorted(x.name for x in here.iterdir()) == ["one.txt", "one.txt.bak", "two.txt"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.txt", "--fix"], "name the mended file with --out, or replace it with --force"),
        (["a.txt", "--fix", "--out", "b.txt"], "b.txt: exists already; use --force"),
        (["a.txt", "b.txt", "--fix", "--out", "c.txt"], "--out: takes one file"),
        (["a.txt", "--fix", "--out", "c.csv"], "c.csv: Google takes only files that end in .txt"),
        (["a.txt", "--force"], "--out and --force are for --fix"),
        (["junk.txt", "--fix", "--out", "c.txt"], "no directive would be left"),
    ],
)
def test_fix_refuses(here: Path, words: list[str], said: str) -> None:
    for name, text in (("a.txt", "domain: a.com"), ("b.txt", "domain:b.com"), ("junk.txt", "x")):
        put(here, text, name)
    assert said in one_message(run("disavow", "check", *words), 2)
    assert sorted(x.name for x in here.iterdir()) == ["a.txt", "b.txt", "junk.txt"]
    assert (here / "b.txt").read_text() == "domain:b.com"


# ---------------------------------------------------------------- diff


def test_diff(here: Path, audit: Path) -> None:
    assert run("disavow", "write", "--audit", audit, "--out", "new.txt").code == 0
    assert run("disavow", "diff", "new.txt", "new.txt").code == 0
    first = directives(here / "new.txt")[0]
    put(here, f"{first}\ndomain:gone.com\n", "old.txt")
    ran = run("disavow", "diff", "old.txt", "new.txt", "--audit", audit)
    assert ran.code == 1
    assert "  drops         1  0 links, 0 followed; these come free" in ran.out
    assert "  domain:gone.com  no link in the audit" in ran.out
    whole = run("disavow", "diff", "old.txt", "new.txt", "--all").out
    assert whole.count("\n  domain:") == len(directives(here / "new.txt"))
    # what is said of links is what the database holds
    line = next(x for x in ran.out.splitlines() if x.startswith("  domain:") and "gone" not in x)
    node, links = re.findall(r"domain:(\S+)  ([\d,]+) link", line)[0]
    with duckdb.connect(str(audit / "audit.duckdb"), read_only=True) as con:
        rows = con.execute(
            "SELECT count(*) FROM links l JOIN nodes s ON s.node_id = l.source_id JOIN nodes t ON "
            "t.node_id = l.target_id WHERE t.is_site AND s.node = ?", [node],
        ).fetchall()  # fmt: skip
    assert int(links) == rows[0][0]


def test_diff_without_a_readable_audit(here: Path) -> None:
    put(here, "domain:a.com\n", "a.txt")
    said = one_message(run("disavow", "diff", "a.txt", "a.txt", "--audit", "."), 3)
    assert "audit.duckdb: no such file" in said
    put(here, "no database", "audit.duckdb")
    said = one_message(run("disavow", "diff", "a.txt", "a.txt", "--audit", "."), 3)
    assert "audit.duckdb: cannot be read (" in said


# ---------------------------------------------------------------- coverage


def test_the_database_and_the_report_count_alike(audit: Path) -> None:
    found = read_json(audit / "report.json")
    assert found.profile is not None
    planned = {x.directive.removeprefix("domain:") for x in found.disavow}
    with open_audit(audit) as con:
        by_host = units(con)
        host = next(x.name.removeprefix("domain:") for x in by_host if x.links > 1)
        by_page = units(con, {host})
        links = pages(con, planned)
    for some in (by_host, by_page):
        assert sum(x.links for x in some) == found.profile.links
        assert len({x.node for x in some}) == found.profile.referring_domains
    assert len(by_page) > len(by_host)
    assert {x.name for x in by_page if x.name.startswith("http")}
    followed = {d.domain: d.followed for d in found.domains if d.verdict}
    for node, number in followed.items():
        assert number == sum(x.followed for x in by_host if x.node == node)
    assert {x.node for x in links} == planned


def test_coverage(here: Path, audit: Path) -> None:
    found = read_json(audit / "report.json")
    accused = {d.domain for d in found.domains}
    with open_audit(audit) as con:
        quiet = next(x for x in units(con) if x.node not in accused and not x.trusted)
    guilty = found.disavow[0].directive
    put(here, f"# mine\n{guilty}\ndomain:{quiet.node}\ndomain:unknown.com\n", "live.txt")
    ran = run("disavow", "coverage", "live.txt", "--audit", audit, "--reavow", "less.txt")
    assert ran.code == 0
    assert f"  line 3: domain:{quiet.node}: {quiet.links} link" in ran.out
    assert "\n  line 4: domain:unknown.com\n" in ran.out
    text = (here / "less.txt").read_text()
    assert text.splitlines()[:2] == ["# mine", guilty]
    assert directives(here / "less.txt") == [guilty, "domain:unknown.com"]
    put(here, f"domain:{quiet.node}\n", "only.txt")
    ran = run("disavow", "coverage", "only.txt", "--audit", audit, "--reavow", "none.txt")
    assert ran.code == 2
    assert "no directive would be left" in ran.err
    assert not (here / "none.txt").exists()


# ---------------------------------------------------------------- write


def test_write_only_what_is_new(here: Path, audit: Path) -> None:
    run("disavow", "write", "--audit", audit, "--out", "whole.txt")
    whole = directives(here / "whole.txt")
    put(here, "\n".join(whole[:-2]), "live.txt")
    ran = run("disavow", "write", "--audit", audit, "--old", "live.txt", "--new-only")
    assert ran.code == 0
    assert ran.out.startswith("# ONLY THE NEW LINES. An upload replaces the whole list")
    assert sorted(parse(ran.out.encode()).directives()) == sorted(whole[-2:])
    assert ran.err == "2 new directives; nothing was written\n"
    words = ("disavow", "write", "--audit", audit, "--new-only")
    assert "--new-only: needs the live file" in one_message(run(*words), 2)
    assert "covers everything already" in run(*words, "--old", "whole.txt").out
    assert run(*words, "--old", "live.txt", "--out", "new.txt").code == 0
    assert sorted(directives(here / "new.txt")) == sorted(whole[-2:])


@pytest.mark.parametrize("level", ["host", "url"])
def test_write_at_a_level(here: Path, audit: Path, level: str) -> None:
    run("disavow", "write", "--audit", audit, "--out", "whole.txt")
    ran = run("disavow", "write", "--audit", audit, "--level", level, "--out", "some.txt")
    assert ran.code == 0
    lines = directives(here / "some.txt")
    assert {x.startswith("http") for x in lines} == {level == "url"}
    # every line lies under a line of the plan, and every planned domain has one
    planned = {x.removeprefix("domain:") for x in directives(here / "whole.txt")}
    hosts = [x.split("/")[2] if level == "url" else x.removeprefix("domain:") for x in lines]
    over = [next(p for p in planned if h == p or h.endswith(f".{p}")) for h in hosts]
    assert set(over) == planned
    with open_audit(audit) as con:
        linking = [x for x in pages(con, planned) if x.credit]
    if level == "url":
        assert set(lines) == {x.url if "/" in x.url[8:] else f"{x.url}/" for x in linking}
    else:
        assert {h.removeprefix("www.") for h in hosts} == {x.host for x in linking}


# ---------------------------------------------------------------- several sites


def test_each_property_has_a_file_of_its_own(here: Path, two: Path) -> None:
    found = read_json(two / "report.json")
    files = {path.name: directives(path) for path in two.glob("disavow*.txt")}
    assert set(files) == {f"disavow-{SITE}.txt", f"disavow-{OTHER}.txt"}
    with duckdb.connect(str(two / "audit.duckdb"), read_only=True) as con:
        linking = con.execute(
            "SELECT DISTINCT s.node, t.node FROM links l JOIN nodes s ON s.node_id = l.source_id "
            "JOIN nodes t ON t.node_id = l.target_id WHERE t.is_site"
        ).fetchall()
    planned = {x.directive for x in found.disavow}
    for site in (SITE, OTHER):
        expected = {f"domain:{s}" for s, t in linking if t == site} & planned
        assert set(files[f"disavow-{site}.txt"]) == expected
        assert expected
    assert files[f"disavow-{SITE}.txt"] != files[f"disavow-{OTHER}.txt"]
    # `write` makes the same files
    ran = run("disavow", "write", "--audit", two)
    assert ran.code == 0
    for name in files:
        assert (here / name).read_bytes() == (two / name).read_bytes()
    assert run("disavow", "write", "--audit", two, "--out", "x.txt", "--site", OTHER).code == 0
    assert (here / "x.txt").read_bytes() == (two / f"disavow-{OTHER}.txt").read_bytes()


def test_the_live_file_of_several_properties(here: Path, two: Path) -> None:
    put(here, "domain:live.com\n", "live.txt")
    said = one_message(run("disavow", "write", "--audit", two, "--old", "live.txt"), 2)
    assert (
        f"each property has a live file of its own; write one at a time, with --site {SITE}" in said
    )
    said = one_message(run("disavow", "write", "--audit", two, "--out", "x.txt"), 2)
    assert f"--out: the audit has several sites; write one at a time, with --site {SITE}" in said
    said = one_message(run("disavow", "write", "--audit", two, "--site", "x.com"), 2)
    assert f"the audit is of {SITE}, {OTHER}, not of x.com" in said
    ran = run("disavow", "write", "--audit", two, "--old", "live.txt", "--site", OTHER)
    assert ran.code == 0
    assert directives(here / f"disavow-{OTHER}.txt")[0] == "domain:live.com"


def test_scan_merges_the_live_file_into_each(here: Path) -> None:
    rows = "".join(
        f"https://{x}.example/,https://{site}/,one\n" for x in "abc" for site in ("m.com", "n.com")
    )
    put(here, "domain:live.com\n", "live.txt")
    links = put(here, TINY.splitlines()[0] + "\n" + rows)
    words = ("scan", links, "--site", "m.com", "--site", "n.com", "--disavow", "live.txt")
    assert run(*words).code == 0
    out = here / "backlint-audit"
    for site in ("m.com", "n.com"):
        assert directives(out / f"disavow-{site}.txt") == ["domain:live.com"]
    assert any(
        "merged into the file of each site" in x for x in read_json(out / "report.json").notes
    )
    put(out, "domain:edited.com\n", "disavow-m.com.txt")
    ran = run(*words)
    assert ran.code == 0
    kept = out / "disavow-m.com.txt.bak"
    assert "the old disavow-m.com.txt is kept as" in ran.err
    assert kept.read_text() == "domain:edited.com\n"
    # another set of sites: the old files are kept as backups, not among the new ones
    assert run(*words[:4], "--disavow", "live.txt").code == 0
    assert {x.name for x in out.glob("disavow*")} == {
        "disavow.txt", "disavow-m.com.txt.bak", "disavow-m.com.txt.bak.1",
        "disavow-n.com.txt.bak",
    }  # fmt: skip


def test_write_keeps_to_what_the_scan_was_told_to_protect(here: Path) -> None:
    rows = "".join(f"https://{x}.example/,https://m.com/,one\n" for x in ("dear", "mine", "c"))
    links = put(here, TINY.splitlines()[0] + "\n" + rows)
    put(here, "dear.example\n", "allow.txt")
    put(here, "mine.example\n", "own.txt")
    put(here, "domain:dear.example\ndomain:mine.example\ndomain:live.com\n", "live.txt")
    told = ("--own", "own.txt", "--allow", "allow.txt", "--disavow", "live.txt")
    assert run("scan", links, "--site", "m.com", *told).code == 0
    scanned = here / "backlint-audit" / "disavow.txt"
    assert directives(scanned) == ["domain:live.com"]
    assert run("disavow", "write", "--old", "live.txt").code == 0
    assert (here / "disavow.txt").read_bytes() == scanned.read_bytes()
    # another allow-list takes the place of the one of the scan
    put(here, "other.example\n", "allow.txt")
    again = run("disavow", "write", "--old", "live.txt", "--allow", "allow.txt", "--force")
    assert again.code == 0
    assert directives(here / "disavow.txt") == ["domain:dear.example", "domain:live.com"]


# ---------------------------------------------------------------- kit


def test_kit(here: Path, audit: Path) -> None:
    ran = run("disavow", "kit", "--audit", audit)
    assert ran.code == 0
    found = read_json(audit / "report.json")
    rows = list(
        csv.DictReader((here / "removal-kit" / "removal-requests.csv").open(encoding="utf-8-sig"))
    )
    assert {row["domain"] for row in rows} == {x.directive[7:] for x in found.disavow}
    assert len(rows) == len(found.disavow)
    assert {row["status"] for row in rows} == {"not asked"}
    assert {row[x] for row in rows for x in ("contact", "date asked", "answer")} == {""}
    with open_audit(audit) as con:
        linking = [x for x in pages(con, {rows[0]["domain"]}) if x.credit]
    assert int(rows[0]["links"]) == len(linking)
    assert rows[0]["pages that link"].split(" | ") == sorted({x.url for x in linking})
    log = (here / "removal-kit" / "reconsideration-log.md").read_text()
    for scheme in {x.scheme for x in found.disavow if x.scheme}:
        assert scheme in log
    assert f"proposes {len(found.disavow)} new lines" in log
    assert run("disavow", "kit", "--audit", audit).code == 0  # the same again


def test_kit_keeps_what_was_filled_in(here: Path, audit: Path) -> None:
    run("disavow", "kit", "--audit", audit)
    sheet = put(here / "removal-kit", "filled in", "removal-requests.csv")
    said = one_message(run("disavow", "kit", "--audit", audit), 2)
    assert "may hold what you filled in" in said
    assert sheet.read_text() == "filled in"
    assert run("disavow", "kit", "--audit", audit, "--force").code == 0
    assert (here / "removal-kit" / "removal-requests.csv.bak").read_text() == "filled in"


def test_kit_of_an_attacker() -> None:
    """No cell begins a formula, and the log shows text from outside as it is."""
    audit = factory.hostile()
    bad = [x.directive for x in audit.disavow]
    links = [
        Page(node=node, host=node, domain=text, url=text, anchor=text, credit=True)
        for node in bad
        for text in factory.HOSTILE
    ]
    rows = kit.removal_rows(audit, links)
    assert len(rows) == len(factory.HOSTILE)
    cells = [
        x for row in csv.reader(io.StringIO(kit.sheet_csv(rows).decode("utf-8-sig"))) for x in row
    ]
    sheet = fastexcel.read_excel(kit.sheet_xlsx(rows)).load_sheet(0).to_polars()
    cells += [str(x) for row in sheet.iter_rows() for x in row if x is not None]
    lines = [line for cell in cells for line in cell.split("\n")]
    assert len(lines) > 200
    assert not [x for x in lines if x.lstrip()[:1] in tuple("=+-@") and x.lstrip()]
    assert not [x for x in cells if re.search(r"[\x00-\x08\x0b-\x1f\u202a-\u202e]", x)]
    text = kit.log(audit, rows)
    assert not re.search(r"(?<!\\)<", text)
    assert "\u202e" not in text
    placeholders = re.findall(r"(?<!\\)\[[^\]]*\]", text)
    assert all(
        x[1:6] in ("brack", "Which", "How t", "How m", "Who m") or "[U+" in x for x in placeholders
    )


def test_the_sheet_is_a_form() -> None:
    rows = kit.removal_rows(factory.rich(), [
        Page(node="dailyreview1.example", host="dailyreview1.example", domain="dailyreview1.example",
             url=f"http://dailyreview1.example/{x}", anchor="shoes", credit=x > 0)
        for x in range(30)
    ])  # fmt: skip
    assert len(rows) == 1
    row = dict(zip(kit.COLUMNS, rows[0], strict=True))
    assert (row["links"], row["anchors"], row["status"]) == ("29", "shoes", "not asked")
    assert row["pages that link"].endswith("\nand 9 more")
    assert "http://dailyreview1.example/0" not in row["pages that link"].split("\n")
    data = kit.sheet_xlsx(rows)
    assert data == kit.sheet_xlsx(rows)
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as book:
        inside = book.read("xl/worksheets/sheet1.xml").decode()
    assert '<dataValidation type="list"' in inside
    assert "not asked,asked,asked again,removed" in inside
    assert "<f>" not in inside


def test_hosts_of_one_domain_have_one_webmaster() -> None:
    links = [
        Page(node=f"dailyreview{x}.example", host=f"dailyreview{x}.example", domain="one.example",
             url=f"http://dailyreview{x}.example/", anchor=None, credit=True)
        for x in (1, 2)
    ]  # fmt: skip
    rows = kit.removal_rows(factory.rich(), links)
    assert [row[:3] for row in rows] == [["one.example", "one.example", "2"]]


def test_the_log_claims_nothing_that_was_done() -> None:
    text = kit.log(factory.rich(), [["x"] * len(kit.COLUMNS)])
    said = re.sub(r"\[[^\]]*\]", "", text)  # what the owner fills in
    assert not re.search(r"\b(uploaded|contacted|removed by|we )\b", said, re.IGNORECASE)
    assert "20 new lines" in text
    assert "could not run" in text


def test_no_kit_without_a_plan(here: Path) -> None:
    assert run("scan", put(here, TINY)).code == 0
    ran = run("disavow", "kit")
    assert (ran.code, ran.out) == (
        0, "nothing to ask for: the audit proposes no line; nothing was written\n",
    )  # fmt: skip
    assert not (here / "removal-kit").exists()
