"""`backlint explain`: why a domain, scheme or URL was judged as it was."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.cli.config import config_file
from backlint.errors import InputError


def explain(
    subject: Annotated[
        str, typer.Argument(help="A domain, a scheme's id or a URL.", metavar="DOMAIN|SCHEME|URL")
    ],
    audit: Annotated[Path, typer.Option(help="The folder of the audit.", metavar="FOLDER")] = Path(
        "backlint-audit"
    ),
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Explain a verdict: the waterfall, the links, the policy clause, what would make it wrong."""
    from backlint.cli import console
    from backlint.report.console import render_explain
    from backlint.report.json import read_json

    report = audit / "report.json"
    if not report.exists():
        raise InputError(
            f"{report}: no such audit. Run `backlint scan` first, or name its folder with --audit"
        )
    render_explain(read_json(report), subject, console.out(), _domains(audit / "domains.csv"))


def _domains(path: Path) -> dict[str, str]:
    """Return all referring domains of an audit, those without a finding too, with the evidence."""
    import csv

    from backlint.report.csv import domain_names

    if not path.exists():
        return {}
    csv.field_size_limit(2**31 - 1)  # an anchor may be longer than the module's own limit
    try:
        return domain_names(path.read_bytes())
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is damaged ({error}). Run the scan again") from error
