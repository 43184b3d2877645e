"""The command line: exit codes, one clear message, nothing half-written, hostile words."""

import contextlib
import gzip
import io
import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest

from backlint import cli
from backlint.audit import SAVED_TABLES
from backlint.report.json import read_json

SAMPLES = Path(__file__).parents[1] / "sample_graphs"
SITE = "site.example"
TINY = f"source_url,target_url,anchor\nhttps://a.example/x,https://{SITE}/,one\n"
HEAVY = (
    "duckdb", "polars", "networkx", "igraph", "community", "scipy", "numpy", "pyarrow", "sqlglot",
    "jinja2", "rich", "idna", "publicsuffixlist",
)  # fmt: skip
COMMAND = [sys.executable, "-c", "from backlint.cli import main; main()"]
COMMANDS = [
    "", "scan", "explain", "export", "disavow", "disavow write", "disavow merge", "disavow check",
    "disavow diff", "disavow coverage", "disavow kit", "rules",
    "rules list", "rules show", "rules check", "rules new", "rules lock", "inputs", "init", "simulate",
]  # fmt: skip


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*words: object) -> Ran:
    """Run a command line inside this process, as the console script does."""
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    argv, handler = sys.argv, signal.getsignal(signal.SIGTERM)
    sys.argv = ["backlint", *map(str, words)]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.argv = argv
        signal.signal(signal.SIGTERM, handler)
    return Ran(code or 0, out.getvalue(), err.getvalue())


def spawn(*words: object, cwd: Path, **environment: str) -> Ran:
    """Run a command line as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, words)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def put(folder: Path, text: str | bytes, name: str = "links.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def one_message(ran: Ran, code: int) -> str:
    """Check that a command ended with one line on stderr and nothing else; return the line."""
    assert ran.out == ""
    assert ran.err.startswith("backlint: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    assert ran.code == code
    return ran.err


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own to run in; no temporary folder may stay behind in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield tmp_path
    left = [path.name for path in tmp_path.iterdir() if "backlint-" in path.name]
    assert [name for name in left if name != "backlint-audit"] == []


@pytest.fixture(scope="session")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The audit of the committed sample profile."""
    out = tmp_path_factory.mktemp("audit") / "audit"
    folder = SAMPLES / "profile"
    ran = run(
        "scan", folder / "links.csv.gz", "--site", "pendleighrowtents.net", "--out", out,
        "--brand", "Pendleigh Row", "--keywords", folder / "keywords.txt",
    )  # fmt: skip
    assert ran.code == 0
    return out


# ---------------------------------------------------------------- help


