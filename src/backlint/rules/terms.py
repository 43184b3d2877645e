"""The words that rules compare with: lists, brand names, keywords, spam; folded as texts are."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from backlint import urls
from backlint.engine.base import Engine
from backlint.lists import load_list

WORD_LISTS = (
    "empty_anchors",
    "generic_anchors",
    "generic_paths",
    "seller_phrases",
    "directory_words",
    "script_homes",
    "subdomain_labels",
    "credit_phrases",
    "cdn_ranges",
    "injected_words",
    "open_hosts",
    "redirect_services",
    "affiliate_hosts",
    "trusted",
)

# how often a suffix is abused, by published reports; the kind is made of the name as below
SUFFIX_LISTS = ("abused_suffixes", "free_suffixes", "raised_suffixes")

# what spam advertises; the name of the list, cut at the underscore, is the trade
SPAM_LISTS = (
    "adult_spam",
    "casino_spam",
    "crypto_spam",
    "essays_spam",
    "loans_spam",
    "pharma_spam",
    "replica_spam",
)

# what a page is by the words of its URL; the name of the list, cut at the underscore, is the kind
PAGE_LISTS = (
    "admin_paths",
    "bookmark_words",
    "comment_words",
    "resource_words",
    "directory_words",
    "forum_words",
    "guest_words",
    "partner_words",
    "press_words",
    "profile_words",
    "review_words",
    "widget_words",
)

# whose pages they are, by registrable domain
HOST_LISTS = ("bookmark_hosts", "forum_hosts", "press_hosts", "social_hosts")


# letters that are not a plain one with a mark; `anchor_texts` has the same
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "ς": "σ"}
)

# scripts that write no spaces, or fasten articles and particles to their words: Hebrew, Arabic,
# Thai, Lao, Burmese, Khmer, Hangul, Kana, Han
_DENSE = (
    "[\u0590-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u0e00-\u0eff\u1000-\u109f"
    "\u1780-\u17ff\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\u3005-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]"
)

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

# vowels and sigmas of four alphabets: most plurals and cases end in them
_ENDINGS = "aeiosuyаеиоуыэюяйьієαεηιουωσ"


def fold(text: str) -> str:
    """Return a text in lower case and without accents: "Café" is "cafe", "Straße" "strasse"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFD", text.lower())
    bare = "".join(char for char in apart if not unicodedata.category(char).startswith("M"))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def squash(text: str) -> str:
    """Return a text as its folded letters and digits only: "Acme-Shoes" is "acmeshoes"."""
    return re.sub(r"[\W_]+", "", fold(text))


def words(text: str) -> str:
    """Return a text as folded words between single spaces, with a space at either end."""
    return " " + re.sub(r"[\W_]+", " ", fold(text)).strip() + " "


def is_dense(word: str) -> bool:
    """Say whether a word is of a script in which it cannot be told where a word begins."""
    return re.search(_DENSE, word) is not None


def scripts_of(text: str) -> set[str]:
    """Return the scripts of a text as `anchor_scripts` names them; Latin is left out."""
    if text.isascii():
        return set()
    names = {unicodedata.name(char, "").partition(" ")[0].capitalize() for char in fold(text)}
    if names & {"Cjk", "Hiragana", "Katakana"}:
        names.add("Han")
    return names & {entry.partition(" ")[0] for entry in load_list("script_homes").entries}


def needle(word: str) -> str:
    """Return what a text in the form of `words` holds wherever it uses a word of a keyword.

    The stem, anywhere in a word, since some languages write compounds; a stem of fewer than five
    letters only where a word begins, and up to three letters only as a whole word. The stem is the
    word without its last letter, or of seven letters and more the last two, as long as these are
    vowels, s, or the n and m of -en and -em: "tents" gives " tent", "натяжные" "натяжн".
    """
    if is_dense(word):
        return word
    if len(word) <= 3:
        return f" {word} "
    stem = word
    for _ in range(0 if len(word) == 4 else 1 if len(word) <= 6 else 2):
        if stem[-1] in _ENDINGS or stem.endswith(("en", "em")):
            stem = stem[:-1]
    return stem if len(stem) >= 5 else f" {stem}"


