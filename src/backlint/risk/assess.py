"""The whole weighing: claims of rules in; findings, schemes, verdicts and the profile's risk out.

Pure: it sees records only, never the database.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Any, NamedTuple

import msgspec

from backlint.findings import (
    TIES,
    Band,
    Basis,
    Claim,
    Confidence,
    Decision,
    DisavowLine,
    DomainResult,
    Finding,
    LinkRef,
    Member,
    Profile,
    RuleInfo,
    Scheme,
    Step,
    Verdict,
    fingerprint,
    level_rank,
    tie_words,
)
from backlint.risk.decide import decide
from backlint.risk.schemes import Group, merge, profile_risk, raised
from backlint.risk.score import (
    DECISIVE,
    Evidence,
    agreeing_groups,
    band_of,
    judged_band,
    score,
    total,
    waterfall,
)
from backlint.risk.triage import triage
from backlint.risk.verdict import Standing, confidence, judge, priority

SHOWN_LINKS = 12  # as many as the longest ring has

TOLD = 3  # findings about the profile that its reasons name

ATTACK = "BL602"  # a label that accuses nobody: it tells the site's owner why not to worry

SETS = 8  # of findings on which a verdict rests, that are kept
MANY = 24  # findings of one domain; up to here every three of them are tried

BRAKE_SHARE = 0.8  # of referring domains with brand or bare-URL anchors, from which evidence brakes


class Facts(NamedTuple):
    """What the link table knows of one node.

    `protected` says why it may never be disavowed. Counts are None where no site is audited.
    """

    node: str
    links: int | None = None
    followed: int | None = None
    nofollow: int | None = None
    credit: int | None = None
    protected: str | None = None
    trusted: bool = False
    own: bool = False
    covered: bool = False
    anchors: tuple[str, ...] = ()
    evidence: Basis = "links"


class Scale(NamedTuple):
    """The points table as two questions, the group caps and the worth of trust."""

    worth: Callable[[str, str], float]
    decisive: Callable[[str, str], bool]
    caps: Mapping[str, float]
    trust: float


class Case(NamedTuple):
    """Everything that is weighed.

    `facts` has every node that a claim names; `referring` domains with `links` lead to the site;
    `partners` are nodes that the site links to; `braked` is the reason why circumstantial evidence
    ends at review, if any; `ran` and `missing` count the rules that could run and could not; with
    `manual_action` Google has told the owner of one; `decisions` are a person's, by node.
    """

    claims: Sequence[Claim]
    rules: Mapping[str, RuleInfo]
    says: Mapping[str, str]
    scale: Scale
    facts: Mapping[str, Facts]
    referring: int
    links: int
    partners: Collection[str]
    has_site: bool
    braked: str | None
    ran: int
    missing: int
    manual_action: bool = False
    decisions: Mapping[str, Decision] = {}


class Weighed(NamedTuple):
    """The outcome: findings with the ids of their example links, schemes, domains, profile."""

    findings: list[Finding]
    schemes: list[Scheme]
    domains: list[DomainResult]
    profile: Profile | None
    disavow: list[DisavowLine]


def weigh(case: Case, links: Callable[[Collection[int]], Mapping[int, LinkRef]]) -> Weighed:
    """Return the weighed case; `links` fetches the example links that findings show."""
    groups = merge([c for c in case.claims if c.scheme or c.subject_kind == "scheme"])
    alone = [c for c in case.claims if not c.scheme and c.subject_kind != "scheme"]
    names = [scheme_id(group) for group in groups]
    kept = [
        (claim, name) for group, name in zip(groups, names, strict=True) for claim in group.claims
    ]
    kept += [(claim, "") for claim in alone]
    refs = links({i for claim, _ in kept for i in claim.link_ids[:SHOWN_LINKS]})
    findings = _distinct([_finding(claim, name, refs, case.says) for claim, name in kept])
    by_scheme: dict[str, list[Finding]] = defaultdict(list)
    for finding, (_, name) in zip(findings, kept, strict=True):
        by_scheme[name].append(finding)
    evidence = {
        finding.id: _evidence(case.scale, claim)
        for finding, (claim, _) in zip(findings, kept, strict=True)
    }
    schemes = [
        _scheme(case, group, name, by_scheme[name])
        for group, name in zip(groups, names, strict=True)
    ]
    schemes.sort(key=lambda s: (-s.score, -(s.sureness or 0.0), s.kind, s.id))
    domains = decide(_domains(case, findings, evidence, schemes), case.decisions)
    told = [
        finding.says
        for finding, (claim, name) in zip(findings, kept, strict=True)
        if not name and _speaks_of_profile(claim)
    ]
    profile = _profile(case, schemes, domains, told) if case.has_site else None
    return Weighed(sorted(findings, key=lambda f: (f.rule, f.subject, f.id)), schemes, domains,
                   profile, disavow_lines(domains, schemes))  # fmt: skip


def scheme_id(group: Group) -> str:
    """Return the stable id of a scheme: the same members give the same id in every audit."""
    return "S-" + fingerprint("scheme", *sorted(group.members))[:8]


def _place(link: LinkRef) -> tuple[str, str, str]:
    return link.source_url, link.target_url, link.anchor or ""


def _distinct(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with ids that differ: a rule may say several things of one subject."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        seen[finding.id] += 1
        if seen[finding.id] > 1:
            again = fingerprint(finding.id, str(seen[finding.id]))
            finding = msgspec.structs.replace(finding, id=again)
        found.append(finding)
    return found


def _finding(
    claim: Claim, name: str, refs: Mapping[int, LinkRef], says: Mapping[str, str]
) -> Finding:
    subject = name or claim.subject
    return Finding(
        id=fingerprint(claim.rule, subject, *claim.domains, str(claim.detail.get("anchor", ""))),
        rule=claim.rule,
        level=claim.level,
        confidence=claim.confidence,
        subject_kind="scheme" if name else claim.subject_kind,
        subject=subject,
        policy=claim.policy,
        value=claim.value,
        domains=list(claim.domains),
        links=sorted((refs[i] for i in claim.link_ids[:SHOWN_LINKS] if i in refs), key=_place),
        detail=claim.detail,
        says=sentence(says[claim.rule], claim.detail),
    )


def sentence(template: str, detail: Mapping[str, Any]) -> str:
    """Return a rule's sentence with the numbers of one finding; unknown numbers read "unknown"."""

    class Known(dict[str, Any]):
        def __missing__(self, key: str) -> Any:
            return _Unknown()

    known = Known({k: v for k, v in detail.items() if v is not None})
    return template.format_map(known)


