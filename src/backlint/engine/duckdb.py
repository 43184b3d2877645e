"""The engine on one machine: DuckDB in memory, two-phase.

Files may be read until `lock()`; from then on no statement can reach a file or the network, which
is the state in which rule SQL runs. The database file of the audit is attached before the lock and
filled at the end, because writing through it all along costs 2.6 times the CPU [measured]. Only
the links go there at once: they are the bulk of the data, and are written once anyhow.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from backlint.engine.base import Params, RuleTimeoutError

_log = logging.getLogger("backlint.sql")


def quote(name: str) -> str:
    """Return a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return text as a SQL string literal, for the few places that take no parameter."""
    return "'" + text.replace("'", "''") + "'"


@lru_cache(maxsize=1000)
def _only_one(sql: str) -> None:
    """Refuse SQL that another parser may have taken for one statement and this one does not."""
    if len(duckdb.extract_statements(sql)) != 1:
        raise ValueError("must be exactly one statement")


class DuckEngine:
    """DuckDB behind the `Engine` protocol."""

    def __init__(
        self,
        database: Path | None = None,
        *,
        threads: int | None = None,
        memory_limit: str | None = None,
        temp_directory: Path | None = None,
    ) -> None:
        """Open an empty in-memory store; `database` is the file that `save` will fill."""
        self._con = duckdb.connect(":memory:")
        self._database = database
        # shares of a running query can be asked for, and nothing is printed
        self._con.execute("SET enable_progress_bar = true")
        self._con.execute("SET enable_progress_bar_print = false")
        self._con.execute("SET autoinstall_known_extensions = false")
        self._con.execute("SET autoload_known_extensions = false")
        if threads:
            self._con.execute(f"SET threads = {int(threads)}")
        self._most = self.value("SELECT current_setting('memory_limit')")
        self._may_lift = memory_limit is None and temp_directory is not None
        if self._may_lift:
            # Beyond 2 GB tables go to disk: memory does not grow with the files, for 4% of the CPU
            # [measured at 10 million links]. Where that is too little, `run` lifts it.
            per_thread = 250 * int(self.value("SELECT current_setting('threads')"))
            memory_limit = f"{max(2000, per_thread)}MB"
        if memory_limit:
            self._con.execute(f"SET memory_limit = {literal(memory_limit)}")
        if temp_directory:
            self._con.execute(f"SET temp_directory = {literal(str(temp_directory))}")
        if database:
            self._con.execute(f"ATTACH {literal(str(database))} AS saved")
            self._con.execute("SET search_path = 'memory.main,saved.main'")

    @contextmanager
    def _limit(self, seconds: float | None) -> Iterator[None]:
        if seconds is None:
            yield
            return
        timer = threading.Timer(seconds, self._con.interrupt)
        timer.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise RuleTimeoutError(f"stopped after {seconds:g} s") from error
        finally:
            timer.cancel()

    @contextmanager
    def watched(self, show: Callable[[float], None]) -> Iterator[None]:
        """Tell how far the longest of the running queries is, 0 to 1, while that grows."""
        done = threading.Event()
        thread = threading.Thread(target=_watch, args=(self._con, done, show), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            del thread  # the frame of an exception would keep it, and with it the connection

    def run(self, sql: str, params: Params = None, *, seconds: float | None = None) -> None:
        """See `Engine.run`."""
        given = dict(params) if params else None
        start = time.perf_counter()
        with self._limit(seconds):
            try:
                done = self._con.execute(sql, given).fetchall()
            except duckdb.OutOfMemoryException:
                if not self._may_lift:
                    raise
                self._may_lift = False
                self._con.execute(f"SET memory_limit = {literal(self._most)}")
                done = self._con.execute(sql, given).fetchall()
        if _log.isEnabledFor(logging.DEBUG):
            rows = done[0][0] if done and isinstance(done[0][0], int) else None
            _log.debug(sql, extra={"seconds": time.perf_counter() - start, "rows": rows})

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """See `Engine.register`."""
        self._con.register("_incoming", frame)
        try:
            self._con.execute(f"CREATE OR REPLACE TABLE {quote(name)} AS FROM _incoming").fetchall()
        finally:
            self._con.unregister("_incoming")

    def materialise(
        self, name: str, sql: str, params: Params = None, *, seconds: float | None = None
    ) -> None:
        """See `Engine.materialise`."""
        _only_one(sql)
        self.run(f"CREATE OR REPLACE TABLE {quote(name)} AS {sql}", params, seconds=seconds)

    def keep(self, name: str, sql: str) -> None:
        """See `Engine.keep`."""
        _only_one(sql)
        place = "saved." if self._database else ""
        self.run(f"CREATE OR REPLACE TABLE {place}{quote(name)} AS {sql}")

    def fetch(self, sql: str, params: Params = None) -> pl.DataFrame:
        """See `Engine.fetch`."""
        frame: pl.DataFrame = self._con.sql(sql, params=dict(params) if params else None).pl()
        return frame

    def value(self, sql: str, params: Params = None) -> Any:
        """See `Engine.value`."""
        rows = self._con.execute(sql, dict(params) if params else None).fetchall()
        return rows[0][0] if rows else None

    def columns(self, sql: str, params: Params = None) -> dict[str, str]:
        """See `Engine.columns`."""
        _only_one(sql)
        rows = self._con.execute(f"DESCRIBE {sql}", dict(params) if params else None).fetchall()
        return {row[0]: row[1] for row in rows}

    def tables(self) -> list[str]:
        """Return the names of all tables and views, sorted."""
        rows = self._con.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_catalog IN ('memory', 'saved')"
        ).fetchall()
        return sorted(row[0] for row in rows)

    def lock(self) -> None:
        """See `Engine.lock`."""
        self._may_lift = False  # nothing can be set from here on
        self._con.execute("SET python_enable_replacements = false")
        self._con.execute("SET enable_external_access = false")
        self._con.execute("SET lock_configuration = true")

    def save(self, tables: Sequence[str]) -> Path | None:
        """See `Engine.save`."""
        if self._database is None:
            return None
        there = self._con.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_catalog = 'saved'"
        ).fetchall()
        self.run("BEGIN")  # each of many small tables would wait for the disk by itself
        for table in tables:
            if (table,) not in there:
                self.run(f"CREATE TABLE saved.{quote(table)} AS FROM memory.{quote(table)}")
        self.run("COMMIT")
        self._con.execute("SET search_path = 'memory.main'")
        self._con.execute("DETACH saved")
        return self._database

    def close(self) -> None:
        """See `Engine.close`."""
        self._con.close()

    def __enter__(self) -> "DuckEngine":
        """Return the engine itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the engine."""
        self.close()


def _watch(
    con: duckdb.DuckDBPyConnection, done: threading.Event, show: Callable[[float], None]
) -> None:
    most = 0.0
    while not done.wait(0.5):
        if (percent := con.query_progress()) > most:
            most = percent
            show(percent / 100)
