"""From the tables of a finished run to the plain records that are weighed and shown."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from backlint.engine.base import Engine
from backlint.findings import Claim, DomainResult, Finding, LinkRef, Scheme
from backlint.risk.assess import BRAKE_SHARE, Facts

TOP_ANCHORS = 3


def example_links(engine: Engine) -> Callable[[Collection[int]], Mapping[int, LinkRef]]:
    """Return a function that fetches links by id as evidence."""

    def fetch(ids: Collection[int]) -> Mapping[int, LinkRef]:
        engine.register("wanted", pl.DataFrame({"link_id": sorted(ids)}, {"link_id": pl.Int64}))
        rows = engine.fetch(
            "SELECT link_id, source_url, target_url, coalesce(nullif(anchor, ''), alt, anchor), "
            "qualified, CAST(first_seen AS VARCHAR) FROM links JOIN wanted USING (link_id)"
        ).rows()
        engine.run("DROP TABLE wanted")
        return {
            link_id: LinkRef(
                source_url=source, target_url=target, anchor=anchor, nofollow=rel, first_seen=seen
            )
            for link_id, source, target, anchor, rel, seen in rows
        }

    return fetch


def brand_labels(engine: Engine) -> dict[str, str]:
    """Return judged target -> the label of its domain: the sites or, without one, all targets."""
    rows = engine.fetch(
        "SELECT node, domain FROM nodes WHERE node_id IN (SELECT target_id FROM links) "
        "AND (is_site OR NOT EXISTS (SELECT 1 FROM nodes WHERE is_site)) ORDER BY ALL"
    ).rows()
    return {node: domain.partition(".")[0] for node, domain in rows}


def node_facts(
    engine: Engine,
    claims: Iterable[Claim],
    protected: Callable[[str, bool], str | None],
    covered: Callable[[str], bool],
) -> dict[str, Facts]:
    """Return what is known of every referring node and of every node that a claim names.

    `protected(host, trusted)` says why a node may never be disavowed; `covered(host)` that the
    given disavow file has it.
    """
    referring = {row["node"]: row for row in referring_rows(engine)}
    named = {node for claim in claims for node in claim.domains}
    wanted = pl.Series(sorted(referring.keys() | named), dtype=pl.String)
    flags = engine.fetch("SELECT node, trusted, own FROM nodes ORDER BY node")
    facts = {}
    for node, trusted, own in flags.filter(flags["node"].is_in(wanted.implode())).iter_rows():
        row = referring.get(node)
        facts[node] = Facts(
            node=node,
            links=row["links"] if row else None,
            followed=row["followed"] if row else None,
            nofollow=row["nofollow"] if row else None,
            credit=row["credit"] if row else None,
            protected=protected(node, trusted) if row else None,
            trusted=trusted,
            own=own,
            covered=covered(node),
            anchors=tuple(row["anchors"] or ()) if row else (),
        )
    return facts


def referring_rows(engine: Engine) -> list[dict[str, Any]]:
    """Return every node that links to the audited site, with counts, dates and top anchors."""
    return engine.fetch(
        f"""
        WITH counted AS (
            SELECT p.source_id, w.text, sum(p.links) AS n
            FROM written_anchors p JOIN anchor_words w ON w.words = p.words
            WHERE w.text <> '' AND EXISTS (SELECT 1 FROM nodes WHERE is_site)
            GROUP BY p.source_id, w.text
        ), ranked AS (
            SELECT source_id, text,
                row_number() OVER (PARTITION BY source_id ORDER BY n DESC, text) AS place
            FROM counted
        ), tops AS (
            SELECT source_id, list(text ORDER BY place) AS anchors
            FROM ranked WHERE place <= {TOP_ANCHORS} GROUP BY source_id
        )
        SELECT r.node, links, CASE WHEN unknown_rel = links THEN NULL ELSE followed END AS followed,
            CASE WHEN unknown_rel = links THEN NULL ELSE nofollow END AS nofollow, credit, anchors,
            CAST(first_seen AS VARCHAR) AS first_seen, CAST(last_seen AS VARCHAR) AS last_seen
        FROM referring_nodes r LEFT JOIN tops t ON t.source_id = r.node_id ORDER BY r.node
        """
    ).to_dicts()


def listed_domains(engine: Engine) -> Iterable[Mapping[str, object]]:
    """Return the rows of domains.csv: the referring nodes or, without a site, all nodes."""
    rows = referring_rows(engine)
    if not engine.value("SELECT count(*) FROM nodes WHERE is_site"):
        rows = engine.fetch("SELECT node FROM nodes ORDER BY node").to_dicts()
    for row in rows:
        row["domain"] = row.pop("node")
    return rows


def partners(engine: Engine) -> frozenset[str]:
    """Return the nodes that the audited site links to with links that may pass credit."""
    rows = engine.fetch(
        "SELECT DISTINCT n.node FROM actor_edges e JOIN actors a ON a.actor_id = e.source "
        "JOIN node_actors n ON n.actor_id = e.target WHERE a.is_site AND e.credit ORDER BY ALL"
    )
    return frozenset(rows["node"].to_list())


def brake(engine: Engine) -> str | None:
    """Return why circumstantial evidence must end at review for this profile, or None.

    A profile of which at least 80% of the referring owners use brand names or bare URLs is not
    the work of a link buyer. Without anchors this cannot be told, so the brake holds.
    """
    owners, known, calm = engine.fetch(
        "SELECT count(*), count(*) FILTER (speaks), count(*) FILTER (speaks AND calm) FROM ("
        "SELECT source_actor, bool_or(class IN ('brand', 'naked', 'exact', 'partial', 'other')) "
        "AS speaks, bool_and(class NOT IN ('exact', 'partial', 'other')) AS calm "
        "FROM (SELECT source_actor, coalesce(class, 'empty') AS class FROM anchor_uses) "
        "GROUP BY source_actor)"
    ).row(0)
    if not known or 2 * known < owners:
        return (
            f"the anchors of only {known} of {owners} referring domains say anything, so evidence "
            "that is only circumstantial ends at review"
        )
    if calm >= BRAKE_SHARE * known:
        return (
            f"{calm} of {known} referring domains with a telling anchor use brand names or bare "
            "URLs only; in such a profile evidence that is only circumstantial ends at review"
        )
    return None


def latest_date(engine: Engine) -> str | None:
    """Return the latest date in the links as YYYY-MM-DD, or None when there is none."""
    value = engine.value("SELECT CAST(max(greatest(first_seen, last_seen)) AS VARCHAR) FROM links")
    return str(value) if value else None


def save_results(
    engine: Engine,
    findings: Sequence[Finding],
    schemes: Sequence[Scheme],
    domains: Sequence[DomainResult],
) -> None:
    """Write findings, schemes, scheme_members and domain_scores as tables for the audit file."""
    text, number = pl.String, pl.Float64

    def save(table: str, columns: dict[str, Any], rows: list[tuple[Any, ...]]) -> None:
        engine.register(table, pl.DataFrame(rows, schema=columns, orient="row"))

    save(
        "findings",
        dict.fromkeys(("finding_id", "rule", "level", "subject_kind", "subject"), text)
        | {"value": number, "domains": pl.List(text)},
        [(f.id, f.rule, f.level, f.subject_kind, f.subject, f.value, f.domains) for f in findings],
    )
    save(
        "schemes",
        dict.fromkeys(("scheme_id", "kind", "level"), text)
        | {"score": number, "controlled_by_site": pl.Boolean},
        [(s.id, s.kind, s.level, s.score, s.controlled_by_site) for s in schemes],
    )
    save(
        "scheme_members",
        dict.fromkeys(("scheme_id", "node", "role"), text),
        [(s.id, m.node, m.role) for s in schemes for m in s.members],
    )
    save(
        "domain_scores",
        {"domain": text, "score": number} | dict.fromkeys(("band", "verdict", "confidence"), text),
        [(d.domain, d.score, d.band, d.verdict, d.confidence) for d in domains],
    )
