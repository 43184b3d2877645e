"""What a file is: compression, kind, encoding, delimiter, header line, format."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Literal

import msgspec
import pyarrow as pa

from backlint.errors import InputError
from backlint.inputs.formats import (
    Format,
    apply_map,
    is_data,
    known_columns,
    match,
    no_header,
    unknown_header,
)

_HEAD = 256 * 1024
_HEADER_WITHIN = 20  # records: title line of Screaming Frog, preambles of older tools
_JSON_SAMPLE = 200  # lines that are searched for keys
_ENDS = ("source_url", "target_url")
_QUOTED = re.compile('"[^"]*"')
_JSON = re.compile(r'\s*(\{\s*["}]|\[\s*[\[{"])')

Kind = Literal["csv", "jsonl", "parquet", "graph"]
Compression = Literal["none", "gzip", "zstd"]
Encoding = Literal["utf-8", "utf-16"]
Mapped = Mapping[str, str] | None

# csv.reader refuses longer cells, and an unclosed quote makes one cell of the rest of a file
csv.field_size_limit(2**31 - 1)


class Detected(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one file. `columns` are in file order, `fields` map a field to its index.

    `header_line` counts the lines up to and with the header; `regular` says that the engine
    skips exactly these when told to, which it does not behind quotes that only Python takes.
    """

    path: Path
    kind: Kind
    format: Format
    columns: list[str]
    fields: dict[str, int]
    compression: Compression = "none"
    encoding: Encoding = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header_line: int = 0
    regular: bool = True
    mapped: bool = False

    @property
    def ignored(self) -> list[str]:
        """Columns that no field uses."""
        used = set(self.fields.values())
        return [name for index, name in enumerate(self.columns) if index not in used]


def open_binary(path: Path, compression: Compression) -> IO[bytes]:
    """Open a file for reading, decompressed; a damaged one raises OSError where it breaks."""
    if compression == "none":
        return path.open("rb")
    raw = path.open("rb")  # not by name: pyarrow cannot open a name that is not UTF-8
    return io.BufferedReader(pa.CompressedInputStream(raw, compression))


