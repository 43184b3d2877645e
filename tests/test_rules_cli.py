"""Own rules: begun by `rules new`, held to their lines by `rules check`, weighed within the caps."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backlint.lists import catalogue_dir
from backlint.report.json import read_json
from backlint.risk.score import STRONG_GROUPS
from backlint.rules.catalog import load_points, load_rules, read_rules
from backlint.rules.overrides import points_of
from test_cli import SITE, one_message, put, run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def begun(folder: Path, *words: object) -> tuple[Path, Path]:
    """Begin a rule in the folder `mine`; return its two files."""
    ran = run("rules", "new", "paid-reviews", "--dir", folder / "mine", *words)
    assert (ran.code, ran.err) == (0, "")
    rule, cases = map(Path, ran.out.splitlines()[:2])
    return rule, cases


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def line_of(path: Path, word: str) -> int:
    """Return the first line that holds a word."""
    lines = path.read_text("utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if word in line)


# --- rules new -----------------------------------------------------------------------------------


def test_a_new_rule_works_at_once(here: Path) -> None:
    rule, cases = begun(here)
    assert (rule.name, cases.name) == (
        "MY001_paid_reviews.sql", "MY001_paid_reviews.cases.toml",
    )  # fmt: skip
    assert "@" not in rule.read_text()
    assert sorted(path.name for path in rule.parent.iterdir()) == [cases.name, rule.name]
    ran = run("rules", "check", "mine")
    assert (ran.code, ran.out) == (0, "1 rule is valid, and all cases hold\n")
    rows = "".join(f"https://a{n}.example/,https://{SITE}/,best casino\n" for n in range(4))
    links = put(here, f"source_url,target_url,anchor\n{rows}")
    assert run("scan", links, "--rules", "mine", "-q").code == 0
    report = read_json(here / "backlint-audit" / "report.json")
    assert [(f.rule, f.level, f.value) for f in report.findings] == [("MY001", "low", 4.0)]
    assert [rule.id for rule in report.rules if rule.own] == ["MY001"]
    assert "Rules of your own: MY001." in report.notes
    assert {step.points for d in report.domains for step in d.waterfall} == {2.0}


def test_ids_and_names_are_free_ones(here: Path) -> None:
    first, _ = begun(here)
    said = one_message(run("rules", "new", "paid-reviews", "--dir", "mine"), 2)
    assert f"the name paid-reviews is taken by mine/{first.name}" in said
    assert "is taken by" in one_message(run("rules", "new", "link-ring", "--dir", "mine"), 2)
    assert "MY002_other.sql" in run("rules", "new", "other", "--dir", "mine").out
    (here / "mine" / "MY003_broken.sql").write_text("no header")
    assert "MY004_third.sql" in run("rules", "new", "third", "--dir", "mine").out
    assert (
        "AB001_fourth.sql" in run("rules", "new", "fourth", "--dir", "mine", "--prefix", "AB").out
    )
    # ids of the folders that the configuration names are taken as well (003 is no rule)
    put(here, '[rules]\nfolders = ["mine"]\n', "backlint.toml")
    assert "MY003_fifth.sql" in run("rules", "new", "fifth", "--dir", "elsewhere").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Paid Reviews"], "is no name of a rule; write it like paid-reviews"),
        (["../x"], "is no name of a rule"),
        (["x;y"], "is no name of a rule"),
        (['a"b'], "is no name of a rule"),
        (["thing", "--family", 'a"b'], "is no family"),
        (["thing", "--family", "../x"], "is no family"),
        (["thing", "--prefix", "BL"], "capitals other than BL"),
        (["thing", "--prefix", "x"], "capitals other than BL"),
        (["thing", "--dir", "file"], "--dir file: is a file"),
        (["thing", "--dir", "file/sub"], "file/sub"),
    ],
)
def test_what_no_rule_can_have(here: Path, words: list[str], said: str) -> None:
    put(here, "mine", "file")
    assert said in one_message(run("rules", "new", *words), 2)
    assert sorted(path.name for path in here.rglob("*")) == ["file"]


def test_nothing_is_overwritten_and_nothing_half_written(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "mine").mkdir()
    put(here / "mine", "kept", "MY001_paid_reviews.cases.toml")
    said = one_message(run("rules", "new", "paid-reviews", "--dir", "mine"), 2)
    assert "is there already, and is not replaced" in said
    assert [path.read_text() for path in (here / "mine").iterdir()] == ["kept"]

    def full(path: Path, target: Path) -> Path:
        if target.suffix == ".sql":
            raise OSError(28, "No space left on device", str(target))
        return rename(path, target)

    rename = Path.replace
    monkeypatch.setattr(Path, "replace", full)
    assert "No space left" in one_message(run("rules", "new", "second", "--dir", "mine"), 2)
    assert [path.read_text() for path in (here / "mine").iterdir()] == ["kept"]


def test_a_rule_of_the_catalogue_gets_the_next_id_of_its_family(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(catalogue_dir(), here / "rules")
    for module in ("rules.catalog", "rules.scaffold", "lists", "rules.lock"):
        monkeypatch.setattr(f"backlint.{module}.catalogue_dir", lambda: here / "rules")
    taken = {rule.header.id for rule in load_rules()}
    free = next(f"BL3{n:02}" for n in range(1, 100) if f"BL3{n:02}" not in taken)
    ran = run("rules", "new", "paid-reviews", "--dir", "rules", "--family", "anchors")
    assert ran.out.splitlines()[0] == f"rules/anchors/{free}_paid_reviews.sql"
    assert "points.toml" in ran.out
    assert "rules lock --catalogue" in ran.out
    said = one_message(run("rules", "new", "other", "--dir", "rules", "--family", "taste"), 2)
    assert "has no family 'taste'; it has anchors" in said
    _, problems = read_rules([here / "rules"], check=())
    assert problems == []
    text = (here / ran.out.splitlines()[0]).read_text()
    assert not re.search(r"^points", text, re.MULTILINE)


# --- rules check ---------------------------------------------------------------------------------

PROBLEMS = [
    # what is changed in the rule, the line by a word on it, what is said
    ('group = "lexical"', 'group = "colours"', "colours", "group 'colours' is none of structure"),
    ('level = "low"', 'level = "loud"', "loud", "header: Invalid enum value 'loud'"),
    ('status = "experimental"', "status = 3", "status = 3", "header: Expected `str`"),
    ('confidence = "low"', 'certainty = "low"', "certainty", "unknown field `certainty`"),
    ('summary = "', 'summary = "x', "requires", ""),
    ('id = "MY001"', 'id = "MY002"', "MY002", "file name must begin with MY002_"),
    ('name = "paid-reviews"', 'name = "link-ring"', "link-ring", "name link-ring is taken by"),
    ("min_sites = 3", "min_sites = 3\nmost = 9", "most = 9", "parameter most is in [params] but not"),
    ("min_sites = 3", "min_sites = 3\nlevel = 9", "level = 9", "cannot be called level"),
    (">= $min_sites", ">=\n $least", "$least", "parameter $least is used but not in [params]"),
    ("anchor_uses u", "anchor_uzes u", "anchor_uzes", "'anchor_uzes' is no table"),
    ("contains(a.words", "getenv(a.words", "getenv", "function getenv() is not in the portable"),
    ("list(DISTINCT u.link_id)", "list(u.link_id\n ORDER BY 1)", "list(u.", "loses its order"),
    ("GROUP BY", "GROUP GROUP", "GROUP GROUP", "does not parse"),
    ("points = { low = 2 }", "points = { low = 9 }", "{ low = 9", "9 points are not between 0 and 8"),
    ("points = { low = 2 }", "points = { high = 2 }", "{ high", "the rule says low at the most"),
    ("points = { low = 2 }", "points = { low = -1 }", "{ low", "-1 points are not between 0 and 8"),
    ("points = { low = 2 }", "points = { info = 3, low = 2 }", "{ info", "a higher level is worth no"),
    ('is_site"', 'is_sight; SELECT 1"', "is_sight", "evaluable: must be exactly one statement"),
    ("{word} in", "{word in", "{word in", "says: "),
    ("{word} in", "{word.__class__} in", "says = ", "says: {word.__class__} must be a plain name"),
    ("{word} in", "{word[0]} in", "says = ", "says: {word[0]} must be a plain name"),
    ("{word} in", "{} in", "says = ", "says: {} must be a plain name of detail"),
    ("read = 20", "read = 2", "references", "header: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "word", "said"), PROBLEMS)
def test_problems_name_the_line_of_the_rule(
    here: Path, old: str, new: str, word: str, said: str
) -> None:
    rule, _ = begun(here)
    edit(rule, old, new)
    ran = run("rules", "check", rule.parent)
    if not said:
        assert ran.code == 0
        return
    assert ran.code == 2
    (line,) = [line for line in ran.out.splitlines() if said in line]
    assert line.startswith(f"{rule}:{line_of(rule, word)}: ")


CASE_PROBLEMS = [
    ('level = "low"', 'level = "high"', "expected level high, got low"),
    ('"blog3.com"', '"blog4.com"', "expected ['blog1.com', 'blog2.com', 'blog4.com'], got"),
    ("blog{1..3}.com/post ->", "blog{1..3}.com/post =>", "no -> in the link"),
    ("blog{1..3}.com/post -> shop.com/", "blog{1..3}.com -> shop{1..2}.com", "differ in length"),
    ("blog{1..3}.com/post ->", "blog{1..2}.com/post ->", "expected hit, got clean"),
]


@pytest.mark.parametrize(("old", "new", "said"), CASE_PROBLEMS)
def test_problems_name_the_line_of_the_case(here: Path, old: str, new: str, said: str) -> None:
    rule, cases = begun(here)
    edit(cases, old, new)
    ran = run("rules", "check", rule.parent)
    assert ran.code == 2
    assert ran.out.startswith(f"{cases}:{line_of(cases, '[[case]]')}: just at three sites: ")
    assert said in ran.out


def test_the_second_case_is_not_the_first(here: Path) -> None:
    rule, cases = begun(here)
    edit(cases, "blog{1..2}.com/post[1..9]", "blog{1..4}.com/post[1..9]")
    ran = run("rules", "check", rule.parent)
    assert ran.out.startswith(f"{cases}:{line_of(cases, 'just below') - 1}: just below: two sites")


@pytest.mark.parametrize(
    ("old", "new", "word", "said"),
    [
        ('expect = "hit"', 'expect = "hits"', "hits", "Invalid enum value 'hits'"),
        (
            'site = "shop.com"\ncolumns',
            'sites = "x"\ncolumns',
            "sites = ",
            "Object contains unknown field `sites`",
        ),
        ('brand = ["', 'brand = ["a" "', "brand = ", "Unclosed array"),
    ],
)
def test_problems_of_the_file_of_cases(
    here: Path, old: str, new: str, word: str, said: str
) -> None:
    rule, cases = begun(here)
    edit(cases, old, new)
    ran = run("rules", "check", rule.parent)
    assert ran.code == 2
    assert ran.out.startswith(f"{cases}:{line_of(cases, word)}: {said}")


def test_cases_are_asked_for(here: Path) -> None:
    rule, cases = begun(here)
    edit(cases, 'expect = "clean"', 'expect = "not evaluable"')
    assert f"{cases}:1: has no clean case" in run("rules", "check", rule.parent).out
    cases.unlink()
    assert (
        f"{rule}:1: has no cases; write {cases.name} beside it"
        in run("rules", "check", rule.parent).out
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{sites} sites", "{site} sites", "says names site, and detail does not"),
        ("{word} in", "{word:.0%} in", "says cannot be filled in with the detail of a row"),
        ("list(DISTINCT n.node) AS domains", "count(*) AS domains", "column domains is BIGINT"),
        ("AS detail", "AS detail, 'info' AS level", "the rule says info, and its points have no"),
        ("CAST(count(DISTINCT u.source_actor) AS DOUBLE)", "CAST('x' AS DOUBLE)", "got failed"),
    ],
)  # fmt: skip
def test_what_only_a_run_can_tell(here: Path, old: str, new: str, said: str) -> None:
    rule, cases = begun(here)
    edit(rule, old, new)
    ran = run("rules", "check", rule.parent)
    assert ran.code == 2
    assert ran.out.startswith(f"{cases}:4: ")
    assert said in ran.out


def test_own_features_are_refused_rather_than_passed_over(here: Path) -> None:
    begun(here)
    (here / "mine" / "features").mkdir()
    put(here / "mine" / "features", "/* */ SELECT 1", "10_mine.sql")
    assert (
        "features/10_mine.sql:1: only the catalogue has features"
        in run("rules", "check", "mine").out
    )


def test_a_file_that_is_no_text(here: Path) -> None:
    rule, cases = begun(here)
    cases.write_bytes(b"\xff")
    assert f"{cases}:1: is not UTF-8 text" in run("rules", "check", rule.parent).out
    rule.write_bytes(b"\xff")
    assert f"{rule}:1: is not UTF-8 text" in run("rules", "check", rule.parent).out


def test_a_part_of_the_catalogue_can_be_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules are not taken for doubles of themselves; their cases have tests of their own."""
    monkeypatch.chdir(catalogue_dir().parent)
    monkeypatch.setattr("backlint.cases.check_cases", lambda _: [])
    ran = run("rules", "check", catalogue_dir() / "time")
    assert ran.code == 0
    assert "valid, and all cases hold" in ran.out


