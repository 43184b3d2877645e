"""Generated pages are current, and the layers of the architecture page are the enforced ones."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_rule_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_rules.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_constants_that_the_report_repeats_are_those_of_the_score() -> None:
    from backlint.report import model
    from backlint.risk import score

    for points in (0.0, 24.0, 28.0, 37.0, 50.0, 96.5):
        assert abs(model.score_of_points(points) - score.score(points)) < 0.06
    for value in (0.0, 39.9, 40.0, 69.9, 70.0, 89.9, 90.0, 100.0):
        assert model.band_of(value) == score.band_of(value)
