"""Disavow files on disk: whole or not at all, whatever happens; and which lines go into which."""

import errno
import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlint.disavow.effect import coverer
from backlint.disavow.file import covering, exact, parse
from backlint.disavow.guards import Guards, refuse_directive
from backlint.disavow.plan import file_names, merge, of_site, plan, render, render_new
from backlint.disavow.write import put, write_disavow
from backlint.errors import DisavowError
from backlint.findings import DisavowLine
from strategies import file_bytes, pure
from test_disavow_plan import GUARDS, any_lines, guard_sets, in_text, line, old_file, written

REAL = Path(__file__).parents[2] / "shared" / "data" / "disavow"
OLD = "".join(f"domain:old{number}.com\n" for number in range(20_000))
NEW = "".join(f"domain:new{number}.com\n" for number in range(20_000))

# Kills: about one second for ten; `-m thorough` makes a hundred of them
KILLS = 100 if settings.get_current_profile_name() == "thorough" else 6

WRITER = """
import sys
from pathlib import Path
from backlint.disavow.write import write_disavow
path, texts = Path(sys.argv[1]), [Path(name).read_text() for name in sys.argv[2:]]
print("ready", flush=True)
while True:
    for text in texts:
        backup = write_disavow(path, text, force=True)
        if backup:
            backup.unlink()
"""


