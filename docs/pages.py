"""What the generated pages of figures share: tables in Markdown, and writing or checking a page."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, all but its first column to the right."""
    rules = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rules, *rows]) + "\n"


def write_page(name: str, results: Path, page: Callable[[Any, str], str], check: bool) -> int:
    """Write docs/NAME.md out of results and docs/NAME.in.md, or check it; return the exit code."""
    text = (DOCS / f"{name}.in.md").read_text("utf-8")
    wanted = page(json.loads(results.read_text("utf-8")), text)
    target = DOCS / f"{name}.md"
    current = target.exists() and target.read_text("utf-8") == wanted
    if check:
        if not current:
            print(f"docs/{name}.md: not current; run python docs/make_{name}.py")
        return 0 if current else 1
    target.write_text(wanted, "utf-8")
    print(f"docs/{name}.md: {'current' if current else 'written'}")
    return 0
