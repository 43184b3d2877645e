"""backlint.toml: what it lays under the command line, what it changes in rules, what it refuses."""

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

from backlint import cli
from backlint.cli.config import KEYS, find_config, read_config, template
from backlint.errors import BacklintError
from backlint.findings import LEVELS, level_rank
from backlint.places import key_lines, locate
from backlint.report.json import read_json
from backlint.rules.catalog import load_points, load_rules
from backlint.rules.overrides import Override, override, points_of
from test_cli import SITE, TINY, one_message, put, run

RULES = {rule.header.id: rule for rule in load_rules()}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def refusals(folder: Path, text: str, name: str = "backlint.toml") -> list[str]:
    """Return the lines of the error that a configuration gives, without the file's name."""
    path = put(folder, text, name)
    with pytest.raises(BacklintError) as refused:
        override(list(RULES.values()), read_config(path).overrides)
    lines = str(refused.value).splitlines()
    assert all(line.startswith(f"{path}:") for line in lines)
    return [line.removeprefix(f"{path}:") for line in lines]


# --- the keys ------------------------------------------------------------------------------------


def test_every_option_of_scan_is_a_key() -> None:
    command = typer.main.get_command(cli.app)
    assert isinstance(command, click.Group) or hasattr(command, "commands")
    scan = command.commands["scan"]  # type: ignore[union-attr]
    names = {str(p.name).rstrip("_").replace("_", "-") for p in scan.params}
    # the files are what changes, the config cannot name itself, and how much is said is one run's
    assert names - set(KEYS) == {"files", "config", "rules", "quiet", "verbose", "help"} & names
    assert set(KEYS) <= names


def test_the_template_says_every_key_and_all_of_it_is_valid(here: Path) -> None:
    assert run("init").code == 0
    text = (here / "backlint.toml").read_text("utf-8")
    assert text == template()
    assert read_config(Path("backlint.toml")).values == {}
    said = "is there already, and is not replaced"
    assert said in one_message(run("init"), 2)
    # without the number signs before keys and tables it is a configuration that is accepted
    bare = re.sub(r"^# (?=[a-z_-]+ = |\[)", "", text, flags=re.MULTILINE)
    found = read_config(put(here, bare, "backlint.toml"))
    assert set(found.values) == set(KEYS)
    assert found.folders == (here / "my-rules",)
    rules = {r.header.id: r for r in override(list(RULES.values()), found.overrides)}
    assert rules["BL301"].header.level == "medium"


def test_the_file_lies_under_the_command_line(here: Path) -> None:
    links = put(here, TINY)
    put(
        here, f'site = "{SITE}"\nout = "june"\nselect = ["BL304"]\nstrict = true\n', "backlint.toml"
    )
    ran = run("scan", links)
    assert (ran.code, ran.err) == (0, "options of backlint.toml\n")
    report = read_json(here / "june" / "report.json")
    assert report.sites == [SITE]
    assert [row.rule for row in report.coverage] == ["BL304"]
    # what is typed wins: another rule, another folder, and not strict (BL102 cannot run)
    assert run("scan", links, "--select", "BL102").code == 3
    assert run("scan", links, "--select", "BL102", "--no-strict", "--out", "july").code == 0
    assert [row.rule for row in read_json(here / "july" / "report.json").coverage] == ["BL102"]
    assert run("explain", "a.example").code == 0  # looks into june
    assert "no such audit" in one_message(run("explain", "a.example", "--audit", "may"), 3)


def test_names_of_files_are_relative_to_the_file(here: Path) -> None:
    (here / "sub").mkdir()
    links = put(here, TINY)
    put(here / "sub", "a.example\n", "allow.txt")
    config = put(here / "sub", 'allow = "allow.txt"\nout = "audit"\n', "other.toml")
    assert run("scan", links, "--config", config, "-q").code == 0
    assert (here / "sub" / "audit" / "report.json").exists()
    put(here / "sub", "not a domain\n", "allow.txt")
    assert "'not a domain' is no domain" in run("scan", links, "--config", config, "-q").err


