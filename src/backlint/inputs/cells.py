"""Cells into columns: the SQL that turns the text of a file's fields into typed columns."""

import re
from collections.abc import Iterable

from backlint.engine.duckdb import literal
from backlint.inputs.detect import Detected
from backlint.inputs.formats import FACT

DATE_FIELDS = ("first_seen", "last_seen", "lost_on")

# what a tool says of the linking page and of the text around the link, and what states it best
# where two files differ: the value that speaks for the page, or else the first in order
PAGE_COUNTS = {"external_links": "min", "page_traffic": "max"}
PAGE_FIGURES = {"page_authority": "max"}
PAGE_TEXTS = dict.fromkeys(("before", "after", "redirects"), "min")
PAGE_WORDS = dict.fromkeys(("page_language", "page_type"), "min")
PAGE_COLUMNS = PAGE_COUNTS | PAGE_FIGURES | PAGE_TEXTS | PAGE_WORDS
PAGE_NUMBERS = dict.fromkeys(PAGE_COUNTS, "BIGINT") | dict.fromkeys(PAGE_FIGURES, "DOUBLE")

# between thousands: dot, comma, apostrophe, space and its unbroken kinds
_GROUPS = "[., '\u00a0\u202f]"
_COUNT = f"[0-9]{{1,3}}({_GROUPS}[0-9]{{3}})+|[0-9]+([.]0)?"


def _is_one_of(value: str, words: Iterable[str]) -> str:
    """Return SQL that says whether a text is one of some words.

    A long IN list becomes a join, and the rows of a join lose the order of the file.
    """
    return f"regexp_full_match({value}, {literal('|'.join(map(re.escape, words)))})"


_TRUE = ("true", "t", "1", "yes", "y", "x")
_FALSE = ("false", "f", "0", "no", "n")
_NOTHING = ("n/a", "na", "nan", "none", "null", "nil", "undefined", "unknown", "-", "--", "?")
# words that say the same as true or false in a column of that name
_SAYS = {
    "nofollow": (("nofollow",), ("follow", "dofollow")),
    "follow": (("follow", "dofollow"), ("nofollow",)),
    "ugc": (("ugc",), ()),
    "sponsored": (("sponsored",), ()),
    "lost": ((), ("live", "active")),
}

# what a link is made of, where a tool has a column for each; the rarer ones decide
_KIND_FLAGS = ("redirect", "frame", "form", "image", "mention", "text")
_TEXT_KINDS = ("text", "textlink", "text link", "hyperlink", "ahref", "href", "anchor", "link")

_GONE = "lost|deleted|removed|dropped|gone|not found"

# the tokens of a rel attribute, also as people write them: "No Follow", "no-follow", "no_follow"
_TOKENS = {"nofollow": "no[ _-]?follow", "ugc": "ugc", "sponsored": "sponsored"}

# an answer in a rel column is no link type, and does not say what the question was
_IS_ANSWER = _is_one_of("lower(trim(rel))", (*_TRUE, *_FALSE, *_NOTHING))

# what may stand before the host in a URL
SCHEME = "[A-Za-z][A-Za-z0-9+.-]*://|//"


def columns_of(source: Detected, site: str | None) -> str:
    """Return the SELECT list of `staged_<input_id>` over the fields of a file as text."""
    has = source.fields.keys()
    scope = ""
    if source.format.scope:
        field, keep = source.format.scope.field, source.format.scope.keep
        scope = f"coalesce({_is_one_of(f'lower(trim({field}))', keep)}, false)"
    flags = dict(zip(("nofollow", "ugc", "sponsored"), _rel_flags(source), strict=True))
    columns = {
        "source_url": _clean_url("source_url"),
        "target_url": _target(source, site),
        "anchor": _trimmed("anchor") if "anchor" in has else "CAST(NULL AS VARCHAR)",
        **{name: flag for name, flag in flags.items() if flag},
    }
    if source.kind == "jsonl":
        columns["in_scope"] = f"CASE WHEN damaged IS NULL THEN {scope or 'true'} END"
        columns["damaged"] = "damaged"
    elif scope:
        columns["in_scope"] = scope
    for field in has & {"alt", "title"}:
        columns[field] = f"nullif({_trimmed(field)}, '')"
    for field in PAGE_TEXTS.keys() & has:
        columns[field] = f"nullif({_trimmed(field)}, '')"
    for field in PAGE_WORDS.keys() & has:
        columns[field] = f"nullif(lower({_trimmed(field)}), '')"
    for field in PAGE_NUMBERS.keys() & has:
        cell = _trimmed(field)
        number = count_of(cell) if field in PAGE_COUNTS else figure_of(cell)
        columns[field] = number = f"TRY_CAST({number} AS {PAGE_NUMBERS[field]})"
        columns[f"{field}_unread"] = f"{cell} <> '' AND {number} IS NULL"
    if "placement" in has:
        columns["placement"] = f"nullif(lower({_trimmed('placement')}), '')"
    if kind := _kind(source):
        columns["kind"] = kind
    for field in has:
        if field.startswith(FACT):
            columns[field] = f"nullif(trim({field}), '')"
    if "lost" in has:
        columns["lost"] = _lost(source)
    if "rel" in has:
        columns["rel_is_answer"] = f"rel NOT IN ('', 'nofollow') AND {_IS_ANSWER}"
    for field in has & set(DATE_FIELDS):
        columns[field] = date = _date(field)
        columns[f"{field}_unread"] = f"CASE WHEN {date} IS NULL THEN nullif(trim({field}), '') END"
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def _target(source: Detected, site: str | None) -> str:
    if "target_url" in source.fields:
        return _clean_url("target_url")
    return "CAST(NULL AS VARCHAR)" if source.format.rows == "domains" else literal(site or "")


