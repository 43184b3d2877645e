"""The audit from Python: what `scan` and `load` return, by hand-made links."""

import datetime
import gc
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

import backlint
from backlint.errors import InputError, UsageError

LINKS = """\
Source,Target,Anchor,Rel,First seen
https://a.example/1,https://site.example/,one,,2026-01-02
https://a.example/2,https://site.example/,two,nofollow,2026-01-01
https://b.example/,https://site.example/,ugly,ugc,
https://c.example/,https://d.example/,elsewhere,nofollow,
"""
REFERRING = """\
Domain;DR;Dofollow linked domains;Traffic ;Links to target;Dofollow links;Is spam;First seen;Lost
a.example;40;12;1,240;2;1;false;2026-01-01 10:11:12;
z.example;12;3;9;3;3;false;2026-01-01 10:11:12;
"""
NO_REL = LINKS.replace("Rel", "Note")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("api")


@pytest.fixture(scope="module")
def audit(folder: Path) -> backlint.Audit:
    path = folder / "links.csv"
    path.write_text(LINKS)
    listed = folder / "domains.csv"
    listed.write_text(REFERRING)
    return backlint.scan(
        [path, str(listed)], site="www.site.example", keywords=["one"], out=folder / "out"
    )


def test_the_import_is_light_and_complete() -> None:
    code = (
        "import sys, backlint; heavy = {'polars', 'duckdb'}; "
        "print(sorted(heavy & set(sys.modules)), backlint.scan.__name__, set(backlint.__all__) "
        "<= set(dir(backlint)), sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[] scan True ['duckdb', 'polars']\n"
    with pytest.raises(AttributeError, match="nothing"):
        _ = backlint.nothing  # type: ignore[attr-defined]


def test_the_domains(audit: backlint.Audit) -> None:
    names = ["domain", "verdict", "evidence", "links", "followed", "nofollow", "first_seen"]
    assert audit.domains.select(names).sort("domain").rows() == [
        ("a.example", "keep", "links", 2, 1, 1, datetime.date(2026, 1, 1)),
        ("b.example", "keep", "links", 1, 0, 1, None),
        ("z.example", None, "domain only", None, None, None, None),  # never judged
    ]
    assert audit.domains.filter(domain="a.example")["authority"].to_list() == [40.0]
    assert audit.domains.filter(domain="z.example")["score"].to_list() == [None]


def test_the_links_and_the_coverage(audit: backlint.Audit) -> None:
    names = ["source", "target", "anchor", "qualified"]
    assert sorted(audit.links.select(names).rows()) == [
        ("a.example", "site.example", "one", False),
        ("a.example", "site.example", "two", True),
        ("b.example", "site.example", "ugly", True),
        ("c.example", "d.example", "elsewhere", True),
    ]
    states = dict(audit.coverage.select("rule", "state").rows())
    assert {entry.rule: entry.state for entry in audit.report.coverage} == states
    assert "not evaluable" in states.values()


def test_frames_of_nothing_have_their_columns(audit: backlint.Audit) -> None:
    for frame, column in (
        (audit.schemes, "innocent_if"), (audit.members, "role"), (audit.disavow, "directive"),
        (audit.findings, "says"),
    ):  # fmt: skip
        assert column in frame.columns
    assert audit.disavow.schema["sites"] == pl.List(pl.String)


def test_an_audit_is_read_back_as_it_was(audit: backlint.Audit, folder: Path) -> None:
    again = backlint.load(str(folder / "out"))
    assert again.report == audit.report
    assert again.domains.equals(audit.domains)
    assert again.links.equals(audit.links)
    assert repr(again).startswith("<backlint.Audit: Nothing to do for site.example")
    assert (folder / "out" / "report.html").exists()


def test_without_out_the_folder_goes_with_the_audit(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    live = tmp_path / "live.txt"
    live.write_text("domain:com.br\n")
    path = folder / "no-rel.csv"
    path.write_text(NO_REL)
    steps: list[str] = []
    found = backlint.scan(path, site="site.example", disavow=live, progress=steps.append)
    assert found.domains["followed"].to_list() == [None, None]  # no column says
    assert [note for note in found.notes if note.startswith("disavow: line 1: refused")]
    assert any(step.startswith("reading") for step in steps)
    kept = found.folder
    assert (kept / "report.json").exists()
    del found
    gc.collect()
    assert not kept.exists()
    with pytest.raises(InputError, match=r"nowhere\.csv: no such file"):
        backlint.scan("nowhere.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["live.txt"]


def test_without_a_site_there_is_no_verdict(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "edges.csv"
    path.write_text(LINKS)
    found = backlint.scan(path, select="BL103", families=[["a.example", "b.example"]])
    assert set(found.domains["verdict"].to_list()) == {None}
    assert set(found.domains["domain"].to_list()) == {
        "a.example", "b.example", "c.example", "d.example", "site.example",
    }  # fmt: skip
    assert found.report.profile is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"site": ""}, "site: holds an empty word"),
        ({"keywords": ["tents", " "]}, "keywords: holds an empty word"),
        ({"allow": "not a domain"}, "allow: 'not a domain' is no host name"),
        ({"families": [["a.example"]]}, "name two domains or more"),
        ({"families": ["ab"]}, "'ab' is no family; name two domains or more"),
        ({"keywords": __file__}, "is a file; give the words that are in it"),
        ({"site": None}, "site: None is neither a word nor a list of words"),
        ({"brand": [1]}, "brand: holds what is no text"),
        ({"node": "url"}, "node: 'url' is neither domain nor host"),
        ({"threads": -1}, "threads: -1 is less than 1"),
        ({"select": "BL999"}, "no rule fits 'BL999'"),
        ({"disavow": "nowhere.txt"}, "nowhere.txt: cannot be read"),
        ({"decisions": "nowhere.toml"}, "nowhere.toml: cannot be read"),
        ({"as_of": "2026-02-30"}, "'2026-02-30' is no date"),
        ({"as_of": "20260203"}, "'20260203' is no date"),
        ({"memory_limit": "much"}, "'much' is no amount of memory"),
        ({"webgraph": "vertices.txt"}, "'vertices.txt' is not two files"),
        ({"webgraph": ("vertices.txt",)}, "is not two files"),
    ],
)
def test_options_that_cannot_be_used(
    folder: Path, audit: backlint.Audit, options: dict[str, object], said: str
) -> None:
    with pytest.raises(backlint.BacklintError) as error:
        backlint.scan(folder / "links.csv", **options)  # type: ignore[arg-type]
    assert said in str(error.value)
    assert isinstance(error.value, UsageError | InputError | backlint.BacklintError)


def test_folders_that_are_no_audit(tmp_path: Path, audit: backlint.Audit) -> None:
    with pytest.raises(InputError, match=r"report\.json: cannot be read"):
        backlint.load(tmp_path)
    (tmp_path / "report.json").write_bytes((audit.folder / "report.json").read_bytes())
    bare = backlint.load(tmp_path)
    assert len(bare.coverage) == len(audit.coverage)
    with pytest.raises(InputError, match=r"domains\.csv: cannot be read"):
        _ = bare.domains
    with pytest.raises(InputError, match=r"audit\.duckdb: no such file"):
        _ = bare.links
