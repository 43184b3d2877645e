"""The numbers of the figures as they are drawn: places in percent, words, and what marks what.

A chart is a table or a row of rectangles whose places are percentages: it takes the width of a
phone or of a page without being scaled, and its text stays text.
"""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from backlint.findings import Audit, Authority, Finding, Group, Timeline
from backlint.report import model
from backlint.report.text import count, number, visible

MONEY = ("exact", "partial", "other")  # the classes of which BL301 speaks
BARS_HIGH = 120.0  # pixels
BURSTS_SHOWN = 12
BANDS = ("none", "low", "medium", "high", "critical")
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Slice(NamedTuple):
    """A part of a stacked bar, in percent of its width."""

    name: str
    css: str
    amount: int
    start: float
    width: float


class AnchorRow(NamedTuple):
    """An anchor with its share and interval in percent of all, and on the scale of the drawing."""

    text: str
    anchor_class: str
    links: int
    nodes: int
    words: str
    dot: float
    low: float
    high: float
    over: bool
    page: str | None
    bound: str


class Anchors(NamedTuple):
    """The top anchors; `top` is the share at the right end, `threshold` a place on the scale."""

    rows: list[AnchorRow]
    nodes: int
    texts: int
    top: str
    threshold: float | None
    limit: str


class Column(NamedTuple):
    """A period of the timeline: place and width in percent, heights in pixels."""

    start: str
    x: float
    width: float
    new: int
    lost: int | None
    up: float
    down: float
    burst: bool


class Tick(NamedTuple):
    """A label under the timeline; a narrow page shows only the `main` ones."""

    x: float
    text: str
    main: bool


class Chart(NamedTuple):
    """The timeline: columns, ticks, the height of the upper part, bursts in words."""

    columns: list[Column]
    ticks: list[Tick]
    up: float
    down: float
    most: int
    says: str
    bursts: list[str]
    bursts_left: int
    lost: bool


class Cell(NamedTuple):
    """A cell of the matrix of authority and risk; `shade` 0 to 5."""

    amount: int
    shade: int


class AuthorityRow(NamedTuple):
    """A bin of authority: label, number of nodes, bar in percent, a cell a band."""

    label: str
    total: int
    bar: float
    cells: list[Cell]


class GroupRow(NamedTuple):
    """A top-level domain or a country; bar and the part of it that is flagged in percent."""

    value: str
    nodes: int
    links: int
    flagged: int
    share: str
    bar: float
    flagged_bar: float


def split(audit: Audit) -> list[Slice]:
    """Return the referring nodes by verdict; empty where no site was judged."""
    rest = model.without_finding(audit)
    if rest is None:
        return []
    counts = model.verdict_counts(audit)
    listed = model.already_listed(audit)
    parts = [
        ("to disavow", "v-disavow", counts["disavow"]),
        ("to review", "v-review", counts["review"]),
        *([("already in your disavow file", "v-listed", listed)] if listed else []),
        ("with a finding, to keep", "v-keep", counts["keep"] - listed),
        ("without a finding", "v-none", rest),
    ]
    whole = sum(amount for _, _, amount in parts)
    found, start = [], 0.0
    for name, css, amount in parts:
        width = 100 * amount / whole if whole else 0.0
        found.append(Slice(name, css, amount, start, width))
        start += width
    return found if whole else []


def anchors(audit: Audit) -> Anchors | None:
    """Return the top anchors of an audit, or None where no anchor is known."""
    stated = audit.figures.anchors if audit.figures else None
    if stated is None or not stated.top:
        return None
    known = [value for use in stated.top for value in (use.share, use.high)]
    known += [] if stated.threshold is None else [stated.threshold]
    top = next((end for end in (0.1, 0.2, 0.3, 0.4, 0.5, 0.75) if max(known) <= end), 1.0)

    def place(share: float) -> float:
        return 100 * min(max(share / top, 0.0), 1.0)

    rows = [
        AnchorRow(
            text=use.text,
            anchor_class=visible(use.anchor_class),
            links=use.links,
            nodes=use.nodes,
            words=f"{_percent(use.share)} ({_percent(use.low)} to {_percent(use.high)})",
            dot=place(use.share),
            low=place(use.low),
            high=place(use.high),
            over=_over(use.bound, stated.threshold) and use.anchor_class in MONEY,
            page=use.page if use.anchor_class in MONEY else None,
            bound="" if use.bound is None else _percent(use.bound),
        )
        for use in stated.top
    ]
    return Anchors(
        rows,
        stated.nodes,
        stated.texts,
        _percent(top),
        None if stated.threshold is None else place(stated.threshold),
        "" if stated.threshold is None else _percent(stated.threshold),
    )


def _over(bound: float | None, threshold: float | None) -> bool:
    return bound is not None and threshold is not None and bound > threshold


def _percent(share: float) -> str:
    percent = 100 * share
    return f"{percent:.0f}%" if percent >= 9.95 or percent == 0 else f"{percent:.1f}%"


