"""Files into one table `staged`: typed, nothing dropped, unknown is NULL.

`staged` has one row for every record of every file: input_id, record (1-based), in_scope,
source_url, target_url, anchor, alt, title, kind, placement, nofollow, ugc, sponsored, lost,
first_seen, last_seen. Records that are not even rows of a table go to `broken`: input_id, record
or byte_offset (in what the engine read) or line (in the user's file), reason, raw.
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
from backlint.inputs.detect import Detected, one_line, open_binary

TEXT_FIELDS = ("source_url", "target_url", "anchor", "alt", "title", "kind", "placement")

_TRUE = ("true", "t", "1", "yes", "y", "x")
_FALSE = ("false", "f", "0", "no", "n")
# words that say the same as true or false in a column of that name
_SAYS = {
    "nofollow": (("nofollow",), ("follow", "dofollow")),
    "follow": (("follow", "dofollow"), ("nofollow",)),
    "ugc": (("ugc",), ()),
    "sponsored": (("sponsored",), ()),
    "lost": (("lost", "deleted", "removed"), ("live", "active")),
}

# the tokens of a rel attribute, also as people write them: "No Follow", "no-follow", "no_follow"
_TOKENS = {"nofollow": "no[ _-]?follow", "ugc": "ugc", "sponsored": "sponsored"}

# an answer in a rel column is no link type, and does not say what the question was
_IS_ANSWER = f"lower(trim(rel)) IN ({', '.join(map(literal, (*_TRUE, *_FALSE)))})"

RAW_SHOWN = 2000  # characters of a rejected record that are kept

_MAX_RECORD = 16 * 1024 * 1024
_BATCH = 10_000

# what the engine calls a record that it could not take, and what we say to a person
_BROKEN = {
    "MISSING COLUMNS": "fewer cells than the header has columns",
    "TOO MANY COLUMNS": "more cells than the header has columns",
    "UNQUOTED VALUE": "a quotation mark is not closed, or text follows the closing one",
    "INVALID ENCODING": "is not valid UTF-8 text",
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


_Load = Callable[[DuckEngine, Detected, View, int], None]


def create_staging(engine: DuckEngine) -> None:
    """Create the empty tables `staged` and `broken`."""
    engine.run(
        "CREATE OR REPLACE TABLE staged (input_id INTEGER, record BIGINT, in_scope BOOLEAN, "
        "source_url VARCHAR, target_url VARCHAR, anchor VARCHAR, alt VARCHAR, title VARCHAR, "
        "kind VARCHAR, placement VARCHAR, nofollow BOOLEAN, ugc BOOLEAN, sponsored BOOLEAN, "
        "lost BOOLEAN, first_seen DATE, last_seen DATE)"
    )
    engine.register("broken", pl.DataFrame(schema=_BROKEN_SCHEMA))


def stage(
    engine: DuckEngine,
    source: Detected,
    input_id: int,
    site: str | None,
    scratch: Path,
    until: datetime.date | None = None,
) -> tuple[View, list[str]]:
    """Append the records of one file to `staged`; return what was read and notes for the report.

    `site` stands in for the target in files that do not name one; copies go to the folder
    `scratch`. Dates after `until` cannot be and count as unknown. Raises InputError when the file
    needs a site and has none, or cannot be read to its end.
    """
    if source.format.needs_site and site is None:
        raise InputError(
            f"{source.path}:{source.header_line or 1}: {source.format.title} does not name the "
            "site that is linked to. Say it with --site example.com"
        )
    try:
        view = _load_raw(engine, source, input_id, scratch)
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        cure = "Export or download it again"
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            cure = f"Make room in {scratch.parent} for an unpacked copy, or set TMPDIR"
        raise InputError(
            f"{source.path}: could not be read to its end ({one_line(error)}). {cure}"
        ) from error
    notes = []
    dates: dict[str, str] = {}
    for field in ("first_seen", "last_seen"):
        if field in source.fields:
            dates[field], note = _date_expression(engine, field)
            notes += [note] if note else []
    engine.run(
        f"INSERT INTO staged SELECT {input_id}, {_columns(source, dates, site)} FROM raw_file"
    )
    for field, expression in dates.items():
        unreadable = engine.value(
            f"SELECT count(*) FROM raw_file WHERE trim({field}) <> '' AND {expression} IS NULL"
        )
        if unreadable:
            notes.append(f"{unreadable} values of {field} are unreadable and count as unknown")
    notes += _drop_later_dates(engine, input_id, until) if until and dates else []
    if "rel" in source.fields:
        answers = engine.value(f"SELECT count(*) FROM raw_file WHERE {_IS_ANSWER}")
        if answers:
            notes.append(
                f"{answers} values of rel are an answer such as true or 0, no link type, and count "
                "as unknown"
            )
    if source.format.needs_site:
        notes.append("the linked page, anchors and rel are not in this file")
    engine.run("DROP TABLE raw_file")
    return view, notes


def _drop_later_dates(engine: DuckEngine, input_id: int, until: datetime.date) -> list[str]:
    """Make the dates after a day unknown: one slip of a key would date the whole audit."""
    last = f"DATE '{until.isoformat()}'"
    later = f"input_id = {input_id} AND (first_seen > {last} OR last_seen > {last})"
    rows = engine.value(f"SELECT count(*) FROM staged WHERE {later}")
    if not rows:
        return []
    kept = ", ".join(
        f"{field} = CASE WHEN {field} <= {last} THEN {field} END"
        for field in ("first_seen", "last_seen")
    )
    engine.run(f"UPDATE staged SET {kept} WHERE {later}")
    return [f"rows with a date after {until}, which cannot be and counts as unknown: {rows}"]


def _load_raw(engine: DuckEngine, source: Detected, input_id: int, scratch: Path) -> View:
    """Create `raw_file`: record and one text column a field."""
    if source.kind == "parquet":
        view = View(source.path, 0, 0)
        if not _is_utf8_name(source.path):
            view = View(scratch / f"{input_id}.parquet", 0, 0)
            shutil.copyfile(source.path, view.path)
        _load_parquet(engine, source, view)
        return view
    copy = scratch / f"{input_id}.txt"
    if source.kind == "jsonl":
        return _load_text(engine, source, input_id, copy, _load_json_lines)
    view = _load_text(engine, source, input_id, copy, _load_csv)
    if source.quote and _may_have_swallowed(engine, source, input_id):
        copy.unlink(missing_ok=True)
        engine.run(f"DELETE FROM broken WHERE input_id = {input_id}")
        view = _mend(engine, source, input_id, copy)
        _load_csv(engine, source, view, input_id)
    return view


def _load_text(
    engine: DuckEngine, source: Detected, input_id: int, copy: Path, load: _Load
) -> View:
    """Load a text file as it lies where the engine can, else by way of a plain copy."""
    as_it_lies = source.compression == "none" and source.encoding == "utf-8" and source.regular
    if as_it_lies and _is_utf8_name(source.path):
        view = View(source.path, source.header_line, 0)
        try:
            load(engine, source, view, input_id)
            return view
        except duckdb.InvalidInputException:
            pass  # line ends of two kinds, most likely: a copy has one kind only
    view = _copy(source, copy)
    load(engine, source, view, input_id)
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
        encoding="utf-8-sig" if source.encoding == "utf-8" else "utf-16",
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


def _may_have_swallowed(engine: DuckEngine, source: Detected, input_id: int) -> bool:
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
    inside = literal(f"[\\r\\n][^\\r\\n]*[{source.delimiter}]")
    cells = " OR ".join(f"regexp_matches({field}, {inside})" for field in source.fields)
    return bool(engine.value(f"SELECT count(*) FROM raw_file WHERE {cells}"))


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


def _load_parquet(engine: DuckEngine, source: Detected, view: View) -> None:
    picked = ", ".join(
        f"CAST({quote(source.columns[index])} AS VARCHAR) AS {field}"
        for field, index in source.fields.items()
    )
    engine.materialise(
        "raw_file",
        f"SELECT file_row_number + 1 AS record, {picked} "
        f"FROM read_parquet({engine_path(view.path)}, hive_partitioning = false)",
    )


def _load_csv(engine: DuckEngine, source: Detected, view: View, input_id: int) -> None:
    names = [f"c{index}" for index in range(len(source.columns))]
    picked = ", ".join(f"c{index} AS {field}" for field, index in source.fields.items())
    _read_text(engine, view, input_id, names, picked, source.delimiter, source.quote)
    # insertion order is file order, so the row id of the table is the record's number
    engine.materialise("raw_file", "SELECT rowid + 1 AS record, * FROM raw_text")
    engine.run("DROP TABLE raw_text")


def _load_json_lines(engine: DuckEngine, source: Detected, view: View, input_id: int) -> None:
    # no text file has a unit separator, so each line is one cell
    _read_text(engine, view, input_id, ["line"], "line", "\x1f", "")
    # TRY, because a test before the test may run after it
    good = "coalesce(TRY(json_type(line)) = 'OBJECT', false)"
    keys = [source.columns[index] for index in source.fields.values()]
    pointers = ", ".join(literal(_json_pointer(key)) for key in keys)
    picked = ", ".join(f"cells[{n}] AS {field}" for n, field in enumerate(source.fields, start=1))
    engine.materialise(
        "raw_file",
        f"SELECT record, {picked} FROM (SELECT rowid + 1 AS record, "
        f"json_extract_string(line, [{pointers}]) AS cells FROM raw_text WHERE {good})",
    )
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, rowid + 1, NULL, NULL, 'is not a JSON object', "
        f"left(line, {RAW_SHOWN}) FROM raw_text WHERE NOT {good}"
    )
    engine.run("DROP TABLE raw_text")


def _json_pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _read_text(
    engine: DuckEngine,
    view: View,
    input_id: int,
    names: list[str],
    picked: str,
    delimiter: str,
    quotation: str,
) -> None:
    """Create `raw_text` with one row a record, and add those that are no rows to `broken`."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    for table in ("reject_errors", "reject_scans"):  # or they would hold those of earlier files
        engine.run(f"DROP TABLE IF EXISTS {table}")
    engine.materialise(
        "raw_text",
        f"SELECT {picked} FROM read_csv({engine_path(view.path)}, auto_detect = false, "
        f"header = false, skip = {view.skip}, delim = {literal(delimiter)}, "
        f"quote = {literal(quotation)}, escape = {literal(quotation)}, columns = {{{columns}}}, "
        "compression = 'none', hive_partitioning = false, nullstr = chr(1), "
        f"store_rejects = true, null_padding = false, max_line_size = {_MAX_RECORD})",
    )
    reasons = " ".join(
        f"WHEN {literal(kind)} THEN {literal(reason)}" for kind, reason in _BROKEN.items()
    )
    engine.run(
        f"INSERT INTO broken SELECT {input_id}, NULL, line_byte_position - 1, NULL, "
        f"min(CASE CAST(error_type AS VARCHAR) {reasons} ELSE error_message END), "
        f"left(ltrim(any_value(csv_line), chr(10) || chr(13)), {RAW_SHOWN}) "
        "FROM reject_errors GROUP BY line_byte_position"
    )


