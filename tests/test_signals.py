"""What a profile is made of: tactics, places, signals; told whatever the rules say."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlint.audit import Options, judge_tables, scan
from backlint.engine.duckdb import DuckEngine
from backlint.inputs.load import load
from backlint.report.csv import SIGNALS, domain_signals
from backlint.rules.signals import page_ranks, relevances

SITE = "shop.com"
HEADER = ("source_url", "target_url", "anchor", "rel", "first_seen", "lost", "kind", "placement", "title")  # fmt: skip


def row(source: str, target: str = "https://shop.com/", **more: str) -> list[str]:
    told = {"source_url": source, "target_url": target, "anchor": "Shop"} | more
    return [told.get(name, "") for name in HEADER]


@contextmanager
def judged(folder: Path, rows: list[list[str]], **more: Any) -> Iterator[DuckEngine]:
    path = folder / "links.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])
    with DuckEngine(threads=1) as engine:
        load(engine, [path], sites=[SITE])
        judge_tables(engine, "domain", [], [], **more)
        yield engine


# --- tactics -------------------------------------------------------------------------------------

TACTICS = [
    (row("https://facebook.com/groups/tents/posts/1"), "social", "host", "facebook.com"),
    (row("https://m.reddit.com/r/tents/comments/x"), "forum/comment/profile", "host", "reddit.com"),
    (row("https://a.com/forum/viewtopic.php?t=9"), "forum/comment/profile", "url", "forum"),
    (row("https://b.com/post#comment-31"), "forum/comment/profile", "url", "comment"),
    (row("https://c.com/a-b-c", rel="ugc"), "forum/comment/profile", "rel", None),
    (row("https://c2.com/a", placement="Comment area"), "forum/comment/profile", "placement", None),
    (row("https://d.com/members/bob"), "forum/comment/profile", "url", "members"),
    (row("https://diigo.com/user/x"), "bookmark", "host", "diigo.com"),
    (row("https://e.com/bookmarks/7"), "bookmark", "url", "bookmarks"),
    (row("https://prnewswire.com/x"), "press release", "host", "prnewswire.com"),
    (row("https://f.com/press-release/new-tent"), "press release", "url", "press-release"),
    (row("https://g.com/x", rel="sponsored"), "influencer/affiliate", "rel", None),
    (row("https://h.com/x", "https://shop.com/?affid=7"), "influencer/affiliate", "target", None),
    (row("https://i.com/guest-post/tents"), "guest post", "url", "guest-post"),
    (row("https://j.com/directory/outdoor"), "directory", "url", "directory"),
    (row("https://k.com/testimonials/"), "testimonial/review", "url", "testimonials"),
    (row("https://l.com/links/"), "resource page", "url", "links"),
    (row("https://m.com/our-partners"), "partner/reciprocal", "url", "our-partners"),
    (row("https://n.com/2024/05/rain"), "content/editorial", "path", None),
    (row("https://o.com/how-to-pitch-a-tent"), "content/editorial", "path", None),
    (row("https://p.com/x", placement="Main Content"), "content/editorial", "placement", None),
    (row("https://q.com/x", kind="Redirect"), "redirect", "kind", None),
    (row("https://r.com/widgets/clock"), "widget/badge", "url", "widgets"),
    (row("https://r2.com/x", kind="frame"), "widget/badge", "kind", None),
    (row("https://o2.com/how-to-pitch-a-tent/?utm_source=x"), "content/editorial", "path", None),
    (row("https://o3.com/tag/tents-and-camping"), "unknown", "nothing", None),
    (row("https://o4.com/product/blue-tent-with-poles"), "unknown", "nothing", None),
    (row("https://o5.com/privacy-policy-and-terms"), "unknown", "nothing", None),
    (row("https://s.com/x"), "unknown", "nothing", None),
    (row("https://t.com/forumulas/x"), "unknown", "nothing", None),
    (row("https://u.com/x", placement="footer"), "unknown", "nothing", None),
]


@pytest.mark.parametrize(
    ("link", "tactic", "sign", "word"), TACTICS, ids=[t[0][0] for t in TACTICS]
)
def test_tactic(link: list[str], tactic: str, sign: str, word: str | None, tmp_path: Path) -> None:
    with judged(tmp_path, [link, row("https://z.com/y")]) as engine:
        told = engine.fetch(
            "SELECT tactic, sign, word FROM link_tactics JOIN nodes ON node_id = source_id "
            "WHERE node <> 'z.com'"
        )
    assert told.rows() == [(tactic, sign, word)]


def test_what_the_site_links_back_to_is_a_partner(tmp_path: Path) -> None:
    rows = [
        row("https://a.com/x"),
        row("https://shop.com/p", "https://a.com/"),
        row("https://b.com/x"),
    ]
    with judged(tmp_path, rows) as engine:
        told = engine.fetch(
            "SELECT node, tactic, sign FROM link_tactics JOIN nodes ON node_id = source_id ORDER BY 1"
        )
    assert told.rows() == [
        ("a.com", "partner/reciprocal", "link back"),
        ("b.com", "unknown", "nothing"),
    ]


def test_a_link_that_took_the_place_of_a_lost_one(tmp_path: Path) -> None:
    rows = [
        row("https://a.com/guide", anchor="tents"),
        row("https://a.com/guide", "https://old.com/", anchor="tents", lost="true"),
        row("https://b.com/guide", anchor="tents"),
        row(
            "https://b.com/guide", "https://old.com/", anchor="tents"
        ),  # still there: none replaced
    ]
    with judged(tmp_path, rows) as engine:
        told = engine.fetch(
            "SELECT node, tactic FROM link_tactics JOIN nodes ON node_id = source_id ORDER BY 1"
        )
    assert told.rows() == [("a.com", "broken-link replacement"), ("b.com", "unknown")]


@pytest.mark.parametrize(
    ("anchor", "pages", "tactic"),
    [
        ("Web design by Shop", 50, "footer credit"),
        ("Web design by Shop", 49, "content/editorial"),  # too few pages for a template
        ("Shop", 50, "unknown"),  # a template, but nobody's credit
    ],
)
def test_template(anchor: str, pages: int, tactic: str, tmp_path: Path) -> None:
    rows = [row(f"https://a.com/one-two-three-{n}", anchor=anchor) for n in range(pages)]
    with judged(tmp_path, rows) as engine:
        assert engine.fetch("SELECT DISTINCT tactic FROM link_tactics").rows() == [(tactic,)]


def test_every_judged_link_has_one_tactic_and_the_makeup_adds_up(tmp_path: Path) -> None:
    rows = [link for link, *_ in TACTICS]
    rows += [row("https://gone.com/x", lost="true"), row("https://nf.com/x", rel="nofollow")]
    with judged(tmp_path, rows) as engine:
        links = engine.value("SELECT count(*) FROM links")
        assert engine.value("SELECT count(DISTINCT link_id) FROM link_tactics") == links
        assert engine.value("SELECT count(*) FROM link_tactics") == links
        sums = engine.fetch(
            "SELECT dimension, CAST(sum(links) AS BIGINT) FROM makeup GROUP BY 1 ORDER BY 1"
        ).rows()
        rel = engine.fetch("SELECT value, links, nodes FROM makeup WHERE dimension = 'rel'").rows()
    assert sums == [
        ("anchor", links), ("kind", links - 1), ("placement", links - 1), ("rel", links),
        ("tactic", links - 1),
    ]  # fmt: skip
    counted = {value: (links, nodes) for value, links, nodes in rel}
    assert [counted[value] for value in ("lost", "ugc", "sponsored", "nofollow")] == [(1, 1)] * 4


def test_places_known_and_inferred(tmp_path: Path) -> None:
    rows = [
        row("https://a.com/x", placement="Content"),
        row("https://b.com/x", placement="Footer"),
        row("https://c.com/x", placement="Aside"),
        row("https://d.com/x", placement="Header nav"),
        row("https://e.com/one-two-three"),
        row("https://f.com/x"),
        row("https://g.com/x", placement="Link Position 7"),
    ]
    with judged(tmp_path, rows) as engine:
        told = engine.fetch(
            "SELECT node, spot, spot IS NOT NULL AND inferred FROM link_tactics "
            "JOIN nodes ON node_id = source_id ORDER BY 1"
        ).rows()
    assert told == [
        ("a.com", "content", False), ("b.com", "footer", False), ("c.com", "sidebar", False),
        ("d.com", "header", False), ("e.com", "content", True), ("f.com", None, False),
        ("g.com", None, False),
    ]  # fmt: skip


def test_without_a_site_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text(
        "source_url,target_url\nhttps://a.com/,https://b.com/\nhttps://b.com/,https://a.com/\n"
    )
    with DuckEngine(threads=1) as engine:
        load(engine, [path], sites=[])
        judge_tables(engine, "domain", [], [])
        for table in ("link_tactics", "domain_signals", "makeup", "page_ranks"):
            assert engine.value(f"SELECT count(*) FROM {table}") == 0


# --- signals -------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.sets(
        st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda e: e[0] != e[1]),
        max_size=60,
    )
)
def test_page_rank_is_that_of_networkx(edges: set[tuple[int, int]]) -> None:
    frame = pl.DataFrame(
        sorted(edges), schema={"source": pl.Int64, "target": pl.Int64}, orient="row"
    )
    got = dict(page_ranks(frame).rows())
    graph = nx.DiGraph(edges)
    expected = nx.pagerank(graph, alpha=0.85, tol=1e-12, max_iter=1000) if edges else {}
    assert got.keys() == {target for _, target in edges}
    for node, rank in got.items():
        assert rank == pytest.approx(expected[node] * len(graph), abs=1e-4)


def test_relevance_is_the_cosine_of_what_is_shared() -> None:
    texts = pl.DataFrame(
        [(None, "camping tents"), (1, "camping tents"), (2, "tax law"), (3, "tents tax"), (4, "")],
        schema={"node_id": pl.Int64, "text": pl.String},
        orient="row",
    )
    got = {node: (value, words) for node, value, words in relevances(texts).rows()}
    assert got[1][0] == pytest.approx(1.0, abs=1e-3)
    assert got[1][1] == "camping, tents"  # the rarer word weighs more
    assert got[2] == (0.0, "")
    assert 4 not in got  # without a word nothing is known
    # idf = ln((1 + 4) / (1 + df)) + 1: camping df 1, tents df 2, tax df 2
    camping, tents = 1.9162907, 1.5108256
    expected = tents * tents / ((camping**2 + tents**2) ** 0.5 * (2 * tents**2) ** 0.5)
    assert got[3][0] == pytest.approx(expected, abs=1e-3)
    assert got[3][1] == "tents"


@pytest.mark.parametrize("topic", ["", "de la au"])
def test_without_words_relevance_is_unknown(topic: str) -> None:
    frame = pl.DataFrame(
        [(None, topic), (1, "of in")], schema={"node_id": pl.Int64, "text": pl.String}, orient="row"
    )
    assert relevances(frame).is_empty()


def test_signals_of_an_export_with_page_columns(tmp_path: Path) -> None:
    header = "source_url,target_url,anchor,rel,title,external_links,page_authority,page_traffic,before,after"
    path = tmp_path / "links.csv"
    path.write_text(
        f"{header}\n"
        "https://a.com/one-two-three,https://shop.com/tents,Shop,follow,Tents and camping,10,30,100,go to,\n"
        "https://a.com/four-five-six,https://shop.com/tents,shops,nofollow,More tents,20,40,,,\n"
        "https://a.com/seven-eight-nine,https://shop.com/,Shop,follow,Camping,90,,,,\n"
        "https://b.com/links,https://shop.com/tents,Shop,,Tax law,,,,,\n"
    )
    out = tmp_path / "audit"
    options = Options(files=[path], sites=[SITE], topic=["camping with tents"])
    result = scan(options, out)
    listed = (out / "domains.csv").read_bytes()
    told = domain_signals(listed, "a.com")
    assert told == {
        "tactic": "content/editorial", "sign": "path", "editorial": "yes",
        "page_authority": "40.0", "page_traffic": "100", "dilution": "20",
        "context_share": "0.3333",  # beside one of three anchors there is text
        "target_share": "1.0",  # both owners link to /tents
        "relevance": told["relevance"], "relevant_words": told["relevant_words"],
    }  # fmt: skip
    assert float(told["relevance"]) > 0.3
    assert set(told["relevant_words"].split(", ")) == {"camping", "tents"}
    other = domain_signals(listed, "b.com")
    assert other["tactic"] == "resource page"
    assert float(other["relevance"]) == 0.0
    assert not other.keys() & {"dilution", "page_authority", "pagerank", "authority"}
    assert other["context_share"] == "0.0"  # the file has text beside anchors, here is none
    assert {part.dimension for part in result.audit.makeup} == {
        "rel", "kind", "placement", "tactic", "anchor",
    }  # fmt: skip
    assert set(told) <= set(SIGNALS)


def test_without_a_topic_relevance_is_unknown(tmp_path: Path) -> None:
    with judged(tmp_path, [row("https://a.com/x", title="Tents")]) as engine:
        assert engine.fetch("SELECT relevance FROM domain_signals").rows() == [(None,)]


def test_findings_that_say_the_same_of_one_subject_have_ids_of_their_own(tmp_path: Path) -> None:
    """Several weeks of one site, or several links of one template, would else be one finding."""
    rows = [
        row(
            f"https://s{n}.com/one-two-{page}",
            f"https://shop.com/p{kind}",
            anchor=f"Powered by {kind}",
        )
        for kind in "ab"
        for n in range(6)
        for page in range(12)
    ]
    path = tmp_path / "links.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADER, *rows])
    audit = scan(Options(files=[path], sites=[SITE])).audit
    ids = [finding.id for finding in audit.findings]
    assert len(ids) == len(set(ids))
    assert audit.findings
    assert all(finding.says for finding in audit.findings)
