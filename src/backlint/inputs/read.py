"""Files into one table `staged`: typed, nothing dropped, unknown is NULL.

`staged` has one row for every record of every file: input_id, record (1-based), in_scope (NULL
for a record that is damaged), link_id (63 bits of a hash of source_url, target_url and anchor),
source_key, target_key (64 bits of a hash of the URL's lead), source_url, target_url, anchor, alt,
title, kind, placement, nofollow, ugc, sponsored, lost, first_seen, last_seen. Records that are
not even rows of a table go to `broken`: input_id, record or byte_offset (in what the engine read)
or line (in the user's file), reason, raw.

A file is read once, and all that is asked of a cell is answered on the way: at ten million links
each further pass over the text costs as much as the reading [measured].
"""

import datetime
import errno
import hashlib
import io
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
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

DATE_FIELDS = ("first_seen", "last_seen")

# the columns of `staged`, with what stands for one that a file does not have
_STAGED = {
    "in_scope": "true",
    **dict.fromkeys(("source_key", "target_key"), "CAST(NULL AS UBIGINT)"),
    **dict.fromkeys(
        ("link_id", "source_url", "target_url", "anchor", "alt", "title", "kind", "placement"),
        "CAST(NULL AS VARCHAR)",
    ),
    **dict.fromkeys(("nofollow", "ugc", "sponsored", "lost"), "CAST(NULL AS BOOLEAN)"),
    **dict.fromkeys(DATE_FIELDS, "CAST(NULL AS DATE)"),
}


def _is_one_of(value: str, words: Iterable[str]) -> str:
    """Return SQL that says whether a text is one of some words.

    A long IN list becomes a join, and the rows of a join lose the order of the file.
    """
    return f"regexp_full_match({value}, {literal('|'.join(map(re.escape, words)))})"


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
_IS_ANSWER = _is_one_of("lower(trim(rel))", (*_TRUE, *_FALSE))

# what may stand before the host in a URL
SCHEME = "[A-Za-z][A-Za-z0-9+.-]*://|//"

RAW_SHOWN = 2000  # characters of a rejected record that are kept

_MAX_RECORD = 16 * 1024 * 1024
_BATCH = 10_000
_BLOCK = 1 << 24

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
            f"{source.path}:{source.header_line or 1}: {source.format.title} does not name the "
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
            f"{source.path}: could not be read to its end ({one_line(error)}). {cure}"
        ) from error
    table, notes = f"staged_{input_id}", []
    dates = [field for field in DATE_FIELDS if field in source.fields]
    for field in dates:
        notes += _settle_dates(engine, table, field)
    notes += _drop_later_dates(engine, table, dates, until) if until and dates else []
    answers = "rel" in source.fields and engine.value(
        f"SELECT count(*) FROM {table} WHERE rel_is_answer"
    )
    if answers:
        notes.append(
            f"{answers} values of rel are an answer such as true or 0, no link type, and count "
            "as unknown"
        )
    if source.format.needs_site:
        notes.append("the linked page, anchors and rel are not in this file")
    for column in engine.columns(f"SELECT * FROM {table}").keys() - _STAGED.keys():
        engine.run(f"ALTER TABLE {table} DROP COLUMN {column}")
    return view, notes


def _drop_later_dates(
    engine: DuckEngine, table: str, dates: Sequence[str], until: datetime.date
) -> list[str]:
    """Make the dates after a day unknown: one slip of a key would date the whole audit."""
    last = f"DATE '{until.isoformat()}'"
    later = " OR ".join(f"{field} > {last}" for field in dates)
    rows = engine.value(f"SELECT count(*) FROM {table} WHERE {later}")
    if not rows:
        return []
    kept = ", ".join(f"{field} = CASE WHEN {field} <= {last} THEN {field} END" for field in dates)
    engine.run(f"UPDATE {table} SET {kept} WHERE {later}")
    return [f"rows with a date after {until}, which cannot be and counts as unknown: {rows}"]


def _load(
    engine: DuckEngine, source: Detected, input_id: int, site: str | None, scratch: Path
) -> View:
    """Create `staged_<input_id>`, and add what is no record to `broken`."""
    columns = _columns(source, site)
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
        "SELECT CAST(hash(source_url, target_url, anchor) >> 1 AS BIGINT) AS link_id, "
        f"{_key('source_url')} AS source_key, {_key('target_url')} AS target_key, * "
        f"FROM (SELECT {columns} FROM ({records}))",
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


