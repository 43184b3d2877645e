"""Guards, planning, rendering, merging and writing: the properties that keep an upload safe."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint import urls
from backlint.disavow.file import DisavowFile, covering, emit, host_of, is_url, parse
from backlint.disavow.guards import Guards, refusal, refuse_directive, url_refusal
from backlint.disavow.plan import (
    MAX_BYTES,
    MAX_LINES,
    Rendered,
    check_limits,
    merge,
    plan,
    render,
)
from backlint.disavow.write import write_disavow
from backlint.errors import DisavowError, UsageError
from backlint.findings import DisavowLine
from strategies import (
    LINE_BREAKS,
    PUBLIC_SUFFIXES,
    directives,
    domains,
    file_bytes,
    harmful_directives,
    hostile_text,
    pure,
)

REAL = Path(__file__).parents[2] / "shared" / "data" / "disavow"
GUARDS = Guards(
    own=frozenset({"example.com", "shop.example.org"}),
    allow=frozenset({"partner.net"}),
    trusted=frozenset({"uba.ar", "nytimes.com"}),
    platforms=frozenset({"sites.google.com", "blogspot.com", "medium.com"}),
)


def line(directive: str, reason: str = "why", scheme: str | None = "S1", *ids: str) -> DisavowLine:
    return DisavowLine(
        directive=directive, reason=reason, scheme=scheme, findings=list(ids) or ["f1"]
    )


def in_text(text: str) -> list[str]:
    return [x for x in text.split("\n") if x and not x.startswith("#")]


def comments_of(text: str) -> set[str]:
    """The comments but for native forms, which stay only beside the line that needs them."""
    found = {x for x in text.split("\n") if x.startswith("#")}
    return {x for x in found if not x.startswith("# native form: ")}


def written(result: Rendered | None) -> Rendered:
    assert result is not None
    return result


def old_file(*lines: str) -> DisavowFile:
    return parse("".join(f"{x}\n" for x in lines).encode())


# Guards


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("example.com", "own site example.com"),
        ("WWW.Example.com", "own site example.com"),
        ("blog.example.com", "own site example.com"),
        ("example.org", "own site shop.example.org"),  # would cover the shop
        ("com", "own site example.com"),
        ("partner.net", "on the allow-list: partner.net"),
        ("a.partner.net", "on the allow-list: partner.net"),
        ("1.2.3.4", "IP address"),
        ("2001:db8::1", "IP address"),
        ("xyz", "whole top-level domain"),
        ("org.br", "public suffix"),
        ("github.io", "public suffix"),
        ("blogspot.com", "platform root"),
        ("sites.google.com", "platform root"),
        ("google.com", "covers the platform sites.google.com"),
        ("nytimes.com", "on the trusted list: nytimes.com"),
        ("ghost-rider", "no valid host name"),
        ("a b.com", "no valid host name"),
    ],
)
def test_refused_hosts(host: str, reason: str) -> None:
    assert refusal(host, GUARDS) == reason


def test_a_host_that_covers_suffixes_is_refused() -> None:
    found = refusal("amazonaws.com", GUARDS)
    assert found is not None
    assert found.startswith("covers the public suffix ")


@pytest.mark.parametrize(
    "host",
    [
        "spam.blogspot.com",
        "x.econ.uba.ar",
        "spam.medium.com",
        "notexample.com",
        "other.example.org",
        "spam.github.io",
        "anything.org.br",
    ],
)
def test_allowed_hosts(host: str) -> None:
    assert refusal(host, GUARDS) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://www.example.com/x", "own site example.com"),
        ("http://blog.example.com/x", "own site example.com"),
        ("http://a.partner.net:8080/", "on the allow-list: partner.net"),
        ("http://example.org/x", None),  # one page beside the own shop
        ("http://www.nytimes.com/x", None),
        ("https://sites.google.com/view/spam", None),
        ("http://1.2.3.4/spam", None),
        ("ftp://spam.com/", "no valid URL"),
        ("http://spam.com/\nx", "no valid URL"),
    ],
)
def test_url_refusal(url: str, reason: str | None) -> None:
    assert url_refusal(url, GUARDS) == reason


def test_guards_take_any_notation() -> None:
    guards = Guards(own=frozenset({"https://WWW.Bücher.de/"}), allow=frozenset({"gov"}))
    assert refusal("xn--bcher-kva.de", guards) == "own site xn--bcher-kva.de"
    assert refusal("nasa.gov", guards) == "on the allow-list: gov"


def test_a_protected_entry_is_never_lost() -> None:
    with pytest.raises(UsageError, match="not a host"):
        refusal("spam.com", Guards(own=frozenset({"not a host"})))


# Plan


def test_plan_by_hand() -> None:
    kept, refused = plan(
        [
            line("http://www.b.com/x#top", "page", None, "f5"),
            line("domain:x.a.com", "sub", "S2", "f2"),
            line("DOMAIN:WWW.A.com", "farm", "S1", "f1"),
            line("domain:a.com", "other words", "S2", "f3"),
            line("http://a.com/page", "page", None, "f4"),
            line("domain:org.br", "farm", "S1", "f6"),
            line("example.net", "farm", "S1", "f7"),
        ],
        GUARDS,
    )
    assert kept == [
        line("domain:a.com", "farm", "S1", "f1", "f2", "f3", "f4"),
        line("http://www.b.com/x", "page", None, "f5"),
    ]
    assert [(x.directive, reason) for x, reason in refused] == [
        ("domain:org.br", "public suffix"),
        ("example.net", "a host without the domain: prefix"),
    ]


def lines_strategy(values: st.SearchStrategy[str]) -> st.SearchStrategy[list[DisavowLine]]:
    one = st.builds(
        line,
        values,
        st.sampled_from(["why", "farm"]) | hostile_text(),
        st.sampled_from([None, "S1", "S2"]) | hostile_text(),
        st.sampled_from(["f1", "f2"]),
    )
    return st.lists(one, max_size=8)


any_lines = lines_strategy(
    st.one_of(directives(), directives(), harmful_directives(), hostile_text())
)
guard_sets = st.builds(
    lambda own, allow, trusted, platforms: Guards(
        own=own, allow=allow, trusted=trusted, platforms=platforms
    ),
    *(
        st.frozensets(
            st.sampled_from(["a.com", "x.a.com", "b.org", "c.blogspot.com", "blogspot.com"]),
            max_size=1,
        )
        for _ in range(4)
    ),
)


def assert_fit_to_upload(text: str, guards: Guards) -> None:
    """Properties 24, 25, 28: what every file must satisfy, read by the plainest reader."""
    assert text.splitlines() == text.split("\n")[:-1]  # nothing splits but LF
    assert not text.startswith("\ufeff")
    text.encode()
    found = in_text(text)
    assert len(found) == len(set(found))
    assert not covering(found)
    for directive in found:
        assert refuse_directive(directive, guards) is None
        if is_url(directive):
            assert urls.canonical_url(directive) == directive
            assert len(directive) <= 2048
        else:
            host = urls.parse_host(host_of(directive))
            assert host == urls.Host(host_of(directive), False)
            assert not urls.is_public_suffix(host.name)


@pure
@given(any_lines, guard_sets, st.randoms())
def test_plan_properties(lines: list[DisavowLine], guards: Guards, rng: object) -> None:
    kept, refused = plan(lines, guards)
    assert_fit_to_upload("".join(f"{x.directive}\n" for x in kept), guards)
    assert plan(kept, guards) == (kept, [])
    shuffled = sorted(lines, key=lambda _: rng.random())  # type: ignore[attr-defined]
    assert plan(shuffled, guards) == (kept, refused)
    # Property 29: findings of a line that is not refused are found again
    lost = [x for x, _ in refused]
    assert {f for x in lines if x not in lost for f in x.findings} == {
        f for x in kept for f in x.findings
    }


@pure
@given(st.sampled_from(PUBLIC_SUFFIXES), domains(), guard_sets)
def test_protected_never_appear(suffix: str, own: str, guards: Guards) -> None:
    """Property 24, whatever else is asked for."""
    friend, platform = f"friend.{own}.net", f"platform.{own}.net"
    guards = Guards(
        own=frozenset({own}), allow=guards.allow | {friend}, platforms=frozenset({platform})
    )
    wanted = [suffix, own, f"sub.{own}", f"www.{own}", own.partition(".")[2], "1.2.3.4"]
    wanted += [friend, f"sub.{friend}", f"{own}.net", platform, "2001:db8::1"]
    kept, refused = plan([line(f"domain:{x}") for x in wanted], guards)
    assert kept == []
    assert len(refused) == len(wanted)


# Render


def test_nothing_to_disavow() -> None:
    assert render([], None, GUARDS) is None
    assert render([line("domain:example.com")], None, GUARDS) is None


def test_render_by_hand() -> None:
    result = written(
        render(
            [
                line("domain:z.com", "farm of 9", "S1"),
                line("domain:bücher.de", "farm of 9", "S1"),
                line("domain:k.com", "ring", "S1"),
                line("http://hacked.edu/p", "injected\ndomain:evil.com", None),
                line("domain:m.com", "", "S2"),
            ],
            None,
            GUARDS,
            ["backlint for example.com"],
        )
    )
    assert result.text == (
        "# backlint for example.com\n"
        "\n"
        "# S1: farm of 9\n"
        "# native form: bücher.de\n"
        "domain:xn--bcher-kva.de\n"
        "domain:z.com\n"
        "# S1: ring\n"
        "domain:k.com\n"
        "\n"
        "# S2\n"
        "domain:m.com\n"
        "\n"
        "# injected domain:evil.com\n"
        "http://hacked.edu/p\n"
    )
    assert (result.report, result.directives) == ([], 5)


def test_render_without_comments() -> None:
    lines = [line("domain:z.com"), line("domain:bücher.de", "x"), line("domain:a.com", "y", None)]
    result = written(render(lines, None, GUARDS, comments=False))
    assert result.text == "domain:z.com\ndomain:xn--bcher-kva.de\n\ndomain:a.com\n"


def test_render_with_an_old_file_by_hand() -> None:
    old = old_file(
        "# my list",
        "",
        "domain:sub.new.com",
        "domain:org.br",
        "domain:www.keep.com",
        "DOMAIN:KEEP.com",
        "domain:www.wide.com",
        "http://example.com/x",
        "domain: typo.com",
        "domain:sites.google.com",
        "domain:9.9.9.9",
        "https://page.com:443/a#b",
    )
    new = [line("domain:new.com"), line("domain:keep.com"), line("http://keep.com/x")]
    result = written(render(new, old, GUARDS, ["added by backlint"]))
    assert result.text == (
        "# my list\n"
        "\n"
        "# covered by domain:new.com: domain:sub.new.com\n"
        "# refused (public suffix): domain:org.br\n"
        "domain:keep.com\n"
        "# duplicate: domain:keep.com\n"
        "domain:wide.com\n"
        "# refused (own site example.com): http://example.com/x\n"
        "# invalid (space behind the domain: prefix): domain: typo.com\n"
        "# refused (platform root): domain:sites.google.com\n"
        "# refused (IP address): domain:9.9.9.9\n"
        "https://page.com/a\n"
        "\n"
        "# added by backlint\n"
        "\n"
        "# S1: why\n"
        "domain:new.com\n"
    )
    assert [(note.line, note.state) for note in result.report] == [
        (3, "covered"),
        (4, "refused"),
        (6, "duplicate"),
        (7, "widened"),
        (8, "refused"),
        (9, "invalid"),
        (10, "refused"),
        (11, "refused"),
    ]
    assert result.directives == 4
    # the same findings again change nothing: no second section, no second header
    again = written(render(new, parse(result.text.encode()), GUARDS, ["added by backlint"]))
    assert again.text == result.text
    assert again.report == []


@pure
@given(
    any_lines, st.none() | file_bytes().map(parse), guard_sets, st.lists(hostile_text(), max_size=2)
)
def test_rendered_files_are_fit_to_upload(
    lines: list[DisavowLine], old: DisavowFile | None, guards: Guards, header: list[str]
) -> None:
    """Properties 24 to 30."""
    result = render(lines, old, guards, header)
    kept, refused = plan(lines, guards)
    assert (result is None) == (old is None and not kept)
    if result is None:
        return
    assert_fit_to_upload(result.text, guards)
    found = in_text(result.text)
    assert result.directives == len(found)
    before = merge([old], guards) if old is not None else Rendered("", [], 0)
    # nothing that nobody asked for, and all that was asked for
    asked = {*in_text(before.text), *(x.directive for x in kept)}
    assert asked - set(covering(asked)) == set(found)
    assert render(lines, old, guards, header) == result
    assert sum(note.file is None for note in result.report) == len(refused)
    # a second run over its own result adds nothing
    again = written(render(lines, parse(result.text.encode()), guards, header))
    assert again.text == result.text
    if old is not None:
        for text in comments_of(emit(old.lines)):
            assert text in comments_of(result.text)
    if old is not None and not kept:
        assert result.text == before.text


@pure
@given(file_bytes())
def test_no_findings_give_the_old_file_back(data: bytes) -> None:
    """Property 30 for a file without repeats and without anything to refuse."""
    old = parse(data)
    result = written(render([], old, Guards()))
    if not [note for note in result.report if note.state in ("refused", "covered", "duplicate")]:
        assert result.text == emit(old.lines)


@pytest.mark.parametrize("mark", LINE_BREAKS)
def test_outside_text_makes_no_directive(mark: str) -> None:
    """Property 28 by hand: in a reason, a scheme, a header, a directive."""
    evil = f"x{mark}domain:evil.com"
    lines = [line("domain:a.com", evil, evil), line(f"domain:b.com{mark}domain:evil.com")]
    lines += [line(f"http://b.com/{mark}domain:evil.com"), line(f"{mark}domain:evil.com\n")]
    result = written(render(lines, None, GUARDS, [evil]))
    assert in_text(result.text) == ["domain:a.com"]
    assert [x for x in result.text.splitlines() if not x.startswith("#") and x] == ["domain:a.com"]


def test_long_reasons_are_cut() -> None:
    result = written(render([line("domain:a.com", "x" * 5000, None)], None, GUARDS))
    assert len(result.text.split("\n")[0]) == 2 + 200


# Merge


def test_merge_by_hand() -> None:
    first = old_file("# one", "domain:x.a.com", "domain:keep.com", "", "# tail")
    second = old_file("# two", "domain:keep.com", "", "# one", "domain:a.com", "http://a.com/x")
    result = merge([first, second], GUARDS)
    assert result.text == (
        "# one\n"
        "# covered by domain:a.com: domain:x.a.com\n"
        "domain:keep.com\n"
        "\n"
        "# tail\n"
        "\n"
        "# two\n"
        "\n"
        "domain:a.com\n"
        "# covered by domain:a.com: http://a.com/x\n"
    )
    assert [(x.file, x.line, x.state) for x in result.report] == [
        (0, 2, "covered"),
        (1, 6, "covered"),
    ]
    assert result.directives == 2


@pure
@given(st.lists(file_bytes().map(parse), min_size=1, max_size=3), guard_sets)
def test_merge_properties(files: list[DisavowFile], guards: Guards) -> None:
    """Property 26, and 23: comments survive."""
    result = merge(files, guards)
    assert_fit_to_upload(result.text, guards)
    found = set(in_text(result.text))
    allowed = {
        x for file in files for x in file.directives() if refuse_directive(x, guards) is None
    }
    wider = covering(allowed)
    for directive in allowed:
        assert directive in found or wider[directive] in found
    assert found <= allowed
    for file in files:
        assert comments_of(emit(file.lines)) <= comments_of(result.text)
    reparsed = parse(result.text.encode())
    assert merge([reparsed], guards).text == result.text  # idempotent
    assert merge([reparsed, *files], guards).text == result.text
    assert merge([files[0], files[0]], guards).text == merge([files[0]], guards).text
    other = merge(files[::-1], guards)  # commutative up to order
    assert set(in_text(other.text)) == found
    assert comments_of(other.text) == comments_of(result.text)


# Limits


def test_line_limit() -> None:
    lines = [f"domain:a{number}.com" for number in range(MAX_LINES)]
    assert merge([old_file(*lines)], GUARDS).directives == MAX_LINES
    with pytest.raises(DisavowError, match=r"100,001 lines .* at most 100,000 lines"):
        merge([old_file(*lines, "# one more")], GUARDS)


def test_byte_limit() -> None:
    check_limits("#" * (MAX_BYTES - 1) + "\n")
    with pytest.raises(DisavowError, match=r"2,000,001 bytes.*nothing was written"):
        check_limits("#" * MAX_BYTES + "\n")
    with pytest.raises(DisavowError):
        check_limits("é" * (MAX_BYTES // 2) + "\n")


def test_a_full_file_takes_seconds_not_minutes() -> None:
    text = "".join(f"domain:a{number}.co.uk\n" for number in range(90_000))
    start = time.perf_counter()
    merge([parse(text.encode())], GUARDS)
    assert time.perf_counter() - start < 20  # about one second; the bound is for busy machines


# Write


def test_write_and_backup(tmp_path: Path) -> None:
    path = tmp_path / "disavow.txt"
    assert write_disavow(path, "domain:a.com\n") is None
    assert write_disavow(path, "domain:a.com\n") is None  # the same again is no conflict
    with pytest.raises(DisavowError, match="--force"):
        write_disavow(path, "domain:b.com\n")
    assert path.read_bytes() == b"domain:a.com\n"
    assert write_disavow(path, "domain:b.com\n", force=True) == tmp_path / "disavow.txt.bak"
    assert write_disavow(path, "domain:c.com\n", force=True) == tmp_path / "disavow.txt.bak.1"
    assert (tmp_path / "disavow.txt.bak").read_bytes() == b"domain:a.com\n"
    assert (tmp_path / "disavow.txt.bak.1").read_bytes() == b"domain:b.com\n"
    assert path.read_bytes() == b"domain:c.com\n"
    assert len(list(tmp_path.iterdir())) == 3


def test_write_refuses(tmp_path: Path) -> None:
    with pytest.raises(DisavowError, match=r"end in \.txt"):
        write_disavow(tmp_path / "disavow.csv", "domain:a.com\n")
    with pytest.raises(DisavowError, match="does not exist"):
        write_disavow(tmp_path / "no" / "disavow.txt", "domain:a.com\n")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DisavowError, match="cannot be written"):
        write_disavow(tmp_path / "folder.txt", "domain:a.com\n", force=True)
    with pytest.raises(DisavowError, match="at most"):
        write_disavow(tmp_path / "big.txt", "#\n" * (MAX_LINES + 1))
    assert [x.name for x in tmp_path.iterdir()] == ["folder.txt"]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not part of the project")
def test_real_files_merge() -> None:
    files = [parse(path.read_bytes()) for path in sorted(REAL.glob("*.txt"))]
    result = merge(files, GUARDS)
    assert_fit_to_upload(result.text, GUARDS)
    assert merge([parse(result.text.encode())], GUARDS).text == result.text
    refused = {note.text: note.reason for note in result.report if note.state == "refused"}
    assert refused == {
        "domain:213.174.132.240": "IP address",
        "domain:org.br": "public suffix",
        "domain:sites.google.com": "platform root",
    }
    assert not [note for note in result.report if note.state == "invalid"]
