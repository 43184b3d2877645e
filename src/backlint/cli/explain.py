"""`backlint explain`: why a domain, scheme or URL was judged as it was."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.errors import InputError


def explain(
    subject: Annotated[
        str, typer.Argument(help="A domain, a scheme's id or a URL.", metavar="DOMAIN|SCHEME|URL")
    ],
    audit: Annotated[Path, typer.Option(help="The folder of the audit.", metavar="FOLDER")] = Path(
        "backlint-audit"
    ),
) -> None:
    """Explain a verdict: the waterfall, the links, the policy clause, what would make it wrong."""
    from backlint.cli import console
    from backlint.report.console import render_explain
    from backlint.report.csv import domain_names
    from backlint.report.json import read_json

    report = audit / "report.json"
    if not report.exists():
        raise InputError(
            f"{report}: no such audit. Run `backlint scan` first, or name its folder with --audit"
        )
    listed = audit / "domains.csv"
    known = domain_names(listed.read_bytes()) if listed.exists() else []
    render_explain(read_json(report), subject, console.out(), known)
