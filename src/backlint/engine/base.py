"""What the rest of backlint asks of a SQL engine, and nothing more.

DuckDB answers it on one machine. A cluster engine (Spark Connect) fits behind the same protocol:
it would reduce the links to the small suspicious graph that `fetch` brings home.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import polars as pl

Params = Mapping[str, Any] | None


class RuleTimeoutError(Exception):
    """A statement ran past its time limit and was interrupted."""


class Engine(Protocol):
    """Tables by name, SQL in the portable subset, small results as polars frames."""

    def run(self, sql: str, params: Params = None, *, seconds: float | None = None) -> None:
        """Run a statement for its effect; raises RuleTimeoutError past the limit in seconds."""

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Create or replace the table `name` with the rows of a frame."""

    def materialise(
        self, name: str, sql: str, params: Params = None, *, seconds: float | None = None
    ) -> None:
        """Create or replace the table `name` from one SELECT."""

    def keep(self, name: str, sql: str) -> None:
        """Materialise a table where it will stay: in the database file, if one was named."""

    def fetch(self, sql: str, params: Params = None) -> pl.DataFrame:
        """Return the rows of one SELECT as a frame."""

    def value(self, sql: str, params: Params = None) -> Any:
        """Return the first column of the first row, or None when there is no row."""

    def columns(self, sql: str, params: Params = None) -> dict[str, str]:
        """Return column name -> SQL type of one SELECT without running it."""

    def lock(self) -> None:
        """Cut the engine off from files and network, and freeze its configuration, for good."""

    def save(self, tables: Sequence[str]) -> Path | None:
        """Write the tables into the database file named at the start, if one was."""

    def close(self) -> None:
        """Release everything; the engine cannot be used afterwards."""
