"""What disavow files do: how two of them differ, and what a file covers of an audit."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import audit_factory as factory
from backlint.disavow.coverage import cover, without
from backlint.disavow.effect import (
    Difference,
    Part,
    Reach,
    Unit,
    coverer,
    difference,
    effect,
    page_hosts,
)
from backlint.disavow.file import DisavowFile, exact, parse
from backlint.disavow.level import at_level
from backlint.disavow.told import coverage_text, difference_text
from backlint.findings import Audit, DisavowLine, Page
from strategies import directives, file_bytes, pure
from test_disavow_file import naive_covers


def file(*lines: str) -> DisavowFile:
    return parse("".join(f"{x}\n" for x in lines).encode())


def differ(old: tuple[str, ...], new: tuple[str, ...], *units: Unit) -> Difference:
    return difference(effect(file(*old)), effect(file(*new)), units or None)


# Diff


def test_effect_by_hand() -> None:
    found = effect(
        file("# x", "domain:a.com", "domain:x.a.com", "http://a.com/", "domain:www.b.com",
             "http://b.com/x", "http://www.b.com/x", "DOMAIN:A.com", "junk")
    )  # fmt: skip
    assert found == {"domain:a.com", "domain:www.b.com", "http://b.com/x"}


def test_a_coverer_names_the_widest() -> None:
    by = coverer({"domain:a.com", "domain:x.a.com", "http://b.com/x", "domain:xyz"})
    assert by("domain:y.x.a.com") == "domain:a.com"
    assert by("http://x.a.com/1") == "domain:a.com"
    assert by("http://b.com/x") == "http://b.com/x"
    assert by("domain:spam.xyz") == "domain:xyz"
    assert by("http://b.com/y") is None
    assert by("domain:ba.com") is None


def test_difference_by_hand() -> None:
    old = ("domain:same.com", "http://url.com/1", "domain:wide.com", "domain:x.grown.com",
           "http://y.grown.com/", "domain:gone.com", "domain:www.apex.com")  # fmt: skip
    new = ("domain:same.com", "domain:url.com", "http://wide.com/1", "http://wide.com/2",
           "domain:grown.com", "domain:new.com", "domain:apex.com")  # fmt: skip
    assert differ(old, new) == Difference(
        drops=[Part("domain:gone.com")],
        narrows=[Part("domain:wide.com", ("http://wide.com/1", "http://wide.com/2"))],
        widens=[
            Part("domain:apex.com", ("domain:www.apex.com",)),
            Part("domain:grown.com", ("domain:x.grown.com", "http://y.grown.com/")),
            Part("domain:url.com", ("http://url.com/1",)),
        ],
        adds=[Part("domain:new.com")],
        same=5,  # same, url/1, x.grown, y.grown, www.apex
    )


def test_links_that_an_upload_changes() -> None:
    units = (
        Unit("http://wide.com/1", "wide.com", 2, 2, 0),
        Unit("http://wide.com/3", "wide.com", 5, 3, 1),
        Unit("domain:blog.gone.com", "gone.com", 4, 0, 0),
        Unit("domain:gone.com", "gone.com", 1, 1, 0),
        Unit("domain:new.com", "new.com", 7, 0, 7),
        Unit("domain:other.com", "other.com", 9, 9, 0),
    )
    found = differ(("domain:wide.com", "domain:gone.com"), ("http://wide.com/1", "domain:new.com"),
                   *units)  # fmt: skip
    assert [(x.directive, x.reach) for x in found.drops] == [("domain:gone.com", Reach(1, 5, 1, 0))]
    assert found.narrows[0].reach == Reach(1, 5, 3, 1)  # page 1 stays covered
    assert found.adds[0].reach == Reach(1, 7, 0, 7)


sets = st.lists(directives(), max_size=8)


@pure
@given(sets, sets)
def test_difference_is_the_oracles(old: list[str], new: list[str]) -> None:
    known = [[x for line in file(*texts).lines if (x := exact(line))] for texts in (old, new)]
    before, after = (set(x) for x in known)

    def has(lines: set[str], directive: str) -> bool:
        return any(directive == x or naive_covers(x, directive) for x in lines)

    found = difference(effect(file(*old)), effect(file(*new)))
    gone = {x.directive for x in found.drops + found.narrows}
    come = {x.directive for x in found.widens + found.adds}
    outer = {x for x in before if not any(naive_covers(y, x) for y in before)}
    assert gone == {x for x in outer if not has(after, x)}
    assert found.same == len(outer) - len(gone)
    assert come == {
        x for x in after if not has(before, x) and not any(naive_covers(y, x) for y in after)
    }
    for part in found.narrows:
        assert all(naive_covers(part.directive, x) and x in after for x in part.beneath)
    for part in found.drops:
        assert not any(naive_covers(part.directive, x) for x in after)


@pure
@given(file_bytes())
def test_a_file_does_not_differ_from_itself_in_another_order(data: bytes) -> None:
    read = parse(data)
    mixed = DisavowFile(read.lines[::-1] + read.lines[:2])
    found = difference(effect(read), effect(mixed))
    assert not found.changes
    assert found.same == len(effect(read))


def test_difference_text() -> None:
    old = file("domain: broken.com", *(f"domain:a{x:02}.com" for x in range(12)), "domain:w.com")
    new = file("http://w.com/1", "domain:b.com")
    text = difference_text(
        Path("old.txt"), Path("new.txt"), old, new, difference(effect(old), effect(new)), 10
    )
    assert text.splitlines()[:7] == [
        "new.txt in place of old.txt, by effect:",
        "  drops        12  these come free",
        "  narrows       1  these come free but for a part",
        "  widens        0",
        "  adds          1",
        "  keeps         0",
        "old.txt: 1 line without effect; `backlint disavow check old.txt` names them",
    ]
    assert "  domain:a09.com\n  and 2 more (--all)\n" in text
    assert "  domain:w.com (only http://w.com/1)" in text
    units = [Unit("domain:a03.com", "a03.com", 1, 1, 0), Unit("domain:a07.com", "a07.com", 9, 2, 0)]
    counted = difference(effect(old), effect(new), units)
    text = difference_text(Path("old.txt"), Path("new.txt"), old, new, counted, 10)
    assert "  drops        12  10 links, 3 followed; these come free\n" in text
    assert (
        "drops (12)\n"
        "  domain:a07.com  9 links, 2 followed\n"
        "  domain:a03.com  1 link, 1 followed\n"
        "  domain:a00.com  no link in the audit\n"
    ) in text
    empty = difference_text(
        Path("old.txt"), Path("new.txt"), old, file("# x"), differ(("domain:a.com",), ()), None
    )
    assert "WARNING: new.txt has no directive; uploading it wipes the live list" in empty


# Coverage


def audited() -> Audit:
    """farm.com is to disavow, odd.com to review, dull.com has a finding, the rest has none."""
    steps = [("BL201", "co-target", 26.0)]
    domains = [
        factory.result("farm.com", steps, verdict="disavow", findings=["f1"]),
        factory.result("odd.com", steps, verdict="review", findings=["f2"]),
        factory.result("dull.com", steps, verdict="keep", findings=["f3"]),
    ]
    return factory.bare(sites=["shop.com"], domains=domains, coverage=factory.coverage("BL601"))


UNITS = [
    Unit("domain:farm.com", "farm.com", 3, 3, 0),
    Unit("domain:blog.farm.com", "farm.com", 2, 0, 2),
    Unit("domain:odd.com", "odd.com", 1, 1, 0),
    Unit("domain:dull.com", "dull.com", 1, 1, 0),
    Unit("domain:fine.com", "fine.com", 4, 4, 0),
    Unit("http://half.com/1", "half.com", 1, 1, 0),
    Unit("http://half.com/2", "half.com", 1, 0, 0),
    Unit("domain:thin.com", "thin.com", 1, 1, 0),
    Unit("domain:uni.edu", "uni.edu", 1, 0, 0, trusted=True),
    Unit("domain:mine.com", "mine.com", 1, 1, 0, own=True),
    Unit("domain:rest.com", "rest.com", 6, 5, 1),
]
LIVE = (
    "# live", "domain:blog.farm.com", "domain:odd.com", "domain:dull.com", "domain:fine.com",
    "http://fine.com/x", "http://half.com/2", "domain:thin.com", "domain:uni.edu",
    "domain:mine.com", "domain:never-seen.com", "domain:www.shop.com",
)  # fmt: skip


def test_coverage_by_hand() -> None:
    found = cover(file(*LIVE), audited(), UNITS, {"thin.com": "thin sample"})
    assert found.profile == Reach(9, 22, 17, 3)
    assert found.covered == Reach(8, 12, 8, 2)
    assert found.standings == {
        "disavow": (0, 1, 0),
        "review": (1, 0, 0),
        "keep, with findings": (1, 0, 0),
        "keep, no finding": (4, 1, 1),
    }
    assert found.open == ["farm.com"]
    assert [(x.number, x.reason) for x in found.alarms] == [
        (9, "trusted by many: uni.edu"),
        (10, "your own domain mine.com"),
        (12, "your own site shop.com"),
    ]
    assert [x.directive for x in found.unmatched] == ["domain:never-seen.com"]
    assert [(x.number, x.reavow) for x in found.reavow] == [
        (5, "4 links; no rule that ran found anything"),
        (7, "1 link, none of which passes credit; no rule that ran found anything"),
        (9, "1 link, none of which passes credit; no rule that ran found anything"),
        (10, "1 link; no rule that ran found anything"),
    ]


def test_a_line_with_any_finding_behind_it_is_never_suggested() -> None:
    """A line over several domains stands as soon as one of them has a finding."""
    units = [
        Unit("domain:a.co.uk", "a.co.uk", 1, 1, 0),
        Unit("domain:farm.co.uk", "farm.com", 1, 1, 0),
    ]
    assert cover(file("domain:co.uk"), audited(), units, {}).reavow == []
    assert len(cover(file("domain:co.uk"), audited(), units[:1], {}).reavow) == 1


def test_without_what_nothing_speaks_for() -> None:
    live = file(*LIVE, "domain: typo.com")
    text, _ = without(live, cover(live, audited(), UNITS, {"thin.com": "thin sample"}).reavow)
    gone = {"domain:fine.com", "http://fine.com/x", "http://half.com/2", "domain:uni.edu",
            "domain:mine.com"}  # fmt: skip
    lines = text.splitlines()
    assert lines[0] == "# live"
    assert [x for x in lines if not x.startswith("#")] == [x for x in LIVE[1:] if x not in gone]
    assert lines[5] == (  # it would come into effect again with what covered it
        "# re-avowed (4 links; no rule that ran found anything): http://fine.com/x"
    )
    assert lines[-1] == "# invalid (space behind the domain: prefix): domain: typo.com"


def test_coverage_text() -> None:
    live = file(*LIVE, "junk")
    found = cover(live, audited(), UNITS, {"thin.com": "thin sample"})
    text = coverage_text(Path("live.txt"), live, audited(), found, 10)
    assert text.startswith(
        "live.txt, held against the audit of shop.com (as of 2026-11-01)\n\nWARN"
    )
    assert "WARNING: line 12, domain:www.shop.com, covers your own site shop.com" in text
    assert "covers 8 of 9 referring domains, 12 of 22 links, 8 of 17 followed ones, 2 of 3" in text
    assert "disavow                       0        1        0" in text
    assert "1 line without effect" in text
    assert "not evaluable, which is not unneeded" in text
    assert "1 rule of 11 did not run, so what they look for is unknown: BL601" in text


@pure
@given(st.lists(directives(), max_size=6), st.lists(directives(), max_size=6))
def test_coverage_accounts_for_every_link(lines: list[str], places: list[str]) -> None:
    live = file(*lines)
    names = sorted({x for line in file(*places).lines if (x := exact(line))})
    units = [Unit(name, name, 1, index % 2, 0) for index, name in enumerate(names)]
    found = cover(live, audited(), units, {})
    assert sum(x.reach.links for x in found.lines) == found.covered.links
    assert sum(map(sum, found.standings.values())) == len(units) == found.profile.nodes
    valid = [x for line in live.lines if (x := exact(line))]
    naive = sum(any(x == y or naive_covers(y, x) for y in valid) for x in names)
    assert found.covered.links == naive
    left = effect(parse(without(live, found.reavow)[0].encode()))
    # re-avowed is what it says: nothing new, nothing else lost
    assert left == effect(live) - {x.directive for x in found.reavow}


def test_hosts_of_url_lines_are_exact() -> None:
    lines = ["domain:a.com", "http://www.b.com/x", "https://b.com:8080/y", "http://1.2.3.4/z"]
    assert page_hosts(lines) == {"www.b.com", "b.com", "1.2.3.4"}


# Levels


def page(node: str, url: str, credit: bool = True) -> Page:
    host = url.split("/")[2].removeprefix("www.")
    return Page(node=node, host=host, domain=node, url=url, anchor=None, credit=credit)


def test_levels_by_hand() -> None:
    lines = [
        DisavowLine(directive="domain:a.com", reason="r", scheme="S", findings=["f"], sites=["s"]),
        DisavowLine(directive="domain:b.com", reason="q", scheme=None, findings=["g"]),
    ]
    links = [
        page("a.com", "http://blog.a.com/1"),
        page("a.com", "http://blog.a.com/1#top"),
        page("a.com", "http://blog.a.com/2", credit=False),
        page("a.com", "https://www.a.com/é"),
        page("b.com", "http://b.com///x"),
        page("c.com", "http://c.com/"),
    ]
    assert at_level(lines, links, "domain") == (lines, [])
    replace = msgspec.structs.replace
    assert at_level(lines, links, "host") == (
        [
            replace(lines[0], directive="domain:a.com"),
            replace(lines[0], directive="domain:blog.a.com"),
            lines[1],
        ],
        [],
    )
    assert at_level(lines, links, "url") == (
        [
            replace(lines[0], directive="http://blog.a.com/1"),
            replace(lines[0], directive="https://www.a.com/%C3%A9"),
        ],
        ["http://b.com///x"],
    )


@pytest.mark.parametrize("level", ["host", "url"])
def test_a_narrower_level_never_covers_more(level: str) -> None:
    lines = [DisavowLine(directive="domain:a.com", reason="", scheme=None, findings=[])]
    links = [page("a.com", f"http://{x}a.com/{x}") for x in ("", "www.", "x.", "y.x.")]
    found, _ = at_level(lines, links, level)  # type: ignore[arg-type]
    by = coverer({"domain:a.com"})
    assert found
    assert all(by(x.directive) == "domain:a.com" for x in found)
