"""What mkdocs is told besides mkdocs.yml: the pages of the rules, a group per family."""

import re
from pathlib import Path
from typing import Any

RULES = Path(__file__).parent / "rules"


def on_config(config: Any) -> Any:
    for entry in config["nav"]:
        if "Rules" in entry:
            entry["Rules"] = rule_pages()
    return config


def rule_pages() -> list[Any]:
    """Return the index of the rules and, by family as it groups them, their pages."""
    nav: list[Any] = ["rules/index.md"]
    for line in (RULES / "index.md").read_text("utf-8").splitlines():
        if line.startswith("## "):
            nav.append({line.removeprefix("## "): []})
        elif found := re.match(r"\| \[(\w+)\]\((\w+\.md)\) \| ([\w-]+) \|", line):
            next(iter(nav[-1].values())).append({f"{found[1]} {found[3]}": f"rules/{found[2]}"})
    return nav
