"""Where words go: the report to stdout, progress and errors to stderr."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def out() -> "Console":
    """Return a console on stdout; without a terminal it is 100 columns wide and has no colour."""
    from rich.console import Console

    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=100)


def screen(console: "Console") -> int:
    """Return how many lines a person sees at once; into a pipe or a file a page of forty."""
    return console.height - 1 if console.is_terminal else 40


@contextmanager
def progress(quiet: bool, verbose: int) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done, on stderr.

    On a terminal one line that changes, with the time taken and left; with verbose a line a step
    with its time, and one for each table that it makes, with two also every SQL statement; else
    nothing. Text that ends in a percentage says how far the work is.
    """
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    if verbose:
        with _logged(console, verbose) as log:
            yield log
    elif quiet or not console.is_terminal:
        yield lambda _: None
    else:
        with _bar(console) as show:
            yield show


_HOW_FAR = re.compile(r"(.*) (\d+)%", re.DOTALL)
_MADE = re.compile(r'CREATE (?:OR REPLACE )?TABLE (?:saved\.)?"?(\w+)"? AS', re.IGNORECASE)


@contextmanager
def _logged(console: "Console", verbose: int) -> Iterator[Callable[[str], None]]:
    start = time.perf_counter()
    last = ""

    from backlint.report.text import visible  # names of files and columns are not ours

    def say(text: str, indent: int = 2) -> None:
        at = f"{time.perf_counter() - start:8.2f} s"
        console.print(f"{at}{' ' * indent}{visible(text)}", markup=False, soft_wrap=True)

    def step(text: str) -> None:
        nonlocal last
        found = _HOW_FAR.fullmatch(text)
        text = found[1] if found else text
        if text != last and not (last and text.startswith(f"{last}, ")):  # its rate, as it reads
            say(text)
            last = text

    class Statements(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            sql = " ".join(str(record.msg).split())
            made = _MADE.match(sql)
            rows, seconds = getattr(record, "rows", None), getattr(record, "seconds", 0.0)
            if made and rows is not None:
                say(f"{made[1]}: {rows:,} rows in {seconds:.2f} s", 4)
            if verbose > 1:
                say(f"{seconds:.2f} s: {sql}", 6)

    logger, handler = logging.getLogger("backlint.sql"), Statements()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield step
    finally:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
        logger.propagate = True


@contextmanager
def _bar(console: "Console") -> Iterator[Callable[[str], None]]:
    from rich.progress import (
        BarColumn,
        Progress,
        ProgressColumn,
        SpinnerColumn,
        Task,
        TaskProgressColumn,
        TextColumn,
    )
    from rich.table import Column
    from rich.text import Text

    from backlint.report.text import visible

    start = time.perf_counter()

    class Times(ProgressColumn):
        """What the whole took so far, and about what is left of this part."""

        def render(self, task: Task) -> Text:
            taken, left = time.perf_counter() - start, task.time_remaining
            more = f", {left:.0f} s left" if left and task.total else ""
            return Text(f"{taken:.0f} s{more}")

    words = TextColumn(
        "{task.description}", markup=False, table_column=Column(no_wrap=True, ratio=1)
    )
    columns = (SpinnerColumn(), words, BarColumn(16), TaskProgressColumn(), Times())
    with Progress(*columns, console=console, transient=True, expand=True) as bar:
        task, last = bar.add_task("starting", total=None), -1

        def show(text: str) -> None:
            nonlocal task, last
            found = _HOW_FAR.fullmatch(text)
            words, done = (found[1], int(found[2])) if found else (text, -1)
            words = visible(words)
            if done < last or (done < 0) != (last < 0):  # something else begins
                bar.remove_task(task)
                task = bar.add_task(words, total=None if done < 0 else 100)
            last = done
            bar.update(task, description=words, completed=max(done, 0))

        yield show
