"""`backlint diff`: what changed between two audits."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.errors import InputError

if TYPE_CHECKING:
    from backlint.findings import Audit


SHOWN = 12  # lines of a list


def diff(
    old: Annotated[Path, typer.Argument(help="The earlier audit's folder.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The later audit's folder.", metavar="NEW")],
    show_all: Annotated[bool, typer.Option("--all", help="Cut no list short.")] = False,
) -> None:
    """Tell what changed between two audits: schemes, verdicts and the rules that ran."""
    from backlint.cli import console
    from backlint.report.changes import compare
    from backlint.report.console import render_changes

    before, after = read_audit(old), read_audit(new)
    changes = compare(before, after, listed_domains(new))
    render_changes(before, after, changes, console.out(), None if show_all else SHOWN)


def read_audit(path: Path) -> "Audit":
    """Return the audit of a folder or report.json; raises InputError where there is none."""
    from backlint.report.json import read_json

    report = path / "report.json" if path.is_dir() else path
    if not report.exists():
        raise InputError(
            f"{report}: no such audit. Name a folder that `backlint scan` wrote, or its report"
        )
    return read_json(report)


def listed_domains(path: Path) -> "dict[str, str] | None":
    """Return every referring domain of an audit's folder with its evidence; None when unknown.

    Raises InputError when its domains.csv is damaged.
    """
    import csv

    from backlint.report.csv import domain_names

    listed = path / "domains.csv"
    if not listed.is_file():
        return None
    csv.field_size_limit(2**31 - 1)  # an anchor may be longer than the module's own limit
    try:
        return domain_names(listed.read_bytes())
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{listed}: is damaged ({error}). Run the scan again") from error
