"""What every report says: pure functions from an `Audit` to sentences, orders and counts.

All words live here once, so that HTML, console and spreadsheet say the same. Nothing here calls a
profile clean: a rule that found nothing found nothing, and a rule that could not run is named.
Without an audited site (`profile` is None) neither verdicts nor the disavow file are spoken of.
"""

import difflib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from backlint.findings import (
    Audit,
    Band,
    Coverage,
    DomainResult,
    Finding,
    Profile,
    RuleInfo,
    Scheme,
    Share,
    Skipped,
    State,
    Step,
    Triage,
    Verdict,
    level_rank,
    tie_words,
)
from backlint.report.text import UNKNOWN, count, host_text, number, points_text, visible
from backlint.report.words import scheme_title
from backlint.urls import url_host

# The same image as in backlint.risk (docs: scoring). Kept here too because a report is read back
# from JSON without the scorer, and must still be able to explain the number.
SCORE_MIDPOINT = 28.0
SCORE_SCALE = 10.0
BAND_FLOORS: tuple[tuple[float, Band], ...] = (
    (90.0, "critical"),
    (70.0, "high"),
    (40.0, "medium"),
    (0.0, "low"),
)

STATES: tuple[State, ...] = ("not evaluable", "failed", "timed out", "ran")
VERDICTS: tuple[Verdict, ...] = ("disavow", "review", "keep")
BANDS: tuple[Band, ...] = ("critical", "high", "medium", "low")


class Lookup(NamedTuple):
    """The records of an audit by their ids."""

    rules: dict[str, RuleInfo]
    findings: dict[str, Finding]
    schemes: dict[str, Scheme]
    domains: dict[str, DomainResult]


class Bar(NamedTuple):
    """One step of a waterfall, from `start` to `end` points; `points` is what is shown."""

    rule: str
    name: str
    group: str
    points: float
    start: float
    end: float


class Lowering(NamedTuple):
    """What the score would be without one whole group of evidence.

    No band: it depends on the two-group rule as well, which only the scorer knows.
    """

    group: str
    points: float
    score: float


class Sizes(NamedTuple):
    """How many verdicts fell inside one scheme."""

    members: int
    disavow: int
    review: int


def look_up(audit: Audit) -> Lookup:
    """Index the records of an audit by id."""
    return Lookup(
        rules={rule.id: rule for rule in audit.rules},
        findings={finding.id: finding for finding in audit.findings},
        schemes={scheme.id: scheme for scheme in audit.schemes},
        domains={result.domain: result for result in audit.domains},
    )


# --- names ---------------------------------------------------------------------------------


def node_noun(audit: Audit, amount: int | None = 1) -> str:
    """Return what a node of this audit is called."""
    return audit.node if amount == 1 else f"{audit.node}s"


def sites_text(audit: Audit) -> str:
    """Return the audited sites in words."""
    return _and([host_text(site) for site in audit.sites]) or "the audited site"


def rule_name(rule: str, lookup: Lookup) -> str:
    """Return a rule's name in words, or its id when the audit does not describe it."""
    info = lookup.rules.get(rule)
    return visible((info.name if info else rule).replace("-", " "))


def band_of(score: float) -> Band:
    """Return the band that a score falls in by its number alone."""
    return next((band for floor, band in BAND_FLOORS if score >= floor), "low")


def score_text(score: float) -> str:
    """Return a score without decimals, unless rounding would carry it into another band."""
    rounded = round(score)
    if band_of(rounded) == band_of(score):
        return str(rounded)
    return f"{math.floor(score * 10) / 10:.1f}"


def score_of_points(points: float) -> float:
    """Return the score 0-100 of a sum of points: 100 / (1 + exp(-(points - 28) / 10))."""
    exponent = (SCORE_MIDPOINT - points) / SCORE_SCALE
    return 0.0 if exponent > 700 else 100.0 / (1.0 + math.exp(exponent))


# --- orders and counts ------------------------------------------------------------------------


def participants(scheme: Scheme) -> list[str]:
    """Return the nodes accused by a scheme: all but its targets, in the order given."""
    return [member.node for member in scheme.members if member.role != "target"]


def targets(scheme: Scheme) -> list[str]:
    """Return the nodes that receive a scheme's links and are not accused by it."""
    return [member.node for member in scheme.members if member.role == "target"]


