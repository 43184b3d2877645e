"""From a band to a verdict: disavow, review or keep, with every guard that held it back."""

from typing import Literal, NamedTuple

from backlint.findings import Band, Confidence, Verdict

P1_LINKS = 25  # links not known to be nofollow from which a domain comes first


class Standing(NamedTuple):
    """What is known of one referring node besides its evidence.

    `protected` says in words why it may never be disavowed; `credit` counts links that are neither
    lost nor known nofollow, ugc or sponsored; `covered` that the given disavow file has it already.
    """

    band: Band
    protected: str | None
    credit: int
    links: int
    covered: bool
    decisive: bool
    braked: str | None


def judge(standing: Standing) -> tuple[Verdict, list[str]]:
    """Return the verdict and the reasons that held it back, if any."""
    if standing.protected:
        return "keep", [standing.protected]
    if standing.links and not standing.credit:
        return "keep", ["all its links are nofollow, ugc, sponsored or lost: nothing to disavow"]
    if standing.covered:
        return "keep", ["already in the disavow file"]
    if standing.band in ("high", "critical"):
        if standing.braked and not standing.decisive:
            return "review", [standing.braked]
        return "disavow", []
    return ("review", []) if standing.band == "medium" else ("keep", [])


def priority(credit: int) -> Literal["P1", "P2"]:
    """Return P1 for 25 or more links that may pass credit, else P2."""
    return "P1" if credit >= P1_LINKS else "P2"


def confidence(groups: int, decisive: bool) -> Confidence:
    """Return how sure a verdict is by the number of evidence groups that agree."""
    if decisive or groups >= 3:
        return "high"
    return "medium" if groups == 2 else "low"