def register_terms(
    engine: Engine,
    *,
    brand: Sequence[str],
    keywords: Sequence[str],
    targets: Mapping[str, str],
    topic: Sequence[str] = (),
) -> None:
    """Register word lists, brand terms, keywords and, as lines of text, what the site is about.

    `targets` maps a target node to the label that stands for its brand. Brand terms of the user
    hold for every audited site; the domain's own label always counts as brand.
    """
    keywords = list(keywords)
    for name in WORD_LISTS:
        engine.register(name, _word_list(_entries([name])))
    engine.register("page_words", _kinds(PAGE_LISTS))
    engine.register("known_hosts", _kinds(HOST_LISTS))
    engine.register("suffix_classes", _kinds(SUFFIX_LISTS))
    engine.register("spam_words", _spam_words(*(_entries([name]) for name in SPAM_LISTS)))
    engine.register("own_trade_words", _own_trade_words(_entries(["own_trades"])))
    native = (urls.to_unicode(label) for label in targets.values() if label.startswith("xn--"))
    written = {*brand, *keywords, *native}
    scripts = sorted({script for term in written for script in scripts_of(term)})
    engine.register("term_scripts", pl.DataFrame({"script": scripts}, {"script": pl.String}))
    engine.register("brand_terms", _brand_terms(brand, targets))
    spelt = {each for term in keywords for each in (term, term.lower().translate(_UMLAUTS))}
    terms = sorted({(squash(term), words(term)) for term in spelt if squash(term)})
    schema = {"squash": pl.String, "words": pl.String}
    about = [*topic, *keywords] if topic else []
    engine.register("topics", pl.DataFrame({"text": about}, schema={"text": pl.String}))
    engine.register("keywords", pl.DataFrame(terms, schema=schema, orient="row"))
    parts = {(joined, needle(word)) for joined, apart in terms for word in apart.split()}
    schema = {"squash": pl.String, "needle": pl.String}
    engine.register("keyword_parts", pl.DataFrame(sorted(parts), schema=schema, orient="row"))
    tlds = sorted(urls.top_level_domains())
    engine.register("top_level_domains", pl.DataFrame({"tld": tlds}, schema={"tld": pl.String}))


def _entries(names: Sequence[str]) -> tuple[str, ...]:
    """Return the entries of some lists, each once and sorted.

    What is made of them is kept by them, as folding them takes longer than a small audit.
    """
    return tuple(sorted({entry for name in names for entry in load_list(name).entries}))


@cache
def _word_list(entries: tuple[str, ...]) -> pl.DataFrame:
    """Return entry, squash, words, and as needle what a text that `words` gave holds."""
    rows = [(entry, squash(entry), text := words(entry), _held(entry, text)) for entry in entries]
    return pl.DataFrame(rows, schema=["entry", "squash", "words", "needle"], orient="row")


def _held(entry: str, text: str) -> str:
    """Return what a text holds that has an entry as its words; where these are apart, apart."""
    return text.strip() if is_dense(entry) else text


def _kinds(names: Sequence[str]) -> pl.DataFrame:
    """Return entry and kind; an entry of several lists has the kind of the first of them."""
    kinds: dict[str, str] = {}
    for name in names:
        for entry in load_list(name).entries:
            kinds.setdefault(entry, name.partition("_")[0])
    return pl.DataFrame(sorted(kinds.items()), schema=["entry", "kind"], orient="row")


