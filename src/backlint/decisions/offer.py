"""What a page may offer to decide: a line for each domain that guards let through."""

from collections.abc import Mapping

from msgspec.structs import replace

from backlint.decisions.apply import lines_for
from backlint.disavow.file import DisavowFile
from backlint.disavow.guards import Guards
from backlint.disavow.parts import take_apart
from backlint.findings import Audit, Decision, DisavowParts
from backlint.report.data import MOST
from backlint.report.model import domains_sorted
from backlint.risk.decide import decide


def offer(
    audit: Audit, guards: Guards, decisions: Mapping[str, Decision], old: DisavowFile | None
) -> DisavowParts | None:
    """Return the parts of the disavow file of an audit, its domains in the order of the report.

    `decisions` are those that held in the audit, also about domains that are not in it. None where
    no site is audited, and where there is more than a page can hold.
    """
    results = domains_sorted(audit)
    if audit.profile is None or len(results) > MOST:
        return None
    chosen = Decision(ruling="disavow", date=audit.as_of)
    all_of = decide(results, {result.domain: chosen for result in results})
    known = {result.domain for result in results if result.verdict is not None}
    kept = {
        node for node, found in decisions.items() if found.ruling == "keep" and node not in known
    }
    bare = replace(guards, kept=frozenset())
    nodes = [result.domain for result in results]
    return take_apart(lines_for(audit, all_of), nodes, old, bare, kept, audit.sites)
