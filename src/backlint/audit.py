"""The whole way: files -> links -> features -> graph -> rules -> risk -> disavow -> reports."""

import datetime
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl
from msgspec import structs

from backlint import __version__, facts, folder, urls
from backlint.decisions.allow import Allowed, ended_sentences, protected
from backlint.decisions.memory import Entry, standing, told
from backlint.decisions.offer import offer
from backlint.disavow import file as disavow_file
from backlint.disavow.guards import Guards, guards_of, keeping, refusal
from backlint.disavow.plan import Note, Rendered, file_names, heading, of_site, plan, render
from backlint.engine.base import Engine
from backlint.engine.duckdb import DuckEngine
from backlint.errors import InputError, UsageError
from backlint.figures import figures, trend
from backlint.findings import Audit, DisavowLine, RuleInfo, Share
from backlint.graph import find_candidates
from backlint.inputs.load import Loaded, load
from backlint.report import write_reports
from backlint.report.changes import check_alike
from backlint.report.review import with_review
from backlint.risk.assess import Case, Scale, Weighed, weigh
from backlint.rules.catalog import is_own, load_features, load_rules, pick
from backlint.rules.features import AFTER_GRAPH, make_features, needed
from backlint.rules.model import Rule
from backlint.rules.overrides import Override, override, points_of
from backlint.rules.runner import SECONDS, obstacle, run_rules
from backlint.rules.terms import register_terms

SAVED_TABLES = (
    "links", "hosts", "domains", "nodes", "domain_edges", "host_edges", "webgraph_degrees",
    "footprints", "rejects", "inputs", "link_inputs", "domain_facts", "link_tactics",
    "domain_signals", "makeup", "findings", "schemes", "scheme_members", "domain_scores",
)  # fmt: skip

_DAY = datetime.timedelta(days=1)

Progress = Callable[[str], None]


class Options(NamedTuple):
    """What `scan` was asked for; hosts as the user wrote them, files already read.

    `notes` are things that the report has to say of this run, `baseline` is an earlier audit.
    """

    files: Sequence[Path]
    sites: Sequence[str] = ()
    brand: Sequence[str] = ()
    keywords: Sequence[str] = ()
    topic: Sequence[str] = ()
    mapping: Mapping[str, str] | None = None
    webgraph: tuple[Path, Path] | None = None
    own: Sequence[str] = ()
    families: Mapping[str, str] | None = None
    allow: Sequence[Allowed] = ()
    decisions: Sequence[Entry] = ()
    old_disavow: bytes | None = None
    manual_action: bool = False
    node: Literal["domain", "host"] = "domain"
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    rule_dirs: Sequence[Path] = ()
    overrides: Mapping[str, Override] = {}
    notes: Sequence[str] = ()
    as_of: str | None = None
    reproducible: bool = False
    threads: int | None = None
    memory_limit: str | None = None
    rule_seconds: float = SECONDS
    baseline: Audit | None = None


class Result(NamedTuple):
    """A finished audit, where it was written, and what became of old disavow lines and files.

    `kept` are backups of files of the folder that somebody may have edited, `told` what has to be
    said of decisions and of the allow-list.
    """

    audit: Audit
    out: Path | None
    notes: list[Note]
    kept: Sequence[Path] = ()
    told: Sequence[str] = ()


