"""`backlint explain`: why a domain, scheme or URL was judged as it was."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.cli.audits import AUDIT, AuditFolder, read_audit
from backlint.cli.config import config_file
from backlint.errors import BacklintError


def _known(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the schemes and domains of the audit that a word may become, gravest first."""
    from backlint.report.model import domains_sorted, schemes_sorted

    try:
        found = read_audit(Path(ctx.params.get("audit") or AUDIT))
    except (BacklintError, OSError):
        return []
    names = [scheme.id for scheme in schemes_sorted(found)]
    names += [result.domain for result in domains_sorted(found)]
    return [name for name in names if name.startswith(incomplete)]


def explain(
    subject: Annotated[
        str,
        typer.Argument(
            help="A domain, a scheme's id or a URL.",
            metavar="DOMAIN|SCHEME|URL",
            autocompletion=_known,
        ),
    ],
    audit: AuditFolder = AUDIT,
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Explain a verdict: the waterfall, the links, the policy clause, what would make it wrong."""
    from backlint.cli import console
    from backlint.report.console import render_explain
    from backlint.report.csv import domain_names, domain_signals
    from backlint.saved import folder_of, listed

    found = read_audit(audit)
    with listed(folder_of(audit)) as data:
        render_explain(
            found,
            subject,
            console.out(),
            domain_names(data),
            lambda node: domain_signals(data, node),
        )
