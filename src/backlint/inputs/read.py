"""Files into one table `staged`: typed, nothing dropped, unknown is NULL.

`staged` has one row for every record of every file: input_id, record (1-based), in_scope (NULL
for a record that is damaged), link_id (63 bits of a hash of source_url, target_url and anchor),
source_key, target_key (64 bits of a hash of the URL's lead), source_url, target_url, anchor, alt,
title, kind, placement, nofollow, ugc, sponsored, lost, first_seen, last_seen, and the columns of
the page (`cells.PAGE_COLUMNS`). Records that are not even rows of a table go to `broken`: input_id,
record or byte_offset (in what the engine read) or line (in the user's file), reason, raw.

A file is read once, and all that is asked of a cell is answered on the way: at ten million links
each further pass over the text costs as much as the reading [measured].
"""

import datetime
import errno
import hashlib
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TextIO

import duckdb
import polars as pl
import pyarrow as pa

from backlint import urls
from backlint.engine.duckdb import DuckEngine, literal, quote
from backlint.errors import InputError
from backlint.inputs import mend
from backlint.inputs.cells import (
    DATE_FIELDS,
    PAGE_COLUMNS,
    PAGE_NUMBERS,
    canonical,
    columns_of,
    host_part,
    key_of,
    lead_of,
)
from backlint.inputs.dates import drop_later_dates, settle_dates
from backlint.inputs.detect import Detected
from backlint.inputs.formats import FACT
from backlint.inputs.sources import one_line, open_binary

# the columns of `staged`, with what stands for one that a file does not have
_STAGED = {
    "in_scope": "true",
    **dict.fromkeys(("source_key", "target_key"), "CAST(NULL AS UBIGINT)"),
    **dict.fromkeys(
        ("link_id", "source_url", "target_url", "anchor", "alt", "title", "kind", "placement"),
        "CAST(NULL AS VARCHAR)",
    ),
    **dict.fromkeys(("nofollow", "ugc", "sponsored", "lost"), "CAST(NULL AS BOOLEAN)"),
    **dict.fromkeys(("first_seen", "last_seen"), "CAST(NULL AS DATE)"),
    **{name: f"CAST(NULL AS {PAGE_NUMBERS.get(name, 'VARCHAR')})" for name in PAGE_COLUMNS},
}


RAW_SHOWN = 2000  # characters of a rejected record that are kept

_MAX_RECORD = 16 * 1024 * 1024
_BATCH = 10_000
_BLOCK = 1 << 24

# what the engine calls a record that it could not take, and what we say to a person
_BROKEN = {
    "MISSING COLUMNS": "fewer cells than the header has columns",
    "TOO MANY COLUMNS": "more cells than the header has columns",
    "UNQUOTED VALUE": "a quotation mark is not closed, or text follows the closing one",
    "INVALID ENCODING": "is not valid UTF-8 text; save the file as UTF-8",
    "LINE SIZE OVER MAXIMUM": "is longer than 16 MB",
}

_BROKEN_SCHEMA = {
    "input_id": pl.Int32,
    "record": pl.Int64,
    "byte_offset": pl.Int64,
    "line": pl.Int64,
    "reason": pl.String,
    "raw": pl.String,
}


class View(NamedTuple):
    """What the engine reads: the file itself, or a copy of its records as plain UTF-8.

    `skip` lines of it come before the first record, `dropped` lines were left out of the copy.
    """

    path: Path
    skip: int
    dropped: int


# Reads a view into a table `staged_<input_id>`.
_Load = Callable[[DuckEngine, Detected, View, int, str], None]


def create_staging(engine: DuckEngine) -> None:
    """Create the empty table `broken`."""
    engine.register("broken", pl.DataFrame(schema=_BROKEN_SCHEMA))


def gather(engine: DuckEngine, inputs: int) -> None:
    """Make `staged` out of the files' own tables, which `drop_staged` drops with it."""
    parts = []
    for index in range(inputs):
        known = engine.columns(f"SELECT * FROM staged_{index}")
        columns = ", ".join(
            name if name in known else f"{default} AS {name}" for name, default in _STAGED.items()
        )
        # insertion order is file order, so the row id of a table is the record's number
        parts.append(
            f"SELECT {index} AS input_id, rowid + 1 AS record, {columns} FROM staged_{index}"
        )
    engine.run(f"CREATE OR REPLACE VIEW staged AS {' UNION ALL '.join(parts)}")


def drop_staged(engine: DuckEngine, inputs: int) -> None:
    """Drop `staged` and the tables under it."""
    engine.run("DROP VIEW staged")
    for index in range(inputs):
        engine.run(f"DROP TABLE staged_{index}")