def test_the_folders_of_the_configuration_are_checked(here: Path) -> None:
    rule, _ = begun(here)
    put(here, '[rules]\nfolders = ["mine"]\n[rules.MY001]\nmin_sites = 5\n', "backlint.toml")
    assert run("rules", "check").out == "1 rule is valid, and all cases hold\n"
    put(here, '[rules]\nfolders = ["mine"]\n[rules.MY001]\nmin_site = 5\n', "backlint.toml")
    assert (
        "backlint.toml:4: MY001 has no parameter min_site; did you mean min_sites?"
        in run("rules", "check").err
    )
    shown = run(
        "rules", "list", "--config", put(here, '[rules]\nfolders = ["mine"]\n', "other.toml")
    ).out
    assert shown.splitlines()[-1].startswith("MY001")
    assert shown.splitlines()[-1].rstrip().endswith("own")
    put(here, '[rules]\nfolders = ["mine"]\n[rules.MY001]\nmin_sites = 5\n', "backlint.toml")
    shown = run("rules", "show", "paid-reviews").out
    for said in (
        "points: low 2; group lexical, capped at 8",
        "needs: links.anchor",
        f"file: {rule.relative_to(here)}",
        "changed by backlint.toml: min_sites 5 instead of 3",
        "$min_sites = 5",
    ):
        assert said in shown


