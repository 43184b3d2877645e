"""Run what the pages tell people to type, and write or check what it says.

python docs/make_examples.py           write what the commands say now
python docs/make_examples.py --check   exit 1 where a page shows something else (so does a test)

Before a block of code stands what it is: `<!-- run -->`, `<!-- fails 1 -->` (ends with 1),
`<!-- said -->` (what the last one printed; a line of three dots stands for lines left out),
`<!-- file NAME -->` (put there), `<!-- shown -->` (tried by another test).
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parent
# in this order, in one folder: those after the first read its audit
PAGES = [
    "tutorial.md", "exports.md", "how-to/ci.md", "how-to/search-console.md",
    "how-to/competitors.md", "how-to/web-graph.md", "python-api.md",
]  # fmt: skip
BLOCK = re.compile(
    r"<!-- (run|fails|said|file|shown)(?: (\S+))? -->\n( *)```(\w+)\n(.*?)^ *```$",
    re.DOTALL | re.MULTILINE,
)


def prepare(folder: Path) -> None:
    """Put into a folder what the pages start from: the sample, and the command itself."""
    (folder / "sample_graphs").symlink_to(DOCS.parent / "sample_graphs")
    put_command(folder)


def put_command(folder: Path) -> None:
    """Put the command `backlint` of this interpreter into `bin` of a folder."""
    (folder / "bin").mkdir()
    command = folder / "bin" / "backlint"
    command.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from backlint.cli import main; main()' \"$@\"\n"
    )
    command.chmod(0o755)


def wrong(pages: list[str], folder: Path, mend: bool) -> Iterator[str]:
    """Run the pages in a folder and yield what is not as they say; mend what can be."""
    for page in pages:
        text = (DOCS / page).read_text("utf-8")
        blocks = list(BLOCK.finditer(text))
        if text.count("```") != 2 * len(blocks):
            yield f"{page}: a block of code that nobody tries"
        said = ""
        mended: list[tuple[int, int, str]] = []
        for block in blocks:
            kind, name, indent, language, body = block.groups()
            body = re.sub(f"^{indent}", "", body, flags=re.MULTILINE)
            if kind == "file":
                (folder / name).write_text(body, "utf-8")
            elif kind == "said" and not says(body, said):
                if mend and "..." not in body.splitlines():
                    shown = f"<!-- said -->\n```{language}\n{trimmed(said)}\n```"
                    mended.append((block.start(), block.end(), shown))
                else:
                    yield f"{page}: does not say\n{body}\nbut\n{trimmed(said)}"
            elif kind in ("run", "fails"):
                code, said = do(language, body, folder)
                if code != (int(name) if kind == "fails" else 0):
                    yield f"{page}: ends with {code}\n{body}\n{said}"
        for start, end, shown in reversed(mended):
            text = text[:start] + shown + text[end:]
        if mended:
            (DOCS / page).write_text(text, "utf-8")


def says(shown: str, said: str) -> bool:
    """Say whether a text was printed; a line of three dots stands for any lines."""
    rest = "\n" + trimmed(said) + "\n"
    for part in re.split(r"^\.\.\.$", shown, flags=re.MULTILINE):
        _, found, rest = rest.partition("\n" + part.strip("\n") + "\n")
        if not found:
            return False
        rest = "\n" + rest
    return bool(shown.strip())


def trimmed(text: str) -> str:
    return re.sub(" +$", "", text, flags=re.MULTILINE).strip("\n")


def do(language: str, text: str, folder: Path) -> tuple[int, str]:
    """Run a block; return its exit code and what it said."""
    start = ["bash", "-euo", "pipefail", "-c"] if language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*start, text],
        cwd=folder,
        env={**os.environ, "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.returncode, done.stdout + done.stderr


def main(check: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        problems = list(wrong(PAGES, Path(folder), mend=not check))
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