class _Unknown:
    def __format__(self, _: str) -> str:
        return "unknown"


def _evidence(scale: Scale, claim: Claim) -> Evidence:
    return Evidence(
        claim.rule,
        claim.group,
        scale.worth(claim.rule, claim.level),
        scale.decisive(claim.rule, claim.level),
    )


def _scheme(case: Case, group: Group, name: str, findings: Sequence[Finding]) -> Scheme:
    steps = waterfall([_evidence(case.scale, c) for c in group.claims], case.scale.caps)
    facts = [case.facts[node] for node in sorted(group.members) if node in case.facts]
    exact = any(f.rule == "BL305" and f.level == "high" for f in findings)
    tied = {
        "linked back": any(fact.node in case.partners for fact in facts),
        "own member": any(fact.own for fact in facts),
        "keywords": exact,
    }
    ties = [tie for tie in TIES if tied[tie]]
    members = [Member(node=node, role=_role(group, node)) for node in sorted(group.members)]
    members += [Member(node=node, role="target") for node in sorted(group.targets)]
    return Scheme(
        id=name,
        kind=group.kind,
        level=raised(group.level, len(agreeing_groups(steps))),
        score=score(total(steps)),
        controlled_by_site=bool(ties),
        members=members,
        evidence=[f.says for f in findings],
        innocent_if=sorted({text for f in findings for text in case.rules[f.rule].false_positives}),
        findings=[f.id for f in findings],
        links_to_site=sum(fact.links or 0 for fact in facts),
        domains_to_site=sum(1 for fact in facts if fact.links),
        sureness=max((c.sureness for c in group.claims if c.sureness is not None), default=None),
        ties=ties,
    )


def _role(group: Group, node: str) -> str:
    """Return what a member does: it boosts hubs where there are some, or links to the targets."""
    if group.hubs:
        return "hub" if node in group.hubs else "booster"
    return "source" if group.kind == "private-blog-network" else "member"


class _Weight(NamedTuple):
    """What evidence weighs, whoever carries it."""

    steps: list[Step]
    score: float
    band: Band
    confidence: Confidence
    decisive: bool


def _weight(evidence: Sequence[Evidence], caps: Mapping[str, float], trust: float) -> _Weight:
    steps = waterfall(evidence, caps, trust)
    band = judged_band(steps)
    decisive = any(step.group == DECISIVE for step in steps)
    sure = confidence(len(agreeing_groups(steps)), decisive and band in ("high", "critical"))
    return _Weight(steps, score(total(steps)), band, sure, decisive)