def test_which_file_is_found(here: Path) -> None:
    assert find_config() is None
    put(here, "this is no TOML [", "pyproject.toml")  # somebody else's
    assert find_config() is None
    put(here, '[project]\nname = "x"\n[tool.backlint]\nsite = "a.example"\n', "pyproject.toml")
    assert find_config() == Path("pyproject.toml")
    assert read_config(find_config()).values == {"site": ["a.example"]}
    put(here, 'site = "b.example"\n', "backlint.toml")
    assert find_config() == Path("backlint.toml")
    assert "--config nowhere: cannot be read" in one_message(
        run("scan", "x", "--config", "nowhere"), 2
    )


def test_lines_in_a_pyproject_are_those_of_the_file(here: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.backlint]\nsites = "a.example"\n[tool.backlint.rules.BL30]\nlevel = "low"\n'
    assert refusals(here, text, "pyproject.toml") == [
        "5: unknown key 'sites'; did you mean 'site'?"
    ]
    text = text.replace("sites", "site")
    assert refusals(here, text, "pyproject.toml")[0].startswith("6: no rule has the id BL30")


def test_a_pyproject_that_says_nothing_of_us_is_not_mentioned(here: Path) -> None:
    put(here, "# see tool.backlint\n[project]\nname = 'x'\n", "pyproject.toml")
    assert run("scan", put(here, TINY)).err == ""
    put(here, "tool.backlint = 3\n", "pyproject.toml")
    assert refusals(here, "tool.backlint = 3\n", "pyproject.toml") == [
        "1: tool.backlint is a table of options"
    ]


