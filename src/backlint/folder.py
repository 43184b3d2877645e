"""The folder of an audit: what it may take the place of, and how it gets there whole."""

import re
import shutil
from pathlib import Path

import msgspec

from backlint.errors import UsageError
from backlint.files import free_backup

_OWN = re.compile(
    r"report\.(html|json)|domains\.csv|audit\.duckdb(\.wal)?|disavow(-[\w.-]+)?\.txt(\.bak(\.\d+)?)?"
)


class _Report(msgspec.Struct):
    tool: dict[str, str]


def check_out(out: Path) -> Path:
    """Return the folder to write as an absolute path without links, before any work is done.

    Raises UsageError when it cannot be used, or holds anything that is not an audit's.
    """
    place = _absolute(out)
    here = Path.cwd()
    if place == here or place in here.parents:
        raise UsageError(
            f"--out {out}: is the current folder or one above it, which cannot be replaced; "
            "name a folder in it"
        )
    if place.exists() and not place.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    if not place.parent.is_dir():
        raise UsageError(f"--out {out}: the folder {out.parent} does not exist; create it first")
    _refuse_others(place, out)
    return place


def replace(staging: Path, place: Path, out: Path) -> list[Path]:
    """Put the finished folder in place of an earlier audit: rename, never write into it.

    Returns the backups of old disavow files, which somebody may have edited, where the new ones
    are others. When the folder cannot be put there, the old one is, and the error goes on.
    """
    staging.chmod(0o755)
    if not place.exists():
        staging.replace(place)
        return []
    _refuse_others(place, out)  # once more: a scan takes its time
    backups = _keep_disavow(place, staging)
    old = staging.with_name("replaced")
    try:
        place.replace(old)
        staging.replace(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.replace(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return [out / backup.name for backup in backups]


def _absolute(out: Path) -> Path:
    """Return a path without links, so that a link to a folder stays one when that is replaced."""
    try:
        place = out.resolve()
    except (OSError, RuntimeError):  # until Python 3.12; later ones leave the link as it is
        place = out
    if place.is_symlink():
        raise UsageError(f"--out {out}: is a link that leads to itself; name a folder")
    return place


def _refuse_others(place: Path, out: Path) -> None:
    """Raise UsageError when a folder holds what no audit wrote: all of it would be deleted."""
    entries = sorted(place.iterdir()) if place.is_dir() else []
    for entry in entries:
        if not (_OWN.fullmatch(entry.name) and entry.is_file()):
            raise UsageError(
                f"--out {out}: the folder holds other files, such as {entry.name!r}; "
                "name a new or an audit's folder"
            )
    if entries and not _is_audit(place / "report.json"):
        raise UsageError(
            f"--out {out}: the folder holds no report.json of backlint; "
            "name a new or an audit's folder"
        )


def _is_audit(report: Path) -> bool:
    try:
        return msgspec.json.decode(report.read_bytes(), type=_Report).tool["name"] == "backlint"
    except (FileNotFoundError, KeyError, UnicodeDecodeError, msgspec.DecodeError):
        return False


def _keep_disavow(place: Path, staging: Path) -> list[Path]:
    """Copy what would be lost of the old disavow files; return the copies of the last ones."""
    for backup in place.glob("disavow*.txt.bak*"):
        shutil.copy2(backup, staging)
    copies = []
    for old in sorted(place.glob("disavow*.txt")):
        text = old.read_bytes()
        new = staging / old.name
        backups = staging.glob(f"{old.name}.bak*")
        if any(text == known.read_bytes() for known in (new, *backups) if known.exists()):
            continue
        copies.append(free_backup(new))
        shutil.copy2(old, copies[-1])
    return copies
