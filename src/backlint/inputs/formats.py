"""Which header belongs to which export: formats.toml, folded matching, `--map`."""

import difflib
import re
import shlex
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

import msgspec

from backlint import urls
from backlint.errors import InputError, UsageError

FIELDS = (
    "source_url", "target_url", "anchor", "alt", "rel", "nofollow", "follow", "ugc", "sponsored",
    "first_seen", "last_seen", "lost", "title", "kind", "placement", "type", "external_links",
    "page_authority", "page_traffic", "before", "after", "redirects", "page_language", "page_type",
)  # fmt: skip

FACT = "fact_"  # before the name of what a tool states of a domain, as a field

_NEXT_FIELD = re.compile(r",(?=\s*\w+\s*=)")

_URL = re.compile(r"\s*(https?:)?//", re.IGNORECASE)

_FEW = 3  # cells that show what a row is
_SHOWN = 12  # columns that an error names
_NAME_SHOWN = 60  # characters of each


class Scope(msgspec.Struct, frozen=True):
    """Which rows of a crawl are links at all: values of one column, lower case."""

    field: str
    keep: list[str]


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One known export, as formats.toml describes it."""

    id: str
    title: str
    needs: list[str]
    fields: dict[str, list[str]]
    tool: str = ""
    rows: Literal["links", "domains"] = "links"
    header: list[str] = []
    typical: list[str] = []
    verbatim: bool = False
    facts: dict[str, list[str]] = {}
    out_links_complete: bool = False
    empty_rel: Literal["followed", "unknown"] = "unknown"
    empty_flag: Literal["unknown", "false"] = "unknown"
    no_flag: Literal["false", "unknown"] = "false"
    internal: Literal["links", "out of scope"] = "links"
    needs_site: bool = False
    cap: int | None = None
    refuse: str = ""
    scope: Scope | None = None

    def names(self) -> dict[str, list[str]]:
        """Return field -> header names; a fact is the field of its name behind `fact_`."""
        return self.fields | {f"{FACT}{name}": names for name, names in self.facts.items()}

    def known(self) -> frozenset[str]:
        """Return all header names of the format, folded."""
        named = (name for names in self.names().values() for name in names)
        return frozenset(map(fold, [*self.header, *named])) - {""}


class _Formats(msgspec.Struct):
    format: list[Format]


Found = tuple[Format, dict[str, int]]  # a format and field -> index of the column


@cache
def formats() -> tuple[Format, ...]:
    """Return all formats of formats.toml, in file order."""
    data = resources.files("backlint.inputs").joinpath("formats.toml").read_bytes()
    return tuple(msgspec.toml.decode(data, type=_Formats).format)


@lru_cache(maxsize=10_000)  # the names of all formats are asked for again for every line of a head
def fold(name: str) -> str:
    """Return a header name without case, accents of compatibility, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def fields_of(fmt: Format, columns: Sequence[str]) -> dict[str, int]:
    """Return field -> column index for the columns of a header that a format knows."""
    folded = [fold(column) for column in columns]
    found = {}
    for field, names in fmt.names().items():
        for name in names:
            if fold(name) in folded:
                found[field] = folded.index(fold(name))
                break
    return found


def match(columns: Sequence[str]) -> Found | None:
    """Return the format that explains a header best and its field -> column index.

    The best knows most of the columns; of several the first in the file, the generic one last.
    """
    folded = {fold(column) for column in columns}
    best: tuple[int, Found] | None = None
    for fmt in formats():
        found = fields_of(fmt, columns)
        if (
            all(field in found for field in fmt.needs)
            and (not fmt.typical or not folded.isdisjoint(map(fold, fmt.typical)))
            and (not fmt.verbatim or _plain(fmt.header) <= _plain(columns))
        ):
            known = known_columns(fmt, columns)
            if best is None or known > best[0]:
                best = (known, (fmt, found))
    return best[1] if best else None


def _plain(columns: Sequence[str]) -> set[str]:
    """Return column names without case and outer spaces: `Source Url` is not `source_url`."""
    return {" ".join(column.casefold().split()) for column in columns}


def known_columns(fmt: Format, columns: Sequence[str]) -> int:
    """Return how many columns of a header a format knows."""
    known = _vocabulary().get(fmt.id) or fmt.known()
    return sum(fold(column) in known for column in columns)


@cache
def _vocabulary() -> dict[str, frozenset[str]]:
    return {fmt.id: fmt.known() for fmt in formats()}


