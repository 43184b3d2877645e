"""What the terminal shows: one screen after a scan, and the answer to `backlint explain`.

Text from outside is always a `Text`, never console markup, and has passed `visible`, so that
neither `[bold]` nor an escape sequence in an anchor reaches the terminal.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from backlint.errors import UsageError
from backlint.findings import Audit, DomainResult, Finding, InputReport, Reject, Scheme
from backlint.report import model
from backlint.report.changes import Changes, Pair, Turn
from backlint.report.text import count, host_text, number, points_text, shorten, visible
from backlint.report.words import (
    kind_title,
    kind_words,
    link_words,
    policy_words,
    role_words,
    scheme_title,
)

_SCHEMES_SHOWN = 12
_SCHEMES_LEAST = 2
_MEMBERS_SHOWN = 20
_NOTES_SHOWN = 6
_LINKS_SHOWN = 3
_REJECTS_SHOWN = 3

_COLOURS = {
    "critical": "bold red",
    "high": "red",
    "medium": "yellow",
    "low": "green",
    "info": "dim",
    "disavow": "red",
    "review": "yellow",
    "keep": "green",
    "act": "bold red",
    "watch": "bold yellow",
    "nothing to do": "bold green",
}


def render_summary(audit: Audit, console: Console, out_dir: Path, lines: int | None = None) -> None:
    """Print the outcome of a scan; `out_dir` is the folder the files are in.

    With `lines` only what a person needs first: about so many, but never less than the verdict, how
    much went unchecked, what to do, the gravest schemes, what is odd about the files and what comes
    next.
    """
    schemes = model.schemes_sorted(audit)
    above = [*_outcome(audit, brief=lines is not None), *_advice(audit)]
    below = [*_warnings(audit, lines is not None), *_next(audit, out_dir, brief=lines is not None)]
    shown = _SCHEMES_SHOWN
    if lines is None:
        below = [_counts(audit), *_others(audit), *below]
    else:
        least = min(len(schemes), _SCHEMES_LEAST + 1)  # the last line says how many more
        room = lines - _height(console, [*above, *below]) - 3  # blank lines, heads of columns
        for extra in (_others_brief(audit), _counts(audit)):
            if extra and (need := _height(console, [extra])) <= room - least:
                below = [extra, *below]
                room -= need
        shown = len(schemes) if len(schemes) <= room else max(_SCHEMES_LEAST, room - 1)
        shown = min(shown, _SCHEMES_SHOWN)
    for line in above:
        console.print(line)
    if schemes:
        console.print()
        console.print(_schemes_table(audit, shown))
    console.print()
    for line in below:
        console.print(line, soft_wrap=isinstance(line, _Command))


class _Command(Text):
    """Something to type: it is not wrapped, so that it can be copied."""


def _height(console: Console, parts: Sequence[RenderableType]) -> int:
    return sum(len(console.render_lines(part, pad=False)) for part in parts)


def _outcome(audit: Audit, brief: bool) -> list[RenderableType]:
    profile = audit.profile
    colour = _COLOURS[profile.verdict] if profile and not model.nothing_ran(audit) else "bold"
    checked = model.coverage_brief(audit) if brief else model.coverage_sentence(audit)
    lines = [
        Text(model.verdict_sentence(audit), style=colour),
        Text(checked, style="yellow" if _incomplete(audit) else ""),
    ]
    if said := model.disavow_sentence(audit):
        lines.append(Text(said))
    return list(lines)


def _advice(audit: Audit) -> list[RenderableType]:
    advice = model.triage(audit)
    if advice is None:
        return []
    steps = [
        Padding(Text(f"{index}. {step}"), (0, 0, 0, 2))
        for index, step in enumerate(advice.steps, 1)
    ]
    return [Text(), Text(advice.says), *steps]


def _others(audit: Audit) -> list[RenderableType]:
    """Return what has no place in the table: findings about no one, the make-up, silent rules."""
    lines = []
    for finding in model.findings_about_no_one(audit)[:_NOTES_SHOWN]:
        if finding.level != "info":
            line = Text(f"{visible(finding.rule)} ")
            line.append(finding.level, style=_COLOURS[finding.level])
            line.append(f": {shorten(visible(finding.says), 300)}")
            lines.append(line)
    lines += [Text(sentence) for sentence in model.makeup_sentences(audit)]
    lines += [
        Text(f"not run: {', '.join(rules)} ({reason})", style="dim")
        for reason, rules in model.missing_reasons(audit)[:_NOTES_SHOWN]
    ]
    return list(lines)


def _others_brief(audit: Audit) -> Text | None:
    told = [f for f in model.findings_about_no_one(audit) if f.level != "info"]
    line = Text()
    if told:
        line.append(f"{count(len(told), 'finding')} outside of schemes, up to ")
        line.append(told[0].level, style=_COLOURS[told[0].level])
        line.append(f" ({visible(told[0].rule)})")
    if audit.notes:
        line.append(f"{', ' if told else ''}{count(len(audit.notes), 'note')} on limits")
    return line.append(": see report.html.") if line else None


def _warnings(audit: Audit, brief: bool) -> list[RenderableType]:
    """Return what is odd about the rules or the files of this run."""
    lines = []
    if altered := [rule.id for rule in audit.rules if rule.changed]:
        said = f"Rules changed by the configuration: {', '.join(map(visible, altered))}."
        lines.append(Text(said, style="yellow"))
    for sentence in (*model.share_sentences(audit.shares), *model.guesses(audit)):
        lines.append(Text(sentence, style="yellow"))
    if not brief or any(entry.rejects or not entry.rows for entry in audit.inputs):
        lines.append(Text(model.rejects_sentence(audit)))
    if said := model.skipped_sentence(audit.skipped):
        lines.append(Text(said, style="yellow"))
    if not brief:
        lines += [Text(visible(note)) for note in audit.notes]
    return list(lines)


def _next(audit: Audit, out_dir: Path, brief: bool) -> list[RenderableType]:
    lines: list[RenderableType] = []
    written = _written(out_dir)
    review = next((name for name in ("review.xlsx", "review.csv") if name in written), None)
    if written:
        opened = [name for name in ("report.html", "disavow.txt", review) if name in written]
        told = opened if brief else written
        rest = len(written) - len(told)
        more = f" and {count(rest, 'more file')}" if rest else ""
        lines.append(Text(f"Written to {visible(str(out_dir))}: {', '.join(told)}{more}"))
    if review and model.to_decide(audit):
        path = visible(str(out_dir / review))
        lines.append(_Command(f"Next: decide in {path}, then run"))
        lines.append(_Command(f"  backlint disavow write --decisions {path}"))
    if review == "review.csv":
        lines.append(Text("The review has more rows than a sheet holds: only review.csv holds it"))
    return lines


def render_inputs(
    inputs: Sequence[InputReport],
    titles: Mapping[str, str],
    obstacles: Sequence[tuple[str, str]],
    console: Console,
    rejects: Sequence[Reject] = (),
) -> None:
    """Print what each file was taken for, what became of its rows, and which rules can run.

    `titles` names formats, `obstacles` are rules with what keeps each from running, or nothing.
    """
    for entry in inputs:
        sure = f" ({entry.confidence:.0%} of its columns known)" if entry.confidence < 1 else ""
        first, last = entry.dates
        parts = {
            "links": entry.links,
            "facts": entry.facts,
            "duplicates": entry.duplicates,
            "out of scope": entry.out_of_scope,
            "rejects": entry.rejects,
        }
        console.print(Text(visible(entry.path), style="bold"))
        for line in (
            f"{titles.get(entry.format, entry.format)}{sure}",
            f"columns used: {visible(', '.join(entry.columns))}",
            f"{count(entry.rows, 'row')} = "
            + " + ".join(f"{number(amount)} {name}" for name, amount in parts.items()),
            f"dates from {first} to {last}" if first else "no dates",
            *[
                f"rejected: line {reject.line or 'unknown'}: {visible(reject.reason)}"
                for reject in [r for r in rejects if r.path == entry.path][:_REJECTS_SHOWN]
            ],
            *map(visible, entry.notes),
        ):
            console.print(Padding(Text(line), (0, 0, 0, 2)))
        console.print()
    can = [rule for rule, reason in obstacles if not reason]
    console.print(Text(f"Rules that can run: {', '.join(can) or 'none'}."))
    reasons: dict[str, list[str]] = {}
    for rule, reason in obstacles:
        if reason:
            reasons.setdefault(reason, []).append(rule)
    for reason, rules in reasons.items():
        console.print(Text(f"cannot run: {', '.join(rules)} ({reason})", style="yellow"))


def render_explain(
    audit: Audit,
    subject: str,
    console: Console,
    known_domains: Mapping[str, str] = MappingProxyType({}),
    signals: Callable[[str], Mapping[str, str]] = lambda _: {},
) -> None:
    """Print why a domain, host, URL or scheme was judged as it was.

    `known_domains` are the referring domains with their evidence (`csv.domain_names` reads them),
    `signals` returns what else is known of one.
    Raises UsageError with the nearest names when the audit does not know the subject.
    """
    if _scheme_named(audit, subject):
        render_explain_scheme(audit, subject, console)
    else:
        render_explain_domain(audit, subject, console, known_domains, signals)


def render_explain_domain(
    audit: Audit,
    domain: str,
    console: Console,
    known_domains: Mapping[str, str] = MappingProxyType({}),
    signals: Callable[[str], Mapping[str, str]] = lambda _: {},
) -> None:
    """Print the waterfall of a domain, each finding, what held the verdict, what would lower it.

    A host or URL stands for the node it lies in. Raises UsageError for an unknown one.
    """
    lookup = model.look_up(audit)
    names = model.subjects(audit, known_domains)
    node = model.node_named(domain, [name for name in names if name not in lookup.schemes])
    if node is None:
        raise _unknown(domain, names, audit)
    console.print(Text(host_text(node), style="bold"))
    receiving = model.targeting(node, audit)
    result = lookup.domains.get(node)
    if node in audit.sites and audit.profile is not None:
        console.print(Text(model.verdict_sentence(audit)))
        _bullets(console, "Why", [visible(reason) for reason in audit.profile.reasons])
    elif result is None or not (result.findings or result.waterfall or result.decided):
        console.print(
            Text(model.no_finding_sentence(audit, node, known_domains.get(node, "links")))
        )
    else:
        _explain_result(audit, result, lookup, console)
    _bullets(console, "What is known of its links", model.signal_sentences(signals(node)))
    if receiving:
        _heading(console, "Target of a scheme")
        console.print(Text(model.target_sentence(node, receiving)))
        said = model.target_facts(node, receiving, lookup)
        if said:
            _bullets(console, "What the group works for", said)
    _about_url(audit, domain, node, lookup, console)


def render_explain_scheme(audit: Audit, scheme_id: str, console: Console) -> None:
    """Print a scheme's members, evidence, findings and what would make it innocent.

    Takes an id or a scheme's name. Raises UsageError for an unknown one.
    """
    scheme = _scheme_named(audit, scheme_id)
    if scheme is None:
        names = [*(s.id for s in audit.schemes), *(s.name for s in audit.schemes if s.name)]
        raise _unknown(scheme_id, names, audit)
    lookup = model.look_up(audit)
    console.print(Text(scheme_title(scheme), style="bold"))
    console.print(Text(f"{kind_title(scheme)}. {kind_words(scheme)}".strip()))
    line = Text("Level ")
    line.append(scheme.level, style=_COLOURS[scheme.level])
    sureness = "" if scheme.sureness is None else f", sureness {scheme.sureness:.2f}"
    score = model.score_text(scheme.score)
    line.append(f", score {score}{sureness}. {model.control_words(scheme, audit)}")
    console.print(line)
    _members(audit, scheme, lookup, console)
    _bullets(console, "Evidence", [visible(text) for text in scheme.evidence])
    findings = model.findings_of(scheme.findings, lookup)
    _findings(findings, lookup, console)
    _bullets(console, "What would make it innocent", [visible(s) for s in scheme.innocent_if])
    console.print(Text(f"\n{model.coverage_sentence(audit)}", style="dim"))


def render_changes(
    old: Audit,
    new: Audit,
    changes: Changes,
    console: Console,
    most: int | None,
    whole: str = "--all",
) -> None:
    """Print what changed between two audits; `most` lines of each list, or all with None.

    `whole` names what shows the rest.
    """

    def listed(heading: str, lines: Sequence[Text]) -> None:
        if lines:
            _heading(console, f"{heading} ({number(len(lines))})")
        for line in lines[:most]:
            console.print(Padding(line, (0, 0, 0, 2)))
        if most is not None and len(lines) > most:
            rest = Text(
                f"... and {number(len(lines) - most)} more; {whole} shows them", style="dim"
            )
            console.print(Padding(rest, (0, 0, 0, 2)))

    site = f" of {model.sites_text(new)}" if new.sites else ""
    console.print(Text(f"Audit{site}: {visible(old.as_of)} against {visible(new.as_of)}", "bold"))
    if old.profile and new.profile:
        console.print(Text(model.profile_change(old.profile, new.profile)))
    if changes.nothing:
        console.print(Text("Nothing else changed: the same schemes, verdicts and rules."))
        return
    listed("New schemes", [_scheme_line(scheme) for scheme in changes.new])
    listed("Schemes that changed", [_pair_line(pair) for pair in changes.changed])
    listed("Schemes no longer found", [_scheme_line(scheme) for scheme in changes.gone])
    if changes.same:
        console.print(Text(f"{count(changes.same, 'scheme')} as before.", style="dim"))
    listed("Verdicts that changed", [_turn_line(turn) for turn in changes.turns])
    listed(
        "New findings outside of schemes",
        [
            Text.assemble(
                f"{visible(finding.rule)} ",
                (finding.level, _COLOURS[finding.level]),
                f" {shorten(visible(finding.subject), 60)}: {shorten(visible(finding.says), 200)}",
            )
            for finding in changes.findings
        ],
    )
    for said in model.rule_changes(changes.silent, changes.speaking, changes.altered):
        console.print(Text(said, style="yellow"))


def _scheme_line(scheme: Scheme) -> Text:
    line = Text(f"{shorten(scheme_title(scheme), 60)}, ")
    line.append(scheme.level, style=_COLOURS[scheme.level])
    amount = number(len(model.participants(scheme)))
    return line.append(f", {amount} members, {count(scheme.links_to_site, 'link')} to the site")


def _pair_line(pair: Pair) -> Text:
    line = Text(f"{shorten(scheme_title(pair.new), 60)}, ")
    if pair.old.kind != pair.new.kind:
        line.append(f"before a {shorten(kind_title(pair.old).lower(), 40)}, ")
    if pair.old.level != pair.new.level:
        line.append(pair.old.level, style=_COLOURS[pair.old.level]).append(" to ")
    line.append(pair.new.level, style=_COLOURS[pair.new.level])
    for nodes, sign in ((pair.joined, "joined"), (pair.left, "left")):
        if nodes:
            named = ", ".join(host_text(node) for node in nodes[:3])
            rest = f" and {number(len(nodes) - 3)} more" if len(nodes) > 3 else ""
            line.append(f"; {sign}: {named}{rest}")
    if pair.new.controlled_by_site != pair.old.controlled_by_site:
        line.append("; now tied to the site" if pair.new.controlled_by_site else "; no longer tied")
    return line


def _turn_line(turn: Turn) -> Text:
    line = Text(f"{host_text(turn.domain)}: ")
    for index, verdict in enumerate((turn.old, turn.new)):
        line.append(" to " if index else "")
        line.append(verdict or "no finding", style=_COLOURS.get(verdict or "", "dim"))
    if turn.decided:
        line.append(" (decided by a person)")
    elif turn.absent:
        line.append(" (the later files hold no link of it)")
    elif turn.unseen:
        line.append(f" (but {', '.join(map(visible, turn.unseen))} did not run this time)")
    return line


def _incomplete(audit: Audit) -> bool:
    return bool(model.not_run(audit)) or not audit.coverage


def _schemes_table(audit: Audit, most: int) -> Table:
    lookup, judged = model.look_up(audit), audit.profile is not None
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("scheme", overflow="fold")
    table.add_column("level")
    table.add_column("members", justify="right")
    if judged:
        for heading in ("links to site", "disavow", "review"):
            table.add_column(heading, justify="right")
    ordered = model.schemes_sorted(audit)
    for scheme in ordered[:most]:
        sizes = model.scheme_sizes(scheme, lookup)
        cells = [
            Text(shorten(scheme_title(scheme), 60)),
            Text(scheme.level, style=_COLOURS[scheme.level]),
            Text(number(sizes.members)),
        ]
        if judged:
            amounts = (scheme.links_to_site, sizes.disavow, sizes.review)
            cells += [Text(number(amount)) for amount in amounts]
        table.add_row(*cells)
    if len(ordered) > most:
        left = len(ordered) - most
        table.add_row(Text(f"... and {count(left, 'scheme')} more", style="dim"))
    return table


def _counts(audit: Audit) -> Text:
    line = Text()
    judged = audit.profile is not None
    counts = list((model.verdict_counts(audit) if judged else model.band_counts(audit)).items())
    line.append(f"{audit.node.capitalize()}s with a finding{'' if judged else ' by band'}: ")
    for i, (word, amount) in enumerate(counts):
        line.append(", " if i else "")
        line.append(f"{number(amount)} {word}", style=_COLOURS[word] if amount else "dim")
    rest = model.without_finding(audit)
    if rest is not None:
        line.append(f"; {number(rest)} without a finding")
    return line.append(".")


def _written(out_dir: Path) -> list[str]:
    if not out_dir.is_dir():
        return []
    return sorted(
        visible(path.name)
        for path in out_dir.iterdir()
        if path.is_file() and not path.name.startswith(".")
    )


def _scheme_named(audit: Audit, name: str) -> Scheme | None:
    by_id = next((scheme for scheme in audit.schemes if scheme.id == name), None)
    return by_id or next((s for s in audit.schemes if s.name and s.name == name), None)


def _unknown(subject: str, names: Sequence[str], audit: Audit) -> UsageError:
    close = model.nearest(subject, names)
    hint = f" Did you mean {', '.join(close)}?" if close else ""
    return UsageError(
        f"{visible(subject)}: not in this audit ({audit.node} mode).{hint} Give a "
        f"{audit.node}, URL or scheme id as report.json or domains.csv writes it."
    )


def _explain_result(
    audit: Audit, result: DomainResult, lookup: model.Lookup, console: Console
) -> None:
    line = Text(f"Score {result.score:.1f}, band ")
    line.append(result.band, style=_COLOURS[result.band])
    if audit.profile is not None and result.verdict is not None:
        line.append(", verdict ")
        line.append(result.verdict, style=_COLOURS[result.verdict])
        line.append(f" {result.priority}" if result.priority else "")
    line.append(f", confidence {result.confidence}")
    console.print(line)
    if result.decided:
        console.print(Text(f"{model.decision_sentence(result)}.", style="bold"))
    if audit.profile is not None:
        console.print(
            Text(
                f"Links {number(result.links)}: followed {number(result.followed)}, "
                f"nofollow {number(result.nofollow)}"
            )
        )
        if result.evidence == "thin sample":
            console.print(Text(f"Thin sample: {model.THIN_SAMPLE}.", style="yellow"))
    _heading(console, "Waterfall, in points")
    console.print(_waterfall_table(result, lookup))
    console.print(Text(model.score_sentence(result)))
    if audit.profile is not None:
        _bullets(console, "What held the verdict", [visible(g) for g in result.guards])
    titles = [scheme_title(lookup.schemes[i]) for i in result.schemes if i in lookup.schemes]
    _bullets(console, "Schemes it takes part in", titles)
    _findings(model.findings_of(result.findings, lookup), lookup, console)
    lower = [
        f"Without all {visible(item.group)} evidence ({points_text(-item.points)} "
        f"points): score {item.score:.1f}"
        for item in model.lowering(result)
    ]
    _bullets(console, "What would lower it", lower)
    _bullets(console, "On what it rests", model.pivotal_sentences(audit, result, lookup))
    _bullets(
        console, "What would make it innocent", model.innocent_notes(result, lookup)[:_NOTES_SHOWN]
    )
    if audit.profile is not None:
        findings = model.findings_of(result.findings, lookup)
        _bullets(console, "What to do", model.remediation_notes(findings, lookup)[:_NOTES_SHOWN])


def _waterfall_table(result: DomainResult, lookup: model.Lookup) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("rule", "name", "group"):
        table.add_column(heading)
    table.add_column("points", justify="right")
    table.add_column("sum", justify="right")
    for bar in model.waterfall(result.waterfall, lookup):
        table.add_row(
            Text(visible(bar.rule)),
            Text(bar.name),
            Text(visible(bar.group)),
            Text(points_text(bar.points)),
            Text(f"{bar.end:.2f}"),
        )
    total = points_text(model.total_points(result)).lstrip("+")
    table.add_row(Text("sum", style="bold"), "", "", Text(total, style="bold"), "")
    return table


def _findings(findings: Sequence[Finding], lookup: model.Lookup, console: Console) -> None:
    if findings:
        _heading(console, "Findings")
    for finding in findings:
        rule = lookup.rules.get(finding.rule)
        line = Text(f"{visible(finding.rule)} {model.rule_name(finding.rule, lookup)}, ")
        line.append(finding.level, style=_COLOURS[finding.level])
        line.append(f", confidence {finding.confidence}, id {visible(finding.id)}")
        console.print(line)
        _indented(console, visible(finding.says or (rule.summary if rule else "")))
        subject = shorten(visible(finding.subject), 120)
        numbers = [("value", number(finding.value)), *model.detail_words(finding.detail)]
        _indented(console, f"{visible(finding.subject_kind)}: {subject}")
        _indented(console, "; ".join(f"{k}: {shorten(v, 200)}" for k, v in numbers))
        for link in finding.links[:_LINKS_SHOWN]:
            _indented(console, f"link: {link_words(link)}")
        _indented(console, f"policy: {policy_words(finding.policy)}")
        for text in rule.false_positives if rule else ():
            _indented(console, f"false positive if: {visible(text)}")


def _members(audit: Audit, scheme: Scheme, lookup: model.Lookup, console: Console) -> None:
    sizes = model.scheme_sizes(scheme, lookup)
    _heading(console, f"Members ({number(sizes.members)})")
    accused = [member for member in scheme.members if member.role != "target"]
    for member in accused[:_MEMBERS_SHOWN]:
        result = lookup.domains.get(member.node)
        said = f", {result.verdict}" if result and result.verdict and audit.profile else ""
        _indented(console, f"{host_text(member.node)}: {role_words(member.role)}{said}")
    if len(accused) > _MEMBERS_SHOWN:
        _indented(console, f"... and {number(len(accused) - _MEMBERS_SHOWN)} more")
    goals = [host_text(node) for node in model.targets(scheme)]
    if goals:
        _heading(console, "Targets (they receive the scheme's links and are not accused)")
        _indented(console, ", ".join(goals[:_MEMBERS_SHOWN]))


def _about_url(audit: Audit, text: str, node: str, lookup: model.Lookup, console: Console) -> None:
    """Print the findings about the very URL or node asked for, which it need not carry."""
    result = lookup.domains.get(node)
    shown = set(result.findings) if result else set()
    about = [f.id for f in audit.findings if f.subject in (text, node) and f.id not in shown]
    if about:
        console.print(Text(f"\nAbout {shorten(visible(text), 120)}", style="bold"))
        _findings(model.findings_of(about, lookup), lookup, console)


def _heading(console: Console, text: str) -> None:
    console.print(Text(f"\n{text}", style="bold"))


def _bullets(console: Console, heading: str, texts: Sequence[str]) -> None:
    if texts:
        _heading(console, heading)
    for text in texts:
        _indented(console, f"- {text}")


def _indented(console: Console, text: str) -> None:
    if text:
        console.print(Padding(Text(text), (0, 0, 0, 2)))
