"""report.html: one file for people, with no network request and nothing executable from outside.

Text from outside goes through `outside` (marks, length, `<bdi>`) and jinja2's autoescape; URLs are
text, never links. Style and script are joined from the assets beside this module; the page's own
Content-Security-Policy allows the two by hash and nothing else.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from backlint.findings import Audit, DisavowParts, DomainResult, Finding, LinkRef, Scheme
from backlint.report import charts, islands, model, words
from backlint.report.data import MOST, as_json, page_data, rule_choices
from backlint.report.json import portable
from backlint.report.pictures import Picture, picture
from backlint.report.text import UNKNOWN, count, host_text, number, points_text, shorten, visible
from backlint.report.words import kind_title, policy_words, role_words, scheme_title

SCHEMES_SHOWN = 60
MEMBERS_FIRST = 20
MEMBERS_MOST = 500
FINDINGS_SHOWN = 12
OTHERS_SHOWN = 40
LINKS_SHOWN = 6
DOMAINS_SHOWN = 100  # without JavaScript; the script shows all that the data holds
DISAVOW_SHOWN = 100
REJECTS_SHOWN = 20

_TITLE_MOST = 1000

STYLES = ("report.css", "figures.css", "review.css")
SCRIPTS = ("report.js", "network.js", "decide.js", "domains.js", "review.js")
TEMPLATES = (
    "report.html.j2",
    "network.html.j2",
    "figures.html.j2",
    "domains.html.j2",
    "review.html.j2",
)


class FindingCard(NamedTuple):
    """A finding as its scheme's card shows it."""

    finding: Finding
    name: str
    summary: str
    policy: str
    numbers: list[tuple[str, str]]
    false_positives: list[str]


class SchemeCard(NamedTuple):
    """A scheme with everything that its card shows."""

    anchor: str
    scheme: Scheme
    title: str
    members: list[tuple[str, str]]
    targets: list[str]
    roles: list[tuple[str, int, str]]
    sizes: model.Sizes
    findings: list[FindingCard]
    findings_left: int
    policies: list[str]
    links: list[LinkRef]
    drawing: Picture | None


class DomainRow(NamedTuple):
    """A row of the domains table."""

    result: DomainResult
    schemes: list[tuple[str, str]]
    reasons: list[str]
    bars: list[model.Bar]
    scale: tuple[float, float]
    total: str


def render_html(audit: Audit, reproducible: bool = False, parts: DisavowParts | None = None) -> str:
    """Return the whole of report.html; with `reproducible`, without seconds and folder names.

    `parts` are those of the disavow file that the page may put together; without them it says which
    command writes it.
    """
    audit = portable(audit, reproducible)
    lookup = model.look_up(audit)
    schemes = model.schemes_sorted(audit)
    cards = [
        _scheme_card(f"scheme-{i}", scheme, lookup)
        for i, scheme in enumerate(schemes[:SCHEMES_SHOWN], 1)
    ]
    anchors = {card.scheme.id: card.anchor for card in cards}
    domains = model.domains_sorted(audit)
    others = model.findings_about_no_one(audit)
    style, script = style_text(), script_text()
    data = page_data(audit, lookup, anchors, parts)
    context: dict[str, Any] = {
        "audit": audit,
        "profile": audit.profile,
        "judged": audit.profile is not None,
        "csp": content_security_policy(style, script),
        "style": Markup(style),
        "script": Markup(script),
        "cards": cards,
        "schemes_left": len(schemes) - len(cards),
        "rows": [_domain_row(result, lookup, anchors) for result in domains[:DOMAINS_SHOWN]],
        "all_domains": len(domains),
        "unlinked": sum(result.verdict is None for result in domains),
        "places": {result.domain: place for place, result in enumerate(domains[:MOST])},
        "data": as_json(data),
        "data_most": MOST,
        "rule_choices": rule_choices(data),
        "scheme_places": {scheme.id: place for place, scheme in enumerate(schemes)},
        "offered": parts is not None,
        "verdicts": model.verdict_counts(audit),
        "listed": model.already_listed(audit),
        "bands": model.band_counts(audit),
        "others": [_finding_card(f, lookup) for f in others[:OTHERS_SHOWN]],
        "others_left": len(others) - len(others[:OTHERS_SHOWN]),
        "makeup": model.makeup(audit),
        "anchors": anchors,
        "split": [] if model.nothing_ran(audit) else charts.split(audit),
        "network": islands.drawing(audit),
        "figures": charts if audit.figures and audit.profile else None,
        "coverage": model.coverage_by_state(audit),
        "lookup": lookup,
        "seconds": not reproducible,
        "links_shown": LINKS_SHOWN,
        "members_first": MEMBERS_FIRST,
        "members_most": MEMBERS_MOST,
        "disavow_shown": DISAVOW_SHOWN,
        "rejects_shown": REJECTS_SHOWN,
    }
    return _environment().get_template("report.html.j2").render(context)


