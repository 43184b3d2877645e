"""From the rows of a review to decisions: what differs from what the audit wrote was decided.

A domain's own cell beats those of its schemes; of two schemes the more cautious decides.
"""

import datetime
import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from backlint.decisions.memory import Entry, last_entries
from backlint.decisions.sheet import Line
from backlint.decisions.tables import canonical_host
from backlint.disavow.file import clean
from backlint.errors import InputError
from backlint.findings import Audit, DomainResult, Ruling
from backlint.report.review import (
    DECISIONS,
    Block,
    blocks,
    cell,
    cells_of,
    name_of,
    stamp,
)
from backlint.report.words import scheme_title

_CAUTION = ("keep", "review", "disavow")  # the first one holds
_PROBLEMS_SHOWN = 20


class Cell(NamedTuple):
    """What a person wrote, or the audit did, into one row; `number` of the row, 0 for none."""

    decision: str
    reason: str
    number: int = 0


class Taken(NamedTuple):
    """What a review says: entries to remember, and what was not taken, a sentence each."""

    entries: list[Entry]
    refused: list[str]


class _Held(NamedTuple):
    """What holds for one domain, and in whose row it was decided: a scheme's id, or "" for its own.

    `number` is the row.
    """

    decision: str
    reason: str
    scheme: str
    number: int


_Key = tuple[str, str]  # id of a scheme or "", node or "" for the scheme's own row


class _Rows(NamedTuple):
    """The rows as the audit wrote them, and which domains stand under which schemes."""

    written: dict[_Key, Cell]
    schemes: dict[str, list[str]]
    titles: dict[str, str]
    results: dict[str, DomainResult]


def take(
    lines: Sequence[Line],
    audit: Audit,
    path: Path,
    day: datetime.date,
    entries: Sequence[Entry] = (),
) -> Taken:
    """Return what was decided in a review of this audit, beyond what the audit knew.

    `entries` are those that are remembered: what was taken from this very review before counts as
    known, so that a cell which has been cleared since takes it back. Rows that are not there say
    nothing. Raises InputError with every row that cannot be understood, as FILE:ROW.
    """
    _check_audit(lines, audit, path)
    rows = _rows(audit)
    read, problems = _read(lines, rows, path)
    cells = {key: read.get(key, cell) for key, cell in rows.written.items()}
    cells |= {key: cell for key, cell in read.items() if key not in cells}
    after = _held(cells, rows, problems)
    if problems:
        shown = [f"{path}:{number}: {why}" for number, why in sorted(problems)[:_PROBLEMS_SHOWN]]
        more = len(problems) - _PROBLEMS_SHOWN
        raise InputError("\n".join([*shown, f"and {more} more"] if more > 0 else shown))
    before = {node: _said(held) for node, held in _held(rows.written, rows, []).items()}
    mine, last = _taken_before(entries, audit), last_entries(entries, audit.sites)
    before |= {node: _words(entry) for node, entry in mine.items()}
    # somebody decided again since, elsewhere: a cell that was cleared does not speak of that
    again = {node for node, entry in mine.items() if last[node] is not entry}
    changed = {
        node: held
        for node, held in after.items()
        if _said(held) != before.get(node, ("", ""))
        and _spoken_of(node, read, rows)
        and (held.decision or node not in again)
    }
    barred = {
        node: held
        for node, held in changed.items()
        if held.decision == "disavow" and rows.results[node].protected
    }
    refused = [
        f"{path}:{held.number}: {node} is not disavowed: {rows.results[node].protected}"
        for node, held in barred.items()
    ]
    idle = [key for key, found in read.items() if found.reason and not _decided(key, cells, after)]
    if idle:
        numbers = ", ".join(str(read[key].number) for key in idle[:_PROBLEMS_SHOWN])
        refused.append(f"{path}: reasons without a decision were not noted, in the rows {numbers}")
    taken = {node: held for node, held in changed.items() if node not in barred}
    return Taken(_entries(taken, rows, audit, day), refused)


def _taken_before(entries: Iterable[Entry], audit: Audit) -> dict[str, Entry]:
    """Return the last entry by domain that was taken from the review of this audit."""
    mark = stamp(audit)
    mine = [entry for entry in entries if cell(entry.audit) == mark]
    return last_entries(mine, audit.sites)