def scan(options: Options, out: Path | None = None, progress: Progress = lambda _: None) -> Result:
    """Run an audit and, with `out`, write its folder whole or not at all.

    Raises InputError for files that cannot be used, UsageError and RuleError for options and
    rules, DisavowError when the disavow file would break Google's limits.
    """
    known = override(load_rules(options.rule_dirs), options.overrides)
    rules = pick(known, options.select, options.ignore)
    sites = [_host(site, "--site") for site in options.sites]
    own = [_host(host, "--own") for host in options.own]
    until = _last_day(options.as_of)
    if options.baseline:  # now, not after the work; without --site the files tell the sites
        check_alike(options.baseline, options.node, sites or options.baseline.sites)
    old = _live_file(options.old_disavow)
    place = folder.check_out(out) if out else None
    beside = place.parent if place else None
    kept: Sequence[Path] = ()
    with tempfile.TemporaryDirectory(dir=beside, prefix=".backlint-") as work:
        staging = Path(work) / "audit"
        staging.mkdir()
        with DuckEngine(
            staging / "audit.duckdb" if place else None,
            threads=options.threads,
            memory_limit=_amount(options.memory_limit),
            temp_directory=Path(work) / "spill",
        ) as engine:
            loaded = load(
                engine, options.files, sites=sites, mapping=options.mapping, own=own,
                families=options.families, node=options.node, until=until,
                graph=options.webgraph, progress=progress,
            )  # fmt: skip
            notes = _one_file_a_property(old, loaded.sites) + judge_tables(
                engine, options.node, options.brand, options.keywords, progress, options.topic
            )
            engine.lock()
            claims, coverage = run_rules(
                engine, rules, loaded.fields, seconds=options.rule_seconds, progress=progress
            )
            progress("weighing the evidence")
            as_of = options.as_of or facts.latest_date(engine)
            today = datetime.date.fromisoformat(as_of) if as_of else datetime.date.today()
            allowed = protected(options.allow, today)
            decided = standing(options.decisions if loaded.sites else (), loaded.sites, today)
            guards = guards_of([*loaded.sites, *own], allowed.hosts)
            referring = facts.referring_domains(engine)
            said = ended_sentences(allowed.ended)
            said += told(decided, set(referring["domain"]), today.isoformat())
            weighed = weigh(
                Case(
                    claims=claims,
                    rules={rule.header.id: _info(rule) for rule in rules},
                    says={rule.header.id: rule.header.says for rule in rules},
                    scale=_scale(rules),
                    facts=facts.node_facts(
                        engine,
                        claims,
                        referring,
                        decided.decisions,
                        _protection(guards),
                        _covered(old),
                    ),
                    referring=len(referring),
                    links=int(referring["links"].sum()),
                    partners=facts.partners(engine),
                    has_site=bool(loaded.sites),
                    braked=facts.brake(engine),
                    ran=sum(entry.state == "ran" for entry in coverage),
                    missing=sum(entry.state != "ran" for entry in coverage),
                    manual_action=options.manual_action,
                    decisions=decided.decisions,
                ),
                facts.example_links(engine),
            )
            weighed = weighed._replace(disavow=_for_sites(engine, weighed.disavow, loaded.sites))
            guards = keeping(guards, decided.decisions)
            rendered = _disavow(weighed, old, guards, loaded.sites, rule_notes(rules))
            progress("counting what the report draws")
            audit = _audit(
                options, loaded, rules, referring, weighed, coverage, [*notes, *said], engine,
                guards, as_of or "unknown", old,
            )  # fmt: skip
            if place:
                progress("writing the reports")
                facts.save_results(engine, audit.findings, audit.schemes, audit.domains)
                listed = facts.listed_domains(engine, referring)
                audit, reviews = with_review(audit, listed)
                write_reports(
                    audit, staging, listed, options.reproducible,
                    {name: one.text for name, one in rendered.items()}, reviews,
                    offer(audit, guards, decided.decisions, old),
                )  # fmt: skip
                engine.save(SAVED_TABLES)
        if out and place:
            kept = folder.replace(staging, place, out)
    report = {note: None for one in rendered.values() for note in one.report}
    return Result(audit, out, list(report), kept, said)


class Preview(NamedTuple):
    """What some files are good for: what was read, and by rule what keeps it from running."""

    loaded: Loaded
    shares: list[Share]
    obstacles: list[tuple[Rule, str]]


