"""The planted truth: schemes are caught, look-alikes are left alone."""

import sys
from pathlib import Path

import pytest

from backlint.simulate import simulate

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import planted


@pytest.mark.parametrize("seed", [1, 2])
def test_merged_exports_catch_the_planted_and_spare_the_innocent(seed: int, tmp_path: Path) -> None:
    sim = simulate(seed)
    rows = planted.score(sim, planted.audit(sim, tmp_path))
    schemes = [row for row in rows if row["side"] == "scheme"]
    assert sum(r["caught"] for r in schemes) >= 0.8 * sum(r["linking"] for r in schemes)
    assert {r["kind"]: r["disavow"] for r in rows if r["side"] == "innocent" and r["disavow"]} == {}


def test_a_single_site_export_spares_the_innocent_and_says_what_it_cannot_see(
    tmp_path: Path,
) -> None:
    sim = simulate(3, graph=False)
    report = planted.audit(sim, tmp_path)
    rows = planted.score(sim, report)
    assert {r["kind"]: r["disavow"] for r in rows if r["side"] == "innocent" and r["disavow"]} == {}
    footprint = next(row for row in rows if row["kind"] == "footprint")
    assert footprint["caught"] >= 0.8 * footprint["linking"]
    states = {row["rule"]: row["state"] for row in report["coverage"]}
    assert {states[rule] for rule in ("BL103", "BL104", "BL201", "BL202")} == {"not evaluable"}


def test_without_keywords_no_innocent_is_disavowed(tmp_path: Path) -> None:
    sim = simulate(4)
    rows = planted.score(sim, planted.audit(sim, tmp_path, keywords=False))
    assert {r["kind"]: r["disavow"] for r in rows if r["side"] == "innocent" and r["disavow"]} == {}


def test_nothing_planted_means_nothing_to_disavow(tmp_path: Path) -> None:
    sim = simulate(5, schemes=[])
    report = planted.audit(sim, tmp_path)
    assert not (tmp_path / "audit" / "disavow.txt").exists()
    assert report["profile"]["verdict"] == "nothing to do"
    assert [s["kind"] for s in report["schemes"] if s["level"] in ("high", "critical")] == []
