"""domains.csv: every referring domain, one a row, safe to open in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from backlint.findings import Audit, DomainResult
from backlint.report import model
from backlint.report.text import UNKNOWN, shorten
from backlint.urls import to_unicode

COLUMNS = (
    "domain",
    "unicode",
    "verdict",
    "score",
    "band",
    "confidence",
    "priority",
    "schemes",
    "rules",
    "links",
    "followed",
    "nofollow",
    "first_seen",
    "last_seen",
    "top_anchors",
    "reasons",
)

_ANCHOR_SHOWN = 200  # characters: a page may carry an anchor of megabytes

_BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
# Full-width forms are folded to the plain ones by some spreadsheets on import.
_FORMULA_STARTS = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")


def safe_cell(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, without control characters.

    What a formula would start with gets a leading apostrophe, also behind white space and
    invisible characters, which importers trim. A leading TAB or CR counts as such a start.
    """
    if text.isascii() and text.isprintable():  # nearly every cell, and millions of them
        return f"'{text}" if text.lstrip(" ")[:1] in tuple("=+-@") else text
    lines = _BREAKS.sub(" ", text)
    kept = "".join(c for c in lines if unicodedata.category(c) not in ("Cc", "Cs"))
    head = next((c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf"), "")
    risky = head in _FORMULA_STARTS if head else False
    return f"'{kept}" if risky or text[:1] in ("\t", "\r") else kept


_FACTS = ("links", "followed", "nofollow", "first_seen", "last_seen")


def domains_csv(audit: Audit, all_domains: Iterable[Mapping[str, object]]) -> bytes:
    """Return domains.csv: those with a finding first, riskiest first, then the rest by name.

    Each mapping of `all_domains` has the keys domain, links, followed, nofollow, first_seen,
    last_seen and anchors (a list of the most used ones); None or absent is unknown.
    """
    facts = {str(row["domain"]): row for row in all_domains}
    lookup = model.look_up(audit)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for result in model.domains_sorted(audit):
        writer.writerow(_accused_row(result, facts.get(result.domain, {}), lookup))
    others = sorted(facts.keys() - lookup.domains.keys())
    writer.writerows(_other_rows(((domain, facts[domain]) for domain in others), audit))
    return out.getvalue().encode("utf-8")


def domain_names(data: bytes) -> list[str]:
    """Return the first column of a domains.csv: every referring domain of that audit."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    next(rows, None)
    return [row[0] for row in rows if row]


def _accused_row(
    result: DomainResult, facts: Mapping[str, object], lookup: model.Lookup
) -> list[str]:
    rules = dict.fromkeys(f.rule for f in model.findings_of(result.findings, lookup))
    anchors = facts.get("anchors")
    return [
        safe_cell(result.domain),
        safe_cell(to_unicode(result.domain)),
        result.verdict or "",
        f"{result.score:.2f}",
        result.band,
        result.confidence,
        result.priority or "",
        _joined(result.schemes),
        _joined(rules),
        _fact(facts.get("links", result.links)),
        _fact(facts.get("followed", result.followed)),
        _fact(facts.get("nofollow", result.nofollow)),
        _fact(facts.get("first_seen")),
        _fact(facts.get("last_seen")),
        _anchors(anchors if anchors is not None else result.anchors or None),
        _joined([*model.top_reasons(result, lookup), *result.guards]),
    ]


def _other_rows(
    domains: Iterable[tuple[str, Mapping[str, object]]], audit: Audit
) -> Iterator[list[str]]:
    """Yield the rows of domains without a finding; there may be a million of them."""
    base = model.score_of_points(0.0)
    judged = ["" if audit.profile is None else "keep", f"{base:.2f}", model.band_of(base)]
    reason = model.no_finding_reason(audit)
    for domain, facts in domains:
        yield [
            safe_cell(domain),
            safe_cell(to_unicode(domain)),
            *judged,
            "",
            "",
            "",
            "",
            *(_fact(facts.get(key)) for key in _FACTS),
            _anchors(facts.get("anchors")),
            reason,
        ]


def _fact(value: object) -> str:
    """Return a count or date; what the input did not say is unknown, never 0."""
    return UNKNOWN if value is None else safe_cell(str(value))


def _anchors(value: object) -> str:
    if value is None:
        return UNKNOWN
    anchors = value if isinstance(value, list | tuple) else [value]
    return _joined(
        "" if anchor is None else shorten(str(anchor), _ANCHOR_SHOWN) for anchor in anchors
    )


def _joined(items: Iterable[str]) -> str:
    # Each item is made safe by itself: a spreadsheet may be told to split cells at the bar.
    return safe_cell(" | ".join(safe_cell(item) for item in items))
