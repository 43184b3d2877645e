"""The documentation: every page has its place, the how-to runs as written, the site builds."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from backlint.cli.config import KEYS, template
from backlint.rules.catalog import POLICIES, load_points, load_rules
from test_cli import run

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RULES = load_rules()
sys.path.insert(0, str(DOCS))

import make_examples  # noqa: E402
import site_nav  # noqa: E402


def nav_files(nav: Any) -> list[str]:
    """Return the files of a navigation, whatever it is nested in."""
    if isinstance(nav, str):
        return [nav]
    entries = nav.values() if isinstance(nav, dict) else nav
    return [file for entry in entries for file in nav_files(entry)]


def test_every_page_is_in_the_navigation_once() -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    nav = re.findall(r"^ +- [^:]+: (\S+\.md)$", text.partition("\nnav:")[2], re.MULTILINE)
    files = sorted([*nav, *nav_files(site_nav.rule_pages())])
    pages = [p for p in DOCS.rglob("*.md") if not p.name.endswith(".in.md")]
    assert files == sorted(page.relative_to(DOCS).as_posix() for page in pages)
    config = site_nav.on_config({"nav": [{"Rules": []}]})
    assert len(nav_files(config["nav"])) == len(RULES) + 1


def test_rules_stand_under_their_family_in_the_navigation() -> None:
    _, *families = site_nav.rule_pages()
    found = {
        entry: family
        for group in families
        for family, pages in group.items()
        for page in pages
        for entry in page
    }
    assert found == {f"{r.header.id} {r.header.name}": r.header.family for r in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.header.id)
def test_the_page_of_a_rule_says_what_decides(rule: Any) -> None:
    header = rule.header
    page = (DOCS / "rules" / f"{header.id}.md").read_text("utf-8")
    for text in header.false_positives:
        assert text in page
    row = next(row for row in load_points().rules if row.rule == header.id)
    for level, worth in row.points.items():
        assert f"| {level} | {worth:g} |" in page
    assert f"(../policy.md#{header.policy.removeprefix('link-spam/')})" in page
    assert rule.sql in page
    for case in msgspec.toml.decode(rule.path.with_suffix(".cases.toml").read_bytes())["case"]:
        assert f"| {case['name'].replace('|', chr(92) + '|')} | {case['expect']} |" in page


def test_every_policy_clause_has_an_anchor() -> None:
    anchors = re.findall(
        r'<a id="([a-z-]+)"></a>`([a-z-]+)`', (DOCS / "policy.md").read_text("utf-8")
    )
    assert [one for one, _ in anchors] == [two for _, two in anchors]
    assert {one for one, _ in anchors} == set(POLICIES)


def test_the_page_of_the_configuration_is_current() -> None:
    page = (DOCS / "configuration.md").read_text("utf-8")
    found = re.search(r"<!-- template -->\n```toml\n(.*?)```\n", page, re.DOTALL)
    assert found
    assert found[1] == template()  # else: python docs/make_configuration.py
    assert all(f"# {key} = " in found[1] for key in KEYS)


# --- the how-to ----------------------------------------------------------------------------------


def test_the_how_to_runs_as_it_is_written(tmp_path: Path) -> None:
    make_examples.prepare(tmp_path)
    wrong = list(make_examples.wrong(["write-a-rule.md"], tmp_path, mend=False))
    assert wrong == [], "\n".join(wrong)
    kinds = {
        block[1]
        for block in make_examples.BLOCK.finditer((DOCS / "write-a-rule.md").read_text("utf-8"))
    }
    assert kinds == {"run", "fails", "said", "file"}
    assert "MY001" in (tmp_path / "backlint.lock").read_text("utf-8")


def test_commands_in_the_docs_exist() -> None:
    for page in DOCS.rglob("*.md"):
        for words in re.findall(
            r"`backlint ((?:rules|disavow) [a-z]+|[a-z]+)", page.read_text("utf-8")
        ):
            assert run(*words.split(), "--help").code == 0, (page.name, words)


# --- the site (mkdocs-material comes with the extra `docs`; .ci/run installs it) -----------------


def build(out: Path, config: Path = ROOT / "mkdocs.yml") -> subprocess.CompletedProcess[str]:
    pytest.importorskip("material", reason="needs the extra `docs`")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config), "-d", str(out)],
        capture_output=True,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        text=True,
        check=False,
        timeout=300,
    )


def test_the_site_builds_and_fetches_nothing(tmp_path: Path) -> None:
    done = build(tmp_path / "site")
    assert done.returncode == 0, done.stderr
    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(RULES) + 8
    for page in pages:
        text = page.read_text("utf-8")
        fetched = re.findall(r"<(?:script|link|img|iframe)[^>]*?(?:src|href)=\"?([^\" >]+)", text)
        assert [url for url in fetched if "//" in url] == [], page.name
        assert "fonts.googleapis" not in text
    rule = (tmp_path / "site" / "rules" / "BL301.html").read_text("utf-8")
    assert "<details>" in rule
    assert "<summary>The SELECT</summary>" in rule
    assert "```" not in rule  # the SQL inside of the fold is set as code
    assert not list((tmp_path / "site").rglob("*.py"))


@pytest.mark.parametrize(
    "broken",
    ["[x](nowhere.md)", "[x](policy.md#nowhere)", "[x](rules/BL000.md)", "[x](/absolute.md)"],
)
def test_a_dead_link_ends_the_build(tmp_path: Path, broken: str) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("index", "policy"):
        (tmp_path / "docs" / f"{name}.md").write_text(f"# {name}\n")
    text = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[0]
    text = text.replace("hooks: [docs/site_nav.py]", "hooks: []")
    config = tmp_path / "mkdocs.yml"
    config.write_text(text)
    assert build(tmp_path / "site", config).returncode == 0
    (tmp_path / "docs" / "index.md").write_text(f"# index\n\n{broken}\n")
    assert build(tmp_path / "site", config).returncode != 0