def content_security_policy(style: str, script: str) -> str:
    """Return the policy that allows exactly this style and this script, and no request at all."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def style_text() -> str:
    """Return the style of the page."""
    return "".join(map(asset, STYLES))


def script_text() -> str:
    """Return the script of the page."""
    return "".join(map(asset, SCRIPTS))


def asset(name: str) -> str:
    """Return the text of an asset, with LF ends so that its hash is the same everywhere."""
    text = files("backlint.report").joinpath("assets", name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n")


def outside(text: str | None, limit: int = 90) -> Markup:
    """Return text from outside as HTML: escaped, marked, cut, and isolated from its neighbours."""
    if text is None:
        return Markup('<span class="unknown">{}</span>').format(UNKNOWN)
    shown = visible(text)
    if len(shown) <= limit:
        return Markup('<bdi class="outside">{}</bdi>').format(shown)
    full = shorten(shown, _TITLE_MOST)
    title = f"{full} ({len(shown):,} characters)" if len(shown) > _TITLE_MOST else full
    return Markup('<bdi class="outside" title="{}">{}</bdi>').format(title, shorten(shown, limit))


def prose(text: str) -> Markup:
    """Return a sentence of a rule or a detector, which may quote text from outside."""
    return Markup('<bdi class="prose">{}</bdi>').format(shorten(visible(text), 800))


def percent(value: float, scale: tuple[float, float]) -> str:
    """Return where a number of points stands on a scale, as an SVG length."""
    low, high = scale
    return f"{100 * (value - low) / (high - low):.2f}%"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: asset(name) for name in TEMPLATES}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        outside=outside,
        prose=prose,
        number=number,
        points=points_text,
        score=model.score_text,
        host=host_text,
        visible=visible,
        percent=percent,
        count=count,
    )
    environment.globals.update(model=model, words=words)
    return environment


def _scheme_card(anchor: str, scheme: Scheme, lookup: model.Lookup) -> SchemeCard:
    findings = model.findings_of(scheme.findings, lookup)
    links = {(x.source_url, x.target_url, x.anchor): x for f in findings for x in f.links}
    roles: dict[str, int] = {}
    for member in scheme.members:
        roles[member.role] = roles.get(member.role, 0) + 1
    return SchemeCard(
        anchor=anchor,
        scheme=scheme,
        title=visible(scheme.name) or kind_title(scheme),
        members=[(m.node, m.role) for m in scheme.members if m.role != "target"],
        targets=model.targets(scheme),
        roles=[(visible(r), n, role_words(r)) for r, n in roles.items()],
        sizes=model.scheme_sizes(scheme, lookup),
        findings=[_finding_card(finding, lookup) for finding in findings[:FINDINGS_SHOWN]],
        findings_left=max(0, len(findings) - FINDINGS_SHOWN),
        policies=list(dict.fromkeys(policy_words(f.policy) for f in findings)),
        links=list(links.values())[:LINKS_SHOWN],
        drawing=picture(scheme, findings),
    )


def _finding_card(finding: Finding, lookup: model.Lookup) -> FindingCard:
    rule = lookup.rules.get(finding.rule)
    return FindingCard(
        finding=finding,
        name=model.rule_name(finding.rule, lookup),
        summary=rule.summary if rule else "",
        policy=policy_words(finding.policy),
        numbers=model.detail_words(finding.detail),
        false_positives=rule.false_positives if rule else [],
    )


def _domain_row(result: DomainResult, lookup: model.Lookup, anchors: dict[str, str]) -> DomainRow:
    bars = model.waterfall(result.waterfall, lookup)
    ends = [0.0, model.SCORE_MIDPOINT, *(bar.end for bar in bars)]
    return DomainRow(
        result=result,
        schemes=[
            (anchors.get(i, ""), scheme_title(lookup.schemes[i]))
            for i in result.schemes
            if i in lookup.schemes
        ],
        reasons=model.top_reasons(result.waterfall, lookup),
        bars=bars,
        scale=(min(ends), max(ends)),
        total=points_text(model.total_points(result)).lstrip("+"),
    )
