"""What the README tells people to type works, and what it names exists."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def block(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert found, f"README has no block {name}"
    return found.group(1)


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def audited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the scan of the README's first block (its installation is run by .ci/run)."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "sample_graphs").symlink_to(ROOT / "sample_graphs")
    command = block("run").replace("\\\n", " ").splitlines()[-1].replace(".venv/bin/", "")
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_first_block_ends_with_a_report_and_a_disavow_file(audited: tuple[Path, str]) -> None:
    folder, shown = audited
    written = {path.name for path in (folder / "backlint-audit").iterdir()}
    assert written == {
        "report.html", "report.json", "domains.csv", "review.xlsx", "review.csv", "disavow.txt",
        "audit.duckdb",
    }  # fmt: skip
    for kind in ("Directory blast", "Link wheel", "Link ring", "Link farm", "Private blog network"):
        assert kind in shown


def test_the_other_commands_of_the_readme_work(audited: tuple[Path, str]) -> None:
    folder, shown = audited
    scheme = re.search(r"S-[0-9a-f]{8}", shown)
    assert scheme
    domain = (
        (folder / "backlint-audit" / "domains.csv").read_text("utf-8").splitlines()[1].split(",")[0]
    )
    for command in (
        f"backlint explain {domain}",
        f"backlint explain {scheme.group()}",
        "backlint disavow check backlint-audit/disavow.txt",
        "backlint diff backlint-audit backlint-audit",
        "backlint rules list",
    ):
        done = run(command, folder)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        assert done.stdout.strip() or "check" in command


def test_every_command_of_the_reference_has_help() -> None:
    commands = re.findall(r"^\| `backlint ([a-z]+)(?: ([a-z]+))?", README, re.MULTILINE)
    assert len(commands) >= 7
    for command, sub in commands:
        done = run(f"backlint {command} {sub} --help", ROOT)
        assert done.returncode == 0, (command, sub, done.stderr)


def test_links_of_the_documents_lead_somewhere() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    for document in documents:
        text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text("utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            if not target.startswith("http"):
                assert (document.parent / target).exists(), (document.name, target)