def _columns(source: Detected, site: str | None) -> str:
    """Return the SELECT list of `staged_<input_id>` over the fields of a file as text."""
    has = source.fields.keys()
    scope = ""
    if source.format.scope:
        field, keep = source.format.scope.field, source.format.scope.keep
        scope = f"coalesce({_is_one_of(f'lower(trim({field}))', keep)}, false)"
    flags = dict(zip(("nofollow", "ugc", "sponsored"), _rel_flags(source), strict=True))
    columns = {
        "source_url": _clean_url("source_url"),
        "target_url": _clean_url("target_url") if "target_url" in has else literal(site or ""),
        "anchor": _trimmed("anchor") if "anchor" in has else "CAST(NULL AS VARCHAR)",
        **{name: flag for name, flag in flags.items() if flag},
    }
    if source.kind == "jsonl":
        columns["in_scope"] = f"CASE WHEN damaged IS NULL THEN {scope or 'true'} END"
        columns["damaged"] = "damaged"
    elif scope:
        columns["in_scope"] = scope
    for field in has & {"alt", "title"}:
        columns[field] = f"nullif({_trimmed(field)}, '')"
    for field in has & {"kind", "placement"}:
        columns[field] = f"nullif(lower({_trimmed(field)}), '')"
    if "lost" in has:
        columns["lost"] = _lost()
    if "rel" in has:
        columns["rel_is_answer"] = f"rel NOT IN ('', 'nofollow') AND {_IS_ANSWER}"
    for field in has & set(DATE_FIELDS):
        columns[field] = date = _date(field)
        columns[f"{field}_unread"] = f"CASE WHEN {date} IS NULL THEN nullif(trim({field}), '') END"
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def lead_of(url: str) -> str:
    """Return SQL for the lead of a URL: its scheme and all up to the next slash, the host in it."""
    return f"regexp_extract({url}, '^\\s*(?:{SCHEME})?[^/]*')"


