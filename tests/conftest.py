"""Hypothesis profiles: `ci` and the larger `thorough` repeat the same examples every time."""

import os

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile(
    "thorough",
    max_examples=200,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def pytest_configure(config: pytest.Config) -> None:
    """Load HYPOTHESIS_PROFILE; `-m thorough` asks for the profile of that name as well."""
    marked = str(config.getoption("markexpr", "")).strip() == "thorough"
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "thorough" if marked else "ci"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every property test, so that `-m thorough` runs them all with more examples."""
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.thorough)