def schemes_sorted(audit: Audit) -> list[Scheme]:
    """Return the schemes, gravest first: by level, score, size, then id."""
    return sorted(
        audit.schemes,
        key=lambda s: (-level_rank(s.level), -s.score, -len(participants(s)), s.id),
    )


def domains_sorted(audit: Audit) -> list[DomainResult]:
    """Return the domains with a finding, riskiest first."""
    return sorted(audit.domains, key=lambda d: (-d.score, d.domain))


def findings_of(ids: Iterable[str], lookup: Lookup) -> list[Finding]:
    """Return the findings with these ids, gravest first; ids without a record are skipped."""
    found = [lookup.findings[i] for i in dict.fromkeys(ids) if i in lookup.findings]
    return sorted(found, key=lambda f: (-level_rank(f.level), f.rule, f.id))


def findings_about_no_one(audit: Audit) -> list[Finding]:
    """Return the findings about pages, the profile or no domain, gravest first.

    Neither a scheme nor a domain shows them.
    """
    found = [
        finding
        for finding in audit.findings
        if finding.subject_kind in ("profile", "target_url", "link")
        or (finding.subject_kind == "domain" and not finding.domains)
    ]
    return sorted(found, key=lambda f: (-level_rank(f.level), f.rule, f.subject, f.id))


def verdict_counts(audit: Audit) -> dict[Verdict, int]:
    """Count the domains that carry a finding by verdict."""
    counted = Counter(result.verdict for result in audit.domains)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def already_listed(audit: Audit) -> int:
    """Count the domains to keep only because the live disavow file has them, and does so still."""
    return sum(
        result.covered
        and result.verdict == "keep"
        and not (result.decided and result.decided.ruling == "keep")
        for result in audit.domains
    )


def band_counts(audit: Audit) -> dict[Band, int]:
    """Count the domains that carry a finding by band."""
    counted = Counter(result.band for result in audit.domains)
    return {band: counted[band] for band in BANDS}


def without_finding(audit: Audit) -> int | None:
    """Return how many referring domains no rule accused, or None without an audited site."""
    if audit.profile is None:
        return None
    judged = sum(result.verdict is not None for result in audit.domains)
    return max(0, audit.profile.referring_domains - judged)


def scheme_sizes(scheme: Scheme, lookup: Lookup) -> Sizes:
    """Count a scheme's members and how many of them are to be disavowed or reviewed."""
    nodes = participants(scheme)
    verdicts = Counter(lookup.domains[node].verdict for node in nodes if node in lookup.domains)
    return Sizes(len(nodes), verdicts["disavow"], verdicts["review"])


# --- what the profile is made of --------------------------------------------------------------

DIMENSIONS = {
    "rel": "Link attribute (rel)",
    "tactic": "How they were acquired",
    "placement": "Placement on the page",
    "kind": "Kind of link",
    "anchor": "Class of anchor",
}


class Slice(NamedTuple):
    """One value of a dimension; `share` is of the links, `node_share` of the nodes with any."""

    name: str
    links: int
    nodes: int
    share: float
    node_share: float


def makeup(audit: Audit) -> list[tuple[str, list[Slice]]]:
    """Return what the profile is made of: heading and values, the most links first."""
    nodes = audit.profile.referring_domains if audit.profile else 0
    found = []
    for dimension, heading in DIMENSIONS.items():
        parts = [part for part in audit.makeup if part.dimension == dimension]
        whole = sum(part.links for part in parts)
        slices = [
            Slice(
                visible(part.value) + (", inferred" if part.inferred else ""),
                part.links,
                part.nodes,
                part.links / whole if whole else 0.0,
                part.nodes / nodes if nodes else 0.0,
            )
            for part in sorted(parts, key=lambda p: (-p.links, p.value, p.inferred))
        ]
        if slices:
            found.append((heading, slices))
    return found


def makeup_sentences(audit: Audit) -> list[str]:
    """Return the same in a line a dimension, shares of links that anybody would ask for first."""
    return [
        f"{heading}: "
        + ", ".join(f"{_share(part.links, sum(s.links for s in slices))} {part.name}"
                    for part in slices[:5])
        + "."
        for heading, slices in makeup(audit)[:2]
    ]  # fmt: skip


