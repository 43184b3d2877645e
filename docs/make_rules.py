"""Write docs/rules/: one page a rule, from the headers of the rule files.

python docs/make_rules.py           write the pages
python docs/make_rules.py --check   exit 1 when a page is missing, old or left over
"""

import sys
from pathlib import Path

from backlint.rules.catalog import load_points, load_rules
from backlint.rules.model import Rule

PAGES = Path(__file__).parent / "rules"
NOTE = "<!-- made by docs/make_rules.py from the rule's header; edit that -->\n"


def page(rule: Rule) -> str:
    header = rule.header
    points = next((row for row in load_points().rules if row.rule == header.id), None)
    worth = (
        ", ".join(f"{level} {value:g}" for level, value in points.points.items()) if points else ""
    )
    parts = [
        NOTE,
        f"# {header.id} {header.name}\n",
        f"{header.summary}\n",
        "| | |\n|---|---|",
        f"| level | up to {header.level} |\n| confidence | {header.confidence} |",
        f"| status | {header.status}, since {header.since} |",
        f"| about | a {header.subject.replace('_', ' ')} |",
        f"| evidence group | {header.group} |\n| points | {worth or 'none'} |",
        f"| policy clause | `{header.policy}` |",
        f"| needs | {', '.join(f'`{field}`' for field in header.requires) or 'links'} |",
        *([f"| makes a scheme | {header.scheme} |"] if header.scheme else []),
        f"\n## What it does and why\n\n{header.rationale.strip()}\n",
        *([f"It cannot run when {header.not_evaluable}.\n"] if header.not_evaluable else []),
        "## When it is wrong\n",
        *[f"- {text}" for text in header.false_positives],
        f"\n## What to do\n\n{header.remediation}\n",
        *(["## Parameters\n"] if header.params else []),
        *[f"- `{name}` = {value}" for name, value in header.params.items()],
        "\n## Read\n",
        *[
            f"- {ref.title}{f', <{ref.url}>' if ref.url else ''} (read {ref.read})"
            for ref in header.references
        ],
    ]
    return "\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    rules = load_rules()
    made = {f"{rule.header.id}.md": page(rule) for rule in rules}
    rows = [
        f"| [{h.id}]({h.id}.md) | {h.name} | {h.level} | {h.summary} |"
        for h in (rule.header for rule in rules)
    ]
    table = "| rule | name | level up to | what it finds |\n|---|---|---|---|\n" + "\n".join(rows)
    made["index.md"] = f"{NOTE}\n# Rules\n\n{table}\n"
    return made


def main(check: bool) -> int:
    wanted = pages()
    present = {path.name: path.read_text("utf-8") for path in PAGES.glob("*.md")}
    stale = sorted(
        name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name)
    )
    if check:
        for name in stale:
            print(f"docs/rules/{name}: not current; run python docs/make_rules.py")
        return 1 if stale else 0
    PAGES.mkdir(exist_ok=True)
    for name in stale:
        if name in wanted:
            (PAGES / name).write_text(wanted[name], "utf-8")
        else:
            (PAGES / name).unlink()
    print(f"{len(wanted)} pages, {len(stale)} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
