"""The dates of a column that only all of them explain, and those that cannot be."""

import datetime
from collections.abc import Sequence

from backlint.engine.duckdb import DuckEngine

_FIRST = "DATE '1990-01-01'"  # the first web page is of that year


def settle_dates(engine: DuckEngine, table: str, field: str) -> list[str]:
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


def drop_later_dates(
    engine: DuckEngine, table: str, dates: Sequence[str], until: datetime.date
) -> list[str]:
    """Make dates after a day, or older than the web, unknown: a slip would date the whole audit."""
    last = f"DATE '{until.isoformat()}'"
    can_be = f"BETWEEN {_FIRST} AND {last}"
    later = " OR ".join(f"{field} NOT {can_be}" for field in dates)
    rows = engine.value(f"SELECT count(*) FROM {table} WHERE {later}")
    if not rows:
        return []
    kept = ", ".join(
        f"{field} = CASE WHEN {field} BETWEEN {_FIRST} AND {last} THEN {field} END"
        for field in dates
    )
    engine.run(f"UPDATE {table} SET {kept} WHERE {later}")
    return [
        f"rows with a date before 1990 or after {until}, which cannot be and counts as unknown: "
        f"{rows:d}"
    ]
