"""A person's decisions over the machine's verdicts: they win in both directions, guards over them.

Scores, bands and waterfalls stay as they are.
"""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from backlint.findings import Decision, DomainResult, Verdict
from backlint.risk.verdict import priority


def decide(
    results: Sequence[DomainResult], decisions: Mapping[str, Decision]
) -> list[DomainResult]:
    """Return the results as decided; without a decision the machine's verdict stands.

    Decisions of before are replaced, so that it can be done again with others. Where no site is
    audited there is no verdict, and nothing to decide.
    """
    return [_decided(result, decisions.get(result.domain)) for result in results]


def standing_decisions(results: Sequence[DomainResult]) -> dict[str, Decision]:
    """Return the decisions that the results carry."""
    return {result.domain: result.decided for result in results if result.decided}


def _decided(result: DomainResult, decision: Decision | None) -> DomainResult:
    machine = result.machine_verdict
    if machine is None:
        return result
    if decision is None or decision.ruling == "undecided":
        if result.decided is None:
            return result
        return _with_verdict(result, machine, None, None)
    ruling: Verdict = decision.ruling
    if ruling == "disavow" and (result.protected or result.covered):
        ruling = "keep"
    return _with_verdict(result, ruling, decision, machine)


def _with_verdict(
    result: DomainResult, verdict: Verdict, decision: Decision | None, machine: Verdict | None
) -> DomainResult:
    rank = priority(result.credit or 0) if verdict == "disavow" else None
    return replace(result, verdict=verdict, priority=rank, decided=decision, machine=machine)
