"""`backlint diff`: what changed between two audits."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.cli.audits import listed_domains, read_audit

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
