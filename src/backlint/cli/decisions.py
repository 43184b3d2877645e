"""What commands ask and say of decisions."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from backlint.errors import InputError

if TYPE_CHECKING:
    from backlint.decisions.memory import Entry
    from backlint.findings import Audit

LINES_SHOWN = 5  # of those that one reason took out or put in


def read_decisions(path: Path | None) -> "tuple[Path | None, list[Entry]]":
    """Return the decisions file, by default that of the current folder, and its entries.

    Raises InputError for a file that was named and is not there.
    """
    from backlint.decisions.memory import NAME, read_memory

    if path is None:
        path = Path(NAME)
        return (path, read_memory(path)) if path.exists() else (None, [])
    if not path.exists():
        raise InputError(
            f"--decisions {path}: no such file; `backlint disavow write --decisions review.xlsx "
            f"--remember {path}` makes it"
        )
    return path, read_memory(path)


def say_taken(audit: "Audit", review: Path, memory: Path, new: "list[Entry]") -> None:
    """Print what a review decided in an audit, and what differs from the machine's plan."""
    from backlint.decisions.apply import against_the_machine
    from backlint.report.text import count, host_text, visible

    rulings = Counter(str(result.decided.ruling) for result in audit.domains if result.decided)
    waiting = sum(result.verdict == "review" and not result.decided for result in audit.domains)
    counts = ", ".join(
        f"{rulings[ruling]:,} {words}"
        for ruling, words in (("keep", "kept"), ("disavow", "to disavow"), ("review", "to review"))
    )
    typer.echo(f"{review}: {counts}; {waiting:,} of the machine's reviews undecided")
    if new:
        domains = sum(len(entry.domains) for entry in new)
        back = sum(len(entry.domains) for entry in new if entry.decision == "undecided")
        said = f", {back:,} of them taken back" if back else ""
        typer.echo(
            f"{memory}: {count(len(new), 'decision')} on {count(domains, 'domain')} added{said}"
        )
    else:
        typer.echo(f"{memory}: nothing new")
    groups: dict[str, list[str]] = defaultdict(list)
    for sign, result in against_the_machine(audit):
        assert result.decided is not None
        why = f": {visible(result.decided.reason)}" if result.decided.reason else ""
        said = f"{sign} {result.decided.ruling}{why}"
        groups[said].append(f"domain:{host_text(result.domain)}")
    if groups:
        typer.echo("Lines that differ from the machine's plan (- taken out, + put in):")
    for said, lines in groups.items():
        more = f" and {len(lines) - LINES_SHOWN:,} more" if len(lines) > LINES_SHOWN else ""
        typer.echo(f"  {said}: {', '.join(lines[:LINES_SHOWN])}{more}")


def say_next(out: Path, site: str, memory: Path) -> None:
    """Print what comes after a file was written by decisions."""
    typer.echo(
        f"Next: `backlint disavow check {out} --site {site}`, then upload it in Search Console. "
        f"`backlint scan` honours {memory}"
    )
