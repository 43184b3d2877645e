"""`backlint explain`: why a domain, scheme or URL was judged as it was."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.cli.audits import AUDIT, AuditFolder, listed, read_audit
from backlint.cli.config import config_file


def explain(
    subject: Annotated[
        str, typer.Argument(help="A domain, a scheme's id or a URL.", metavar="DOMAIN|SCHEME|URL")
    ],
    audit: AuditFolder = AUDIT,
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Explain a verdict: the waterfall, the links, the policy clause, what would make it wrong."""
    from backlint.cli import console
    from backlint.report.console import render_explain
    from backlint.report.csv import domain_names, domain_signals

    found = read_audit(audit)
    with listed(audit) as data:
        render_explain(
            found,
            subject,
            console.out(),
            domain_names(data),
            lambda node: domain_signals(data, node),
        )
