"""What must never be disavowed, whatever the score: each refusal with its reason in words."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from backlint import urls
from backlint.disavow.file import host_of, is_url
from backlint.errors import UsageError
from backlint.findings import Decision, Record
from backlint.lists import load_list


class Guards(Record, frozen=True, kw_only=True):
    """The hosts that are protected; entries may be hosts or URLs in any notation.

    `own` and `allow` are shielded with all that lies above and below them; `trusted` and
    `platforms` only from lines that would cover them whole, so a compromised host of a trusted
    institution, one blog of a platform and single pages of both can still be disavowed. So it is
    with `kept`, what a person decided to keep: what stands in the live file about single pages of
    it was decided as well. `reasons` says of hosts why they are allowed.
    """

    own: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()
    trusted: frozenset[str] = frozenset()
    platforms: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    reasons: Mapping[str, str] = {}


class Refusal(NamedTuple):
    """Why a directive may not be written, as a code of `codes.CODES` and in words."""

    code: str
    reason: str


def guards_of(own: Iterable[str], allowed: Mapping[str, str]) -> Guards:
    """Return the guards of the user's own hosts, of hosts allowed with reasons, and of our lists.

    Raises InputError for a list that is broken.
    """
    return Guards(
        own=frozenset(own),
        allow=frozenset(allowed),
        reasons=allowed,
        trusted=frozenset(load_list("trusted").entries),
        platforms=frozenset(load_list("platforms").entries),
    )


def keeping(guards: Guards, decisions: Mapping[str, Decision]) -> Guards:
    """Return the guards with all that a person decided to keep."""
    kept = frozenset(node for node, decision in decisions.items() if decision.ruling == "keep")
    return msgspec.structs.replace(guards, kept=kept)


def refusal(host: str, guards: Guards) -> str | None:
    """Return why `domain:host` may never be written, or None when it may."""
    found = refuse_host(host, guards)
    return found.reason if found else None


def url_refusal(url: str, guards: Guards) -> str | None:
    """Return why the URL may never be written as a line, or None when it may."""
    found = refuse_url(url, guards)
    return found.reason if found else None


def refuse_directive(directive: str, guards: Guards) -> Refusal | None:
    """Return why a canonical directive of either kind may never be written."""
    if is_url(directive):
        return refuse_url(directive, guards)
    return refuse_host(host_of(directive), guards)


def refuse_host(host: str, guards: Guards) -> Refusal | None:
    """Return the refusal of `domain:host`, which covers the host and all its subdomains."""
    parsed = urls.parse_host(f"[{host}]" if host.count(":") > 1 else host)
    name = parsed.name if parsed is not None else urls.known_tld(host)
    if name is None:
        return Refusal("DF112", "no valid host name")
    shielded = _shielded(name, guards) or _covers_shielded(name, guards)
    if shielded is not None:
        return shielded
    if parsed is None:
        return Refusal("DF203", "whole top-level domain")
    if parsed.is_ip:
        return Refusal("DF201", "IP address")
    if platform := _below(name, guards.platforms):
        reason = "platform root" if platform == name else f"covers the platform {platform}"
        return Refusal("DF204", reason)
    if urls.is_public_suffix(name):
        return Refusal("DF202", "public suffix")
    if suffix := urls.covers_public_suffix(name):
        return Refusal("DF202", f"covers the public suffix {suffix}")
    if trusted := _below(name, guards.trusted):
        return Refusal("DF209", f"on the trusted list: {trusted}")
    if kept := _below(name, guards.kept):
        return Refusal("DF208", f"you decided to keep {kept}")
    return None


def refuse_url(url: str, guards: Guards) -> Refusal | None:
    """Return the refusal of a URL line, which covers that one page."""
    canonical = urls.canonical_url(url)
    if canonical is None:
        return Refusal("DF110", "no valid URL")
    return _shielded(host_of(canonical), guards)


def _shielded(host: str, guards: Guards) -> Refusal | None:
    """Refuse a host that equals or lies under one of the user's own or allow-listed hosts."""
    own, allow = _names(guards.own), _names(guards.allow)
    for name in (host, *urls.parent_hosts(host)):
        if name in own:
            return Refusal("DF205", f"own site {name}")
        if name in allow:
            return _allowed(name, guards)
    return None


def _covers_shielded(host: str, guards: Guards) -> Refusal | None:
    if own := _below(host, guards.own):
        return Refusal("DF205", f"own site {own}")
    if allowed := _below(host, guards.allow):
        return _allowed(allowed, guards)
    return None


def _allowed(name: str, guards: Guards) -> Refusal:
    reason = guards.reasons.get(name)
    return Refusal("DF208", f"on the allow-list: {name}" + (f" ({reason})" if reason else ""))


def _below(host: str, protected: frozenset[str]) -> str | None:
    """Return a protected host that equals the host or lies under it."""
    return _by_parent(protected).get(host) if protected else None


@lru_cache(maxsize=32)
def _names(hosts: frozenset[str]) -> frozenset[str]:
    return frozenset(_host(text) for text in hosts)


@lru_cache(maxsize=32)
def _by_parent(hosts: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in sorted(_names(hosts)):
        for covering in (name, *urls.parent_hosts(name)):
            found.setdefault(covering, name)
    return found | {name: name for name in _names(hosts)}


def _host(text: str) -> str:
    """Return the canonical host of one protected entry; an entry must never be lost in silence."""
    host = urls.url_host(text)
    name = host.name if host is not None else urls.known_tld(text)
    if name is None:
        raise UsageError(f"a protected host list holds {text!r}, which is no host name")
    return name
