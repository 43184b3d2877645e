"""The allow-list: domains never to disavow, plain, as disavow lines, or with reasons in TOML."""

import datetime
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from backlint import urls
from backlint.decisions.tables import canonical_host, read_tables
from backlint.disavow.file import clean
from backlint.errors import UsageError

_TABLE = re.compile(r"^\s*\[\[\s*allow\s*\]\]", re.MULTILINE)
_DOMAIN = re.compile(r"domain:", re.IGNORECASE)


class Allowed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A domain that is protected until the end of a day, and why; its host is canonical."""

    domain: str
    reason: str = ""
    until: datetime.date | None = None


class Protected(NamedTuple):
    """The hosts that are protected on one day with their reasons, and those no longer."""

    hosts: dict[str, str]
    ended: list[Allowed]


def parse_allowed(text: str, path: Path) -> list[Allowed]:
    """Return the entries of an allow-list: a host a line, `domain:host`, or `[[allow]]` tables.

    Raises UsageError naming the line that is no entry, or a file without any.
    """
    if path.suffix.lower() == ".toml" or _TABLE.search(text):
        found = read_tables(text, f"--allow {path}", "allow", _table)
    else:
        found = list(_lines(text, path))
    if not found:
        raise UsageError(
            f"--allow {path}: holds no entry; write one a line (lines that begin with # are "
            "comments), or leave the option out"
        )
    return found


def protected(allowed: Iterable[Allowed], today: datetime.date) -> Protected:
    """Return what is protected on a day, and the entries that ended before it."""
    entries = list(allowed)
    lasting = [entry for entry in entries if not (entry.until and entry.until < today)]
    ended = [entry for entry in entries if entry.until and entry.until < today]
    return Protected({entry.domain: entry.reason for entry in lasting}, ended)


def ended_sentences(ended: Iterable[Allowed]) -> list[str]:
    """Return that an entry no longer protects, a sentence each."""
    return [
        f"The allow-list no longer protects {entry.domain}: its entry ended on {entry.until}."
        for entry in ended
    ]


def _lines(text: str, path: Path) -> Iterable[Allowed]:
    for line in map(str.strip, text.splitlines()):
        if line and not line.startswith("#"):
            host = urls.url_host(_DOMAIN.sub("", line, count=1).strip())
            if host is None:
                raise UsageError(f"--allow {path}: {line!r} is no domain; write one domain a line")
            yield Allowed(host.name)


def _table(table: dict[str, Any]) -> Allowed:
    entry = msgspec.convert(table, type=Allowed)
    return Allowed(canonical_host(entry.domain), clean(entry.reason), entry.until)
