"""Merging claims into schemes: the quick way finds what comparing with every scheme finds."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from backlint.findings import Claim
from backlint.risk import schemes

members = st.sets(st.sampled_from("abcdefghijkl"), min_size=1, max_size=8).map(
    lambda s: tuple(sorted(s))
)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    return Claim(
        rule=draw(st.sampled_from(["BL1", "BL2", "BL3"])),
        group="network",
        level=draw(st.sampled_from(["low", "medium", "high"])),  # type: ignore[arg-type]
        confidence="high",
        policy="",
        subject_kind="scheme",
        subject=draw(st.sampled_from(["1", "2", "3", "4"])),
        value=draw(st.sampled_from([0.0, 1.0])),
        scheme=draw(st.sampled_from(["", "link-ring", "link-farm"])),
        domains=draw(members),
        targets=(),
        link_ids=(),
        detail={},
    )


def plain_merge(found: Sequence[Claim]) -> list[schemes.Group]:
    makers = sorted((c for c in found if c.scheme), key=schemes._strength, reverse=True)
    homes: list[list[Claim]] = []
    for claim in makers:
        home = next((h for h in homes if part_of(claim.members, h[0].members)), None)
        if home is None:
            homes.append([claim])
        else:
            home.append(claim)
    groups = [[home[0], *schemes._best_of_other_rules(home[0], home[1:])] for home in homes]
    adders: dict[str, list[Claim]] = {}
    for claim in found:
        if not claim.scheme:
            adders.setdefault(claim.subject, []).append(claim)
    return [schemes._close([*group, *schemes._added(group, adders)]) for group in groups]


def part_of(some: frozenset[str], home: frozenset[str]) -> bool:
    shared = len(some & home)
    if len(some) == 1 < len(home):
        return False
    return shared >= schemes.SAME * len(some | home) or shared >= schemes.INSIDE * len(some)


@given(st.lists(claims(), max_size=30))
def test_homes_that_share_nobody_need_not_be_asked(found: list[Claim]) -> None:
    assert schemes.merge(found) == plain_merge(found)
