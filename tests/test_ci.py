"""The GitHub Action and the pre-commit hooks do what they say."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from backlint.cli.scan import FailOn

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import make_examples  # noqa: E402

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
TEXT = "source_url,target_url,anchor\nhttps://a.example/x,https://site.example/,one\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_examples.put_command(tmp_path)
    (tmp_path / "bin" / "python").symlink_to(sys.executable)  # as the action's first step gives
    (tmp_path / "links.csv").write_text(TEXT)
    (tmp_path / "good list.txt").write_text("domain:bad.com\n")
    (tmp_path / "disavow.txt").write_text("domain:bad.com\n")
    (tmp_path / "disavow-bad.txt").write_text("domain:com.br\nnonsense here\n")
    return tmp_path


def bash(script: str, folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],  # as GitHub does
        cwd=folder,
        env={**os.environ, "PATH": path, **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def act(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the last step of the action with its inputs, and the defaults of the others."""
    values = {name: str(given.get("default", "")) for name, given in ACTION["inputs"].items()}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    step = ACTION["runs"]["steps"][-1]
    expression = re.compile(r"\$\{\{ inputs\.([\w-]+) \}\}")
    given = {
        name: expression.sub(lambda found: values[found[1]], text)
        for name, text in step["env"].items()
    }
    return bash(step["run"], folder, **given, GITHUB_STEP_SUMMARY=str(folder / "summary.md"))


def test_the_action_is_well_formed() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert "uses" in step or step["shell"] == "bash"
        assert "${{" not in step.get("run", "")  # an input never becomes a part of the script
    used = re.findall(r"inputs\.([\w-]+)", (ROOT / "action.yml").read_text("utf-8"))
    assert set(used) == set(ACTION["inputs"])
    levels = re.findall(r"\w+", ACTION["inputs"]["fail-on"]["description"].partition("(")[2])
    assert levels == [level.value for level in FailOn]


def test_the_action_scans_and_writes_the_summary(folder: Path) -> None:
    done = act(folder, files="links.csv", site="site.example", args="--select BL208 --quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""  # options reach the command
    assert (folder / "backlint-audit" / "report.html").exists()
    assert (
        (folder / "summary.md").read_text("utf-8").startswith("## Backlink audit of site.example")
    )


def test_the_action_takes_lines_and_quotes(folder: Path) -> None:
    (folder / "more.csv").write_text(TEXT.replace("a.example", "b.example"))
    done = act(
        folder,
        files="links.csv\nmore.csv\n",
        site="site.example\nother.example",
        args="--brand 'Site Tents'\n--quiet",
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((folder / "backlint-audit" / "report.json").read_bytes())
    assert [entry["path"] for entry in report["inputs"]] == ["links.csv", "more.csv"]
    assert report["sites"] == ["site.example", "other.example"]


def test_a_strict_scan_that_fails_still_tells(folder: Path) -> None:
    done = act(folder, files="links.csv", site="site.example", args="--strict --quiet")
    assert done.returncode == 3, done.stderr  # rules that could not run
    assert "## Backlink audit" in (folder / "summary.md").read_text("utf-8")


def test_the_action_fails_on_a_level_and_still_tells(folder: Path) -> None:
    sample = ROOT / "sample_graphs" / "graph" / "edges.csv"
    for level, code in (("medium", 1), ("high", 0)):  # the gravest of this graph is medium
        done = act(folder, files=str(sample), fail_on=level, out="found")
        assert done.returncode == code, done.stderr
        assert "## Backlink audit" in (folder / "summary.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("inputs", "code", "said"),
    [
        ({"command": "disavow check", "files": "disavow.txt"}, 0, "1 directive, no defect"),
        ({"command": "disavow check", "files": "disavow.txt disavow-bad.txt"}, 1, "2 error"),
        ({"command": "disavow check", "files": "disavow.txt", "site": "bad.com"}, 1, "1 error"),
        ({"command": "rm", "files": "links.csv"}, 2, "'rm' is neither scan nor disavow check"),
        ({"files": "nowhere.csv"}, 3, "nowhere.csv: no such file"),
        ({"files": "$(touch owned);`touch owned`"}, 3, "no such file"),
        (
            {"files": "links.csv", "site": "x.example;touch owned"},
            2,
            "'x.example;touch' is no host name",
        ),
        ({"files": "links.csv", "args": "--fail-on bad"}, 2, "'bad' is not one of"),
    ],
)
def test_the_action_ends_as_the_command_does(
    folder: Path, inputs: dict[str, str], code: int, said: str
) -> None:
    done = act(folder, **inputs)
    assert done.returncode == code, done.stderr
    assert said in " ".join((done.stdout + done.stderr).split())
    assert not (folder / "owned").exists()
    assert not (folder / "summary.md").exists()


def hook(name: str, folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """Run a hook on those of some files that it asks for."""
    chosen = [file for file in files if re.search(HOOKS[name]["files"], file)]
    given = " ".join(chosen) if HOOKS[name].get("pass_filenames", True) else ""
    return bash(f"{HOOKS[name]['entry']} {given}", folder)


def test_the_hook_for_disavow_files(folder: Path) -> None:
    assert hook("backlint-disavow-check", folder, "disavow.txt", "links.csv").returncode == 0
    done = hook("backlint-disavow-check", folder, "disavow.txt", "disavow-bad.txt")
    assert done.returncode == 1
    assert "disavow-bad.txt:1: DF" in done.stdout
    taken = re.compile(HOOKS["backlint-disavow-check"]["files"])
    assert taken.search("audit/disavow-shop.example.txt")
    assert not taken.search("disavow.txt.bak")
    assert not taken.search("notes/my-disavow-story.txt")


def test_the_hook_for_rules(folder: Path) -> None:
    assert bash("backlint rules new paid-reviews", folder).returncode == 0
    (folder / "backlint.toml").write_text('[rules]\nfolders = ["my-rules"]\n')
    done = hook("backlint-rules-check", folder, "my-rules/x.sql")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 rule is valid" in done.stdout
    (rule,) = (folder / "my-rules").rglob("*.sql")
    rule.write_text(rule.read_text("utf-8").replace("SELECT", "SELEC"))
    assert hook("backlint-rules-check", folder).returncode == 2
