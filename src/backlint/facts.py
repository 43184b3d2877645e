"""From the tables of a finished run to the plain records that are weighed and shown."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from backlint.engine.base import Engine
from backlint.findings import (
    Claim,
    DomainResult,
    Finding,
    LinkRef,
    Part,
    Record,
    Scheme,
    Share,
)
from backlint.report.csv import SIGNALS
from backlint.risk.assess import BRAKE_SHARE, Facts
from backlint.urls import registrable_domain

TOP_ANCHORS = 3
THIN = 10  # a tool knows more than so many times the links of a domain that the inputs hold


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
        "SELECT node, domain FROM nodes WHERE node_id IN "
        "(SELECT target FROM node_edges UNION ALL SELECT target_id FROM links WHERE lost) "
        "AND (is_site OR NOT EXISTS (SELECT 1 FROM nodes WHERE is_site)) ORDER BY ALL"
    ).rows()
    return {node: domain.partition(".")[0] for node, domain in rows}


def node_facts(
    engine: Engine,
    claims: Iterable[Claim],
    referring: pl.DataFrame,
    decided: Collection[str],
    protected: Callable[[str, bool], str | None],
    covered: Callable[[str], bool],
) -> dict[str, Facts]:
    """Return what is known of every node that a claim names or somebody decided about.

    `protected(host, trusted)` says why a node may never be disavowed; `covered(host)` that the
    given disavow file has it.
    """
    named = {node for claim in claims for node in claim.domains} | set(decided)
    engine.register("named", pl.DataFrame({"domain": sorted(named)}, {"domain": pl.String}))
    flags = engine.fetch(
        "SELECT domain, trusted, own FROM named JOIN (SELECT node AS domain, trusted, own "
        "FROM nodes) USING (domain) ORDER BY domain"
    )
    engine.run("DROP TABLE named")
    counts = referring.select(
        "domain", "links", "followed", "nofollow", "credit", "anchors", "evidence"
    )
    rows = flags.join(counts, on="domain", how="left", maintain_order="left").iter_rows()
    return {
        node: Facts(
            node=node,
            links=links,
            followed=followed,
            nofollow=nofollow,
            credit=credit,
            protected=None if links is None else protected(node, trusted),
            trusted=trusted,
            own=own,
            covered=covered(node),
            anchors=tuple(anchors or ()),
            evidence=evidence or "links",
        )
        for node, trusted, own, links, followed, nofollow, credit, anchors, evidence in rows
    }


def referring_domains(engine: Engine) -> pl.DataFrame:
    """Return every node that links to the audited site, with counts, dates and top anchors.

    `evidence` is "thin sample" where a tool states far more links than the inputs hold.
    """
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
        ), stated AS (
            SELECT domain, max(number) AS stated FROM domain_facts WHERE fact = 'links'
            GROUP BY domain
        )
        SELECT r.node AS domain, r.links,
            CASE WHEN unknown_rel = r.links THEN NULL ELSE followed END AS followed,
            CASE WHEN unknown_rel = r.links THEN NULL ELSE nofollow END AS nofollow,
            credit, t.anchors,
            CAST(first_seen AS VARCHAR) AS first_seen, CAST(last_seen AS VARCHAR) AS last_seen,
            CASE WHEN stated > {THIN} * sum(r.links) OVER (PARTITION BY n.domain)
                THEN 'thin sample' ELSE 'links' END AS evidence,
            {", ".join(f"q.{name}" for name in SIGNALS)}
        FROM referring_nodes r JOIN nodes n ON n.node_id = r.node_id
        LEFT JOIN tops t ON t.source_id = r.node_id
        LEFT JOIN stated s ON s.domain = n.domain
        LEFT JOIN domain_signals q ON q.node_id = r.node_id ORDER BY r.node
        """
    )


