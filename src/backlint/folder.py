"""The folder of an audit: what it may take the place of, and how it gets there whole."""

import hashlib
import re
import shutil
from pathlib import Path

import msgspec

from backlint.errors import UsageError
from backlint.files import free_backup

_OWN = re.compile(
    r"report\.(html|json)|domains\.csv|audit\.duckdb(\.wal)?"
    r"|(disavow(-[\w.-]+)?\.txt|review\.(xlsx|csv))(\.bak(\.\d+)?)?"
)


class _Report(msgspec.Struct):
    tool: dict[str, str]
    files: dict[str, str] = {}


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

    Returns the backups of what somebody may have edited: old disavow files where the new ones are
    others, a review that is not as it was written. When the folder cannot be put there, the old
    one is, and the error goes on.
    """
    staging.chmod(0o755)
    if not place.exists():
        staging.replace(place)
        return []
    _refuse_others(place, out)  # once more: a scan takes its time
    written = _report(place / "report.json")
    backups = [_keep(place, staging, name, written) for name in _edited(place)]
    old = staging.with_name("replaced")
    try:
        place.replace(old)
        staging.replace(place)
    except BaseException:
        if old.exists() and not place.exists():
            old.replace(place)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return [out / backup.name for backup in backups if backup]


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
    return _report(report).tool.get("name") == "backlint"


def _report(path: Path) -> _Report:
    """Return what is asked of a report.json; of what is none, nothing."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Report)
    except (FileNotFoundError, UnicodeDecodeError, msgspec.DecodeError):
        return _Report({})


def _edited(place: Path) -> list[str]:
    """Return the names of the files that somebody may have edited, or that have backups."""
    found = [*place.glob("disavow*.txt*"), *place.glob("review.*")]
    return sorted({path.name.partition(".bak")[0] for path in found})


def _keep(place: Path, staging: Path, name: str, report: _Report) -> Path | None:
    """Copy what would be lost of a file and its backups; return the copy of the file, if any."""
    backups = sorted(place.glob(f"{name}.bak*"))
    for backup in backups:
        shutil.copy2(backup, staging)
    old, new = place / name, staging / name
    if not old.exists():
        return None
    data = old.read_bytes()
    if hashlib.sha256(data).hexdigest() == report.files.get(name):
        return None
    if any(data == known.read_bytes() for known in (new, *backups) if known.exists()):
        return None
    copy = free_backup(new)
    shutil.copy2(old, copy)
    return copy
