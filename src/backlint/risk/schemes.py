"""From the rows of scheme rules to schemes: overlapping groups merge, each keeps its reasons."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from backlint.findings import LEVELS, Claim, Level, level_rank

# How a scheme is called when several rules describe the same group: the most specific wins.
SPECIFIC = (
    "link-wheel",
    "link-ring",
    "link-pyramid",
    "directory-blast",
    "subdomain-network",
    "generated-names",
    "link-clique",
    "link-farm",
    "private-blog-network",
    "footprint-network",
)
SAME = 0.5  # Jaccard from which two groups are one scheme
INSIDE = 0.8  # share of a smaller group inside a larger one from which it is a part of it
NAMED_BY = 0.8  # share of the members that a rule must cover to give the scheme its name


Strength = tuple[int, float, int, int, float, tuple[str, ...]]


class Group(NamedTuple):
    """A merged scheme before it is scored: the claims that are kept, its members and targets."""

    claims: list[Claim]
    members: frozenset[str]
    targets: frozenset[str]
    level: Level
    kind: str
    hubs: frozenset[str] = frozenset()


def merge(claims: Sequence[Claim]) -> list[Group]:
    """Return the schemes that the claims describe, strongest and surest first.

    A scheme begins with its strongest claim. Of every other rule the claim that fits it best is
    kept. Only claims of the same level may add members: nobody is drawn in by a weaker claim.
    """
    makers = sorted((claim for claim in claims if claim.scheme), key=_strength, reverse=True)
    homes: list[list[Claim]] = []
    homes_of: dict[str, list[int]] = defaultdict(list)  # a member's, by the homes' first claims
    for claim in makers:
        home = _home(claim.members, homes, homes_of)
        if home is None:
            for member in claim.members:
                homes_of[member].append(len(homes))
            homes.append([claim])
        else:
            homes[home].append(claim)
    kept = [[home[0], *_best_of_other_rules(home[0], home[1:])] for home in homes]
    adders: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if not claim.scheme:
            adders[claim.subject].append(claim)
    return [_close([*group, *_added(group, adders)]) for group in kept]


def _home(
    members: frozenset[str],
    homes: Sequence[Sequence[Claim]],
    homes_of: Mapping[str, Sequence[int]],
) -> int | None:
    """Return the first home to which a claim with these members belongs.

    Only homes that share a member are asked: there are tens of thousands in a large web. A claim
    about nobody is part of anything.
    """
    if homes and not members:
        return 0
    shared = Counter(home for member in members for home in homes_of.get(member, ()))
    belongs = (
        home
        for home, count in shared.items()
        if _belongs(count, len(members), len(homes[home][0].members))
    )
    return min(belongs, default=None)


def _best_of_other_rules(first: Claim, claims: Sequence[Claim]) -> list[Claim]:
    best: dict[str, Claim] = {}
    for claim in claims:
        if claim.rule != first.rule:
            held = best.get(claim.rule)
            if held is None or _fit(claim, first) > _fit(held, first):
                best[claim.rule] = claim
    return [best[rule] for rule in sorted(best)]


def _added(group: Sequence[Claim], adders: Mapping[str, Sequence[Claim]]) -> list[Claim]:
    """Return, of each rule that adds to schemes, its best claim about one of the candidates.

    A scheme below medium takes none: anchors and dates confirm a group, they do not make one.
    """
    if level_rank(group[0].level) < level_rank("medium"):
        return []
    subjects = {claim.subject for claim in group}
    claims = [claim for subject in sorted(subjects) for claim in adders.get(subject, ())]
    return _best_of_other_rules(group[0], claims)


def _fit(claim: Claim, first: Claim) -> tuple[float, Strength]:
    shared = len(claim.members & first.members)
    return shared / len(claim.members | first.members), _strength(claim)


def _strength(claim: Claim) -> Strength:
    """Return what puts one claim before another: a sure small group before an unsure large one."""
    specific = -SPECIFIC.index(claim.scheme) if claim.scheme in SPECIFIC else -len(SPECIFIC)
    size = len(claim.domains)
    return (
        level_rank(claim.level),
        claim.sureness or 0.0,
        size,
        specific,
        claim.value,
        claim.domains,
    )


def _belongs(shared: int, members: int, home: int) -> bool:
    """Say whether a group is the same scheme as its home, or a part of it.

    What is said of a single domain, such as that its subdomains are a network, is no part of a
    larger group: it would be lost there.
    """
    if members == 1 < home:
        return False
    return shared >= SAME * (members + home - shared) or shared >= INSIDE * members


def _close(group: list[Claim]) -> Group:
    makers = [claim for claim in group if claim.scheme]
    level = makers[0].level
    members = frozenset().union(*(c.members for c in makers if c.level == level))
    targets = frozenset().union(*(frozenset(claim.targets) for claim in group)) - members
    covering = [c for c in makers if len(c.members & members) >= NAMED_BY * len(members)]
    kind = min(
        (claim.scheme for claim in covering or makers[:1]),
        key=lambda kind: (SPECIFIC.index(kind) if kind in SPECIFIC else len(SPECIFIC), kind),
    )
    hubs = frozenset(makers[0].hubs) & members
    return Group(sorted(group, key=lambda c: c.rule), members, targets, level, kind, hubs)


def raised(level: Level, agreeing_groups: int) -> Level:
    """Return the level of a scheme on which evidence groups agree: two make high, three critical.

    A group that only a low or info claim describes is never raised above medium.
    """
    if level_rank(level) < level_rank("medium"):
        return level
    if agreeing_groups >= 3:
        return "critical"
    return LEVELS[max(level_rank(level), level_rank("high"))] if agreeing_groups >= 2 else level


def profile_risk(
    schemes: Sequence[tuple[float, float, bool]],
    share: Callable[[float], float] = lambda part: min(1.0, part / 0.10),
) -> float:
    """Return the profile's risk, 0 to 100: 1 - product over schemes of (1 - p * share * control).

    Each scheme is (score, part of the site's referring domains in it, controlled by the site). A
    scheme in which nothing points to the owner counts a fifth: Google normally ignores it.
    """
    clean = 1.0
    for points, part, controlled in schemes:
        clean *= 1.0 - points / 100.0 * share(part) * (1.0 if controlled else 0.2)
    return round(100.0 * (1.0 - clean), 1)
