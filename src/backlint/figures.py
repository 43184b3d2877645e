"""What the report draws: counts over the tables of a finished run, as plain records.

Each query groups before it comes home, so that a profile of ten million links gives a few hundred
rows. Nothing here judges, and what the inputs do not say is None or left out.
"""

import datetime
import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from backlint.engine.base import Engine
from backlint.findings import (
    Anchors,
    AnchorUse,
    Audit,
    Authority,
    Bin,
    DomainResult,
    Figures,
    Group,
    Past,
    Period,
    Scheme,
    Timeline,
)
from backlint.network import network

ANCHORS_SHOWN = 20
ANCHOR_CUT = 300
GROUPS_SHOWN = 10
WEEKS, MONTHS = 78, 120  # at most so many of them in a timeline
Z = 1.959964  # of a two-sided 95% interval

# bins of a PageRank of 1 on average
RANKS = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def figures(
    engine: Engine,
    referring: pl.DataFrame,
    schemes: Sequence[Scheme],
    domains: Sequence[DomainResult],
    *,
    knows_lost: bool,
    anchor_rule: Mapping[str, int | float | str] | None,
) -> Figures:
    """Return the figures of a finished run.

    `referring` are the referring nodes (domain, links, authority, authority_tool, pagerank),
    `anchor_rule` the parameters of BL301 (low, min_domains) where it was asked.
    """
    links = dict(referring.select("domain", "links").rows())
    drawn = network(engine, schemes, links)
    if referring.is_empty():
        return Figures(network=drawn)
    flagged = {d.domain for d in domains if d.verdict in ("disavow", "review")}
    return Figures(
        anchors=_anchors(engine, anchor_rule),
        timeline=_timeline(engine, knows_lost),
        suffixes=_groups(_suffixes(referring), flagged),
        countries=_groups(_countries(engine), flagged),
        authority=_authority(referring, {d.domain: d.band for d in domains}),
        network=drawn,
    )


def trend(earlier: Audit | None, sites: Sequence[str], node: str) -> list[Past]:
    """Return the outcomes that an earlier audit knows of and its own, oldest first.

    Empty where it is of other sites or counts otherwise: its score would say nothing here.
    """
    if earlier is None or earlier.profile is None or earlier.node != node:
        return []
    if sorted(earlier.sites) != sorted(sites):
        return []
    profile = earlier.profile
    own = Past(
        as_of=earlier.as_of, score=profile.score, band=profile.band,
        referring_domains=profile.referring_domains, links=profile.links,
        schemes=len(earlier.schemes),
    )  # fmt: skip
    return [*earlier.trend, own]


def wilson(k: int, n: int) -> tuple[float, float]:
    """Return the 95% Wilson interval of k of n; (0, 1) where n is 0."""
    if not n:
        return 0.0, 1.0
    share, weight = k / n, Z * Z / n
    middle = (share + weight / 2) / (1 + weight)
    half = Z * math.sqrt(share * (1 - share) / n + weight / (4 * n)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)


def _anchors(engine: Engine, rule: Mapping[str, int | float | str] | None) -> Anchors | None:
    uses = """
        SELECT w.source_id, x.text_id, c.class, w.links
        FROM written_anchors w
        JOIN actors a ON a.actor_id = w.target_actor AND a.is_site
        JOIN anchor_words x ON x.words = w.words
        LEFT JOIN anchor_classes c ON c.target_id = w.target_id AND c.text_id = x.text_id
    """
    nodes, texts = engine.fetch(
        f"SELECT count(DISTINCT source_id), count(DISTINCT text_id) FROM ({uses}) u"
    ).row(0)
    if not nodes:
        return None
    top = engine.fetch(
        f"""
        WITH counted AS (
            SELECT text_id, min(class) AS class, CAST(sum(links) AS BIGINT) AS links,
                count(DISTINCT source_id) AS nodes
            FROM ({uses}) u GROUP BY text_id
        )
        SELECT c.text_id, substr(t.text, 1, {ANCHOR_CUT}) AS text, c.class, c.links, c.nodes
        FROM counted c JOIN anchor_texts t ON t.text_id = c.text_id
        ORDER BY c.nodes DESC, c.links DESC, t.text LIMIT {ANCHORS_SHOWN}
        """
    ).rows()
    pages = _surest_pages(engine, [row[0] for row in top], rule)
    found = []
    for text_id, text, kind, links, users in top:
        low, high = wilson(users, nodes)
        page, bound = pages.get(text_id, (None, None))
        found.append(
            AnchorUse(
                text=text, anchor_class=kind or "unknown", links=links, nodes=users,
                share=users / nodes, low=low, high=high, page=page, bound=bound,
            )
        )  # fmt: skip
    threshold = float(rule["low"]) if rule else None
    return Anchors(nodes=nodes, texts=texts, top=found, threshold=threshold)


def _surest_pages(
    engine: Engine, texts: Collection[int], rule: Mapping[str, int | float | str] | None
) -> dict[int, tuple[str, float]]:
    """Return text -> the page on which its share is surest, and the lower bound of that share."""
    if not rule or not texts:
        return {}
    rows = engine.fetch(
        "SELECT s.text_id, s.target_url, b.bound FROM anchor_shares s "
        "JOIN anchor_bounds b ON b.k = s.k AND b.n = s.n "
        f"WHERE s.n >= {int(rule['min_domains'])} AND s.text_id IN ({', '.join(map(str, texts))}) "
        "ORDER BY b.bound, s.target_url DESC"
    ).rows()
    return {text: (page, bound) for text, page, bound in rows}  # the last one is the surest