def _key(url: str) -> str:
    """Return SQL for a hash of the lead of a URL.

    Nearly all are http(s) URLs, and to split these costs half of what the expression for any
    does [measured].
    """
    return (
        f"CASE WHEN starts_with({url}, 'https://') THEN hash(split_part({url}, '/', 3), true) "
        f"WHEN starts_with({url}, 'http://') THEN hash(split_part({url}, '/', 3), false) "
        f"ELSE hash({lead_of(url)}) END"
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


def _trimmed(field: str) -> str:
    """Return SQL for trim, which asks Unicode about every character: most cells need none."""
    edges = f"starts_with({field}, ' ') OR ends_with({field}, ' ')"
    return f"CASE WHEN {_is_ascii(field)} AND NOT ({edges}) THEN {field} ELSE trim({field}) END"


def _clean_url(field: str) -> str:
    """Return SQL for a URL without the tabs and line ends that browsers drop as well."""
    marks = " OR ".join(f"contains({field}, chr({code}))" for code in (32, 9, 10, 13))
    return (
        f"CASE WHEN {_is_ascii(field)} AND NOT ({marks}) THEN {field} "
        f"ELSE regexp_replace(trim({field}), '[\\t\\r\\n]', '', 'g') END"
    )


def _is_ascii(field: str) -> str:
    return f"strlen({field}) = length({field})"


def _rel_flags(source: Detected) -> tuple[str, str, str]:
    """Return SQL for nofollow, ugc, sponsored, empty where the file says nothing of them."""
    has = source.fields.keys()
    parts: dict[str, list[str]] = {"nofollow": [], "ugc": [], "sponsored": []}
    for name, found in parts.items():
        if name in has:
            found.append(_flag(name))
        if "rel" in has:
            token = f"regexp_matches(lower(rel), '(^|[^a-z]){_TOKENS[name]}([^a-z]|$)')"
            empty = "false" if source.format.empty_rel == "followed" else "NULL"
            found.append(
                # the two that nearly all cells hold go without a look at their letters
                f"CASE WHEN rel = '' THEN {empty} "
                f"WHEN rel = 'nofollow' THEN {str(name == 'nofollow').lower()} "
                f"WHEN coalesce(trim(rel), '') = '' THEN {empty} "
                f"WHEN {_IS_ANSWER} THEN NULL ELSE {token} END"
            )
    if "follow" in has:
        parts["nofollow"].append(f"NOT {_flag('follow')}")
    merged = [
        f"CASE WHEN {' OR '.join(found)} THEN true ELSE coalesce({', '.join(found)}) END"
        if len(found) > 1
        else "".join(found)
        for found in parts.values()
    ]
    return merged[0], merged[1], merged[2]


def _flag(field: str) -> str:
    """Return SQL for a tri-state flag: an unreadable value is unknown."""
    words = _SAYS[field]
    value = f"lower(trim({field}))"
    true = _is_one_of(value, (*_TRUE, *words[0]))
    false = _is_one_of(value, (*_FALSE, *words[1]))
    return f"CASE WHEN {true} THEN true WHEN {false} THEN false END"


def _lost() -> str:
    """Return SQL for "lost": a flag, or a date that is filled when the link is gone."""
    dated = "regexp_matches(lost, '[0-9]{4}|[0-9]+[/.][0-9]+')"
    return f"CASE WHEN {dated} THEN true WHEN trim(lost) = '' THEN false ELSE {_flag('lost')} END"


def _date(field: str) -> str:
    """Return SQL that reads a date which can be read without a look at the whole column."""
    value = f"trim({field})"
    iso = f"regexp_extract({value}, '^([0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}})([^0-9]|$)', 1)"
    named = "['%b %d, %Y', '%d %b %Y', '%B %d, %Y', '%d %B %Y']"
    any_shape = (
        f"coalesce(try_cast(replace({iso}, '/', '-') AS DATE), "
        f"CAST(try_strptime({value}, {named}) AS DATE))"
    )
    return (
        # the shape that nearly all exports use is read without the cost of the others
        f"CASE WHEN {field} LIKE '____-__-__' AND {field} BETWEEN '1' AND '3' "
        f"THEN coalesce(try_cast({field} AS DATE), {any_shape}) "
        f"WHEN {value} <> '' THEN {any_shape} END"
    )


def _settle_dates(engine: DuckEngine, table: str, field: str) -> list[str]:
    """Read the dates of a column that only all of them explain; return notes on what is unknown.

    Slashed dates are decided once for the whole column: a first number over 12 anywhere makes
    it day-first, a second number over 12 month-first.
    """
    value = f"{field}_unread"
    if not engine.value(f"SELECT count({value}) FROM {table}"):
        return []
    slashed = "'^([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4}|[0-9]{2})([^0-9]|$)'"
    part = {n: f"regexp_extract({value}, {slashed}, {n})" for n in (1, 2, 3)}
    seen, day_first, month_first = engine.fetch(
        "SELECT count(*) AS seen, "
        "count(*) FILTER (first BETWEEN 13 AND 31 AND second BETWEEN 1 AND 12) AS day_first, "
        "count(*) FILTER (second BETWEEN 13 AND 31 AND first BETWEEN 1 AND 12) AS month_first "
        f"FROM (SELECT try_cast({part[1]} AS INTEGER) AS first, "
        f"try_cast({part[2]} AS INTEGER) AS second FROM {table}) WHERE first IS NOT NULL"
    ).row(0)
    notes = []
    if bool(day_first) != bool(month_first):
        day, month = (part[1], part[2]) if day_first else (part[2], part[1])
        date = f"concat_ws('-', {part[3]}, {month}, {day})"
        tries = ", ".join(
            f"CASE WHEN length({part[3]}) = {length} "
            f"THEN CAST(try_strptime({date}, '{year}-%m-%d') AS DATE) END"
            for length, year in ((4, "%Y"), (2, "%y"))
        )
        engine.run(
            f"UPDATE {table} SET {field} = coalesce({tries}), "
            f"{value} = CASE WHEN coalesce({tries}) IS NULL THEN {value} END "
            f"WHERE {value} IS NOT NULL"
        )
    elif day_first:
        notes.append(
            f"{field} mixes day-first and month-first dates; slashed dates count as unknown"
        )
    elif seen:
        notes.append(f"{field} could be day-first or month-first; slashed dates count as unknown")
    unreadable = engine.value(f"SELECT count({value}) FROM {table}")
    if unreadable:
        notes.append(f"{unreadable} values of {field} are unreadable and count as unknown")
    return notes


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
