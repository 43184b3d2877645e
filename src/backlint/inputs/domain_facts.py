"""What tools state of domains: authority, traffic, IP, how many links they know.

`domain_facts` is long: input_id, tool, host (as listed), domain (registrable), fact, number, text;
one row a stated value. Figures of different tools measure different things, so they are never
mixed; an empty cell states nothing.
"""

from collections.abc import Sequence

import polars as pl

from backlint.engine.base import Engine
from backlint.engine.duckdb import literal
from backlint.inputs.cells import count_of, figure_of
from backlint.inputs.detect import Detected
from backlint.inputs.formats import FACT

COUNTS = ("links", "followed_links", "target_pages", "linked_domains", "traffic")
TEXTS = ("ip", "country")
DATES = {"first_seen": "min", "last_seen": "max", "lost_on": "max"}

_SCHEMA = {
    "input_id": pl.Int32,
    "tool": pl.String,
    "host": pl.String,
    "domain": pl.String,
    "fact": pl.String,
    "number": pl.Float64,
    "text": pl.String,
}


def build_domain_facts(engine: Engine, found: Sequence[Detected]) -> list[list[str]]:
    """Create `domain_facts` out of the staged files and their hosts; return notes, a list a file.

    Where a file states a value more than once, as a link export does on each link of a domain,
    the largest number and the first text in order count.
    """
    engine.register("domain_facts", pl.DataFrame(schema=_SCHEMA))
    return [_add(engine, source, index) for index, source in enumerate(found)]


def _add(engine: Engine, source: Detected, index: int) -> list[str]:
    facts = [field.removeprefix(FACT) for field in source.fields if field.startswith(FACT)]
    parts = [_stated(fact, index) for fact in facts]
    if source.format.rows == "domains":
        parts += [
            f"SELECT source_key, {literal(field.removesuffix('_on'))} AS fact, "
            f"CAST(NULL AS DOUBLE) AS number, CAST({field} AS VARCHAR) AS text, "
            f"{literal(largest)} AS pick FROM staged_{index}"
            for field, largest in DATES.items()
            if field in source.fields
        ]
    if not parts:
        return []
    engine.run(
        f"INSERT INTO domain_facts SELECT {index}, {literal(source.format.tool)}, "
        f"{'h.host' if source.format.rows == 'domains' else 'h.domain'} AS host, "
        "any_value(h.domain), fact, max(number), "
        "CASE WHEN any_value(pick) = 'max' THEN max(text) ELSE min(text) END "
        f"FROM ({' UNION ALL '.join(parts)}) s JOIN leads l ON l.key = s.source_key "
        "JOIN hosts h ON h.host_id = l.host_id WHERE number IS NOT NULL OR text IS NOT NULL "
        "GROUP BY ALL"
    )
    unread = " + ".join(
        f"count(*) FILTER ({FACT}{fact} IS NOT NULL AND {_value(fact)} IS NULL)" for fact in facts
    )
    bad = engine.value(f"SELECT {unread} FROM staged_{index}") if facts else 0
    return [f"{bad} stated figures are unreadable and count as unknown"] if bad else []


def _stated(fact: str, index: int) -> str:
    value = _value(fact)
    number, text = (("NULL", value), (value, "NULL"))[fact not in TEXTS]
    return (
        f"SELECT source_key, {literal(fact)} AS fact, CAST({number} AS DOUBLE) AS number, "
        f"CAST({text} AS VARCHAR) AS text, 'min' AS pick FROM staged_{index}"
    )


def _value(fact: str) -> str:
    """Return SQL for a stated value, NULL where it cannot be read."""
    cell = f"{FACT}{fact}"
    if fact == "ip":
        return f"CASE WHEN regexp_full_match({cell}, '[0-9.]+|[0-9A-Fa-f:.]*:.*') THEN {cell} END"
    if fact in TEXTS:
        return cell
    if fact in COUNTS:
        return count_of(cell)
    return (
        f"coalesce({figure_of(cell)}, CASE WHEN lower({cell}) IN ('true', 'yes') THEN 1 "
        f"WHEN lower({cell}) IN ('false', 'no') THEN 0 END)"
    )