SIGNAL_WORDS = {
    "tactic": "tactic",
    "sign": "by which sign",
    "editorial": "somebody's own choice",
    "authority": "authority of the site",
    "authority_tool": "as stated by",
    "page_authority": "authority of the page, at most",
    "pagerank": "PageRank in the loaded graph (1 is average)",
    "relevance": "relevance to --topic, 0 to 1",
    "relevant_words": "words that decide it",
    "traffic": "visits to the site a month, as stated",
    "page_traffic": "visits to its pages a month, at most, as stated",
    "content_share": "share of links in the content, of those whose place is known",
    "context_share": "share of links inside text",
    "target_share": "share of all referring domains that link to the same page",
    "dilution": "external links on its pages, median",
}


def signal_sentences(signals: Mapping[str, str]) -> list[str]:
    """Return the known signals of a referring domain in words."""
    return [
        f"{words}: {visible(signals[name])}"
        for name, words in SIGNAL_WORDS.items()
        if signals.get(name)
    ]


# --- coverage ---------------------------------------------------------------------------------


def coverage_by_state(audit: Audit) -> dict[State, list[Coverage]]:
    """Group the rules by how they ended: what did not run first, and every state present."""
    return {
        state: sorted((c for c in audit.coverage if c.state == state), key=lambda c: c.rule)
        for state in STATES
    }


def not_run(audit: Audit) -> list[Coverage]:
    """Return the rules that did not run, for whatever reason."""
    return sorted((c for c in audit.coverage if c.state != "ran"), key=lambda c: c.rule)


def nothing_ran(audit: Audit) -> bool:
    """Say whether not a single rule could look at the data."""
    return not any(c.state == "ran" for c in audit.coverage)


def coverage_sentence(audit: Audit) -> str:
    """Return what was checked and what was not, in one or two sentences."""
    total, missing = len(audit.coverage), not_run(audit)
    if not total:
        return "No rule ran, so nothing was checked."
    names = ", ".join(visible(c.rule) for c in missing)
    states = Counter(c.state for c in missing)
    how = ", ".join(f"{states[state]} {state}" for state in STATES if states[state])
    if len(missing) == total:
        return f"None of the {count(total, 'rule')} could run ({how}), so nothing was checked."
    if missing:
        return (
            f"{len(missing)} of {count(total, 'rule')} could not run ({how}): {names}. What they "
            "look for went unchecked, so the absence of a finding is not proof of a clean profile."
        )
    ran = "The one rule" if total == 1 else f"All {number(total)} rules"
    return f"{ran} ran. Only what they look for was checked; no finding is no certificate."


def coverage_brief(audit: Audit) -> str:
    """Return how much went unchecked, and where the report tells more, without the ids."""
    missing = not_run(audit)
    if not missing or nothing_ran(audit):
        return coverage_sentence(audit)
    return (
        f"{len(missing)} of {count(len(audit.coverage), 'rule')} could not run (which and why: "
        "report.html), so the absence of a finding is not proof of a clean profile."
    )


def missing_reasons(audit: Audit) -> list[tuple[str, list[str]]]:
    """Return each reason why rules did not run, with their ids, most rules first."""
    by_reason: dict[str, list[str]] = {}
    for entry in not_run(audit):
        reason = visible(entry.reason) or entry.state
        if entry.state != "not evaluable":
            reason = f"{entry.state}: {reason}" if reason != entry.state else reason
        by_reason.setdefault(reason, []).append(visible(entry.rule))
    return sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))


# --- the verdict ------------------------------------------------------------------------------


def verdict_sentence(audit: Audit) -> str:
    """Return the outcome of the audit in one sentence."""
    if audit.profile is None:
        return _graph_sentence(audit)
    profile, site = audit.profile, sites_text(audit)
    if nothing_ran(audit):
        return f"There is no verdict on {site}: none of the rules could run on these files."
    score = f"{score_text(profile.score)} of 100 ({profile.band})"
    if len(audit.sites) > 1:
        score += " for all of them taken together"
    doing = _doing(audit)
    if profile.triage and profile.triage.kind == "manual action":
        return (
            f"Act: {site} has a manual action to answer; its link risk is {score}"
            f"{_driven(audit)}{doing}."
        )
    if profile.verdict == "act":
        return f"Act: the link risk of {site} is {score}{_driven(audit)}{doing}."
    if profile.verdict == "watch":
        return f"Watch: the link risk of {site} is {score}{_driven(audit)}{doing}."
    if not_run(audit):
        return (
            f"Nothing to do for {site} on what could be checked: its link risk is {score}{doing}."
        )
    why = "Google normally ignores links like these" if audit.findings else "no rule found anything"
    return f"Nothing to do for {site}: its link risk is {score}, and {why}{doing}."