@cache
def _spam_words(*lists: tuple[str, ...]) -> pl.DataFrame:
    """Return entry, squash, words, needle, vertical, whether it is a phrase, and only by itself."""
    rows = []
    for name, entries in zip(SPAM_LISTS, lists, strict=True):
        for entry in entries:
            text, alone = words(entry), entry.endswith("?")
            phrase = alone or " " in entry
            vertical = name.partition("_")[0]
            held = _held(entry, text)
            rows.append((entry, squash(entry), text, held, vertical, phrase, alone))
    schema = ["entry", "squash", "words", "needle", "vertical", "phrase", "alone"]
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _own_trade_words(entries: tuple[str, ...]) -> pl.DataFrame:
    """Return vertical and squash of what the names of sites of a trade hold."""
    rows = [entry.partition(" ")[::2] for entry in entries]
    named = [(vertical, squash(word)) for vertical, word in rows]
    return pl.DataFrame(named, schema=["vertical", "squash"], orient="row")


def pattern_of(names: Sequence[str]) -> str:
    """Return a regular expression that finds a word of some lists in a lower-case URL.

    A word stands by itself as a host label, a path segment, a file, parameter or fragment name, a
    number after it or not: `/forum/`, `viewtopic.php`, `#comment-12`. The first group is the word.
    """
    entries = _entries(names)
    return f"[/?&#;.]({'|'.join(map(re.escape, entries))})[-_]?[0-9]*(?:[/?&#;=.]|$)"


def phrase_of(names: Sequence[str]) -> str:
    """Return a regular expression that finds an entry of some lists in a text as `words` gives it.

    A text that is nothing but such entries matches `^(?:PHRASE)+ $`. Where a script writes no
    spaces an entry may stand next to the one before.
    """
    return _phrase(_entries(names))


@cache
def _phrase(entries: tuple[str, ...]) -> str:
    folded = sorted({words(entry).strip() for entry in entries})
    spaced = "|".join(re.escape(entry) for entry in folded if not is_dense(entry))
    dense = "|".join(re.escape(entry) for entry in folded if is_dense(entry))
    return f"(?: (?:{spaced})| ?(?:{dense}))" if dense else f" (?:{spaced})"


def _brand_terms(brand: Sequence[str], targets: Mapping[str, str]) -> pl.DataFrame:
    """Return target, squash, needle and head; by columns, as without a site every target has one.

    The needle is what a text that names the brand holds: six letters and more anywhere, four or
    five where a word begins, fewer only as a word. The head is the first part of a label with
    hyphens, where it has four letters.
    """
    terms = {squash(term) for each in brand for term in (each, each.lower().translate(_UMLAUTS))}
    given = pl.DataFrame({"squash": sorted(t for t in terms if len(t) >= 2)}, {"squash": pl.String})
    labels = pl.DataFrame(
        {"target": list(targets), "label": list(targets.values())},
        schema={"target": pl.String, "label": pl.String},
    )
    label, term = pl.col("label"), pl.col("squash")
    native = label.str.starts_with("xn--")
    named = pl.concat(
        [
            labels.filter(~native).with_columns(
                label.str.to_lowercase().str.replace_all(r"[\W_]+", "").alias("squash"),
                label.str.to_lowercase().str.extract("^([a-z]{4,})-").alias("head"),
            ),
            labels.filter(native).with_columns(
                label.map_elements(lambda x: squash(urls.to_unicode(x)), pl.String).alias("squash"),
                pl.lit(None, pl.String).alias("head"),
            ),
        ]
    ).filter(term.str.len_chars() >= 3)
    umlauts = named.filter(term.str.len_chars() >= 7, term.str.contains("[aou]e")).with_columns(
        term.str.replace_all("([aou])e", "$1"), pl.lit(None, pl.String).alias("head")
    )
    everywhere = labels.join(given, how="cross").with_columns(pl.lit(None, pl.String).alias("head"))
    columns = ("target", "squash", "head")
    return (
        pl.concat([part.select(columns) for part in (named, umlauts, everywhere)])
        .unique()
        .with_columns(
            pl.when(term.str.contains(_DENSE) | (term.str.len_chars() >= 6))
            .then(term)
            .when(term.str.len_chars() >= 4)
            .then(" " + term)
            .otherwise(" " + term + " ")
            .alias("needle")
        )
        .select("target", "squash", "needle", "head")
        .sort("target", "squash", "head", nulls_last=True)
    )
