"""`backlint rules`: the catalogue, and rules of your own."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.config import config_file, read_config
from backlint.errors import RuleError

if TYPE_CHECKING:
    from backlint.rules.model import Rule

app = typer.Typer(help="The catalogue of rules, and rules of your own.", no_args_is_help=True)

ConfigFile = Annotated[Path | None, config_file({})]
RuleFolders = Annotated[
    list[Path] | None,
    typer.Option(
        "--rules",
        help="A folder of further rules, instead of those of the configuration; may be given "
        "again.",
        metavar="FOLDER",
    ),
]


@app.command("list")
def list_(folders: RuleFolders = None, config: ConfigFile = None) -> None:
    """List all rules with level, confidence, policy clause and the columns they need."""
    from rich.table import Table
    from rich.text import Text

    from backlint.cli import console

    rules = _configured(config, folders)
    marks = [_mark(rule) for rule in rules]
    table = Table(box=None, pad_edge=False)
    headings = ["id", "name", "level", "confidence", "policy clause", "needs"]
    for heading in [*headings, *(["rule is"] if any(marks) else [])]:
        table.add_column(heading, no_wrap=heading == "id")
    for rule, mark in zip(rules, marks, strict=True):
        header = rule.header
        needs = ", ".join(field.removeprefix("links.") for field in header.requires) or "-"
        policy = header.policy.removeprefix("link-spam/")
        row = [header.id, header.name, header.level, header.confidence, policy, needs]
        table.add_row(*map(Text, [*row, *([mark] if any(marks) else [])]))
    console.out().print(table)


@app.command()
def show(
    rule: Annotated[str, typer.Argument(help="A rule's id or name.")],
    folders: RuleFolders = None,
    config: ConfigFile = None,
) -> None:
    """Show one rule: what it says, why, when it is wrong, its points, parameters and SQL."""
    from backlint.rules.catalog import pick
    from backlint.rules.overrides import points_of

    rules = _configured(config, folders)
    points = points_of(rules)
    for found in pick(rules, [rule], []):
        header = found.header
        row = next((row for row in points.rules if row.rule == header.id), None)
        worth = row.points if row else {}
        decisive = f"; {' and '.join(row.decisive)} decide alone" if row and row.decisive else ""
        said = ", ".join(f"{level} {number:g}" for level, number in worth.items()) or "none"
        typer.echo(f"{header.id} {header.name}: {header.summary}\n")
        typer.echo(f"level up to {header.level}, confidence {header.confidence}, {header.policy}")
        typer.echo(f"{header.status} since {header.since}, about a {header.subject}")
        typer.echo(
            f"points: {said}; group {header.group}, capped at "
            f"{points.caps.get(header.group, 0):g}{decisive}"
        )
        typer.echo(f"needs: {', '.join(header.requires) or 'links'}")
        for change in found.changed:
            typer.echo(f"changed by {config}: {change}")
        typer.echo(f"file: {found.path}\n")
        typer.echo(header.rationale.strip() + "\n\nFalse positives:")
        for text in header.false_positives:
            typer.echo(f"- {text}")
        typer.echo(f"\nWhat to do: {header.remediation}\n")
        for name, value in header.params.items():
            typer.echo(f"${name} = {value}")
        typer.echo(f"\n{found.sql}\n")


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The rule's name, such as paid-reviews.")],
    family: Annotated[
        str, typer.Option(help="What the rule is about, such as anchors.", metavar="FAMILY")
    ] = "own",
    folder: Annotated[
        Path, typer.Option("--dir", help="The folder to write to.", metavar="FOLDER")
    ] = Path("my-rules"),
    prefix: Annotated[
        str, typer.Option(help="The letters before the number of its id.", metavar="LETTERS")
    ] = "MY",
    config: ConfigFile = None,
) -> None:
    """Write a rule with its cases that works at once, to be changed line by line."""
    from backlint.lists import catalogue_dir
    from backlint.rules.catalog import read_rules
    from backlint.rules.scaffold import new_rule

    folders = [catalogue_dir(), *read_config(config).folders, folder]
    known, _ = read_rules([path for path in folders if path.is_dir()], check=())
    made = new_rule(name, folder, known, family, prefix)
    shipped = folder.resolve() == catalogue_dir().resolve()
    typer.echo(f"{made.rule}\n{made.cases}\n")
    typer.echo("What comes next:")
    typer.echo(f"1. Change the header and the SELECT of {made.rule.name}, line by line.")
    typer.echo(
        f"2. Change the cases in {made.cases.name}: a hit, a clean one, the boundary, and "
        "each innocent look-alike."
    )
    if shipped:
        typer.echo(f"3. Give {made.id} its points, with the reason, in points.toml.")
        typer.echo(
            "4. backlint rules check, backlint rules lock --catalogue, python docs/make_rules.py"
        )
    else:
        typer.echo(f"3. backlint rules check {folder}")
        typer.echo(f"4. backlint scan links.csv --rules {folder}")


@app.command()
def check(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of rules; else those of the configuration, or the catalogue."),
    ] = None,
    config: ConfigFile = None,
) -> None:
    """Validate rules: headers, parameters, portable SQL, column contract, all cases, the lock."""
    from backlint.cases import check_cases
    from backlint.lists import catalogue_dir
    from backlint.report.text import count
    from backlint.rules.catalog import is_own, read_rules
    from backlint.rules.lock import SHIPPED

    catalogue = catalogue_dir()
    found = folders or list(read_config(config).folders) or [catalogue]
    # the catalogue is read as well, for the ids and names that are taken
    everything, problems = read_rules([*found, catalogue], check=found)
    asked = {path.resolve() for path in found}
    rules = [
        rule
        for rule in everything
        if is_own(rule) or any(rule.path.resolve().is_relative_to(path) for path in asked)
    ]
    if not rules and not problems:
        raise RuleError("no rule files found; a rule is a file like MY001_my_rule.sql")
    if not problems:
        for rule in rules:
            problems += check_cases(rule)
        if not folders:
            _configured(config)  # overrides that fit no rule
            problems += _unlocked(read_config(config).lock, everything)
        if catalogue.resolve() in asked:
            shipped = [rule for rule in everything if not is_own(rule)]
            problems += _unlocked(catalogue / SHIPPED, shipped)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise RuleError(f"{count(len(problems), 'problem')} in {count(len(rules), 'rule')}")
    verb = "is" if len(rules) == 1 else "are"
    typer.echo(f"{count(len(rules), 'rule')} {verb} valid, and all cases hold")


@app.command()
def lock(
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Lock the shipped rules, in their own folder.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Write backlint.lock, the hashes of all rules, so that none changes unseen."""
    from backlint.files import write_atomic
    from backlint.lists import catalogue_dir
    from backlint.rules.catalog import load_rules
    from backlint.rules.lock import SHIPPED, differences, encode_lock, make_lock, read_lock

    path = catalogue_dir() / SHIPPED if catalogue else read_config(config).lock
    now = make_lock(load_rules(() if catalogue else read_config(config).folders))
    changes: list[str] = []
    if path.exists():
        try:
            changes = differences(read_lock(path), now)
        except RuleError as error:  # a broken or old lock is what this command mends
            changes = [str(error)]
    write_atomic(path, encode_lock(now))
    for change in changes:
        typer.echo(change)
    typer.echo(f"{path}: {len(now.rules)} rules locked, {len(changes)} changed since the last lock")


def _configured(config: Path | None, folders: list[Path] | None = None) -> "list[Rule]":
    """Return all rules, with the folders, unless given, and changes of the configuration."""
    from backlint.rules.catalog import load_rules
    from backlint.rules.overrides import override

    found = read_config(config)
    return override(load_rules(folders or found.folders), found.overrides)


def _mark(rule: "Rule") -> str:
    from backlint.rules.catalog import is_own

    return ", ".join([*(["own"] if is_own(rule) else []), *(["changed"] if rule.changed else [])])


def _unlocked(path: Path, rules: "Sequence[Rule]") -> list[str]:
    """Return what differs from a lock, where there is one."""
    from backlint.rules.lock import differences, make_lock, read_lock

    if not path.exists():
        return []
    found = differences(read_lock(path), make_lock(rules))
    return [f"{path}: {said}; when this is meant, run `backlint rules lock`" for said in found]
