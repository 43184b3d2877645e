"""Put a disavow file on disk: whole, never over an older one by accident."""

from pathlib import Path

from backlint.disavow.plan import check_limits
from backlint.errors import DisavowError
from backlint.files import free_backup, write_atomic


def check_writable(path: Path, text: str, force: bool = False) -> bytes | None:
    """Return what the file holds now, if it is there; raises DisavowError as writing it would."""
    if path.suffix.lower() != ".txt":
        raise DisavowError(f"{path}: Google takes only files that end in .txt; rename the output")
    if not path.parent.is_dir():
        raise DisavowError(f"{path}: the folder {path.parent} does not exist; create it first")
    check_limits(text)
    if not path.exists():
        return None
    present = path.read_bytes()
    if present != text.encode() and not force:
        raise DisavowError(f"{path}: exists already; use --force to replace it")
    return present


def write_disavow(path: Path, text: str, force: bool = False) -> Path | None:
    """Write the text to a .txt file; return the backup of the file it replaced, if any.

    A file that exists is replaced only with `force`, after a copy was written beside it
    (`disavow.txt.bak`, then `.bak.1`, ...). Nothing is done when it holds the same already.
    Raises DisavowError when the file cannot or must not be written.
    """
    backup = None
    try:
        present = check_writable(path, text, force)
        if present == text.encode():
            return None
        if present is not None:
            backup = free_backup(path)
            write_atomic(backup, present)
        write_atomic(path, text)
    except OSError as error:
        raise DisavowError(f"{path}: cannot be written: {error.strerror or error}") from error
    return backup