def parse_map(text: str) -> dict[str, str]:
    """Return field -> column name of `--map source_url=COL,target_url=COL`.

    A comma belongs to the column's name unless FIELD= follows it. Raises UsageError on an unknown
    field or a part without `=`.
    """
    mapping: dict[str, str] = {}
    for part in _NEXT_FIELD.split(text):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise UsageError(f"--map: {part!r} is not FIELD=COLUMN; example: --map source_url=From")
        if field not in FIELDS:
            near = difflib.get_close_matches(field, FIELDS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; fields: {', '.join(FIELDS)}"
            raise UsageError(f"--map: unknown field {field!r}{hint}")
        if field in mapping:
            raise UsageError(f"--map: {field} is given twice; name one column for it")
        mapping[field] = column
    return mapping


def apply_map(mapping: Mapping[str, str], columns: Sequence[str]) -> Found | None:
    """Return the generic format with the user's own columns; None when they are not all here."""
    chosen = {field: _index(column, columns) for field, column in mapping.items()}
    generic = next(fmt for fmt in formats() if fmt.id == "generic-links")
    found = fields_of(generic, columns)
    for field, index in chosen.items():
        if index is None:
            return None
        found[field] = index
    return (generic, found) if all(field in found for field in generic.needs) else None


def _index(name: str, columns: Sequence[str]) -> int | None:
    """Return where a column stands, by its exact name or by the folded one."""
    if name in columns:
        return columns.index(name)
    folded = [fold(column) for column in columns]
    return folded.index(fold(name)) if fold(name) and fold(name) in folded else None


def unknown_header(
    path: object, line: int | None, columns: Sequence[str], mapping: Mapping[str, str] | None
) -> InputError:
    """Return the error for a header that no format explains, with the cure."""
    place = path if line is None else f"{path}:{line}"
    shown = ", ".join(repr(_shorten(column)) for column in columns[:_SHOWN]) or "none"
    if len(columns) > _SHOWN:
        shown += f" and {len(columns) - _SHOWN} more"
    missing = [name for name in (mapping or {}).values() if _index(name, columns) is None]
    if missing:
        near = difflib.get_close_matches(missing[0], columns, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        return InputError(
            f"{place}: --map: no column {missing[0]!r} in this header.{hint} Columns found: {shown}"
        )
    return InputError(
        f"{place}: no known export has this header. Columns found: {shown}. "
        f"Nearest known format: {_nearest(columns)}. Name the columns yourself, "
        f"for example --map {_example(columns)}"
    )


def is_data(columns: Sequence[str], least: int = 2) -> bool:
    """Say whether what stands where a header is looked for is a row: URLs, or so many hosts."""
    return any(map(_URL.match, columns)) or sum(map(_is_host, columns)) >= least


def _is_host(cell: str) -> bool:
    """Say whether a cell is a host and no name with dots, such as `source.id`."""
    host = urls.url_host(cell)
    if host is None or not urls.has_known_tld(host.name):
        return False
    known = frozenset().union(*_vocabulary().values())
    return known.isdisjoint(map(fold, host.name.split(".")))


def no_header(path: object, line: int, columns: Sequence[str]) -> InputError:
    """Return the error for a table without a header, with the cure."""
    shown = ", ".join(repr(_shorten(column)) for column in columns[:_FEW])
    return InputError(
        f"{path}:{line}: the file has no header line: {shown} are data and no names of columns. "
        "Add a first line such as source_url,target_url,anchor, with a name for each column and "
        "the separator of the rows"
    )


def _shorten(name: str) -> str:
    return name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}..."


def _example(columns: Sequence[str]) -> str:
    """Return a --map of this header, quoted for a shell: known names first, then the others."""
    generic = next(fmt for fmt in formats() if fmt.id == "generic-links")
    found = fields_of(generic, columns)
    left = [name for index, name in enumerate(columns) if name and index not in found.values()]
    parts = []
    for field in generic.needs:
        column = columns[found[field]] if field in found else left.pop(0) if left else "COLUMN"
        parts.append(f"{field}={_shorten(column)}")
    return shlex.quote(",".join(parts)) if "".join(parts).isprintable() else "source_url=COLUMN,..."


def _nearest(columns: Sequence[str]) -> str:
    def likeness(fmt: Format) -> tuple[float, bool]:
        present = sum(field in fields_of(fmt, columns) for field in fmt.needs)
        return present / len(fmt.needs), fmt.id == "generic-links"

    best = max(formats(), key=likeness)
    missing = [field for field in best.needs if field not in fields_of(best, columns)]
    lacks = f" (lacks {', '.join(best.names()[field][0] for field in missing)})" if missing else ""
    return best.title + lacks
