"""`backlint scan`: read exports, find schemes, write the audit's folder."""

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.audits import AUDIT, listed_domains, read_audit
from backlint.cli.config import config_file, read_config
from backlint.errors import InputError, RuleError, UsageError
from backlint.files import did_you_mean

if TYPE_CHECKING:
    from backlint.audit import Options, Result
    from backlint.decisions.allow import Allowed
    from backlint.findings import Audit
    from backlint.report.changes import Changes

NOTES_SHOWN = 20  # lines of the live disavow file, or of differences to a lock, that are said


class Node(StrEnum):
    """What counts as one publisher."""

    domain = "domain"
    host = "host"


class FailOn(StrEnum):
    """From which level on findings make the exit code 1."""

    never = "never"
    low = "low"
    medium = "medium"
    high = "high"
    critical = "critical"


def scan(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Link exports or lists of links; folders, zip files, or - for standard input.",
            metavar="FILE",
        ),
    ],
    site: Annotated[
        list[str] | None,
        typer.Option(help="The audited site; may be given again.", metavar="DOMAIN"),
    ] = None,
    brand: Annotated[
        list[str] | None,
        typer.Option(help="A name of the brand; may be given again.", metavar="TERM"),
    ] = None,
    keywords: Annotated[
        Path | None,
        typer.Option(help="The terms you want to rank for, one a line.", metavar="FILE"),
    ] = None,
    topic: Annotated[
        Path | None,
        typer.Option(
            help="What the site is about, in words or whole pages of text: sources are held "
            "against it.",
            metavar="FILE",
        ),
    ] = None,
    map_: Annotated[
        str | None,
        typer.Option(
            "--map",
            help="The columns of a header that is not known, such as "
            "source_url=From,target_url=To.",
            metavar="FIELD=COLUMN,...",
        ),
    ] = None,
    webgraph: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            help="Common Crawl's web graph, of domains or of hosts, gzip or plain: shows the links "
            "among the referring domains.",
            metavar="VERTICES EDGES",
        ),
    ] = None,
    own: Annotated[
        Path | None, typer.Option(help="Your other domains, one a line.", metavar="FILE")
    ] = None,
    family: Annotated[
        Path | None,
        typer.Option(help="Domains that have one owner, a family a line.", metavar="FILE"),
    ] = None,
    allow: Annotated[
        Path | None,
        typer.Option(
            help="Domains never to disavow, one a line, or in TOML with reasons.", metavar="FILE"
        ),
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="What you decided of earlier audits; else backlint.decisions.toml, where it is "
            "in the current folder.",
            metavar="FILE",
        ),
    ] = None,
    disavow: Annotated[
        Path | None,
        typer.Option(help="The disavow file that is live now; it is merged in.", metavar="FILE"),
    ] = None,
    manual_action: Annotated[
        bool,
        typer.Option(
            "--manual-action/--no-manual-action",
            help="Search Console reports a manual action for unnatural links: the report says how "
            "to answer it.",
        ),
    ] = False,
    node: Annotated[
        Node, typer.Option(help="What counts as one publisher: domain or host.", metavar="KIND")
    ] = Node.domain,
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="Run only these rules: BL301, a family such as BL3, or a name; may be given "
            "again.",
            metavar="RULE",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(help="Do not run these rules; may be given again.", metavar="RULE"),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            help="A folder of further rules. Rules are code: use only those you trust.",
            metavar="FOLDER",
        ),
    ] = None,
    config: Annotated[Path | None, config_file()] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            help="Exit with 1 on a finding or scheme of this level or above: low, medium, high, "
            "critical.",
            metavar="LEVEL",
        ),
    ] = FailOn.never,
    baseline: Annotated[
        Path | None,
        typer.Option(
            help="An earlier audit: what changed is told, and --fail-on counts only what is new.",
            metavar="FOLDER",
        ),
    ] = None,
    strict: Annotated[
        bool,
        typer.Option(
            "--strict/--no-strict",
            help="Exit with 3 on a rejected row, a file passed over or a rule not run, and with 2 "
            "on a rule that is not as it was locked.",
        ),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(help="The day of the audit; else the latest date seen.", metavar="YYYY-MM-DD"),
    ] = None,
    reproducible: Annotated[
        bool,
        typer.Option(
            "--reproducible/--no-reproducible", help="Leave seconds and folders out of the report."
        ),
    ] = False,
    out: Annotated[Path, typer.Option(help="The folder to write.", metavar="FOLDER")] = AUDIT,
    threads: Annotated[
        int | None, typer.Option(help="Threads; else all cores.", min=1, metavar="N")
    ] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option(help="Memory for tables before they spill, such as 4GB.", metavar="SIZE"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            help="Print each step and table with time and rows, and all of the summary; twice: "
            "also the SQL.",
        ),
    ] = 0,
) -> None:
    """Find link schemes in backlink exports and write a report and a disavow file."""
    from backlint.audit import Options
    from backlint.cli import console
    from backlint.cli.decisions import read_decisions
    from backlint.inputs.formats import parse_map
    from backlint.report.changes import compare
    from backlint.report.console import render_changes, render_summary

    earlier = read_audit(baseline) if baseline else None
    configured = read_config(config)
    notes = lock_notes(configured.lock, rules or (), strict)
    decisions, entries = read_decisions(decisions)
    if not quiet:
        for said in (
            *([f"options of {config}"] if configured.says_something else []),
            *([f"decisions of {decisions}"] if entries else []),
            *notes,
        ):
            typer.echo(said, err=True)
    options = Options(
        files=files,
        sites=site or (),
        brand=check_terms(brand or (), "--brand"),
        keywords=read_lines(keywords, "--keywords"),
        topic=read_lines(topic, "--topic"),
        mapping=parse_map(map_) if map_ is not None else None,
        webgraph=webgraph,
        own=read_lines(own, "--own"),
        families=read_families(family),
        allow=read_allowed(allow),
        decisions=entries,
        manual_action=manual_action,
        old_disavow=read_bytes(disavow, "--disavow"),
        node=node.value,
        select=select or (),
        ignore=ignore or (),
        rule_dirs=rules or (),
        overrides=configured.overrides,
        notes=notes,
        as_of=as_of,
        reproducible=reproducible,
        threads=threads,
        memory_limit=memory_limit,
        baseline=earlier,
    )
    result = _run(options, out, quiet, verbose)
    changes = compare(earlier, result.audit, listed_domains(out)) if earlier else None
    if not quiet:
        screen = console.out()
        render_summary(result.audit, screen, out, None if verbose else console.screen(screen))
        for note in result.notes[:NOTES_SHOWN]:
            place = f"line {note.line}: " if note.line else ""
            typer.echo(f"disavow: {place}{note.state}: {note.text} ({note.reason})", err=True)
        if len(result.notes) > NOTES_SHOWN:
            typer.echo(f"disavow: and {len(result.notes) - NOTES_SHOWN} more lines", err=True)
        for sentence in result.told:
            typer.echo(sentence, err=True)
        for backup in result.kept:
            name = backup.name.partition(".bak")[0]
            typer.echo(f"the old {name} is kept as {backup}", err=True)
        if earlier and changes:
            typer.echo()
            whole = f"`backlint diff {baseline} {out} --all`"
            render_changes(earlier, result.audit, changes, console.out(), NOTES_SHOWN, whole)
    raise typer.Exit(exit_code(result.audit, fail_on.value, strict, changes))


