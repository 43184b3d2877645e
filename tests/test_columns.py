"""A column that is taken away takes its rules along, and the report says which column it was."""

import gzip
from pathlib import Path

import polars as pl
import pytest

from backlint.audit import Options, preview
from backlint.rules.catalog import load_rules

SAMPLE = Path(__file__).parents[1] / "sample_graphs" / "profile" / "links.csv.gz"
SITE = "pendleighrowtents.net"
RULES = load_rules()
REQUIRED = ("links.source_url", "links.target_url")  # without them there is no file of links
NEEDED = sorted({field for rule in RULES for field in rule.header.requires} - set(REQUIRED))


def obstacles(folder: Path, drop: str = "") -> dict[str, str]:
    """Return rule -> what keeps it from running on the sample, told in all columns but one."""
    rows = pl.read_csv(gzip.decompress(SAMPLE.read_bytes()), infer_schema=False)
    told = rows.with_columns(
        kind=pl.lit("text"), external_links=pl.lit("12"), placement=pl.lit("content")
    )
    path = folder / "links.csv"
    told.drop([drop] if drop else []).write_csv(path)
    found = preview(Options(files=[path], sites=[SITE])).obstacles
    return {rule.header.id: reason for rule, reason in found}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return obstacles(tmp_path_factory.mktemp("whole"))


def test_with_all_columns_no_rule_misses_one(whole: dict[str, str]) -> None:
    assert [reason for reason in whole.values() if "has the column" in reason] == []


@pytest.mark.parametrize("field", [field for field in NEEDED if field.startswith("links.")])
def test_without_a_column_its_rules_cannot_run(
    field: str, whole: dict[str, str], tmp_path: Path
) -> None:
    column = field.removeprefix("links.")
    left = obstacles(tmp_path, column)
    assert left.keys() == whole.keys()
    needing = {rule.header.id for rule in RULES if field in rule.header.requires}
    assert needing
    for rule, reason in left.items():
        if rule in needing:
            assert "no input has the column" in reason
            assert column in reason
        elif whole[rule]:
            assert reason, f"{rule} could not run before, and can without {column}"


def test_what_is_needed_is_a_column_or_all_out_links() -> None:
    assert {field for field in NEEDED if not field.startswith("links.")} <= {"out_links_complete"}