REFUSED = [
    ('sites = "a.example"', "1: unknown key 'sites'; did you mean 'site'?"),
    ("\nfail_on = 'high'", "2: unknown key 'fail_on'; did you mean 'fail-on'?"),
    ("wholly-other = 1", "1: unknown key 'wholly-other'"),
    ("site = 3", "1: site: Expected `str | array`, got `int`, as in [\"example.com\"]"),
    ("site = ['']", "1: site: holds an empty word; leave it out"),
    ('node = "page"', "1: node: Invalid enum value 'page', as in \"host\""),
    ("strict = 1", "1: strict: Expected `bool`, got `int`, as in true"),
    ("threads = 0", "1: threads: must be 1 or more"),
    ("threads = true", "1: threads: Expected `int`, got `bool`, as in 2"),
    ('webgraph = ["v"]', "1: webgraph: Expected `array` of length 2, got 1"),
    ('rules = ["mine"]', '1: rules is a table; write [rules] and folders = ["my-rules"]'),
    ('[rules]\nfolder = ["mine"]', "2: unknown key 'folder'; did you mean 'folders'?"),
    ("[rules]\nfolders = 1", "2: folders: Expected `str | array`, got `int`"),
    ("site = ", "1: Invalid value"),
    ("a = 1\na = 2", "2: Cannot overwrite a value"),
    ('[rules.BL30]\nlevel = "low"', "1: no rule has the id BL30; did you mean BL305?"),
    ("[rules.link-seller]", "1: no rule has the id link-seller; did you mean BL304?"),
    ('[rules.BL301]\nlevel = "critical"', "2: BL301 says high at the most; critical is more"),
    ('[rules.BL103]\nlevel = "high"', "2: BL103 says medium at the most"),
    ('[rules.BL301]\nlevel = "lowish"', "2: 'lowish' is no level; levels are info"),
    ("[rules.BL301]\nlevel = 3", "2: level: is a word"),
    ("[rules.BL301]\nmin_domain = 3", "2: BL301 has no parameter min_domain; did you mean min_domains?"),
    ("[rules.BL301]\nmin_domains = 2.5", "2: BL301: min_domains must be a whole number, not 2.5"),
    ("[rules.BL301]\nmin_domains = true", "2: min_domains: must be a number or a text"),
    ("[rules.BL301]\nlow = 'x'", "2: BL301: low must be a number, not 'x'"),
    ("[rules.BL301]\nlow = nan", "2: BL301: low must be a number, not nan"),
    ("[rules.BL301]\nlow = inf", "2: BL301: low must be a number, not inf"),
    ("[rules.BL301]\npoints = { high = 21 }", "2: BL301: 21 points are not between 0 and 20"),
    ("[rules.BL301]\npoints = { high = -1 }", "2: BL301: -1 points are not between 0 and 20"),
    ("[rules.BL301]\npoints = { high = nan }", "2: BL301: nan points are not between 0 and 20"),
    ("[rules.BL301]\npoints = { critical = 9 }", "2: BL301: the rule says high at the most"),
    ("[rules.BL301]\npoints = { loud = 9 }", "2: BL301: 'loud' is no level"),
    ("[rules.BL301]\npoints = { high = 1 }", "2: BL301: a higher level is worth no less"),
    ("[rules.BL301]\npoints = 9", "2: points: write them as { low = 3, medium = 6 }"),
    ("[rules.BL304]\npoints = { high = 41 }", "2: BL304: 41 points are not between 0 and 40"),
    ("[rules.BL304]\npoints = { low = 21 }", "2: BL304: 21 points are not between 0 and 20"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_refused_names_the_line(here: Path, text: str, said: str) -> None:
    lines = refusals(here, text)
    assert any(line.startswith(said) for line in lines), lines
    ran = run("scan", put(here, TINY))
    assert ran.code == 2
    assert said in ran.err
    assert not (here / "backlint-audit").exists()


def test_all_problems_are_told_in_one_go(here: Path) -> None:
    text = 'sites = 1\nnode = "x"\n[rules.BL301]\nlevel = 1\npoints = 2\n'
    assert [line.partition(":")[0] for line in refusals(here, text)] == ["1", "2", "4", "5"]


# --- what is changed in rules --------------------------------------------------------------------


def rules_with(change: Override, rule: str = "BL301") -> dict[str, object]:
    changed = {r.header.id: r for r in override(list(RULES.values()), {rule: change})}
    assert {id for id in changed if changed[id] is not RULES[id]} == {rule}
    return {"rule": changed[rule], "points": points_of(list(changed.values()))}


def test_a_lowered_level_lowers_the_rows_and_is_said() -> None:
    found = rules_with(Override(level="medium"))
    assert found["rule"].header.level == "medium"  # type: ignore[attr-defined]
    assert found["rule"].changed == ("level medium instead of high",)  # type: ignore[attr-defined]
    # a level that the table of points does not know is worth nothing, and that is said as well
    found = rules_with(Override(level="low"), "BL103")
    assert found["points"].worth("BL103", "low") == 0  # type: ignore[attr-defined]
    assert found["rule"].changed == (  # type: ignore[attr-defined]
        "level low instead of medium", "worth no points at level low",
    )  # fmt: skip
    found = rules_with(Override(level="low", points={"low": 8}), "BL103")
    assert found["points"].worth("BL103", "low") == 8  # type: ignore[attr-defined]
    assert found["points"].worth("BL103", "medium") == 20  # type: ignore[attr-defined]


def test_the_decisive_rule_stays_decisive_and_no_other_becomes_it() -> None:
    points = rules_with(Override(points={"high": 30}), "BL304")["points"]
    assert points.is_decisive("BL304", "high")  # type: ignore[attr-defined]
    assert points.worth("BL304", "high") == 30  # type: ignore[attr-defined]
    points = rules_with(Override(points={"high": 20}))["points"]
    assert not points.is_decisive("BL301", "high")  # type: ignore[attr-defined]


def test_what_repeats_the_file_changes_nothing() -> None:
    rule = rules_with(Override(level="high", params={"min_domains": 20}, points={"high": 9}))[
        "rule"
    ]
    assert rule.changed == ()  # type: ignore[attr-defined]


def test_a_whole_number_for_a_share_becomes_one() -> None:
    rule = rules_with(Override(params={"high": 1}))["rule"]
    assert isinstance(rule.header.params["high"], float)  # type: ignore[attr-defined]


def test_a_report_says_what_was_changed(here: Path) -> None:
    rows = "".join(f"https://a{n}.example/,https://{SITE}/,cheap tents\n" for n in range(20))
    links = put(here, f"source_url,target_url,anchor\n{rows}")
    put(here, "cheap tents\n", "words.txt")
    scan = ("scan", links, "--keywords", "words.txt", "--select", "BL301", "-q")
    assert run(*scan).code == 0
    plain = read_json(here / "backlint-audit" / "report.json")
    assert [finding.level for finding in plain.findings] == ["high"]
    put(here, '[rules.BL301]\nlevel = "low"\npoints = { low = 1 }\n', "backlint.toml")
    assert run(*scan).code == 0
    report = read_json(here / "backlint-audit" / "report.json")
    assert [finding.level for finding in report.findings] == ["low"]
    assert {s.points for d in report.domains for s in d.waterfall if s.rule == "BL301"} == {1.0}
    said = ["level low instead of high", "1 points instead of 3 at level low"]
    assert [(r.own, r.changed) for r in report.rules if r.id == "BL301"] == [(False, said)]
    note = f"BL301 was changed by the configuration: {', '.join(said)}."
    assert note in report.notes
    assert note in (here / "backlint-audit" / "report.html").read_text("utf-8")
    assert (
        json.loads((here / "backlint-audit" / "report.json").read_bytes())["rules"][0]["changed"]
        == said
    )
    put(here, "[rules.BL301]\nmin_domains = 21\n", "backlint.toml")
    assert run(*scan).code == 0
    report = read_json(here / "backlint-audit" / "report.json")
    assert [row.state for row in report.coverage] == ["not evaluable"]
    assert "changed" in run("rules", "list").out
    assert (
        "changed by backlint.toml: min_domains 21 instead of 20"
        in run("rules", "show", "BL301").out
    )
    assert "$min_domains = 21" in run("rules", "show", "BL301").out


# --- properties ----------------------------------------------------------------------------------


@st.composite
def changes(draw: st.DrawFn) -> dict[str, Override]:
    """Valid overrides of some shipped rules."""
    caps = load_points().caps
    drawn = {}
    for rule in draw(st.lists(st.sampled_from(sorted(RULES)), unique=True, max_size=4)):
        header = RULES[rule].header
        levels = LEVELS[: level_rank(header.level) + 1]
        params = {}
        for name in draw(st.lists(st.sampled_from(sorted(header.params) or [""]), unique=True)):
            kind = type(header.params.get(name, 0)) if name else None
            if kind is int:
                params[name] = draw(st.integers(-(2**40), 2**40))
            elif kind is float:
                params[name] = draw(st.floats(allow_nan=False, allow_infinity=False))
            elif kind is str:
                params[name] = draw(st.text(st.characters(codec="utf-8"), max_size=9))
        points = {}
        if draw(st.booleans()):
            worth = sorted(
                draw(
                    st.lists(
                        st.integers(0, int(caps[header.group])),
                        min_size=len(levels),
                        max_size=len(levels),
                    )
                )
            )
            points = dict(zip(levels, map(float, worth), strict=True))
        level = draw(st.sampled_from(["", *levels]))
        if level or params or points:
            drawn[rule] = Override(level, points, params)
    return drawn


def written(overrides: dict[str, Override]) -> str:
    """Return overrides as TOML."""
    lines = []
    for rule, change in overrides.items():
        lines.append(f"[rules.{rule}]  # [not.a.table]")
        if change.level:
            lines.append(f"level = '{change.level}'")
        for name, value in change.params.items():
            text = (
                json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
                if isinstance(value, str)
                else repr(value)
            )
            lines.append(f'"{name}"  =  {text}')
        if change.points:
            lines.append(
                "points = { " + ", ".join(f"{k} = {v}" for k, v in change.points.items()) + " }"
            )
    return "\n".join(lines) + "\n"


@given(changes())
def test_overrides_are_read_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, drawn: dict[str, Override]
) -> None:
    path = put(tmp_path_factory.mktemp("config"), written(drawn), "backlint.toml")
    found = read_config(path).overrides
    assert {rule: change[:3] for rule, change in found.items()} == {
        rule: change[:3] for rule, change in drawn.items()
    }
    rules = {rule.header.id: rule for rule in override(list(RULES.values()), found)}
    table = points_of(list(rules.values()))
    for rule, change in drawn.items():
        header, before = rules[rule].header, RULES[rule].header
        assert header.level == (change.level or before.level)
        assert header.params == {**before.params, **change.params}
        assert all(math.isclose(table.worth(rule, k), v) for k, v in change.points.items())
    assert {rule for rule in rules if rules[rule].changed} <= set(drawn)
    for rule in RULES.keys() - drawn.keys():
        assert rules[rule] is RULES[rule]
    lines = path.read_text("utf-8").splitlines()
    for rule, change in found.items():
        for key, place in change.places.items():
            line = lines[int(place.rpartition(":")[2]) - 1]
            assert line.lstrip('"').startswith(key if key and key in line else f"[rules.{rule}]")


keys = st.text("abcxyz-_09", min_size=1, max_size=6)
values = st.one_of(
    st.integers().map(str),
    st.text(st.characters(codec="ascii", exclude_characters="\x7f"), max_size=8).map(json.dumps),
    st.sampled_from(["'''\n[x]\ny = 1\n'''", '"""\na\n[[b]]\n"""', "[\n 1, # ]\n 2\n]", "{ a = 1 }", "'#'", "[[1], [2]]"]),
)  # fmt: skip
tables = st.lists(
    st.tuples(st.sampled_from(["[", "[["]), keys, st.dictionaries(keys, values, max_size=3)),
    max_size=5,
)


@given(st.dictionaries(keys, values, max_size=4), tables)
def test_lines_of_keys_are_those_on_which_they_were_written(
    top: dict[str, str], drawn: list[tuple[str, str, dict[str, str]]]
) -> None:
    text, expected, seen, taken = "# [no.table]\n", {}, {}, set(top)
    for key, value in top.items():
        expected[(key,)] = text.count("\n") + 1
        text += f"{key} = {value}  # c\n\n"
    for kind, name, entries in drawn:
        if name in taken and not (kind == "[[" and name in seen):
            continue
        taken.add(name)
        path: tuple[str | int, ...] = (name,)
        if kind == "[[":
            path = (name, seen.get(name, -1) + 1)
            seen[name] = path[1]
        expected[path] = text.count("\n") + 1
        text += f"{kind} {name} {']' * len(kind)} # [x]\n"
        for key, value in entries.items():
            expected[(*path, key)] = text.count("\n") + 1
            text += f"  {key}= {value}\n"
    msgspec.toml.decode(text)  # the text is what it is taken for
    assert key_lines(text) == expected


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    number: int
    inner: list["_Strict"] = []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("number = 1\n\nother = 2", 3),
        ("\nnumber = 'x'", 2),
        ("number = 1\n[[inner]]\nnumber = 1\n[[inner]]\nnumber = 'x'", 5),
        ("number = 1\n[[inner]]\nnumber = 1\n\n[[inner]]\n", 5),
        ("number = 1\n\nnumber 2", 3),
        ('number = 1\n\nx = "open', 3),
    ],
)
def test_errors_are_located(text: str, line: int) -> None:
    with pytest.raises(msgspec.DecodeError) as error:
        msgspec.toml.decode(text, type=_Strict)
    assert locate(text, error.value).line == line
