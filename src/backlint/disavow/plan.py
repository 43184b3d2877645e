"""From directives that findings ask for, and old files, to one file that is safe to upload.

An upload replaces the whole earlier list, so old lines come first and stay where they are; what
may not be written any more stays as a comment and is reported. Nothing here knows the time.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from backlint import urls
from backlint.disavow.effect import coverer, effect
from backlint.disavow.file import (
    DisavowFile,
    Line,
    canonical_texts,
    clean,
    covering,
    exact,
    host_of,
    is_url,
    parse_line,
)
from backlint.disavow.guards import Guards, Refusal, refuse_directive
from backlint.errors import DisavowError
from backlint.findings import DisavowLine

MAX_LINES = 100_000
# Google says 2 MB and not whether 1,000 or 1,024 is meant; a file within the smaller reading
# (2 x 1,024 x 1,024 would be 97,152 bytes more) is accepted under both.
MAX_BYTES = 2_000_000
MAX_REASON = 200  # characters of a reason or scheme name in a comment


Judged = dict[str, Refusal | None]  # every directive of the old files, and what a guard says


class Note(NamedTuple):
    """What became of one line that is not in the result as it was.

    `file` counts the old files from 0; None is a new directive. "widened" lines are in the
    result, but without their `www.`, so they cover more than before.
    """

    file: int | None
    line: int
    state: Literal["invalid", "refused", "covered", "duplicate", "widened"]
    text: str
    reason: str


class Rendered(NamedTuple):
    """The text of a whole file, what was left out or changed, and how many directives it has."""

    text: str
    report: list[Note]
    directives: int


def plan(
    directives: Iterable[DisavowLine], guards: Guards
) -> tuple[list[DisavowLine], list[tuple[DisavowLine, str]]]:
    """Choose what may be written: canonical, guarded, no repeats, none covered by another.

    Returns the kept lines sorted by scheme, reason and directive, and the refused ones with the
    reason in words. A covered line is dropped and its findings go to the line that covers it.
    """
    kept: dict[str, DisavowLine] = {}
    refused: list[tuple[DisavowLine, str]] = []
    for line in in_order(directives):
        parsed = parse_line(line.directive)
        if parsed.value is None:
            refused.append((line, parsed.message or "no directive"))
        elif found := refuse_directive(parsed.value, guards):
            refused.append((line, found.reason))
        else:
            kept[parsed.value] = _join(kept.get(parsed.value), line, parsed.value)
    for directive, wider in sorted(covering(kept).items()):
        kept[wider] = _join(kept[wider], kept.pop(directive), wider)
    return in_order(kept.values()), refused


def in_order(lines: Iterable[DisavowLine]) -> list[DisavowLine]:
    """Return lines as a file has them: by scheme, those without one last, reason and directive."""
    return sorted(lines, key=_order)


def _order(line: DisavowLine) -> tuple[bool, str, str, bool, str, list[str], list[str]]:
    directive = line.directive
    scheme = line.scheme or ""
    return not scheme, scheme, line.reason, is_url(directive), directive, line.findings, line.sites


def _join(first: DisavowLine | None, second: DisavowLine, directive: str) -> DisavowLine:
    """Return one line for the directive: the first one's scheme and reason, both's findings."""
    line = first or second
    return DisavowLine(
        directive=directive,
        reason=line.reason,
        scheme=line.scheme,
        findings=sorted({*line.findings, *second.findings}),
        sites=list(dict.fromkeys([*line.sites, *second.sites])),
    )


def render(
    lines: Iterable[DisavowLine],
    old: DisavowFile | None,
    guards: Guards,
    header: Sequence[str] = (),
    *,
    comments: bool = True,
) -> Rendered | None:
    """Write the whole file: the old lines in their place, then the new ones grouped by scheme.

    Returns None when there is neither an old file nor a new line: there is nothing to disavow,
    and an empty upload would wipe a live list. Without a new line the old file comes back in
    canonical form. `header` stands above the new lines; `comments=False` leaves their reasons
    and native forms out. Raises DisavowError over Google's limits; it never truncates.
    """
    kept, refused = plan(lines, guards)
    if old is None and not kept:
        return None
    files = [] if old is None else [old]
    judged = judge_lines(files, guards)
    present = _allowed(judged)
    wider = covering(present | {line.directive for line in kept})
    new = [line for line in kept if line.directive not in present and line.directive not in wider]
    report = [Note(None, 0, "refused", clean(x.directive), reason) for x, reason in refused]
    texts = _merged(files, judged, wider, report)
    if new:
        if texts and texts[-1]:
            texts.append("")
        texts += _new_section(new, header, comments)
    return _rendered(texts, report)


def render_new(
    lines: Iterable[DisavowLine], old: DisavowFile, guards: Guards, header: Sequence[str] = ()
) -> Rendered | None:
    """Write only the lines that the old file does not cover as it stands; None where it has all.

    Old lines that a merge would refuse cover nothing. The text begins with what an upload of it
    alone would do.
    """
    kept, refused = plan(lines, guards)
    judged = judge_lines([old], guards)
    by = coverer({exact(line) or "" for line in old.lines if line.value and not judged[line.value]})
    new = [line for line in kept if by(line.directive) is None]
    if not new:
        return None
    warning = [
        "ONLY THE NEW LINES. An upload replaces the whole list: uploading this file alone",
        f"would drop the {len(effect(old)):,} lines that are live. Merge it with them first.",
    ]
    report = [Note(None, 0, "refused", clean(x.directive), reason) for x, reason in refused]
    return _rendered(_new_section(new, [*warning, *header], comments=True), report)


def of_site(lines: Iterable[DisavowLine], site: str) -> list[DisavowLine]:
    """Return the lines for the property of one site: what links to it, or is not known to."""
    return [line for line in lines if site in line.sites or not line.sites]


def file_names(sites: Sequence[str]) -> dict[str, str]:
    """Return the name of the disavow file of each site; with one site it is `disavow.txt`."""
    if len(sites) < 2:
        return dict.fromkeys(sites, "disavow.txt")
    return {site: f"disavow-{site.replace(':', '_')}.txt" for site in sites}


def heading(site: str) -> list[str]:
    """Return the heading of the new lines of a site's file."""
    return [f"Disavow file for {site}, by backlint"]