def test_help_is_fast() -> None:
    code = (
        "import sys; sys.argv = ['backlint', '--help']\n"
        "from backlint.cli import main\n"
        "try: main()\n"
        "finally: print(sorted(set(sys.modules) & set(sys.argv[0:0] + HEAVY)), file=sys.stderr)"
    ).replace("HEAVY", repr(list(HEAVY)))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == "[]\n"
    assert done.stdout.startswith("Usage: backlint")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_reads_well(command: str) -> None:
    ran = run(*command.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: backlint {command}".rstrip() + " ")
    about = ran.out.split("\n\n")[1].strip()
    assert about.endswith((".", "defect."))
    assert "list[" not in ran.out.partition("Options:")[2]
    for line in ran.out.partition("Options:")[2].splitlines():
        assert not re.fullmatch(r"  (-\w, )?--[\w-]+( \S+)?", line.rstrip()) or len(line) > 24
    assert run(*command.split(), "-h").out == ran.out


def test_version() -> None:
    assert re.fullmatch(r"backlint \d+\.\d+\.\d+\n", run("--version").out)


def test_no_command_shows_the_help() -> None:
    ran = run()
    assert "Usage: backlint" in ran.out + ran.err
    assert "Commands:" in ran.out + ran.err


# ---------------------------------------------------------------- exit codes


def test_success(here: Path) -> None:
    ran = run("scan", put(here, TINY))
    assert (ran.code, ran.err) == (0, "")
    assert "Nothing to do for site.example on what could be checked" in ran.out
    assert "not proof of a clean profile" in " ".join(ran.out.split())
    assert "Written to backlint-audit: report.html, review.xlsx and 4 more files" in " ".join(
        ran.out.split()
    )
    names = {path.name for path in (here / "backlint-audit").iterdir()}
    assert names == {
        "audit.duckdb", "domains.csv", "report.html", "report.json", "review.csv", "review.xlsx",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("level", "code"), [("never", 0), ("low", 1), ("medium", 1), ("high", 0), ("critical", 0)]
)
def test_fail_on(here: Path, level: str, code: int) -> None:
    ran = run("scan", SAMPLES / "graph" / "edges.csv", "--fail-on", level)
    assert "the gravest is medium" in ran.out
    assert ran.code == code


def test_strict(here: Path) -> None:
    edges = (SAMPLES / "graph" / "edges.csv").read_text()
    clean, rejected = put(here, edges), put(here, edges + "x\n", "rejected.csv")
    assert run("scan", clean, "--select", "BL103", "--strict").code == 0
    assert run("scan", rejected, "--select", "BL103").code == 0
    assert run("scan", rejected, "--select", "BL103", "--strict").code == 3
    assert run("scan", clean, "--select", "BL102", "--strict").code == 3  # a rule that did not run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scan"], "Missing argument"),
        (["scn"], "No such command"),
        (["scan", "links.csv", "--nod", "host"], "No such option"),
        (["scan", "links.csv", "--node", "page"], "'page' is not one of 'domain', 'host'"),
        (["scan", "links.csv", "--fail-on", "bad"], "'bad' is not one of"),
        (["scan", "links.csv", "--threads", "0"], "greater than or equal to 1"),
        (["scan", "links.csv", "--threads", "x"], "Invalid value for '--threads'"),
        (["disavow", "merge", "a.txt"], "Missing option '--out'"),
        (["explain"], "Missing argument"),
    ],
)
def test_usage_errors(here: Path, words: list[str], said: str) -> None:
    put(here, TINY)
    ran = run(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert said in " ".join(ran.err.split())
    assert "Traceback" not in ran.err


OPTIONS = [
    (["--site", "a' OR 1=1"], 2, '--site: "a\' OR 1=1" is no host name; write it like example.com'),
    (["--site", ""], 2, "--site: '' is no host name"),
    (["--site", "localhost"], 2, "is no host name"),
    (["--site", "other.example"], 3, "no other site links to other.example in these files"),
    (["--brand", " "], 2, "--brand: is empty"),
    (["--map", "source_url=x';DROP TABLE links"], 3, "links.csv:1: --map: no column \"x';DROP"),
    (["--map", ""], 2, "--map: '' is not FIELD=COLUMN"),
    (["--map", "source=x"], 2, "unknown field 'source'; did you mean 'source_url'?"),
    (["--as-of", "2026-02-30"], 2, "--as-of: '2026-02-30' is no date; write it like 2026-11-22"),
    (["--memory-limit", "4GB'; DROP"], 2, '--memory-limit: "4GB\'; DROP" is no amount of memory'),
    (["--memory-limit", "1KB"], 2, "Give more with --memory-limit"),
    (["--select", "BL999"], 2, "no rule fits 'BL999'"),
    (["--ignore", "link-rings"], 2, "no rule fits 'link-rings'; did you mean link-ring?"),
    (["--rules", "nowhere"], 2, "nowhere: is no directory of rules"),
    (["--own", "nowhere"], 3, "--own nowhere: cannot be read: No such file"),
    (["--own", "."], 3, "--own .: cannot be read: Is a directory"),
    (["--own", "words.txt"], 2, "--own: 'not a domain' is no host name"),
    (["--allow", "words.txt"], 2, "--allow words.txt: 'not a domain' is no domain"),
    (["--family", "words.txt"], 2, "--family words.txt: 'not a domain' is no family"),
    (["--keywords", "latin.txt"], 3, "--keywords latin.txt: is not UTF-8 text"),
    *(
        ([option, "blank.txt"], 2, f"{option} blank.txt: holds no entry; write one a line")
        for option in ("--keywords", "--own", "--allow", "--family")
    ),
    (["--disavow", "nowhere"], 3, "--disavow nowhere: cannot be read"),
]


@pytest.mark.parametrize(("words", "code", "said"), OPTIONS, ids=[" ".join(o[0]) for o in OPTIONS])
def test_options_that_cannot_be_used(here: Path, words: list[str], code: int, said: str) -> None:
    put(here, TINY)
    put(here, "not a domain\n", "words.txt")
    put(here, b"caf\xe9\n", "latin.txt")
    put(here, "\ufeff# none yet\n  \n", "blank.txt")
    assert said in one_message(run("scan", "links.csv", *words), code)
    assert not (here / "backlint-audit").exists()


# ---------------------------------------------------------------- files that cannot be used

GOOD = TINY.encode() + b"".join(
    b"https://a%d.example/,https://%s/,x\n" % (n * 7919, SITE.encode()) for n in range(30_000)
)
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "bad: the file is empty. Export it again"),
    "header only": (b"source,target\n", "no usable link in bad (0 rows)."),
    "PNG": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "bad: is a binary file"),
    "random": (random.Random(2).randbytes(5000), "bad: is a binary file"),
    "noise": (bytes(range(255, 0, -1)), "no known export has this header"),
    "gzip cut": (gzip.compress(GOOD)[:-9], "bad: could not be read to its end"),
    "xlsx": (b"PK\x03\x04" + bytes(50), "bad: is a damaged archive"),
    "wrong header": (b"Domain,Score\na.example,3\n", "bad:1: no known export has this header."),
    "cut in the header": (b"source_url,targ", "bad:1: no known export has this header."),
    "cut inside quotes": (
        b'source,target\na.example,"site',
        "bad:2: a quotation mark is not closed",
    ),
    "latin-1": (b"source,target\nb\xe9.example,site.example\n", "bad:2: is not valid UTF-8 text"),
    "own pages": (b"Target page,Incoming links\nx,3\n", "bad:1: Google Search Console, Top linked"),
    "no site": (b"Linking page,Last crawled\na.example,\n", "bad:1: Google Search Console, Latest"),
}


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a good one"])
@pytest.mark.parametrize("name", FILES)
def test_files_that_cannot_be_used(here: Path, name: str, beside: bool) -> None:
    put(here, FILES[name][0], "bad")
    files = ["bad"]
    if beside:
        if name in ("header only", "cut inside quotes", "latin-1"):
            pytest.skip("its rejects are told, and the other file has links")
        files = [put(here, TINY).name, "bad"]
    assert FILES[name][1] in one_message(run("scan", *files), 3)
    assert not (here / "backlint-audit").exists()


