"""Scheme records: what members do, how sure a scheme is, and in which order schemes stand."""

import csv
from pathlib import Path

import msgspec
import polars as pl
import pytest

from backlint.audit import Options, scan
from backlint.errors import RuleError
from backlint.findings import Audit
from backlint.rules import catalog, null

Edge = tuple[str, str]


def audited(tmp_path: Path, edges: list[Edge]) -> Audit:
    path = tmp_path / "edges.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([("source_host", "target_host"), *edges])
    return scan(Options(files=[path], threads=1)).audit


def readers(n: int) -> list[Edge]:
    """Return n pairs that link to each other: everybody is linked to."""
    pairs = [(f"reader{i}.com", f"paper{i}.com") for i in range(n)]
    return [*pairs, *((b, a) for a, b in pairs)]


def roles(audit: Audit) -> dict[str, str]:
    (scheme,) = audit.schemes
    return {m.node: m.role for m in scheme.members}


def test_boosters_and_their_hub_are_told_apart(tmp_path: Path) -> None:
    star = [(f"booster{i}.com", "moneysite.com") for i in range(10)]
    audit = audited(tmp_path, [*star, *((b, a) for a, b in star), *readers(400)])
    assert roles(audit) == {
        "moneysite.com": "hub",
        **{f"booster{i}.com": "booster" for i in range(10)},
    }


def test_blogs_of_a_network_are_sources_and_its_customers_targets(tmp_path: Path) -> None:
    sold = [(f"quietblog{i}.com", f"smallshop{j}.com") for i in range(8) for j in range(4)]
    others = [(f"reader{i}.com", f"paper{i % 100}.com") for i in range(200)]
    found = roles(audited(tmp_path, [*sold, *others]))
    assert {node for node, role in found.items() if role == "source"} == {a for a, _ in sold}
    assert {node for node, role in found.items() if role == "target"} == {b for _, b in sold}


def test_a_ring_is_told_in_its_order(tmp_path: Path) -> None:
    names = ["delta.com", "alpha.com", "echo.com", "bravo.com", "golf.com"]
    ring = list(zip(names, [*names[1:], names[0]], strict=True))
    others = [(f"reader{i}.com", f"paper{i}.com") for i in range(200)]
    audit = audited(tmp_path, [*ring, *others])
    (finding,) = [f for f in audit.findings if f.rule == "BL103"]
    path = finding.detail["path"].split(" -> ")
    turn = path.index("delta.com")
    assert path[turn:] + path[:turn] == names
    assert set(roles(audit).values()) == {"member"}


def test_the_surer_of_two_schemes_comes_first(tmp_path: Path) -> None:
    known, unknown = ([f"{word}{i}.com" for i in range(8)] for word in ("known", "unknown"))
    cliques = [(a, b) for side in (known, unknown) for a in side for b in side if a != b]
    fans = [(f"reader{i}.com", f"known{i}.com") for i in range(4)]
    audit = audited(tmp_path, [*cliques, *fans, *readers(300)])
    first, second = audit.schemes
    assert {m.node for m in first.members} == set(unknown)
    assert {m.node for m in second.members} == set(known)
    assert first.sureness is not None
    assert second.sureness is not None
    # the same numbers but for who links to them: 1 / (1 + 4/8)
    assert second.sureness == pytest.approx(first.sureness / 1.5, abs=0.02)
    listed = [d.domain for d in audit.domains if d.sureness]
    assert set(listed[: len(unknown)]) == set(unknown)


# --- the null of the maximum ---------------------------------------------------------------------


def test_the_price_of_the_search_is_the_largest_row_that_holds() -> None:
    table = null.load_null_maxima()
    frame = pl.DataFrame(
        {"sources": [5, 5000, 5000, 10**7], "size": [4, 4, 100, 10**4], "degree": [1.0, 1, 60, 1e4]}
    )
    expected = [
        max(
            row.needed
            for row in table.rows
            if row.sources <= sources and row.size <= size and row.degree <= degree
        )
        for sources, size, degree in frame.rows()
    ]
    assert null.needed_decades(frame).tolist() == expected
    assert expected == sorted(expected)


def test_the_table_never_falls_and_covers_everything() -> None:
    rows = null.load_null_maxima().rows
    assert any((row.sources, row.size, row.degree) == (0, 0, 0) for row in rows)
    for one in rows:
        for other in rows:
            if (one.sources, one.size, one.degree) <= (
                other.sources,
                other.size,
                other.degree,
            ) and (one.size <= other.size and one.degree <= other.degree):
                assert one.needed <= other.needed


def test_a_broken_table_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "null_maxima.toml").write_text("version = 1\nrows = 3\n", "utf-8")
    monkeypatch.setattr(catalog, "catalogue_dir", lambda: tmp_path)
    with pytest.raises(RuleError, match=r"null_maxima\.toml"):
        null.load_null_maxima.__wrapped__()


def test_records_grow_and_old_reports_are_still_read() -> None:
    from backlint.findings import Scheme

    old = (
        b'{"id": "S-1", "kind": "link-farm", "level": "low", "score": 12.0, "members": [], '
        b'"controlled_by_site": false, "evidence": [], "innocent_if": [], "findings": []}'
    )
    assert msgspec.json.decode(old, type=Scheme).sureness is None
