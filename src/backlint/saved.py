"""What a finished audit wrote beside its report, read again: `audit.duckdb` and domains.csv."""

import csv
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb
import polars as pl

from backlint import urls
from backlint.disavow.effect import Unit
from backlint.errors import InputError
from backlint.findings import Page

# The links that count as the profile's: of others, to a node of an audited site's owner
_INTO = """
FROM links l
JOIN nodes s ON s.node_id = l.source_id
JOIN nodes t ON t.node_id = l.target_id
JOIN hosts h ON h.host_id = l.source_host_id
WHERE s.family <> t.family AND NOT s.is_site
    AND t.family IN (SELECT family FROM nodes WHERE is_site)
"""
_WWW = r"regexp_matches(l.source_url, '^[^/]*//([^/@]*@)?www\.', 'i') AND h.host NOT LIKE 'www.%'"
_HOST = f"CASE WHEN {_WWW} THEN 'www.' ELSE '' END || h.host"
_COUNTS = """
    count(*) AS links,
    CAST(sum(CASE WHEN NOT l.lost AND l.qualified = false THEN 1 ELSE 0 END) AS BIGINT),
    CAST(sum(CASE WHEN NOT l.lost AND l.qualified IS NULL THEN 1 ELSE 0 END) AS BIGINT),
    bool_or(s.trusted), bool_or(s.own)
"""


def folder_of(path: Path) -> Path:
    """Return the folder of an audit that was named by it or by its report.json."""
    return path.parent if path.is_file() else path


@contextmanager
def listed(folder: Path) -> Iterator[bytes]:
    """Give domains.csv of an audit's folder, empty without one.

    It holds the referring domains without a finding too. What reads it inside the block raises
    InputError when it is damaged.
    """
    path = folder / "domains.csv"
    csv.field_size_limit(2**31 - 1)  # an anchor may be longer than the module's own limit
    try:
        yield path.read_bytes() if path.is_file() else b""
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError(f"{path}: is damaged ({error}). Run the scan again") from error


