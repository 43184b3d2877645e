"""`backlint disavow`: write, merge, check, mend and compare disavow files."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.audits import AUDIT, AuditFolder, listed_domains, read_audit
from backlint.cli.config import config_file
from backlint.errors import InputError, UsageError
from backlint.files import did_you_mean

SHOWN = 10  # lines of a list, unless all are asked for

if TYPE_CHECKING:
    from backlint.decisions.memory import Entry
    from backlint.disavow.guards import Guards
    from backlint.disavow.plan import Note, Rendered
    from backlint.findings import Audit, DisavowLine

app = typer.Typer(
    help="Write, merge, check, mend and compare Google disavow files.", no_args_is_help=True
)


class Level(StrEnum):
    """What a line of the file names."""

    domain = "domain"
    host = "host"
    url = "url"


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
All = Annotated[bool, typer.Option("--all", help="Print long lists whole.")]


@app.command()
def write(
    audit: AuditFolder = AUDIT,
    out: Annotated[
        Path | None,
        typer.Option(
            help="The file to write; else disavow.txt, or disavow-SITE.txt for each of several "
            "sites. With --new-only else the screen.",
            metavar="FILE",
        ),
    ] = None,
    old: Annotated[
        Path | None, typer.Option(help="The live disavow file; its lines are kept.", metavar="FILE")
    ] = None,
    allow: Allow = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="The review.xlsx or review.csv of the audit, or the review that its report handed "
            "out, with your decisions in it.",
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
    site: Annotated[
        str | None,
        typer.Option(help="Only the file of this site, of several.", metavar="DOMAIN"),
    ] = None,
    level: Annotated[
        Level,
        typer.Option(
            help="What new lines name: domain, host (those that link) or url (the linking pages).",
            metavar="LEVEL",
        ),
    ] = Level.domain,
    new_only: Annotated[
        bool,
        typer.Option("--new-only", help="Only the lines that --old does not cover."),
    ] = False,
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
    from backlint.disavow.plan import file_names, heading, of_site, render, render_new
    from backlint.disavow.write import check_writable

    if new_only and not old:
        raise UsageError("--new-only: needs the live file to compare with; name it with --old")
    found = _audit(audit)
    names = _chosen(file_names(found.sites), site, out, old)
    memory = remember or Path(NAME)
    entries = read_memory(memory) if memory.exists() else []
    if entries:
        typer.echo(f"decisions of {memory}", err=True)
    new = _taken(decisions, found, entries) if decisions else []
    guards = keeping(_guards((), allow, found), holding(found, [*entries, *new]))
    found = apply(found, [*entries, *new])
    before = parse(_read(old)) if old else None
    lines = _at_level(audit, found, level)
    files = {}
    for name, file_name in names.items():
        mine = of_site(lines, name)
        if new_only and before is not None:
            rendered = render_new(mine, before, guards, header=heading(name))
        else:
            rendered = render(mine, before, guards, header=heading(name))
        files[name] = (out or Path(file_name), rendered)
        if rendered and not (new_only and out is None):
            check_writable(files[name][0], rendered.text, force)
    for name, (place, rendered) in files.items():
        if rendered is None:
            typer.echo(_nothing(name, names, old if new_only else None))
        elif new_only and out is None:
            typer.echo(rendered.text, nl=False)
            typer.echo(f"{rendered.directives} new directives; nothing was written", err=True)
        else:
            _save(place, rendered, force, [old] if old and not new_only else [])
    if decisions:  # after the files: what could not be written was not decided
        add_to(memory, new)
        say_taken(found, decisions, memory, new)
        for site_name, (place, rendered) in files.items():
            if rendered and not (new_only and out is None):
                say_next(place, site_name, memory)


def _chosen(
    names: "dict[str, str]", site: str | None, out: Path | None, old: Path | None
) -> "dict[str, str]":
    """Return the files to write by site; raises UsageError where one would stand for several."""
    if site:
        chosen = _hosts([site])[0]
        if chosen not in names:
            raise UsageError(f"--site: the audit is of {', '.join(names)}, not of {chosen}")
        return {chosen: names[chosen]}
    if out and len(names) > 1:
        raise UsageError(
            "--out: the audit has several sites; write one at a time, with --site "
            + next(iter(names))
        )
    if old and len(names) > 1:
        raise UsageError(
            "--old: the audit has several sites, and each property has a live file of its own; "
            f"write one at a time, with --site {next(iter(names))}"
        )
    return names


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
    """Merge disavow files.

    Every valid line of each is kept; an upload replaces the whole list.
    """
    from backlint.disavow.file import parse
    from backlint.disavow.plan import merge as merge_files

    guards = _guards(site or (), allow)
    rendered = merge_files([parse(_read(path)) for path in files], guards)
    _save(out, rendered, force, files)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Disavow files.", metavar="FILE")],
    site: Site = None,
    allow: Allow = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Write the file mended: to --out, or with --force in its place."
        ),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Where --fix writes one file.", metavar="FILE")
    ] = None,
    force: Force = False,
    config: Annotated[Path | None, config_file({"site": "site", "allow": "allow"})] = None,
) -> None:
    """Lint or mend disavow files; exit 1 on a defect.

    Prints FILE:LINE: CODE message (what to do). With --fix it writes the files mended and says what
    was done with each line; exit 1 where something is left for a human.
    """
    from backlint.disavow.check import check as find_defects
    from backlint.disavow.check import format_defect, summary

    guards = _guards(site or (), allow)
    if fix:
        raise typer.Exit(_fix(files, guards, out, force))
    if out or force:
        raise UsageError("--out and --force are for --fix; add it, or leave them out")
    broken = False
    for path in files:
        data = _read(path)
        defects = find_defects(path, data, guards)
        for defect in defects:
            typer.echo(format_defect(path, defect))
        typer.echo(f"{path}: {summary(data, defects)}", err=True)
        broken = broken or any(defect.severity != "info" for defect in defects)
    raise typer.Exit(1 if broken else 0)


def _fix(files: Sequence[Path], guards: "Guards", out: Path | None, force: bool) -> int:
    """Write the files mended and tell each change; return the exit code."""
    from backlint.disavow.codes import CODES
    from backlint.disavow.fix import fix, format_change
    from backlint.disavow.write import write_disavow

    if out and len(files) > 1:
        raise UsageError("--out: takes one file; mend several in their place, with --force")
    if not out and not force:
        raise UsageError("--fix: name the mended file with --out, or replace it with --force")
    open_ends = False
    for path in files:
        mended = fix(path, _read(path), guards)
        place = out or path
        backup = write_disavow(place, mended.text, force)
        for change in mended.changes:
            typer.echo(format_change(path, change))
        needs = [
            change
            for change in mended.changes
            if change.state in ("commented", "left") and CODES[change.code].severity != "info"
        ]
        if backup:
            typer.echo(f"the old file is kept as {backup}", err=True)
        typer.echo(
            f"{place}: {mended.directives} directives; {len(needs)} lines need a human "
            "(commented or left)",
            err=True,
        )
        open_ends = open_ends or bool(needs)
    return 1 if open_ends else 0


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="The live file.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="The file to upload.", metavar="NEW")],
    audit: Annotated[
        Path | None,
        typer.Option(help="The folder of an audit, to say which links change.", metavar="FOLDER"),
    ] = None,
    whole: All = False,
) -> None:
    """Say what an upload of NEW in place of OLD changes.

    Compares what the files do, not their text; exit 1 where that differs.
    """
    from backlint.disavow.effect import difference, effect, page_hosts
    from backlint.disavow.file import parse
    from backlint.disavow.told import difference_text

    before, after = parse(_read(old)), parse(_read(new))
    effects = effect(before), effect(after)
    units = None
    if audit is not None:
        from backlint.saved import open_audit
        from backlint.saved import units as read_units

        with open_audit(audit) as con:
            units = read_units(con, page_hosts([*effects[0], *effects[1]]))
    found = difference(*effects, units)
    typer.echo(difference_text(old, new, before, after, found, None if whole else SHOWN))
    raise typer.Exit(1 if found.changes else 0)


@app.command()
def coverage(
    file: Annotated[Path, typer.Argument(help="A disavow file.", metavar="FILE")],
    audit: AuditFolder = AUDIT,
    reavow: Annotated[
        Path | None,
        typer.Option(
            help="Write the file with the lines that nothing speaks for as comments.",
            metavar="FILE",
        ),
    ] = None,
    whole: All = False,
    force: Force = False,
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Hold a disavow file against an audit.

    Says what it covers, what it should never cover, and which lines no evidence supports.
    """
    from backlint.disavow.coverage import cover, without
    from backlint.disavow.effect import effect, page_hosts
    from backlint.disavow.file import parse
    from backlint.disavow.told import coverage_text
    from backlint.disavow.write import write_disavow
    from backlint.saved import open_audit
    from backlint.saved import units as read_units

    parsed = parse(_read(file))
    found = _audit(audit)
    with open_audit(audit) as con:
        units = read_units(con, page_hosts(effect(parsed)))
    covered = cover(parsed, found, units, listed_domains(audit) or {})
    typer.echo(coverage_text(file, parsed, found, covered, None if whole else SHOWN))
    if reavow is None:
        return
    if len(covered.reavow) == len(covered.lines):
        raise UsageError(
            "--reavow: no directive would be left, and uploading such a file wipes the live list; "
            "nothing was written"
        )
    text, commented = without(parsed, covered.reavow)
    more = commented - len(covered.reavow)
    backup = write_disavow(reavow, text, force)
    if backup:
        typer.echo(f"the old file is kept as {backup}", err=True)
    typer.echo(
        f"{reavow}: {len(covered.lines) - len(covered.reavow)} directives; "
        f"{len(covered.reavow)} are comments now"
        + (f", and {more} that these cover" if more else "")
        + ". Look at each before you upload it"
    )


