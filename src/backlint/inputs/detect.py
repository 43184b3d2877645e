"""What a file is: compression, kind, encoding, delimiter, header line, format."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

import msgspec
import pyarrow as pa

from backlint import urls
from backlint.errors import InputError
from backlint.inputs.formats import (
    Format,
    apply_map,
    formats,
    is_data,
    known_columns,
    match,
    no_header,
    unknown_header,
)
from backlint.inputs.sources import (
    JSON,
    Compression,
    Encoding,
    Source,
    compression_of,
    decode,
    head,
    one_line,
)

_HEADER_WITHIN = 20  # records: title line of Screaming Frog, preambles of older tools
_JSON_SAMPLE = 200  # lines that are searched for keys
_SHAPE_SAMPLE = 200  # rows that are looked at where the header says nothing
_ENDS = ("source_url", "target_url")
_QUOTED = re.compile('"[^"]*"')
_DATE = re.compile(r"\s*(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/. ]|\w{3,9}\.? \d)")

Kind = Literal["csv", "jsonl", "parquet", "graph"]
Mapped = Mapping[str, str] | None

# csv.reader refuses longer cells, and an unclosed quote makes one cell of the rest of a file
csv.field_size_limit(2**31 - 1)


class Detected(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one file. `columns` are in file order, `fields` map a field to its index.

    `header_line` counts the lines up to and with the header; `regular` says that the engine
    skips exactly these when told to, which it does not behind quotes that only Python takes;
    `by_shape` that no name of a column was known.
    """

    source: Source
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
    by_shape: bool = False

    @property
    def path(self) -> Path:
        """The file to read."""
        return self.source.path

    @property
    def confidence(self) -> float:
        """How sure the format is, 0 to 1: the share of the columns that it knows.

        What the user said is sure, and a guess by the shape of the rows is half sure.
        """
        if self.mapped:
            return 1.0
        known = known_columns(self.format, self.columns) / max(1, len(self.columns))
        return 0.5 if self.by_shape else round(known, 2)

    @property
    def ignored(self) -> list[str]:
        """Columns that no field uses."""
        used = set(self.fields.values())
        return [name for index, name in enumerate(self.columns) if index not in used]


def detect(source: Source, mapping: Mapped = None) -> Detected:
    """Return how to read a file, or raise InputError that names file, line and cure.

    A `mapping` (`--map`) applies to a file that has all of its columns.
    """
    try:
        with source.path.open("rb") as stream:
            magic = stream.read(4)
    except OSError as error:
        raise InputError(f"{source}: cannot be read: {error.strerror}. Check its rights") from error
    if not magic:
        raise InputError(
            f"{source}: the file is empty. Export it again; no data is not a clean profile"
        )
    if magic == b"PAR1":
        return _parquet(source, mapping)
    compression = compression_of(magic)
    encoding, text = decode(head(source, compression))
    if not text.strip():
        raise InputError(
            f"{source}: holds no text. Export it again; no data is not a clean profile"
        )
    if JSON.match(text):
        return _json_lines(source, text, compression, encoding, mapping)
    return _delimited(source, text, compression, encoding, mapping)


def _find(columns: list[str], mapping: Mapped) -> tuple[Format, dict[str, int], bool] | None:
    """Return format, fields and whether the mapping was used."""
    if mapping and (found := apply_map(mapping, columns)):
        return *found, True
    known = match(columns)
    return (*known, False) if known else None


def _delimited(
    source: Source, text: str, compression: Compression, encoding: Encoding, mapping: Mapped
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
                    raise no_header(source, reader.line_num, columns)
                return Detected(
                    source=source,
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
            f"{source}: is a binary file, not a text export. "
            "Export the links as CSV, TSV, JSON lines or Parquet"
        )
    _, line, columns = best or (None, 1, [])
    if shape := _by_shape(source, lines, compression, encoding):
        return shape
    if is_data(columns):
        raise no_header(source, line, columns)
    raise unknown_header(source, line, columns, mapping)


def _by_shape(
    source: Source, lines: list[str], compression: Compression, encoding: Encoding
) -> Detected | None:
    """Take a page and a date a row for Search Console's links, whatever language the header has."""
    for delimiter in (",", "\t", ";"):
        rows = list(itertools.islice(csv.reader(lines, delimiter=delimiter), _SHAPE_SAMPLE))
        header, rows = rows[0], [row for row in rows[1:] if row]
        hosts = {host for row in rows if (host := urls.url_host(row[0]))}
        if (
            len(header) == 2
            and not is_data(header, least=1)
            and len(hosts) >= min(3, len(rows)) >= 1
            and all(
                len(row) == 2 and urls.is_http_url(row[0]) and _DATE.match(row[1]) for row in rows
            )
        ):
            links = next(fmt for fmt in formats() if fmt.id == "search-console-latest-links")
            return Detected(
                source=source,
                kind="csv",
                format=links,
                columns=[cell.strip() for cell in header],
                fields={"source_url": 0, "last_seen": 1},
                compression=compression,
                encoding=encoding,
                delimiter=delimiter,
                header_line=1,
                regular=_is_regular(lines, 1, delimiter),
                by_shape=True,
            )
    return None


def _likeness(columns: list[str], line: int) -> tuple[int, int, int, int]:
    """Rank rows as the header to be shown: known names, then two columns, then early, then many."""
    known = max(known_columns(fmt, columns) for fmt in formats())
    return known, min(len(columns), 2), -line, len(columns)


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
    source: Source, text: str, compression: Compression, encoding: Encoding, mapping: Mapped
) -> Detected:
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
            f"{source}:1: looks like JSON but has no object on a line of its own. Write one object "
            "a line (JSON lines), for example with: jq -c ."
        )
    if not found:
        raise unknown_header(source, 1, names, mapping)
    return Detected(
        source=source,
        kind="jsonl",
        format=found[0],
        columns=names,
        fields=found[1],
        compression=compression,
        encoding=encoding,
        mapped=found[2],
    )


def _parquet(source: Source, mapping: Mapped) -> Detected:
    import pyarrow.parquet as pq

    try:
        with source.path.open("rb") as stream:
            names = list(pq.read_schema(stream).names)
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(
            f"{source}: is a damaged Parquet file ({one_line(error)}). Export or download it again"
        ) from error
    found = _find(names, mapping)
    if not found:
        raise unknown_header(source, None, names, mapping)
    return Detected(
        source=source,
        kind="parquet",
        format=found[0],
        columns=names,
        fields=found[1],
        mapped=found[2],
    )