def count_of(cell: str) -> str:
    """Return SQL for a count as DOUBLE, with or without marks between thousands.

    NULL where a cell holds none: an empty count is unknown, never 0.
    """
    # a workbook writes 45 as 45.0
    whole = f"regexp_replace({cell}, '[.]0$', '')"
    bare = f"regexp_replace({whole}, {literal(_GROUPS)}, '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({cell}, '[0-9]{{1,15}}') THEN TRY_CAST({cell} AS DOUBLE) "
        f"WHEN regexp_full_match({cell}, {literal(_COUNT)}) THEN TRY_CAST({bare} AS DOUBLE) END"
    )


def figure_of(cell: str) -> str:
    """Return SQL for a number as DOUBLE, with dot or comma, NULL where a cell holds none."""
    number = f"TRY_CAST(replace(rtrim({cell}, '%'), ',', '.') AS DOUBLE)"
    return f"CASE WHEN regexp_full_match({cell}, '[0-9]+([.,][0-9]+)?%?') THEN {number} END"


def _kind(source: Detected) -> str:
    """Return SQL for what a link is made of, empty where the file says nothing of it."""
    has = source.fields.keys()
    cases = [
        f"WHEN {_flag(f'is_{kind}', source)} THEN '{kind}'"
        for kind in _KIND_FLAGS
        if f"is_{kind}" in has
    ]
    if "kind" in has:
        said = "lower(trim(kind))"
        cases += [
            f"WHEN {_is_one_of(said, _TEXT_KINDS)} THEN 'text'",
            f"WHEN contains({said}, 'redirect') OR {said} = 'meta refresh' THEN 'redirect'",
            f"WHEN contains({said}, 'frame') THEN 'frame'",
            f"WHEN contains({said}, 'image') OR {said} = 'img' THEN 'image'",
            f"WHEN {said} IN ('form', 'mention') THEN {said}",
        ]
    return f"CASE {' '.join(cases)} END" if cases else ""


# parameters that say how a visitor came, not what the page is
_TRACKING = (
    "utm_[a-z_]+|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|twclid|ttclid|igshid|mc_cid|mc_eid|"
    "_ga|_gl|srsltid"
)


def host_part(url: str) -> str:
    """Return SQL for what stands between the second and the third slash of a URL."""
    return f"split_part({url}, '/', 3)"


def canonical(url: str, host: str = "") -> str:
    """Return SQL for a URL as links are compared: without fragment and tracking parameters.

    The host is in lower case and without the default port, and a path is at least `/`. A fragment
    `#!...` stays: it once named pages of their own. `host` is a column that holds `host_part`.
    """
    host = host or host_part(url)
    odd = (
        f"strlen({url}) <= strlen({host}) + 8 AND NOT ends_with({url}, '/') "
        f"OR contains({host}, ':') OR contains({host}, '?') OR {host} <> lower({host})"
    )
    lead, rest = (f"regexp_extract({url}, '^(https?://[^/?#]*)(.*)$', {n}, 'is')" for n in (1, 2))
    start = f"lower({lead})"
    for scheme, port in (("http", 80), ("https", 443)):
        start = f"regexp_replace({start}, '^({scheme}://.*):{port}$', '\\1')"
    slash = f"CASE WHEN starts_with({rest}, '/') THEN '' ELSE '/' END"
    mended = f"CASE WHEN {lead} = '' THEN {url} ELSE concat({start}, {slash}, {rest}) END"
    plain = f"CASE WHEN {odd} THEN {mended} ELSE {url} END"
    tracked = f"'[?&]({_TRACKING})=', 'i'"
    bare = f"regexp_replace({plain}, '#([^!].*)?$', '')"
    cut = f"regexp_replace({bare}, '([?&])({_TRACKING})=[^&#]*', '\\1', 'gi')"
    for old, new in (("&&+", "&"), ("[?]&", "?"), ("[?&](#|$)", "\\1")):
        cut = f"regexp_replace({cut}, '{old}', '{new}', 'g')"
    return (
        f"CASE WHEN NOT contains({url}, '#') AND NOT contains({url}, '?') THEN {plain} "
        f"WHEN regexp_matches({url}, {tracked}) THEN {cut} ELSE {bare} END"
    )


def lead_of(url: str) -> str:
    """Return SQL for the lead of a URL: its scheme and all up to the next slash, the host in it."""
    return f"regexp_extract({url}, '^\\s*(?:{SCHEME})?[^/]*')"


