"""The records that travel from the detectors to the reports: plain, frozen, JSON-ready.

They are the schema of `report.json` (version 1: it grows, it never breaks).
"""

import hashlib
from collections.abc import Collection
from typing import Any, Literal

import msgspec

Level = Literal["info", "low", "medium", "high", "critical"]
Band = Literal["low", "medium", "high", "critical"]
Verdict = Literal["disavow", "review", "keep"]
Ruling = Literal["disavow", "review", "keep", "undecided"]
Confidence = Literal["low", "medium", "high"]
Basis = Literal["links", "thin sample", "domain only"]
GraphRole = Literal["member", "target", "neighbour"]
State = Literal["ran", "not evaluable", "failed", "timed out"]

LEVELS: tuple[Level, ...] = ("info", "low", "medium", "high", "critical")

SCHEMA_VERSION = 1


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all records: immutable, keyword-only, JSON-ready."""


class LinkRef(Record, frozen=True, kw_only=True):
    """One link shown as evidence; `None` means the input did not say."""

    source_url: str
    target_url: str
    anchor: str | None = None
    nofollow: bool | None = None
    first_seen: str | None = None


class Claim(Record, frozen=True, kw_only=True):
    """One row that a rule returned, before it is weighed.

    `domains` are the nodes that carry it; `scheme` is the kind of scheme that the row makes of
    them ("" for none); `targets` receive the scheme's links and are not accused; `link_ids` are
    evidence, `detail` the numbers; `hubs` are the nodes that the others work for. `sureness`, 0 to
    1, is how far a group stands out, where a rule can tell.
    """

    rule: str
    group: str
    level: Level
    confidence: Confidence
    policy: str
    subject_kind: str
    subject: str
    value: float
    scheme: str
    domains: tuple[str, ...]
    targets: tuple[str, ...]
    link_ids: tuple[int, ...]
    detail: dict[str, Any]
    sureness: float | None = None
    hubs: tuple[str, ...] = ()

    @property
    def members(self) -> frozenset[str]:
        """The nodes that carry the claim, as a set."""
        return frozenset(self.domains)


class Finding(Record, frozen=True, kw_only=True):
    """One claim that was kept, as reports show it.

    `domains` are the nodes that carry its points, `value` is the rule's own statistic,
    `links` at most a handful of examples, `detail` the numbers behind the value, `says` the same in
    a sentence.
    """

    id: str
    rule: str
    level: Level
    confidence: Confidence
    subject_kind: str
    subject: str
    policy: str
    value: float
    domains: list[str]
    links: list[LinkRef]
    detail: dict[str, Any]
    says: str = ""


class Member(Record, frozen=True, kw_only=True):
    """A node inside a scheme; role is member, source, booster, hub, tier-1... or target."""

    node: str
    role: str


class Scheme(Record, frozen=True, kw_only=True):
    """A group of nodes that was tested and reported as one link scheme.

    `members` with role "target" receive the scheme's links and carry no points.
    `findings` are ids of the findings that are about this scheme. `sureness` is that of the surest
    of them: 1 for a group that chance cannot explain and nobody outside knows, None where no rule
    can tell. It orders schemes of one score and changes no verdict. `ties` say what makes it one
    that the site's owner may answer for (`controlled_by_site`), as `TIES` words it.
    """

    id: str
    kind: str
    level: Level
    score: float
    controlled_by_site: bool
    members: list[Member]
    evidence: list[str]
    innocent_if: list[str]
    findings: list[str]
    links_to_site: int = 0
    domains_to_site: int = 0
    name: str = ""
    sureness: float | None = None
    ties: list[str] = []


# what ties a scheme to the audited site, as schemes name it and as a sentence says it
TIES = {
    "linked back": "it links to members",
    "own member": "it owns members",
    "keywords": "its keywords are the anchors of members",
}


def tie_words(ties: Collection[str]) -> str:
    """Return what ties a scheme to "the site"; reports of old releases do not tell which it is."""
    known = [words for tie, words in TIES.items() if tie in ties]
    return " and ".join(known) or "it links to members, owns some, or its keywords are the anchors"


class Step(Record, frozen=True, kw_only=True):
    """One bar of a waterfall: what a rule adds to (or takes from) a score, in points."""

    rule: str
    group: str
    points: float


class Decision(Record, frozen=True, kw_only=True):
    """What a person decided of one referring domain, on `date`; it holds until the end of `until`.

    "undecided" takes an earlier decision back. Dates are YYYY-MM-DD.
    """

    ruling: Ruling
    date: str
    reason: str = ""
    until: str | None = None


class DomainResult(Record, frozen=True, kw_only=True):
    """The verdict on one referring domain (or host) and the steps that led to it.

    The points of `waterfall` sum to the logistic score's argument; `verdict` is None when no
    site is audited; `guards` say in words what held a verdict back; `sureness` is that of the
    surest scheme it is in. `evidence` says on what the verdict rests: on links, or on a thin sample
    of them, where a tool knows more than ten times as many as the inputs hold. `pivotal` are
    the smallest sets of findings without which the machine's verdict (or the band, where no site is
    audited) would be milder, a few of them where there are many; none where it could not be.

    `machine` is the verdict without the person who `decided`, where one did. `protected` says why
    no decision may disavow the domain; `covered` that the live disavow file has it; `credit`
    counts links that may pass credit.
    """

    domain: str
    score: float
    band: Band
    verdict: Verdict | None
    confidence: Confidence
    priority: Literal["P1", "P2"] | None
    waterfall: list[Step]
    schemes: list[str]
    findings: list[str]
    guards: list[str]
    links: int | None = None
    followed: int | None = None
    nofollow: int | None = None
    anchors: list[str] = msgspec.field(default_factory=list)
    sureness: float | None = None
    evidence: Basis = "links"
    pivotal: list[list[str]] = msgspec.field(default_factory=list)
    credit: int | None = None
    protected: str = ""
    covered: bool = False
    decided: Decision | None = None
    machine: Verdict | None = None

    @property
    def machine_verdict(self) -> Verdict | None:
        """The verdict as if nobody had decided."""
        return self.machine if self.decided else self.verdict


class Coverage(Record, frozen=True, kw_only=True):
    """How one rule ended; a rule that did not run is never reported as clean."""

    rule: str
    state: State
    reason: str
    findings: int
    seconds: float = 0.0


class InputReport(Record, frozen=True, kw_only=True):
    """What became of one file: rows = links + facts + duplicates + out_of_scope + rejects.

    `confidence`, 0 to 1, is how sure its format is, `columns` are those that were used, `dates`
    the first and the last day in it.
    """

    path: str
    format: str
    sha256: str
    rows: int
    links: int
    facts: int
    duplicates: int
    out_of_scope: int
    rejects: int
    notes: list[str] = msgspec.field(default_factory=list)
    confidence: float = 1.0
    columns: list[str] = msgspec.field(default_factory=list)
    dates: list[str | None] = msgspec.field(default_factory=lambda: [None, None])


class Skipped(Record, frozen=True, kw_only=True):
    """A file of a folder or an archive that was not read, and why."""

    path: str
    reason: str


class Share(Record, frozen=True, kw_only=True):
    """How much of what a referring-domain export lists the link exports hold.

    `domains` are listed and not marked lost, `domains_known` of them have links in the inputs;
    `links` is what the tool counts, None where it does not, `links_known` what the inputs hold of
    that.
    """

    path: str
    tool: str
    domains: int
    domains_known: int
    links: int | None
    links_known: int


class Part(Record, frozen=True, kw_only=True):
    """A part of what the profile is made of: its links and referring nodes with one value.

    `dimension` is rel, kind, placement, tactic or anchor; a placement may be `inferred`.
    """

    dimension: Literal["rel", "kind", "placement", "tactic", "anchor"]
    value: str
    links: int
    nodes: int
    inferred: bool = False


class AnchorUse(Record, frozen=True, kw_only=True):
    """One of the most used anchor texts, in lower case and cut at 300 characters.

    `nodes` are the referring nodes that use it, `share` is of all with a known anchor, `low` and
    `high` are its 95% Wilson interval. `bound` is the surest share of one page as BL301 counts it
    (lower 95% bound, owners), and `page` that page; None where no page has enough owners.
    """

    text: str
    anchor_class: str
    links: int
    nodes: int
    share: float
    low: float
    high: float
    page: str | None = None
    bound: float | None = None


class Anchors(Record, frozen=True, kw_only=True):
    """The most used of `texts` distinct anchors, of `nodes` referring nodes with a known anchor.

    `threshold` is the share of one page's referring owners from which BL301 speaks of a text that
    is no brand name or address; None where that rule was not asked.
    """

    nodes: int
    texts: int
    top: list[AnchorUse]
    threshold: float | None = None


class Period(Record, frozen=True, kw_only=True):
    """Referring nodes that are new or lost in a span of time that begins at `start` (a day).

    `lost` counts nodes of which every link is marked lost, by the day they were last seen; None
    where no input says what is lost.
    """

    start: str
    new: int
    lost: int | None = None


class Timeline(Record, frozen=True, kw_only=True):
    """New and lost referring nodes by week or month, without a gap.

    `before` were first seen before the first period; of `undated` nodes nobody says when.
    """

    unit: Literal["week", "month"]
    periods: list[Period]
    before: int = 0
    undated: int = 0


class Group(Record, frozen=True, kw_only=True):
    """Referring nodes with one value, their links, and how many are to disavow or to review."""

    value: str
    nodes: int
    links: int
    flagged: int


class Bin(Record, frozen=True, kw_only=True):
    """Referring nodes with an authority in [low, high) by band; "none" are without a finding."""

    low: float
    high: float | None
    bands: dict[str, int]


class Authority(Record, frozen=True, kw_only=True):
    """Referring nodes by authority and risk; `metric` is PageRank or the tool that states it."""

    metric: str
    bins: list[Bin]
    unknown: int


class GraphNode(Record, frozen=True, kw_only=True):
    """A node of the network; `scheme` is the id of the gravest it is in, or nearest to.

    `role` is member, target or neighbour (in no scheme); `links` are those to the site.
    """

    node: str
    role: GraphRole
    scheme: str
    links: int = 0


class GraphEdge(Record, frozen=True, kw_only=True):
    """A link between two nodes of the network, in one direction or in both."""

    source: str
    target: str
    mutual: bool = False


class Network(Record, frozen=True, kw_only=True):
    """The part of the graph around the schemes, without the audited sites.

    `schemes` and `members` count all of them, also those that found no room, `neighbours` all nodes
    outside that are linked with two members of one scheme, `links` the linked pairs: of two
    members, or of a member with a target or neighbour of its scheme.
    """

    nodes: list[GraphNode]
    edges: list[GraphEdge]
    schemes: int
    members: int
    neighbours: int
    links: int


class Figures(Record, frozen=True, kw_only=True):
    """What a report draws besides the makeup; None and empty lists are unknown, never zero."""

    anchors: Anchors | None = None
    timeline: Timeline | None = None
    suffixes: list[Group] = msgspec.field(default_factory=list)
    countries: list[Group] = msgspec.field(default_factory=list)
    authority: Authority | None = None
    network: Network | None = None


class Past(Record, frozen=True, kw_only=True):
    """The outcome of an earlier audit of the same sites."""

    as_of: str
    score: float
    band: Band
    referring_domains: int
    links: int
    schemes: int


class Reject(Record, frozen=True, kw_only=True):
    """A row that could not be used: where it stands, why, and its raw text."""

    path: str
    line: int | None
    reason: str
    raw: str


class Triage(Record, frozen=True, kw_only=True):
    """What kind of trouble a profile is in, in a sentence, and what to do in which order."""

    kind: Literal["manual action", "own scheme", "foreign scheme", "doubts", "noise"]
    says: str
    steps: list[str]


class Profile(Record, frozen=True, kw_only=True):
    """The audited site's risk: score 0-100, before and after the disavow file; what to do first."""

    score: float
    band: Band
    verdict: Literal["act", "watch", "nothing to do"]
    reasons: list[str]
    score_after_disavow: float
    referring_domains: int
    links: int
    triage: Triage | None = None


