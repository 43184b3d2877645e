"""A plan by domains, narrowed to the hosts or the pages that really link."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from backlint.disavow.file import host_of, is_url, parse_line
from backlint.findings import DisavowLine, Page

Level = Literal["domain", "host", "url"]


def at_level(
    lines: Sequence[DisavowLine], pages: Iterable[Page], level: Level
) -> tuple[list[DisavowLine], list[str]]:
    """Return the plan at a level, and the links that may pass credit and have no line there.

    "host" keeps a domain only
    where its own home (with or without www.) links, "url" names single pages. A link whose URL
    Google would not take has no line: its host would be more than was asked for.
    """
    if level == "domain":
        return list(lines), []
    known: dict[str, set[str]] = defaultdict(set)
    lost: list[str] = []
    for page in pages:
        if not page.credit:
            continue
        directive = parse_line(f"domain:{page.host}" if level == "host" else page.url).value
        if directive is None or (level == "url" and not is_url(directive)):
            lost.append(page.url)
        else:
            known[page.node].add(directive)
    found = [
        DisavowLine(
            directive=directive,
            reason=line.reason,
            scheme=line.scheme,
            findings=line.findings,
            sites=line.sites,
        )
        for line in lines
        for directive in sorted(known[host_of(line.directive)])
    ]
    return found, sorted(set(lost))
