"""What a manual action asks for besides a disavow file: a removal sheet and a log of the work.

The log says what the audit found and leaves room for what was done; it claims nothing that the
audit cannot know.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath

import xlsxwriter

from backlint.findings import Audit, DisavowLine, Page, Scheme
from backlint.report import model
from backlint.report.csv import safe_cell
from backlint.report.text import count, shorten, visible
from backlint.report.words import scheme_title
from backlint.urls import to_unicode

SHEET = "removal-requests"
LOG = "reconsideration-log.md"

COLUMNS = (
    "domain",
    "name",
    "links",
    "pages that link",
    "anchors",
    "scheme",
    "reason",
    "contact",
    "date asked",
    "date asked again",
    "answer",
    "status",
)
STATUSES = (
    "not asked",
    "asked",
    "asked again",
    "removed",
    "nofollow added",
    "refused",
    "no answer",
)
INJECTED = "BL505"  # pages of institutions that look hacked: their webmasters want to know

_PAGES_SHOWN = 20
_LINES_SHOWN = 50
_ANCHORS_SHOWN = 5
_TEXT_MOST = 300  # characters of a URL or anchor
_WIDTHS = (28, 28, 7, 60, 40, 30, 40, 24, 12, 16, 30, 16)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&])")


def removal_rows(audit: Audit, pages: Iterable[Page]) -> list[list[str]]:
    """Return a row for every domain in the plan, and one for every institution that looks hacked.

    `pages` are the links of the planned nodes; only those that may pass credit are asked about.
    Hosts of one domain have one webmaster, and one row.
    """
    planned = {_host(line): line for line in audit.disavow}
    linking: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.node in planned and page.credit:
            linking[page.domain].append(page)
    schemes = {scheme.id: scheme for scheme in audit.schemes}
    rows = []
    for domain, found in linking.items():
        line = planned[found[0].node]
        scheme = _scheme_words(schemes.get(line.scheme or ""))
        urls, anchors = [page.url for page in found], [page.anchor or "" for page in found]
        rows.append(_row(domain, urls, anchors, scheme, line.reason))
    rows.sort(key=lambda row: (row[COLUMNS.index("scheme")], row[0]))
    for finding in audit.findings:
        if finding.rule == INJECTED:
            links = [(link.source_url, link.anchor or "") for link in finding.links]
            rows.append(
                _row(
                    finding.subject,
                    [url for url, _ in links],
                    [anchor for _, anchor in links],
                    "page that looks hacked",
                    f"{finding.says} ({INJECTED}); not in the disavow plan",
                )
            )
    return rows


def sheet_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the sheet as CSV: UTF-8 with BOM, as spreadsheets want it, every cell harmless."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def sheet_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """Return the sheet as a workbook with a list to choose the status from."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # same rows, same bytes
        bold = book.add_format({"bold": True, "bottom": 1})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Removal requests")
        for column, (name, width) in enumerate(zip(COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if COLUMNS[column] == "links":
                    sheet.write_number(number, column, int(cell), wrap)
                else:
                    sheet.write_string(number, column, _lines_safe(cell), wrap)
        last = max(1, len(rows))
        sheet.data_validation(
            1, len(COLUMNS) - 1, last, len(COLUMNS) - 1,
            {"validate": "list", "source": list(STATUSES)},
        )  # fmt: skip
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
    return out.getvalue()


def log(audit: Audit, rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown document to go with a reconsideration request."""
    sites = _md(model.sites_text(audit))
    profile = audit.profile
    counts = (
        f"{count(profile.referring_domains, f'referring {audit.node}')} with "
        f"{count(profile.links, 'link')}"
        if profile
        else "an unknown number of links"
    )
    texts = [
        f"# Link clean-up of {sites}",
        "",
        f"What stands here was found by backlint {_md(audit.tool.get('version', ''))} in an audit "
        f"as of {_md(audit.as_of)}. Places in [brackets] are for the owner of the site: write what "
        "was done, and strike out what was not.",
        "",
        "## What was looked at",
        "",
        f"{counts}, from these files:",
        "",
        *(
            f"- {_md(PurePath(entry.path).name)}: {count(entry.rows, 'row')}"
            for entry in audit.inputs
        ),
        "",
        _md(model.coverage_sentence(audit)),
        "",
        "[Which other sources were looked at, such as Search Console, and on which day.]",
        "",
        "## What was found",
        "",
    ]
    texts += _found(audit)
    texts += [
        "## What was asked to be removed",
        "",
        f"{SHEET}.xlsx lists {count(len(rows), 'site')} to ask. [How many were asked, when, and "
        "how often; how many links were removed, how many got nofollow, how many asked for money, "
        "how many did not answer. Attach the sheet.]",
        "",
        "## What was disavowed",
        "",
        f"The audit proposes {count(len(audit.disavow), 'new line')} for the disavow file. [Which "
        "of them were uploaded, on which day, for which property; which were left out, and why.]",
        "",
        "## What will be different",
        "",
        "[Who made or ordered these links. What was ended: contracts, agencies, programs. What "
        "keeps it from happening again.]",
    ]
    return "\n".join(texts) + "\n"


def _found(audit: Audit) -> list[str]:
    texts: list[str] = []
    by_scheme: dict[str, list[DisavowLine]] = defaultdict(list)
    for line in audit.disavow:
        by_scheme[line.scheme or ""].append(line)
    for scheme in model.schemes_sorted(audit):
        lines = by_scheme.pop(scheme.id, [])
        if not lines:
            continue
        texts += [
            f"### {_md(_scheme_words(scheme))}",
            "",
            f"{count(len(lines), 'line')} of the plan. What the audit says:",
            "",
            *(f"- {_md(text)}" for text in scheme.evidence),
            "",
            "[How these links came about, if it is known.]",
            "",
        ]
    rest = [line for lines in by_scheme.values() for line in lines]
    if rest:
        texts += [
            "### Single domains",
            "",
            *(f"- {_md(line.directive)}: {_md(line.reason)}" for line in rest[:_LINES_SHOWN]),
            *([f"- and {len(rest) - _LINES_SHOWN:,} more"] if len(rest) > _LINES_SHOWN else []),
            "",
        ]
    if not audit.disavow:
        texts += ["The audit proposes no line for the disavow file.", ""]
    return texts


def _row(
    domain: str, urls: Sequence[str], anchors: Sequence[str], scheme: str, reason: str
) -> list[str]:
    distinct = sorted(set(urls))
    shown = [_cut(url) for url in distinct[:_PAGES_SHOWN]]
    if len(distinct) > _PAGES_SHOWN:
        shown.append(f"and {len(distinct) - _PAGES_SHOWN:,} more")
    counted = Counter(anchor for anchor in anchors if anchor)
    most = sorted(counted, key=lambda text: (-counted[text], text))[:_ANCHORS_SHOWN]
    return [
        visible(domain),
        visible(to_unicode(domain)),
        str(len(urls)),
        "\n".join(shown),
        "\n".join(_cut(anchor) for anchor in most),
        scheme,
        visible(reason),
        *("",) * 4,
        STATUSES[0],
    ]


def _scheme_words(scheme: Scheme | None) -> str:
    if scheme is None:
        return "single domain"
    title = scheme_title(scheme)
    return title if scheme.id in title else f"{title} ({visible(scheme.id)})"


def _cut(text: str) -> str:
    return shorten(visible(text), _TEXT_MOST)


def _csv_cell(text: str) -> str:
    return safe_cell(" | ".join(safe_cell(line) for line in text.split("\n")))


def _lines_safe(text: str) -> str:
    return "\n".join(safe_cell(line) for line in text.split("\n"))


def _host(line: DisavowLine) -> str:
    return line.directive.removeprefix("domain:")


def _md(text: str) -> str:
    """Return text from outside that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", visible(text))
