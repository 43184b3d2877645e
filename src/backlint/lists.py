"""The shipped catalogue (`rules/`) on disk, and its dated word and host lists."""

import datetime
from functools import cache
from pathlib import Path

import msgspec

from backlint.errors import RuleError


class WordList(msgspec.Struct, frozen=True):
    """A list of words or hosts with the day on which it was true."""

    as_of: datetime.date
    entries: list[str]


@cache
def catalogue_dir() -> Path:
    """Return the folder of rules, lists and points: inside the wheel, or beside `src/`."""
    shipped = Path(__file__).parent / "catalogue"
    if shipped.is_dir():
        return shipped
    checkout = Path(__file__).parents[2] / "rules"
    if checkout.is_dir():
        return checkout
    raise RuleError(f"no rules found in {shipped} or {checkout}; install backlint again")


@cache
def load_list(name: str) -> WordList:
    """Return the list `rules/lists/NAME.toml`; raises RuleError when it is missing or not valid."""
    path = catalogue_dir() / "lists" / f"{name}.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=WordList)
    except (OSError, msgspec.DecodeError) as error:
        raise RuleError(f"{path}: {error}") from error


def list_names() -> list[str]:
    """Return the names of all lists of the catalogue, sorted."""
    return sorted(path.stem for path in (catalogue_dir() / "lists").glob("*.toml"))
