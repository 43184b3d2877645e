"""What disavow files do, whatever they say: what each line covers, and how two files differ.

Directives here are exact: `domain:www.x` covers less than `domain:x`, as Google reads it.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from backlint import urls
from backlint.disavow.file import DisavowFile, covering, exact, host_of, is_url


class Unit(NamedTuple):
    """Links that a line can only cover together: those of one host, or of one page of it.

    `name` is the directive that covers exactly them, `node` the referring domain (or host) that the
    audit judges. `followed` links are known to be, `unknown` ones may be; the rest of `links` is
    nofollow, ugc, sponsored or lost.
    """

    name: str
    node: str
    links: int
    followed: int
    unknown: int
    trusted: bool = False
    own: bool = False


class Reach(NamedTuple):
    """How much of an audited profile something concerns."""

    nodes: int = 0
    links: int = 0
    followed: int = 0
    unknown: int = 0


class Part(NamedTuple):
    """One directive that two files do not have in common.

    `beneath` are lines of the other file that cover a part of it: what is left of a narrowed line,
    or what a widened one replaces.
    """

    directive: str
    beneath: tuple[str, ...] = ()
    reach: Reach | None = None


class Difference(NamedTuple):
    """What an upload of one file in place of another changes, by effect; sorted by directive."""

    drops: list[Part]
    narrows: list[Part]
    widens: list[Part]
    adds: list[Part]
    same: int

    @property
    def changes(self) -> bool:
        """Whether anything differs at all."""
        return bool(self.drops or self.narrows or self.widens or self.adds)


def effect(file: DisavowFile) -> frozenset[str]:
    """Return the exact directives of a file that no other of its lines covers."""
    found = {directive for line in file.lines if (directive := exact(line))}
    return frozenset(found - covering(found).keys())


def coverer(directives: Collection[str]) -> Callable[[str], str | None]:
    """Return a function that names the widest of the directives that covers a given one."""
    known = frozenset(directives)
    hosts = {directive.removeprefix("domain:") for directive in known if not is_url(directive)}

    def by(directive: str) -> str | None:
        host = host_of(directive)
        for name in [*reversed(urls.parent_hosts(host)), host]:
            if name in hosts:
                return f"domain:{name}"
        return directive if directive in known else None

    return by


def page_hosts(directives: Iterable[str]) -> frozenset[str]:
    """Return the exact hosts of URL lines: their links have to be looked at page by page."""
    return frozenset(host_of(directive) for directive in directives if is_url(directive))


def difference(
    old: Collection[str], new: Collection[str], units: Iterable[Unit] | None = None
) -> Difference:
    """Return what an upload of `new` in place of `old` changes; both are effects of files.

    With the `units` of an audit each part says which links it concerns.
    """
    by_old, by_new = coverer(old), coverer(new)
    left, replaced = _beneath(new, by_old), _beneath(old, by_new)
    lost, won = _reaches(units or (), by_old, by_new), _reaches(units or (), by_new, by_old)

    def part(directive: str, beneath: Mapping[str, list[str]], reach: Mapping[str, Reach]) -> Part:
        known = reach.get(directive, Reach()) if units is not None else None
        return Part(directive, tuple(sorted(beneath.get(directive, ()))), known)

    gone = [part(x, left, lost) for x in sorted(old) if by_new(x) is None]
    come = [part(x, replaced, won) for x in sorted(new) if by_old(x) is None]
    return Difference(
        drops=[x for x in gone if not x.beneath],
        narrows=[x for x in gone if x.beneath],
        widens=[x for x in come if x.beneath],
        adds=[x for x in come if not x.beneath],
        same=len(old) - len(gone),
    )


def total(units: Iterable[Unit]) -> Reach:
    """Return the sum of some units; a referring domain counts once."""
    chosen = list(units)
    return Reach(
        len({unit.node for unit in chosen}),
        sum(unit.links for unit in chosen),
        sum(unit.followed for unit in chosen),
        sum(unit.unknown for unit in chosen),
    )


def _beneath(lines: Iterable[str], by: Callable[[str], str | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        wide = by(line)
        if wide is not None and wide != line:
            found[wide].append(line)
    return found


def _reaches(
    units: Iterable[Unit], by: Callable[[str], str | None], other: Callable[[str], str | None]
) -> dict[str, Reach]:
    """Return what each directive covers that the other file does not."""
    found: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        wide = by(unit.name)
        if wide is not None and other(unit.name) is None:
            found[wide].append(unit)
    return {directive: total(chosen) for directive, chosen in found.items()}
