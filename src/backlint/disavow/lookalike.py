"""Letters in a host name that only look like others: `lifehacĸer.com` is not `lifehacker.com`.

A warning for a human, never a verdict: registries allow most of these names.
"""

import unicodedata
from functools import cache

from backlint import urls

# Latin letters of living alphabets that do not decompose into a basic letter and an accent
_LATIN = frozenset("ßæœøđłħıþðŋəŧ")
# Written together in one word every day (Unicode UTS 39, "highly restrictive")
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC"})
# Cyrillic letters that can spell a whole Latin word
_CYRILLIC_AS_LATIN = frozenset("асԁеһіјӏорԛѕԝху")


def look_alike(host: str) -> str | None:
    """Return in words which letter of a canonical host is out of place, or None."""
    if "xn--" not in host:
        return None
    *labels, tld = urls.to_unicode(host).split(".")
    found = (_odd_letter(label) or _whole_label(label, tld) for label in labels)
    return next((text for text in found if text), None)


def _odd_letter(label: str) -> str | None:
    scripts = {letter: script for letter in label if (script := _script(letter))}
    for letter, script in scripts.items():
        if script == "LATIN" and not _is_living_latin(letter):
            return _words(label, letter)
    kinds = set(scripts.values())
    # Latin beside Chinese, Japanese or Korean is ordinary; any other mixture is not
    if len(kinds) < 2 or kinds <= _EAST_ASIAN | {"LATIN"}:
        return None
    letters = list(scripts)
    rarest = min(
        letters, key=lambda x: sum(scripts[y] == scripts[x] for y in label if y in scripts)
    )
    return _words(label, rarest)


def _whole_label(label: str, tld: str) -> str | None:
    letters = [letter for letter in label if _script(letter)]
    if not letters or not tld.isascii() or not _CYRILLIC_AS_LATIN.issuperset(letters):
        return None
    return f"'{label}' is Cyrillic throughout and looks Latin"


def _words(label: str, letter: str) -> str:
    return f"'{letter}' in '{label}' is {unicodedata.name(letter, 'an unnamed letter').lower()}"


@cache
def _script(letter: str) -> str | None:
    """Return the first word of a letter's Unicode name, which is its script, or None."""
    if unicodedata.category(letter) not in ("Ll", "Lu", "Lo"):
        return None
    word = unicodedata.name(letter, "UNKNOWN").split()[0]
    return word.split("-")[0]


def _is_living_latin(letter: str) -> bool:
    return unicodedata.normalize("NFD", letter)[0].isascii() or letter in _LATIN
