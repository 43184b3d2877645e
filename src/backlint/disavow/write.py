"""Put a disavow file on disk: whole, never over an older one by accident."""

from pathlib import Path

from backlint.disavow.plan import check_limits
from backlint.errors import DisavowError
from backlint.files import free_backup, write_atomic


def check_writable(path: Path, text: str, force: bool = False) -> None:
    """Raise DisavowError as `write_disavow` would, and write nothing."""
    if path.suffix.lower() != ".txt":
        raise DisavowError(f"{path}: Google takes only files that end in .txt; rename the output")
    check_limits(text)
    _check_place(path, text.encode(), force)


def write_disavow(path: Path, text: str, force: bool = False) -> Path | None:
    """Write the text to a .txt file; return the backup of the file it replaced, if any.

    A file that exists is replaced only with `force`, after a copy was written beside it
    (`disavow.txt.bak`, then `.bak.1`, ...). Nothing is done when it holds the same already.
    Raises DisavowError when the file cannot or must not be written.
    """
    check_writable(path, text, force)
    return put(path, text.encode(), force)


def put(path: Path, data: bytes, force: bool = False) -> Path | None:
    """Write a file whole; return the backup of the one it replaced, as `write_disavow` does."""
    _check_place(path, data, force)
    backup = None
    try:
        if stands_in_the_way(path, data):
            backup = free_backup(path)
            write_atomic(backup, path.read_bytes())
        elif path.exists():
            return None
        write_atomic(path, data)
    except OSError as error:
        if backup is not None:  # the file itself still stands
            backup.unlink(missing_ok=True)
        raise DisavowError(f"{path}: cannot be written: {error.strerror or error}") from error
    return backup


def stands_in_the_way(path: Path, data: bytes) -> bool:
    """Say whether another file is there already."""
    return path.exists() and path.read_bytes() != data


def _check_place(path: Path, data: bytes, force: bool) -> None:
    """Raise DisavowError where the folder is missing, or a file would be replaced without force."""
    if not path.parent.is_dir():
        raise DisavowError(f"{path}: the folder {path.parent} does not exist; create it first")
    try:
        taken = stands_in_the_way(path, data)
    except OSError as error:
        raise DisavowError(f"{path}: cannot be written: {error.strerror or error}") from error
    if taken and not force:
        raise DisavowError(f"{path}: exists already; use --force to replace it")
