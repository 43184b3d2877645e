"""What changed between two audits of the same site: pure, from one record to another."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from backlint.errors import UsageError
from backlint.findings import Audit, DomainResult, Finding, Scheme, Verdict, level_rank
from backlint.report import model
from backlint.report.text import host_text

SAME = 0.5  # Jaccard of the members from which two groups are one scheme that changed


class Pair(NamedTuple):
    """A scheme in both audits, and who joined or left it."""

    old: Scheme
    new: Scheme
    joined: list[str]
    left: list[str]


class Turn(NamedTuple):
    """A referring domain whose verdict is another; None where it had no finding.

    `unseen` are rules that spoke of it in the old audit and did not run in the new one, `absent`
    that the new inputs hold no link of it: a milder verdict may come of that alone. `decided` where
    the new verdict is a person's.
    """

    domain: str
    old: Verdict | None
    new: Verdict | None
    unseen: list[str]
    absent: bool = False
    decided: bool = False


class Changes(NamedTuple):
    """Everything that is not as it was; empty lists where nothing changed.

    `silent` are rules that ran before and not now, `speaking` the other way round; `findings` are
    the new or graver ones that belong to no scheme.
    """

    new: list[Scheme]
    gone: list[Scheme]
    changed: list[Pair]
    same: int
    turns: list[Turn]
    findings: list[Finding]
    silent: list[str]
    speaking: list[str]
    altered: list[str]

    @property
    def nothing(self) -> bool:
        """Whether the two audits say the same."""
        return not any(
            (self.new, self.gone, self.changed, self.turns, self.findings, self.silent,
             self.speaking, self.altered)
        )  # fmt: skip


def compare(old: Audit, new: Audit, referring: Collection[str] | None = None) -> Changes:
    """Return what changed; `referring` are all referring domains of the new audit, where known.

    Raises UsageError for audits that cannot be compared.
    """
    check_alike(old, new.node, new.sites)
    pairs = _pairs(old.schemes, new.schemes)
    before = {id(pair.old) for pair in pairs}
    after = {id(pair.new) for pair in pairs}
    changed = [pair for pair in pairs if _differs(pair)]
    ran_old, ran_new = (
        {c.rule for c in audit.coverage if c.state == "ran"} for audit in (old, new)
    )
    return Changes(
        new=[s for s in model.schemes_sorted(new) if id(s) not in after],
        gone=[s for s in model.schemes_sorted(old) if id(s) not in before],
        changed=changed,
        same=len(pairs) - len(changed),
        turns=_turns(old, new, ran_old - ran_new, referring),
        findings=_new_findings(old, new),
        silent=sorted(ran_old - ran_new),
        speaking=sorted(ran_new - ran_old),
        altered=_altered(old, new),
    )


def check_alike(old: Audit, node: str, sites: Sequence[str]) -> None:
    """Raise UsageError where an audit of these sites by `node` is not comparable with the old."""
    if old.node != node:
        raise UsageError(
            f"the audits count differently, by {old.node} and by {node}; "
            "scan both with the same --node"
        )
    if sorted(old.sites) != sorted(sites):
        raise UsageError(
            f"the audits are of different sites ({_hosts(old.sites)}; {_hosts(sites)})"
        )


def _hosts(sites: Sequence[str]) -> str:
    return ", ".join(map(host_text, sorted(sites))) or "none"


def graver_than(changes: Changes, level: str) -> bool:
    """Say whether the new audit has what the old had not: a finding or scheme of this level."""
    floor = level_rank(level)
    risen = [p.new for p in changes.changed if level_rank(p.old.level) < floor]
    levels = [s.level for s in (*changes.new, *risen)] + [f.level for f in changes.findings]
    return any(level_rank(each) >= floor for each in levels)


def _pairs(old: Sequence[Scheme], new: Sequence[Scheme]) -> list[Pair]:
    """Match schemes by their members: the greatest overlap first, of equals one kind first."""
    found: list[tuple[tuple[float, bool], int, int]] = []
    members_old, members_new = ([set(model.participants(s)) for s in part] for part in (old, new))
    homes: dict[str, list[int]] = {}
    for index, members in enumerate(members_old):
        for node in members:
            homes.setdefault(node, []).append(index)
    for b, members in enumerate(members_new):
        for a in sorted({index for node in members for index in homes.get(node, [])}):
            shared = len(members_old[a] & members) / len(members_old[a] | members)
            if shared >= SAME:
                found.append(((shared, old[a].kind == new[b].kind), a, b))
    found.sort(key=lambda item: (-item[0][0], not item[0][1], item[1], item[2]))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    pairs = []
    for _, a, b in found:
        if a not in taken_old and b not in taken_new:
            taken_old.add(a)
            taken_new.add(b)
            joined, left = members_new[b] - members_old[a], members_old[a] - members_new[b]
            pairs.append(Pair(old[a], new[b], sorted(joined), sorted(left)))
    return sorted(pairs, key=lambda pair: (-pair.new.score, pair.new.kind, pair.new.id))


def _differs(pair: Pair) -> bool:
    old, new = pair.old, pair.new
    return bool(
        pair.joined
        or pair.left
        or (old.kind, old.level, old.controlled_by_site)
        != (new.kind, new.level, new.controlled_by_site)
    )


def _turns(
    old: Audit, new: Audit, silent: Collection[str], referring: Collection[str] | None
) -> list[Turn]:
    """Return the domains whose verdict changed, in whatever direction, the gravest now first."""
    before, after = ({d.domain: d for d in audit.domains} for audit in (old, new))
    turns = []
    for domain in before.keys() | after.keys():
        was, now = before.get(domain), after.get(domain)
        if _verdict(was) == _verdict(now):
            continue
        rules = {step.rule for step in was.waterfall} if was else set()
        first, last = was.verdict if was else None, now.verdict if now else None
        absent = now is None and referring is not None and domain not in referring
        decided = now is not None and now.decided is not None
        unseen = sorted(rules.intersection(silent))
        turns.append(Turn(domain, first, last, unseen, absent, decided))
    return sorted(turns, key=lambda turn: (-_rank(turn.new), -_rank(turn.old), turn.domain))


def _verdict(result: DomainResult | None) -> str:
    """Return a verdict where no finding and `keep` are one: neither asks for anything."""
    return (result.verdict if result else None) or "keep"


def _rank(verdict: Verdict | None) -> int:
    return -model.VERDICTS.index(verdict or "keep")


def _new_findings(old: Audit, new: Audit) -> list[Finding]:
    """Return findings outside of schemes that the old audit had not, or not as grave."""
    known: dict[tuple[str, ...], int] = {}
    for finding in old.findings:
        key = _key(finding)
        known[key] = max(known.get(key, -1), level_rank(finding.level))
    found = [
        finding
        for finding in new.findings
        if finding.subject_kind != "scheme"
        and level_rank(finding.level) > known.get(_key(finding), -1)
    ]
    return sorted(found, key=lambda f: (-level_rank(f.level), f.rule, f.subject, f.id))


def _key(finding: Finding) -> tuple[str, ...]:
    anchor = str(finding.detail.get("anchor", ""))
    return finding.rule, finding.subject_kind, finding.subject, anchor


def _altered(old: Audit, new: Audit) -> list[str]:
    """Return the rules that the configurations of the two audits changed differently."""
    before, after = ({rule.id: rule.changed for rule in audit.rules} for audit in (old, new))
    return sorted(rule for rule in before.keys() & after.keys() if before[rule] != after[rule])