@contextmanager
def open_audit(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the database of an audit for reading; raises InputError where there is none to read."""
    path = folder / "audit.duckdb"
    if not path.is_file():
        raise InputError(
            f"{path}: no such file; the links of the audit are in it. Run `backlint scan` again"
        )
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield con
    except duckdb.Error as error:
        said = str(error).strip().partition("\n")[0]
        raise InputError(
            f"{path}: cannot be read ({said}). Close other programs that use it, or run "
            "`backlint scan` again"
        ) from error


def units(con: duckdb.DuckDBPyConnection, hosts_with_pages: Collection[str] = ()) -> list[Unit]:
    """Return the links to the audited sites by host; those of some exact hosts by page."""
    con.register("_paged", pl.DataFrame({"host": sorted(hosts_with_pages)}, {"host": pl.String}))
    paged = f"{_HOST} IN (SELECT host FROM _paged)"
    whole = con.execute(
        f"SELECT {_HOST} AS host, s.node, {_COUNTS} {_INTO} AND NOT ({paged}) "
        "GROUP BY ALL ORDER BY 1, 2"
    ).fetchall()
    found = [Unit(f"domain:{host}", *rest) for host, *rest in whole]
    single = con.execute(
        f"SELECT l.source_url, {_HOST} AS host, s.node, {_COUNTS} {_INTO} AND {paged} "
        "GROUP BY ALL ORDER BY 1, 2, 3"
    ).fetchall()
    con.unregister("_paged")
    found += [
        Unit(urls.canonical_url(url) or f"domain:{host}", *rest) for url, host, *rest in single
    ]
    return found


def pages(con: duckdb.DuckDBPyConnection, nodes: Collection[str]) -> list[Page]:
    """Return the links of some nodes to the audited sites, by node and URL."""
    con.register("_asked", pl.DataFrame({"node": sorted(nodes)}, {"node": pl.String}))
    rows = con.execute(
        "SELECT s.node, h.host, h.domain, l.source_url, "
        "coalesce(nullif(l.anchor, ''), l.alt, l.anchor) AS anchor, "
        f"NOT l.lost AND coalesce(NOT l.qualified, true) AS credit {_INTO} "
        "AND s.node IN (SELECT node FROM _asked) ORDER BY ALL"
    ).fetchall()
    con.unregister("_asked")
    return [
        Page(node=node, host=host, domain=domain, url=url, anchor=anchor, credit=credit)
        for node, host, domain, url, anchor, credit in rows
    ]


class Graph(NamedTuple):
    """Some nodes of an audit's graph with the edges among them, and how many nodes there are.

    `nodes` has node, is_site, own, links (to the audited sites; null where it has none) and tactic,
    `edges` has source and target (nodes), links, followed, unknown_rel and first_seen.
    """

    nodes: pl.DataFrame
    edges: pl.DataFrame
    known: int


def graph(con: duckdb.DuckDBPyConnection, node: str, most: int) -> Graph:
    """Return the graph of domains or hosts, cut to the nodes that tell most.

    First come the audited sites and what is their owner's, then members of schemes, nodes with a
    finding, what links to the sites, and the rest; among equals the higher score and degree.
    """
    nodes = con.sql(
        f"""
        WITH ends AS (
            SELECT source AS node_id FROM {node}_edges WHERE source <> target
            UNION ALL SELECT target FROM {node}_edges WHERE source <> target
        ), degrees AS (SELECT node_id, count(*) AS degree FROM ends GROUP BY node_id)
        SELECT n.node_id, n.node, n.is_site, n.own, s.links, s.tactic
        FROM nodes n
        LEFT JOIN degrees USING (node_id)
        LEFT JOIN domain_signals s ON s.node_id = n.node_id
        LEFT JOIN domain_scores d ON d.domain = n.node
        ORDER BY NOT (n.is_site OR n.own),
            n.node NOT IN (SELECT node FROM scheme_members),
            d.domain IS NULL, s.node_id IS NULL,
            d.score DESC NULLS LAST, degree DESC NULLS LAST, n.node
        LIMIT ?
        """,
        params=[most],
    ).pl()
    con.register("_chosen", nodes)
    edges = con.sql(
        f"SELECT s.node AS source, t.node AS target, e.links, e.followed, e.unknown_rel, "
        f"e.first_seen FROM {node}_edges e JOIN _chosen s ON s.node_id = e.source "
        "JOIN _chosen t ON t.node_id = e.target WHERE e.source <> e.target ORDER BY 1, 2"
    ).pl()
    con.unregister("_chosen")
    known = con.execute("SELECT count(*) FROM nodes").fetchall()[0][0]
    return Graph(nodes.drop("node_id"), edges, known)


def referring(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return what links to the audited sites: node (as `domain`), counts, dates and signals.

    Counts and dates are of its links to the sites; null is unknown.
    """
    found: pl.DataFrame = con.sql(
        f"""
        WITH counted AS (
            SELECT s.node, count(*) AS links,
                CAST(sum(CASE WHEN NOT l.lost AND l.qualified = false THEN 1 ELSE 0 END) AS BIGINT)
                    AS followed,
                CAST(sum(CASE WHEN NOT l.lost AND l.qualified THEN 1 ELSE 0 END) AS BIGINT)
                    AS nofollow,
                CAST(sum(CASE WHEN NOT l.lost AND l.qualified IS NULL THEN 1 ELSE 0 END) AS BIGINT)
                    AS unknown_rel,
                min(l.first_seen) AS first_seen, max(l.last_seen) AS last_seen
            {_INTO} GROUP BY s.node
        )
        SELECT c.node AS domain, c.links,
            CASE WHEN unknown_rel < c.links THEN followed END AS followed,
            CASE WHEN unknown_rel < c.links THEN nofollow END AS nofollow,
            first_seen, last_seen, d.* EXCLUDE (node_id, node, links, repeated, anchors)
        FROM counted c LEFT JOIN domain_signals d ON d.node = c.node ORDER BY c.node
        """
    ).pl()
    return found


def links(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return every link, with the nodes it leads from and to; tactics where a site is audited."""
    found: pl.DataFrame = con.sql(
        "SELECT l.link_id, s.node AS source, t.node AS target, l.source_url, l.target_url, "
        "l.anchor, l.alt, l.kind, l.placement, l.nofollow, l.ugc, l.sponsored, l.qualified, "
        "l.lost, l.first_seen, l.last_seen, k.tactic FROM links l "
        "JOIN nodes s ON s.node_id = l.source_id JOIN nodes t ON t.node_id = l.target_id "
        "LEFT JOIN link_tactics k ON k.link_id = l.link_id ORDER BY l.link_id"
    ).pl()
    return found
