"""The review: one row a scheme, its linking members beneath it, then what stands alone.

A person writes decisions into it, and `decisions.take` reads them back. A blank cell of a domain
says as its scheme, a blank one of a scheme as the machine. The rows are the same in review.xlsx and
review.csv; every text is safe in a spreadsheet.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple

import msgspec
import polars as pl

from backlint.findings import Audit, Decision, DomainResult, Scheme
from backlint.report import model
from backlint.report.csv import safe_cell
from backlint.report.text import UNKNOWN, host_text, shorten, visible
from backlint.report.words import policy_words, scheme_title
from backlint.report.workbook import MAX_ROWS, Column, Value, workbook

TOP_ANCHORS = 3
_LONGEST = 1000  # characters of a cell: a row must stay readable, a spreadsheet ends at 32,767
_ANCHOR_SHOWN = 80

COLUMNS = (
    Column("row", 8),
    Column("id", 12),
    Column("name", 30),
    Column("machine", 16, wrap=True),
    Column("decision", 10),
    Column("reason", 26, wrap=True),
    Column("level", 8),
    Column("score", 6, number="0"),
    Column("priority", 7),
    Column("domains", 8, number="#,##0"),
    Column("links", 8, number="#,##0"),
    Column("followed", 9, number="#,##0"),
    Column("followed share", 9, number="0%"),
    Column("first seen", 10),
    Column("top anchors", 26, wrap=True),
    Column("why", 56, wrap=True),
    Column("innocent if", 50, wrap=True),
    Column("policy", 32, wrap=True),
    Column("audit", 20, hidden=True),
)
DECISIONS = ("disavow", "keep", "review")


class Block(NamedTuple):
    """A scheme with those of its members that link to the site, or, without a scheme, the rest.

    `decided` is the decision that all members share, so that it stands in the scheme's row.
    """

    scheme: Scheme | None
    members: list[DomainResult]
    decided: Decision | None


class Row(NamedTuple):
    """One row: what identifies it, the cells that a person fills, and all cells in order.

    `id` is that of the scheme, also in the row of a member; `node` is empty in a scheme's row.
    """

    kind: Literal["scheme", "domain"]
    id: str
    name: str
    node: str
    decision: str
    reason: str
    protected: bool
    cells: tuple[Value, ...]


def with_review(audit: Audit, listed: pl.DataFrame) -> tuple[Audit, dict[str, bytes]]:
    """Return the audit and its review files by name; the audit knows their digests.

    Nothing to decide without a site. A review of more rows than a sheet holds is written as
    review.csv only. `listed` has columns of `csv.LISTED`.
    """
    if audit.profile is None:
        return audit, {}
    seen = {}
    if "first_seen" in listed.columns:
        seen = dict(listed.select("domain", pl.col("first_seen").cast(pl.String)).iter_rows())
    rows = list(review_rows(audit, seen))
    files = {"review.csv": review_csv(rows)}
    if len(rows) < MAX_ROWS:
        files["review.xlsx"] = review_workbook(audit, rows)
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    return msgspec.structs.replace(audit, files=digests), files


def review_csv(rows: Iterable[Row]) -> bytes:
    """Return review.csv."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([_csv_value(value) for value in row.cells] for row in rows)
    return out.getvalue().encode()


def review_workbook(audit: Audit, rows: Sequence[Row]) -> bytes:
    """Return review.xlsx: the sheet Review, and How to."""
    return workbook(
        COLUMNS,
        [row.cells for row in rows],
        members=[row.kind == "domain" and bool(row.id) for row in rows],
        locked=[row.protected for row in rows],
        choices=DECISIONS,
        how_to=_how_to(audit),
    )


def stamp(audit: Audit) -> str:
    """Return what tells this audit from any other: its sites, its day and a digest.

    The digest covers what can be decided and what was: a review of another state is another's.
    """
    parts = [
        *(f"{s.id} {s.score:.6f}" for s in audit.schemes),
        *(f"{r.domain} {r.score:.6f} {model.machine_word(r)}" for r in audit.domains),
        *(f"{r.domain} {d.ruling} {d.reason}" for r in audit.domains if (d := r.decided)),
    ]
    digest = hashlib.sha256("\n".join([audit.node, *parts]).encode("utf-8", "replace")).hexdigest()
    return cell(f"{' '.join(audit.sites)} {audit.as_of} {digest[:12]}")


