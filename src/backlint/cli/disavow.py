"""`backlint disavow`: write, merge and check disavow files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.config import config_file
from backlint.errors import InputError, UsageError

if TYPE_CHECKING:
    from backlint.decisions.memory import Entry
    from backlint.disavow.guards import Guards
    from backlint.disavow.plan import Note, Rendered
    from backlint.findings import Audit

app = typer.Typer(help="Write, merge and check Google disavow files.", no_args_is_help=True)

Force = Annotated[
    bool, typer.Option("--force", help="Replace the file; the old one is kept as a backup.")
]
Site = Annotated[
    list[str] | None,
    typer.Option(help="Your own site, never disavowed; may be given again.", metavar="DOMAIN"),
]
Allow = Annotated[
    Path | None,
    typer.Option(
        help="Domains never to disavow, one a line, or in TOML with reasons.", metavar="FILE"
    ),
]


@app.command()
def write(
    audit: Annotated[Path, typer.Option(help="The folder of the audit.", metavar="FOLDER")] = Path(
        "backlint-audit"
    ),
    out: Annotated[Path, typer.Option(help="The file to write.", metavar="FILE")] = Path(
        "disavow.txt"
    ),
    old: Annotated[
        Path | None, typer.Option(help="The live disavow file; its lines are kept.", metavar="FILE")
    ] = None,
    allow: Allow = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="The review.xlsx or review.csv of the audit, with your decisions in it.",
            metavar="FILE",
        ),
    ] = None,
    remember: Annotated[
        Path | None,
        typer.Option(
            help="The file that remembers decisions; else backlint.decisions.toml in the current "
            "folder.",
            metavar="FILE",
        ),
    ] = None,
    force: Force = False,
    config: Annotated[
        Path | None,
        config_file({"audit": "out", "old": "disavow", "allow": "allow", "remember": "decisions"}),
    ] = None,
) -> None:
    """Write the disavow file of an audit and of your decisions, merged with the live one."""
    from backlint.cli.decisions import say_next, say_taken
    from backlint.decisions.apply import apply, holding
    from backlint.decisions.memory import NAME, read_memory
    from backlint.decisions.memory import remember as add_to
    from backlint.disavow.file import parse
    from backlint.disavow.guards import keeping
    from backlint.disavow.plan import render
    from backlint.disavow.write import check_writable
    from backlint.report.json import read_json

    report = audit / "report.json"
    if not report.exists():
        raise InputError(
            f"{report}: no such audit. Run `backlint scan` first, or name its folder with --audit"
        )
    found = read_json(report)
    if not found.sites:
        raise UsageError(
            f"{report}: the audit has no site, so there are no verdicts; scan again with --site"
        )
    memory = remember or Path(NAME)
    entries = read_memory(memory) if memory.exists() else []
    if entries:
        typer.echo(f"decisions of {memory}", err=True)
    new = _taken(decisions, found, entries) if decisions else []
    guards = keeping(_guards(found.sites, allow, found), holding(found, [*entries, *new]))
    found = apply(found, [*entries, *new])
    before = parse(_read(old)) if old else None
    header = [f"Disavow file for {', '.join(found.sites)}, by backlint"]
    rendered = render(found.disavow, before, guards, header=header)
    if rendered:
        check_writable(out, rendered.text, force)
    if decisions:
        add_to(memory, new)
        say_taken(found, decisions, memory, new)
    if rendered is None:
        typer.echo(
            "nothing to disavow; no file was written (an empty upload would wipe a live list)"
        )
        return
    _save(out, rendered, force, [old] if old else [])
    if decisions:
        say_next(out, memory)


def _taken(review: Path, audit: "Audit", entries: "list[Entry]") -> "list[Entry]":
    """Return the decisions of a review that are not remembered yet; say what was not taken."""
    import datetime

    from backlint.decisions.apply import fresh
    from backlint.decisions.sheet import read_review
    from backlint.decisions.take import take

    taken = take(read_review(review), audit, review, datetime.date.today(), entries)
    for sentence in taken.refused:
        typer.echo(sentence, err=True)
    return fresh(taken.entries, entries, audit)


@app.command()
def merge(
    files: Annotated[
        list[Path], typer.Argument(help="Disavow files, the live one first.", metavar="FILE")
    ],
    out: Annotated[Path, typer.Option(help="The file to write.", metavar="FILE")],
    site: Site = None,
    allow: Allow = None,
    force: Force = False,
    config: Annotated[Path | None, config_file({"site": "site", "allow": "allow"})] = None,
) -> None:
    """Merge disavow files: every valid line of each is kept; an upload replaces the whole list."""
    from backlint.disavow.file import parse
    from backlint.disavow.plan import merge as merge_files

    guards = _guards(site or (), allow)
    rendered = merge_files([parse(_read(path)) for path in files], guards)
    _save(out, rendered, force, files)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Disavow files.", metavar="FILE")],
    site: Site = None,
    config: Annotated[Path | None, config_file({"site": "site"})] = None,
) -> None:
    """Lint disavow files: FILE:LINE: CODE message; exit 1 on a defect."""
    from backlint.disavow.check import check as find_defects
    from backlint.disavow.check import format_defect
    from backlint.lists import load_list

    platforms = frozenset(load_list("platforms").entries)
    broken = False
    for path in files:
        for defect in find_defects(path, _read(path), frozenset(_hosts(site or ())), platforms):
            typer.echo(format_defect(path, defect))
            broken = broken or defect.severity != "info"
    raise typer.Exit(1 if broken else 0)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _hosts(sites: "list[str] | tuple[str, ...]") -> list[str]:
    from backlint import urls

    hosts = []
    for site in sites:
        found = urls.url_host(site)
        if found is None:
            raise UsageError(f"--site: {site!r} is no host name; write it like example.com")
        hosts.append(found.name)
    return hosts


def _guards(
    sites: "list[str] | tuple[str, ...]", allow: Path | None, audit: "Audit | None" = None
) -> "Guards":
    """Return the guards of sites and of an allow-list, which may end: by the audit's day or now."""
    import datetime

    from backlint.cli.scan import read_allowed
    from backlint.decisions.allow import ended_sentences, protected
    from backlint.decisions.apply import last_day
    from backlint.disavow.guards import Guards
    from backlint.lists import load_list

    allowed = protected(read_allowed(allow), last_day(audit) if audit else datetime.date.today())
    for sentence in ended_sentences(allowed.ended):
        typer.echo(sentence, err=True)
    return Guards(
        own=frozenset(_hosts(sites)),
        allow=frozenset(allowed.hosts),
        reasons=allowed.hosts,
        trusted=frozenset(load_list("trusted").entries),
        platforms=frozenset(load_list("platforms").entries),
    )


def _save(out: Path, rendered: "Rendered", force: bool, files: list[Path]) -> None:
    from backlint.disavow.write import write_disavow

    backup = write_disavow(out, rendered.text, force)
    for note in rendered.report:
        typer.echo(_note(note, files), err=True)
    if backup:
        typer.echo(f"the old file is kept as {backup}", err=True)
    typer.echo(f"{out}: {rendered.directives} directives")
    if not rendered.directives:
        typer.echo(f"{out}: warning: uploading it would wipe the live list", err=True)


def _note(note: "Note", files: list[Path]) -> str:
    name = "new" if note.file is None else str(files[note.file])
    return f"{name}:{note.line}: {note.state}: {note.text} ({note.reason})"
