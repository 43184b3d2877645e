"""From fired rules to a score with an exact waterfall.

score = 100 / (1 + exp(-(points - 28) / 10)): no evidence gives 6, near the base rate of judged
collections (5.7%, 9.8%). Without labels it is a score, not a probability.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from backlint.findings import Band, Step

MIDPOINT, SLOPE = 28.0, 10.0
REST = 0.3  # what a second rule of the same group still adds
TWO_GROUPS_MIN = 10.0
STRONG_GROUPS = ("structure", "co-target", "anchors", "infrastructure")
DECISIVE = "decisive"
SILENT = ("trust", "time")


class Evidence(NamedTuple):
    """One fired rule on one node: its points and evidence group.

    A decisive finding stands in a group of its own, outside the caps.
    """

    rule: str
    group: str
    points: float
    decisive: bool = False


def waterfall(
    evidence: Iterable[Evidence], caps: Mapping[str, float], trust: float = 0.0
) -> list[Step]:
    """Return the steps from evidence to points; their sum is the argument of the score, exactly.

    Inside a group the strongest rule counts whole and each further one 30%, up to the group's cap,
    so more evidence never lowers a score. `trust` is taken off at the end, never below 0.
    """
    groups: dict[str, list[Evidence]] = defaultdict(list)
    for item in evidence:
        groups[DECISIVE if item.decisive else item.group].append(item)
    steps: list[Step] = []
    for group in sorted(groups):
        items = sorted(groups[group], key=lambda e: (-e.points, e.rule))
        room = caps.get(group, math.inf)
        for index, item in enumerate(items):
            points = min(item.points if index == 0 else REST * item.points, room)
            points = round(points, 6)
            room -= points
            if points > 0:
                steps.append(Step(rule=item.rule, group=group, points=points))
    total = sum(step.points for step in steps)
    if trust and total > 0:
        steps.append(Step(rule="trust", group="trust", points=-min(trust, total)))
    return steps


def score(points: float) -> float:
    """Return the score, 0 to 100, of a sum of points."""
    return round(100.0 / (1.0 + math.exp(-(points - MIDPOINT) / SLOPE)), 1)


def total(steps: Iterable[Step]) -> float:
    """Return the sum of a waterfall in points."""
    return sum(step.points for step in steps)


def band_of(value: float) -> Band:
    """Return the band of a score: low < 40 <= medium < 70 <= high < 90 <= critical."""
    if value < 40:
        return "low"
    if value < 70:
        return "medium"
    return "high" if value < 90 else "critical"


def two_groups(steps: Iterable[Step]) -> bool:
    """Say whether two evidence groups of 10 points agree, one of them a strong one."""
    groups = agreeing_groups(steps)
    if DECISIVE in groups:
        return True
    return len(groups) >= 2 and any(group in STRONG_GROUPS for group in groups)


def agreeing_groups(steps: Iterable[Step]) -> set[str]:
    """Return the evidence groups that may agree with each other: a rule of at least 10 points.

    One rule, not their sum: two rules of a group often see one fact, such as a path that numbered
    sites share, and what each says stays below 10 points because honest sites show it.
    Time never does: a conference or a launch links up in a month by its nature. Structure and
    co-target count as one.

    Both see the same links. Even with capture and isolation they coincide in an honest web: the
    virtual mall of one host, 18 sites of the UK web of 1996, has them all [measured].
    """
    strong = {step.group for step in steps if step.points >= TWO_GROUPS_MIN}
    groups = strong - set(SILENT)
    if "structure" in groups:
        groups.discard("co-target")
    return groups


def judged_band(steps: Iterable[Step]) -> Band:
    """Return the band that a waterfall may claim: above medium only under the two-group rule."""
    steps = list(steps)
    band = band_of(score(total(steps)))
    return "medium" if band in ("high", "critical") and not two_groups(steps) else band