def _timeline(engine: Engine, knows_lost: bool) -> Timeline | None:
    began = _by_day(engine, "first_seen", "true")
    ended = _by_day(engine, "last_seen", "lost = links") if knows_lost else None
    return timeline(began, ended)


def _by_day(engine: Engine, day: str, which: str) -> dict[datetime.date | None, int]:
    rows = engine.fetch(
        f"SELECT {day}, count(*) AS nodes FROM referring_nodes WHERE {which} GROUP BY {day}"
    ).rows()
    return dict(rows)


def timeline(
    began: Mapping[datetime.date | None, int], ended: Mapping[datetime.date | None, int] | None
) -> Timeline | None:
    """Return nodes by the week (from Monday) or month of a day; None where no day is known.

    Weeks where all lies within a year and a half, else months; what is older than ten years is one
    number.
    """
    days = sorted(day for day in {**began, **(ended or {})} if day)
    if not days:
        return None
    first, last = days[0], days[-1]
    weekly = (last - first).days < 7 * (WEEKS - 1)
    starts = [_monday(last)] if weekly else [last.replace(day=1)]
    while starts[-1] > first and len(starts) < (WEEKS if weekly else MONTHS):
        before = starts[-1] - datetime.timedelta(days=7 if weekly else 1)
        starts.append(before if weekly else before.replace(day=1))
    start = _monday if weekly else _month
    new, lost = Counter[datetime.date](), Counter[datetime.date]()
    for day, nodes in began.items():
        if day:
            new[start(day)] += nodes
    for day, nodes in (ended or {}).items():
        if day:
            lost[start(day)] += nodes
    return Timeline(
        unit="week" if weekly else "month",
        periods=[
            Period(start=s.isoformat(), new=new[s], lost=lost[s] if ended is not None else None)
            for s in reversed(starts)
        ],
        before=sum(nodes for s, nodes in new.items() if s < starts[-1]),
        undated=began.get(None, 0),
    )


def _monday(day: datetime.date) -> datetime.date:
    return day - datetime.timedelta(days=min(day.weekday(), (day - datetime.date.min).days))


def _month(day: datetime.date) -> datetime.date:
    return day.replace(day=1)


def _suffixes(referring: pl.DataFrame) -> pl.DataFrame:
    """Return domain, links and value (top-level domain) of the referring nodes."""
    label = pl.col("domain").str.extract(r"\.([^.]+)$")
    bare = label.is_null() | label.str.contains(r"^\d+$") | pl.col("domain").str.contains(":")
    value = pl.when(bare).then(pl.lit("IP address or bare name")).otherwise("." + label)
    return referring.select("domain", "links", value=value)


def _countries(engine: Engine) -> pl.DataFrame:
    """Return domain, links and value (country) where a tool states one."""
    return engine.fetch(
        "SELECT r.node AS domain, r.links, min(upper(f.text)) AS value FROM referring_nodes r "
        "JOIN nodes n ON n.node_id = r.node_id JOIN domain_facts f ON f.domain = n.domain "
        "WHERE f.fact = 'country' AND f.text <> '' GROUP BY r.node, r.links"
    )


def _groups(values: pl.DataFrame, flagged: Collection[str]) -> list[Group]:
    """Return the values by nodes, the most first; what is not shown is one group, "other"."""
    if values.is_empty():
        return []
    accused = pl.col("domain").is_in(sorted(flagged))
    counted = (
        values.group_by("value")
        .agg(nodes=pl.len(), links=pl.col("links").sum(), flagged=accused.sum())
        .sort(["nodes", "value"], descending=[True, False])
    )
    found = [Group(**row) for row in counted.to_dicts()]
    rest = found[GROUPS_SHOWN:]
    if len(rest) < 2:
        return found
    other = Group(
        value=f"{len(rest)} others",
        nodes=sum(group.nodes for group in rest),
        links=sum(group.links for group in rest),
        flagged=sum(group.flagged for group in rest),
    )
    return [*found[:GROUPS_SHOWN], other]


def _authority(referring: pl.DataFrame, bands: Mapping[str, str]) -> Authority | None:
    """Return the nodes by the better known of the tool's metric and PageRank, None for neither."""
    known = {name: referring[name].count() for name in ("authority", "pagerank")}
    if not any(known.values()):
        return None
    stated = known["authority"] >= known["pagerank"]
    column = "authority" if stated else "pagerank"
    rows = referring.select("domain", column).drop_nulls().rows()
    tools = referring["authority_tool"].drop_nulls().unique().sort().to_list()
    metric = f"authority as stated by {', '.join(tools)}" if stated else "PageRank"
    edges = _steps(max(value for _, value in rows)) if stated else RANKS
    counts: list[Counter[str]] = [Counter() for _ in edges]
    for domain, value in rows:
        place = max((i for i, low in enumerate(edges) if value >= low), default=0)
        counts[place][bands.get(domain, "none")] += 1
    return Authority(
        metric=metric,
        bins=[
            Bin(low=low, high=high, bands=dict(sorted(count.items())))
            for low, high, count in zip(edges, [*edges[1:], None], counts, strict=True)
        ],
        unknown=len(referring) - len(rows),
    )


def _steps(most: float) -> tuple[float, ...]:
    """Return the lower ends of ten equal bins over the scale of a tool: 100, 1000, ..."""
    top = 100.0
    while top < most and top < 1e15:
        top *= 10
    return tuple(top * i / 10 for i in range(10))
