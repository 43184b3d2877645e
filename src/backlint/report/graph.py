"""The link graph of an audit for Gephi and its like: GEXF or GraphML."""

import io
import re
from collections.abc import Mapping
from typing import Any, Literal

import polars as pl

from backlint.findings import Audit
from backlint.report import model
from backlint.report.text import host_text, visible
from backlint.report.words import kind_title, scheme_title

Form = Literal["gexf", "graphml"]


def graph_xml(audit: Audit, nodes: pl.DataFrame, edges: pl.DataFrame, form: Form) -> bytes:
    """Return the graph as the bytes of a file, the same for the same audit and day.

    `nodes` has node, is_site, own, links and tactic, `edges` has source and target (nodes), links,
    followed, unknown_rel and first_seen. What is not known is left out: an attribute that is
    missing is unknown. A node that no rule accused has neither score nor verdict.
    """
    import networkx as nx

    graph = nx.DiGraph()
    said = _accused(audit)
    for row in nodes.iter_rows(named=True):
        place = "audited site" if row["is_site"] else "own" if row["own"] else None
        graph.add_node(
            visible(row["node"]),
            **_known(
                {
                    "label": host_text(row["node"]),
                    **said.get(row["node"], {}),
                    **({"role": place} if place else {}),
                    "links": row["links"],
                    "tactic": row["tactic"],
                }
            ),
        )
    for row in edges.iter_rows(named=True):
        told = row["unknown_rel"] < row["links"]
        seen = row["first_seen"].isoformat() if row["first_seen"] else None
        graph.add_edge(
            visible(row["source"]),
            visible(row["target"]),
            **_known(
                {
                    "weight": row["links"],
                    "followed": row["followed"] if told else None,
                    "first_seen": seen,
                }
            ),
        )
    out = io.BytesIO()
    write = nx.write_gexf if form == "gexf" else nx.write_graphml
    write(graph, out, encoding="utf-8")
    # the day of writing, which would make another file of the same audit
    return re.sub(rb' lastmodifieddate="[^"]*"', b"", out.getvalue(), count=1)


def _accused(audit: Audit) -> dict[str, dict[str, Any]]:
    """Return what the audit says of its nodes; of several schemes the gravest comes first."""
    found: dict[str, dict[str, Any]] = {}
    schemes: dict[str, list[str]] = {}
    for scheme in model.schemes_sorted(audit):
        for member in scheme.members:
            schemes.setdefault(member.node, []).append(scheme.id)
            first = {
                "scheme": scheme_title(scheme),
                "kind": kind_title(scheme),
                "role": member.role,
            }
            found.setdefault(member.node, first)
    for node, ids in schemes.items():
        found[node]["schemes"] = " ".join(ids)
    for result in audit.domains:
        found.setdefault(result.domain, {}).update(
            verdict=result.verdict, score=result.score, band=result.band
        )
    return found


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that are known, texts without what XML cannot hold."""
    return {
        name: visible(value) if isinstance(value, str) else value
        for name, value in values.items()
        if value is not None
    }
