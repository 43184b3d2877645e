"""`backlint simulate`: a labelled profile to try the linter on."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.errors import UsageError


def simulate(
    out: Annotated[Path, typer.Option(help="The folder to write.", metavar="FOLDER")] = Path(
        "backlint-sample"
    ),
    seed: Annotated[
        int, typer.Option(help="The same seed gives the same profile.", metavar="N")
    ] = 1,
    schemes: Annotated[
        str, typer.Option(help="Planted schemes, by comma, or all or none.", metavar="NAMES")
    ] = "all",
    negatives: Annotated[
        str, typer.Option(help="Innocent look-alikes, by comma, or all or none.", metavar="NAMES")
    ] = "all",
    referring_domains: Annotated[
        int, typer.Option(help="Honest referring domains.", min=1, max=1_000_000, metavar="N")
    ] = 300,
    graph: Annotated[
        bool, typer.Option(help="With links among the referring domains, or one site's export.")
    ] = True,
) -> None:
    """Write a seeded backlink profile with planted schemes, look-alikes and the truth beside it."""
    from backlint.simulate import simulate as make
    from backlint.simulate import write

    if (out / "links.csv").exists() and not (out / "labels.json").exists():
        raise UsageError(f"--out {out}: holds a links.csv of yours; name another folder")
    made = make(
        seed,
        schemes=_names(schemes),
        negatives=_names(negatives),
        referring_domains=referring_domains,
        graph=graph,
    )
    for path in write(made, out):
        typer.echo(str(path))
    typer.echo(f"site: {made.site}; {len(made.rows)} links", err=True)


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    return [] if names == ["none"] else names