def merge(files: Sequence[DisavowFile], guards: Guards) -> Rendered:
    """Join disavow files: the first keeps its place and order, the others add what is new.

    Every valid directive of every file is in the result or covered by it, unless a guard refuses
    it. Raises DisavowError over Google's limits.
    """
    report: list[Note] = []
    judged = judge_lines(files, guards)
    wider = covering(_allowed(judged))
    return _rendered(_merged(files, judged, wider, report), report)


def check_limits(text: str) -> None:
    """Raise DisavowError when Google would not take a file because of its size."""
    lines, size = text.count("\n"), len(text.encode())
    if lines <= MAX_LINES and size <= MAX_BYTES:
        return
    comments = sum(not x or x.startswith("#") for x in text.split("\n")[:-1])
    raise DisavowError(
        f"the disavow file would have {lines:,} lines and {size:,} bytes; Google takes at most "
        f"{MAX_LINES:,} lines and {MAX_BYTES:,} bytes, and nothing was written. {comments:,} "
        "lines are comments or blank: drop some of them, or replace single URLs and subdomains "
        "by one domain: line for the whole site"
    )


def _rendered(texts: list[str], report: list[Note]) -> Rendered:
    text = "".join(f"{line}\n" for line in texts)
    check_limits(text)
    return Rendered(text, report, sum(bool(x) and not x.startswith("#") for x in texts))


def judge_lines(files: Iterable[DisavowFile], guards: Guards) -> Judged:
    """Return what a guard says of each directive of some files."""
    return {
        directive: refuse_directive(directive, guards)
        for directive in {directive for file in files for directive in file.directives()}
    }