def _columns(source: Detected, dates: dict[str, str], site: str | None) -> str:
    has = source.fields.keys()
    text = {field: f"trim({field})" if field in has else "NULL" for field in TEXT_FIELDS}
    for field in ("source_url", "target_url"):  # browsers drop these three inside URLs as well
        text[field] = f"regexp_replace({text[field]}, '[\\t\\r\\n]', '', 'g')"
    if "target_url" not in has:
        text["target_url"] = literal(site or "")
    scope = "true"
    if source.format.scope:
        kept = ", ".join(literal(value) for value in source.format.scope.keep)
        scope = f"coalesce(lower(trim({source.format.scope.field})) IN ({kept}), false)"
    nofollow, ugc, sponsored = _rel_flags(source)
    lost = _lost() if "lost" in has else "NULL"
    return (
        f"record, {scope}, {text['source_url']}, {text['target_url']}, {text['anchor']}, "
        f"nullif({text['alt']}, ''), nullif({text['title']}, ''), "
        f"nullif(lower({text['kind']}), ''), nullif(lower({text['placement']}), ''), "
        f"{nofollow}, {ugc}, {sponsored}, {lost}, "
        f"{dates.get('first_seen', 'NULL')}, {dates.get('last_seen', 'NULL')}"
    )


def _rel_flags(source: Detected) -> tuple[str, str, str]:
    """Return SQL for nofollow, ugc, sponsored: true, false, or NULL where the file is silent."""
    has = source.fields.keys()
    parts: dict[str, list[str]] = {"nofollow": [], "ugc": [], "sponsored": []}
    for name, found in parts.items():
        if name in has:
            found.append(_flag(name))
        if "rel" in has:
            token = f"regexp_matches(lower(rel), '(^|[^a-z]){_TOKENS[name]}([^a-z]|$)')"
            empty = "false" if source.format.empty_rel == "followed" else "NULL"
            found.append(
                f"CASE WHEN coalesce(trim(rel), '') = '' THEN {empty} "
                f"WHEN {_IS_ANSWER} THEN NULL ELSE {token} END"
            )
    if "follow" in has:
        parts["nofollow"].append(f"NOT {_flag('follow')}")
    merged = [
        f"CASE WHEN {' OR '.join(found)} THEN true ELSE coalesce({', '.join(found)}) END"
        if found
        else "NULL"
        for found in parts.values()
    ]
    return merged[0], merged[1], merged[2]