def test_paths_that_cannot_be_used(here: Path) -> None:
    assert "nowhere.csv: no such file." in one_message(run("scan", "nowhere.csv"), 3)
    assert "no file to read in ." in one_message(run("scan", "."), 3)
    assert "is no regular file" in one_message(run("scan", "/dev/null"), 3)
    assert "cannot be read" in one_message(run("scan", "x" * 5000), 3)
    assert "no such file" in one_message(run("scan", "s3://bucket/links.csv"), 3)
    assert "no such file" in one_message(run("scan", "http://127.0.0.1:1/links.csv"), 3)


@pytest.mark.parametrize(
    ("tail", "line"),
    [("https://b.example/,https://si", 3), ('https://b.example/,https://site.example/,"cut\n', 3)],
)
def test_a_file_that_is_cut_off_is_told(here: Path, tail: str, line: int) -> None:
    ran = run("scan", put(here, TINY + tail), "--strict")
    assert ran.code == 3
    assert "1 of 2 input rows could not be used" in ran.out
    assert [reject.line for reject in read_json(here / "backlint-audit/report.json").rejects] == [
        line
    ]


@pytest.mark.parametrize("name", ["links[1].csv", "a*.csv", "q?.csv", 'it\'s "x".csv', "ünï.csv"])
def test_odd_file_names(here: Path, name: str) -> None:
    for other in ("links1.csv", "ab.csv", "qx.csv"):
        put(here, TINY.replace("a.example", "wrong.example"), other)
    put(here, TINY, name)
    assert run("scan", name, "--out", "out [1]").code == 0
    found = read_json(here / "out [1]" / "report.json")
    assert found.inputs[0].path == name
    assert "wrong" not in (here / "out [1]" / "domains.csv").read_text()


# ---------------------------------------------------------------- the folder that is written


def test_the_folder_is_a_file(here: Path) -> None:
    put(here, "mine", "out")
    said = one_message(run("scan", put(here, TINY), "--out", "out"), 2)
    assert "--out out: is a file; name a folder" in said
    assert (here / "out").read_text() == "mine"


