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
    import csv

    from backlint.cli import console
    from backlint.report.console import render_explain
    from backlint.report.csv import domain_names, domain_signals
    from backlint.report.json import read_json

    report = audit / "report.json"
    if not report.exists():
        raise InputError(
            f"{report}: no such audit. Run `backlint scan` first, or name its folder with --audit"
        )
    listed = _listed(audit / "domains.csv")
    try:
        render_explain(
            read_json(report),
            subject,
            console.out(),
            domain_names(listed),
            lambda node: domain_signals(listed, node),
        )
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(
            f"{audit / 'domains.csv'}: is damaged ({error}). Run the scan again"
        ) from error


def _listed(path: Path) -> bytes:
    """Return domains.csv, which holds the referring domains without a finding too."""
    import csv

    csv.field_size_limit(2**31 - 1)  # an anchor may be longer than the module's own limit
    return path.read_bytes() if path.exists() else b""