def _flag(field: str) -> str:
    """Return SQL for a tri-state flag: an unreadable value is unknown."""
    words = _SAYS[field]
    true = ", ".join(literal(value) for value in (*_TRUE, *words[0]))
    false = ", ".join(literal(value) for value in (*_FALSE, *words[1]))
    value = f"lower(trim({field}))"
    return f"CASE WHEN {value} IN ({true}) THEN true WHEN {value} IN ({false}) THEN false END"


def _lost() -> str:
    """Return SQL for "lost": a flag, or a date that is filled when the link is gone."""
    dated = "regexp_matches(lost, '[0-9]{4}|[0-9]+[/.][0-9]+')"
    return f"CASE WHEN {dated} THEN true WHEN trim(lost) = '' THEN false ELSE {_flag('lost')} END"


def _date_expression(engine: DuckEngine, field: str) -> tuple[str, str]:
    """Return SQL that reads a column's dates, and a note when day and month cannot be told.

    Slashed dates are decided once for the whole column: a first number over 12 anywhere makes
    it day-first, a second number over 12 month-first.
    """
    value = f"trim({field})"
    slashed = "'^([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4}|[0-9]{2})([^0-9]|$)'"
    first = f"try_cast(regexp_extract({value}, {slashed}, 1) AS INTEGER)"
    second = f"try_cast(regexp_extract({value}, {slashed}, 2) AS INTEGER)"
    seen, day_first, month_first = engine.fetch(
        "SELECT count(*) AS seen, "
        "count(*) FILTER (first BETWEEN 13 AND 31 AND second BETWEEN 1 AND 12) AS day_first, "
        "count(*) FILTER (second BETWEEN 13 AND 31 AND first BETWEEN 1 AND 12) AS month_first "
        f"FROM (SELECT {first} AS first, {second} AS second FROM raw_file) WHERE first IS NOT NULL"
    ).row(0)
    iso = f"regexp_extract({value}, '^([0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}})([^0-9]|$)', 1)"
    tries = [
        f"try_cast(replace({iso}, '/', '-') AS DATE)",
        f"CAST(try_strptime({value}, ['%b %d, %Y', '%d %b %Y', '%B %d, %Y', '%d %B %Y']) AS DATE)",
    ]
    if bool(day_first) != bool(month_first):
        part = {n: f"regexp_extract({value}, {slashed}, {n})" for n in (1, 2, 3)}
        day, month = (part[1], part[2]) if day_first else (part[2], part[1])
        date = f"concat_ws('-', {part[3]}, {month}, {day})"
        tries += [
            f"CASE WHEN length({part[3]}) = {length} "
            f"THEN CAST(try_strptime({date}, '{year}-%m-%d') AS DATE) END"
            for length, year in ((4, "%Y"), (2, "%y"))
        ]
        return f"coalesce({', '.join(tries)})", ""
    note = ""
    if day_first:
        note = f"{field} mixes day-first and month-first dates; slashed dates count as unknown"
    elif seen:
        note = f"{field} could be day-first or month-first; slashed dates count as unknown"
    return f"coalesce({', '.join(tries)})", note


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