def stage(
    engine: DuckEngine,
    source: Detected,
    input_id: int,
    site: str | None,
    scratch: Path,
    until: datetime.date | None = None,
) -> tuple[View, list[str]]:
    """Read one file into `staged_<input_id>`; return what was read and notes for the report.

    `site` stands in for the target in files that do not name one; copies go to the folder
    `scratch`. Dates after `until` cannot be and count as unknown. Raises InputError when the file
    needs a site and has none, or cannot be read to its end.
    """
    if source.format.needs_site and site is None:
        raise InputError(
            f"{source.source}:{source.header_line or 1}: {source.format.title} does not name the "
            "site that is linked to. Say it with --site example.com"
        )
    try:
        view = _load(engine, source, input_id, site, scratch)
    except duckdb.OutOfMemoryException:
        raise  # says nothing of the file
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        cure = "Export or download it again"
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            cure = f"Make room in {scratch.parent} for an unpacked copy, or set TMPDIR"
        raise InputError(
            f"{source.source}: could not be read to its end ({one_line(error)}). {cure}"
        ) from error
    table, notes = f"staged_{input_id}", []
    dates = [field for field in DATE_FIELDS if field in source.fields]
    for field in dates:
        notes += settle_dates(engine, table, field)
    notes += drop_later_dates(engine, table, dates, until) if until and dates else []
    answers = "rel" in source.fields and engine.value(
        f"SELECT count(*) FROM {table} WHERE rel_is_answer"
    )
    if answers:
        notes.append(
            f"{answers} values of rel are an answer such as true or 0, no link type, and count "
            "as unknown"
        )
    for field in [name for name in PAGE_NUMBERS if name in source.fields]:
        if unread := engine.value(f"SELECT count(*) FROM {table} WHERE {field}_unread"):
            notes.append(f"{unread} values of {field} are unreadable and count as unknown")
    if source.format.needs_site:
        notes.append("the linked page, anchors and rel are not in this file")
    for column in engine.columns(f"SELECT * FROM {table}").keys() - _STAGED.keys():
        if not column.startswith(FACT) and column != "lost_on":
            engine.run(f"ALTER TABLE {table} DROP COLUMN {column}")
    return view, notes


def _load(
    engine: DuckEngine, source: Detected, input_id: int, site: str | None, scratch: Path
) -> View:
    """Create `staged_<input_id>`, and add what is no record to `broken`."""
    columns = columns_of(source, site)
    if source.kind == "parquet":
        view = View(source.path, 0, 0)
        if not _is_utf8_name(source.path):
            view = View(scratch / f"{input_id}.parquet", 0, 0)
            shutil.copyfile(source.path, view.path)
        _load_parquet(engine, source, view, input_id, columns)
        return view
    copy = scratch / f"{input_id}.txt"
    if source.kind == "jsonl":
        return _load_text(engine, source, input_id, copy, _load_json_lines, columns)
    view = _load_text(engine, source, input_id, copy, _load_csv, columns)
    if source.quote and _may_have_swallowed(engine, source, view, input_id):
        copy.unlink(missing_ok=True)
        engine.run(f"DELETE FROM broken WHERE input_id = {input_id}")
        view = _mend(engine, source, input_id, copy)
        _load_csv(engine, source, view, input_id, columns)
    return view


def _load_text(
    engine: DuckEngine, source: Detected, input_id: int, copy: Path, load: _Load, columns: str
) -> View:
    """Load a text file as it lies where the engine can, else by way of a plain copy."""
    as_it_lies = source.compression == "none" and source.encoding == "utf-8" and source.regular
    if as_it_lies and _is_utf8_name(source.path):
        view = View(source.path, source.header_line, 0)
        try:
            load(engine, source, view, input_id, columns)
            return view
        except duckdb.InvalidInputException:
            pass  # line ends of two kinds, most likely: a copy has one kind only
    view = _copy(source, copy)
    load(engine, source, view, input_id, columns)
    return view


def _is_utf8_name(path: Path) -> bool:
    """Say whether the engine can be told the path: a file name may be any bytes."""
    try:
        str(path.absolute()).encode()
    except UnicodeEncodeError:
        return False
    return True


def open_text(source: Detected) -> TextIO:
    """Open a text file from its start: decompressed, decoded, with `\\n` as the only line end."""
    return io.TextIOWrapper(
        open_binary(source.path, source.compression),
        encoding="utf-8-sig" if source.encoding == "utf-8" else source.encoding,
        # bytes that are not UTF-8 go through unchanged, and the engine rejects their record
        errors="surrogateescape" if source.encoding == "utf-8" else "replace",
    )


