"""A finished audit as commands read it: report.json, and the domains listed beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
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


def folder_of(path: Path) -> Path:
    """Return the folder of an audit that was named by it or by its report.json."""
    return path.parent if path.is_file() else path


@contextmanager
def listed(folder: Path) -> Iterator[bytes]:
    """Give domains.csv of an audit's folder, empty without one.

    It holds the referring domains without a finding too. What reads it inside the block raises
    InputError when it is damaged.
    """
    import csv

    path = folder_of(folder) / "domains.csv"
    csv.field_size_limit(2**31 - 1)  # an anchor may be longer than the module's own limit
    try:
        yield path.read_bytes() if path.is_file() else b""
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is damaged ({error}). Run the scan again") from error


def listed_domains(folder: Path) -> "dict[str, str] | None":
    """Return every referring domain of an audit's folder with its evidence; None when unknown.

    Raises InputError when its domains.csv is damaged.
    """
    from backlint.report.csv import domain_names

    with listed(folder) as data:
        return domain_names(data) if data else None
