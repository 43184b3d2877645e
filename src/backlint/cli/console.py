"""Where words go: the report to stdout, progress and errors to stderr."""

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


@contextmanager
def progress(quiet: bool, verbose: bool) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows what is being done, on stderr.

    On a terminal one line that changes; with verbose a line a step with its time; else nothing.
    Text that ends in a percentage says how far the last step is.
    """
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    start = time.perf_counter()
    if verbose:

        def log(text: str) -> None:
            if not text.endswith("%"):
                at = f"{time.perf_counter() - start:8.2f} s"
                console.print(f"{at}  {text}", markup=False, soft_wrap=True)

        yield log
    elif quiet or not console.is_terminal:
        yield lambda _: None
    else:
        with console.status("starting") as status:

            def show(text: str) -> None:
                from rich.markup import escape

                status.update(f"{escape(text)} ({time.perf_counter() - start:.0f} s)")

            yield show