def _graph_sentence(audit: Audit) -> str:
    if nothing_ran(audit):
        return "Nothing can be said about this graph: none of the rules could run on these files."
    schemes = schemes_sorted(audit)
    if not schemes:
        return "The rules that ran reported no link scheme in this graph."
    nodes = len({node for scheme in schemes for node in participants(scheme)})
    return (
        f"The graph holds {count(len(schemes), 'link scheme')} with {number(nodes)} member "
        f"{node_noun(audit, nodes)}; the gravest is {schemes[0].level}."
    )


def _driven(audit: Audit) -> str:
    if not audit.schemes:
        return ", without any link scheme behind it"
    return f", from {count(len(audit.schemes), 'link scheme')}"


def _doing(audit: Audit) -> str:
    counts = verdict_counts(audit)
    parts = []
    if counts["disavow"]:
        noun = node_noun(audit, counts["disavow"])
        are = "is" if counts["disavow"] == 1 else "are"
        parts.append(f"{number(counts['disavow'])} referring {noun} {are} proposed for disavowal")
    if counts["review"]:
        needs = "needs" if counts["review"] == 1 else "need"
        parts.append(f"{number(counts['review'])} {needs} human review")
    return f"; {' and '.join(parts)}" if parts else ""


def profile_change(old: Profile, new: Profile) -> str:
    """Return what became of the profile between two audits, in a sentence."""
    scores = (
        f"Link risk {score_text(old.score)} ({old.band}), now {score_text(new.score)} "
        f"({new.band}); verdict {old.verdict}, now {new.verdict}. "
    )
    return scores + (
        f"Referring domains {number(old.referring_domains)}, now {number(new.referring_domains)}; "
        f"links {number(old.links)}, now {number(new.links)}."
    )


def rule_changes(
    silent: Sequence[str], speaking: Sequence[str], altered: Sequence[str]
) -> list[str]:
    """Return, in sentences, why two audits may differ although the links do not."""
    said = []
    if silent:
        said.append(
            f"Ran before and not this time: {_and(list(map(visible, silent)))}. "
            "What these found is unknown now, not gone."
        )
    if speaking:
        said.append(
            f"Ran for the first time: {_and(list(map(visible, speaking)))}. "
            "What these find may be old."
        )
    if altered:
        said.append(f"Configured otherwise than before: {_and(list(map(visible, altered)))}.")
    return said


def triage(audit: Audit) -> Triage | None:
    """Return what kind of trouble the profile is in; None where nothing was judged."""
    return audit.profile.triage if audit.profile and not nothing_ran(audit) else None


def disavow_sentence(audit: Audit) -> str:
    """Return what the disavow file does to the score; empty where nothing was judged."""
    profile = audit.profile
    if profile is None or nothing_ran(audit):
        return ""
    live = f" beside the {number(audit.live)} of your live file" if audit.live else ""
    if not audit.disavow:
        return f"Nothing to disavow: no new line is proposed{live}."
    lines = count(len(audit.disavow), "new line") + live
    before, after = score_text(profile.score), score_text(profile.score_after_disavow)
    if before == after:
        return f"The disavow file has {lines}; the score stays at {before}."
    return f"The disavow file has {lines} and takes the score from {before} to {after}."


def rejects_sentence(audit: Audit) -> str:
    """Return how many input rows could not be used, and why most of them could not."""
    rejected = sum(entry.rejects for entry in audit.inputs)
    rows = sum(entry.rows for entry in audit.inputs)
    if not rows:
        return "No input row was read."
    if not rejected:
        return f"Every one of {count(rows, 'input row')} could be read."
    reasons = Counter(reject.reason for reject in audit.rejects)
    common = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))[:2]
    why = f" (mostly: {'; '.join(visible(reason) for reason, _ in common)})" if common else ""
    return f"{number(rejected)} of {count(rows, 'input row')} could not be used{why}."


def share_sentences(shares: Iterable[Share]) -> list[str]:
    """Return how much of each referring-domain export the link exports hold, a sentence each."""
    return [
        f"{visible(PurePath(share.path).name)} lists {count(share.domains, 'referring domain')}"
        + (f" with {count(share.links, 'link')}" if share.links is not None else "")
        + f"; the link exports hold {_share(share.domains_known, share.domains)} of the domains"
        + (f" and {_share(share.links_known, share.links)} of the links" if share.links else "")
        + (". The others are not evaluated." if share.domains_known < share.domains else ".")
        for share in shares
    ]


