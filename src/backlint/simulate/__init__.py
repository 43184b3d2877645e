"""Seeded backlink profiles with planted link schemes and hard negatives, and the truth about them.

Nothing of the detector is used here, so that the planted truth can judge it.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from backlint.errors import UsageError
from backlint.simulate.negatives import NEGATIVES
from backlint.simulate.profile import backdrop
from backlint.simulate.records import AS_OF, Label, Row, Simulation, host_of, parents
from backlint.simulate.schemes import SCHEMES
from backlint.simulate.write import write

ALL: tuple[str, ...] = ("all",)

__all__ = ["ALL", "NEGATIVES", "SCHEMES", "Label", "Row", "Simulation", "simulate", "write"]


def simulate(
    seed: int,
    *,
    schemes: Sequence[str] = ALL,
    negatives: Sequence[str] = ALL,
    referring_domains: int = 300,
    graph: bool = True,
) -> Simulation:
    """Return a labelled profile: an honest backdrop with the named plants in it.

    The backdrop of a seed is the same whatever is planted into it. With graph=False the rows are
    those of a single-site export: only links into the site, and only the members that it shows.
    Raises UsageError for an unknown name or fewer than one referring domain.
    """
    wanted_schemes = _known("scheme", schemes, SCHEMES)
    wanted_negatives = _known("hard negative", negatives, NEGATIVES)
    if referring_domains < 1:
        raise UsageError(f"referring_domains must be at least 1, not {referring_domains}")
    web, rows = backdrop(_stream(seed, "backdrop"), referring_domains)
    rows = _with_gaps(_stream(seed, "backdrop gaps"), rows)
    planted: list[Label] = []
    innocent: list[Label] = []
    for names, registry, labels in (
        (wanted_schemes, SCHEMES, planted),
        (wanted_negatives, NEGATIVES, innocent),
    ):
        for name in names:
            plant = registry[name](_stream(seed, name), web)
            rows += _with_gaps(_stream(seed, f"{name} gaps"), plant.rows)
            labels.append(plant.label)
    _stream(seed, "order").shuffle(rows)
    if not graph:
        rows = [row for row in rows if host_of(row.target_url) == web.site.name]
        shown = {parent for row in rows for parent in parents(host_of(row.source_url))}
        planted = [_seen_from_site(label, web.site.name, shown) for label in planted]
        innocent = [_seen_from_site(label, web.site.name, shown) for label in innocent]
    return Simulation(
        seed=seed,
        site=web.site.name,
        as_of=AS_OF.isoformat(),
        rows=rows,
        schemes=planted,
        negatives=innocent,
        brand=[web.site.brand, web.site.short, web.site.name.partition(".")[0]],
        keywords=list(web.site.keywords),
    )


def _known(what: str, asked: Sequence[str], registry: Iterable[str]) -> list[str]:
    """Return the asked names in order of the registry; `all` stands for every one."""
    known = list(registry)
    for name in asked:
        if name not in (*known, *ALL):
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise UsageError(f"unknown {what} {name!r}; {hint}known: {', '.join(known)}")
    return known if set(ALL) & set(asked) else [name for name in known if name in asked]


def _stream(seed: int, part: str) -> Random:
    """Return the random stream of one part: parts do not disturb each other.

    A text seed is hashed by SHA-512, so the stream does not depend on PYTHONHASHSEED.
    """
    return Random(f"backlint simulate {seed} {part}")


def _with_gaps(rng: Random, rows: list[Row]) -> list[Row]:
    """Return the rows with some dates and titles lost, as merged exports have them."""
    out = []
    for row in rows:
        pick = rng.random()
        if pick < 0.01:
            row = row._replace(first_seen="")
        elif pick < 0.03:
            row = row._replace(title="")
        out.append(row)
    return out


def _seen_from_site(label: Label, site: str, shown: set[str]) -> Label:
    """Return the label cut down to what a single-site export shows of the plant."""
    seen = [member for member in label.members if member in shown]
    hidden = len(label.members) - len(seen)
    note = f"{label.note}; {hidden} members not in this export" if hidden else label.note
    return replace(label, members=seen, targets=[site], note=note)
