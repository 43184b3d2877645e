"""`backlint.decisions.toml`: every decision of a person, the last one about a domain counts.

Entries are only ever added, so that comments and what was decided earlier stay. A decision is kept
by the domains it is about: the id of a scheme changes as soon as it gains a member.
"""

import datetime
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec

from backlint.decisions.tables import canonical_host, read_tables
from backlint.disavow.file import clean
from backlint.errors import InputError, UsageError
from backlint.files import write_atomic
from backlint.findings import Decision, Ruling

NAME = "backlint.decisions.toml"

HEAD = """\
# What people decided about referring domains: `backlint disavow write --decisions review.xlsx`
# adds entries, `backlint scan` honours them, and the last entry about a domain counts. Write
# comments and entries of your own as you like. `until = 2027-06-30` in an entry lets it end, and
# the decision "undecided" takes an earlier one back.
"""

_SHOWN = 5  # domains that a sentence names


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One decision about some domains.

    `scheme` says in words where it was taken, `audit` in the review of which audit. `sites` are
    those whose links it is about, none for all: what is spam to one site may be earned by another.
    """

    decision: Ruling
    domains: list[str]
    date: datetime.date
    until: datetime.date | None = None
    reason: str = ""
    scheme: str = ""
    audit: str = ""
    sites: list[str] = msgspec.field(default_factory=list)


class Standing(NamedTuple):
    """The decisions that hold on one day for some sites, by domain, and those that have ended."""

    decisions: dict[str, Decision]
    ended: list[str]


def read_memory(path: Path) -> list[Entry]:
    """Return the entries in file order, domains as canonical hosts.

    Raises InputError when the file cannot be read, UsageError naming the line of every entry that
    is not valid.
    """
    try:
        return _entries(path, _read(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}:1: is not UTF-8 text; save it as UTF-8") from error


def last_entries(entries: Iterable[Entry], sites: Collection[str]) -> dict[str, Entry]:
    """Return the entry that counts for each domain, where it is about the links to these sites."""
    return {
        domain: entry
        for entry in entries
        if not entry.sites or set(entry.sites) & set(sites)
        for domain in entry.domains
    }


def standing(entries: Iterable[Entry], sites: Collection[str], today: datetime.date) -> Standing:
    """Return what holds on a day for the audited sites; an entry that ended revives no older one.

    A decision that was taken back is there as "undecided".
    """
    last = last_entries(entries, sites)
    over = {d for d, entry in last.items() if entry.until and entry.until < today}
    found = {
        domain: Decision(
            ruling=entry.decision,
            date=entry.date.isoformat(),
            reason=entry.reason,
            until=entry.until.isoformat() if entry.until else None,
        )
        for domain, entry in last.items()
        if domain not in over
    }
    return Standing(found, sorted(d for d in over if last[d].decision != "undecided"))


def remember(path: Path, entries: Sequence[Entry]) -> None:
    """Add entries at the end of the file, whole or not at all; all that is there stays.

    Raises as `read_memory` does: nothing is added to a file that is not valid.
    """
    if not entries:
        return
    before = ""
    if path.exists():
        read_memory(path)
        before = _read(path)
    elif not path.parent.is_dir():
        raise UsageError(f"{path}: the folder {path.parent} does not exist; create it first")
    text = (before.rstrip("\n") + "\n" if before else HEAD) + "".join(map(_text, entries))
    _entries(path, text)
    try:
        write_atomic(path, text)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def told(stand: Standing, linking: Collection[str], day: str) -> list[str]:
    """Return what became of decisions that change nothing in this audit, a sentence each."""
    away = sorted(
        domain
        for domain, decision in stand.decisions.items()
        if domain not in linking and decision.ruling != "undecided"
    )
    return [
        *_sentence(stand.ended, f"ended before {day} and no longer count"),
        *_sentence(away, "no link in these files: nothing is decided by them"),
    ]


def _sentence(domains: Sequence[str], what: str) -> Iterator[str]:
    if domains:
        shown = ", ".join(domains[:_SHOWN])
        more = f" and {len(domains) - _SHOWN} more" if len(domains) > _SHOWN else ""
        yield f"Decisions about {shown}{more}: {what}."


def _read(path: Path) -> str:
    """Return the text with its line ends as they are."""
    return path.read_bytes().decode("utf-8-sig")


def _entries(path: Path, text: str) -> list[Entry]:
    return read_tables(text, str(path), "decision", _entry)


def _entry(table: dict[str, Any]) -> Entry:
    if "domain" in table:  # what a person writes by hand
        table = {**table, "domains": [table["domain"], *table.get("domains", [])]}
        del table["domain"]
    if (ruling := table.get("decision")) not in get_args(Ruling):
        known = ", ".join(get_args(Ruling))
        raise ValueError(f"{ruling!r} is no decision; write one of {known} - at `$.decision`")
    entry = msgspec.convert(table, type=Entry)
    if not entry.domains:
        raise ValueError('domains: is empty; name them, as in domains = ["example.com"]')
    return msgspec.structs.replace(
        entry,
        domains=[canonical_host(text) for text in entry.domains],
        sites=[canonical_host(text) for text in entry.sites],
        reason=clean(entry.reason),
    )


def _text(entry: Entry) -> str:
    lines = ["", "[[decision]]", f"decision = {_quoted(entry.decision)}"]
    if entry.reason:
        lines.append(f"reason = {_quoted(entry.reason)}")
    lines.append(f"date = {entry.date.isoformat()}")
    if entry.until:
        lines.append(f"until = {entry.until.isoformat()}")
    if entry.scheme:
        lines.append(f"scheme = {_quoted(entry.scheme)}")
    if entry.audit:
        lines.append(f"audit = {_quoted(entry.audit)}")
    if entry.sites:
        lines.append(f"sites = [{', '.join(map(_quoted, entry.sites))}]")
    if len(entry.domains) == 1:
        lines.append(f"domains = [{_quoted(entry.domains[0])}]")
    else:
        lines += ["domains = [", *(f"  {_quoted(domain)}," for domain in entry.domains), "]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """Return a TOML basic string: those of JSON are such strings where no control is in them."""
    return json.dumps(clean(text), ensure_ascii=False)
