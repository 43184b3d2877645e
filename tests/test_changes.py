"""What changed between two audits, on audits made by hand; the baseline; the triage."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from audit_factory import SITE, bare, coverage, finding, hostile, result, scheme
from backlint.errors import UsageError
from backlint.findings import Audit, Scheme
from backlint.report.changes import Changes, compare, graver_than
from backlint.report.console import render_changes
from backlint.report.json import write_json
from backlint.risk.triage import triage
from test_cli import here, run

__all__ = ["here"]
A, B, C, D, E = (f"{name}.example" for name in ("ash", "birch", "cedar", "dogwood", "elm"))
HEAVY = [("BL301", "anchors", 20.0), ("BL202", "co-target", 25.0)]
LIGHT = [("BL301", "anchors", 20.0), ("BL202", "co-target", 8.0)]


def told(old: Audit, new: Audit, most: int | None = None) -> str:
    out = io.StringIO()
    changes = compare(old, new)
    render_changes(old, new, changes, Console(file=out, width=300, no_color=True), most)
    return out.getvalue()


def test_an_audit_equals_itself() -> None:
    audit = hostile()
    changes = compare(audit, audit)
    assert changes.nothing
    assert changes.same == len(audit.schemes)
    assert "Nothing else changed" in told(audit, audit)


def test_schemes_are_matched_by_members_and_not_by_name() -> None:
    old = bare(
        schemes=[
            scheme(1, "link-farm", "medium", [A, B, C]),
            scheme(2, "link-ring", "high", [D, E]),
        ]
    )
    grown = scheme(3, "link-farm", "high", [A, B, C, "new.example"], controlled_by_site=True)
    other = scheme(4, "link-ring", "high", [D, "x.example", "y.example"])
    changes = compare(old, bare(schemes=[grown, other]))
    (pair,) = changes.changed  # 3 of 4 members are shared; of the rings 1 of 4
    assert (pair.old.id, pair.new.id) == (old.schemes[0].id, grown.id)
    assert (pair.joined, pair.left) == (["new.example"], [])
    assert [s.id for s in changes.new] == [other.id]
    assert [s.id for s in changes.gone] == [old.schemes[1].id]
    said = told(old, bare(schemes=[grown, other]))
    assert "medium to high; joined: new.example; now tied to the site" in said


def test_of_two_that_fit_the_one_with_more_shared_members_is_the_same() -> None:
    half, whole = (
        scheme(1, "link-farm", "high", [A, B]),
        scheme(2, "link-farm", "high", [A, B, C, D]),
    )
    changes = compare(
        bare(schemes=[half, whole]), bare(schemes=[scheme(3, "link-farm", "high", [A, B, C, D])])
    )
    assert changes.same == 1
    assert changes.changed == []
    assert [s.id for s in changes.gone] == [half.id]


def test_targets_are_no_members() -> None:
    farm = scheme(1, "link-farm", "high", [A, B])
    aimed = scheme(1, "link-farm", "high", [A, B, C])
    members = [*farm.members, msgspec.structs.replace(aimed.members[2], role="target")]
    assert compare(
        bare(schemes=[farm]), bare(schemes=[msgspec.structs.replace(farm, members=members)])
    ).nothing


def test_verdicts_that_changed_and_why_they_may_have() -> None:
    old = bare(domains=[result(A, HEAVY), result(B, HEAVY), result(C, HEAVY), result(D, [])])
    new = bare(domains=[result(A, LIGHT), result(E, HEAVY)], coverage=coverage("BL301"))
    changes = compare(old, new, {A, B, D, E})
    turns = {turn.domain: turn for turn in changes.turns}
    assert [turn.domain for turn in changes.turns] == [E, A, B, C]  # the gravest now first
    assert (turns[A].old, turns[A].new, turns[A].unseen) == ("disavow", "review", ["BL301"])
    assert (turns[E].old, turns[E].new) == (None, "disavow")
    assert [turns[x].absent for x in (A, B, C, E)] == [False, False, True, False]
    assert changes.silent == ["BL301"]
    said = told(old, new)
    assert "ash.example: disavow to review (but BL301 did not run this time)" in said
    assert "What these found is unknown now, not gone." in said


def test_a_domain_without_a_finding_is_like_one_to_keep() -> None:
    assert compare(bare(domains=[result(A, [])]), bare()).nothing


def test_long_lists_are_cut_and_say_so() -> None:
    new = bare(domains=[result(f"n{k}.example", HEAVY) for k in range(9)])
    said = told(bare(), new, 4)
    assert said.count("no finding to disavow") == 4
    assert "... and 5 more; --all shows them" in said
    assert told(bare(), new).count("no finding to disavow") == 9


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(UsageError, match="by domain and by host"):
        compare(bare(), bare(node="host"))
    with pytest.raises(UsageError, match="different sites"):
        compare(bare(), bare(sites=["other.example"]))


def about(number: int, level: str, subject: str) -> Any:
    made = finding(number, "BL301", [A], anchor="cheap tents")
    return msgspec.structs.replace(made, level=level, subject_kind="target_url", subject=subject)


def test_only_new_or_graver_findings_count_against_a_baseline() -> None:
    old = bare(
        findings=[about(1, "high", "/a"), about(2, "low", "/b")],
        schemes=[scheme(1, "link-farm", "high", [A, B])],
    )
    assert not graver_than(compare(old, old), "low")
    assert graver_than(compare(bare(), old), "high")
    worse = bare(findings=[about(1, "high", "/a"), about(2, "medium", "/b")], schemes=old.schemes)
    assert graver_than(compare(old, worse), "medium")
    assert not graver_than(compare(old, worse), "high")
    risen = bare(findings=old.findings, schemes=[scheme(1, "link-farm", "critical", [A, B])])
    assert graver_than(compare(old, risen), "critical")
    assert not graver_than(compare(risen, old), "low")


groups = st.lists(
    st.sets(st.sampled_from([f"n{k}.example" for k in range(9)]), min_size=1), max_size=5
)


def made(members: Sequence[set[str]]) -> list[Scheme]:
    return [scheme(n, "link-farm", "high", sorted(nodes)) for n, nodes in enumerate(members)]


@given(groups, groups)
def test_every_scheme_is_in_one_place(old: list[set[str]], new: list[set[str]]) -> None:
    """New, gone, changed or the same: by id each scheme of either audit is in one of them."""
    before, after = bare(schemes=made(old)), bare(schemes=made(new))
    there, back = compare(before, after), compare(after, before)
    assert len(there.new) + len(there.changed) + there.same == len(new)
    assert len(there.gone) + len(there.changed) + there.same == len(old)
    assert matched(there) == matched(back)
    for pair in there.changed:
        a, b = ({m.node for m in s.members} for s in pair[:2])
        assert len(a & b) >= 0.5 * len(a | b)
        assert set(pair.joined) == b - a
        assert set(pair.left) == a - b


def matched(changes: Changes) -> int:
    return len(changes.changed) + changes.same


def test_hostile_names_cannot_speak_to_the_terminal() -> None:
    said = told(bare(sites=hostile().sites), hostile())
    assert "\x1b" not in said
    assert "\u202e" not in said


# --- the command line ------------------------------------------------------------------------------


def put(folder: Path, audit: Audit) -> Path:
    folder.mkdir()
    write_json(audit, folder / "report.json", True)
    return folder


def test_diff_of_folders_and_reports(here: Path) -> None:
    old = put(here / "old", bare(domains=[result(B, HEAVY)]))
    new = put(here / "new", bare(domains=[result(A, HEAVY)]))
    unlisted = run("diff", old, new / "report.json")
    assert unlisted.code == 0
    assert f"{A}: no finding to disavow" in unlisted.out
    assert f"{B}: disavow to no finding" in unlisted.out
    assert "hold no link" not in unlisted.out  # there is no list of its domains: it is not known
    (new / "domains.csv").write_text(f"domain,evidence\n{A},links\n", "utf-8")
    assert f"{B}: disavow to no finding (the later files hold no link" in run("diff", old, new).out


def test_diff_names_what_is_missing(here: Path) -> None:
    ran = run("diff", here, here / "none")
    assert ran.code == 3
    assert "report.json: no such audit" in ran.err


def test_a_scan_against_a_baseline_fails_on_what_is_new_only(here: Path) -> None:
    rows = "".join(
        f"https://s{n}.example/p,https://{SITE}/,buy dofollow backlinks telegram @seller\n"
        for n in range(4)
    )
    links = here / "links.csv"
    links.write_text("source,target,anchor\n" + rows, "utf-8")
    words = ("scan", links, "--site", SITE, "--fail-on", "low")
    assert run(*words).code == 1
    again = run(*words, "--baseline", "backlint-audit")
    assert again.code == 0
    assert "Nothing else changed" in again.out
    links.write_text(
        links.read_text()
        + f"https://s9.example/p,https://{SITE}/,buy dofollow backlinks telegram @seller\n"
    )
    assert run(*words, "--baseline", "backlint-audit").code == 1
    other = run(*words[:2], "--site", "s1.example", "--baseline", "backlint-audit", "--out", "new")
    assert other.code == 2
    assert "the audits are of different sites" in other.err
    assert not (here / "new").exists()


# --- the triage ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("manual", "schemes", "disavowed", "reviewed", "told", "kind"),
    [
        (True, [True], 3, 0, 0, "manual action"),
        (True, [], 0, 0, 0, "manual action"),
        (False, [False, True], 3, 0, 0, "own scheme"),
        (False, [False], 0, 0, 0, "foreign scheme"),
        (False, [], 2, 0, 0, "foreign scheme"),
        (False, [], 0, 1, 0, "doubts"),
        (False, [], 0, 0, 1, "doubts"),
        (False, [], 0, 0, 0, "noise"),
    ],
)
def test_triage(
    manual: bool, schemes: list[bool], disavowed: int, reviewed: int, told: int, kind: str
) -> None:
    found = [
        scheme(n, "link-farm", "high", [A], controlled_by_site=tied)
        for n, tied in enumerate(schemes)
    ]
    advice = triage(
        manual_action=manual, schemes=found, disavowed=disavowed, reviewed=reviewed, told=told,
        found=True, ran=9, missing=3,
    )  # fmt: skip
    assert advice.kind == kind
    assert advice.steps
    if kind in ("doubts", "noise"):
        assert not [step for step in advice.steps if step.startswith("Disavow what")]


@pytest.mark.parametrize(
    ("ties", "said"),
    [
        ([["keywords"], ["keywords"]], "its keywords are the anchors of members."),
        (
            [["keywords"], ["linked back"]],
            "it links to members and its keywords are the anchors of",
        ),
        ([["own member"]], "it owns members."),
        ([[]], "it links to members, owns some, or its keywords are the anchors."),  # an old report
    ],
)
def test_triage_names_what_ties_schemes_to_the_site(ties: list[list[str]], said: str) -> None:
    found = [
        scheme(n, "link-farm", "high", [A], controlled_by_site=True, ties=of)
        for n, of in enumerate(ties)
    ]
    advice = triage(
        manual_action=False, schemes=found, disavowed=1, reviewed=0, told=0, found=True, ran=9,
        missing=3,
    )  # fmt: skip
    assert f"tied to the site: {said}" in advice.says


@pytest.mark.parametrize(
    ("ran", "missing", "says"),
    [
        (9, 3, "Nothing was found by the 9 rules that could run; 3 could not."),
        (1, 11, "Nothing was found by the 1 rule that could run; 11 could not."),
        (12, 0, "Nothing was found by the 12 rules, all of which could run."),
    ],
)
def test_where_nothing_was_found_nothing_is_said_of_what_was(
    ran: int, missing: int, says: str
) -> None:
    advice = triage(
        manual_action=False, schemes=[], disavowed=0, reviewed=0, told=0,
        found=False, ran=ran, missing=missing,
    )  # fmt: skip
    assert (advice.kind, advice.says) == ("noise", says)


def test_a_manual_action_is_answered_even_where_nothing_was_found(here: Path) -> None:
    links = here / "links.csv"
    links.write_text(f"source,target\nhttps://{A}/p,https://{SITE}/\n", "utf-8")
    plain = run("scan", links, "--site", SITE)
    assert (
        json.loads((here / "backlint-audit/report.json").read_text())["profile"]["triage"]["kind"]
        == "noise"
    )
    page = (here / "backlint-audit/report.html").read_text()
    assert "Nothing was found by the " in page
    assert "what was found is what every site collects" not in page
    assert "fter the disavow file" not in page  # without a line it changes nothing
    ran = run("scan", links, "--site", SITE, "--manual-action")
    assert f"Act: {SITE} has a manual action to answer" in ran.out
    assert "nothing in these files explains it" in ran.out
    assert "manual action" not in plain.out
    assert "manual action to answer" in (here / "backlint-audit/report.html").read_text()
