"""The audit in short as Markdown: for a ticket, a pull request or the summary of a CI job.

Sites that write to trackers with Markdown take more than links and HTML out of a text: mentions,
issue numbers, addresses. So whatever came from outside is escaped, or stands in a code span.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from backlint.findings import Audit, Scheme
from backlint.report import model
from backlint.report.text import count, number, shorten, visible
from backlint.report.words import kind_title

_SCHEMES_SHOWN = 20
_FINDINGS_SHOWN = 6
_SAYS_SHOWN = 300  # characters
_NAME_SHOWN = 80

# What a tracker makes a mention or a reference of, and what becomes a link without any mark
_SIGNS = re.compile(r"[@#!$~%&](?=\w)|:(?=//)|www(?=\.)", re.IGNORECASE)
_JOINER = "\u2060"  # not seen, and no letter of a name
_ESCAPES = str.maketrans(
    {mark: f"\\{mark}" for mark in "\\`*_[]|~^$"} | {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
)
_BEGINS = re.compile(r"^(?=[#+=-])|^(\d+)(?=[.)])")  # a heading, a list, a rule


def render_markdown(audit: Audit) -> str:
    """Return verdict, what to do, the schemes and what went unchecked; ends with a line feed."""
    of = f" of {escape(model.sites_text(audit))}" if audit.sites else ""
    parts = [
        f"## Backlink audit{of}, {escape(audit.as_of)}",
        f"**{escape(model.verdict_sentence(audit))}**",
        escape(model.disavow_sentence(audit)),
        *_to_do(audit),
        *_schemes(audit),
        *_findings(audit),
        *_coverage(audit),
        escape(
            f"backlint {audit.tool.get('version', '')}. The score is a score, not a probability, "
            "and no finding is no certificate."
        ),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def escape(text: str) -> str:
    """Return text as it stands, whatever Markdown or a tracker would make of it."""
    text = _SIGNS.sub(lambda found: found[0] + _JOINER, visible(text).strip())
    return _BEGINS.sub(r"\1\\", text.translate(_ESCAPES), count=1)


def code(text: str) -> str:
    """Return text as a code span, in which nothing has a meaning."""
    text = visible(text).strip() or " "
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"


def _to_do(audit: Audit) -> list[str]:
    advice = model.triage(audit)
    if advice is None:
        return []
    steps = "\n".join(f"{index}. {escape(step)}" for index, step in enumerate(advice.steps, 1))
    return ["### What to do", escape(advice.says), steps]


def _schemes(audit: Audit) -> list[str]:
    ordered = model.schemes_sorted(audit)
    if not ordered:
        return []
    judged = audit.profile is not None
    lookup = model.look_up(audit)
    head = ["scheme", "level", "members", *(["links to site", "disavow", "review"] * judged)]

    def cells(scheme: Scheme) -> list[str]:
        sizes = model.scheme_sizes(scheme, lookup)
        amounts = [scheme.links_to_site, sizes.disavow, sizes.review] * judged
        name = escape(shorten(scheme.name or kind_title(scheme), _NAME_SHOWN))
        return [
            f"{name} {code(scheme.id)}".replace("\\|", "|").replace("|", "\\|"),
            scheme.level,
            *map(number, [sizes.members, *amounts]),
        ]

    shown = _table(head, map(cells, ordered[:_SCHEMES_SHOWN]))
    left = len(ordered) - _SCHEMES_SHOWN
    return ["### Schemes", shown, f"... and {count(left, 'scheme')} more." if left > 0 else ""]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def _findings(audit: Audit) -> list[str]:
    told = [f for f in model.findings_about_no_one(audit) if f.level != "info"]
    lines = [
        f"- {code(finding.rule)} {finding.level}: {escape(shorten(finding.says, _SAYS_SHOWN))}"
        for finding in told[:_FINDINGS_SHOWN]
    ]
    left = len(told) - _FINDINGS_SHOWN
    more = [f"- ... and {count(left, 'finding')} more."] if left > 0 else []
    return ["### Findings outside of schemes", "\n".join([*lines, *more])] if told else []


def _coverage(audit: Audit) -> list[str]:
    lines = [
        f"- {', '.join(map(code, rules))}: {escape(shorten(reason, _SAYS_SHOWN))}"
        for reason, rules in model.missing_reasons(audit)
    ]
    rows = [
        f"- {code(PurePath(entry.path).name)}: {count(entry.rejects, 'row')} of "
        f"{number(entry.rows)} could not be used"
        for entry in audit.inputs
        if entry.rejects
    ]
    skipped = [
        f"- {code(each.path)}: not read: {escape(shorten(each.reason, _SAYS_SHOWN))}"
        for each in audit.skipped
    ]
    shares = [f"- {escape(sentence)}" for sentence in model.share_sentences(audit.shares)]
    notes = [f"- {escape(shorten(note, _SAYS_SHOWN))}" for note in audit.notes]
    return [
        "### What was checked",
        escape(model.coverage_sentence(audit)),
        "\n".join([*lines, *rows, *skipped, *shares, *notes]),
    ]
