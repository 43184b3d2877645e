"""Whole files or nothing: write to a temporary name beside the target, then rename."""

import difflib
import os
import tempfile
from itertools import chain, count
from pathlib import Path


def write_atomic(path: Path, data: bytes | str) -> None:
    """Write data to path so that a crash leaves the old file or the new one, never a half.

    Text is written as UTF-8 without BOM and with LF ends. Raises OSError as the system does.
    """
    if isinstance(data, str):
        data = data.encode()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def free_backup(path: Path) -> Path:
    """Return the first of `NAME.bak`, `NAME.bak.1`, ... beside a file that is not there yet."""
    first = path.with_name(f"{path.name}.bak")
    numbered = (path.with_name(f"{path.name}.bak.{number}") for number in count(1))
    return next(backup for backup in chain([first], numbered) if not backup.exists())


def did_you_mean(path: Path) -> str:
    """Return `; did you mean NAME?` for what is not there; empty where nothing comes near."""
    try:
        names = [] if path.exists() else [each.name for each in path.parent.iterdir()]
    except OSError:
        return ""
    told = [name for name in names if name.isprintable() and not name.startswith(".")]
    found = difflib.get_close_matches(path.name, told, 1, cutoff=0.75)
    return f"; did you mean {path.with_name(found[0])}?" if found else ""