# --- points of own rules -------------------------------------------------------------------------


def test_an_own_rule_alone_condemns_nobody(here: Path) -> None:
    """At the cap of a strong group it ends at review at the most: two groups must agree."""
    caps = load_points().caps
    group = max(STRONG_GROUPS, key=lambda name: caps[name])
    rule, _ = begun(here)
    edit(rule, 'group = "lexical"', f'group = "{group}"')
    edit(rule, 'level = "low"', 'level = "critical"')
    edit(rule, "points = { low = 2 }", f"points = {{ critical = {caps[group]:g} }}")
    rules, problems = read_rules([rule.parent])
    assert problems == []
    table = points_of(rules)
    assert table.worth("MY001", "critical") == caps[group]
    assert not table.is_decisive("MY001", "critical")
    rows = "".join(f"https://a{n}.example/,https://{SITE}/,best casino\n" for n in range(9))
    links = put(here, f"source_url,target_url,anchor\n{rows}")
    assert run("scan", links, "--rules", rule.parent, "--select", "MY", "-q").code == 0
    report = read_json(here / "backlint-audit" / "report.json")
    assert len(report.domains) == 9
    assert "disavow" not in {domain.verdict for domain in report.domains}
    assert not (here / "backlint-audit" / "disavow.txt").exists()


def test_a_rule_without_points_is_said_and_not_counted(here: Path) -> None:
    rule, _ = begun(here)
    edit(rule, "points = { low = 2 }", "#")
    assert run("rules", "check", rule.parent).code == 0
    rows = "".join(f"https://a{n}.example/,https://{SITE}/,best casino\n" for n in range(9))
    links = put(here, f"source_url,target_url,anchor\n{rows}")
    assert run("scan", links, "--rules", rule.parent, "--select", "MY", "-q").code == 0
    report = read_json(here / "backlint-audit" / "report.json")
    assert [finding.rule for finding in report.findings] == ["MY001"]
    assert [step for domain in report.domains for step in domain.waterfall] == []


def test_shipped_rules_keep_their_points_in_the_table(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(catalogue_dir(), here / "rules")
    monkeypatch.setattr("backlint.rules.catalog.catalogue_dir", lambda: here / "rules")
    rule = next((here / "rules").rglob("BL301_*.sql"))
    edit(rule, "[params]", "points = { low = 1 }\n[params]")
    _, problems = read_rules([here / "rules"])
    assert problems == [
        f"{rule}:{line_of(rule, 'points =')}: points of shipped rules stand in rules/points.toml"
    ]