def preview(options: Options, progress: Progress = lambda _: None) -> Preview:
    """Read the inputs as `scan` does and say which rules could run on them; judge nothing.

    Raises InputError and UsageError as `scan` does.
    """
    sites = [_host(site, "--site") for site in options.sites]
    with (
        tempfile.TemporaryDirectory(prefix="backlint-") as work,
        DuckEngine(Path(work) / "tables.duckdb", temp_directory=Path(work) / "spill") as engine,
    ):
        loaded = load(
            engine, options.files, sites=sites, mapping=options.mapping, node=options.node,
            until=_last_day(options.as_of), graph=options.webgraph, progress=progress,
        )  # fmt: skip
        _terms(engine, options.node, options.brand, options.keywords)
        make_features(engine, load_features(), after_graph=False, progress=progress)
        shares = facts.shares(engine)
        engine.lock()
        rules = override(load_rules(options.rule_dirs), options.overrides)
        return Preview(
            loaded, shares, [(rule, obstacle(engine, rule, loaded.fields)) for rule in rules]
        )


def judge_tables(
    engine: Engine,
    node: str,
    brand: Sequence[str],
    keywords: Sequence[str],
    progress: Progress = lambda _: None,
    topic: Sequence[str] = (),
    only: Sequence[Rule] = (),
) -> list[str]:
    """Make every table that rules read from the link tables; return notes on caps reached.

    With `only` some rules are to run and nothing is reported: what they do not read is not made.
    """
    _terms(engine, node, brand, keywords, topic)
    features = needed(load_features(), only) if only else load_features()
    make_features(engine, features, after_graph=False, progress=progress)
    if only and all(int(feature.path.name[:2]) < AFTER_GRAPH for feature in features):
        return []
    notes = find_candidates(engine, progress)
    make_features(engine, features, after_graph=True, progress=progress)
    return notes


def _live_file(data: bytes | None) -> disavow_file.DisavowFile | None:
    """Return the disavow file that is live; raises InputError for one that is something else.

    What came of that would be a file without directives, and to upload it wipes the live list.
    """
    if data is None:
        return None
    old = disavow_file.parse(data)
    if data.strip() and not old.directives() and any(line.kind == "invalid" for line in old.lines):
        raise InputError(
            "--disavow: no line of the file is a directive such as domain:example.com. Give the "
            "disavow file that is live, as Search Console downloads it"
        )
    return old


def _terms(
    engine: Engine,
    node: str,
    brand: Sequence[str],
    keywords: Sequence[str],
    topic: Sequence[str] = (),
) -> None:
    engine.run(f"CREATE OR REPLACE VIEW node_edges AS FROM {node}_edges")
    targets = facts.brand_labels(engine)
    register_terms(engine, brand=brand, keywords=keywords, targets=targets, topic=topic)


def _host(text: str, option: str) -> str:
    found = urls.url_host(text)
    if found is None:
        raise UsageError(f"{option}: {text!r} is no host name; write it like example.com")
    return found.name


def _last_day(as_of: str | None) -> datetime.date:
    """Return the last day that a date may name: that of the audit, and one for time zones."""
    try:
        day = datetime.date.fromisoformat(as_of) if as_of else datetime.datetime.now().date()
    except ValueError:
        day = None
    if day is None or (as_of and day.isoformat() != as_of):  # other forms would go to the report
        raise UsageError(f"--as-of: {as_of!r} is no date; write it like 2026-11-22")
    return min(day, datetime.date.max - _DAY) + _DAY


def _amount(memory: str | None) -> str | None:
    """Return an amount of memory such as 4GB; raises UsageError for anything else."""
    if memory is None or re.fullmatch(r"[0-9]+(\.[0-9]+)? ?([KMGT]i?B|%)", memory, re.IGNORECASE):
        return memory
    raise UsageError(f"--memory-limit: {memory!r} is no amount of memory; write it like 4GB")


def _protection(guards: Guards) -> Callable[[str, bool], str | None]:
    def protected(host: str, trusted: bool) -> str | None:
        reason = refusal(host, guards)
        if reason is None and trusted:
            return "on the trusted list (institution or well-known publisher)"
        return reason

    return protected


