"""The data that the page's script works on: every domain of the table, and what may be decided.

Texts from outside are made visible here, so that the script shows them as they come. All words and
all lines of the disavow file are made in Python; the script only picks among them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from backlint.findings import Audit, DisavowParts, DomainResult, LiveLine
from backlint.report import model
from backlint.report.review import blocks, cells_of, name_of, stamp, title_of
from backlint.report.text import host_text, points_text, shorten, visible
from backlint.report.words import scheme_title

MOST = 10_000  # domains, the riskiest: what a page of a few megabytes can hold

_LIVE = "already in the live disavow file"
_LONGEST = 800  # characters of a sentence, which may quote what a stranger wrote
_TITLE = 200


class Interned:
    """Texts or other values by number: a few hundred of them are said of ten thousand domains."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, key: Any, value: Any = None) -> int:
        """Return the number of a value, which is added when its key is new."""
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(key if value is None else value)
        return self._numbers[key]


def page_data(
    audit: Audit, lookup: model.Lookup, anchors: Mapping[str, str], parts: DisavowParts | None
) -> dict[str, Any]:
    """Return the data of the page; `anchors` are those of the schemes that have a card.

    A domain is a list: name, score, its text, band, machine's verdict, priority, links, followed,
    nofollow, confidence, schemes, fall, guards, thin. Bands, verdicts, schemes, falls and texts are
    numbers. A fall is its bars (rule, group, points), their sum, the sentence of the score and
    the reasons.
    """
    results = model.domains_sorted(audit)[:MOST]
    schemes = model.schemes_sorted(audit)
    number = {scheme.id: index for index, scheme in enumerate(schemes)}
    homes: dict[str, list[int]] = {}
    for scheme in schemes:
        for node in dict.fromkeys(model.participants(scheme)):
            homes.setdefault(node, []).append(number[scheme.id])
    texts, rules, groups, falls = Interned(), Interned(), Interned(), Interned()

    def fall(result: DomainResult) -> int:
        steps = tuple(result.waterfall)
        bars = [
            (
                rules.number(bar.rule, [_title(bar.rule), _title(bar.name)]),
                groups.number(_title(bar.group)),
                bar.points,
            )
            for bar in model.waterfall(steps, lookup)
        ]
        total = points_text(model.total_points(result)).lstrip("+")
        reasons = [texts.number(_said(text)) for text in model.top_reasons(steps, lookup)]
        said = model.score_sentence(result)
        return falls.number((steps, said), [bars, total, said, reasons])

    def domain(result: DomainResult) -> list[Any]:
        guards = [f"Held: {visible(guard)}" for guard in result.guards]
        if result.evidence == "thin sample":
            guards.append(f"Thin sample: {model.THIN_SAMPLE}")
        machine = result.machine_verdict
        return [
            host_text(result.domain),
            round(result.score, 3),
            model.score_text(result.score),
            model.BANDS.index(result.band),
            -1 if machine is None else model.VERDICTS.index(machine),
            result.priority or "",
            result.links,
            result.followed,
            result.nofollow,
            result.confidence,
            homes.get(result.domain, []),
            fall(result),
            [texts.number(_said(text)) for text in guards],
        ]

    domains = [domain(result) for result in results]
    shown = [[_title(scheme_title(s)), anchors.get(s.id, ""), visible(s.id)] for s in schemes]
    data: dict[str, Any] = {
        "node": audit.node,
        "bands": model.BANDS,
        "verdicts": model.VERDICTS,
        "texts": texts.values,
        "rules": rules.values,
        "groups": groups.values,
        "falls": falls.values,
        "schemes": shown,
        "domains": domains,
    }
    if audit.profile is not None:
        data["review"] = _review(audit, results, parts)
    return data


def as_json(data: Mapping[str, Any]) -> Markup:
    """Return data as JSON for a script element: ASCII, and nothing in it can end the element."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _said(text: str) -> str:
    return shorten(visible(text), _LONGEST)


def _title(text: str) -> str:
    return shorten(visible(text), _TITLE)


def _review(
    audit: Audit, results: Sequence[DomainResult], parts: DisavowParts | None
) -> dict[str, Any]:
    """Return what was decided before, what cannot be decided, and the parts of the file."""
    number = {result.domain: index for index, result in enumerate(results)}
    whole: dict[str, tuple[str, str]] = {}
    own: dict[int, tuple[str, str]] = {}
    titles = {}
    for block in blocks(audit):
        if block.scheme:
            titles[visible(block.scheme.id)] = title_of(block.scheme)
            if block.decided:
                whole[visible(block.scheme.id)] = cells_of(block, None)
        for result in block.members:
            found = cells_of(block, result)
            if found[0] and result.domain in number:
                own[number[result.domain]] = found
    barred = {
        number[result.domain]: _said(result.protected) or _LIVE
        for result in results
        if result.protected or result.covered
    }
    refused = parts.refused if parts else {}
    barred |= {number[host]: _said(why) for host, why in refused.items() if host in number}
    return {
        "audit": stamp(audit),
        "titles": titles,
        "whole": whole,
        "own": own,
        "names": {
            place: name_of(result.domain)
            for place, result in enumerate(results)
            if name_of(result.domain) != host_text(result.domain)
        },
        "barred": barred,
        "said": {
            number[result.domain]: _said(model.decision_sentence(result))
            for result in results
            if result.decided
        },
        "protected": [number[result.domain] for result in results if result.protected],
        "file": None if parts is None else _file(audit, parts, results),
    }


def _file(audit: Audit, parts: DisavowParts, results: Sequence[DomainResult]) -> dict[str, Any]:
    places = {site: index for index, site in enumerate(audit.sites)}
    several = len(places) > 1
    return {
        "files": parts.files,
        "hosts": parts.hosts,
        "groups": parts.groups,
        "lines": [
            (n, group, "" if text == f"domain:{results[n].domain}" else text)
            for n, group, text in parts.lines
        ],
        "sites": {n: [places[s] for s in of] for n, of in parts.sites.items() if of and several},
        "above": parts.above,
        "beneath": parts.beneath,
        "live": None if parts.live is None else [_live(line) for line in parts.live],
        "listed": parts.listed,
        "most": parts.limits,
    }


def _live(line: str | LiveLine) -> str | list[Any]:
    return line if isinstance(line, str) else [line.text, line.value, line.host, line.above]


def rule_choices(data: Mapping[str, Any]) -> Iterable[tuple[int, str]]:
    """Return number and words of the rules in some waterfall, by id."""
    named = [(rule, name, index) for index, (rule, name) in enumerate(data["rules"])]
    return [
        (index, rule if name == rule else f"{rule} {name}") for rule, name, index in sorted(named)
    ]