def _share(part: int, whole: int) -> str:
    """Return a share of a whole, rounded so that only none is 0% and only all is 100%."""
    percent = 100 * part / whole if whole else 0.0
    if 0 < percent < 0.1:
        return "under 0.1%"
    shown = f"{percent:.1f}%" if percent < 10 else f"{percent:.0f}%"
    return "over 99%" if shown == "100%" and part < whole else shown


def guesses(audit: Audit) -> list[str]:
    """Return what a reader must know of how the files were understood, and what a graph covers."""
    return [
        f"{visible(PurePath(entry.path).name)}: {visible(note)}"
        for entry in audit.inputs
        for note in entry.notes
        if "taken for" in note or "are in this graph" in note or "nothing is known of" in note
    ]


def skipped_sentence(skipped: Sequence[Skipped], most: int = 5) -> str:
    """Return which files of folders and archives were not read; empty where all were."""
    if not skipped:
        return ""
    said = "; ".join(f"{visible(each.path)}: {visible(each.reason)}" for each in skipped[:most])
    more = f"; and {len(skipped) - most} more" if len(skipped) > most else ""
    return f"Not read: {said}{more}"


def method(audit: Audit) -> list[tuple[str, str]]:
    """Return heading and text of what a reader must know about the method and its limits."""
    said = [
        (
            "A score, not a probability",
            "Rules that fire are worth points from one published table. Points of one kind of "
            "evidence are capped, then summed, and the sum is mapped to 0-100. There are no labels "
            "behind the scale: 80 does not mean an 80 % chance of anything.",
        ),
        (
            "No single signal decides",
            "A band above medium needs two independent kinds of evidence, one of them structural "
            "or about anchors or infrastructure. Reciprocal links, odd names, rare endings or a "
            "burst in time are common on honest sites and never condemn on their own. One thing "
            "stands for itself: an offer of links for sale whose contact unrelated sites carry "
            "(BL304).",
        ),
        (
            "What was not checked",
            "Every rule needs certain columns. Where the input lacks them the rule did not run, "
            "and the coverage table says so. The absence of a finding is not a certificate.",
        ),
    ]
    if audit.profile is None:
        return [
            *said,
            (
                "No site was named",
                "This scan ranks schemes and their members in the graph as a whole. It does not "
                "judge what they mean for any one site.",
            ),
        ]
    return [
        *said,
        (
            "Google normally ignores spam links",
            "Since 2016 link spam is mostly devalued rather than punished. “Nothing to do” is a "
            "full answer.",
        ),
        (
            "When to disavow",
            "Google advises it only where there is a considerable number of spammy links AND they "
            "have caused, or are likely to cause, a manual action. Disavowing good links costs "
            "what those links were worth.",
        ),
        (
            "An upload replaces the whole list",
            "Google keeps only the newest file of a property. Merge the file you uploaded before "
            "(backlint disavow merge) or its lines stop counting.",
        ),
    ]


# --- domains ----------------------------------------------------------------------------------


def waterfall(steps: Iterable[Step], lookup: Lookup) -> list[Bar]:
    """Return the steps of a domain's score, rounded so that what is shown adds up exactly.

    Each step is the difference of two rounded running sums, so no step is off by more than a
    hundredth and the shown points always sum to the shown total.
    """
    bars, exact, start = [], 0.0, 0.0
    for step in steps:
        exact += step.points
        end = round(exact, 2)
        name = rule_name(step.rule, lookup)
        bars.append(Bar(step.rule, name, step.group, round(end - start, 2), start, end))
        start = end
    return bars


def total_points(result: DomainResult) -> float:
    """Return the shown sum of a domain's waterfall."""
    return round(sum(step.points for step in result.waterfall), 2)


def score_sentence(result: DomainResult) -> str:
    """Return how the points became the score, and whether something held the score back."""
    total = total_points(result)
    image = score_of_points(total)
    text = (
        f"{points_text(total).lstrip('+')} points: "
        f"100 / (1 + exp(-({total:g} - 28) / 10)) = {image:.1f}"
    )
    if abs(image - result.score) >= 0.1:
        text += f", reported as {result.score:.1f}"
    text += f", band {result.band}."
    if BANDS.index(result.band) > BANDS.index(band_of(result.score)):
        text += f" Held at {result.band}: a higher band needs two independent kinds of evidence."
    return text


