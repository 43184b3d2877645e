"""domains.csv: every referring domain, one a row, safe to open in a spreadsheet."""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

import polars as pl
from polars.datatypes import DataType, DataTypeClass

from backlint.findings import Audit, DomainResult, Step
from backlint.report import model
from backlint.report.text import UNKNOWN, shorten
from backlint.urls import to_unicode

# what people ask of a backlink (`domain_signals`); an empty cell is unknown
SIGNALS: dict[str, DataType | DataTypeClass] = {
    "tactic": pl.String,
    "sign": pl.String,
    "editorial": pl.Boolean,
    "authority": pl.Float64,
    "authority_tool": pl.String,
    "page_authority": pl.Float64,
    "pagerank": pl.Float64,
    "relevance": pl.Float64,
    "relevant_words": pl.String,
    "traffic": pl.Float64,
    "page_traffic": pl.Int64,
    "content_share": pl.Float64,
    "context_share": pl.Float64,
    "target_share": pl.Float64,
    "dilution": pl.Int64,
}

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
    "evidence",
    "decision",
    *SIGNALS,
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
LISTED: dict[str, DataType | DataTypeClass] = {
    "domain": pl.String,
    "links": pl.Int64,
    "followed": pl.Int64,
    "nofollow": pl.Int64,
    "first_seen": pl.String,
    "last_seen": pl.String,
    "anchors": pl.List(pl.String),
    "evidence": pl.String,
    **SIGNALS,
}

_AT_ONCE = 100_000  # rows: all cells of a million domains would take some hundred megabytes

# What `safe_cell` returns as it is, so that only the other cells of a column go through Python.
_PLAIN = r"\A *([!-~&&[^=+@-]][ -~]*)?\z"


def domains_csv(audit: Audit, listed: pl.DataFrame) -> bytes:
    """Return domains.csv: those with a finding first, riskiest first, then the rest by name.

    `listed` has columns of `LISTED`, `anchors` being the most used ones; null or a column that is
    not there is unknown.
    """
    listed = pl.concat([pl.DataFrame(schema=LISTED), listed], how="diagonal_relaxed")
    accused = _accused(audit)
    first = accused.join(listed, on="domain", how="left", maintain_order="left").with_columns(
        # what rules hold against a domain is nothing that somebody chose freely
        editorial=pl.when(pl.col("band") == "low").then(pl.col("editorial"))
    )
    others = listed.join(accused, on="domain", how="anti").sort("domain")
    out = io.BytesIO()
    # an empty cell is a null: the writer would put an empty text in quotation marks
    _cells(first).write_csv(out, line_terminator="\r\n")
    for some in others.iter_slices(_AT_ONCE):
        cells = _cells(_unaccused(some, audit))
        cells.write_csv(out, include_header=False, line_terminator="\r\n")
    return out.getvalue()


def domain_names(data: bytes) -> dict[str, str]:
    """Return every referring domain of a domains.csv, with the evidence that its verdict has."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return {row["domain"]: row.get("evidence") or "links" for row in rows if row.get("domain")}


def domain_signals(data: bytes, domain: str) -> dict[str, str]:
    """Return the known signals of one referring domain of a domains.csv."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    found = next((row for row in rows if row.get("domain") == domain), {})
    return {name: found[name] for name in SIGNALS if found.get(name)}


def _accused(audit: Audit) -> pl.DataFrame:
    """Return what is said of the domains that carry a finding, riskiest first."""
    lookup = model.look_up(audit)
    results = model.domains_sorted(audit)

    joined = cache(_joined)  # a hundred thousand domains share a few dozen combinations

    @cache
    def reasons(steps: tuple[Step, ...]) -> list[str]:
        return model.top_reasons(steps, lookup)

    def rules(result: DomainResult) -> Iterable[str]:
        return dict.fromkeys(f.rule for f in model.findings_of(result.findings, lookup))

    columns = {
        "domain": [r.domain for r in results],
        "verdict": [r.verdict for r in results],
        "score": [f"{r.score:.2f}" for r in results],
        "band": [r.band for r in results],
        "confidence": [r.confidence for r in results],
        "priority": [r.priority for r in results],
        "schemes": [joined(tuple(r.schemes)) or None for r in results],
        "rules": [joined(tuple(rules(r))) or None for r in results],
        "reasons": [joined((*reasons(tuple(r.waterfall)), *r.guards)) or None for r in results],
        "decision": [safe_cell(model.decision_sentence(r)) or None for r in results],
    }
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def _unaccused(listed: pl.DataFrame, audit: Audit) -> pl.DataFrame:
    """Return the same of domains without a finding; there may be a million of them."""
    base = model.score_of_points(0.0)
    nothing = pl.lit(None, pl.String)
    judged = pl.col("evidence").fill_null("links") != "domain only"
    return listed.with_columns(
        verdict=nothing if audit.profile is None else pl.when(judged).then(pl.lit("keep")),
        score=pl.when(judged).then(pl.lit(f"{base:.2f}")),
        band=pl.when(judged).then(pl.lit(model.band_of(base))),
        confidence=nothing,
        priority=nothing,
        schemes=nothing,
        rules=nothing,
        decision=nothing,
        reasons=pl.when(judged)
        .then(pl.lit(model.no_finding_reason(audit)))
        .otherwise(pl.lit(model.DOMAIN_ONLY)),
    )


def _cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows as the cells of the file: safe, and unknown where the input said nothing."""
    domain = rows["domain"]
    coded = domain.filter(domain.str.contains("xn--", literal=True))
    return rows.with_columns(
        domain=_safe_cells(domain),
        unicode=_safe_cells(_replaced(domain, coded, to_unicode)),
        top_anchors=pl.Series(
            [_anchors(anchors) for anchors in rows["anchors"].to_list()], dtype=pl.String
        ),
        **{name: _facts(rows[name]) for name in _FACTS},
        **{name: _signal(rows[name]) for name in SIGNALS},
    ).select(COLUMNS)


def _facts(values: pl.Series) -> pl.Series:
    """Return counts or dates; what the input did not say is unknown, never 0."""
    return _safe_cells(values.cast(pl.String)).fill_null(UNKNOWN)


def _signal(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Float64:
        values = values.round(4)
    if values.dtype == pl.Boolean:
        values = values.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    return _safe_cells(values.cast(pl.String))


def _safe_cells(texts: pl.Series) -> pl.Series:
    """Return a column as `safe_cell` returns each of its cells."""
    return _replaced(texts, texts.filter(~texts.str.contains(_PLAIN)), safe_cell)


def _replaced(texts: pl.Series, some: pl.Series, function: Callable[[str], str]) -> pl.Series:
    """Return a column in which each of `some` texts is replaced by what a function returns."""
    some = some.unique()
    return texts.replace(some, pl.Series([function(text) for text in some], dtype=pl.String))


def _anchors(anchors: Iterable[str | None] | None) -> str | None:
    if anchors is None:
        return UNKNOWN
    return _joined(shorten(anchor or "", _ANCHOR_SHOWN) for anchor in anchors) or None


def _joined(items: Iterable[str]) -> str:
    # Each item is made safe by itself: a spreadsheet may be told to split cells at the bar.
    return safe_cell(" | ".join(safe_cell(item) for item in items))
