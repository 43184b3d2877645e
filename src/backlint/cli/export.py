"""`backlint export`: a finished audit in other forms."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.audits import AUDIT, AuditFolder, read_audit
from backlint.cli.config import config_file
from backlint.errors import UsageError

if TYPE_CHECKING:
    from backlint.report.graph import Form

FORMS: "dict[str, Form]" = {".gexf": "gexf", ".graphml": "graphml"}
NODES = 10_000  # Gephi lays out so many in minutes


def export(
    graph: Annotated[
        Path | None,
        typer.Option(
            help="The link graph for Gephi, as its ending says: .gexf or .graphml.", metavar="FILE"
        ),
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(
            help="The audit in short, for a ticket or pull request; - for the screen.",
            metavar="FILE",
        ),
    ] = None,
    nodes: Annotated[
        int,
        typer.Option(help="At most so many nodes, the most telling first.", min=1, metavar="N"),
    ] = NODES,
    audit: AuditFolder = AUDIT,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file; the old one is kept as a backup.")
    ] = False,
    config: Annotated[Path | None, config_file({"audit": "out"})] = None,
) -> None:
    """Write an audit in other forms: the graph for Gephi, Markdown for a ticket."""
    from backlint.report.markdown import render_markdown

    if graph is None and markdown is None:
        raise UsageError("nothing to export; name --graph FILE.gexf or --markdown FILE")
    if graph is not None and graph.suffix.lower() not in FORMS:
        raise UsageError(f"--graph {graph}: its ending says the form; write .gexf or .graphml")
    found = read_audit(audit)
    on_screen = str(markdown) == "-"
    if markdown is not None:
        text = render_markdown(found)
        if on_screen:
            typer.echo(text, nl=False)
        else:
            _put(markdown, text.encode(), force)
            typer.echo(str(markdown))
    if graph is not None:
        from backlint.report.graph import graph_xml
        from backlint.saved import folder_of, open_audit
        from backlint.saved import graph as read_graph

        with open_audit(folder_of(audit)) as con:
            shown = read_graph(con, found.node, nodes)
        form = FORMS[graph.suffix.lower()]
        _put(graph, graph_xml(found, shown.nodes, shown.edges, form), force)
        amounts = f"{len(shown.nodes):,} nodes, {len(shown.edges):,} edges"
        typer.echo(f"{graph}: {amounts}", err=on_screen)
        if len(shown.nodes) < shown.known:
            typer.echo(
                f"{shown.known - len(shown.nodes):,} of {shown.known:,} nodes are left out: those "
                "in no scheme, without a finding and with few links first; --nodes asks for more",
                err=True,
            )


def _put(path: Path, data: bytes, force: bool) -> None:
    from backlint.disavow.write import put

    backup = put(path, data, force)
    if backup:
        typer.echo(f"the old file is kept as {backup}", err=True)