def _words(entry: Entry) -> tuple[str, str]:
    return ("", "") if entry.decision == "undecided" else (entry.decision, cell(entry.reason))


def _spoken_of(node: str, read: Mapping[_Key, Cell], rows: _Rows) -> bool:
    """Say whether the review still holds a row of the domain or of a scheme that it is in."""
    schemes = rows.schemes.get(node, [])
    return any(key in read for home in ("", *schemes) for key in ((home, node), (home, "")))


def _decided(key: _Key, cells: Mapping[_Key, Cell], after: Mapping[str, _Held]) -> bool:
    node = key[1]
    return bool(after[node].decision if node else cells[key].decision)


def _check_audit(lines: Sequence[Line], audit: Audit, path: Path) -> None:
    mark = stamp(audit)
    for line in lines:
        if line.audit and cell(line.audit) != mark:
            raise InputError(
                f"{path}:{line.number}: this row is of the audit {cell(line.audit)!r}, and the "
                f"audit here is {mark!r}. Name the folder of that audit with --audit, or decide in "
                "the review of this one"
            )
    if lines and not any(line.audit for line in lines):
        raise InputError(
            f"{path}: the column 'audit' is empty, so nobody can tell which audit it is of. Give "
            "the review that the scan wrote"
        )


def _rows(audit: Audit) -> _Rows:
    written: dict[_Key, Cell] = {}
    schemes: dict[str, list[str]] = defaultdict(list)
    titles = {}

    def place(block: Block, result: DomainResult | None) -> None:
        scheme = block.scheme.id if block.scheme else ""
        node = result.domain if result else ""
        written[scheme, node] = Cell(*cells_of(block, result))
        if scheme and node:
            schemes[node].append(scheme)

    for block in blocks(audit):
        if block.scheme:
            titles[block.scheme.id] = scheme_title(block.scheme)
            place(block, None)
        for result in block.members:
            place(block, result)
    known = {result.domain: result for result in audit.domains if result.verdict is not None}
    return _Rows(written, dict(schemes), titles, known)


def _read(
    lines: Iterable[Line], rows: _Rows, path: Path
) -> tuple[dict[_Key, Cell], list[tuple[int, str]]]:
    """Return the cells of the rows that were read, and what is wrong with the others."""
    ids = {cell(scheme): scheme for scheme in rows.titles}
    nodes = {name: node for node in rows.results for name in (node, cell(node), name_of(node))}
    found: dict[_Key, Cell] = {}
    problems: list[tuple[int, str]] = []
    for line in lines:
        try:
            key = _key(line, ids, nodes, rows, hint=len(problems) < _PROBLEMS_SHOWN)
            decision = _decision(line.decision)
        except ValueError as error:
            problems.append((line.number, str(error)))
            continue
        if key is None:
            continue
        other = found.get(key)
        if other and other.decision != decision:
            problems.append(
                (line.number, f"row {other.number} decides otherwise of the same; leave one")
            )
        found[key] = Cell(decision, line.reason, line.number)
    return found, problems


def _key(
    line: Line, ids: Mapping[str, str], nodes: Mapping[str, str], rows: _Rows, hint: bool
) -> _Key | None:
    """Return which row of the audit a line is; None for one that is somebody's own note."""
    kind, scheme = line.row.casefold(), ids.get(cell(line.id))
    if kind not in ("scheme", "domain"):
        if not line.decision:
            return None
        raise ValueError(f"row is {line.row!r}; it says scheme or domain")
    if line.id and scheme is None:
        raise ValueError(
            f"{line.id!r} is no scheme of this audit{_near(line.id, ids if hint else ())}"
        )
    if kind == "scheme":
        if scheme is None:
            raise ValueError("a scheme without its id; copy the row from a fresh review")
        if cell(line.name) != cell(rows.titles[scheme]):
            raise ValueError(
                f"{line.id} is called {rows.titles[scheme]!r}, not {line.name!r}; were single "
                "columns sorted without the others? Begin again with a fresh review"
            )
        return scheme, ""
    node = nodes.get(cell(line.name)) or nodes.get(_host(line.name))
    if node is None:
        raise ValueError(
            f"{line.name!r} is no domain with a finding in this audit"
            f"{_near(line.name, nodes if hint else ())}; "
            "decide about others by an entry in the decisions file"
        )
    if scheme and (scheme, node) not in rows.written:
        raise ValueError(
            f"{line.name} is not in {line.id}; were single columns sorted without the others? "
            "Begin again with a fresh review"
        )
    return scheme or "", node


