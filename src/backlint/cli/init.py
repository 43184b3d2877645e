"""`backlint init`: a commented backlint.toml to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from backlint.cli.config import NAME, template
from backlint.errors import UsageError


def init(
    out: Annotated[Path, typer.Option(help="The file to write.", metavar="FILE")] = Path(NAME),
) -> None:
    """Write a backlint.toml in which every key is explained and commented out."""
    from backlint.files import write_atomic

    if out.exists():
        raise UsageError(f"{out}: is there already, and is not replaced")
    write_atomic(out, template())
    typer.echo(f"{out}: uncomment what you need; `backlint scan` reads it from its folder")
