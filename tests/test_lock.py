"""The lock: that no rule changes unseen, neither of ours nor of a user."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint.errors import RuleError
from backlint.lists import catalogue_dir
from backlint.report.json import read_json
from backlint.rules.catalog import load_rules
from backlint.rules.lock import SHIPPED, differences, encode_lock, make_lock, read_lock
from backlint.rules.model import Rule
from test_cli import TINY, one_message, put, run

RULES = load_rules()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    yield tmp_path


def test_the_catalogue_is_as_it_was_locked() -> None:
    """After a change that is meant: `backlint rules lock --catalogue`, and commit rules.lock."""
    path = catalogue_dir() / SHIPPED
    now = make_lock(RULES)
    assert differences(read_lock(path), now) == []
    assert path.read_text("utf-8") == encode_lock(now)


def test_a_lock_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    lock = make_lock(RULES)
    assert read_lock(put(tmp_path, encode_lock(lock))) == lock
    assert set(lock.rules) == {rule.header.id for rule in RULES}
    assert make_lock(RULES[::-1]) == lock


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue in a folder of its own, for changes."""
    folder = tmp_path_factory.mktemp("copy") / "rules"
    shutil.copytree(catalogue_dir(), folder)
    return folder


CHANGES = [
    ("anchors/BL301_exact_anchor_share.sql", "min_domains = 20", "min_domains = 21",
     ["BL301 has changed: min_domains 20 -> 21"]),
    ("anchors/BL301_exact_anchor_share.sql", 'level = "high"', 'level = "medium"',
     ["BL301 has changed: level high -> medium"]),
    ("anchors/BL301_exact_anchor_share.sql", "b.bound > $low", "b.bound >= $low",
     ["BL301 has changed: its SQL"]),
    ("anchors/BL301_exact_anchor_share.sql", "People who", "Those who",
     ["BL301 has changed: the words of its header"]),
    ("anchors/BL301_exact_anchor_share.sql", 'id = "BL301"', 'id = "BL399"',
     ["BL301 is in the lock and no longer among the rules", "BL399 is not in the lock"]),
    ("points.toml", "points = { medium = 14 }", "points = { medium = 15 }",
     ["BL102 has changed: points medium 14.0 -> 15.0"]),
    ("points.toml", 'decisive = ["medium", "high"]', 'decisive = ["high"]',
     ["BL304 has changed: the words of its header"]),
    ("points.toml", "anchors = 20", "anchors = 21", ["caps and trust of points.toml has changed"]),
    ("lists/trusted.toml", "as_of", "# more\nas_of", ["lists/trusted.toml has changed"]),
    ("features/10_actors.sql", "min(node)", "max(node)", ["features/10_actors.sql has changed"]),
    # what means the same
    ("anchors/BL301_exact_anchor_share.sql", 'name = "exact', '# a comment\nname    =   "exact', []),
    ("anchors/BL301_exact_anchor_share.sql", "\n", "\r\n", []),
    ("anchors/BL301_exact_anchor_share.cases.toml", "[[case]]", "# c\n[[case]]", []),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), CHANGES)
def test_what_changed_is_said(
    copied: Path, monkeypatch: pytest.MonkeyPatch, name: str, old: str, new: str, said: list[str]
) -> None:
    lock = make_lock(RULES)
    file = copied / name
    text = file.read_bytes()
    assert old.encode() in text
    for module in ("backlint.rules.catalog", "backlint.rules.lock"):
        monkeypatch.setattr(f"{module}.catalogue_dir", lambda: copied)
    try:
        file.write_bytes(text.replace(old.encode(), new.encode()))
        assert differences(lock, make_lock(load_rules())) == said
    finally:
        file.write_bytes(text)


def test_another_version_is_named_with_what_changed() -> None:
    lock = make_lock(RULES)
    older = msgspec.structs.replace(lock, backlint="0.0.9")
    assert differences(older, lock) == []
    fewer = msgspec.structs.replace(older, tables={}, rules=dict(list(lock.rules.items())[1:]))
    said = differences(fewer, lock)
    assert said[0] == f"{next(iter(lock.rules))} is not in the lock"
    assert said[-1].startswith("the lock is of backlint 0.0.9, this is ")