@app.command()
def kit(
    audit: AuditFolder = AUDIT,
    out: Annotated[Path, typer.Option(help="The folder to write.", metavar="FOLDER")] = Path(
        "removal-kit"
    ),
    force: Force = False,
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Write a sheet of removal requests and a log of the work.

    They are what Google asks for after a manual action, besides the disavow file.
    """
    from backlint.cli.decisions import read_decisions
    from backlint.decisions.apply import apply
    from backlint.disavow.file import host_of
    from backlint.disavow.write import put, stands_in_the_way
    from backlint.report import kit as papers
    from backlint.report.workbook import MAX_ROWS
    from backlint.saved import open_audit, pages

    memory, entries = read_decisions(None)
    if entries:
        typer.echo(f"decisions of {memory}", err=True)
    found = apply(_audit(audit), entries)
    with open_audit(audit) as con:
        rows = papers.removal_rows(
            found, pages(con, {host_of(line.directive) for line in found.disavow})
        )
    if not rows:
        typer.echo("nothing to ask for: the audit proposes no line; nothing was written")
        return
    book = f"{papers.SHEET}.xlsx"
    files = {
        **({book: papers.sheet_xlsx(rows)} if len(rows) < MAX_ROWS else {}),
        f"{papers.SHEET}.csv": papers.sheet_csv(rows),
        papers.LOG: papers.log(found, rows).encode(),
    }
    if out.exists() and not out.is_dir():
        raise UsageError(f"--out {out}: is a file; name a folder")
    if not out.exists() and not out.parent.is_dir():
        raise UsageError(f"--out {out}: the folder {out.parent} does not exist; create it first")
    for name, data in files.items():  # all of them or none
        if not force and stands_in_the_way(out / name, data):
            raise UsageError(
                f"{out / name}: exists already, and may hold what you filled in; name another "
                "folder, or use --force (the old file is kept as a backup)"
            )
    out.mkdir(exist_ok=True)
    for name, data in files.items():
        backup = put(out / name, data, force)
        if backup:
            typer.echo(f"the old file is kept as {backup}", err=True)
    typer.echo(f"{out}: {', '.join(files)}")
    typer.echo(
        f"next: fill in contacts and dates in the sheet ({len(rows)} rows) and the [brackets] of "
        f"{papers.LOG}; they say what the audit found, not what was done",
        err=True,
    )


def _audit(folder: Path) -> "Audit":
    """Return the audit of a folder; raises InputError, and UsageError for one without a site."""
    found = read_audit(folder)
    if not found.sites:
        raise UsageError(
            f"{folder}: the audit has no site, so there are no verdicts; scan again with --site"
        )
    return found


def _at_level(folder: Path, audit: "Audit", level: Level) -> "list[DisavowLine]":
    """Return the plan of an audit at a level; says which links have no line there."""
    from backlint.disavow.file import clean, host_of
    from backlint.disavow.level import at_level

    if level is Level.domain:
        return audit.disavow
    from backlint.saved import open_audit, pages

    with open_audit(folder) as con:
        found = pages(con, {host_of(line.directive) for line in audit.disavow})
    lines, lost = at_level(audit.disavow, found, "host" if level is Level.host else "url")
    for url in lost:
        typer.echo(f"no line for {clean(url, 120)}: Google would not take it", err=True)
    return lines


def _nothing(site: str, sites: "dict[str, str]", old: Path | None) -> str:
    if old:
        return f"{old} covers everything already; nothing was written"
    of = f" for {site}" if len(sites) > 1 else ""
    return f"nothing to disavow{of}; no file was written (an empty upload would wipe a live list)"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        cause = f"{error.strerror}{did_you_mean(path)}"
        raise InputError(f"{path}: cannot be read: {cause}") from error


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
    """Return the guards of sites, or of an audit, and of an allow-list, whose entries may end.

    They end by the audit's day, or by today.
    """
    import datetime

    from backlint.cli.scan import read_allowed
    from backlint.decisions.allow import ended_sentences, protected
    from backlint.decisions.apply import last_day
    from backlint.disavow.guards import guards_of

    allowed = protected(read_allowed(allow), last_day(audit) if audit else datetime.date.today())
    for sentence in ended_sentences(allowed.ended):
        typer.echo(sentence, err=True)
    if audit is None:
        return guards_of(_hosts(sites), allowed.hosts)
    # what was said at the scan holds, unless another allow-list takes its place
    return guards_of([*audit.sites, *audit.own], allowed.hosts if allow else audit.allowed)


def _save(out: Path, rendered: "Rendered", force: bool, files: list[Path]) -> None:
    from backlint.disavow.write import write_disavow

    backup = write_disavow(out, rendered.text, force)
    for note in rendered.report:
        typer.echo(_note(note, files), err=True)
    if backup:
        typer.echo(f"the old file is kept as {backup}", err=True)
    typer.echo(f"{out}: {rendered.directives} directives")
    if rendered.directives and files:
        before = backup if backup and files[0] == out else files[0]
        typer.echo(
            f"next: `backlint disavow diff {before} {out}` says what an upload changes", err=True
        )
    if not rendered.directives:
        typer.echo(f"{out}: warning: uploading it would wipe the live list", err=True)


def _note(note: "Note", files: list[Path]) -> str:
    name = f"{files[note.file]}:{note.line}" if note.file is not None else "not written"
    return f"{name}: {note.state}: {note.text} ({note.reason})"