def one_line(error: Exception) -> str:
    """Return the first line of what a library says, for a message of ours."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def detect(path: Path, mapping: Mapped = None) -> Detected:
    """Return how to read a file, or raise InputError that names file, line and cure.

    A `mapping` (`--map`) applies to a file that has all of its columns.
    """
    magic = _magic(path)
    if magic == b"PAR1":
        return _parquet(path, mapping)
    if magic in (b"PK\x03\x04", b"PK\x05\x06"):
        raise InputError(f"{path}: is a zip or xlsx file. Unpack it, or save the sheet as CSV")
    compression = _compression(magic)
    encoding, text = _decode(_head(path, compression))
    if not text.strip():
        raise InputError(f"{path}: holds no text. Export it again; no data is not a clean profile")
    if _JSON.match(text):
        return _json_lines(path, text, compression, encoding, mapping)
    return _delimited(path, text, compression, encoding, mapping)


def peek(path: Path) -> tuple[Compression, str]:
    """Return how a text file is compressed and its first line; raises InputError as `detect`."""
    compression = _compression(_magic(path))
    _, text = _decode(_head(path, compression))
    return compression, (text.splitlines() or [""])[0]


def _compression(magic: bytes) -> Compression:
    if magic[:2] == b"\x1f\x8b":
        return "gzip"
    return "zstd" if magic == b"\x28\xb5\x2f\xfd" else "none"


def _magic(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise InputError(
                f"{path}: is a directory. Name the files in it, for example {path}/*.csv"
            )
        if not path.exists():
            raise InputError(
                f"{path}: no such file. Check the path; exports end in .csv, .tsv, .gz ..."
            )
        if not path.is_file():  # it is read more than once, which a pipe cannot be
            raise InputError(f"{path}: is no regular file. Save it as a file first")
        with path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}. Check its rights") from error
    if not magic:
        raise InputError(
            f"{path}: the file is empty. Export it again; no data is not a clean profile"
        )
    return magic


def _head(path: Path, compression: Compression) -> bytes:
    try:
        with open_binary(path, compression) as stream:
            return stream.read(_HEAD)
    except (OSError, pa.ArrowException) as error:
        raise InputError(
            f"{path}: is damaged and cannot be decompressed ({one_line(error)}). "
            "Export or download it again"
        ) from error


def _decode(head: bytes) -> tuple[Encoding, str]:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    return "utf-8", head.decode("utf-8-sig", errors="replace")


def _find(columns: list[str], mapping: Mapped) -> tuple[Format, dict[str, int], bool] | None:
    """Return format, fields and whether the mapping was used."""
    if mapping and (found := apply_map(mapping, columns)):
        return *found, True
    known = match(columns)
    return (*known, False) if known else None


def _delimited(
    path: Path, text: str, compression: Compression, encoding: Encoding, mapping: Mapped
) -> Detected:
    lines = io.StringIO(text, newline="").readlines()
    best: tuple[tuple[int, int, int, int], int, list[str]] | None = None
    for delimiter in (",", "\t", ";", "|"):
        reader = csv.reader(lines, delimiter=delimiter)
        for cells in itertools.islice(reader, _HEADER_WITHIN):
            columns = [cell.strip() for cell in cells]
            nul = any("\x00" in line for line in lines[: reader.line_num])  # UTF-16 without a mark
            if not nul and (found := _find(columns, mapping)):
                ends = [columns[found[1][end]] for end in _ENDS if end in found[1]]
                if found[2] and is_data(ends, least=1):  # its first link would be lost
                    raise no_header(path, reader.line_num, columns)
                return Detected(
                    path=path,
                    kind="csv",
                    format=found[0],
                    columns=columns,
                    fields=found[1],
                    compression=compression,
                    encoding=encoding,
                    delimiter=delimiter,
                    quote='"'
                    if delimiter != "\t" or _is_quoted(lines[reader.line_num :], len(columns))
                    else "",
                    header_line=reader.line_num,
                    regular=_is_regular(lines, reader.line_num, delimiter),
                    mapped=found[2],
                )
            rank = _likeness(columns, reader.line_num)
            if best is None or rank > best[0]:
                best = (rank, reader.line_num, columns)
    if "\x00" in text:
        raise InputError(
            f"{path}: is a binary file, not a text export. "
            "Export the links as CSV, TSV, JSON lines or Parquet"
        )
    _, line, columns = best or (None, 1, [])
    if is_data(columns):
        raise no_header(path, line, columns)
    raise unknown_header(path, line, columns, mapping)


def _likeness(columns: list[str], line: int) -> tuple[int, int, int, int]:
    """Rank rows as the header to be shown: known names, then two columns, then early, then many."""
    return known_columns(columns), min(len(columns), 2), -line, len(columns)


def _is_regular(lines: list[str], header_line: int, delimiter: str) -> bool:
    """Say whether the engine, told to skip the header and what is before it, skips just that.

    It does when these lines end like those behind them, and quote whole cells or nothing.
    """
    ends = {line[len(line.rstrip("\r\n")) :] for line in lines[: header_line + 2]} - {""}
    skipped = (line.rstrip("\r\n").split(delimiter) for line in lines[:header_line])
    cells = itertools.chain.from_iterable(skipped)
    return len(ends) <= 1 and all('"' not in cell or _QUOTED.fullmatch(cell) for cell in cells)


def _is_quoted(lines: list[str], columns: int) -> bool:
    """Say whether cells between tabs are quoted, or begin with a quotation mark of their own."""
    split = [line.rstrip("\r\n").split("\t") for line in lines]
    opened = [cell for row in split for cell in row if cell.startswith('"')]
    if not opened:
        return False
    try:
        for _ in csv.reader(lines, delimiter="\t", strict=True):
            pass
    except csv.Error:  # marks of their own, a damaged row, or a cell cut off by the end of the head
        quoted, unquoted = _fit(csv.reader(lines, delimiter="\t"), columns), _fit(split, columns)
        closed = sum(len(cell) > 1 and cell.endswith('"') for cell in opened)
        return quoted > unquoted or (quoted == unquoted and 2 * closed >= len(opened))
    return True


def _fit(rows: Iterable[list[str]], columns: int) -> tuple[int, int]:
    """Return how many rows are as wide as the header, and how many less are not."""
    widths = [len(row) == columns for row in rows if row]
    return sum(widths), sum(widths) - len(widths)


def _json_lines(
    path: Path, text: str, compression: Compression, encoding: Encoding, mapping: Mapped
) -> Detected:
    if text.lstrip().startswith("["):
        raise InputError(
            f"{path}:1: is one JSON array. Write one object a line (JSON lines), for example "
            "with: jq -c '.[]'"
        )
    columns: dict[str, None] = {}
    for line in io.StringIO(text, newline=None).readlines()[:_JSON_SAMPLE]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            columns.update(dict.fromkeys(row))
    names = list(columns)
    found = _find(names, mapping)
    if not names:
        raise InputError(
            f"{path}:1: looks like JSON but has no object on a line of its own. Write one object "
            "a line (JSON lines), for example with: jq -c ."
        )
    if not found:
        raise unknown_header(path, 1, names, mapping)
    return Detected(
        path=path,
        kind="jsonl",
        format=found[0],
        columns=names,
        fields=found[1],
        compression=compression,
        encoding=encoding,
        mapped=found[2],
    )


def _parquet(path: Path, mapping: Mapped) -> Detected:
    import pyarrow.parquet as pq

    try:
        with path.open("rb") as stream:
            names = list(pq.read_schema(stream).names)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: is a damaged Parquet file ({one_line(error)}). Export or download it again"
        ) from error
    found = _find(names, mapping)
    if not found:
        raise unknown_header(path, None, names, mapping)
    return Detected(
        path=path, kind="parquet", format=found[0], columns=names, fields=found[1], mapped=found[2]
    )
