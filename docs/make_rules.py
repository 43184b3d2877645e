"""Write docs/rules/: one page a rule, from the headers of the rule files.

python docs/make_rules.py           write the pages
python docs/make_rules.py --check   exit 1 when a page is missing, old or left over
"""

import sys
from pathlib import Path

import sqlglot
from sqlglot import exp

from backlint.cases import load_cases
from backlint.rules.catalog import PointsTable, known_tables, load_points, load_rules
from backlint.rules.model import Rule

PAGES = Path(__file__).parent / "rules"
ABOUT = """One SQL file each. A page says why the rule looks for what it looks for, who looks like
that and is innocent, what a finding is worth, and how it is tested. To add one of your own, see
[Write a rule](../write-a-rule.md).
"""
NOTE = "<!-- made by docs/make_rules.py from the rule's files; edit those -->\n"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(value: object) -> str:
    return f"`{value}`"


def clause(rule: Rule) -> str:
    slug = rule.header.policy.removeprefix("link-spam/")
    return f"[{rule.header.policy}](../policy.md#{slug})"


def read_tables(sql: str) -> list[str]:
    """Return the tables that a SELECT reads, sorted."""
    found = sqlglot.parse_one(sql, read="duckdb").find_all(exp.Table)
    return sorted(known_tables() & {table.name for table in found})


def points_of(rule: Rule, table: PointsTable) -> list[str]:
    """Return the paragraphs about what a fired rule is worth."""
    header = rule.header
    row = next((row for row in table.rules if row.rule == header.id), None)
    if row is None:
        return ["It has no points: it is said and not counted.\n"]
    lines = [f"| {level} | {worth:g} |" for level, worth in row.points.items()]
    cap = f"The group `{header.group}` adds {table.caps[header.group]:g} points at the most."
    decisive = (
        [f"At {' and '.join(row.decisive)} it stands outside the cap and decides alone."]
        if row.decisive
        else []
    )
    return [
        "| level | points |\n|---|---:|",
        *lines,
        f"\n{' '.join([cap, *decisive])}",
        f"Reason: {row.source}.\n",
    ]


def page(rule: Rule, table: PointsTable) -> str:
    header = rule.header
    needs = ", ".join(map(code, header.requires)) or "links"
    cases = [
        f"| {cell(case.name)} | {case.expect} | {case.level or ''} |" for case in load_cases(rule)
    ]
    folder = f"rules/{rule.path.parent.name}"
    parts = [
        NOTE,
        f"# {header.id} {header.name}\n",
        f"{header.summary}\n",
        "| | |\n|---|---|",
        f"| level | up to {header.level} |\n| confidence | {header.confidence} |",
        f"| status | {header.status}, since {header.since} |",
        f"| about | a {header.subject.replace('_', ' ')} |",
        f"| evidence group | {header.group} |",
        f"| policy clause | {clause(rule)} |",
        f"| needs | {needs} |",
        *([f"| makes a scheme | {header.scheme} |"] if header.scheme else []),
        f"\n## What it does and why\n\n{header.rationale.strip()}\n",
        *([f"It cannot run when {header.not_evaluable}.\n"] if header.not_evaluable else []),
        f"A finding reads: *{cell(header.says)}*\n",
        "## When it is wrong\n",
        *[f"- {text}" for text in header.false_positives],
        f"\n## What to do\n\n{header.remediation}\n",
        "## Points\n",
        *points_of(rule, table),
        *(["## Parameters\n\n| parameter | value |\n|---|---|"] if header.params else []),
        *[f"| `{name}` | {code(cell(str(value)))} |" for name, value in header.params.items()],
        *([f"\n[Configuration](../configuration.md) may change them: `[rules.{header.id}]`.\n"]
          if header.params else []),
        f"## Cases\n\nThe small profiles of `{folder}/{rule.path.stem}.cases.toml`, and what must "
        "be said of each.\n",
        "| case | expected | level |\n|---|---|---|",
        *cases,
        f"\n## SQL\n\n`{folder}/{rule.path.name}` reads "
        f"{', '.join(map(code, read_tables(rule.sql)))}.\n",
        '<details markdown="1">',
        f"<summary>The SELECT</summary>\n\n```sql\n{rule.sql}\n```\n\n</details>",
        "\n## Read\n",
        *[
            f"- {ref.title}{f', <{ref.url}>' if ref.url else ''} (read {ref.read})"
            for ref in header.references
        ],
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def index(rules: list[Rule]) -> str:
    parts = [NOTE, "# Rules\n", ABOUT]
    for family in dict.fromkeys(rule.header.family for rule in rules):
        parts.append(
            f"## {family}\n\n| rule | name | level up to | what it finds |\n|---|---|---|---|"
        )
        parts += [
            f"| [{h.id}]({h.id}.md) | {h.name} | {h.level} | {cell(h.summary)} |"
            for h in (rule.header for rule in rules)
            if h.family == family
        ]
        parts.append("")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    rules, table = load_rules(), load_points()
    made = {f"{rule.header.id}.md": page(rule, table) for rule in rules}
    made["index.md"] = index(rules)
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