def key_of(url: str, host: str = "") -> str:
    """Return SQL for a hash of the lead of a URL.

    Nearly all are http(s) URLs, and to split these costs half of what the expression for any
    does [measured]. `host` is a column that holds `host_part`.
    """
    host = host or host_part(url)
    return (
        f"CASE WHEN starts_with({url}, 'https://') THEN hash({host}, true) "
        f"WHEN starts_with({url}, 'http://') THEN hash({host}, false) "
        f"ELSE hash({lead_of(url)}) END"
    )


def _trimmed(field: str) -> str:
    """Return SQL for trim, which asks Unicode about every character: most cells need none."""
    edges = f"starts_with({field}, ' ') OR ends_with({field}, ' ')"
    return f"CASE WHEN {_is_ascii(field)} AND NOT ({edges}) THEN {field} ELSE trim({field}) END"


def _clean_url(field: str) -> str:
    """Return SQL for a URL without the tabs and line ends that browsers drop as well."""
    marks = " OR ".join(f"contains({field}, chr({code}))" for code in (32, 9, 10, 13))
    return (
        f"CASE WHEN {_is_ascii(field)} AND NOT ({marks}) THEN {field} "
        f"ELSE regexp_replace(trim({field}), '[\\t\\r\\n]', '', 'g') END"
    )


def _is_ascii(field: str) -> str:
    return f"strlen({field}) = length({field})"


def _rel_flags(source: Detected) -> tuple[str, str, str]:
    """Return SQL for nofollow, ugc, sponsored, empty where the file says nothing of them."""
    has = source.fields.keys()
    parts: dict[str, list[str]] = {"nofollow": [], "ugc": [], "sponsored": []}
    for name, found in parts.items():
        if name in has:
            found.append(_flag(name, source))
        if "rel" in has:
            token = _has_token("lower(rel)", name)
            empty = "false" if source.format.empty_rel == "followed" else "NULL"
            found.append(
                # the two that nearly all cells hold go without a look at their letters
                f"CASE WHEN rel = '' THEN {empty} "
                f"WHEN rel = 'nofollow' THEN {str(name == 'nofollow').lower()} "
                f"WHEN coalesce(trim(rel), '') = '' THEN {empty} "
                f"WHEN {_IS_ANSWER} THEN NULL ELSE {token} END"
            )
    if "follow" in has:
        parts["nofollow"].append(f"NOT {_flag('follow', source)}")
    merged = [
        f"CASE WHEN {' OR '.join(found)} THEN true ELSE coalesce({', '.join(found)}) END"
        if len(found) > 1
        else "".join(found)
        for found in parts.values()
    ]
    return merged[0], merged[1], merged[2]


def _flag(field: str, source: Detected) -> str:
    """Return SQL for a tri-state flag: an unreadable value is unknown."""
    words = _SAYS.get(field, ((), ()))
    value = f"lower(trim({field}))"
    true = _is_one_of(value, (*_TRUE, *words[0]))
    false = _is_one_of(value, (*_FALSE, *words[1]))
    if field in _TOKENS:
        true = f"({true} OR {_has_token(value, field)})"
    if field == "lost":
        true = f"({true} OR regexp_matches({value}, '{_GONE}'))"
    if source.format.empty_flag == "false":
        false = f"({false} OR coalesce({value}, '') = '')"
    if source.format.no_flag == "unknown":
        return f"CASE WHEN {true} THEN true END"
    return f"CASE WHEN {true} THEN true WHEN {false} THEN false END"


def _has_token(value: str, name: str) -> str:
    """Return SQL that says whether a lower-case text has a token of a rel attribute."""
    return f"regexp_matches({value}, '(^|[^a-z]){_TOKENS[name]}([^a-z]|$)')"


def _lost(source: Detected) -> str:
    """Return SQL for "lost": a flag, or a date that is filled when the link is gone."""
    dated = "regexp_matches(lost, '[0-9]{4}|[0-9]+[/.][0-9]+')"
    flag = _flag("lost", source)
    return f"CASE WHEN {dated} THEN true WHEN trim(lost) = '' THEN false ELSE {flag} END"


def _date(field: str) -> str:
    """Return SQL that reads a date which can be read without a look at the whole column."""
    value = f"trim({field})"
    iso = f"regexp_extract({value}, '^([0-9]{{4}}[-/][0-9]{{1,2}}[-/][0-9]{{1,2}})([^0-9]|$)', 1)"
    named = "['%b %d, %Y', '%d %b %Y', '%B %d, %Y', '%d %B %Y']"
    any_shape = (
        f"coalesce(try_cast(replace({iso}, '/', '-') AS DATE), "
        f"CAST(try_strptime({value}, {named}) AS DATE))"
    )
    return (
        # the shape that nearly all exports use is read without the cost of the others
        f"CASE WHEN {field} LIKE '____-__-__' AND {field} BETWEEN '1' AND '3' "
        f"THEN coalesce(try_cast({field} AS DATE), {any_shape}) "
        f"WHEN {value} <> '' THEN {any_shape} END"
    )
