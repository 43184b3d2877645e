"""Whole files or nothing: write to a temporary name beside the target, then rename."""

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