def lock_notes(path: Path, folders: Sequence[Path], strict: bool) -> list[str]:
    """Return which rules are not as they were locked, where there is a lock.

    Raises RuleError for them when `strict`.
    """
    if not path.exists():
        return []
    from backlint.rules.catalog import load_rules
    from backlint.rules.lock import differences, make_lock, read_lock

    found = differences(read_lock(path), make_lock(load_rules(folders)))
    notes = [f"{path}: {difference}" for difference in found[:NOTES_SHOWN]]
    if len(found) > NOTES_SHOWN:  # an upgrade
        more = len(found) - NOTES_SHOWN
        notes.append(f"{path}: and {more} more; `backlint rules lock` lists them")
    if notes and strict:
        raise RuleError("\n".join([*notes, "when this is meant, run `backlint rules lock`"]))
    return notes


def _run(options: "Options", out: Path, quiet: bool, verbose: int) -> "Result":
    """Run the audit; raises UsageError when memory or disk do not suffice."""
    import duckdb

    from backlint.audit import scan as run
    from backlint.cli import console

    try:
        with console.progress(quiet, verbose) as show:
            return run(options, out, show)
    except KeyboardInterrupt:
        pass
    except RuntimeError as error:  # what DuckDB makes of Ctrl-C during a query
        if "interrupted" not in str(error):
            raise
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        said = str(error).strip().partition("\n")[0]
        raise UsageError(
            f"{said}. Give more with --memory-limit, make room beside {out}, or split the input"
        ) from error
    typer.echo("backlint: interrupted; nothing was written", err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    # at a regular end DuckDB's binding lists, in sixty lines, what the interruption left in memory
    os._exit(130)


def exit_code(audit: "Audit", fail_on: str, strict: bool, changes: "Changes | None" = None) -> int:
    """Return 3 where --strict is broken, 1 where --fail-on is reached, else 0.

    With the changes since an earlier audit only what is new counts.
    """
    from backlint.findings import level_rank
    from backlint.report.changes import graver_than

    if strict and (audit.rejects or audit.skipped or any(c.state != "ran" for c in audit.coverage)):
        return 3
    if fail_on != "never" and changes:
        return int(graver_than(changes, fail_on))
    if fail_on != "never":
        levels = [f.level for f in audit.findings] + [s.level for s in audit.schemes]
        if any(level_rank(level) >= level_rank(fail_on) for level in levels):
            return 1
    return 0


def read_bytes(path: Path | None, option: str) -> bytes | None:
    """Return the content of an option's file; raises InputError when it cannot be read."""
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        cause = f"{error.strerror}{did_you_mean(path)}"
        raise InputError(f"{option} {path}: cannot be read: {cause}") from error


def read_text(path: Path | None, option: str) -> str | None:
    """Return the text of an option's file; raises InputError when it is not UTF-8."""
    data = read_bytes(path, option)
    try:
        return None if data is None else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{option} {path}: is not UTF-8 text; save it as UTF-8") from error


def read_lines(path: Path | None, option: str) -> list[str]:
    """Return the lines of an option's file without comments and blanks.

    Raises InputError when it cannot be read or is not UTF-8 text, and UsageError when nothing is
    left: the option would do nothing, and nobody would know.
    """
    text = read_text(path, option)
    if text is None:
        return []
    lines = [line.strip() for line in text.splitlines()]
    entries = [line for line in lines if line and not line.startswith("#")]
    if not entries:
        raise UsageError(
            f"{option} {path}: holds no entry; write one a line (lines that begin with # are "
            "comments), or leave the option out"
        )
    return entries


def read_allowed(path: Path | None) -> "list[Allowed]":
    """Return the entries of an allow-list; raises UsageError naming the line that is none."""
    from backlint.decisions.allow import parse_allowed

    text = read_text(path, "--allow")
    return [] if path is None or text is None else parse_allowed(text, path)


def read_families(path: Path | None) -> dict[str, str]:
    """Return registrable domain -> family name of a file with one family a line.

    Domains of a line stand apart by commas or spaces; its first one names the family. Raises
    UsageError for a line with one domain only.
    """
    from backlint import urls

    families = {}
    for line in read_lines(path, "--family"):
        hosts = [urls.url_host(part) for part in line.replace(",", " ").split()]
        names = [urls.registrable_domain(host.name) for host in hosts if host]
        if len(names) < 2 or None in hosts:
            raise UsageError(
                f"--family {path}: {line!r} is no family; write its domains on one line, "
                "for example: example.com example.de"
            )
        families.update(dict.fromkeys(names, names[0]))
    return families


def check_terms(terms: Sequence[str], option: str) -> list[str]:
    """Return terms without white space around them; raises UsageError for an empty one."""
    found = [term.strip() for term in terms]
    if not all(found):
        raise UsageError(f"{option}: is empty; give a word or leave the option out")
    return found