def top_reasons(steps: Iterable[Step], lookup: Lookup, limit: int = 3) -> list[str]:
    """Return the steps that raised a domain's score most, in words."""
    raising = sorted((b for b in waterfall(steps, lookup) if b.points > 0), key=lambda b: -b.points)
    return [
        f"{bar.name} ({visible(bar.rule)}, {visible(bar.group)}) {points_text(bar.points)}"
        if bar.name != bar.rule
        else f"{bar.name} ({visible(bar.group)}) {points_text(bar.points)}"
        for bar in raising[:limit]
    ]


def lowering(result: DomainResult) -> list[Lowering]:
    """Return what the score would be without each whole group of evidence.

    By group and not by rule: inside a group the strongest rule counts in full and the others in
    part, so taking one rule away moves the others and cannot be read off the waterfall. Never
    below 0 points: trust takes away no more than there is.
    """
    total = total_points(result)
    groups: dict[str, float] = {}
    for step in result.waterfall:
        groups[step.group] = groups.get(step.group, 0.0) + step.points
    found = []
    for group, points in sorted(groups.items(), key=lambda item: (-item[1], item[0])):
        if points > 0:
            left = max(0.0, total - points)
            found.append(Lowering(group, round(points, 2), score_of_points(left)))
    return found


def pivotal_sentences(audit: Audit, result: DomainResult, lookup: Lookup) -> list[str]:
    """Return which findings would have to be wrong for a milder verdict; none where none could."""
    sets = [findings_of(ids, lookup) for ids in result.pivotal]
    if not any(sets):
        return []
    verdict = result.machine_verdict  # a person's decision rests on no finding
    whose = "The machine's verdict" if result.decided else "The verdict"
    what = f"{whose} {verdict}" if audit.profile and verdict else f"The band {result.band}"
    named = [
        _and([f"{visible(f.rule)} {rule_name(f.rule, lookup)} ({visible(f.id)})" for f in findings])
        for findings in sets
    ]
    if len(named) == 1:
        together = " together" if len(sets[0]) > 1 else ""
        return [f"{what} would be milder without {named[0]}{together}."]
    return [f"{what} would be milder without any one of these:", *named]


def innocent_notes(result: DomainResult, lookup: Lookup) -> list[str]:
    """Return what would make a domain innocent: of its schemes first, then of its rules."""
    notes: list[str] = []
    for scheme_id in result.schemes:
        if scheme_id in lookup.schemes:
            notes.extend(lookup.schemes[scheme_id].innocent_if)
    for finding in findings_of(result.findings, lookup):
        if finding.rule in lookup.rules:
            notes.extend(lookup.rules[finding.rule].false_positives)
    return [visible(note) for note in dict.fromkeys(notes)]


def remediation_notes(findings: Sequence[Finding], lookup: Lookup) -> list[str]:
    """Return what the rules behind these findings advise, each advice once."""
    rules = [lookup.rules[f.rule] for f in findings if f.rule in lookup.rules]
    return [visible(text) for text in dict.fromkeys(rule.remediation for rule in rules) if text]


THIN_SAMPLE = "a tool counts over ten times as many links as the inputs hold"
DOMAIN_ONLY = "not evaluated: a tool lists the domain, no input holds a link of it"


def no_finding_sentence(audit: Audit, domain: str, evidence: str = "links") -> str:
    """Return what may be said about a domain that no rule accused, on what evidence."""
    if evidence == "domain only":
        return f"{host_text(domain)} was {DOMAIN_ONLY}."
    checked = coverage_sentence(audit)
    thin = f" Thin sample: {THIN_SAMPLE}." if evidence == "thin sample" else ""
    return f"No rule accused {host_text(domain)}. That is not a certificate.{thin} {checked}"


def no_finding_reason(audit: Audit) -> str:
    """Return the same in one short clause, for a table cell."""
    missing = len(not_run(audit))
    if not missing:
        return "no rule accused it"
    return f"no rule accused it; {missing} of {count(len(audit.coverage), 'rule')} could not run"


def target_sentence(domain: str, schemes: Sequence[Scheme]) -> str:
    """Return that a domain only receives the links of these schemes."""
    names = _and([scheme_title(scheme) for scheme in schemes])
    return (
        f"{host_text(domain)} receives links of {names}. Receiving a scheme's links carries no "
        "points, since anyone can be linked to; whether it belongs to the group's owner is for a "
        "person to see."
    )