def test_the_folder_is_somebody_elses(here: Path) -> None:
    (here / "out").mkdir()
    put(here / "out", "mine", "thesis.txt")
    said = one_message(run("scan", put(here, TINY), "--out", "out"), 2)
    assert "--out out: the folder holds other files" in said
    assert [path.name for path in (here / "out").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("name", ["notes.txt", "report.json.old", "disavow.txt.bak.x", "sub"])
def test_an_audit_with_other_things_in_it_is_not_replaced(here: Path, name: str) -> None:
    links = put(here, TINY)
    assert run("scan", links).code == 0
    out = here / "backlint-audit"
    if name == "sub":
        (out / name).mkdir()
        put(out / name, "mine", "thesis.txt")
    else:
        put(out, "mine", name)
    before = sorted(out.rglob("*"))
    said = one_message(run("scan", "nowhere.csv"), 2)  # before the inputs are even looked at
    assert f"--out backlint-audit: the folder holds other files, such as {name!r}; name a" in said
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize(
    "report", ["{}", "not JSON", '{"tool": {"name": "other"}}', '{"tool": "backlint"}', "\xff"]
)
def test_a_report_of_another_tool_is_not_replaced(here: Path, report: str) -> None:
    (here / "out").mkdir()
    put(here / "out", report.encode("latin-1"), "report.json")
    said = one_message(run("scan", put(here, TINY), "--out", "out"), 2)
    assert "--out out: the folder holds no report.json of backlint" in said
    assert (here / "out" / "report.json").read_bytes() == report.encode("latin-1")


@pytest.mark.parametrize("out", [".", "..", "../..", "sub/..", "/"])
def test_the_current_folder_is_not_replaced(
    here: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    (here / "a" / "b" / "sub").mkdir(parents=True)
    put(here, TINY, "a/b/links.csv")
    monkeypatch.chdir(here / "a" / "b")
    said = one_message(run("scan", "links.csv", "--out", out), 2)
    assert f"--out {out}: is the current folder or one above it" in said
    assert (here / "a" / "b" / "links.csv").exists()


def test_a_link_to_a_folder_stays_a_link(here: Path) -> None:
    (here / "real").mkdir()
    (here / "link").symlink_to("real", target_is_directory=True)
    for _ in range(2):
        assert run("scan", put(here, TINY), "--out", "link").code == 0
        assert (here / "link").is_symlink()
        assert read_json(here / "real" / "report.json").sites == [SITE]


def test_links_in_a_circle(here: Path) -> None:
    (here / "one").symlink_to("two")
    (here / "two").symlink_to("one")
    said = one_message(run("scan", put(here, TINY), "--out", "one"), 2)
    assert "--out one: is a link that leads to itself; name a folder" in said


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = put(here, TINY)
    assert run("scan", links).code == 0
    before = {path.name: path.read_bytes() for path in (here / "backlint-audit").iterdir()}
    rename = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if path.name == "audit" and Path(target).name == "backlint-audit":
            raise OSError(5, "Input/output error", str(target))
        return rename(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    assert "Input/output error" in one_message(run("scan", links, "--node", "host"), 2)
    after = {path.name: path.read_bytes() for path in (here / "backlint-audit").iterdir()}
    assert after == before


def test_the_folder_above_is_missing(here: Path) -> None:
    said = one_message(run("scan", put(here, TINY), "--out", "a/b"), 2)
    assert "--out a/b: the folder a does not exist; create it first" in said
    assert not (here / "a").exists()


def test_an_empty_folder_is_filled(here: Path) -> None:
    (here / "out").mkdir()
    assert run("scan", put(here, TINY), "--out", "out").code == 0
    assert (here / "out" / "report.json").exists()


def test_an_earlier_audit_is_replaced_whole(here: Path) -> None:
    links = put(here, TINY)
    assert run("scan", links).code == 0
    put(here / "backlint-audit", "old", "disavow.txt")
    before = (here / "backlint-audit" / "report.json").read_bytes()
    assert run("scan", put(here, "", "empty.csv")).code == 3
    assert (here / "backlint-audit" / "report.json").read_bytes() == before
    assert (here / "backlint-audit" / "disavow.txt").exists()
    ran = run("scan", links, "--site", SITE)
    assert ran.code == 0
    assert not (here / "backlint-audit" / "disavow.txt").exists()  # nothing of the old one stays
    kept = Path("backlint-audit", "disavow.txt.bak")  # but what somebody may have edited
    assert ran.err == f"the old disavow.txt is kept as {kept}\n"
    assert kept.read_text() == "old"


def test_disavow_files_of_earlier_audits_are_kept(here: Path) -> None:
    put(here, "domain:kept.com\n", "live.txt")
    scan = ("scan", put(here, TINY), "--disavow", "live.txt")
    assert run(*scan).code == 0
    made = (here / "backlint-audit" / "disavow.txt").read_text()
    assert run(*scan).err == ""  # the same again needs no backup
    for text in ("first", "second", "second"):
        put(here / "backlint-audit", text, "disavow.txt")
        assert run(*scan).code == 0
    files = sorted((here / "backlint-audit").glob("disavow*"))
    assert {path.name: path.read_text() for path in files} == {
        "disavow.txt": made,
        "disavow.txt.bak": "first",
        "disavow.txt.bak.1": "second",
    }


def test_a_date_that_cannot_be_does_not_date_the_audit(here: Path) -> None:
    rows = (("a", "2026-01-05"), ("b", "2026-02-01"), ("c", "2099-01-01"))
    text = "".join(f"https://{name}.example/,https://{SITE}/,x,{day}\n" for name, day in rows)
    links = put(here, f"source_url,target_url,anchor,first_seen\n{text}")
    for words, as_of, unknown in (
        ((), "2026-02-01", 1),
        (("--as-of", "2026-01-05"), "2026-01-05", 2),
        (("--as-of", "2026-01-31"), "2026-01-31", 1),  # a day of grace, for time zones
        (("--as-of", "2099-01-01"), "2099-01-01", 0),
        (("--as-of", "9999-12-31"), "9999-12-31", 0),
    ):
        assert run("scan", links, *words).code == 0
        audit = read_json(here / "backlint-audit" / "report.json")
        assert audit.as_of == as_of
        notes = [note for note in audit.inputs[0].notes if "cannot be" in note]
        assert [note.rpartition(": ")[2] for note in notes] == [str(unknown)] * (unknown > 0)


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that refuses even root")
def test_the_folder_above_cannot_be_written(here: Path) -> None:
    if not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    one_message(run("scan", put(here, TINY), "--out", "/proc/self/audit"), 2)


def test_what_is_written(audit: Path) -> None:
    assert (audit / "report.html").read_text("utf-8").lower().startswith("<!doctype html>")
    assert (audit / "domains.csv").read_text("utf-8").startswith("domain,unicode,verdict,score")
    found = read_json(audit / "report.json")
    assert found.profile is not None
    assert found.sites == ["pendleighrowtents.net"]
    assert (audit.stat().st_mode & 0o777) == 0o755
    with duckdb.connect(str(audit / "audit.duckdb"), read_only=True) as database:
        names = {row[0] for row in database.execute("SHOW TABLES").fetchall()}
        assert set(SAVED_TABLES) <= names
        assert database.execute("SELECT count(*) FROM links").fetchone() == (found.inputs[0].links,)
        members = sum(len(scheme.members) for scheme in found.schemes)
        assert database.execute("SELECT count(*) FROM scheme_members").fetchone() == (members,)
        assert database.execute("SELECT count(*) FROM findings").fetchone() == (
            len(found.findings),
        )


def test_reproducible(here: Path) -> None:
    def files(out: str, *words: object) -> dict[str, bytes]:
        folder = SAMPLES / "profile"
        ran = run(
            "scan", folder / "links.csv.gz", "--site", "pendleighrowtents.net", "--reproducible",
            "--keywords", folder / "keywords.txt", "--out", out, *words,
        )  # fmt: skip
        assert ran.code == 0
        names = (
            "report.json", "report.html", "domains.csv", "disavow.txt", "review.csv", "review.xlsx",
        )  # fmt: skip
        return {name: (here / out / name).read_bytes() for name in names}

    first = files("one", "--threads", 1)
    assert files("two", "--threads", 2) == first
    assert files("three", "--threads", 1, "--memory-limit", "2GB") == first


# ---------------------------------------------------------------- interruption


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = "".join(
        f"https://a{n % 40_009}.example/p/{n},https://s{n % 3001}.example/{n % 97},a {n % 1009}\n"
        for n in range(200_000)
    )
    return put(tmp_path_factory.mktemp("long"), f"source,target,anchor\n{rows}")


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(
    ("step", "ended"),
    [
        ("reading", signal.SIGINT),
        ("merging links", signal.SIGINT),
        ("making actors", signal.SIGTERM),
    ],
)
def test_an_interrupted_scan_leaves_nothing(
    tmp_path: Path, long_file: Path, step: str, ended: signal.Signals
) -> None:
    process = subprocess.Popen(
        [*COMMAND, "scan", str(long_file), "-v"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if step in line:
            break
    process.send_signal(ended)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1] == "backlint: interrupted; nothing was written"
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- where words go


def test_progress_goes_to_stderr_and_the_report_to_stdout(here: Path) -> None:
    links = put(here, TINY)
    loud = run("scan", links, "--verbose")
    assert "reading links.csv" in loud.err
    long = put(here, TINY, "l" * 200 + ".csv")
    assert f"  reading {long.name}\n" in run("scan", long, "--verbose").err
    assert "reading" not in loud.out
    assert "Written to backlint-audit" in loud.out
    assert "Written to" not in loud.err
    assert run("scan", links, "--quiet") == Ran(0, "", "")


def test_verbose_tells_steps_tables_and_twice_the_sql(here: Path) -> None:
    links = put(here, TINY.replace("one", "\x1b[31m") + f"https://b.example/,https://{SITE}/,two\n")
    once, twice = run("scan", links, "-v"), run("scan", links, "-vv")
    assert (once.code, twice.code) == (0, 0)
    for said in (
        r"^ +\d+\.\d\d s  reading links\.csv$",
        r"^ +\d+\.\d\d s    host_edges: 2 rows in \d+\.\d\d s$",  # two sources, one target
        r"^ +\d+\.\d\d s  BL103 link-ring$",
    ):
        assert re.search(said, once.err, re.MULTILINE), said
        assert re.search(said, twice.err, re.MULTILINE), said
    assert "SELECT" not in once.err
    assert re.search(r"^ +\d+\.\d\d s      \d+\.\d\d s: CREATE .* SELECT ", twice.err, re.MULTILINE)
    assert "\x1b" not in once.err + twice.err
    assert "not run: " in once.out  # all of the summary
    assert "not run: " not in run("scan", links).out
    assert "rows in" not in run("scan", links).err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_progress_on_a_terminal_tells_time_and_what_is_left(here: Path) -> None:
    """The bar is gone at the end, and NO_COLOR leaves no colour in it."""
    import fcntl
    import pty
    import struct
    import termios

    rows = (f"https://a{n}.example/,https://{SITE}/,x\n" for n in range(3000))
    put(here, TINY + "".join(rows))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, "scan", "links.csv"],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=slave,
        env={**os.environ, "TERM": "xterm-256color", "NO_COLOR": "1"},
        text=True,
    )
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "\x1b" not in out
    assert not re.search(rb"\x1b\[[0-9;]*(3|4|9|10)[0-7]m", shown)
    frames = [re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", one) for one in shown.decode().split("\r")]
    assert all(len(frame.strip("\n")) <= 80 for frame in frames)
    assert any(re.search(r"making [a-z ]+ .* \d+% \d+ s", frame) for frame in frames)
    assert not frames[-1].strip()  # wiped out


def test_words_are_completed_from_the_audit(here: Path, audit: Path) -> None:
    (here / "backlint-audit").symlink_to(audit)
    found = read_json(audit / "report.json")
    domain = found.domains[0].domain

    def complete(line: str) -> list[str]:
        number = str(len(line.split(" ")) - 1)
        asked = {"_BACKLINT_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": number}
        code = "import sys; sys.argv = ['backlint']; from backlint.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=here,
            env={**os.environ, **asked},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.stderr == ""
        return done.stdout.split()

    assert set(complete("backlint explain S-")) == {scheme.id for scheme in found.schemes}
    assert domain in complete(f"backlint explain --audit {audit} {domain[:4]}")
    assert complete("backlint explain --audit nowhere S-") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scan", "link.csv"], "link.csv: no such file; did you mean links.csv?"),
        (["scan", "links.csv", "--own", "lnks.csv"], "or directory; did you mean links.csv?"),
        (["disavow", "check", "link.csv"], "or directory; did you mean links.csv?"),
        (["explain", "x", "--audit", "backlint-adit"], "did you mean backlint-audit?"),
        (["diff", "backlint-audi", "x"], "did you mean backlint-audit?"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_a_name_that_is_nearly_right_is_guessed(here: Path, words: list[str], said: str) -> None:
    put(here, TINY)
    put(here, "", "other.csv")
    put(here, "", "links\n.csv")
    (here / "backlint-audit").mkdir()
    assert said in one_message(run(*words), 3)


@pytest.mark.parametrize(
    "words",
    [
        ["links.csv", "--verbose"],
        ["bad.csv"],
        ["cut.gz"],
        ["links.csv", "--site", "other.example"],
        ["links.csv", "--memory-limit", "1KB"],
    ],
    ids=" ".join,
)
def test_a_pipe_gets_no_escape_codes_and_no_noise_at_exit(here: Path, words: list[str]) -> None:
    put(here, TINY)
    put(here, "\x1b[31mred\x1b[0m,target\n", "bad.csv")
    put(here, gzip.compress(GOOD)[:-9], "cut.gz")
    ran = spawn("scan", *words, cwd=here, TERM="xterm-256color", COLUMNS="80")
    assert "\x1b" not in ran.out + ran.err
    assert "Traceback" not in ran.err
    assert "leaked" not in ran.err
    if "--verbose" in words:
        assert all(re.match(r" +\d+\.\d\d s  ", line) for line in ran.err.splitlines())
    else:
        assert ran.err.count("\n") == (0 if ran.code == 0 else 1)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("plain", [False, True])
def test_colours_on_a_terminal_unless_told_otherwise(here: Path, audit: Path, plain: bool) -> None:
    import pty

    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    if plain:
        environment["NO_COLOR"] = "1"
    process = subprocess.Popen(
        [*COMMAND, "explain", "no.example", "--audit", str(audit)],
        stdout=slave,
        stderr=subprocess.PIPE,
        env=environment,
    )
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert b"\x1b" not in err
    process = subprocess.Popen([*COMMAND, "rules", "list"], stdout=slave, env=environment)
    process.wait(timeout=120)
    os.close(slave)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(master, 65536):
            shown += piece
    os.close(master)
    assert b"BL103" in shown
    assert (re.search(rb"\x1b\[[0-9;]*3[0-7]", shown) is None) or not plain


def test_a_reader_that_goes_away_is_no_error(here: Path) -> None:
    done = subprocess.run(
        f"{shlex.join(COMMAND)} rules show BL103 | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.startswith("BL103 ")
    assert "Traceback" not in done.stderr


def test_words_that_the_terminal_cannot_show(here: Path) -> None:
    text = "source,target,anchor\nhttps://bücher.example/,https://site.example/,漢字\n"
    put(here, text, "lünks.csv")
    ran = spawn("scan", "lünks.csv", cwd=here, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    ran = spawn("explain", "bücher.example", cwd=here, PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert "cher.example" in ran.out


# ---------------------------------------------------------------- explain


def test_explain_a_guilty_domain(audit: Path) -> None:
    found = read_json(audit / "report.json")
    guilty = next(result for result in found.domains if result.verdict == "disavow")
    ran = run("explain", guilty.domain, "--audit", audit)
    assert (ran.code, ran.err) == (0, "")
    for words in (
        "verdict disavow",
        "Waterfall, in points",
        "Findings",
        "policy: ",
        "false positive",
    ):
        assert words in ran.out
    by_url = run("explain", f"https://{guilty.domain}/some/page", "--audit", audit)
    assert by_url.out.startswith(guilty.domain)


def test_explain_a_scheme(audit: Path) -> None:
    scheme = read_json(audit / "report.json").schemes[0]
    ran = run("explain", scheme.id, "--audit", audit)
    assert (ran.code, ran.err) == (0, "")
    assert "Members (" in ran.out
    assert "Evidence" in ran.out


def test_explain_an_innocent_domain(here: Path) -> None:
    assert run("scan", put(here, TINY)).code == 0
    ran = run("explain", "a.example")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("a.example\n")
    assert "No rule accused a.example. That is not a certificate." in ran.out


def test_explain_with_a_very_long_anchor(here: Path) -> None:
    assert run("scan", put(here, TINY.replace("one", "long " * 40_000))).code == 0
    assert run("explain", "a.example").code == 0
    put(here / "backlint-audit", b"\xff", "domains.csv")
    assert "domains.csv: is damaged (" in one_message(run("explain", "a.example"), 3)


def test_explain_an_unknown_domain(here: Path) -> None:
    assert run("scan", put(here, TINY.replace("a.example", "garden-blog.example"))).code == 0
    said = one_message(run("explain", "gardenblog.example"), 2)
    assert "gardenblog.example: not in this audit (domain mode)." in said
    assert "Did you mean garden-blog.example" in said
    one_message(run("explain", "\x1b[31m"), 2)


@pytest.mark.parametrize(
    "command", [["explain", "a.example"], ["disavow", "write"], ["disavow", "kit"]]
)
def test_audits_that_cannot_be_read(here: Path, command: list[str]) -> None:
    said = one_message(run(*command, "--audit", "nowhere"), 3)
    assert "nowhere/report.json: no such audit. Run `backlint scan` first" in said
    for text in ("", "{", "[]", "{}", '{"schema_version": 99}', '{"schema_version": 1}', "\xff"):
        put(here, text.encode("latin-1"), "report.json")
        said = one_message(run(*command, "--audit", "."), 3)
        assert said.startswith("backlint: report.json: ")


# ---------------------------------------------------------------- disavow


def test_disavow_write(here: Path, audit: Path) -> None:
    ran = run("disavow", "write", "--audit", audit)
    assert ran.code == 0
    assert re.fullmatch(r"disavow\.txt: \d+ directives\n", ran.out)
    assert ran.err == ""
    assert (here / "disavow.txt").read_bytes() == (audit / "disavow.txt").read_bytes()
    lines = ran.out.split()[1]
    assert run("disavow", "check", "disavow.txt") == Ran(
        0, "", f"disavow.txt: {lines} directives, no defect\n"
    )
    again = run("disavow", "write", "--audit", audit)  # the same file is no reason for an error
    assert (again.code, again.out) == (0, ran.out)
    assert [path.name for path in here.iterdir()] == ["disavow.txt"]


def test_disavow_write_over_another_file(here: Path, audit: Path) -> None:
    put(here, "domain:old.com\n", "disavow.txt")
    said = one_message(run("disavow", "write", "--audit", audit), 2)
    assert "disavow.txt: exists already; use --force to replace it" in said
    assert (here / "disavow.txt").read_text() == "domain:old.com\n"
    ran = run("disavow", "write", "--audit", audit, "--force", "--old", "disavow.txt")
    assert ran.code == 0
    assert "the old file is kept as disavow.txt.bak" in ran.err
    assert (here / "disavow.txt.bak").read_text() == "domain:old.com\n"
    assert "domain:old.com\n" in (here / "disavow.txt").read_text()


def test_disavow_write_keeps_what_is_allowed_out(here: Path, audit: Path) -> None:
    assert run("disavow", "write", "--audit", audit).code == 0
    lines = [x for x in (here / "disavow.txt").read_text().splitlines() if x.startswith("domain:")]
    put(here, f"# friends\n{lines[0]}\n", "allow.txt")
    assert run("disavow", "write", "--audit", audit, "--allow", "allow.txt", "--force").code == 0
    left = [x for x in (here / "disavow.txt").read_text().splitlines() if x.startswith("domain:")]
    assert left == lines[1:]


def test_nothing_to_disavow_writes_no_file(here: Path) -> None:
    assert run("scan", put(here, TINY)).code == 0
    ran = run("disavow", "write")
    assert ran.code == 0
    assert "nothing to disavow; no file was written" in ran.out
    assert not (here / "disavow.txt").exists()


def test_disavow_write_needs_a_site(here: Path) -> None:
    text = TINY + "https://b.example/,https://c.example/,x\n"
    assert run("scan", put(here, text)).code == 0
    assert "the audit has no site, so there are no verdicts" in one_message(
        run("disavow", "write"), 2
    )


def test_disavow_merge(here: Path) -> None:
    put(here, "# mine\ndomain:a.com\nrubbish here\ndomain:com.br\n", "old.txt")
    put(here, "domain:a.com\r\nhttp://b.com/x\r\ndomain:www.shop.com\r\n", "new.txt")
    ran = run("disavow", "merge", "old.txt", "new.txt", "--out", "all.txt", "--site", "shop.com")
    assert (ran.code, ran.out) == (0, "all.txt: 2 directives\n")
    told = ran.err.splitlines()
    assert any(line.startswith("old.txt:3: invalid: rubbish here (") for line in told)
    assert any(line.startswith("old.txt:4: refused: domain:com.br (") for line in told)
    assert any(line.startswith("new.txt:3: refused: domain:www.shop.com (") for line in told)
    text = (here / "all.txt").read_text()
    assert [x for x in text.splitlines() if x and x[0] != "#"] == ["domain:a.com", "http://b.com/x"]


def test_a_merge_without_a_directive_warns(here: Path) -> None:
    put(here, "# nothing\n", "old.txt")
    ran = run("disavow", "merge", "old.txt", "--out", "all.txt")
    assert ran.out == "all.txt: 0 directives\n"
    assert ran.err == "all.txt: warning: uploading it would wipe the live list\n"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["old.txt", "--out", "x.csv"], 2, "x.csv: Google takes only files that end in .txt"),
        (["old.txt", "--out", "no/x.txt"], 2, "no/x.txt: the folder no does not exist"),
        (["old.txt", "--out", "old.txt"], 2, "old.txt: exists already; use --force"),
        (["nowhere.txt", "--out", "x.txt"], 3, "nowhere.txt: cannot be read: No such file"),
        ([".", "--out", "x.txt"], 3, ".: cannot be read: Is a directory"),
        (["old.txt", "--out", "x.txt", "--site", "a b"], 2, "--site: 'a b' is no host name"),
    ],
)
def test_merge_errors(here: Path, words: list[str], code: int, said: str) -> None:
    put(here, "domain:a.com\ndomain:a.com\n", "old.txt")
    assert said in one_message(run("disavow", "merge", *words), code)
    assert [path.name for path in here.iterdir()] == ["old.txt"]


def test_disavow_check(here: Path) -> None:
    put(here, "domain:a.com\n", "good.txt")
    put(here, "domain:a.com\ndomain:com.br\nfoo bar\n", "bad.txt")
    assert run("disavow", "check", "good.txt") == Ran(0, "", "good.txt: 1 directive, no defect\n")
    ran = run("disavow", "check", "good.txt", "bad.txt", "--site", "a.com")
    assert ran.code == 1
    assert [line.partition(" ")[0] for line in ran.out.splitlines()] == [
        "good.txt:1:", "bad.txt:1:", "bad.txt:2:", "bad.txt:3:",
    ]  # fmt: skip
    assert re.match(r"good\.txt:1: DF\d{3} ", ran.out)
    assert ran.err == (
        "good.txt: 1 directive; defects: 1 error\nbad.txt: 2 directives; defects: 3 error\n"
    )
    assert "cannot be read" in run("disavow", "check", "nowhere.txt").err


def test_scan_tells_what_became_of_old_lines(here: Path) -> None:
    put(here, "domain:com.br\ndomain:kept.com\nrubbish here\ndomain:site.example\n", "live.txt")
    ran = run("scan", put(here, TINY), "--disavow", "live.txt")
    assert ran.code == 0
    assert [line.partition(" (")[0] for line in ran.err.splitlines()] == [
        "disavow: line 1: refused: domain:com.br",
        "disavow: line 3: invalid: rubbish here",
        "disavow: line 4: refused: domain:site.example",
    ]
    assert "domain:kept.com" in (here / "backlint-audit" / "disavow.txt").read_text()


# ---------------------------------------------------------------- rules and simulate


def test_rules_list() -> None:
    ran = run("rules", "list")
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"^BL103 +link-ring ", ran.out, re.MULTILINE)


@pytest.mark.parametrize("name", ["BL103", "link-ring", "bl103"])
def test_rules_show(name: str) -> None:
    ran = run("rules", "show", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("BL103 link-ring: ")
    assert "False positives:" in ran.out
    assert "SELECT" in ran.out


def test_rules_of_a_folder_are_listed_and_shown(here: Path) -> None:
    assert run("rules", "new", "paid-reviews", "--dir", "mine").code == 0
    assert "paid-reviews" not in run("rules", "list").out
    listed = run("rules", "list", "--rules", "mine")
    assert (listed.code, listed.err) == (0, "")
    assert re.search(r"^MY\d+ +paid-reviews .* own *$", listed.out, re.MULTILINE)
    shown = run("rules", "show", "paid-reviews", "--rules", "mine")
    assert (shown.code, shown.err) == (0, "")
    assert " paid-reviews: " in shown.out.splitlines()[0]
    assert "file: mine/" in shown.out
    assert run("rules", "show", "paid-reviews").code == 2
    assert "nowhere" in one_message(run("rules", "list", "--rules", "nowhere"), 2)


def test_rules_show_of_an_unknown_rule() -> None:
    said = one_message(run("rules", "show", "link-rings"), 2)
    assert "no rule fits 'link-rings'; did you mean link-ring?" in said


def test_simulate(here: Path) -> None:
    words = ("simulate", "--schemes", "ring", "--negatives", "none", "--referring-domains", 30)
    ran = run(*words, "--out", "made")
    assert ran.code == 0
    assert ran.out.splitlines() == ["made/links.csv", "made/labels.json", "made/keywords.txt"]
    site = json.loads((here / "made" / "labels.json").read_text())["site"]
    assert ran.err.startswith(f"site: {site}; ")
    assert run(*words, "--out", "made") == ran  # its own files may be written again
    scanned = run("scan", "made/links.csv", "--site", site, "--keywords", "made/keywords.txt")
    assert scanned.code == 0
    assert "Link ring" in scanned.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--schemes", "rings"], "unknown scheme 'rings'; did you mean 'ring'?"),
        (["--negatives", "zzz"], "unknown hard negative 'zzz'; known: "),
        (["--out", "links.csv"], "links.csv: "),
        (["--out", "."], "--out .: holds a links.csv of yours; name another folder"),
    ],
)
def test_simulate_errors(here: Path, words: list[str], said: str) -> None:
    put(here, TINY)
    ran = run("simulate", "--referring-domains", "5", *words)
    assert said in one_message(ran, 2)
    assert [path.name for path in here.iterdir()] == ["links.csv"]


def test_simulate_has_a_limit(here: Path) -> None:
    assert run("simulate", "--referring-domains", "100000000000").code == 2
    assert list(here.iterdir()) == []