def _allowed(judged: Judged) -> set[str]:
    return {directive for directive, refused in judged.items() if refused is None}


def _merged(
    files: Sequence[DisavowFile], judged: Judged, wider: dict[str, str], report: list[Note]
) -> list[str]:
    texts: list[str] = []
    for index, file in enumerate(files):
        placed = place_lines(file, index, judged, wider, report)
        if index == 0:
            texts += [text for group in placed for text in group]
        else:
            _append_unseen(texts, placed)
    return texts


def _append_unseen(texts: list[str], placed: Iterator[list[str]]) -> None:
    """Add the lines of a further file that no earlier one had, without the gaps they leave."""
    seen = set(texts)
    gap = bool(texts)
    for group in placed:
        if group == [""]:
            gap = bool(texts)
        elif group[-1] not in seen:
            if gap and texts[-1]:
                texts.append("")
            gap = False
            texts += group


def place_lines(
    file: DisavowFile, index: int, judged: Judged, wider: dict[str, str], report: list[Note]
) -> Iterator[list[str]]:
    """Yield the texts that stand in the place of each old line, and report those that changed."""
    done: set[str] = set()
    bare = {line.value for line in file.lines if not _loses_www(line)}
    for line in file.lines:
        note = _note(line, index, judged, wider, done)
        if note is None and _loses_www(line) and line.value not in bare:
            reason = f"www. removed: {line.value}"
            note = Note(index, line.number, "widened", clean(line.text), reason)
        if note is None:
            yield canonical_texts(line)
            continue
        report.append(note)
        if note.state in ("invalid", "widened"):
            yield canonical_texts(line)
        elif note.state == "duplicate":
            yield [f"# duplicate: {line.value}"]
        elif note.state == "covered":
            yield [f"# covered by {note.reason}: {line.value}"]
        else:
            yield [f"# refused ({note.reason}): {line.value}"]


def _note(
    line: Line, index: int, judged: Judged, wider: dict[str, str], done: set[str]
) -> Note | None:
    text = clean(line.text)
    if line.kind == "invalid":
        return Note(index, line.number, "invalid", text, line.message or "")
    if line.value is None:
        return None
    if refused := judged[line.value]:
        return Note(index, line.number, "refused", text, refused.reason)
    if line.value in wider:
        return Note(index, line.number, "covered", text, wider[line.value])
    if line.value in done:
        return Note(index, line.number, "duplicate", text, line.value)
    done.add(line.value)
    return None


def _loses_www(line: Line) -> bool:
    """Say whether the canonical line covers more than `domain:www.x` did."""
    return exact(line) != line.value


def _new_section(lines: list[DisavowLine], header: Sequence[str], comments: bool) -> list[str]:
    texts = head(header)
    for scheme, members in groupby(lines, key=lambda line: line.scheme or ""):
        if texts:
            texts.append("")
        for reason, same in groupby(members, key=lambda line: line.reason):
            if comments:
                texts.append(comment(scheme, reason))
            for line in same:
                texts += texts_of(line) if comments else [line.directive]
    return texts


def head(lines: Sequence[str]) -> list[str]:
    """Return what stands above new lines as comments."""
    return [f"# {clean(text, MAX_REASON)}".rstrip() for text in lines]


def texts_of(line: DisavowLine) -> list[str]:
    """Return a new line as it is written, a native form readable in a comment above it."""
    if "xn--" not in line.directive:
        return [line.directive]
    native = clean(urls.to_unicode(host_of(line.directive)), MAX_REASON)
    return [f"# native form: {native}", line.directive]


def comment(scheme: str, reason: str) -> str:
    """Return the line above new lines of one scheme and reason."""
    parts = [clean(part, MAX_REASON) for part in (scheme, reason)]
    return "# " + (": ".join(part for part in parts if part) or "no reason given")
