"""A finished audit as commands read it: report.json, and the domains listed beside it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.errors import InputError
from backlint.files import did_you_mean

if TYPE_CHECKING:
    from backlint.findings import Audit

AUDIT = Path("backlint-audit")
AuditFolder = Annotated[Path, typer.Option(help="The folder of the audit.", metavar="FOLDER")]


def read_audit(path: Path) -> "Audit":
    """Return the audit of a folder or of its report.json; raises InputError where there is none."""
    from backlint.report.json import read_json

    report = path if path.is_file() else path / "report.json"
    if not report.exists():
        cure = did_you_mean(path) or (
            ". Run `backlint scan` first, or name the folder that it wrote"
        )
        raise InputError(f"{report}: no such audit{cure}")
    return read_json(report)


def listed_domains(folder: Path) -> "dict[str, str] | None":
    """Return every referring domain of an audit's folder with its evidence; None when unknown.

    Raises InputError when its domains.csv is damaged.
    """
    from backlint.report.csv import domain_names
    from backlint.saved import folder_of, listed

    with listed(folder_of(folder)) as data:
        return domain_names(data) if data else None