class DisavowLine(Record, frozen=True, kw_only=True):
    """One directive that the guards have passed, with the reason and the findings behind it.

    `sites` are the audited sites that it links to, in the order asked for: one file a property.
    """

    directive: str
    reason: str
    scheme: str | None
    findings: list[str]
    sites: list[str] = msgspec.field(default_factory=list)


class LiveLine(Record, frozen=True, kw_only=True):
    """A line of the live file that decisions can change: `text` as it stands, `value` canonical.

    `host` is the number of its host; a line about a page has none, but those that can cover it.
    """

    text: str
    value: str
    host: int | None = None
    above: list[int] = []


class DisavowParts(Record, frozen=True, kw_only=True):
    """All that a disavow file may be made of, whatever a person decides; every line is guarded.

    Hosts are numbered: those that can be decided come first, `hosts` are the others. `lines` are
    (host, number of its group, text), `groups` (scheme, comment above its lines); a host stands in
    the files of its `sites`, without any in all. `above` has the hosts that would cover a host, the
    widest first; `beneath` those whose keeping refuses its line, by number, or by name where they
    are kept in any case. `live` are the lines of the live file in order, None without one, `listed`
    the hosts that it names; `refused` says why a host has no line. `files` are (name, head) of one
    file a site, in the order of the sites; no file may have more lines and bytes than `limits`.
    """

    files: list[tuple[str, list[str]]]
    limits: tuple[int, int]
    hosts: list[str]
    groups: list[tuple[str, str]]
    lines: list[tuple[int, int, str]]
    sites: dict[int, list[str]]
    refused: dict[str, str]
    above: dict[int, list[int]]
    beneath: dict[int, list[int | str]]
    live: list[str | LiveLine] | None
    listed: list[int]


