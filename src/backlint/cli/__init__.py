"""The command line: one command a module, heavy imports inside the commands."""

import gc
import io
import signal
import sys

import typer

from backlint import __version__
from backlint.cli import diff, disavow, explain, export, init, inputs, rules, scan, simulate
from backlint.errors import BacklintError

app = typer.Typer(
    name="backlint",
    help="A linter for backlink profiles: finds link schemes, explains the penalty risk, "
    "writes the disavow file.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("scan")(scan.scan)
app.command("inputs")(inputs.inputs)
app.command("explain")(explain.explain)
app.command("diff")(diff.diff)
app.command("export")(export.export)
app.add_typer(disavow.app, name="disavow")
app.add_typer(rules.app, name="rules")
app.command("init")(init.init)
app.command("simulate")(simulate.simulate)


def _version(shown: bool) -> None:
    if shown:
        typer.echo(f"backlint {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    pass


def main() -> None:
    """Run the command line; errors that the user can act on are one line on stderr.

    Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it (or defects found by
    `disavow check`), 2 usage, configuration or rule error, 3 input unusable.
    """
    # imports and reports make millions of objects that live on: looking for cycles among them
    # took a twentieth of a small scan
    gc.set_threshold(100_000)
    # jobs are ended by SIGTERM: tidy up as on Ctrl-C, so that no half-written folder stays behind
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal need not know every character
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="backlint")
    except BacklintError as error:
        message, code = str(error), error.exit_code
    except OSError as error:  # no room, no rights, a folder that went away
        place = f"{error.filename}: " if error.filename else ""
        message, code = f"{place}{error.strerror or error}", 2
    # only now, when the error and the frames it holds are gone: open files, the database
    typer.echo(f"backlint: {message}", err=True)
    sys.exit(code)
