"""A review read back: review.xlsx or review.csv, sorted, widened or saved by other programs."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from backlint.errors import InputError

NEEDED = ("row", "id", "name", "decision", "reason", "audit")

_HEADER_WITHIN = 20  # rows: somebody may have written a title above
_DELIMITERS = ",;\t"
_CURE = "Give the review.xlsx or review.csv of the audit; columns may be moved, but not taken away"


class Line(NamedTuple):
    """The cells of one row that matter, as written; `number` is what a spreadsheet calls it."""

    number: int
    row: str
    id: str
    name: str
    decision: str
    reason: str
    audit: str


def read_review(path: Path) -> list[Line]:
    """Return the rows of a review below its header, blank ones left out.

    Raises InputError for a file that cannot be read or has not the columns of a review.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    sheets = _workbook(path, data) if data.startswith(b"PK") else _csv(path, data)
    for rows in sheets:
        for at, cells in enumerate(rows[:_HEADER_WITHIN]):
            names = [_folded(text) for text in cells]
            if {"row", "name", "decision"} <= set(names):
                return list(_lines(path, rows, at, names))
    if path.suffix.lower() == ".toml":
        raise InputError(f"{path}: is no review; a file of decisions is named by --remember")
    raise InputError(f"{path}: has no header of a review. {_CURE}")


def _lines(
    path: Path, rows: Sequence[Sequence[str]], header: int, names: Sequence[str]
) -> Iterator[Line]:
    for name in NEEDED:
        if names.count(name) != 1:
            how = "is missing" if name not in names else "stands there twice"
            raise InputError(f"{path}:{header + 1}: the column {name!r} {how}. {_CURE}")
    places = [names.index(name) for name in NEEDED]
    for number, cells in enumerate(rows[header + 1 :], header + 2):
        found = [cells[place].strip() if place < len(cells) else "" for place in places]
        if any(found):
            yield Line(number, *found)


def _workbook(path: Path, data: bytes) -> list[list[list[str]]]:
    """Return all sheets as rows of text, the one called Review first."""
    import fastexcel  # here, not above: a heavy library

    try:
        book = fastexcel.read_excel(data)
        names = sorted(book.sheet_names, key=lambda name: _folded(name) != "review")
        sheets = []
        for name in names:
            table = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
            sheets.append([[text or "" for text in row] for row in table.iter_rows()])
        return sheets
    except fastexcel.FastExcelError as error:
        said = str(error).partition("\n")[0]
        raise InputError(
            f"{path}: cannot be read as a workbook ({said}). Save it as .xlsx once more, without "
            "a password"
        ) from error


def _csv(path: Path, data: bytes) -> Iterator[list[list[str]]]:
    """Yield the rows by each delimiter that spreadsheets write."""
    text = _decoded(path, data)
    csv.field_size_limit(2**31 - 1)
    for delimiter in _DELIMITERS:
        try:
            yield list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise InputError(f"{path}: cannot be read as CSV ({error}). {_CURE}") from error


def _decoded(path: Path, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path}: is neither a workbook nor UTF-8 text. Save it as .xlsx or as “CSV UTF-8”"
        ) from error


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").split()).casefold()
