"""The audit from Python: `backlint.scan`, `backlint.load`, and tables as polars frames."""

import datetime
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import polars as pl

from backlint import audit, findings, frames, saved, urls
from backlint.decisions.allow import Allowed
from backlint.decisions.memory import read_memory
from backlint.disavow.plan import Note
from backlint.errors import InputError, UsageError
from backlint.report import model
from backlint.report.csv import domain_names
from backlint.report.json import read_json

Words = str | Iterable[str]
File = str | Path


class Audit:
    """A finished audit: its records, its folder, and its tables as polars frames.

    Frames are made when they are first asked for. In them null is unknown, never 0 or "clean".
    """

    def __init__(
        self, report: findings.Audit, folder: Path, notes: Sequence[str] | None = None
    ) -> None:
        self.report = report
        """The records of `report.json`, as `backlint.findings` describes them."""
        self.folder = folder
        """The folder with the report, the review and the disavow file."""
        self.notes = list(report.notes if notes is None else notes)
        """What has to be known of the run: limits reached, lines of a live file left out."""

    def __repr__(self) -> str:
        """Return the verdict in a sentence."""
        return f"<backlint.Audit: {model.verdict_sentence(self.report)}>"

    @cached_property
    def domains(self) -> pl.DataFrame:
        """All referring domains (or hosts) and members of schemes, riskiest first.

        domain, verdict, score, band, confidence, priority, schemes and findings (ids), protected,
        covered, evidence, decided; links, followed, nofollow, first_seen, last_seen of their links
        to the sites; and the signals of docs/signals.md. Raises InputError without the files.
        """
        with saved.listed(self.folder) as data:
            evidence = domain_names(data)
        if not data:
            raise InputError(f"{self.folder / 'domains.csv'}: cannot be read: no such file")
        with saved.open_audit(self.folder) as con:
            return frames.domains(self.report, evidence, saved.referring(con))

    @cached_property
    def schemes(self) -> pl.DataFrame:
        """Link schemes, gravest first: id, kind, name, level, score, evidence, innocent_if ..."""
        return frames.schemes(self.report)

    @cached_property
    def members(self) -> pl.DataFrame:
        """Who takes part in which scheme: scheme, node, role; a target is not accused."""
        return frames.members(self.report)

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What the rules found: id, rule, level, subject, value, says, domains ..."""
        return frames.findings(self.report)

    @cached_property
    def coverage(self) -> pl.DataFrame:
        """How each rule ended: rule, state, reason, findings, seconds."""
        return frames.coverage(self.report)

    @cached_property
    def disavow(self) -> pl.DataFrame:
        """The new lines of the disavow file: directive, reason, scheme, findings, sites.

        The file itself, merged with the live one, is `disavow.txt` in the folder.
        """
        return frames.disavow(self.report)

    @cached_property
    def links(self) -> pl.DataFrame:
        """Every link: source and target (nodes), both URLs, anchor, rel, dates, tactic ...

        Raises InputError without the audit's database.
        """
        with saved.open_audit(self.folder) as con:
            return saved.links(con)


def scan(
    files: File | Iterable[File],
    *,
    site: Words = (),
    brand: Words = (),
    keywords: Words = (),
    topic: Words = (),
    own: Words = (),
    families: Iterable[Sequence[str]] = (),
    allow: Words = (),
    decisions: File | None = None,
    disavow: File | None = None,
    mapping: Mapping[str, str] | None = None,
    webgraph: tuple[File, File] | None = None,
    manual_action: bool = False,
    node: Literal["domain", "host"] = "domain",
    select: Words = (),
    ignore: Words = (),
    rules: File | Iterable[File] = (),
    as_of: datetime.date | str | None = None,
    out: File | None = None,
    threads: int | None = None,
    memory_limit: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Audit:
    """Run an audit, as `backlint scan` does, and return it.

    `files` are link exports or folders of them; the options are those of the command, with lists
    of words in place of files: `keywords` and `topic` terms or texts, `own` and `allow` domains,
    `families` groups of domains that have one owner, `mapping` field -> column. No `backlint.toml`
    is read. With `out` the audit's folder is written there; without, it is a temporary one that
    goes with the returned audit. `progress` is called with what is being done.

    Raises backlint.BacklintError for input, options and rules that cannot be used.
    """
    if node not in ("domain", "host"):
        raise UsageError(f"node: {node!r} is neither domain nor host")
    if threads is not None and threads < 1:
        raise UsageError(f"threads: {threads} is less than 1")
    if webgraph is not None and (isinstance(webgraph, str | Path) or len(webgraph) != 2):
        raise UsageError(f"webgraph: {webgraph!r} is not two files, vertices and edges")
    scratch = None if out is not None else Path(tempfile.mkdtemp(prefix="backlint-"))
    try:
        result = audit.scan(
            audit.Options(
                files=_paths(files),
                sites=_words(site, "site"),
                brand=_words(brand, "brand"),
                keywords=_words(keywords, "keywords"),
                topic=_words(topic, "topic"),
                mapping=mapping,
                webgraph=(Path(webgraph[0]), Path(webgraph[1])) if webgraph else None,
                own=_words(own, "own"),
                families=_families(families),
                allow=[Allowed(_host(name, "allow")) for name in _words(allow, "allow")],
                decisions=read_memory(Path(decisions)) if decisions is not None else (),
                old_disavow=_bytes(Path(disavow)) if disavow is not None else None,
                manual_action=manual_action,
                node=node,
                select=_words(select, "select"),
                ignore=_words(ignore, "ignore"),
                rule_dirs=_paths(rules),
                as_of=_day(as_of),
                threads=threads,
                memory_limit=memory_limit,
            ),
            scratch / "audit" if scratch else Path(out or "."),
            progress,
        )
    except BaseException:
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
        raise
    notes = [*result.audit.notes, *result.told, *map(_said, result.notes)]
    found = Audit(result.audit, result.out or Path(), list(dict.fromkeys(notes)))
    if scratch:
        weakref.finalize(found, shutil.rmtree, scratch, ignore_errors=True)
    return found


def load(folder: File) -> Audit:
    """Return the audit in a folder that `backlint scan` wrote; raises InputError where none is.

    The folder's report.json names it as well.
    """
    place = saved.folder_of(Path(folder))
    return Audit(read_json(place / "report.json"), place)


def _said(note: Note) -> str:
    place = f"line {note.line}: " if note.line else ""
    return f"disavow: {place}{note.state}: {note.text} ({note.reason})"


def _words(words: Words, option: str) -> list[str]:
    """Return words; raises UsageError for what is none, and would do nothing unnoticed."""
    if not isinstance(words, Iterable):
        raise UsageError(f"{option}: {words!r} is neither a word nor a list of words")
    given = [words] if isinstance(words, str) else list(words)
    if not all(isinstance(word, str) for word in given):
        raise UsageError(f"{option}: holds what is no text: {words!r}")
    found = [word.strip() for word in given]
    for word in found:
        if "." in word and Path(word).is_file():
            raise UsageError(f"{option}: {word} is a file; give the words that are in it")
    if not all(found):
        raise UsageError(f"{option}: holds an empty word; leave it out")
    return found


def _paths(files: File | Iterable[File]) -> list[Path]:
    return [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _day(day: datetime.date | str | None) -> str | None:
    return f"{day:%Y-%m-%d}" if isinstance(day, datetime.date) else day


def _host(text: str, option: str) -> str:
    host = urls.url_host(text)
    if host is None:
        raise UsageError(f"{option}: {text!r} is no host name; write it like example.com")
    return host.name


def _families(families: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return registrable domain -> name of its family, which is its first domain."""
    found = {}
    for family in families:
        if len(family) < 2 or isinstance(family, str):
            raise UsageError(f"families: {family!r} is no family; name two domains or more")
        names = [urls.registrable_domain(_host(name, "families")) for name in family]
        found.update(dict.fromkeys(filter(None, names), names[0] or ""))
    return found