def _domains(
    case: Case,
    findings: Sequence[Finding],
    evidence: Mapping[str, Evidence],
    schemes: Sequence[Scheme],
) -> list[DomainResult]:
    carried: dict[str, list[str]] = defaultdict(list)
    for finding in findings:
        for node in finding.domains:
            carried[node].append(finding.id)
    for node in case.decisions:
        if node in case.facts and case.facts[node].links:
            carried[node] += []  # a decision stands, whatever rules find by now
    in_scheme: dict[str, list[Scheme]] = defaultdict(list)
    for scheme in schemes:
        for member in scheme.members:
            if member.role != "target":
                in_scheme[member.node].append(scheme)

    @cache  # a hundred thousand domains share a few dozen combinations of evidence
    def weight(carried: tuple[Evidence, ...], trusted: bool) -> _Weight:
        return _weight(carried, case.scale.caps, case.scale.trust if trusted else 0.0)

    @cache
    def pivotal(
        carried: tuple[Evidence, ...], trusted: bool, standing: Standing
    ) -> list[list[int]]:
        def outcome(left: tuple[Evidence, ...]) -> str:
            weighed = weight(left, trusted)
            held = standing._replace(band=weighed.band, decisive=weighed.decisive)
            return judge(held)[0] if case.has_site and held.links else weighed.band

        return _pivotal(carried, outcome)

    def result(node: str, ids: list[str]) -> DomainResult:
        facts = case.facts[node]
        carried = tuple(evidence[i] for i in ids)
        weighed = weight(carried, facts.trusted)
        standing = Standing(
            band=weighed.band,
            protected=facts.protected,
            credit=facts.credit or 0,
            links=facts.links or 0,
            covered=facts.covered,
            decisive=weighed.decisive,
            braked=case.braked,
        )
        # what counts is whether there are links and credit, not how many
        alike = standing._replace(credit=min(standing.credit, 1), links=min(standing.links, 1))
        sets = pivotal(carried, facts.trusted, alike)
        needed = [[ids[index] for index in indices] for indices in sets]
        return _domain(case, facts, weighed, standing, ids, needed, in_scheme.get(node, []))

    results = [result(node, ids) for node, ids in carried.items()]
    return sorted(results, key=lambda r: (-r.score, -(r.sureness or 0.0), r.domain))


def _pivotal(
    carried: tuple[Evidence, ...], outcome: Callable[[tuple[Evidence, ...]], str]
) -> list[list[int]]:
    """Return the smallest sets of evidence that would have to fall for a milder outcome.

    All that are of the smallest size, up to SETS of them. Of four and more, or among very many, one
    set of which it is only sure that nothing in it could be spared: to try all would take too long.
    None where the outcome is the mildest already, or evidence has no part in it.
    """

    def falls(fallen: Collection[int]) -> bool:
        return outcome(tuple(x for i, x in enumerate(carried) if i not in fallen)) != first

    first = outcome(carried)
    light = sorted(range(len(carried)), key=lambda i: (carried[i].points, carried[i].rule, i))
    if not falls(light):
        return []
    for size in range(1, 4 if len(light) <= MANY else 2):
        found = [sorted(fallen) for fallen in combinations(light, size) if falls(fallen)]
        if found:
            return found[:SETS]
    needed = set(light)
    for index in light:
        if falls(needed - {index}):
            needed.discard(index)
    return [sorted(needed)]


def _domain(
    case: Case,
    facts: Facts,
    weight: _Weight,
    standing: Standing,
    findings: list[str],
    pivotal: list[list[str]],
    schemes: Sequence[Scheme],
) -> DomainResult:
    verdict: Verdict | None = None
    guards: list[str] = []
    if case.has_site and facts.links:
        verdict, guards = judge(standing)
    if weight.band != band_of(weight.score):
        guards.append(
            "only one group of evidence speaks; no verdict above review rests on a single one"
        )
    return DomainResult(
        domain=facts.node,
        score=weight.score,
        band=weight.band,
        verdict=verdict,
        confidence=weight.confidence,
        priority=priority(facts.credit or 0) if verdict == "disavow" else None,
        waterfall=weight.steps,
        schemes=sorted(scheme.id for scheme in schemes),
        sureness=max((s.sureness for s in schemes if s.sureness is not None), default=None),
        findings=findings,
        guards=guards,
        links=facts.links,
        followed=facts.followed,
        nofollow=facts.nofollow,
        anchors=list(facts.anchors),
        evidence=facts.evidence,
        pivotal=pivotal,
        credit=facts.credit,
        protected=facts.protected or "",
        covered=facts.covered,
    )


def _speaks_of_profile(claim: Claim) -> bool:
    """Say whether a claim that is no scheme's asks the site's owner to look at something."""
    about = claim.subject_kind in ("profile", "target_url") or not claim.domains
    return about and level_rank(claim.level) >= level_rank("medium") and claim.rule != ATTACK


