"""The part of the graph that is worth a drawing: the schemes, their targets and what is near."""

from collections.abc import Collection, Mapping, Sequence
from itertools import chain, zip_longest

import polars as pl

from backlint.engine.base import Engine
from backlint.findings import GraphEdge, GraphNode, GraphRole, Network, Scheme, level_rank

SCHEMES_SHOWN = 12
MEMBERS_SHOWN, TARGETS_SHOWN, NEIGHBOURS_SHOWN = 260, 40, 40
TARGETS_EACH, NEIGHBOURS_EACH = 6, 5  # of a scheme: a directory links to everything
EDGES_SHOWN = 1000


def network(engine: Engine, schemes: Sequence[Scheme], links: Mapping[str, int]) -> Network | None:
    """Return the gravest schemes with targets and strongest neighbours; None without a scheme.

    `links` are the links of a node to the audited sites. Of the members that find no room, those of
    large schemes are left out: they are taken in turn, one of each. The audited sites are left out
    as well: all lines would end there, and `links` says the same. Links inside a family are none.
    """
    ordered = sorted(schemes, key=lambda s: (-level_rank(s.level), -s.score, s.id))
    sites = set(engine.fetch("SELECT node FROM nodes WHERE is_site")["node"])
    everyone = gravest({s.id: _nodes(s, targets=False) for s in ordered}, sites)
    if not everyone:
        return None
    drawn = list(dict.fromkeys(everyone.values()))[:SCHEMES_SHOWN]
    members = in_turn({node: scheme for node, scheme in everyone.items() if scheme in drawn})
    aims = gravest(
        {s.id: _nodes(s, targets=True)[:TARGETS_EACH] for s in ordered if s.id in drawn},
        sites | set(everyone),
    )
    targets = in_turn(aims)
    placed = dict(list(members.items())[:MEMBERS_SHOWN])
    goals = dict(list(targets.items())[:TARGETS_SHOWN])
    _register(engine, "accused", everyone, {})
    _register(engine, "placed", placed, goals)
    near, found = _neighbours(engine)
    _register(engine, "placed", placed, {**goals, **near})
    edges = _edges(engine)
    engine.run("DROP TABLE placed")
    engine.run("DROP TABLE accused")
    return Network(
        nodes=[
            *_records("member", placed, links),
            *_records("target", goals, links),
            *_records("neighbour", near, links),
        ],
        edges=edges[:EDGES_SHOWN],
        members=len(everyone),
        schemes=len(set(everyone.values())),
        neighbours=found,
        links=len(edges),
    )


def gravest(groups: Mapping[str, Sequence[str]], without: Collection[str]) -> dict[str, str]:
    """Return node -> the first of the groups that it is in."""
    found: dict[str, str] = {}
    for name, nodes in groups.items():
        for node in nodes:
            if node not in without:
                found.setdefault(node, name)
    return found


def in_turn(placed: Mapping[str, str]) -> dict[str, str]:
    """Return node -> group in another order: the first of each group, the second of each, ..."""
    groups: dict[str, list[str]] = {}
    for node, name in placed.items():
        groups.setdefault(name, []).append(node)
    turns = chain.from_iterable(zip_longest(*groups.values()))
    return {node: placed[node] for node in turns if node is not None}


def _nodes(scheme: Scheme, *, targets: bool) -> list[str]:
    return [member.node for member in scheme.members if (member.role == "target") == targets]


def _records(
    role: GraphRole, placed: Mapping[str, str], links: Mapping[str, int]
) -> list[GraphNode]:
    return [
        GraphNode(node=node, role=role, scheme=scheme, links=links.get(node, 0))
        for node, scheme in placed.items()
    ]


def _register(
    engine: Engine, name: str, members: Mapping[str, str], others: Mapping[str, str]
) -> None:
    rows = [(node, scheme, True) for node, scheme in members.items()]
    rows += [(node, scheme, False) for node, scheme in others.items()]
    schema = {"node": pl.String, "scheme": pl.String, "member": pl.Boolean}
    engine.register(name, pl.DataFrame(rows, schema, orient="row"))