def listed_domains(engine: Engine, referring: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of domains.csv: the referring nodes or, without a site, all nodes.

    Domains that only a referring-domain export lists come along as what they are: not evaluated.
    """
    if not engine.value("SELECT count(*) FROM nodes WHERE is_site"):
        return engine.fetch("SELECT node AS domain FROM nodes")
    unseen = engine.fetch(
        f"SELECT DISTINCT domain, 'domain only' AS evidence FROM ({_LISTED}) l WHERE domain NOT IN "
        "(SELECT n.domain FROM referring_nodes r JOIN nodes n ON n.node_id = r.node_id)"
    )
    return pl.concat([referring, unseen], how="diagonal_relaxed")


# the domains that a referring-domain export lists as linking, with the links that the tool counts
_LISTED = """
SELECT input_id, f.domain, max(number) FILTER (fact = 'links') AS links
FROM domain_facts f JOIN inputs i USING (input_id)
WHERE i.of_domains AND f.domain NOT IN (SELECT domain FROM nodes WHERE own OR is_site)
GROUP BY input_id, f.domain HAVING NOT bool_or(fact = 'lost')
"""


def shares(engine: Engine) -> list[Share]:
    """Return how much of each referring-domain export the link exports hold.

    Empty where no site is audited or no such export is there. A profile may be cut: one export at
    a cap of 50,000 rows held 3.7% of the links of its profile, 90.8% of them from one domain.
    """
    if not engine.value("SELECT count(*) FROM nodes WHERE is_site"):
        return []
    rows = engine.fetch(
        f"""
        WITH known AS (
            SELECT n.domain, sum(r.links) AS links FROM referring_nodes r
            JOIN nodes n ON n.node_id = r.node_id GROUP BY n.domain
        )
        SELECT i.path, i.tool, count(*) AS domains, count(k.domain) AS domains_known,
            CAST(sum(l.links) AS BIGINT) AS links,
            CAST(coalesce(sum(CASE WHEN l.links IS NOT NULL
                THEN least(coalesce(k.links, 0), l.links) END), 0) AS BIGINT) AS links_known
        FROM ({_LISTED}) l JOIN inputs i USING (input_id) LEFT JOIN known k ON k.domain = l.domain
        GROUP BY input_id, i.path, i.tool ORDER BY input_id
        """
    )
    return [Share(**row) for row in rows.to_dicts()]


def makeup(engine: Engine) -> list[Part]:
    """Return what the profile is made of; empty where no site is audited."""
    rows = engine.fetch("SELECT * FROM makeup ORDER BY dimension, links DESC, value, inferred")
    return [Part(**row) for row in rows.to_dicts()]


def linked_sites(
    engine: Engine, nodes: Collection[str], sites: Sequence[str]
) -> dict[str, list[str]]:
    """Return which of the audited sites each of some nodes links to, in the order of the sites.

    A link to another host of a site's owner counts for every site of that owner.
    """
    if len(sites) < 2:
        return {node: list(sites) for node in nodes}
    engine.register("asked", pl.DataFrame({"node": sorted(nodes)}, {"node": pl.String}))
    rows = engine.fetch(
        "SELECT DISTINCT s.node, h.host, t.family FROM links l "
        "JOIN nodes s ON s.node_id = l.source_id JOIN nodes t ON t.node_id = l.target_id "
        "JOIN hosts h ON h.host_id = l.target_host_id "
        "WHERE s.node IN (SELECT node FROM asked) AND t.family <> s.family "
        "AND t.family IN (SELECT family FROM nodes WHERE is_site)"
    ).rows()
    engine.run("DROP TABLE asked")
    families = dict(engine.fetch("SELECT node, family FROM nodes WHERE is_site").rows())
    owner = {site: families.get(site, families.get(registrable_domain(site))) for site in sites}
    found: dict[str, set[str]] = {node: set() for node in nodes}
    for node, host, family in rows:
        exact = [site for site in sites if host == site or host.endswith(f".{site}")]
        owned = [site for site in sites if owner[site] == family]
        found[node].update(exact or owned)
    return {node: [site for site in sites if site in of] for node, of in found.items()}


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
    _save(
        engine,
        "findings",
        {"id": text, "rule": text, "level": text, "subject_kind": text, "subject": text}
        | {"value": number, "domains": pl.List(text)},
        findings,
        id="finding_id",
    )
    _save(
        engine,
        "schemes",
        {"id": text, "kind": text, "level": text, "score": number}
        | {"controlled_by_site": pl.Boolean},
        schemes,
        id="scheme_id",
    )
    members = [(s.id, m.node, m.role) for s in schemes for m in s.members]
    engine.register(
        "scheme_members",
        pl.DataFrame(
            members, schema=dict.fromkeys(("scheme_id", "node", "role"), text), orient="row"
        ),
    )
    _save(
        engine,
        "domain_scores",
        {"domain": text, "score": number} | dict.fromkeys(("band", "verdict", "confidence"), text),
        domains,
    )


def _save(
    engine: Engine, table: str, fields: dict[str, Any], records: Sequence[Record], **names: str
) -> None:
    """Write fields of records as a table, column by column; `names` gives a field another name."""
    columns = {
        name: pl.Series([getattr(record, name) for record in records], dtype=kind)
        for name, kind in fields.items()
    }
    engine.register(table, pl.DataFrame(columns).rename(names))
