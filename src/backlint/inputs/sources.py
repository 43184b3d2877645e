"""What the user named, as files that can be read one by one.

Folders and patterns are opened up, standard input is saved, zip members are unpacked, sheets
become CSV, JSON documents become JSON lines: all in a scratch folder, under the names that the
user knows.
"""

import glob
import io
import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from backlint.errors import InputError
from backlint.files import did_you_mean
from backlint.findings import Skipped
from backlint.inputs.formats import match

Compression = Literal["none", "gzip", "zstd"]
Encoding = Literal["utf-8", "utf-16", "utf-16-le", "utf-16-be"]

HEAD = 256 * 1024

JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{"])')  # how objects and lists of them begin

# what may be an export, by the end of its name, where nobody named the file itself
_ENDINGS = {
    ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".xlsx", ".xls",
    ".zip", ".gz", ".zst",
}  # fmt: skip
_NO_EXPORT = "is no export, by the end of its name"
_AUDIT = "audit.duckdb"  # marks a folder that backlint wrote

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0"  # spreadsheets before 2007, and later ones with a password

_JSON_LINES_SEEN = 50  # lines that may show that each is an object
_JSON_EVENTS = 100_000  # parts of a document that are searched for its list of links
_REPORT = {"schema_version", "tool"}  # keys with which a report.json of ours begins
_JSON_DEPTH = 100  # levels of a document; an export has six
_MAX_CELLS = 100_000_000  # of a sheet, the empty ones as well: a million rows of 95 columns

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')


class Source(NamedTuple):
    """A file to be read, and the name under which the user knows it.

    `found` says that the user named a folder or an archive it was found in, so that it may turn
    out to be no export; `rows_are_lines` that a record is one line to the user, as in a sheet;
    `original` is what the fingerprint is taken of.
    """

    path: Path
    name: str
    original: Path
    found: bool = False
    rows_are_lines: bool = False

    def __str__(self) -> str:
        """Return the name, for messages."""
        return self.name


def one_line(error: BaseException) -> str:
    """Return the first line of what a library says, for a message of ours."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def passed_over(source: Source, error: InputError) -> Skipped:
    """Return why a file that nobody named is not read: the first sentence of the error."""
    said = str(error).removeprefix(source.name)
    where, _, why = said.partition(": ")
    line = f"line {where.removeprefix(':')}: " if where else ""
    return Skipped(path=source.name, reason=line + why.partition(". ")[0])


def shown(path: Path) -> str:
    """Return a path as text that every writer takes: a file name may be any bytes."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def expand(paths: Sequence[Path], scratch: Path) -> tuple[list[Source], list[Skipped]]:
    """Return the files behind what the user named, in order, and what is passed over.

    Raises InputError for what is missing, damaged or holds no file.
    """
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for path in paths:
        for named in _named(path, scratch, skipped):
            try:
                sources += _unpacked(named, scratch, skipped)
            except InputError as error:
                if not named.found:
                    raise
                skipped.append(
                    Skipped(path=named.name, reason=str(error).removeprefix(f"{named}: "))
                )
    if not sources:
        why = "; ".join(f"{each.path}: {each.reason}" for each in skipped)
        cure = why or "Name a folder or archive that holds exports"
        raise InputError(f"no file to read in {', '.join(map(shown, paths))}. {cure}")
    return sources, skipped


def _named(path: Path, scratch: Path, skipped: list[Skipped]) -> list[Source]:
    """Return the files that one argument stands for."""
    if str(path) == "-":
        return [_standard_input(scratch)]
    try:
        if path.is_dir():
            return _folder(path, skipped)
        if not path.exists():
            matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 any path
            if not matches:
                cure = did_you_mean(path) or (
                    ". Check the path; exports end in .csv, .tsv, .xlsx, .gz ..."
                )
                raise InputError(f"{shown(path)}: no such file{cure}")
            return [
                source
                for name in map(Path, matches)
                for source in (_folder(name, skipped) if name.is_dir() else [_file(name)])
            ]
        if not path.is_file():  # it is read more than once, which a pipe cannot be
            raise InputError(
                f"{shown(path)}: is no regular file. Save it as a file first, or pipe it in as -"
            )
    except OSError as error:
        raise _unreadable(path, error) from error
    return [_file(path)]


def _file(path: Path, found: bool = False) -> Source:
    return Source(path, shown(path), path, found)


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{shown(path)}: cannot be read: {error.strerror}. Check its rights")


def _standard_input(scratch: Path) -> Source:
    path = scratch / "standard-input"
    with path.open("wb") as out:
        shutil.copyfileobj(sys.stdin.buffer, out)
    return Source(path, "standard input", path)


def _folder(folder: Path, skipped: list[Skipped]) -> list[Source]:
    """Return what may be an export in a folder and those below it, by name."""
    files = []
    for place, folders, names in os.walk(folder):
        if _AUDIT in names:
            skipped.append(
                Skipped(path=shown(Path(place)), reason="is an audit that backlint wrote")
            )
            folders.clear()
            continue
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if name.startswith((".", "~$")):
                continue  # of the system, or the lock of an open workbook
            if path.suffix.lower() in _ENDINGS:
                files.append(_file(path, found=True))
            else:
                skipped.append(Skipped(path=shown(path), reason=_NO_EXPORT))
    return files


def _unpacked(source: Source, scratch: Path, skipped: list[Skipped]) -> list[Source]:
    """Return the tables in a file: itself, its members, its sheets, or its lines."""
    try:
        with source.path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise _unreadable(Path(source.name), error) from error
    if magic in _ZIP:
        return _archive(source, scratch, skipped)
    if magic == _OLE:
        return _sheets(source, scratch)
    compression = compression_of(magic)
    encoding, text = decode(head(source, compression))
    if JSON.match(text) and _is_document(text):
        return [_json_lines(source, compression, encoding, _new(scratch, ".jsonl"))]
    return [source]


def compression_of(magic: bytes) -> Compression:
    """Return how a file is packed, by its first four bytes."""
    if magic[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if magic == b"\x28\xb5\x2f\xfd" else "none"


def open_binary(path: Path, compression: Compression) -> IO[bytes]:
    """Open a file for reading, decompressed; a damaged one raises OSError where it breaks."""
    if compression == "none":
        return path.open("rb")
    raw = path.open("rb")  # not by name: pyarrow cannot open a name that is not UTF-8
    return io.BufferedReader(pa.CompressedInputStream(raw, compression))


def head(source: Source, compression: Compression) -> bytes:
    """Return the first bytes of a file, decompressed; raises InputError for a damaged one."""
    try:
        with open_binary(source.path, compression) as stream:
            return stream.read(HEAD)
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"{source}: is damaged and cannot be decompressed ({one_line(error)}). "
            "Export or download it again"
        ) from error


def peek(path: Path) -> tuple[Compression, str]:
    """Return how a text file is packed and its first line; raises InputError where it has none."""
    source = _file(path)
    if path.is_dir():
        raise InputError(f"{source}: is a directory. Name a file in it")
    if not path.exists():
        raise InputError(f"{source}: no such file{did_you_mean(path) or '. Check the path'}")
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise _unreadable(path, error) from error
    if not magic:
        raise InputError(f"{source}: the file is empty. Download it again")
    compression = compression_of(magic)
    _, text = decode(head(source, compression))
    return compression, (text.splitlines() or [""])[0]


def decode(data: bytes) -> tuple[Encoding, str]:
    """Return the encoding of a text by its mark, or by the zeros of UTF-16, and the text."""
    encoding: Encoding = "utf-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\x00" in data[:2]:
        even, odd = data[0:64:2], data[1:64:2]
        if all(odd) and not any(even):
            encoding = "utf-16-be"
        elif all(even) and not any(odd):
            encoding = "utf-16-le"
    if encoding == "utf-8":
        return encoding, data.decode("utf-8-sig", errors="replace")
    return encoding, data[: len(data) // 2 * 2].decode(encoding, errors="replace")


def _new(scratch: Path, ending: str) -> Path:
    """Return a name that is free in the scratch folder."""
    return scratch / f"unpacked-{len(list(scratch.iterdir()))}{ending}"


# --- archives and workbooks ----------------------------------------------------------------------


def _archive(source: Source, scratch: Path, skipped: list[Skipped]) -> list[Source]:
    """Return the members of a zip file, or the sheets of a workbook."""
    try:
        with zipfile.ZipFile(source.path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            size = sum(info.file_size for info in members)
            if size > shutil.disk_usage(scratch).free:
                raise InputError(
                    f"{source}: unpacks to {size >> 20:,} MB. Make room in {scratch.parent}, or "
                    "set TMPDIR"
                )
            if any(info.filename == "xl/workbook.xml" for info in members):
                _check_extent(source, archive, members)
                return _sheets(source, scratch)
            return _members(source, archive, members, scratch, skipped)
    except InputError:
        raise
    except Exception as error:  # each part of an archive may be damaged, each in its own way
        raise InputError(
            f"{source}: is a damaged archive ({one_line(error)}). Export or download it again"
        ) from error


def _check_extent(
    source: Source, archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo]
) -> None:
    """Raise InputError for a sheet whose cells lie so far apart that no memory holds the table."""
    for info in members:
        if not _SHEET.fullmatch(info.filename):
            continue
        rows = columns = 0
        rest = b""
        with archive.open(info) as packed:
            while block := packed.read(1 << 20):
                for letters, row in _CELL.findall(rest + block):
                    rows, columns = max(rows, int(row)), max(columns, _column(letters))
                rest = block[-64:]
        if rows * columns > _MAX_CELLS:
            raise InputError(
                f"{source}: the sheet reaches to row {rows:,} and column {columns:,}. Delete what "
                "is far from the table, or save it as CSV"
            )


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _members(
    source: Source,
    archive: zipfile.ZipFile,
    members: Sequence[zipfile.ZipInfo],
    scratch: Path,
    skipped: list[Skipped],
) -> list[Source]:
    found: list[Source] = []
    for info in members:
        name = f"{source}/{info.filename}"
        last = Path(info.filename).name
        ending = Path(last).suffix.lower()
        if last.startswith((".", "~$")) or info.filename.startswith("__MACOSX/"):
            continue
        if ending not in _ENDINGS or ending == ".zip":
            zipped = "is an archive in an archive; unpack it, and name the files in it"
            reason = zipped if ending == ".zip" else _NO_EXPORT
            skipped.append(Skipped(path=name, reason=reason))
            continue
        if info.flag_bits & 1:
            raise InputError(f"{source}: needs a password. Unpack it, and name the files in it")
        path = _new(scratch, ending)
        with archive.open(info) as packed, path.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
        member = Source(path, name, path, found=True)
        try:
            found += _unpacked(member, scratch, skipped)
        except InputError as error:
            skipped.append(passed_over(member, error))
    if not found:
        raise InputError(f"{source}: holds no file that may be an export")
    return found


def _sheets(source: Source, scratch: Path) -> list[Source]:
    """Write the sheets of a workbook as CSV files, a line a row."""
    import fastexcel  # here, not above: few inputs are workbooks

    sheets = []
    try:
        book = fastexcel.read_excel(source.path)
        for name in book.sheet_names:
            table = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
            if table.num_rows and table.num_columns:
                path = _new(scratch, ".csv")
                _write_rows(table, path)
                sheets.append((name, path))
    except fastexcel.FastExcelError as error:
        raise InputError(
            f"{source}: cannot be read as a workbook ({one_line(error)}). Save the sheet as CSV"
        ) from error
    if not sheets:
        raise InputError(f"{source}: the workbook is empty; no data is not a clean profile")
    if len(sheets) == 1:
        return [source._replace(path=sheets[0][1], rows_are_lines=True)]
    return [
        Source(path, f"{source}:{name}", source.original, found=True, rows_are_lines=True)
        for name, path in sheets
    ]


def _write_rows(table: pa.RecordBatch, path: Path) -> None:
    """Write a table without a header; rows without any cell become blank lines."""
    from pyarrow import csv

    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= np.asarray(column.is_valid())
    edges = np.flatnonzero(np.diff(filled.astype(np.int8))) + 1
    options = csv.WriteOptions(include_header=False)
    with path.open("wb") as out:
        for start, end in zip([0, *edges], [*edges, table.num_rows], strict=True):
            if filled[start]:
                csv.write_csv(table.slice(start, end - start), out, options)
            else:
                out.write(b"\n" * int(end - start))


# --- JSON documents ------------------------------------------------------------------------------


def _is_document(text: str) -> bool:
    """Say whether a text is one JSON document, and not an object a line."""
    if text.lstrip().startswith("["):
        return True
    rows: list[dict[str, Any]] = []
    for line in text.splitlines()[:_JSON_LINES_SEEN]:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and value:
            rows.append(value)
    return not rows or all(match(list(row)) is None and _has_objects(row) for row in rows)


def _has_objects(row: dict[str, Any]) -> bool:
    return any(
        isinstance(value, list) and any(isinstance(item, dict) for item in value)
        for value in row.values()
    )


def _json_lines(source: Source, compression: Compression, encoding: Encoding, path: Path) -> Source:
    """Write the list of links in a JSON document as one object a line."""
    import ijson  # here, not above: few inputs are JSON documents

    plain = path.with_suffix(".json")

    def events() -> Iterator[tuple[str, str, Any]]:
        with plain.open("rb") as stream:
            yield from _shallow(source, ijson.parse(stream))

    try:
        _write_plain(source, compression, encoding, plain)
        prefix = _list_of_links(source, events())
        with path.open("wb") as out:
            for item in ijson.items(events(), prefix):
                out.write(msgspec.json.encode(item) + b"\n")
    except (ijson.JSONError, UnicodeError) as error:
        said = error.args[0] if error.args else ""
        why = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
        raise InputError(
            f"{source}: is no whole JSON document ({one_line(ValueError(why))}). Export it again, "
            "or write one object a line (JSON lines)"
        ) from error
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"{source}: could not be read to its end ({one_line(error)}). "
            "Export or download it again"
        ) from error
    finally:
        plain.unlink(missing_ok=True)
    if not path.stat().st_size:
        raise InputError(f"{source}: the JSON document holds no objects in a list")
    return source._replace(path=path)


def _write_plain(source: Source, compression: Compression, encoding: Encoding, path: Path) -> None:
    """Write a text as UTF-8 without a mark."""
    with (
        io.TextIOWrapper(
            open_binary(source.path, compression),
            encoding="utf-8-sig" if encoding == "utf-8" else encoding,
        ) as text,
        path.open("w", encoding="utf-8", newline="") as out,
    ):
        shutil.copyfileobj(text, out, 1 << 20)


def _shallow(
    source: Source, events: Iterator[tuple[str, str, Any]]
) -> Iterator[tuple[str, str, Any]]:
    """Yield the events of a document; raises InputError where it is nested without an end."""
    depth = 0
    for prefix, event, value in events:
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if depth > _JSON_DEPTH:
            raise InputError(f"{source}: the JSON document is nested too deeply to be an export")
        yield prefix, event, value


def _list_of_links(source: Source, events: Iterator[tuple[str, str, Any]]) -> str:
    """Return the path of the list whose objects have the columns of a known export.

    Where none has, that of the first list of objects.
    """
    keys: dict[str, dict[str, None]] = {}
    top = set()
    for count, (prefix, event, value) in enumerate(events):
        if event == "map_key" and prefix == "":
            top.add(value)
            if top >= _REPORT:  # its evidence would come back as links
                raise InputError(
                    f"{source}: is a report of backlint, no export. Name the files it was made of"
                )
        if event == "map_key" and (prefix == "item" or prefix.endswith(".item")):
            keys.setdefault(prefix, {})[value] = None
        elif event == "end_map" and prefix in keys and match(list(keys[prefix])):
            return prefix
        if count > _JSON_EVENTS:
            break
    return next(iter(keys), "item")