def cell(text: str) -> str:
    """Return text from anywhere as a cell: nothing hidden, no formula, of a length to read.

    Done twice it is the same, so that what is read back can be compared.
    """
    return shorten(safe_cell(visible(text).strip()), _LONGEST)


def name_of(node: str) -> str:
    """Return how a domain's row names it."""
    return cell(host_text(node))


def title_of(scheme: Scheme) -> str:
    """Return how a scheme's row names it."""
    return cell(scheme_title(scheme))


def blocks(audit: Audit) -> Iterator[Block]:
    """Yield the schemes with members that link to the site, gravest first, then the rest.

    The rest are domains of no such scheme to review or to disavow, and those somebody decided.
    """
    lookup = model.look_up(audit)
    placed: set[str] = set()
    for scheme in model.schemes_sorted(audit):
        nodes = dict.fromkeys(model.participants(scheme))
        known = [lookup.domains[node] for node in nodes if node in lookup.domains]
        members = _sorted(result for result in known if result.verdict is not None)
        if members:
            placed |= {result.domain for result in members}
            yield Block(scheme, members, _shared(members))
    rest = [
        result
        for result in audit.domains
        if result.domain not in placed
        and (result.decided or model.machine_word(result) in ("review", "disavow"))
    ]
    if rest:
        yield Block(None, _sorted(rest), None)


def cells_of(block: Block, result: DomainResult | None) -> tuple[str, str]:
    """Return decision and reason as the row of a member, or of the scheme itself, shows them."""
    decided = block.decided if result is None else result.decided
    if decided is None or (result is not None and block.decided is not None):
        return "", ""
    return decided.ruling, cell(decided.reason)


def review_rows(audit: Audit, first_seen: Mapping[str, str | None]) -> Iterator[Row]:
    """Yield all rows; `first_seen` has the day of a domain's first link, where it is known."""
    lookup = model.look_up(audit)
    mark = stamp(audit)
    why_of = cache(lambda steps: model.top_reasons(steps, lookup))

    def row(block: Block, result: DomainResult | None, name: str, values: dict[str, Value]) -> Row:
        decision, reason = cells_of(block, result)
        scheme = cell(block.scheme.id) if block.scheme else ""
        kind: Literal["scheme", "domain"] = "domain" if result else "scheme"
        values |= {"row": kind, "id": scheme, "name": name, "audit": mark}
        values |= {"decision": decision, "reason": reason}
        cells = tuple(values.get(column.name) for column in COLUMNS)
        node = result.domain if result else ""
        protected = bool(result and result.protected)
        return Row(kind, scheme, name, node, decision, reason, protected, cells)

    for block in blocks(audit):
        said: _Said = _Said([], [])
        if block.scheme:
            said = _said_of(block.scheme, lookup)
            values = _scheme_values(block, said, first_seen)
            yield row(block, None, title_of(block.scheme), values)
        for result in block.members:
            why = why_of(tuple(result.waterfall))
            values = _domain_values(result, why, said, lookup, first_seen)
            yield row(block, result, name_of(result.domain), values)


class _Said(NamedTuple):
    """What a scheme's row says, so that its members need not repeat it."""

    innocent: list[str]
    policies: list[str]


def _said_of(scheme: Scheme, lookup: model.Lookup) -> _Said:
    findings = model.findings_of(scheme.findings, lookup)
    return _Said(
        [visible(text) for text in scheme.innocent_if],
        list(dict.fromkeys(_clause(finding.policy) for finding in findings)),
    )


def _scheme_values(
    block: Block, said: _Said, first_seen: Mapping[str, str | None]
) -> dict[str, Value]:
    scheme, members = block.scheme, block.members
    assert scheme is not None
    verdicts = Counter(model.machine_word(result) for result in members)
    days = [day for result in members if (day := first_seen.get(result.domain))]
    anchors = Counter(anchor for result in members for anchor in dict.fromkeys(result.anchors))
    top = sorted(anchors, key=lambda anchor: (-anchors[anchor], anchor))[:TOP_ANCHORS]
    return {
        "machine": ", ".join(f"{verdicts[word]} {word}" for word in _WORDS if verdicts[word]),
        "level": scheme.level,
        "score": round(scheme.score, 1),
        "domains": len(members),
        **_counts([result.links for result in members], [result.followed for result in members]),
        "first seen": cell(min(days)) if days else UNKNOWN,
        "top anchors": _anchors(top),
        "why": _joined(scheme.evidence),
        "innocent if": _joined(said.innocent),
        "policy": _joined(said.policies),
    }


