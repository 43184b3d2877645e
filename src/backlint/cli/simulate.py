"""`backlint simulate`: a labelled profile to try the linter on."""

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    out: Annotated[Path, typer.Option(help="The folder to write.")] = Path("backlint-sample"),
    seed: Annotated[int, typer.Option(help="The same seed gives the same profile.")] = 1,
    schemes: Annotated[str, typer.Option(help="Planted schemes, by comma; all or none.")] = "all",
    negatives: Annotated[
        str, typer.Option(help="Innocent look-alikes, by comma; all or none.")
    ] = "all",
    referring_domains: Annotated[int, typer.Option(help="Honest referring domains.", min=1)] = 300,
    graph: Annotated[
        bool, typer.Option(help="With links among the referring domains, or one site's export.")
    ] = True,
) -> None:
    """Write a seeded backlink profile with planted schemes, look-alikes and the truth beside it."""
    from backlint.simulate import simulate as make
    from backlint.simulate import write

    out.mkdir(parents=True, exist_ok=True)
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