def _copy(source: Detected, path: Path) -> View:
    """Write the records of a text file as plain UTF-8, without what stands before them.

    The engine takes damaged archives for whole, loses UTF-16 and stumbles over mixed line ends.
    """
    with (
        open_text(source) as text,
        path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        for _ in range(source.header_line):
            text.readline()
        shutil.copyfileobj(text, out, 1 << 20)
    return View(path, 0, source.header_line)


def _may_have_swallowed(engine: DuckEngine, source: Detected, view: View, input_id: int) -> bool:
    """Say whether a quotation mark may have made one record out of several lines.

    The engine says so where the next mark is out of place. Where it happens to fit, the record
    has a wrong number of cells, or rows of the table inside a cell.
    """
    kinds = ("UNQUOTED VALUE", "LINE SIZE OVER MAXIMUM")
    reasons = ", ".join(literal(_BROKEN[kind]) for kind in kinds)
    lines = "regexp_matches(rtrim(raw, chr(10) || chr(13)), '[\\r\\n]')"
    if engine.value(
        f"SELECT count(*) FROM broken WHERE input_id = {input_id} "
        f"AND (reason IN ({reasons}) OR {lines})"
    ):
        return True
    rows = engine.value(f"SELECT count(*) FROM staged_{input_id}")
    if _count_lines(view.path) == view.skip + rows:
        return False  # a line a record
    inside = literal(f"[\\r\\n][^\\r\\n]*[{source.delimiter}]")
    cells = " OR ".join(f"regexp_matches({field}, {inside})" for field in source.fields)
    return bool(engine.value(f"SELECT count(*) FROM ({_csv_rows(source, view)}) WHERE {cells}"))


def _count_lines(path: Path) -> int | None:
    """Return how many lines a file has, None where a line end of another kind stands alone."""
    feeds = returns = pairs = 0
    end = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            feeds += block.count(b"\n")
            if b"\r" in block or end == b"\r":
                returns += block.count(b"\r")
                pairs += block.count(b"\r\n") + (end == b"\r" and block.startswith(b"\n"))
            end = block[-1:]
    if returns not in (0, pairs) or pairs not in (0, feeds):
        return None
    return feeds + (end not in (b"\n", b""))


def _mend(engine: DuckEngine, source: Detected, input_id: int, path: Path) -> View:
    """Write a copy in which damaged lines are blank, and add these to `broken`."""
    damaged: list[tuple[int, str]] = []  # emptied now and then: a file may hold millions
    line = source.header_line + 1
    with (
        open_text(source) as text,
        path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        for _ in range(source.header_line):
            text.readline()
        for part in mend.parts(text, source.delimiter, _is_row(source), _MAX_RECORD):
            out.write("\n" if part.damaged else part.text)
            if part.damaged:
                raw = part.text.removesuffix("\n")[:RAW_SHOWN]
                damaged.append((line, raw.encode("utf-8", "replace").decode()))
            if len(damaged) == _BATCH:
                _add_damaged(engine, input_id, damaged)
                damaged.clear()
            line += part.text.count("\n")
    _add_damaged(engine, input_id, damaged)
    return View(path, 0, source.header_line)


def _add_damaged(engine: DuckEngine, input_id: int, damaged: list[tuple[int, str]]) -> None:
    schema = {"line": pl.Int64, "raw": pl.String}
    engine.register("damaged", pl.DataFrame(damaged, schema=schema, orient="row"))
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, NULL, NULL, line, "
        f"{literal(_BROKEN['UNQUOTED VALUE'])}, raw FROM damaged"
    )
    engine.run("DROP TABLE damaged")


def _is_row(source: Detected) -> Callable[[str], bool]:
    """Return a test whether a line by itself is a row: as wide as the header, with hosts."""
    ends = [source.fields[end] for end in ("source_url", "target_url") if end in source.fields]

    def is_row(line: str) -> bool:
        cells = mend.cells(line, source.delimiter)
        return len(cells) == len(source.columns) and all(urls.url_host(cells[end]) for end in ends)

    return is_row


def engine_path(path: Path) -> str:
    """Return a path as a SQL literal that names this very file, whatever its name looks like."""
    # absolute, or it might begin with `~` or a scheme; brackets, or it might be a pattern
    return literal(re.sub(r"[*?\[]", r"[\g<0>]", str(path.absolute())))


def _load_parquet(
    engine: DuckEngine, source: Detected, view: View, input_id: int, columns: str
) -> None:
    picked = ", ".join(
        f"CAST({quote(source.columns[index])} AS VARCHAR) AS {field}"
        for field, index in source.fields.items()
    )
    make_staged(
        engine,
        input_id,
        columns,
        f"SELECT {picked} FROM read_parquet({engine_path(view.path)}, hive_partitioning = false)",
    )


def _load_csv(
    engine: DuckEngine, source: Detected, view: View, input_id: int, columns: str
) -> None:
    make_staged(engine, input_id, columns, _csv_rows(source, view))


def _csv_rows(source: Detected, view: View) -> str:
    """Return the SELECT of a file's fields as text."""
    names = [f"c{index}" for index in range(len(source.columns))]
    picked = ", ".join(f"c{index} AS {field}" for field, index in source.fields.items())
    table = _text_table(view, names, source.delimiter, source.quote)
    return f"SELECT {picked} FROM {table}"


def _load_json_lines(
    engine: DuckEngine, source: Detected, view: View, input_id: int, columns: str
) -> None:
    # no text file has a unit separator, so each line is one cell
    table = _text_table(view, ["line"], "\x1f", "")
    # TRY, because a test before the test may run after it
    good = "coalesce(TRY(json_type(line)) = 'OBJECT', false)"
    keys = [source.columns[index] for index in source.fields.values()]
    pointers = ", ".join(literal(_json_pointer(key)) for key in keys)
    picked = ", ".join(f"cells[{n}] AS {field}" for n, field in enumerate(source.fields, start=1))
    make_staged(
        engine,
        input_id,
        columns,
        f"SELECT {picked}, damaged FROM (SELECT "
        f"CASE WHEN {good} THEN json_extract_string(line, [{pointers}]) END AS cells, "
        f"CASE WHEN NOT {good} THEN left(line, {RAW_SHOWN}) END AS damaged FROM {table})",
    )
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, rowid + 1, NULL, NULL, 'is not a JSON object', "
        f"damaged FROM staged_{input_id} WHERE damaged IS NOT NULL"
    )