def _domain_values(
    result: DomainResult,
    why: Sequence[str],
    said: _Said,
    lookup: model.Lookup,
    first_seen: Mapping[str, str | None],
) -> dict[str, Value]:
    findings = model.findings_of(result.findings, lookup)
    policies = dict.fromkeys(_clause(finding.policy) for finding in findings)
    innocent = model.innocent_notes(result, lookup)
    decided = [model.decision_sentence(result)] if result.decided else []
    return {
        "machine": model.machine_word(result),
        "score": round(result.score, 1),
        "priority": result.priority,
        **_counts([result.links], [result.followed]),
        "first seen": cell(first_seen.get(result.domain) or UNKNOWN),
        "top anchors": _anchors(result.anchors[:TOP_ANCHORS]),
        "why": _joined([*decided, *why, *result.guards]),
        "innocent if": _joined(text for text in innocent if text not in said.innocent),
        "policy": _joined(text for text in policies if text not in said.policies),
    }


_WORDS = ("disavow", "review", "keep", "protected")


def _clause(policy: str) -> str:
    return policy_words(policy).removeprefix("Google spam policies, ")


def _counts(links: Sequence[int | None], followed: Sequence[int | None]) -> dict[str, Value]:
    """Return the sums; unknown as soon as one part is, for an unknown count is no zero."""
    known = None if None in links else sum(n for n in links if n is not None)
    credit = None if None in followed else sum(n for n in followed if n is not None)
    share = credit / known if credit is not None and known else None
    return {
        "links": UNKNOWN if known is None else known,
        "followed": UNKNOWN if credit is None else credit,
        "followed share": UNKNOWN if share is None else round(share, 4),
    }


def _joined(texts: Iterable[str]) -> str:
    return cell("; ".join(text.rstrip(".") for text in texts))


def _anchors(anchors: Iterable[str]) -> str:
    """Return anchors as one cell; each is safe by itself, for cells can be split at the bar."""
    return cell(" | ".join(safe_cell(shorten(visible(a), _ANCHOR_SHOWN)) for a in anchors))


def _shared(members: Sequence[DomainResult]) -> Decision | None:
    """Return the decision that all members share in word and reason, or None."""
    found = [result.decided for result in members if not result.protected]
    same = {(decided.ruling, decided.reason) if decided else None for decided in found}
    return found[0] if len(same) == 1 else None


def _sorted(results: Iterable[DomainResult]) -> list[DomainResult]:
    return sorted(results, key=lambda result: (-result.score, result.domain))


def _csv_value(value: Value) -> Value:
    return "" if value is None else value


def _how_to(audit: Audit) -> list[tuple[str, str]]:
    """Return heading and text of the sheet that says how to go about it."""
    sites = cell(", ".join(audit.sites))
    return [
        ("What this is", f"The review of the links to {sites}, as of {cell(audit.as_of)}."),
        (
            "Decide",
            "Choose disavow, keep or review in the column decision; write why beside it. The "
            "decision in a scheme's row holds for all domains beneath it.",
        ),
        (
            "Blank",
            "A blank decision of a domain says: as its scheme. A blank one of a scheme says: as "
            "the machine. Clear a cell to take an earlier decision back.",
        ),
        (
            "What beats what",
            "A domain's own decision beats that of its scheme. Of two schemes the more cautious "
            "one holds: keep, then review, then disavow. Protected rows are never disavowed: own "
            "sites, the allow-list, the trusted list, platforms.",
        ),
        (
            "Handling",
            "Sort, filter, move and add columns as you like; do not delete the columns row, id, "
            "name, decision, reason and audit (the last one is hidden). The 1 and 2 at the left "
            "edge fold the domains away.",
        ),
        (
            "Then",
            "Save, close, and run: backlint disavow write --decisions review.xlsx. It notes your "
            "decisions, writes disavow.txt, and later scans honour them.",
        ),
        ("Audit", stamp(audit)),
    ]
