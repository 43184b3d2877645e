"""Run the rules: each ends as ran, not evaluable, failed or timed out; none stops the others."""

import math
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from backlint.engine.base import Engine, RuleTimeoutError
from backlint.findings import LEVELS, Claim, Coverage, Level, level_rank
from backlint.rules.model import Rule, used_parameters

SECONDS = 120.0  # a rule; long enough for millions of links, short enough to notice a runaway

CONTRACT = {"subject": "VARCHAR", "value": "DOUBLE", "domains": "VARCHAR[]", "link_ids": "BIGINT[]"}
OPTIONAL = {
    "level": "VARCHAR",
    "targets": "VARCHAR[]",
    "hubs": "VARCHAR[]",
    "scheme": "VARCHAR",
    "sureness": "DOUBLE",
}


def _claim(rule: Rule, row: dict[str, Any]) -> Claim:
    """Return a row as a claim; lists are sorted so that engines cannot differ."""
    header = rule.header
    return Claim(
        rule=header.id,
        group=header.group,
        level=_level(rule, row.get("level")),
        confidence=header.confidence,
        policy=header.policy,
        subject_kind=header.subject,
        subject=row["subject"],
        value=_plain(row["value"]) or 0.0,
        scheme=(row["scheme"] or "") if "scheme" in row else header.scheme,
        domains=tuple(sorted({d for d in row["domains"] or [] if d is not None})),
        targets=tuple(sorted({t for t in row.get("targets") or [] if t is not None})),
        hubs=tuple(sorted({h for h in row.get("hubs") or [] if h is not None})),
        link_ids=tuple(sorted({i for i in row["link_ids"] or [] if i is not None})),
        detail={key: _plain(value) for key, value in (row["detail"] or {}).items()},
        sureness=_plain(row.get("sureness")),
    )


def _level(rule: Rule, level: str | None) -> Level:
    """Return the row's level, never above the most that the rule can say."""
    if level is None:
        return rule.header.level
    return LEVELS[min(level_rank(level), level_rank(rule.header.level))]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, list):
        return sorted(item for item in value if item is not None)
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else round(value, 6)
    return value


def run_rules(
    engine: Engine,
    rules: Sequence[Rule],
    fields: frozenset[str],
    *,
    seconds: float = SECONDS,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[list[Claim], list[Coverage]]:
    """Return the rows of all rules and how each rule ended.

    `fields` are the columns that the inputs know (`links.anchor`, `out_links_complete`, ...).
    The engine must be locked by the caller: rule SQL is not trusted with files.
    """
    rows: list[Claim] = []
    coverage: list[Coverage] = []
    for number, rule in enumerate(rules):
        progress(f"{rule.header.id} {rule.header.name} {number / len(rules):.0%}")
        start = time.perf_counter()
        found: list[Claim] = []
        state, reason = "ran", ""
        try:
            reason = obstacle(engine, rule, fields, seconds)
            if reason:
                state = "not evaluable"
            else:
                found = run_rule(engine, rule, seconds)
        except RuleTimeoutError as error:
            state, reason = "timed out", str(error)
        except Exception as error:  # a broken rule must be reported, and must not stop the audit
            state, reason = "failed", _first_line(error)
        rows += found
        coverage.append(
            Coverage(
                rule=rule.header.id,
                state=state,  # type: ignore[arg-type]
                reason=reason,
                findings=len(found),
                seconds=round(time.perf_counter() - start, 3),
            )
        )
    return rows, coverage


def obstacle(engine: Engine, rule: Rule, fields: frozenset[str], seconds: float = SECONDS) -> str:
    """Return why the inputs say too little for a rule, and what would help; empty if they do not.

    Needs the features that come before the graph.
    """
    missing = [field for field in rule.header.requires if field not in fields]
    if missing:
        return _missing(missing)
    if rule.header.evaluable and not _evaluable(engine, rule, seconds):
        return rule.header.not_evaluable
    return ""


def run_rule(engine: Engine, rule: Rule, seconds: float = SECONDS) -> list[Claim]:
    """Return the rows of one rule, sorted; raises ValueError when it breaks the column contract."""
    engine.materialise("rule_rows", rule.sql, _params(rule, rule.sql), seconds=seconds)
    # of the table, not of the SQL: to plan that twice takes longer than many rules take to run
    broken = contract_problems(engine.columns("SELECT * FROM rule_rows"))
    if broken:
        raise ValueError("; ".join(broken))
    frame = engine.fetch("SELECT * FROM rule_rows")
    engine.run("DROP TABLE rule_rows")
    rows = [_claim(rule, row) for row in frame.iter_rows(named=True)]
    return sorted(rows, key=lambda row: (row.subject, row.domains, str(row.detail)))


def contract_problems(columns: dict[str, str]) -> list[str]:
    """Return how the columns of a rule differ from the contract."""
    problems = []
    for name, kind in CONTRACT.items():
        if name not in columns:
            problems.append(f"column {name} is missing")
        elif columns[name] != kind:
            problems.append(f"column {name} is {columns[name]}, must be {kind}")
    if not columns.get("detail", "").startswith("STRUCT"):
        problems.append("column detail must be a STRUCT, made by struct_pack")
    for name, kind in columns.items():
        if name in OPTIONAL and kind != OPTIONAL[name]:
            problems.append(f"column {name} is {kind}, must be {OPTIONAL[name]}")
        elif name not in {*CONTRACT, *OPTIONAL, "detail"}:
            problems.append(f"column {name} is not in the contract")
    return problems


def _evaluable(engine: Engine, rule: Rule, seconds: float) -> bool:
    sql = rule.header.evaluable
    engine.materialise("rule_rows", f"SELECT ({sql}) AS yes", _params(rule, sql), seconds=seconds)
    return bool(engine.value("SELECT yes FROM rule_rows"))


def _params(rule: Rule, sql: str) -> dict[str, Any] | None:
    used = {name: rule.header.params[name] for name in sorted(used_parameters(sql))}
    return used or None


def _missing(fields: Sequence[str]) -> str:
    columns = [field.removeprefix("links.") for field in fields if field.startswith("links.")]
    parts = [f"no input has the column {', '.join(columns)}"] if columns else []
    if "out_links_complete" in fields:
        parts.append("no input holds all out-links of its sources (a crawl does)")
    return "; ".join(parts)


def _first_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip().splitlines()[0] if str(error) else ''}"
