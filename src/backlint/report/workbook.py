"""A workbook to decide in: dropdowns, filters, folded rows, colours; texts stay texts."""

import datetime
import io
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

MAX_ROWS = 1_048_576  # of a sheet, its header included

_COLOURS = {"disavow": "#F4C7C3", "review": "#FCE8B2", "keep": "#CFE8D5", "protected": "#D9DEE4"}
_HEAD = "#37474F"
_SCHEME = "#E7ECEF"
_RULE = "#D5DADD"
_TOP = {"valign": "top", "font_size": 10}
_STRONG = ("row", "id", "name", "decision")
_ROLES = ("head", "member", "alone")
_A3 = 8
_LINE = 13.5  # points
_LINES_MOST = 8  # of a row; the rest of a longer text is in the cell
_DENSITY = 1.1  # letters of text in the width of a digit
_RANGES_MOST = 2000  # parts of one list of ranges, which Excel must hold as one attribute

Value = str | int | float | None


class Column(NamedTuple):
    """A column: its heading, its width in characters, and how its cells are shown."""

    name: str
    width: int
    wrap: bool = False
    number: str = ""
    hidden: bool = False


def workbook(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    *,
    members: Sequence[bool],
    locked: Sequence[bool],
    choices: Sequence[str],
    how_to: Sequence[tuple[str, str]],
) -> bytes:
    """Return the bytes of a workbook; the same rows give the same bytes.

    `members` are rows that belong to the last row above that is none; of `locked` ones the
    first of `choices` cannot be chosen. The columns "decision" and "machine" get colours.
    """
    import xlsxwriter  # here, not above: whole-graph scans write none

    out = io.BytesIO()
    # texts from outside are texts: never a formula, a link or a number
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(out, {"in_memory": True, **plain})
    book.set_properties({"created": datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)})
    sheet = book.add_worksheet("Review")
    _write_rows(book, sheet, columns, rows, members)
    last = max(1, len(rows))
    names = [column.name for column in columns]
    for shut in (False, True):
        numbers = [number for number, is_shut in enumerate(locked, 1) if is_shut is shut]
        _let_choose(sheet, names.index("decision"), numbers, choices, shut)
    for name in ("decision", "machine"):
        _colour(book, sheet, names.index(name), last)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    sheet.freeze_panes(1, names.index("name") + 1)
    sheet.repeat_rows(0)
    sheet.set_footer("&L&A&RPage &P of &N")
    _print_wide(sheet)
    _write_how_to(book, how_to)
    book.close()
    return out.getvalue()


def _write_rows(
    book: Any,
    sheet: Any,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Value]],
    members: Sequence[bool],
) -> None:
    head = {"bold": True, "bg_color": _HEAD, "font_color": "#FFFFFF", "text_wrap": True}
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, None, {"hidden": column.hidden})
        sheet.write_string(0, index, column.name, book.add_format({**_TOP, **head}))
    rest = {role: book.add_format(_look(Column("", 0), role)) for role in _ROLES}  # blank cells
    looks = {role: [book.add_format(_look(column, role)) for column in columns] for role in _ROLES}
    # the row that others belong to stands above them
    sheet.outline_settings(True, False, False, False)
    for number, (cells, member) in enumerate(zip(rows, members, strict=True), 1):
        heads = not member and number < len(rows) and members[number]
        role = "member" if member else "head" if heads else "alone"
        # members stay on one line: there may be a thousand of them
        height = _LINE if member else _height(columns, cells)
        sheet.set_row(number, height, rest[role], {"level": int(member)})
        for index, (value, look) in enumerate(zip(cells, looks[role], strict=True)):
            if isinstance(value, str) and value:
                sheet.write_string(number, index, value, look)
            elif isinstance(value, int | float):
                sheet.write_number(number, index, value, look)


def _look(column: Column, role: str) -> dict[str, Any]:
    look = {**_TOP, "bottom": 1, "bottom_color": _RULE, "text_wrap": column.wrap}
    if column.number:
        look["num_format"] = column.number
    else:
        look["indent"] = 1  # beside a number, which stands at its right edge
    if role == "head":
        look |= {"bg_color": _SCHEME, "bold": column.name in _STRONG}
    if role == "member":
        look["text_wrap"] = False
    return look


def _height(columns: Sequence[Column], cells: Sequence[Value]) -> float:
    """Return the height of a row in points; programs do not agree on fitting it by themselves."""
    lines = [
        -(-len(value) // round(column.width * _DENSITY))
        for column, value in zip(columns, cells, strict=True)
        if column.wrap and isinstance(value, str)
    ]
    return _LINE * min(max([1, *lines]), _LINES_MOST)


def _ranges(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers."""
    start = previous = None
    for number in numbers:
        if previous is None or number != previous + 1:
            if start is not None and previous is not None:
                yield start, previous
            start = number
        previous = number
    if start is not None and previous is not None:
        yield start, previous


def _let_choose(
    sheet: Any, column: int, numbers: Sequence[int], choices: Sequence[str], shut: bool
) -> None:
    """Let a person choose in the cells of a column; where it is shut the first choice is none."""
    ranges = list(_ranges(numbers))
    for at in range(0, len(ranges), _RANGES_MOST):
        (first, last), *others = ranges[at : at + _RANGES_MOST]
        said = (
            "This row is protected and is never disavowed."
            if shut
            else "Choose disavow, keep or review, or leave the cell blank."
        )
        sheet.data_validation(
            first,
            column,
            last,
            column,
            {
                "validate": "list",
                "source": list(choices[1:] if shut else choices),
                "other_cells": [[start, column, end, column] for start, end in others],
                "error_title": "Not a decision",
                "error_message": said,
            },
        )


def _colour(book: Any, sheet: Any, column: int, last: int) -> None:
    for word, colour in _COLOURS.items():
        look = book.add_format({"bg_color": colour})
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
        sheet.conditional_format(1, column, last, column, rule)


def _print_wide(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)


def _write_how_to(book: Any, lines: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("How to")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 95)
    strong = book.add_format({**_TOP, "bold": True})
    plain = book.add_format({**_TOP, "text_wrap": True})
    for number, (heading, text) in enumerate(lines):
        sheet.set_row(number, _LINE * -(-len(text) // 95) + 4)
        sheet.write_string(number, 0, heading, strong)
        sheet.write_string(number, 1, text, plain)
    _print_wide(sheet)