def bursts(audit: Audit) -> list[tuple[str, Finding]]:
    """Return the first day of each burst that a rule found in the profile, and its finding."""
    found = [
        (str(finding.detail["from_day"]), finding)
        for finding in audit.findings
        if finding.subject_kind == "profile" and finding.detail.get("from_day")
    ]
    return sorted(found, key=lambda item: (item[0], item[1].rule, item[1].id))


def timeline(audit: Audit) -> Chart | None:
    """Return new and lost referring nodes as columns, or None where no date is known."""
    stated = audit.figures.timeline if audit.figures else None
    if stated is None or not stated.periods:
        return None
    periods = stated.periods
    knows_lost = any(period.lost is not None for period in periods)
    most = max(1, *(period.new for period in periods), *(p.lost or 0 for p in periods))
    scale = BARS_HIGH / most
    marked = bursts(audit)
    starts = [period.start for period in periods]
    ends = [*starts[1:], "9999-99-99"]
    width = 100 / len(periods)
    columns = [
        Column(
            start=visible(period.start),
            x=i * width,
            width=width,
            new=period.new,
            lost=period.lost,
            up=scale * period.new,
            down=scale * (period.lost or 0),
            burst=any(period.start <= day < end for day, _ in marked),
        )
        for i, (period, end) in enumerate(zip(periods, ends, strict=True))
    ]
    said = [
        f"the week from {visible(day)}: {visible(finding.says) or visible(finding.rule)}"
        for day, finding in marked
    ]
    return Chart(
        columns=columns,
        ticks=_ticks(starts),
        up=BARS_HIGH,
        down=scale * max(p.lost or 0 for p in periods) if knows_lost else 0.0,
        most=most,
        says=_timeline_words(audit, stated, knows_lost),
        bursts=said[:BURSTS_SHOWN],
        bursts_left=max(0, len(said) - BURSTS_SHOWN),
        lost=knows_lost,
    )


def _timeline_words(audit: Audit, stated: Timeline, knows_lost: bool) -> str:
    nouns = model.node_noun(audit, 2)
    best = max(stated.periods, key=lambda period: period.new)
    new = sum(period.new for period in stated.periods)
    said = (
        f"{number(new)} referring {nouns} were first seen in "
        f"{count(len(stated.periods), stated.unit)} from {visible(stated.periods[0].start)}, most "
        f"of them, {number(best.new)}, in the {stated.unit} from {visible(best.start)}."
    )
    if stated.before:
        said += f" {number(stated.before)} were first seen before."
    if stated.undated:
        said += f" Of {number(stated.undated)} no input says when."
    if not knows_lost:
        return said + " No input says which links are lost."
    lost = sum(period.lost or 0 for period in stated.periods)
    return said + f" {number(lost)} have lost all their links, by the day they were last seen."


def _ticks(starts: Sequence[str]) -> list[Tick]:
    """Return a tick a year or, within two years, a quarter, where a period begins it."""
    days = [_day(start) for start in starts]
    known = [day for day in days if day]
    short = len(known) > 1 and (known[-1] - known[0]).days < 730
    found: list[Tick] = []
    last: tuple[int, int] | None = None
    for i, day in enumerate(days):
        if day is None:
            continue
        here = (day.year, (day.month - 1) // 3 if short else 0)
        begins = here != last if last else day.month in ((1, 4, 7, 10) if short else (1,))
        x = 100 * i / len(days)
        if begins and (not found or x - found[-1].x > 6):
            text = f"{_MONTHS[day.month - 1]} {day.year}" if short else str(day.year)
            found.append(Tick(x, text, len(found) % 2 == 0))
        last = here
    if not found and known:
        return [Tick(0.0, f"{_MONTHS[known[0].month - 1]} {known[0].year}", True)]
    return found


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def authority_rows(stated: Authority) -> list[AuthorityRow]:
    """Return the bins of authority, the highest first, those without a node left out."""
    totals = [sum(part.bands.values()) for part in stated.bins]
    most = max([1, *totals])
    rows = []
    for part, total in reversed(list(zip(stated.bins, totals, strict=True))):
        if not total:
            continue
        label = f"{number(part.low)} and more"
        if part.high is not None:
            label = f"{number(part.low)} to {number(part.high)}"
        cells = [
            Cell(n, 0 if not n else min(5, 1 + int(4.999 * n / total)))
            for n in (part.bands.get(band, 0) for band in BANDS)
        ]
        rows.append(AuthorityRow(label, total, 100 * total / most, cells))
    return rows


def group_rows(stated: Sequence[Group]) -> list[GroupRow]:
    """Return top-level domains or countries with their bars."""
    whole = sum(group.nodes for group in stated)
    most = max([1, *(group.nodes for group in stated)])
    return [
        GroupRow(
            value=group.value,
            nodes=group.nodes,
            links=group.links,
            flagged=group.flagged,
            share=_percent(group.nodes / whole if whole else 0.0),
            bar=100 * group.nodes / most,
            flagged_bar=100 * min(group.flagged, group.nodes) / most,
        )
        for group in stated
    ]