@pytest.mark.thorough
def test_killed_at_any_moment_the_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(OLD)
    (tmp_path / "b").write_text(NEW)
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / "disavow.txt"
    path.write_text(OLD)
    seen = set()
    rng = random.Random(KILLS)
    for _ in range(KILLS):
        command = [
            sys.executable,
            "-c",
            WRITER,
            str(path),
            str(tmp_path / "b"),
            str(tmp_path / "a"),
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(rng.uniform(0, 0.05))
            child.send_signal(signal.SIGKILL)
            child.wait()
        for left in folder.glob("disavow.txt*"):  # the file, and a backup that was whole before it
            assert left.read_text() in (OLD, NEW), left
        seen.add(path.read_text() == NEW)
    if KILLS > 50:
        assert seen == {True, False}  # it was killed before and after a rename


@pytest.mark.parametrize("calls", [1, 2])
def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """The disk fills up while the backup is written, or while the new file is."""
    path = tmp_path / "disavow.txt"
    path.write_text(OLD)
    left = [None] * (calls - 1)
    sync = os.fsync

    def fsync(handle: int) -> None:
        if left:
            left.pop()
            sync(handle)
        else:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(DisavowError, match=r"disavow\.txt: cannot be written: No space left"):
        write_disavow(path, NEW, force=True)
    assert [x.name for x in tmp_path.iterdir()] == ["disavow.txt"]
    assert path.read_text() == OLD


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no such limit here")
@pytest.mark.parametrize("command", ["merge", "fix"])
def test_files_may_not_grow(tmp_path: Path, command: str) -> None:
    """The system refuses the bytes half-way, as it does on a full disk."""
    path = tmp_path / "disavow.txt"
    path.write_text(OLD.replace("domain:old7.", "domain: old7."))
    before = path.read_bytes()
    words = {
        "merge": ["merge", "new.txt", "--out", "disavow.txt", "--force"],
        "fix": ["check", "disavow.txt", "--fix", "--force"],
    }
    (tmp_path / "new.txt").write_text(NEW)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = subprocess.run(
        [sys.executable, "-c", "from backlint.cli import main; main()", "disavow", *words[command]],
        cwd=tmp_path, preexec_fn=limit, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == "backlint: disavow.txt: cannot be written: File too large\n"
    assert path.read_bytes() == before
    assert sorted(x.name for x in tmp_path.iterdir()) == ["disavow.txt", "new.txt"]


def test_a_small_file_system(tmp_path: Path) -> None:
    """The same on a real file system of 512 KB, where one may be mounted."""
    small = tmp_path / "small"
    small.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(small)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    try:
        path = small / "disavow.txt"
        write_disavow(path, OLD)
        with pytest.raises(DisavowError, match="cannot be written: No space left on device"):
            write_disavow(path, NEW, force=True)
        assert path.read_text() == OLD
        assert [x.name for x in small.iterdir()] == ["disavow.txt"]
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_put_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "sheet.xlsx"
    assert put(path, b"1") is None
    assert put(path, b"1") is None
    with pytest.raises(DisavowError, match="--force"):
        put(path, b"2")
    assert put(path, b"2", force=True) == tmp_path / "sheet.xlsx.bak"
    assert (path.read_bytes(), (tmp_path / "sheet.xlsx.bak").read_bytes()) == (b"2", b"1")


# New lines alone


def test_new_lines_by_hand() -> None:
    old = old_file("# mine", "domain:a.com", "domain:www.b.com", "http://c.com/1", "domain:x.d.com")
    lines = [line(f"domain:{x}.com") for x in "abcd"] + [
        line("http://a.com/9"),
        line("domain:e.com"),
    ]
    result = written(render_new(lines, old, GUARDS, ["for shop.com"]))
    assert result.text == (
        "# ONLY THE NEW LINES. An upload replaces the whole list: uploading this file alone\n"
        "# would drop the 4 lines that are live. Merge it with them first.\n"
        "# for shop.com\n"
        "\n"
        "# S1: why\n"
        "domain:b.com\n"  # www.b.com is less
        "domain:c.com\n"
        "domain:d.com\n"
        "domain:e.com\n"
    )
    assert render_new(lines[:1], old, GUARDS) is None


@pure
@given(any_lines, file_bytes(), guard_sets)
def test_new_lines_and_the_old_file_are_the_whole(
    lines: list[DisavowLine], data: bytes, guards: Guards
) -> None:
    old = parse(data)
    kept, _ = plan(lines, guards)
    result = render_new(lines, old, guards)
    new = in_text(result.text) if result else []
    assert not covering(new)
    assert set(new) <= {x.directive for x in kept}
    allowed = {
        directive for x in old.lines
        if (directive := exact(x)) and refuse_directive(str(x.value), guards) is None
    }  # fmt: skip
    by = coverer(allowed)
    assert all(by(x) is None for x in new)
    both = coverer({*allowed, *new})
    assert all(both(x.directive) for x in kept)
    # merged in the end it is the file that `write` makes at once
    if result:
        whole = written(render(lines, old, guards))
        joined = merge([old, parse(result.text.encode())], guards)
        assert set(in_text(joined.text)) == set(in_text(whole.text))


# One file a property


def test_files_of_several_sites() -> None:
    assert file_names(["a.com"]) == {"a.com": "disavow.txt"}
    assert file_names([]) == {}
    assert file_names(["a.com", "b.org"]) == {
        "a.com": "disavow-a.com.txt",
        "b.org": "disavow-b.org.txt",
    }
    lines = [
        DisavowLine(directive=f"domain:{x}.net", reason="", scheme=None, findings=[], sites=sites)
        for x, sites in (("one", ["a.com"]), ("both", ["a.com", "b.org"]), ("old", []))
    ]
    assert [x.directive for x in of_site(lines, "a.com")] == [
        "domain:one.net", "domain:both.net", "domain:old.net",
    ]  # fmt: skip
    assert [x.directive for x in of_site(lines, "b.org")] == ["domain:both.net", "domain:old.net"]


def test_a_covering_line_links_to_the_sites_of_what_it_covers() -> None:
    lines = [
        DisavowLine(directive=x, reason="", scheme=None, findings=["f"], sites=[site])
        for x, site in (("domain:a.com", "one.org"), ("domain:x.a.com", "two.org"))
    ]
    kept, _ = plan(lines, GUARDS)
    assert [(x.directive, x.sites) for x in kept] == [("domain:a.com", ["one.org", "two.org"])]


# The same bytes every time


@pytest.mark.parametrize("words", [["merge", "a.txt", "b.txt", "--out", "out.txt"]])
def test_27_other_hash_seeds(tmp_path: Path, words: list[str]) -> None:
    """27. Byte-identical from run to run, whatever the order of sets; nothing tells the time."""
    lines = [f"domain:{x}.{y}.com" for x in "abcdefgh" for y in "xyz"]
    (tmp_path / "a.txt").write_text("\n".join([*lines, "domain:x.com", "domain:www.z.com"]))
    (tmp_path / "b.txt").write_text("\n".join([*lines[::-1], "domain: q.com", "http://q.com/1"]))
    seen = set()
    for seed in ("0", "1", "2"):
        (tmp_path / "out.txt").unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-c", "from backlint.cli import main; main()", "disavow", *words],
            cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True,
            check=True,
        )  # fmt: skip
        seen.add(((tmp_path / "out.txt").read_bytes(), done.stdout, done.stderr))
    assert len(seen) == 1
    assert not re.search(rb"\b20\d\d\b", next(iter(seen))[0])


@pure
@given(any_lines, st.none() | file_bytes().map(parse), guard_sets)
def test_27_twice_the_same(lines: list[DisavowLine], old: object, guards: Guards) -> None:
    first = render(lines, old, guards, ["h"])  # type: ignore[arg-type]
    assert render(list(reversed(lines)), old, guards, ["h"]) == first  # type: ignore[arg-type]


# Real files


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_all_real_files_together() -> None:
    """Every valid line of every file is covered, the limits hold, and twice is once."""
    files = [parse(path.read_bytes()) for path in sorted(REAL.glob("*.txt"))]
    guards = Guards(platforms=frozenset({"sites.google.com"}))
    result = merge(files, guards)
    by = coverer(in_text(result.text))
    refused = {note.text.strip() for note in result.report if note.state == "refused"}
    assert refused == {"domain:213.174.132.240", "domain:org.br", "domain:sites.google.com"}
    for path in sorted(REAL.glob("*.txt")):
        for text in path.read_text().splitlines():
            directive = text.strip()
            if directive.startswith("domain:") and directive not in refused:
                name = directive[7:].lower().encode("idna").decode()
                assert by(f"domain:{name}"), directive
    assert merge([parse(result.text.encode())], guards).text == result.text
    assert merge([parse(result.text.encode()), *files], guards).text == result.text
    assert result.text.count("\n") <= 100_000
    assert len(result.text.encode()) <= 2_000_000
    # ten times as many would be over the limit: refused, not cut
    many = [
        parse(path.read_bytes().replace(b"domain:", b"domain:n%d." % number))
        for path in REAL.glob("turkish*.txt")
        for number in range(10)
    ]
    with pytest.raises(DisavowError, match="nothing was written"):
        merge(many, guards)
