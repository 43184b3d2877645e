"""`backlint rules`: the catalogue."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.errors import RuleError

app = typer.Typer(help="The catalogue of rules.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List all rules with level, confidence, policy clause and the columns they need."""
    from rich.table import Table
    from rich.text import Text

    from backlint.cli import console
    from backlint.rules.catalog import load_rules

    table = Table(box=None, pad_edge=False)
    for heading in ("id", "name", "level", "confidence", "policy clause", "needs"):
        table.add_column(heading, no_wrap=heading == "id")
    for rule in load_rules():
        header = rule.header
        needs = ", ".join(field.removeprefix("links.") for field in header.requires) or "-"
        policy = header.policy.removeprefix("link-spam/")
        row = (header.id, header.name, header.level, header.confidence, policy, needs)
        table.add_row(*map(Text, row))
    console.out().print(table)


@app.command()
def show(rule: Annotated[str, typer.Argument(help="A rule's id or name.")]) -> None:
    """Show one rule: what it says, why, when it is wrong, and its SQL."""
    from backlint.rules.catalog import load_rules, pick

    for found in pick(load_rules(), [rule], []):
        header = found.header
        typer.echo(f"{header.id} {header.name}: {header.summary}\n")
        typer.echo(f"level up to {header.level}, confidence {header.confidence}, {header.policy}\n")
        typer.echo(header.rationale.strip() + "\n\nFalse positives:")
        for text in header.false_positives:
            typer.echo(f"- {text}")
        typer.echo(f"\nWhat to do: {header.remediation}\n")
        for name, value in header.params.items():
            typer.echo(f"${name} = {value}")
        typer.echo(f"\n{found.sql}\n")


@app.command()
def check(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders of rules; else the shipped catalogue.")
    ] = None,
) -> None:
    """Validate rules: headers, parameters, portable SQL, column contract, and all their cases."""
    from backlint.cases import check_cases
    from backlint.lists import catalogue_dir
    from backlint.rules.catalog import read_rules

    rules, problems = read_rules(folders or [catalogue_dir()])
    if not rules and not problems:
        raise RuleError("no rule files found; a rule is a file like BL999_my_rule.sql")
    if not problems:
        for rule in rules:
            problems += check_cases(rule)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise RuleError(f"{len(problems)} problems in {len(rules)} rules")
    typer.echo(f"{len(rules)} rules are valid, and all their cases hold")