def test_an_edited_hash_is_noticed() -> None:
    lock = make_lock(RULES)
    first = next(iter(lock.rules))
    entry = msgspec.structs.replace(lock.rules[first], sha256="0" * 64)
    edited = msgspec.structs.replace(lock, rules={**lock.rules, first: entry})
    assert differences(edited, lock) == [
        f"{first} has changed: its hash alone, so the lock was edited"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("version = 1", "version = 2", "is of version 2"),
        ("version = 1", "version = 'x'", ":2: Expected `int`"),
        ("[tables]", "[tables", ":5:"),
        ("sha256", "sha512", "unknown field `sha512`"),
    ],
)
def test_a_broken_lock_is_told(here: Path, old: str, new: str, said: str) -> None:
    path = put(here, encode_lock(make_lock(RULES)).replace(old, new), "backlint.lock")
    with pytest.raises(RuleError, match=re.escape(said)):
        read_lock(path)
    assert said in one_message(run("scan", put(here, TINY), "-q"), 2)
    assert run("rules", "lock").code == 0  # mends it
    assert differences(read_lock(path), make_lock(RULES)) == []


def test_a_scan_warns_and_a_strict_one_refuses(here: Path) -> None:
    links = put(here, TINY)
    put(here, '[rules]\nfolders = ["mine"]\n', "backlint.toml")
    assert run("rules", "new", "paid-reviews", "--dir", "mine").code == 0
    assert run("rules", "lock").out == (
        f"backlint.lock: {len(RULES) + 1} rules locked, 0 changed since the last lock\n"
    )
    assert "not as it was" not in run("scan", links).err
    assert run("rules", "check").code == 0
    rule = next((here / "mine").glob("*.sql"))
    rule.write_text(rule.read_text().replace("min_sites = 3", "min_sites = 2"))
    said = "backlint.lock: MY001 has changed: min_sites 3 -> 2"
    ran = run("scan", links)
    assert ran.code == 0
    assert said in ran.err.splitlines()
    report = here / "backlint-audit" / "report.json"
    assert said in read_json(report).notes
    before = report.read_bytes()
    ran = run("scan", links, "--strict")
    assert ran.code == 2
    assert said in ran.err
    assert "`backlint rules lock`" in ran.err
    assert report.read_bytes() == before
    rule.write_text(rule.read_text().replace("$min_sites", "1 + $min_sites"))
    ran = run("rules", "check")
    assert ran.code == 2
    assert "MY001 has changed: min_sites 3 -> 2, its SQL; when this is meant" in ran.out
    assert "MY001 has changed" in run("rules", "lock").out
    assert run("rules", "check").code == 0
    # what the configuration changes stands in the configuration, not in the lock
    put(here, '[rules]\nfolders = ["mine"]\n[rules.MY001]\nmin_sites = 9\n', "backlint.toml")
    assert "has changed" not in run("scan", links, "--select", "MY001").err


def test_an_upgrade_does_not_fill_the_report(here: Path) -> None:
    now = make_lock(RULES)
    one = dict(list(now.rules.items())[:1])
    lock = msgspec.structs.replace(now, tables={}, rules=one, backlint="0.0.9")
    put(here, encode_lock(lock), "backlint.lock")
    assert run("scan", put(here, TINY)).code == 0
    notes = read_json(here / "backlint-audit" / "report.json").notes
    assert len(notes) == 21
    assert re.fullmatch(
        r"backlint\.lock: and \d+ more; `backlint rules lock` lists them", notes[-1]
    )


@given(st.data())
def test_any_difference_of_a_rule_changes_its_hash(data: st.DataObject) -> None:
    rule = data.draw(st.sampled_from(RULES))
    header = rule.header
    field = data.draw(st.sampled_from([*header.__struct_fields__, "sql"]))
    old = rule.sql if field == "sql" else getattr(header, field)
    changed: Rule
    if isinstance(old, str):
        new = data.draw(st.text(st.characters(codec="utf-8", categories=["L", "P"]), min_size=1))
        if field == "id":
            return  # what is locked under an id
    elif isinstance(old, dict):
        new = {**old, data.draw(st.sampled_from(["a", "b"])): data.draw(st.integers(0, 9))}
    else:
        new = [*old, *old] or ["x"]
    if field == "sql":
        changed = msgspec.structs.replace(rule, sql=str(new))
    else:
        changed = msgspec.structs.replace(
            rule, header=msgspec.structs.replace(header, **{field: new})
        )
    before, after = make_lock([rule]), make_lock([changed])
    same = new == old or (field == "sql" and str(new).split("\n") == str(old).split("\n"))
    assert bool(differences(before, after)) is not same
    if not same:
        (said,) = differences(before, after)
        assert said.startswith(f"{header.id} has changed: ")
        assert "its hash alone" not in said
