"""Entries that people write as TOML tables: each problem named by its line, all of them at once."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from backlint import urls
from backlint.errors import UsageError
from backlint.places import locate

_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)

T = TypeVar("T")


def read_tables(text: str, file: str, name: str, make: Callable[[dict[str, Any]], T]) -> list[T]:
    """Return what `make` makes of every `[[name]]` table, the only thing the document may hold.

    `make` raises ValueError (msgspec's ValidationError is one). Raises UsageError, FILE:LINE.
    """
    try:
        document = msgspec.toml.decode(text)
    except msgspec.DecodeError as error:
        place = locate(text, error)
        raise UsageError(f"{file}:{place.line}: {place.reason}") from error
    tables = document.pop(name, [])
    found: list[T] = []
    problems: list[tuple[int, str]] = []
    for key in document:
        line = locate(text, ValueError(f"`$.{key}[0]`")).line
        problems.append((line, f"unknown key {key!r}; every entry begins with [[{name}]]"))
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        line = locate(text, ValueError(f"`$.{name}`")).line
        problems.append((line, f"{name} is no table; every entry begins with [[{name}]]"))
        tables = []
    for index, table in enumerate(tables):
        try:
            found.append(make(table))
        except ValueError as error:
            reason, _, path = str(error).partition(" - at `$")
            place = locate(text, ValueError(f"{reason} `$.{name}[{index}]{path.rstrip('`')}`"))
            said = f"{path.strip('.`')}: {reason}" if path else reason
            if "`date" in reason:
                said += "; a date is written like 2026-11-22"
            problems.append((place.line, said))
    if problems:
        raise UsageError("\n".join(f"{file}:{line}: {why}" for line, why in sorted(problems)))
    return found


def canonical_host(text: str) -> str:
    """Return the host of a domain; raises ValueError for a page of it and for anything else."""
    host = urls.url_host(text)
    address = _SCHEME.sub("", text.strip(), count=1)
    if host is None or re.search(r"[/?#]+[^/?#]", address):  # something behind the host
        raise ValueError(f"{text!r} is no domain; write it like example.com")
    return host.name
