"""Domain names: one maker for honest, planted and innocent domains, so that no name tells."""

import unicodedata
from functools import cache, lru_cache
from itertools import accumulate
from random import Random
from typing import NamedTuple

from backlint.simulate.words import (
    IDN_LABELS,
    LANGUAGES,
    NEUTRAL_SUFFIXES,
    OTHER_PLATFORMS,
    SUFFIX_PLATFORMS,
    TOPICS,
    YOUNG_SUFFIXES,
    Language,
)

KINDS = ("blog", "magazine", "shop", "org", "news", "forum", "directory")
TOPIC_NAMES = tuple(TOPICS)
_KIND_WEIGHTS = tuple(accumulate((42, 12, 17, 12, 9, 5, 3)))
_PATTERN_WEIGHTS = tuple(accumulate((34, 24, 20, 12, 10)))
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ł": "l", "ø": "o"})


class Domain(NamedTuple):
    """A domain and how it writes itself; `name` is the registrable domain in A-labels."""

    name: str
    base: str
    title: str
    lang: str
    topic: str
    kind: str
    style: int


class Names:
    """Hands out names that it has not handed out before, under any suffix or hyphenation."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def claim(self, label: str) -> bool:
        """Reserve a label and say whether it was free."""
        key = label.replace("-", "")
        if key in self._taken:
            return False
        self._taken.add(key)
        return True

    def draw(
        self,
        rng: Random,
        *,
        lang: str = "",
        topic: str = "",
        kind: str = "",
        platforms: tuple[str, ...] = SUFFIX_PLATFORMS,
    ) -> Domain:
        """Return a new domain; what is not asked for is drawn as in the backdrop."""
        lang = lang or language(rng)
        topic = topic or rng.choice(TOPIC_NAMES)
        kind = kind or rng.choices(KINDS, cum_weights=_KIND_WEIGHTS)[0]
        if rng.random() < 0.008:
            label = rng.choice(IDN_LABELS)
            if self.claim(label):
                return _idn_domain(rng, label, lang, topic, kind)
        words = name_words(rng, lang, topic)
        while not self.claim("".join(map(fold, words))):
            words = [*words, place(rng, lang)] if len(words) < 4 else name_words(rng, lang, topic)
        hyphen = "-" if rng.random() < 0.22 else ""
        label = hyphen.join(map(fold, words))[:60].strip("-")
        title = " ".join(word[:1].upper() + word[1:] for word in words)
        if kind == "blog" and rng.random() < 0.24:
            return domain(rng, f"{label}.{rng.choice(platforms)}", title, lang, topic, kind)
        return domain(rng, f"{label}.{suffix(rng, lang)}", title, lang, topic, kind)


def domain(
    rng: Random, name: str, title: str, lang: str, topic: str, kind: str, *, prefix: str = ""
) -> Domain:
    """Return the Domain of a registrable name, with its own habits of scheme and host."""
    hosted = name.partition(".")[2] in SUFFIX_PLATFORMS + OTHER_PLATFORMS
    if not hosted and not prefix:
        prefix = rng.choices(("", "www.", "blog.", "m."), (56, 40, 3, 1))[0]
    scheme = "https" if hosted or rng.random() < 0.86 else "http"
    return Domain(name, f"{scheme}://{prefix}{name}", title, lang, topic, kind, rng.randrange(60))


def _idn_domain(rng: Random, label: str, lang: str, topic: str, kind: str) -> Domain:
    suffix_ = rng.choice(("com", "net", "de", "eu"))
    made = domain(rng, f"{label.encode('idna').decode()}.{suffix_}", label, lang, topic, kind)
    if rng.random() < 0.5:  # exports write the native form as often as punycode
        made = made._replace(base=f"https://{label}.{suffix_}")
    return made


def language(rng: Random) -> str:
    """Return a language code, drawn by the shares of the backdrop."""
    codes, weights = _language_weights()
    return rng.choices(codes, cum_weights=weights)[0]


@cache
def _language_weights() -> tuple[list[str], list[int]]:
    return list(LANGUAGES), list(accumulate(entry.weight for entry in LANGUAGES.values()))


@cache
def _suffix_weights(lang: str) -> tuple[list[str], list[int]]:
    pairs = LANGUAGES[lang].suffixes + NEUTRAL_SUFFIXES + YOUNG_SUFFIXES
    return [name for name, _ in pairs], list(accumulate(weight for _, weight in pairs))


def suffix(rng: Random, lang: str) -> str:
    """Return a public suffix as used in that language."""
    names, weights = _suffix_weights(lang)
    return rng.choices(names, cum_weights=weights)[0]


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """Return the word as a domain label spells it: lower case, ASCII letters and digits."""
    plain = unicodedata.normalize("NFKD", word.lower().translate(_GERMAN))
    return "".join(c for c in plain if c.isascii() and c.isalnum())


def place(rng: Random, lang: str) -> str:
    """Return an invented place."""
    entry = LANGUAGES[lang]
    return rng.choice(entry.starts) + rng.choice(entry.ends)


def surname(rng: Random, lang: str) -> str:
    """Return an invented family name."""
    entry = LANGUAGES[lang]
    return rng.choice(entry.starts) + rng.choice(entry.surnames)


def nouns(lang: str, topic: str) -> tuple[str, ...]:
    """Return what people of that language write about under the topic."""
    return TOPICS[topic].nouns[lang]


def name_words(rng: Random, lang: str, topic: str) -> list[str]:
    """Return the words of a site name; always one of them is invented."""
    # Scripts that a plain label cannot spell borrow the English nouns, as real sites do.
    entry: Language = LANGUAGES[lang]
    latin = lang if lang not in ("ru", "ja") else "en"
    noun = rng.choice(nouns(latin, topic))
    match rng.choices(range(5), cum_weights=_PATTERN_WEIGHTS)[0]:
        case 0:
            return [place(rng, lang), noun]
        case 1:
            return [rng.choice(LANGUAGES[latin].people), surname(rng, lang)]
        case 2:
            return [rng.choice(LANGUAGES[latin].adjectives), noun, place(rng, lang)]
        case 3:
            return [noun, surname(rng, lang)]
        case _:
            return [rng.choice(entry.starts), rng.choice(entry.ends), noun]
