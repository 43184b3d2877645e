"""Where the damage of a CSV ends: a stray quotation mark may cost its own line, not the rest.

Readers take what follows an opening mark for one cell, over any number of lines, up to the next
mark. What cannot be a cell by the grammar of CSV, or holds whole rows of the table, is none: then
the line with the mark is damaged, and reading resumes on the line behind it.
"""

import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, TextIO

_State = Literal["whole", "open", "damaged"]


class Part(NamedTuple):
    """Lines of a file that belong together: one record, or one line that is none."""

    text: str
    damaged: bool


class _Grammar(NamedTuple):
    """What a line may be, outside and inside of a quotation that an earlier line opened."""

    whole: re.Pattern[str]
    opens: re.Pattern[str]
    closes: re.Pattern[str]
    stays: re.Pattern[str]


def parts(
    text: TextIO, delimiter: str, is_row: Callable[[str], bool], longest: int
) -> Iterator[Part]:
    """Yield the rest of a text whose lines end in `\\n`, in order and without a loss.

    `is_row` says that a line reads as a row of links by itself, `longest` is how many characters
    a record may have. Only one record is held in memory.
    """
    grammar = _grammar(delimiter)
    ahead: deque[str] = deque()
    while line := ahead.popleft() if ahead else text.readline():
        state = _state(grammar, line, inside=False) if '"' in line else "whole"
        record, length = [line], len(line)
        while state == "open" and length <= longest:
            more = ahead.popleft() if ahead else text.readline()
            if not more:
                break
            record.append(more)
            length += len(more)
            state = _state(grammar, more, inside=True)
        if state == "whole" and not any(map(is_row, record[1:])):
            yield Part("".join(record), damaged=False)
        else:
            ahead.extendleft(reversed(record[1:]))
            yield Part(line, damaged=True)


def cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line that is read by itself."""
    return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])


def _grammar(delimiter: str) -> _Grammar:
    """Return the grammar that the engine follows; possessive, so that no line takes long."""
    d = re.escape(delimiter)
    inner = '(?:[^"]++|"")*+'
    # a mark inside a cell that does not begin with one is text
    cell = f'(?: *+"{inner}" *+| *+(?:[^" {d}][^{d}]*+)?+)(?={d}|\\Z)'
    opens = f'(?:{cell}{d})*+ *+"{inner}'
    return _Grammar(
        whole=re.compile(f"{cell}(?:{d}{cell})*+"),
        opens=re.compile(opens),
        closes=re.compile(f'{inner}" *+(?:{d}{cell})*+'),
        stays=re.compile(f'{inner}(?:" *+{d}{opens})?+'),
    )


def _state(grammar: _Grammar, line: str, inside: bool) -> _State:
    line = line.removesuffix("\n")
    if (grammar.closes if inside else grammar.whole).fullmatch(line):
        return "whole"
    return "open" if (grammar.stays if inside else grammar.opens).fullmatch(line) else "damaged"
