"""Remembered decisions laid over a finished audit, as the next scan would lay them."""

import datetime
from collections.abc import Sequence

from msgspec.structs import replace

from backlint.decisions.memory import Entry, standing
from backlint.findings import Audit, Decision, DisavowLine, DomainResult
from backlint.risk.assess import disavow_lines
from backlint.risk.decide import decide, standing_decisions


def last_day(audit: Audit) -> datetime.date:
    """Return the day by which it is told whether a decision has ended."""
    known = audit.as_of != "unknown"
    return datetime.date.fromisoformat(audit.as_of) if known else datetime.date.today()


def holding(audit: Audit, entries: Sequence[Entry]) -> dict[str, Decision]:
    """Return the decisions that hold by domain: those that the audit knew, over them the entries.

    Some may be about domains that are not in the audit.
    """
    stand = standing(entries, audit.sites, last_day(audit))
    return standing_decisions(audit.domains) | stand.decisions


def apply(audit: Audit, entries: Sequence[Entry]) -> Audit:
    """Return the audit as decided."""
    domains = decide(audit.domains, holding(audit, entries))
    return replace(audit, domains=domains, disavow=lines_for(audit, domains))


def lines_for(audit: Audit, domains: Sequence[DomainResult]) -> list[DisavowLine]:
    """Return the lines of an audit's domains as decided, with the sites that are known of them."""
    sites = {line.directive: line.sites for line in audit.disavow}
    return [
        replace(line, sites=sites.get(line.directive, []))
        for line in disavow_lines(domains, audit.schemes)
    ]


def fresh(taken: Sequence[Entry], entries: Sequence[Entry], audit: Audit) -> list[Entry]:
    """Return what was taken without what the entries say already."""
    known = standing(entries, audit.sites, last_day(audit)).decisions

    def is_new(entry: Entry, domain: str) -> bool:
        old = known.get(domain)
        return old is None or (old.ruling, old.reason) != (entry.decision, entry.reason)

    left = [
        replace(entry, domains=[d for d in entry.domains if is_new(entry, d)]) for entry in taken
    ]
    return [entry for entry in left if entry.domains]


def against_the_machine(audit: Audit) -> list[tuple[str, DomainResult]]:
    """Return the domains whose line a person took out ("-") or put in ("+"), by name."""
    return [
        ("-" if result.machine == "disavow" else "+", result)
        for result in sorted(audit.domains, key=lambda result: result.domain)
        if result.decided
        and result.machine != result.verdict
        and "disavow" in (result.machine, result.verdict)
    ]