def _profile(
    case: Case, schemes: Sequence[Scheme], domains: Sequence[DomainResult], told: Sequence[str]
) -> Profile:
    """Return the profile's risk; `told` is what rules say of it beside schemes."""
    covered = {fact.node for fact in case.facts.values() if fact.covered}
    kept = {d.domain for d in domains if d.decided and d.decided.ruling == "keep"}
    gone = (covered - kept) | {d.domain for d in domains if d.verdict == "disavow"}

    def risk(without: Collection[str]) -> float:
        parts = []
        for scheme in schemes:
            left = [
                m.node
                for m in scheme.members
                if m.role != "target" and m.node not in without and case.facts[m.node].credit
            ]
            parts.append(
                (scheme.score, len(left) / max(case.referring, 1), scheme.controlled_by_site)
            )
        return profile_risk(parts)

    def left_over(scheme: Scheme) -> bool:
        """Say whether members link to the site that no person decided to keep."""
        nodes = {m.node for m in scheme.members if m.role != "target"} - kept
        return any(case.facts[node].links for node in nodes)

    before = risk(covered)
    after = risk(gone)
    band = band_of(before)
    acting = [d for d in domains if d.verdict == "disavow"]
    grave = {s.id for s in schemes if s.level in ("high", "critical")}
    acting += [d for d in domains if d.verdict == "review" and grave & set(d.schemes)]
    verdict = (
        "act"
        if band in ("high", "critical") or case.manual_action
        else "watch"
        if band == "medium" or acting or told
        else "nothing to do"
    )
    reasons = _profile_reasons(schemes, domains, case.braked, sorted(told), verdict)
    return Profile(
        score=before,
        band=band,
        verdict=verdict,  # type: ignore[arg-type]
        reasons=reasons + _attacks(case),
        score_after_disavow=after,
        referring_domains=case.referring,
        links=case.links,
        triage=triage(
            manual_action=case.manual_action,
            schemes=[s for s in schemes if s.id in grave and left_over(s)],
            disavowed=sum(d.verdict == "disavow" for d in domains),
            reviewed=sum(d.verdict == "review" for d in domains),
            told=len(told),
            found=bool(case.claims),
            ran=case.ran,
            missing=case.missing,
        ),
    )


def _profile_reasons(
    schemes: Sequence[Scheme],
    domains: Sequence[DomainResult],
    braked: str | None,
    told: Sequence[str],
    verdict: str,
) -> list[str]:
    linking = [s for s in schemes if s.domains_to_site]
    into = [s for s in linking if s.level in ("high", "critical")]
    if verdict == "act":  # schemes below high may weigh as much, where they are tied to the site
        into = into or linking
    reasons = [
        f"{s.kind} {s.id}: {s.domains_to_site} referring domains"
        + (f", tied to the site: {tie_words(s.ties)}" if s.controlled_by_site else "")
        for s in into[:5]
    ]
    reasons += told[:TOLD]
    if not reasons:
        reasons.append(
            "no scheme at high or above links to the site; Google normally ignores stray spam"
        )
    if braked and any(d.band in ("high", "critical") for d in domains):
        reasons.append(braked)
    return reasons


def _attacks(case: Case) -> list[str]:
    """Return what rules say of links that somebody else is likely to have made; it lowers blame."""
    found = [c for c in case.claims if c.rule == ATTACK]
    found.sort(key=lambda c: (-c.value, c.subject, str(c.detail["anchor"]), c.domains))
    return [sentence(case.says[ATTACK], claim.detail) for claim in found[:1]]


def disavow_lines(domains: Sequence[DomainResult], schemes: Sequence[Scheme]) -> list[DisavowLine]:
    """Return a line for each domain to disavow, with its gravest scheme and its findings.

    What only a person decided says so, but not why: the file goes to Google.
    """
    named = {scheme.id: scheme for scheme in schemes}
    lines = []
    for result in domains:
        if result.verdict != "disavow":
            continue
        home = max((named[s] for s in result.schemes), key=lambda s: (s.score, s.id), default=None)
        rules = sorted({step.rule for step in result.waterfall if step.rule and step.points > 0})
        reason = f"{home.kind if home else 'single domain'} ({', '.join(rules) or 'no rule'})"
        by_person = result.decided and result.machine != "disavow"
        lines.append(
            DisavowLine(
                directive=f"domain:{result.domain}",
                reason=f"decided by a person: {reason}" if by_person else reason,
                scheme=home.id if home else None,
                findings=result.findings,
            )
        )
    return lines