def _decision(text: str) -> str:
    word = clean(text).casefold()
    if word and word not in DECISIONS:
        raise ValueError(
            f"{text!r} is no decision{_near(word, DECISIONS)}; write disavow, keep or review, or "
            "leave the cell blank"
        )
    return word


def _host(text: str) -> str:
    try:
        return canonical_host(text)
    except ValueError:
        return ""


def _near(text: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(text, list(known), 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _held(
    cells: Mapping[_Key, Cell], rows: _Rows, problems: list[tuple[int, str]]
) -> dict[str, _Held]:
    """Return what holds for every domain that has a row; "" where nobody decided."""
    by_node: dict[str, list[tuple[str, Cell]]] = defaultdict(list)
    for (scheme, node), found in cells.items():
        if node:
            by_node[node].append((scheme, found))
    held = {}
    stale: dict[str, list[str]] = defaultdict(list)  # scheme -> members that still say otherwise
    for node, own in by_node.items():
        inherited = [
            _Held(*cells[scheme, ""][:2], scheme, cells[scheme, ""].number)
            for scheme in rows.schemes.get(node, [])
            if cells[scheme, ""].decision
        ]
        said = [(scheme, found) for scheme, found in own if found.decision]
        # a cell that the person touched comes before one that still says what was decided earlier
        new = [
            (s, f) for s, f in said if f.decision != rows.written.get((s, node), _BLANK).decision
        ]
        for scheme in rows.schemes.get(node, []) if said and not new else ():
            now, was = cells[scheme, ""], rows.written.get((scheme, ""), _BLANK)
            if now.decision and now.decision not in (was.decision, said[0][1].decision):
                stale[scheme].append(node)
        words = {found.decision for _, found in new or said}
        if len(words) > 1:
            numbers = sorted(found.number for _, found in new or said)
            where = " and ".join(map(str, numbers))
            problems.append(
                (numbers[-1], f"{node} is decided in two ways, in the rows {where}; clear one")
            )
        note = next((found.reason for _, found in own if found.reason), "")
        if said:
            _, found = (new or said)[0]
            held[node] = _Held(found.decision, found.reason or note, "", found.number)
        elif inherited:
            first = min(inherited, key=lambda item: _CAUTION.index(item.decision))
            held[node] = first._replace(reason=note or first.reason)
        else:
            held[node] = _Held("", "", "", 0)
    for scheme, nodes in stale.items():
        problems.append(
            (
                cells[scheme, ""].number,
                f"says {cells[scheme, ''].decision}, but an earlier decision stands in the rows of "
                f"{nodes[0]}{f' and {len(nodes) - 1} more members' if len(nodes) > 1 else ''}; "
                "change or clear these cells too, or leave the scheme's blank",
            )
        )
    return held


_BLANK = Cell("", "")


def _said(held: _Held) -> tuple[str, str]:
    return held.decision, cell(held.reason)


def _entries(
    changed: Mapping[str, _Held], rows: _Rows, audit: Audit, day: datetime.date
) -> list[Entry]:
    """Return an entry for each row that decided something, with the domains it holds for."""
    grouped: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for node, held in changed.items():
        if not held.decision:
            grouped["", "", "", ""].append(node)
            continue
        home = held.scheme or next(iter(rows.schemes.get(node, [])), "")
        own = "" if held.scheme else node
        grouped[held.decision, held.reason, home, own].append(node)
    return [
        Entry(
            decision=_ruling(decision),
            domains=sorted(nodes),
            date=day,
            reason=clean(reason),
            scheme=clean(rows.titles.get(home, "")),
            audit=stamp(audit),
            sites=list(audit.sites),
        )
        for (decision, reason, home, _), nodes in grouped.items()
    ]


def _ruling(decision: str) -> Ruling:
    return decision or "undecided"  # type: ignore[return-value]
