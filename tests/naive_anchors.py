"""The class of an anchor once more, the slow and obvious way: no SQL, no regular expression of ours.

Written from the summaries of `rules/features/23_anchor_texts.sql` and `24_anchor_classes.sql`.
"""

import ipaddress
import unicodedata
from collections.abc import Iterable
from functools import cache

from publicsuffixlist import PSLFILE

from backlint.lists import load_list

LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i"}
IMAGES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".bmp", ".avif")
DENSE = (
    "HEBREW",
    "ARABIC",
    "THAI",
    "LAO",
    "MYANMAR",
    "KHMER",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "CJK",
)


def words_in(text: str) -> list[str]:
    """Return the words of a text without accents, in lower case."""
    kept = ""
    for char in unicodedata.normalize("NFD", text.lower()):
        if not unicodedata.category(char).startswith("M"):
            kept += char
    folded = "".join(LETTERS.get(char, char) for char in unicodedata.normalize("NFC", kept))
    folded = folded.replace("ς", "σ")
    return "".join(char if char.isalnum() else " " for char in folded).split()


def joined(text: str) -> str:
    return "".join(words_in(text))


def is_dense(word: str) -> bool:
    return any(unicodedata.name(char, "").startswith(DENSE) for char in word)


@cache
def entries(*names: str) -> frozenset[str]:
    """Return the entries of word lists as folded words."""
    return frozenset(" ".join(words_in(e)) for name in names for e in load_list(name).entries)


@cache
def joined_entries(name: str) -> frozenset[str]:
    return frozenset(joined(entry) for entry in load_list(name).entries)


@cache
def suffixes() -> frozenset[str]:
    """Return the top-level domains in native form, and as A-labels."""
    found = set()
    with open(PSLFILE, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("//"):
                found.add(line.split()[0].split(".")[-1])
    return frozenset(found | {tld.encode("idna").decode() for tld in found})


def is_address(text: str) -> bool:
    """Say whether a lower-case text is an address: a URL, or a host with what may stand around it."""
    while text and not text[0].isalnum():
        text = text[1:]
    scheme, slash, _ = text.partition("/")
    letters = scheme.rstrip(" ").rstrip(":;")
    if (
        slash
        and len(scheme) - len(letters) <= 2
        and letters.count("p") == 1
        and letters.count("s") < 2
    ):
        if (
            letters.removesuffix("s").replace("hh", "h").replace("ttt", "t").replace("tt", "t")
            == "htp"
        ):
            return True
    if text.startswith(("ftp://", "www.", "www ")):
        return True
    while text and not text[-1].isalnum():
        text = text[:-1]
    text = text.replace("[.]", ".").replace("(.)", ".")
    head = text.split("/")[0].split("?")[0].split("#")[0]
    host = head.split("@")[-1]
    if " " in text or head.count("@") > 1 or "." not in host:
        return False
    name, _, port = host.partition(":")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        labels = name.split(".")
        return all(labels) and labels[-1] in suffixes() and (port.isdigit() or not port)
    return False


def is_pointing(text: str) -> bool:
    """Say whether a text is put together of generic anchors and words, and uses a generic anchor."""
    line = " " + " ".join(words_in(text))
    pointers, fillers = entries("generic_anchors"), entries("generic_anchors", "generic_words")
    reached = {0}  # characters used up
    for start in range(len(line)):
        for end in range(start + 1, len(line) + 1) if start in reached else ():
            part = line[start:end]
            if part[0] != " " and not is_dense(part):
                continue
            if part.strip() in fillers and part == part.rstrip():
                whole = end == len(line) or line[end] == " " or is_dense(line[end])
                if whole or is_dense(part):
                    reached.add(end)
    held = (entry if is_dense(entry) else f" {entry} " for entry in pointers)
    return len(line) in reached and any(entry in f"{line} " for entry in held)


def uses(text: str, keyword: str) -> bool:
    """Say whether a text has all words of a keyword, in any order, number and case."""
    line = f" {' '.join(words_in(text))} "
    return all(has_word(line, word) for word in words_in(keyword))


def has_word(line: str, word: str) -> bool:
    if is_dense(word):
        return word in line
    if len(word) < 4:
        return word in line.split()
    cuts = 0 if len(word) == 4 else 1 if len(word) < 7 else 2
    for _ in range(cuts):
        if word[-1] in "aeiosuyаеиоуыэюяйьієαεηιουωσ" or word[-2:] in ("en", "em"):
            word = word[:-1]
    if len(word) > 4:
        return word in line
    return any(each.startswith(word) for each in line.split())


def slips(a: str, b: str) -> bool:
    """Say whether one letter added, left out, changed or swapped with its neighbour parts two words."""
    if a == b:
        return True
    for i in range(len(a) + 1):
        if a[:i] + a[i + 1 :] == b or (i < len(b) and b[:i] + b[i + 1 :] == a):
            return True
        if i < len(a) and i < len(b) and a[:i] + b[i] + a[i + 1 :] == b:
            return True
        if i + 1 < len(a) and a[:i] + a[i + 1] + a[i] + a[i + 2 :] == b:
            return True
    return False


def brand_names(label: str, brand: Iterable[str]) -> set[str]:
    """Return the joined names of a site: its label, the given ones, and both with umlauts folded."""
    umlauts = {"ä": "ae", "ö": "oe", "ü": "ue"}
    names = set()
    for term in brand:
        long = "".join(umlauts.get(char, char) for char in term.lower())
        names |= {name for name in (joined(term), joined(long)) if len(name) >= 2}
    own = joined(label)
    if len(own) >= 3:
        names.add(own)
    if len(own) >= 7:
        short = own
        for long in ("ae", "oe", "ue"):
            short = short.replace(long, long[0])
        names.add(short)
    return names


def names_brand(text: str, name: str) -> bool:
    """Say whether a text holds a name: a short one as a word, a longer one where a word begins."""
    if is_dense(name) or len(name) >= 6:
        return name in joined(text)
    if len(name) < 4:
        return name in words_in(text)
    return any(word.startswith(name) for word in words_in(text))


def class_of(text: str, label: str, brand: Iterable[str], keywords: Iterable[str]) -> str:
    """Return the class of a lower-case anchor text of a site with this label."""
    name = joined(text)
    umlauts = {"ä": "ae", "ö": "oe", "ü": "ue"}
    keywords = {
        each
        for keyword in keywords
        for each in (keyword, "".join(umlauts.get(char, char) for char in keyword.lower()))
    }
    if not name or name in joined_entries("empty_anchors"):
        return "empty"
    if is_address(text):
        return "naked"
    names = brand_names(label, brand)
    if name in names:
        return "brand"
    exact = name in {joined(keyword) for keyword in keywords}
    partial = any(uses(text, keyword) for keyword in keywords if joined(keyword))
    generic = name in joined_entries("generic_anchors") or is_pointing(text) or name.isnumeric()
    if not exact and (generic or (not partial and text.endswith(IMAGES) and " " not in text)):
        return "generic"
    if any(names_brand(text, each) for each in names):
        return "brand"
    if any(len(each) >= 6 and slips(name, each) for each in names):
        return "brand"
    if exact or partial:
        return "exact" if exact else "partial"
    head = label.lower().split("-")[0] if "-" in label else ""
    if name == head and len(head) >= 4 and head.isascii() and head.isalpha():
        return "brand"
    most = any(len(name) >= 0.6 * len(each) and name in each for each in names)
    return "brand" if len(name) >= 4 and most else "other"
