"""Make the tables that rules may read: word lists, terms of the user, feature SQL, tails."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from backlint.engine.base import Engine
from backlint.lists import load_list
from backlint.rules.model import Feature, used_parameters
from backlint.rules.tails import add_tails

# features numbered below are made before the graph is searched, the others judge its candidates
AFTER_GRAPH = 50

WORD_LISTS = (
    "generic_anchors",
    "generic_paths",
    "seller_phrases",
    "directory_words",
    "subdomain_labels",
    "credit_phrases",
    "redirect_services",
    "affiliate_hosts",
    "trusted",
)

# what a page is by the words of its URL; the name of the list, cut at the underscore, is the kind
PAGE_LISTS = (
    "admin_paths",
    "bookmark_words",
    "comment_words",
    "directory_words",
    "forum_words",
    "guest_words",
    "press_words",
    "profile_words",
)


def squash(text: str) -> str:
    """Return a text as its letters and digits only, lower case: "Acme-Shoes" is "acmeshoes"."""
    return re.sub(r"[\W_]+", "", text.casefold())


def words(text: str) -> str:
    """Return a text as lower-case words between single spaces, with a space at either end."""
    return " " + re.sub(r"[\W_]+", " ", text.casefold()).strip() + " "


def register_terms(
    engine: Engine, *, brand: Sequence[str], keywords: Iterable[str], targets: Mapping[str, str]
) -> None:
    """Register word lists, brand terms and keywords.

    `targets` maps a target node to the label that stands for its brand. Brand terms of the user
    hold for every audited site; the domain's own label always counts as brand.
    """
    for name in WORD_LISTS:
        entries = sorted(set(load_list(name).entries))
        engine.register(
            name,
            pl.DataFrame(
                [(entry, squash(entry), words(entry)) for entry in entries],
                schema=["entry", "squash", "words"],
                orient="row",
            ),
        )
    engine.register("page_words", _page_words())
    engine.register("brand_terms", _brand_terms(brand, targets))
    terms = {(squash(term), words(term)) for term in keywords if squash(term)}
    schema = {"squash": pl.String, "words": pl.String}
    engine.register("keywords", pl.DataFrame(sorted(terms), schema=schema, orient="row"))


def _page_words() -> pl.DataFrame:
    """Return entry and kind; a word of several lists has the kind of the first of them."""
    kinds: dict[str, str] = {}
    for name in PAGE_LISTS:
        for entry in load_list(name).entries:
            kinds.setdefault(entry, name.partition("_")[0])
    return pl.DataFrame(sorted(kinds.items()), schema=["entry", "kind"], orient="row")


def pattern_of(names: Sequence[str]) -> str:
    """Return a regular expression that finds a word of some lists in a lower-case URL.

    A word stands by itself as a host label, a path segment, a file, parameter or fragment name, a
    number after it or not: `/forum/`, `viewtopic.php`, `#comment-12`. The first group is the word.
    """
    entries = sorted({entry for name in names for entry in load_list(name).entries})
    return f"[/?&#;.]({'|'.join(map(re.escape, entries))})[-_]?[0-9]*(?:[/?&#;=.]|$)"


def _brand_terms(brand: Sequence[str], targets: Mapping[str, str]) -> pl.DataFrame:
    """Return target and squash; by columns, because without a site every target has a brand."""
    given = sorted({term for term in map(squash, brand) if len(term) >= 2})
    named = pl.DataFrame(
        {"target": list(targets), "squash": list(targets.values())},
        schema={"target": pl.String, "squash": pl.String},
    ).with_columns(pl.col("squash").str.to_lowercase().str.replace_all(r"[\W_]+", ""))
    everywhere = pl.DataFrame({"squash": given}, schema={"squash": pl.String})
    return (
        pl.concat(
            [
                named.filter(pl.col("squash").str.len_chars() >= 3),
                named.select("target").join(everywhere, how="cross"),
            ]
        )
        .unique()
        .sort("target", "squash")
    )


def make_features(
    engine: Engine,
    features: Sequence[Feature],
    *,
    after_graph: bool,
    progress: Callable[[str], None] = lambda _: None,
) -> None:
    """Materialise the features of one phase in order, with the tails that belong to them."""
    phase = [f for f in features if (int(f.path.name[:2]) >= AFTER_GRAPH) == after_graph]
    for feature in phase:
        progress(f"making {feature.name.replace('_', ' ')}")
        used = used_parameters(feature.sql)
        patterns = {name: pattern_of(lists) for name, lists in feature.header.patterns.items()}
        params = {name: (feature.header.params | patterns)[name] for name in sorted(used)}
        if feature.header.view:
            engine.run(f"CREATE OR REPLACE VIEW {feature.name} AS {feature.sql}")
        else:
            engine.materialise(feature.name, feature.sql, params or None)
        add_tails(engine, feature.name)
    for feature in phase:
        if feature.header.scratch:
            engine.run(f"DROP TABLE {feature.name}")