class Page(Record, frozen=True, kw_only=True):
    """One link to the audited sites, as the kit and narrower disavow files need it.

    `host` and `domain` are those of its `node`'s page; `credit` says that it may pass credit:
    neither lost nor known nofollow, ugc or sponsored.
    """

    node: str
    host: str
    domain: str
    url: str
    anchor: str | None
    credit: bool


class RuleInfo(Record, frozen=True, kw_only=True):
    """What a report says about a rule besides its numbers.

    `own` rules came from a folder of the user's; `changed` says how the configuration made a rule
    differ from its file.
    """

    id: str
    name: str
    level: Level
    policy: str
    summary: str
    false_positives: list[str]
    remediation: str
    own: bool = False
    changed: list[str] = msgspec.field(default_factory=list)


class Audit(Record, frozen=True, kw_only=True):
    """Everything a report writer sees; the database is not needed any more.

    `own` and `allowed` (with reasons) are hosts that no disavow file may hold, besides the sites;
    `files` has the SHA-256 of those files beside the report that people edit, as they were written.
    `trend` are the earlier audits that the baseline knew of and the baseline itself, oldest first.
    `live` counts the directives of the live disavow file; None where none was given.
    """

    tool: dict[str, str]
    as_of: str
    sites: list[str]
    node: Literal["domain", "host"]
    profile: Profile | None
    inputs: list[InputReport]
    schemes: list[Scheme]
    domains: list[DomainResult]
    findings: list[Finding]
    coverage: list[Coverage]
    rules: list[RuleInfo]
    rejects: list[Reject]
    disavow: list[DisavowLine]
    notes: list[str] = msgspec.field(default_factory=list)
    shares: list[Share] = msgspec.field(default_factory=list)
    skipped: list[Skipped] = msgspec.field(default_factory=list)
    makeup: list[Part] = msgspec.field(default_factory=list)
    files: dict[str, str] = msgspec.field(default_factory=dict)
    figures: Figures | None = None
    trend: list[Past] = msgspec.field(default_factory=list)
    own: list[str] = msgspec.field(default_factory=list)
    allowed: dict[str, str] = msgspec.field(default_factory=dict)
    live: int | None = None
    schema_version: int = SCHEMA_VERSION


def fingerprint(*parts: str) -> str:
    """Return a stable 12-hex-digit id of the parts, the same on every machine and run."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]


def level_rank(level: str) -> int:
    """Return 0 for info up to 4 for critical; raises ValueError on anything else."""
    return LEVELS.index(level)
