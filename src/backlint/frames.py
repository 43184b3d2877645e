"""The records of an audit as polars frames."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from backlint.findings import Audit, Record
from backlint.report import model

_TEXT, _NUMBER, _COUNT, _TEXTS = pl.String(), pl.Float64(), pl.Int64(), pl.List(pl.String)

Fields = Mapping[str, pl.DataType]

_SCHEMES: Fields = {
    "id": _TEXT, "kind": _TEXT, "name": _TEXT, "level": _TEXT, "score": _NUMBER,
    "sureness": _NUMBER, "controlled_by_site": pl.Boolean(), "links_to_site": _COUNT,
    "domains_to_site": _COUNT, "ties": _TEXTS, "evidence": _TEXTS, "innocent_if": _TEXTS,
    "findings": _TEXTS,
}  # fmt: skip
_FINDINGS: Fields = {
    "id": _TEXT, "rule": _TEXT, "level": _TEXT, "confidence": _TEXT, "subject_kind": _TEXT,
    "subject": _TEXT, "value": _NUMBER, "says": _TEXT, "policy": _TEXT, "domains": _TEXTS,
}  # fmt: skip
_DOMAINS: Fields = {
    "domain": _TEXT, "verdict": _TEXT, "score": _NUMBER, "band": _TEXT, "confidence": _TEXT,
    "priority": _TEXT, "schemes": _TEXTS, "findings": _TEXTS, "protected": _TEXT,
    "covered": pl.Boolean(),
}  # fmt: skip
_COVERAGE: Fields = {
    "rule": _TEXT, "state": _TEXT, "reason": _TEXT, "findings": _COUNT, "seconds": _NUMBER,
}  # fmt: skip
_DISAVOW: Fields = {
    "directive": _TEXT, "reason": _TEXT, "scheme": _TEXT, "findings": _TEXTS, "sites": _TEXTS,
}  # fmt: skip


def schemes(audit: Audit) -> pl.DataFrame:
    """Return the schemes, gravest first."""
    return _frame(model.schemes_sorted(audit), _SCHEMES)


def members(audit: Audit) -> pl.DataFrame:
    """Return scheme (id), node and role of every node in a scheme; targets are not accused."""
    rows = [(s.id, m.node, m.role) for s in model.schemes_sorted(audit) for m in s.members]
    return pl.DataFrame(rows, dict.fromkeys(("scheme", "node", "role"), _TEXT), orient="row")


def findings(audit: Audit) -> pl.DataFrame:
    """Return the findings; the numbers behind each stand in the record's `detail`."""
    return _frame(audit.findings, _FINDINGS)


def coverage(audit: Audit) -> pl.DataFrame:
    """Return how each rule ended; one that did not run has found nothing and cleared nothing."""
    return _frame(audit.coverage, _COVERAGE)


def disavow(audit: Audit) -> pl.DataFrame:
    """Return the lines that the disavow file gains, with the reason of each."""
    return _frame(audit.disavow, _DISAVOW)


def domains(audit: Audit, evidence: Mapping[str, str], referring: pl.DataFrame) -> pl.DataFrame:
    """Return the referring nodes and members of schemes, riskiest first, then by name.

    `evidence` is what each listed node was judged on, `referring` what is known of its links. A
    node without a finding has the verdict "keep" at the score of no points; one that only a tool
    lists was not judged: verdict and score are null, as they are where no site is audited.
    """
    accused = _frame(model.domains_sorted(audit), _DOMAINS).with_columns(
        evidence=pl.Series([each.evidence for each in model.domains_sorted(audit)], dtype=_TEXT),
        decided=pl.Series(
            [each.decided and each.decided.ruling for each in model.domains_sorted(audit)],
            dtype=_TEXT,
        ),
    )
    known = {each.domain for each in audit.domains}
    others = sorted((name, on) for name, on in evidence.items() if name not in known)
    base = model.score_of_points(0.0)
    judged = (pl.col("evidence") != "domain only") & (audit.profile is not None)
    calm = pl.DataFrame(others, {"domain": _TEXT, "evidence": _TEXT}, orient="row").with_columns(
        verdict=pl.when(judged).then(pl.lit("keep")),
        score=pl.when(judged).then(base),
        band=pl.when(judged).then(pl.lit(model.band_of(base))),
    )
    return pl.concat([accused, calm], how="diagonal").join(
        referring, on="domain", how="left", maintain_order="left"
    )


def _frame(records: Sequence[Record], fields: Fields) -> pl.DataFrame:
    columns: dict[str, list[Any]] = {
        name: [getattr(record, name) for record in records] for name in fields
    }
    return pl.DataFrame(columns, schema=dict(fields))
