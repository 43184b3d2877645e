"""What a report says of planted groups: nothing is read but `report.json`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

RECOVERED = 0.5  # Jaccard with a reported scheme
GRAVE = ("high", "critical")


class Claimed(NamedTuple):
    """What any method says: groups, each with its level, and a suspicion of each domain.

    Suspicions only order domains; a report's is the order that it lists them in.
    """

    groups: Sequence[tuple[str, frozenset[str]]]
    suspicion: Mapping[str, Any]
    disavowed: frozenset[str] = frozenset()


def of_report(report: Mapping[str, Any]) -> Claimed:
    """Return what a report claims; who is only pushed by a scheme is no member of it."""
    groups = [
        (s["level"], frozenset(m["node"] for m in s["members"] if m["role"] != "target"))
        for s in report["schemes"]
    ]
    return Claimed(
        groups,
        {d["domain"]: (d["score"], d["sureness"] or 0.0) for d in report["domains"]},
        frozenset(d["domain"] for d in report["domains"] if d["verdict"] == "disavow"),
    )


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def average_precision(
    suspicion: Mapping[str, Any], positive: Collection[str], others: int
) -> float:
    """Return the average precision of a ranking; domains of equal suspicion stand together.

    `others` counts the domains that are not positive; those without a suspicion rank last.
    """
    levels: dict[Any, list[int]] = {}
    for name, value in suspicion.items():
        level = levels.setdefault(value, [0, 0])
        level[name in positive] += 1
    found = total = 0
    area = 0.0
    for _, (wrong, right) in sorted(levels.items(), reverse=True):
        found, total = found + right, total + right + wrong
        area += right * found / total
    missed = len(positive) - found
    return (area + missed * len(positive) / (len(positive) + others)) / len(positive)


def score_plant(
    claimed: Claimed, members: frozenset[str], ignored: Collection[str], domains: int
) -> dict[str, float]:
    """Return how well one planted group was found.

    `ignored` are members of other planted schemes, which are neither right nor wrong here.
    """
    fits = [(jaccard(group, members), level) for level, group in claimed.groups]
    best = max((fit for fit, _ in fits), default=0.0)
    firm = max((fit for fit, level in fits if level not in ("info", "low")), default=0.0)
    ranking = {name: s for name, s in claimed.suspicion.items() if name not in ignored}
    return {
        "recovered": float(best >= RECOVERED),
        "at medium": float(firm >= RECOVERED),
        "jaccard": best,
        "average precision": average_precision(
            ranking, members, domains - len(members) - len(ignored)
        ),
    }


def score_honest(claimed: Claimed, members: frozenset[str]) -> dict[str, float]:
    """Return how many members of an honest group are accused, and how gravely."""
    grave = frozenset().union(*(g for level, g in claimed.groups if level in GRAVE))
    medium = frozenset().union(*(g for level, g in claimed.groups if level == "medium"))
    return {
        "members": float(len(members)),
        "in a high scheme": float(len(members & grave)),
        "in a medium scheme": float(len(members & (medium - grave))),
        "disavow": float(len(members & claimed.disavowed)),
    }


def false_schemes(claimed: Claimed, planted: frozenset[str]) -> dict[str, float]:
    """Return how many schemes mostly consist of domains that no scheme was planted on, by level."""
    wrong = [level for level, group in claimed.groups if 2 * len(group & planted) < len(group)]
    return {
        "high": float(sum(level in GRAVE for level in wrong)),
        "medium": float(wrong.count("medium")),
        "low": float(wrong.count("low")),
    }


def interval(values: Sequence[float], draws: int = 2000) -> tuple[float, float, float]:
    """Return the mean and a 95% bootstrap interval over seeds."""
    rng = np.random.default_rng(0)
    data = np.asarray(values, dtype=float)
    means = data[rng.integers(len(data), size=(draws, len(data)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(data.mean()), float(low), float(high)