def target_facts(domain: str, schemes: Sequence[Scheme], lookup: Lookup) -> list[str]:
    """Return what the findings say of a domain as a common target: `common_targets` in detail."""
    said = {
        text
        for scheme in schemes
        for finding in findings_of(scheme.findings, lookup)
        for text in finding.detail.get("common_targets") or []
        if str(text).startswith(f"{domain}: ")
    }
    return sorted(visible(str(text)) for text in said)


def targeting(domain: str, audit: Audit) -> list[Scheme]:
    """Return the schemes whose links a domain receives."""
    return [scheme for scheme in schemes_sorted(audit) if domain in targets(scheme)]


def control_words(scheme: Scheme, audit: Audit) -> str:
    """Return whether something ties a scheme to the audited site; empty without a site."""
    if audit.profile is None:
        return ""
    if scheme.controlled_by_site:
        return (
            f"This scheme is tied to the site: {tie_words(scheme.ties)}"
            + (
                ", bought for it or by someone against it"
                if not {"linked back", "own member"} & {*scheme.ties}
                else ""
            )
            + ". It counts in full."
        )
    return "Nothing ties this scheme to the site's owner, so it weighs little in the profile score."


def to_decide(audit: Audit) -> bool:
    """Say whether anything in this audit waits for a person, or is proposed to be disavowed."""
    return any(result.verdict in ("review", "disavow") for result in audit.domains)


def machine_word(result: DomainResult) -> str:
    """Return the machine's verdict, or that the domain is protected from any."""
    if result.protected:
        return "protected"
    return result.machine_verdict or UNKNOWN


def decision_sentence(result: DomainResult) -> str:
    """Return what a person decided of a domain, beside the machine's verdict; empty for nothing."""
    decided = result.decided
    if decided is None:
        return ""
    why = f": {visible(decided.reason)}" if decided.reason else ""
    until = f", until {decided.until}" if decided.until else ""
    text = f"Decided by you on {visible(decided.date)}{until}: {decided.ruling}{why}"
    if result.verdict != decided.ruling:
        held = visible(result.protected) or "already in the disavow file"
        return f"{text}. Not done: {held}"
    return f"{text}. The machine would say {result.machine}"


# --- findings ---------------------------------------------------------------------------------

_LIST_SHOWN = 8
# Keys that pictures read; as text they would only repeat the picture.
_DRAWN = ("edges",)


def detail_words(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return a finding's numbers as label and text; nested values are flattened."""
    return [
        (visible(str(key).replace("_", " ")), _value_words(value))
        for key, value in detail.items()
        if key not in _DRAWN
    ]


def _value_words(value: object) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{label}: {text}" for label, text in detail_words(value))
    if isinstance(value, list | tuple | set | frozenset):
        shown = [_value_words(item) for item in list(value)[:_LIST_SHOWN]]
        if len(value) > _LIST_SHOWN:
            shown.append(f"and {len(value) - _LIST_SHOWN:,} more")
        return ", ".join(shown) or "none"
    return visible(str(value))


# --- subjects ---------------------------------------------------------------------------------


def subjects(audit: Audit, known: Iterable[str] = ()) -> list[str]:
    """Return every node and scheme id that `explain` can speak about."""
    names = {result.domain for result in audit.domains}
    names.update(member.node for scheme in audit.schemes for member in scheme.members)
    names.update(scheme.id for scheme in audit.schemes)
    names.update(audit.sites)
    names.update(known)
    return sorted(names)


def nearest(subject: str, names: Iterable[str]) -> list[str]:
    """Return up to three names that the user may have meant."""
    return difflib.get_close_matches(subject, list(names), n=3, cutoff=0.6)


def node_named(text: str, names: Iterable[str]) -> str | None:
    """Return the node that a domain, host or URL stands for, or None when none of `names` is it."""
    known = set(names)
    if text in known:
        return text
    host = url_host(text)
    name = host.name if host else ""
    while name:
        if name in known:
            return name
        name = name.partition(".")[2]
    return None


def _and(items: Sequence[str]) -> str:
    return (
        items[0]
        if len(items) == 1
        else ", ".join(items[:-1]) + " and " + items[-1]
        if items
        else ""
    )