def _json_pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _text_table(view: View, names: list[str], delimiter: str, quotation: str) -> str:
    """Return the table function that reads a text file, with every cell as text."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({engine_path(view.path)}, auto_detect = false, "
        f"header = false, skip = {view.skip}, delim = {literal(delimiter)}, "
        f"quote = {literal(quotation)}, escape = {literal(quotation)}, columns = {{{columns}}}, "
        "compression = 'none', hive_partitioning = false, nullstr = chr(1), "
        f"store_rejects = true, null_padding = false, max_line_size = {_MAX_RECORD})"
    )


def make_staged(engine: DuckEngine, input_id: int, columns: str, records: str) -> None:
    """Create `staged_<input_id>` from the records, and add what is no record to `broken`."""
    for table in ("reject_errors", "reject_scans"):  # or they would hold those of earlier files
        engine.run(f"DROP TABLE IF EXISTS {table}")
    engine.materialise(
        f"staged_{input_id}",
        f"SELECT CAST(hash({canonical('source_url', 'source_host')}, "
        f"{canonical('target_url', 'target_host')}, anchor) >> 1 AS BIGINT) AS link_id, "
        f"{key_of('source_url', 'source_host')} AS source_key, "
        f"{key_of('target_url', 'target_host')} AS target_key, "
        "* EXCLUDE (source_host, target_host) FROM (SELECT *, "
        f"{host_part('source_url')} AS source_host, {host_part('target_url')} AS target_host "
        f"FROM (SELECT {columns} FROM ({records})))",
    )
    if not engine.value(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'reject_errors'"
    ):
        return  # only files of text have rejects
    reasons = " ".join(
        f"WHEN {literal(kind)} THEN {literal(reason)}" for kind, reason in _BROKEN.items()
    )
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, NULL, line_byte_position - 1, NULL, "
        f"min(CASE CAST(error_type AS VARCHAR) {reasons} ELSE error_message END), "
        f"left(ltrim(any_value(csv_line), chr(10) || chr(13)), {RAW_SHOWN}) "
        "FROM reject_errors GROUP BY line_byte_position"
    )


def number_leads(engine: DuckEngine, inputs: int) -> None:
    """Make every key the number of its lead, where two leads turned out to have one hash."""
    ends = ("source", "target")
    leads = " UNION ".join(f"SELECT {lead_of(f'{end}_url')} AS lead FROM staged" for end in ends)
    engine.materialise(
        "numbered", f"SELECT lead, row_number() OVER (ORDER BY lead) AS key FROM ({leads})"
    )
    for index in range(inputs):
        for end in ends:
            engine.run(
                f"UPDATE staged_{index} SET {end}_key = key FROM numbered "
                f"WHERE lead IS NOT DISTINCT FROM {lead_of(f'{end}_url')}"
            )
    engine.run("DROP TABLE numbered")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
