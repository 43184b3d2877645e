"""What the schemes benchmark says of a report, by hand; and that its plants are what they say."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks/schemes"))

import backdrop
import baselines
import plants
import score

A, B = frozenset("abcde"), frozenset("vwxyz")


def claimed(groups: list[tuple[str, str]], suspicion: dict[str, float]) -> score.Claimed:
    return score.Claimed([(level, frozenset(names)) for level, names in groups], suspicion)


def test_average_precision_by_hand() -> None:
    # right at ranks 1 and 3: (1/1 + 2/3) / 2
    assert score.average_precision({"a": 3, "x": 2, "b": 1}, {"a", "b"}, 10) == pytest.approx(5 / 6)
    # a tie of one right and one wrong counts as half right
    assert score.average_precision({"a": 1, "x": 1}, {"a"}, 10) == pytest.approx(0.5)
    # who is not ranked comes last, among all others
    assert score.average_precision({}, {"a", "b"}, 8) == pytest.approx(0.2)
    assert score.average_precision({"a": 2, "b": 1}, {"a", "b"}, 8) == 1


def test_a_group_is_recovered_from_half_of_it_on() -> None:
    found = score.score_plant(claimed([("low", "abc")], {}), A, (), 100)
    assert found["recovered"] == 1
    assert found["at medium"] == 0
    assert found["jaccard"] == pytest.approx(0.6)
    missed = score.score_plant(claimed([("high", "abxy")], {}), A, (), 100)
    assert missed["recovered"] == missed["at medium"] == 0
    # members of another plant are neither right nor wrong
    ranked = {"v": 9.0, **dict.fromkeys("abcde", 5.0)}
    assert score.score_plant(claimed([], ranked), A, B, 100)["average precision"] == 1
    assert score.score_plant(claimed([], ranked), A, (), 100)["average precision"] < 1


def test_false_schemes_are_those_mostly_made_of_others() -> None:
    said = claimed([("high", "abx"), ("high", "axy"), ("medium", "xy"), ("low", "vwx")], {})
    assert score.false_schemes(said, A) == {"high": 1, "medium": 1, "low": 1}
    assert score.score_honest(said, frozenset("xyz")) == {
        "members": 3, "in a high scheme": 2, "in a medium scheme": 0, "disavow": 0,
    }  # fmt: skip


def test_targets_of_a_scheme_are_no_members() -> None:
    members = [{"node": "a", "role": "hub"}, {"node": "t", "role": "target"}]
    report = {
        "schemes": [{"level": "medium", "members": members}],
        "domains": [{"domain": "a", "score": 31.0, "sureness": None, "verdict": "disavow"}],
    }
    said = score.of_report(report)
    assert said.groups == [("medium", frozenset("a"))]
    assert said.suspicion == {"a": (31.0, 0.0)}
    assert said.disavowed == frozenset("a")


def test_an_interval_holds_the_mean_and_is_a_point_when_all_agree() -> None:
    assert score.interval([1.0] * 10) == (1.0, 1.0, 1.0)
    mean, low, high = score.interval([0.0, 1.0] * 5)
    assert low < mean == 0.5 < high


@pytest.fixture(scope="module")
def field() -> plants.Field:
    return plants.Field("a test", backdrop.load(Path("none"), 100))


@pytest.mark.parametrize("pack", plants.PACKS)
def test_plants_are_new_domains_that_link(field: plants.Field, pack: str) -> None:
    for make in plants.PACKS[pack]:
        plant = make(field)
        ends = {end for edge in plant.edges for end in edge}
        assert not plant.members & set(field.backdrop.domains)
        if "subdomains" not in plant.cell:
            assert plant.members <= ends
            assert plant.members <= {a for a, _ in plant.edges}
        assert not plant.members & plant.targets
        assert all(a != b for a, b in plant.edges)


def test_a_network_links_to_its_customers_only_and_evenly(field: plants.Field) -> None:
    plant = plants.pbn(field, 20, 0.4)
    assert len(plant.targets) == 5
    given = [b for a, b in plant.edges if a in plant.members]
    assert set(given) <= plant.targets
    assert len(given) == len({(a, b) for a, b in plant.edges if a in plant.members}) == 40


def test_camouflage_is_of_the_kind_and_size_asked_for(field: plants.Field) -> None:
    names = field.names(30)
    for how in ("random", "popular", "hijacked"):
        edges = field.camouflage(names, plants.Camouflage(how, 5))
        assert {b for a, b in edges if a in names} <= set(field.backdrop.domains)
        assert all(sum(a == name for a, _ in edges) == 5 for name in names)
        assert any(b in names for _, b in edges) == (how == "hijacked")
    assert field.camouflage(names, plants.Camouflage("none", 0)) == []


def test_baselines_find_what_stands_alone() -> None:
    clique = [(a, b) for a in "abcde" for b in "abcde" if a != b]
    path = [(str(i), str(i + 1)) for i in range(40)]
    for name, judge in baselines.BASELINES.items():
        said = judge([*clique, *path])
        assert A in [group for _, group in said.groups], name


def test_no_scan_takes_another_web_than_the_one_that_was_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = backdrop.load(Path("none"), 100)
    monkeypatch.setattr(backdrop, "load", lambda path: small)
    assert backdrop.named("made-up web") is small
    with pytest.raises(ValueError, match=r"planned for the UK web of 1996.*the made-up web"):
        backdrop.named("UK web of 1996")
