"""Files in, link tables out, and an account of every row."""

import datetime
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import polars as pl

from backlint import urls
from backlint.engine.duckdb import DuckEngine
from backlint.errors import InputError
from backlint.findings import InputReport, Reject, Skipped
from backlint.inputs import normalise, webgraph
from backlint.inputs.detect import Detected, detect
from backlint.inputs.domain_facts import build_domain_facts
from backlint.inputs.formats import unknown_header
from backlint.inputs.read import (
    View,
    create_staging,
    drop_staged,
    gather,
    number_leads,
    sha256,
    stage,
)
from backlint.inputs.rejects import SHOWN, settle, shown_path
from backlint.inputs.sources import expand, passed_over


class Loaded(NamedTuple):
    """What the inputs gave: sites (canonical hosts), reports, rejects, fields that are known.

    `rejects` are the first of each file; the table of that name and the counts are complete.
    `skipped` are files of folders and archives that were not read.
    """

    sites: list[str]
    reports: list[InputReport]
    rejects: list[Reject]
    fields: frozenset[str]
    skipped: list[Skipped]


def load(
    engine: DuckEngine,
    paths: Sequence[Path],
    *,
    sites: Sequence[str] = (),
    mapping: Mapping[str, str] | None = None,
    own: Sequence[str] = (),
    families: Mapping[str, str] | None = None,
    node: str = "domain",
    until: datetime.date | None = None,
    graph: tuple[Path, Path] | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Loaded:
    """Read the files into `links`, `domain_facts`, `hosts`, `domains`, `nodes` and edges.

    A path may be a file, a folder, a pattern, or `-` for standard input.

    Without `sites`, inputs with one target domain audit that domain. Dates after `until` count as
    unknown. `graph` is a web graph (vertices, edges) that adds the links around the referring
    domains, and `webgraph_degrees`. All files are examined before the first is read, so a bad one
    among them stops the run before any work. Raises InputError when a file cannot be used, none of
    the rows is a link, or none leads to a site.
    """
    web = webgraph.examine(*graph) if graph else None
    views, notes = [], []
    with tempfile.TemporaryDirectory(prefix="backlint-") as scratch:
        found, skipped = examine(paths, Path(scratch), mapping)
        create_staging(engine)
        webgraph.create_degrees(engine)
        for index, source in enumerate(found):
            step = f"reading {Path(source.source.name).name}"
            progress(step)
            site = sites[0] if sites else None
            with engine.watched(
                partial(_show, progress, step, source.source.path, time.perf_counter())
            ):
                view, said = stage(engine, source, index, site, Path(scratch), until)
            views.append(view)
            notes.append(said)
        progress("resolving hosts and domains")
        gather(engine, len(found))
        crawls = [i for i, source in enumerate(found) if source.format.internal == "out of scope"]
        domains = [i for i, source in enumerate(found) if source.format.rows == "domains"]
        normalise.resolve_hosts(engine, node)
        around = None
        if web:
            sites = list(sites) or _only_target(engine, _STAGED_PAIRS)
            around = webgraph.stage_graph(
                engine, web, len(found), *_referring(engine, sites), progress
            )
            found.append(web.source)
            views.append(View(web.edges, 0, 0))
            notes.append(around.notes)
            progress("resolving hosts and domains")
            gather(engine, len(found))
            normalise.resolve_hosts(engine, node)
        stated = build_domain_facts(engine, found)
        if not normalise.account(engine, crawls, domains):
            number_leads(engine, len(found))
            normalise.resolve_hosts(engine, node)
            stated = build_domain_facts(engine, found)
            normalise.account(engine, crawls, domains)
        notes = [said + more for said, more in zip(notes, stated, strict=True)]
        drop_staged(engine, len(found))
        if web and around:
            progress("counting degrees in the web graph")
            webgraph.make_degrees(engine, web, len(found) - 1, around, node)
        unread = {len(found) - 1: around.out_of_scope} if around else {}
        reports = _account(engine, found, notes, unread)
        rejects = settle(engine, found, views)
    if not any(report.links for report in reports):
        raise _no_links(reports, rejects)
    progress("merging links")
    links = [(i, source) for i, source in enumerate(found) if source.format.rows == "links"]
    normalise.merge_links(
        engine,
        without_target=[i for i, source in links if source.format.needs_site],
        without_anchor=_without_anchor(links),
    )
    normalise.build_edges(engine)
    site_hosts = list(sites) or _only_target(engine, _PAIRS)
    normalise.build_domains(
        engine,
        sites=_known_hosts(engine, site_hosts, node),
        own=[*own, *site_hosts],
        families=families or {},
        node=node,
    )
    _check_sites(engine, site_hosts)
    reports = _count_links(engine, reports)
    engine.register("inputs", _inputs_frame(reports, found))
    return Loaded(site_hosts, reports, rejects, _known_fields(found), skipped)


def _without_anchor(links: Sequence[tuple[int, Detected]]) -> list[int]:
    """Return the inputs that name no anchors beside others that do."""
    named = {i for i, source in links if "anchor" in source.fields}
    rest = [
        i
        for i, source in links
        if i not in named and not source.format.needs_site and source.kind != "graph"
    ]
    return rest if named else []


def _show(
    progress: Callable[[str], None], step: str, path: Path, start: float, share: float
) -> None:
    rate = share * path.stat().st_size / 1e6 / max(time.perf_counter() - start, 0.1)
    progress(f"{step}, {rate:.0f} MB/s {share:.0%}")


def examine(
    paths: Sequence[Path], scratch: Path, mapping: Mapping[str, str] | None = None
) -> tuple[list[Detected], list[Skipped]]:
    """Return how to read each file behind the paths, and what is passed over.

    Raises InputError for a file that was named and cannot be used, or when none can be.
    """
    sources, skipped = expand(paths, scratch)
    found = []
    for source in sources:
        try:
            detected = detect(source, mapping)
            if detected.format.refuse:
                raise InputError(
                    f"{source}:{detected.header_line}: {detected.format.title} cannot be audited: "
                    f"{detected.format.refuse}"
                )
            found.append(detected)
        except InputError as error:
            if not source.found:
                raise
            skipped.append(passed_over(source, error))
    if not found:
        raise InputError("; ".join(f"{each.path}: {each.reason}" for each in skipped))
    if mapping and not any(source.mapped for source in found):
        first = found[0]
        raise unknown_header(first.source, first.header_line or None, first.columns, mapping)
    return found, skipped


# who links to whom, as host ids: by the finished links, and by the rows of the files
_PAIRS = (
    "SELECT source, target FROM host_edges "
    "UNION ALL SELECT source_host_id, target_host_id FROM links WHERE lost"
)
_STAGED_PAIRS = (
    "SELECT a.host_id AS source, b.host_id AS target FROM staged s "
    "JOIN leads a ON a.key = s.source_key JOIN leads b ON b.key = s.target_key WHERE s.in_scope"
)


def _only_target(engine: DuckEngine, pairs: str) -> list[str]:
    """Return the one target domain of the inputs, or nothing when there are more."""
    rows = engine.fetch(
        "SELECT any_value(domain) AS domain FROM hosts JOIN host_nodes USING (host_id) "
        f"WHERE domain_id IN (SELECT t.domain_id FROM ({pairs}) e "
        "JOIN host_nodes t ON t.host_id = e.target JOIN host_nodes s ON s.host_id = e.source "
        "WHERE s.domain_id <> t.domain_id) HAVING count(DISTINCT domain_id) = 1"
    )
    return rows["domain"].to_list()


def _referring(engine: DuckEngine, sites: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the domains that link to others in the staged files, and those of the sites."""
    audited = [urls.registrable_domain(site) for site in sites]
    rows = engine.fetch(
        f"SELECT DISTINCT s.domain FROM ({_STAGED_PAIRS}) e JOIN hosts s ON s.host_id = e.source "
        "JOIN hosts t ON t.host_id = e.target WHERE s.domain <> t.domain AND NOT s.is_ip"
    )
    return sorted(set(rows["domain"].to_list()) - set(audited)), audited


def _known_hosts(engine: DuckEngine, sites: Sequence[str], node: str) -> list[str]:
    """Return the hosts that stand for the sites: the site, and in domain mode all of its domain."""
    if not sites:
        return []
    domains = [urls.registrable_domain(site) for site in sites]
    rows = engine.fetch("SELECT host, domain FROM hosts ORDER BY host")
    if node == "domain":
        return rows.filter(pl.col("domain").is_in(domains))["host"].to_list() + list(sites)
    return list(sites)


def _account(
    engine: DuckEngine,
    found: Sequence[Detected],
    notes: Sequence[list[str]],
    unread: Mapping[int, int],
) -> list[InputReport]:
    """Return what became of each file; `unread` rows of an input were left out unstaged."""
    states = engine.fetch("SELECT input_id, state, n, hosts FROM record_states").rows()
    broken = dict(engine.fetch("SELECT input_id, count(*) FROM broken GROUP BY input_id").rows())
    dates = {row[0]: row[1:] for row in engine.fetch(_DATES).rows()}
    reports = []
    for index, source in enumerate(found):
        counts = {state: n for input_id, state, n, _ in states if input_id == index}
        usable, out = counts.pop("usable", 0), counts.pop("out of scope", 0)
        out += unread.get(index, 0)
        of_domains = counts.pop("fact", 0)
        facts = next((hosts for i, state, _, hosts in states if (i, state) == (index, "fact")), 0)
        rejected = sum(counts.values()) + broken.get(index, 0)
        rows = usable + of_domains + out + rejected
        said = list(notes[index])
        if source.by_shape:
            said.append(
                f"no name of a column is known; taken for {source.format.title} by its rows, each "
                "a page and a date"
            )
        if source.format.cap and rows >= source.format.cap:
            said.append(
                f"{rows} rows: {source.format.title} is cut at {source.format.cap}, so the profile "
                "may hold more"
            )
        if source.ignored:
            said.append(f"columns not used: {', '.join(source.ignored)}")
        if rejected > SHOWN:
            said.append(f"{SHOWN} of {rejected} rejected rows are listed, all are in `rejects`")
        reports.append(
            InputReport(
                path=shown_path(source),
                format=source.format.id,
                sha256=sha256(source.source.original),
                rows=rows,
                links=usable,
                facts=facts,
                duplicates=of_domains - facts,
                out_of_scope=out,
                rejects=rejected,
                notes=said,
                confidence=source.confidence,
                columns=[source.columns[index] for index in sorted(set(source.fields.values()))],
                dates=list(dates.get(index, (None, None))),
            )
        )
    return reports


# the first and the last day that a file names
_DATES = """
SELECT input_id, CAST(min(least(first_seen, last_seen)) AS VARCHAR) AS first,
    CAST(max(greatest(first_seen, last_seen)) AS VARCHAR) AS last
FROM judged GROUP BY input_id
"""


def _no_links(reports: Sequence[InputReport], rejects: Sequence[Reject]) -> InputError:
    files = ", ".join(f"{report.path} ({report.rows} rows)" for report in reports)
    if all(report.facts for report in reports):
        return InputError(
            f"no usable link in {files}: the rows are domains. Add an export of backlinks; no data "
            "is not a clean profile"
        )
    why = ""
    if rejects:
        first = rejects[0]
        place = first.path if first.line is None else f"{first.path}:{first.line}"
        why = f" First problem: {place}: {first.reason}."
    return InputError(
        f"no usable link in {files}.{why} Check that the file holds links, not only a header; "
        "no data is not a clean profile"
    )


def _check_sites(engine: DuckEngine, sites: Sequence[str]) -> None:
    """Raise InputError when no other site links to the audited one: that is not a clean profile."""
    into = (
        "FROM links l JOIN nodes t ON t.node_id = l.target_id "
        "JOIN nodes s ON s.node_id = l.source_id WHERE NOT s.own"
    )
    if not sites or engine.value(f"SELECT count(*) {into} AND t.is_site"):
        return
    rows = engine.fetch(
        f"SELECT t.domain, count(*) AS n {into} GROUP BY t.domain ORDER BY n DESC, t.domain LIMIT 3"
    )
    most = ", ".join(rows["domain"].to_list()) or "none but your own"
    raise InputError(
        f"no other site links to {', '.join(sites)} in these files (most linked: {most}). "
        "Check --site, or add the site's backlink export; no data is not a clean profile"
    )


def _count_links(engine: DuckEngine, reports: Sequence[InputReport]) -> list[InputReport]:
    """Split the usable rows of each file into new links and duplicates."""
    rows = engine.fetch("SELECT input_id, count(*) FROM links GROUP BY input_id").rows()
    links = dict(rows)
    counted = []
    for index, report in enumerate(reports):
        fresh = links.get(index, 0)
        values = {field: getattr(report, field) for field in report.__struct_fields__}
        counted.append(
            InputReport(
                **{
                    **values,
                    "links": fresh,
                    "duplicates": report.duplicates + report.links - fresh,
                }
            )
        )
    return counted


def _known_fields(found: Sequence[Detected]) -> frozenset[str]:
    """Return the link columns that at least one file carries, as rules name them."""
    fields: set[str] = set()
    for source in found:
        if source.format.rows == "domains":
            continue
        fields |= {f"links.{field}" for field in source.fields}
        if {"rel", "nofollow", "follow"} & source.fields.keys():
            fields.add("links.rel")
        if any(field.startswith("is_") for field in source.fields):  # flags of what a link is
            fields.add("links.kind")
        if source.format.out_links_complete:
            fields.add("out_links_complete")
    return frozenset(fields)


def _inputs_frame(reports: Sequence[InputReport], found: Sequence[Detected]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "input_id": range(len(reports)),
            "path": [report.path for report in reports],
            "format": [report.format for report in reports],
            "sha256": [report.sha256 for report in reports],
            "rows": [report.rows for report in reports],
            "tool": [source.format.tool for source in found],
            "of_domains": [source.format.rows == "domains" for source in found],
            "out_links_complete": [source.format.out_links_complete for source in found],
        }
    )