def _neighbours(engine: Engine) -> tuple[dict[str, str], int]:
    """Return the strongest nodes that are linked with two members of a scheme, and how many are.

    Strong is who is linked with many of a scheme and with few others (Salton's cosine), so that a
    hub of the web, which is everybody's neighbour, comes last.
    """
    rows = engine.fetch(
        """
        WITH here AS (
            SELECT n.node_id, p.scheme FROM placed p JOIN nodes n ON n.node = p.node
            WHERE p.member
        ), apart AS (
            SELECT e.source, e.target FROM node_edges e
            JOIN nodes s ON s.node_id = e.source
            JOIN nodes t ON t.node_id = e.target
            WHERE s.family <> t.family
        ), pairs AS (
            SELECT e.target AS node_id, h.node_id AS other, h.scheme
            FROM apart e JOIN here h ON h.node_id = e.source
            UNION
            SELECT e.source, h.node_id, h.scheme
            FROM apart e JOIN here h ON h.node_id = e.target
        ), ties AS (
            SELECT p.node_id, p.scheme, count(*) AS n
            FROM pairs p JOIN nodes o ON o.node_id = p.node_id AND NOT o.is_site
            WHERE o.node NOT IN (SELECT node FROM placed)
                AND o.node NOT IN (SELECT node FROM accused)
            GROUP BY p.node_id, p.scheme
        ), tied AS (
            SELECT node_id, scheme, n,
                row_number() OVER (PARTITION BY node_id ORDER BY n DESC, scheme) AS place
            FROM ties
        ), kept AS (
            SELECT * FROM tied WHERE place = 1 AND n >= 2
        ), ends AS (
            SELECT source AS node_id FROM apart UNION ALL SELECT target FROM apart
        ), degrees AS (
            SELECT e.node_id, count(*) AS degree
            FROM ends e JOIN kept k ON k.node_id = e.node_id GROUP BY e.node_id
        ), near AS (
            SELECT o.node, k.scheme, CAST(k.n AS DOUBLE) * k.n / d.degree AS strength
            FROM kept k
            JOIN degrees d ON d.node_id = k.node_id
            JOIN nodes o ON o.node_id = k.node_id
        ), ranked AS (
            SELECT *, count(*) OVER () AS found,
                row_number() OVER (PARTITION BY scheme ORDER BY strength DESC, node) AS place
            FROM near
        )
        """
        f"SELECT node, scheme, found FROM ranked WHERE place <= {NEIGHBOURS_EACH} "
        f"ORDER BY strength DESC, node LIMIT {NEIGHBOURS_SHOWN}"
    ).rows()
    return {node: scheme for node, scheme, _ in rows}, rows[0][2] if rows else 0


def _edges(engine: Engine) -> list[GraphEdge]:
    """Return the linked pairs of two members, then those with another node of the same scheme."""
    rows = engine.fetch(
        """
        WITH here AS (
            SELECT n.node_id, n.node, n.family, p.scheme, p.member
            FROM placed p JOIN nodes n ON n.node = p.node
        ), links AS (
            SELECT s.node AS source, t.node AS target, e.links,
                s.member AND t.member AS paired, s.scheme = t.scheme AS inside
            FROM node_edges e
            JOIN here s ON s.node_id = e.source
            JOIN here t ON t.node_id = e.target
            WHERE s.family <> t.family AND (s.member AND t.member
                OR (s.member OR t.member) AND s.scheme = t.scheme)
        )
        SELECT least(source, target) AS low, greatest(source, target) AS high,
            min(source) AS source, count(*) AS ways
        FROM links GROUP BY least(source, target), greatest(source, target)
        ORDER BY bool_or(paired) DESC, bool_or(inside) DESC, sum(links) DESC, low, high
        """
    ).rows()
    return [
        GraphEdge(source=source, target=high if source == low else low, mutual=ways == 2)
        for low, high, source, ways in rows
    ]
