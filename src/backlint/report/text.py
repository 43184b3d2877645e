"""Text from outside made safe to look at, and numbers for people."""

import math
import re

from backlint.urls import to_unicode

UNKNOWN = "unknown"

_SPACES = re.compile(r"[ \t\r\n]+")
# Bidi controls reorder what stands around them, invisible characters hide text inside a name, and
# control characters drive terminals. The joiners U+200C/D stay: Persian and emoji need them.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)


def _mark(match: re.Match[str]) -> str:
    # Written out, since few fonts hold the pictures that Unicode has for control characters.
    return f"[U+{ord(match.group()):04X}]"


def visible(text: str) -> str:
    """Return text from outside with every control or bidi character replaced by a visible mark."""
    return _UNSEEN.sub(_mark, _SPACES.sub(" ", text))


def shorten(text: str, limit: int) -> str:
    """Cut text to at most `limit` characters, the last one an ellipsis when something is gone."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def host_text(host: str) -> str:
    """Return a host, with its native form in brackets when it is an IDN.

    Cut where no real name ends: a host has at most 253 characters.
    """
    native = to_unicode(host)
    return shorten(visible(host if native == host else f"{host} ({native})"), 520)


def number(value: float | None) -> str:
    """Return a number for people: thousands grouped, at most three decimals, None as unknown."""
    if value is None:
        return UNKNOWN
    if isinstance(value, int) or (math.isfinite(value) and value == int(value) < 1e15):
        return f"{int(value):,}"
    if not math.isfinite(value) or 0 < abs(value) < 0.001:
        return f"{value:.2g}"
    return f"{value:,.3f}".rstrip("0")


def count(amount: int | None, noun: str, plural: str | None = None) -> str:
    """Return `1 domain`, `1,240 domains` or `unknown domains`."""
    return f"{number(amount)} {noun if amount == 1 else plural or noun + 's'}"


def points_text(points: float) -> str:
    """Return points with a sign, as in a waterfall."""
    sign = "−" if points < 0 else "+"
    text = f"{abs(points):.2f}"
    return sign + (text[:-1] if text.endswith("0") else text)
