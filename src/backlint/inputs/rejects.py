"""Where rejected records stand: line and raw text, found in a second pass when there are any."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import polars as pl

from backlint.engine.base import Engine
from backlint.findings import Reject
from backlint.inputs.detect import Detected
from backlint.inputs.read import RAW_SHOWN, View

SHOWN = 1000  # of one file, in the report, each with its line; the table has all of them

_BLOCK = 1 << 24

_PLACES = {
    "input_id": pl.Int32,
    "record": pl.Int64,
    "byte_offset": pl.Int64,
    "line": pl.Int64,
    "raw": pl.String,
}


def settle(engine: Engine, found: Sequence[Detected], views: Sequence[View]) -> list[Reject]:
    """Create `rejects` (input_id, path, line, reason, raw) out of `broken` and `unusable`.

    Returns the first SHOWN of each file in line order.
    """
    engine.materialise(
        "unplaced",
        "SELECT input_id, record, byte_offset, line, reason, raw, NULL AS source_url FROM broken "
        "UNION ALL SELECT input_id, record, NULL, NULL, reason, raw, source_url FROM unusable",
    )
    places: list[tuple[int, int | None, int | None, int, str | None]] = []
    for index, (source, view) in enumerate(zip(found, views, strict=True)):
        places += _places(engine, source, view, index)
    engine.register("places", pl.DataFrame(places, schema=_PLACES, orient="row"))
    names = [(index, shown_path(source)) for index, source in enumerate(found)]
    schema = {"input_id": pl.Int32, "path": pl.String}
    engine.register("paths", pl.DataFrame(names, schema=schema, orient="row"))
    engine.materialise(
        "rejects",
        "SELECT u.input_id, path, coalesce(p.line, u.line) AS line, reason, "
        "coalesce(p.raw, u.raw, '') AS raw FROM unplaced u "
        "JOIN paths USING (input_id) LEFT JOIN places p ON p.input_id = u.input_id "
        "AND p.record IS NOT DISTINCT FROM u.record "
        "AND p.byte_offset IS NOT DISTINCT FROM u.byte_offset "
        "ORDER BY u.input_id, line NULLS LAST, u.record",
    )
    for table in ("unplaced", "places", "paths", "broken", "unusable"):
        engine.run(f"DROP TABLE {table}")
    shown: list[Reject] = []
    for index, path in names:
        rows = engine.fetch(
            "SELECT line, reason, raw FROM rejects WHERE input_id = $index "
            f"ORDER BY line NULLS LAST, reason, raw LIMIT {SHOWN}",
            {"index": index},
        ).rows()
        shown += [Reject(path=path, line=line, reason=why, raw=raw) for line, why, raw in rows]
    return shown


def shown_path(source: Detected) -> str:
    """Return a path as text that every writer takes: a file name may be any bytes."""
    return source.source.name


def _places(
    engine: Engine, source: Detected, view: View, index: int
) -> list[tuple[int, int | None, int | None, int, str | None]]:
    rows = engine.fetch(
        "SELECT record, source_url FROM unplaced WHERE input_id = $index AND record IS NOT NULL "
        f"ORDER BY record LIMIT {SHOWN}",
        {"index": index},
    ).rows()
    if source.kind == "parquet":
        return [(index, record, None, record, None) for record, _ in rows]
    if source.kind == "graph":
        return []  # what is staged of it is no row of a file
    offsets = engine.fetch(
        "SELECT byte_offset FROM unplaced WHERE input_id = $index AND byte_offset IS NOT NULL "
        "ORDER BY byte_offset",
        {"index": index},
    )["byte_offset"].to_list()
    lines = lines_at(view, offsets) if offsets else []
    placed = find_records(source, view, set(lines), dict(rows))
    return [
        *((index, None, at, line, None) for at, line in zip(offsets, lines, strict=True)),
        *((index, record, None, place.line, place.raw) for record, place in placed.items()),
    ]


class Place(NamedTuple):
    """The line (1-based, in the user's file) on which a record begins, and its text."""

    line: int
    raw: str


def lines_at(view: View, offsets: Sequence[int]) -> list[int]:
    """Return the line in the user's file for each of the sorted byte offsets of a view.

    An offset may lie on line ends before its record; they are passed over.
    """
    lines = []
    with view.path.open("rb") as stream:
        end = _line_end(stream.read(_BLOCK))
        stream.seek(0)
        line, position = view.dropped + 1, 0
        for offset in offsets:
            while position < offset:
                block = stream.read(min(_BLOCK, offset - position))
                if not block:
                    break
                line += block.count(end)
                position += len(block)
            blank = stream.read(1)
            while blank in (b"\n", b"\r"):
                line += blank == end
                position += 1
                blank = stream.read(1)
            stream.seek(position)
            lines.append(line)
    return lines


def _line_end(head: bytes) -> bytes:
    return b"\r" if b"\n" not in head and b"\r" in head else b"\n"


def find_records(
    source: Detected, view: View, broken: Collection[int], wanted: Mapping[int, str | None]
) -> dict[int, Place]:
    """Return the places of some records of a text file.

    `broken` are the lines of the records that the engine did not number, `wanted` maps a record's
    number to its source URL as staged. A record that does not hold that URL was numbered
    differently by the engine, and is left out: no line is better than a wrong one.
    """
    if not wanted:
        return {}
    last = max(wanted)
    found = {}
    numbered = (row for row in _rows(source, view) if row.line not in broken)
    for record, row in enumerate(numbered, start=1):
        if record in wanted and row.source in (None, wanted[record]):
            found[record] = Place(row.line, row.raw[:RAW_SHOWN])
        if record >= last:
            break
    return found


class _Row(NamedTuple):
    line: int
    raw: str
    source: str | None


def _rows(source: Detected, view: View) -> Iterator[_Row]:
    """Yield the records of a view that are not blank, broken ones included."""
    with view.path.open("rb") as stream:
        end = _line_end(stream.read(_BLOCK)).decode()
        stream.seek(0)
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        for _ in range(view.skip):
            text.readline()
        line = view.dropped + view.skip + 1
        if source.kind == "jsonl":
            for raw in text:
                if raw.strip("\r\n"):
                    yield _Row(line, raw.rstrip("\r\n"), None)
                line += raw.count(end)
            return
        consumed: list[str] = []

        def tee() -> Iterator[str]:
            for each in text:
                consumed.append(each)
                yield each

        at = source.fields.get("source_url", 0)
        reader = csv.reader(
            tee(),
            delimiter=source.delimiter,
            quoting=csv.QUOTE_MINIMAL if source.quote else csv.QUOTE_NONE,
            skipinitialspace=True,  # as the engine takes a quotation mark behind a space
        )
        for cells in reader:
            raw = "".join(consumed)
            consumed.clear()
            if cells:
                value = cells[at] if at < len(cells) else ""
                yield _Row(line, raw.rstrip("\r\n"), _as_staged(value))
            line += 1 if source.source.rows_are_lines else raw.count(end)


def _as_staged(value: str) -> str:
    return value.strip(" ").replace("\t", "").replace("\r", "").replace("\n", "")