def _covered(old: disavow_file.DisavowFile | None) -> Callable[[str], bool]:
    lines = set(old.directives()) if old else set()
    if not lines:
        return lambda _: False
    return lambda host: any(f"domain:{name}" in lines for name in [host, *urls.parent_hosts(host)])


def _scale(rules: Sequence[Rule]) -> Scale:
    points = points_of(rules)
    return Scale(points.worth, points.is_decisive, points.caps, points.trust)


def _info(rule: Rule) -> RuleInfo:
    header = rule.header
    return RuleInfo(
        id=header.id,
        name=header.name,
        level=header.level,
        policy=header.policy,
        summary=header.summary,
        false_positives=header.false_positives,
        remediation=header.remediation,
        own=is_own(rule),
        changed=list(rule.changed),
    )


def rule_notes(rules: Sequence[Rule]) -> list[str]:
    """Return what a reader must know of rules that are not as they are shipped."""
    changed = [
        f"{rule.header.id} was changed by the configuration: {', '.join(rule.changed)}."
        for rule in rules
        if rule.changed
    ]
    own = [rule.header.id for rule in rules if is_own(rule)]
    return [*changed, *([f"Rules of your own: {', '.join(own)}."] if own else [])]


def _one_file_a_property(old: disavow_file.DisavowFile | None, sites: Sequence[str]) -> list[str]:
    if old is None or len(sites) < 2:
        return []
    return [
        "The live disavow file was merged into the file of each site, though each property has one "
        "of its own; `backlint disavow write --site SITE --old FILE` merges the right one."
    ]


def _for_sites(
    engine: Engine, lines: Sequence[DisavowLine], sites: Sequence[str]
) -> list[DisavowLine]:
    """Return the lines with the sites that each links to: Google wants one file a property."""
    names = {line.directive: disavow_file.host_of(line.directive) for line in lines}
    linked = facts.linked_sites(engine, set(names.values()), sites)
    return [structs.replace(line, sites=linked[names[line.directive]]) for line in lines]


def _disavow(
    weighed: Weighed,
    old: disavow_file.DisavowFile | None,
    guards: Guards,
    sites: Sequence[str],
    notes: Sequence[str],
) -> dict[str, Rendered]:
    """Return the disavow files by name, one a site; the live file goes into each."""
    files = {}
    for site, name in file_names(sites).items():
        above = [*heading(site), *notes]
        rendered = render(of_site(weighed.disavow, site), old, guards, header=above)
        if rendered is not None:
            files[name] = rendered
    return files


def _audit(
    options: Options,
    loaded: Loaded,
    rules: Sequence[Rule],
    referring: pl.DataFrame,
    weighed: Weighed,
    coverage: list,  # type: ignore[type-arg]
    notes: list[str],
    engine: DuckEngine,
    guards: Guards,
    as_of: str,
    old: disavow_file.DisavowFile | None,
) -> Audit:
    kept, _ = plan(weighed.disavow, guards)
    return Audit(
        tool={"name": "backlint", "version": __version__},
        as_of=as_of,
        sites=loaded.sites,
        node=options.node,
        profile=weighed.profile,
        inputs=loaded.reports,
        schemes=weighed.schemes,
        domains=weighed.domains,
        findings=weighed.findings,
        coverage=coverage,
        rules=[_info(rule) for rule in rules],
        rejects=loaded.rejects,
        disavow=kept,
        notes=[*notes, *rule_notes(rules), *options.notes],
        shares=facts.shares(engine),
        skipped=loaded.skipped,
        makeup=facts.makeup(engine),
        figures=figures(
            engine,
            referring,
            weighed.schemes,
            weighed.domains,
            knows_lost="links.lost" in loaded.fields,
            anchor_rule=next((r.header.params for r in rules if r.header.id == "BL301"), None),
        ),
        trend=trend(options.baseline, loaded.sites, options.node),
        own=sorted(guards.own.difference(loaded.sites)),
        allowed=dict(guards.reasons),
        live=None if old is None else len(set(old.directives())),
    )
