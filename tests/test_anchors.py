"""Classes of anchors: as a person would say, and as the naive oracle says."""

import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from backlint.engine.duckdb import DuckEngine
from backlint.rules import features, terms
from backlint.rules.catalog import load_features
from naive_anchors import class_of
from test_oracles import oracle

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

import make_anchors

FEATURES = {feature.name: feature for feature in load_features()}
CLASSES = frozenset(make_anchors.CLASSES)


@pytest.fixture(scope="module")
def anchors() -> list[make_anchors.Anchor]:
    return make_anchors.classed()


def test_held_out_half_is_classed_as_a_person_would(anchors: list[make_anchors.Anchor]) -> None:
    held = [anchor for anchor in anchors if anchor.held]
    counts = make_anchors.confusion(held)
    assert len(held) >= 225
    assert make_anchors.accuracy(counts) >= 0.90
    assert {name: make_anchors.recall(counts, name) >= 0.80 for name in CLASSES} == dict.fromkeys(
        CLASSES, True
    )


def test_labelled_set_is_broad(anchors: list[make_anchors.Anchor]) -> None:
    labels = [anchor.label for anchor in anchors]
    assert set(labels) == CLASSES
    assert min(labels.count(name) for name in CLASSES) >= 40


def test_labelled_anchors_are_classed_as_the_oracle_does(
    anchors: list[make_anchors.Anchor],
) -> None:
    sites = {site["domain"]: site for site in make_anchors.sites()}
    for anchor in anchors:
        site = sites[anchor.site]
        label = anchor.site.partition(".")[0]
        text = " ".join(anchor.text.lower().split())
        said = class_of(text, label, site.get("brand", []), site.get("keywords", []))
        assert said == anchor.given, anchor


def test_page_is_current(anchors: list[make_anchors.Anchor]) -> None:
    text = (make_anchors.DOCS / "anchors.in.md").read_text("utf-8")
    assert make_anchors.PAGE.read_text("utf-8") == make_anchors.page(anchors, text), (
        "run python docs/make_anchors.py"
    )


# --- the oracle ----------------------------------------------------------------------------------

PIECES = (
    "here", "click", "read more", "this", "the", "to", "website", "more", "ici", "la suite", "hier",
    "weiterlesen", "подробнее", "здесь", "こちら", "詳細は", "点击", "查看", "여기를", "هنا", "ที่นี่",
    "cheap", "tents", "tent", "tente", "camping", "gear", "gears", "running", "run", "zelte", "zelt",
    "палатки", "палаток", "テント", "acme", "shoes", "acmeshoes", "acme-shoes", "amce", "shoe", "hl",
    "highlights", "café", "cafe", "lumière", "möbel", "moebel", "straße", "strasse", "12", "4",
    "www.", "https://", "http//", "acme-shoes.com", "acme-shoes.co.uk/x", "node.js", "logo.png",
    "info@acme-shoes.com", "acme.", "рф", "пример.рф", ".", "»", "★", "no text", "и", "в", "lundi",
    "theory", "Ünlü", "ÇADIR", "ΟΔΟΣ", "οδος",
)  # fmt: skip
LABELS = ("acme-shoes", "acmeshoes", "hl", "cafelumiere", "moebelhaus", "shop", "xn--mbel-5qa")
BRANDS = ("Acme Shoes", "HL", "Café Lumière", "Möbel Straße", "テント", "Acme", "Οδός")
KEYWORDS = ("cheap tents", "running", "zelte", "палатки", "テント", "camping gear", "4 man tent")
TEXTS = st.lists(
    st.lists(st.sampled_from(PIECES), min_size=0, max_size=4).flatmap(
        lambda pieces: st.sampled_from([" ", "", "-", " "]).map(lambda gap: gap.join(pieces))
    ),
    min_size=30,
    max_size=60,
    unique=True,
)


@oracle(40)
@given(
    TEXTS,
    st.sampled_from(LABELS),
    st.lists(st.sampled_from(BRANDS), max_size=2),
    st.lists(st.sampled_from(KEYWORDS), max_size=3, unique=True),
)
def test_classes_equal_the_oracle(
    texts: list[str], label: str, brand: list[str], keywords: list[str]
) -> None:
    texts = sorted({" ".join(text.lower().split()) for text in texts})
    with DuckEngine(threads=1) as engine:
        terms.register_terms(engine, brand=brand, keywords=keywords, targets={"t": label})
        engine.register(
            "anchor_words", pl.DataFrame({"words": texts, "text": texts}).with_row_index("text_id")
        )
        engine.register("written_anchors", pl.DataFrame({"words": texts}).with_columns(target_id=0))
        engine.register("nodes", pl.DataFrame({"node_id": [0], "node": ["t"]}))
        for name in ("anchor_texts", "anchor_classes"):
            make(engine, name)
        got = dict(
            engine.fetch(
                "SELECT text, class FROM anchor_classes JOIN anchor_texts USING (text_id)"
            ).rows()
        )
    named = "möbel" if label.startswith("xn--") else label
    assert got == {text: class_of(text, named, brand, keywords) for text in texts}
    for kind in set(got.values()):
        event(kind)


# what was assigned after the Unicode version of an older Python is a letter to the engine alone
ASSIGNED = st.text(st.characters(exclude_categories=("Cn", "Co", "Cs")), max_size=12)


@oracle(60)
@given(st.lists(ASSIGNED, min_size=1, max_size=40, unique=True))
def test_sql_and_python_fold_alike(texts: list[str]) -> None:
    """`squash` and `words` of the lists are those of the anchors, whatever the script."""
    with DuckEngine(threads=1) as engine:
        terms.register_terms(engine, brand=[], keywords=[], targets={})
        written = pl.DataFrame({"words": texts}).with_columns(target_id=0)
        engine.register("written_anchors", written)
        for name in ("anchor_words", "anchor_texts"):
            make(engine, name)
        rows = engine.fetch(
            "SELECT words, squash, folded FROM anchor_words JOIN "
            "(SELECT text_id, squash, words AS folded FROM anchor_texts) USING (text_id)"
        ).rows()
    assert {words for words, _, _ in rows} == set(texts)
    for written_as, squash, words in rows:
        assert squash == terms.squash(written_as)
        assert words == terms.words(written_as)


def make(engine: DuckEngine, name: str) -> None:
    """Make one feature table as a run does."""
    features.make_features(engine, [FEATURES[name]], after_graph=False)


def test_every_class_is_drawn() -> None:
    found = {
        class_of(text, "acme-shoes", ["HL"], ["cheap tents"])
        for text in ("", "acme", "here", "cheap tents", "cheap tent", "theory", "acme-shoes.com")
    }
    assert found == CLASSES
