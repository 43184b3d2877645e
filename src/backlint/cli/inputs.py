"""`backlint inputs`: what each file is taken for, and which rules it makes evaluable."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backlint.cli.config import config_file, read_config
from backlint.errors import InputError

if TYPE_CHECKING:
    from backlint.audit import Options


def inputs(
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
            help="Common Crawl's web graph, of domains or of hosts, gzip or plain.",
            metavar="VERTICES EDGES",
        ),
    ] = None,
    config: Annotated[Path | None, config_file()] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Show what each file is taken for, its rows, and which rules can run on them."""
    from backlint.audit import Options, preview
    from backlint.cli import console
    from backlint.inputs.formats import formats, parse_map
    from backlint.inputs.webgraph import FORMAT
    from backlint.report.console import render_inputs
    from backlint.report.model import share_sentences, skipped_sentence

    options = Options(
        files=files,
        sites=site or (),
        mapping=parse_map(map_) if map_ is not None else None,
        webgraph=webgraph,
        rule_dirs=read_config(config).folders,
        overrides=read_config(config).overrides,
    )
    titles = {fmt.id: fmt.title for fmt in (*formats(), FORMAT)}
    try:
        with console.progress(quiet, verbose=0) as show:
            found = preview(options, show)
    except InputError:
        _say_what_was_found(options, titles)
        raise
    obstacles = [(rule.header.id, reason) for rule, reason in found.obstacles]
    out = console.out()
    render_inputs(found.loaded.reports, titles, obstacles, out, found.loaded.rejects)
    for said in (*share_sentences(found.shares), skipped_sentence(found.loaded.skipped, 100)):
        if said:
            out.print(said, markup=False)


def _say_what_was_found(options: "Options", titles: dict[str, str]) -> None:
    """Print the format of each file where they cannot be read together."""
    from backlint.inputs.load import examine

    with tempfile.TemporaryDirectory(prefix="backlint-") as scratch:
        try:
            found, _ = examine(options.files, Path(scratch), options.mapping)
        except InputError:
            return
        for source in found:
            typer.echo(f"{source.source}: {titles[source.format.id]}")
