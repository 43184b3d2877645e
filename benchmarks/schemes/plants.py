"""Link schemes, and honest groups that look like them, as edges between domains.

Names of new domains are put together from those of the backdrop, so that no rule about names can
help. Every plant says who its members are and whom they push.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from backdrop import Backdrop, Edge

from backlint import urls

Rng = np.random.Generator

# Suffixes that anybody can register under; nobody runs a farm under .ac.uk.
OPEN_SUFFIXES = frozenset(
    ["co.uk", "org.uk", "ltd.uk", "com", "net", "org", "de", "fr", "it", "nl"]
)


class Plant(NamedTuple):
    """A planted group: `members` are what a perfect report names, `targets` what they push."""

    cell: str
    edges: list[Edge]
    members: frozenset[str]
    targets: frozenset[str] = frozenset()


class Camouflage(NamedTuple):
    """Honest-looking links of each member: how they are chosen and how many.

    `popular` draws targets by in-degree, `hijacked` copies the links of one real domain a member;
    then half of the members have got a link from a real domain, too.
    """

    how: str
    links: int

    @property
    def name(self) -> str:
        """Return how results call it."""
        return f"{self.how} {self.links}" if self.links else self.how


class Field:
    """One made-up world: draws names, places plants and remembers who belongs to what."""

    def __init__(self, seed: str, backdrop: Backdrop) -> None:
        self.rng = np.random.default_rng(list(seed.encode()))
        self.backdrop = backdrop
        self._taken = set(backdrop.domains)

    def names(self, n: int) -> list[str]:
        """Return n names that nobody has: half of one label and half of another."""
        names: list[str] = []
        while len(names) < n:
            pair = self.rng.integers(len(self.backdrop.domains), size=2)
            (first, _, _), (second, _, last) = (
                self.backdrop.domains[i].partition(".") for i in pair
            )
            label = f"{first[: 1 + len(first) // 2]}{second[len(second) // 2 :]}".strip("-")
            name = f"{label}.{last}"
            # the backdrop has damaged names; a row with one is rejected, and its link lost
            if last in OPEN_SUFFIXES and label and name not in self._taken and urls.url_host(name):
                self._taken.add(name)
                names.append(name)
        return names

    def linking(self, members: Sequence[str], low: int, high: int) -> list[Edge]:
        """Return links to real domains, by popularity, low to high of them a member."""
        edges = []
        for member in members:
            n = int(self.rng.integers(low, high + 1))
            targets = self.rng.choice(self.backdrop.domains, size=n, p=self.backdrop.weight)
            edges += [(member, str(target)) for target in targets]
        return edges

    def linked(self, members: Sequence[str], mean: float) -> list[Edge]:
        """Return links from real domains, so many a member on average."""
        givers = list(self.backdrop.out_links)
        return [
            (str(giver), member)
            for member in members
            for giver in self.rng.choice(givers, size=self.rng.poisson(mean))
        ]

    def camouflage(self, members: Sequence[str], camouflage: Camouflage) -> list[Edge]:
        """Return the camouflage of all members."""
        how, n = camouflage
        if how == "random":
            return [
                (member, str(target))
                for member in members
                for target in self.rng.choice(self.backdrop.domains, size=n)
            ]
        if how == "popular":
            return self.linking(members, n, n)
        edges: list[Edge] = []
        if how == "hijacked":
            # a giver worth copying has links enough; else camouflage would be none
            givers = [d for d, out in self.backdrop.out_links.items() if len(out) >= n]
            for member in members:
                copied = self.backdrop.out_links[givers[self.rng.integers(len(givers))]]
                edges += [(member, str(target)) for target in self.rng.permutation(copied)[:n]]
            edges += self.linked(members, 0.5)
        return edges


# --- schemes -------------------------------------------------------------------------------------


def _all_pairs(names: Sequence[str]) -> list[Edge]:
    return [(a, b) for a in names for b in names if a != b]


def _sparse(rng: Rng, names: Sequence[str], p: float) -> list[Edge]:
    """Return each possible link with probability p; who gives or gets none has one more."""
    edges = [edge for edge in _all_pairs(names) if rng.random() < p]
    for name, after in zip(names, [*names[1:], names[0]], strict=True):
        if not any(a == name for a, _ in edges):
            edges.append((name, after))
        if not any(b == after for _, b in edges):
            edges.append((name, after))
    return edges


def clique(field: Field, n: int) -> Plant:
    """Everybody links to everybody."""
    names = field.names(n)
    return Plant(f"clique n={n}", _all_pairs(names), frozenset(names))


def farm(field: Field, n: int, p: float) -> Plant:
    """Each link inside exists with probability p; there is no common target to betray it."""
    names = field.names(n)
    return Plant(f"farm n={n} p={p:g}", _sparse(field.rng, names, p), frozenset(names))


def sold_farm(field: Field, n: int, p: float) -> Plant:
    """A farm that works for somebody: all members link to one target, which five others know."""
    names, (target,) = field.names(n), field.names(1)
    edges = _sparse(field.rng, names, p) + [(name, target) for name in names]
    return Plant(
        f"farm n={n} p={p:g} with a target", edges + field.linked([target], 5),
        frozenset(names), frozenset([target]),
    )  # fmt: skip


def optimal_farm(field: Field, n: int) -> Plant:
    """Boosters link to the target and it links back: what gains most PageRank."""
    names, (target,) = field.names(n), field.names(1)
    edges = [edge for name in names for edge in ((name, target), (target, name))]
    return Plant(f"optimal farm n={n}", edges, frozenset([*names, target]))


def ring(field: Field, n: int) -> Plant:
    """Each links to the next, the last to the first."""
    names = field.names(n)
    return Plant(
        f"ring n={n}", list(zip(names, [*names[1:], names[0]], strict=True)), frozenset(names)
    )


def wheel(field: Field, n: int) -> Plant:
    """A ring whose members all link to one target, which three others know."""
    names, (target,) = field.names(n), field.names(1)
    edges = list(zip(names, [*names[1:], names[0]], strict=True))
    edges += [(name, target) for name in names]
    return Plant(
        f"wheel n={n}", edges + field.linked([target], 3), frozenset(names), frozenset([target])
    )


def pbn(field: Field, n: int, coverage: float) -> Plant:
    """No links inside; each blog links to that share of five customers, whom three others know."""
    names, customers = field.names(n), field.names(5)
    edges = field.linked(customers, 3)
    for name in names:
        chosen = field.rng.choice(customers, size=round(coverage * len(customers)), replace=False)
        edges += [(name, str(customer)) for customer in chosen]
    return Plant(f"PBN n={n} coverage={coverage:g}", edges, frozenset(names), frozenset(customers))


def pyramid(field: Field, tiers: Sequence[int]) -> Plant:
    """Each tier links to the one above it, two links a site; the first to the target."""
    (target,) = field.names(1)
    above: list[str] = [target]
    members: list[str] = []
    edges = field.linked([target], 3)
    for size in tiers:
        names = field.names(size)
        for name in names:
            chosen = field.rng.permutation(above)[:2]
            edges += [(name, str(supported)) for supported in chosen]
        members += names
        above = names
    return Plant(
        f"pyramid {'-'.join(map(str, tiers))}", edges, frozenset(members), frozenset([target])
    )


def alliance(field: Field, farms: int, n: int) -> Plant:
    """Optimal farms whose targets link to each other."""
    parts = [optimal_farm(field, n) for _ in range(farms)]
    leaders = [part.edges[0][1] for part in parts]
    edges = [edge for part in parts for edge in part.edges] + _all_pairs(leaders)
    members = frozenset().union(*(part.members for part in parts))
    return Plant(f"alliance {farms} x {n}", edges, members)


def subdomains(field: Field, n: int, p: float) -> Plant:
    """Hosts of one domain that link to each other: one accused, the domain."""
    (root,) = field.names(1)
    labels = [name.partition(".")[0] for name in field.names(n)]
    hosts = [f"{label}.{root}" for label in labels]
    return Plant(f"subdomains n={n} p={p:g}", _sparse(field.rng, hosts, p), frozenset([root]))


# What is planted together: few enough that the backdrop stays what it is.
PACKS: dict[str, Sequence[Callable[[Field], Plant]]] = {
    "farms": (
        lambda f: clique(f, 5),
        lambda f: farm(f, 10, 0.3),
        lambda f: farm(f, 10, 0.5),
        lambda f: farm(f, 20, 0.2),
        lambda f: farm(f, 20, 0.5),
        lambda f: farm(f, 30, 0.15),
        lambda f: sold_farm(f, 10, 0.3),
        lambda f: sold_farm(f, 20, 0.2),
    ),
    "circles and tiers": (
        *(lambda f, n=n: ring(f, n) for n in (3, 4, 6, 8, 12)),
        *(lambda f, n=n: wheel(f, n) for n in (3, 6, 12)),
        lambda f: optimal_farm(f, 10),
        lambda f: optimal_farm(f, 20),
        lambda f: pyramid(f, (5, 15)),
        lambda f: pyramid(f, (4, 10, 20)),
        lambda f: alliance(f, 3, 6),
        lambda f: subdomains(f, 10, 0.6),
    ),
    "networks": tuple(lambda f, n=n, c=c: pbn(f, n, c) for n in (10, 20) for c in (0.4, 0.6, 1.0)),
}


# --- honest groups -------------------------------------------------------------------------------


def designer(field: Field) -> Plant:
    """Thirty clients of one web designer, each with a credit."""
    clients, (studio,) = field.names(30), field.names(1)
    edges = [(client, studio) for client in clients] + field.linking([studio], 3, 8)
    # a portfolio shows some of them
    edges += [(studio, client) for client in clients[:10]]
    edges += field.linking(clients, 2, 8) + field.linked(clients, 0.7)
    return Plant("designer's clients", edges, frozenset([*clients, studio]))


def consortium(field: Field) -> Plant:
    """Twelve institutes that all link to each other and are known to many."""
    names = field.names(12)
    edges = _all_pairs(names) + field.linking(names, 10, 60) + field.linked(names, 12)
    return Plant("consortium", edges, frozenset(names))


def brand_family(field: Field) -> Plant:
    """One brand under fifteen country domains."""
    (first,) = field.names(1)
    label = first.partition(".")[0]
    ends = [
        "de",
        "fr",
        "it",
        "es",
        "nl",
        "be",
        "at",
        "ch",
        "pl",
        "se",
        "dk",
        "fi",
        "pt",
        "ie",
        "no",
    ]
    names = [f"{label}.{end}" for end in ends]
    edges = _all_pairs(names) + field.linking(names, 1, 5) + field.linked(names, 1)
    return Plant("brand family", edges, frozenset(names))


def blogroll(field: Field) -> Plant:
    """Twenty blogs on one subject that read each other, and have readers."""
    names = field.names(20)
    edges = _sparse(field.rng, names, 0.3) + field.linking(names, 5, 30) + field.linked(names, 2.5)
    return Plant("blog-roll", edges, frozenset(names))


def newswire(field: Field) -> Plant:
    """Fifteen papers that print the stories of one agency, about the same six companies."""
    papers, companies = field.names(15), field.names(6)
    edges = [(p, c) for p in papers for c in companies if field.rng.random() < 0.7]
    edges += field.linking(papers, 20, 60) + field.linked(papers, 4) + field.linked(companies, 6)
    return Plant("newswire", edges, frozenset(papers))


def hosting_footer(field: Field) -> Plant:
    """Twenty-five customers with their host's footer: the host and its status page."""
    customers, hosts = field.names(25), field.names(2)
    edges = [(customer, host) for customer in customers for host in hosts]
    edges += field.linking(customers, 1, 8) + field.linked(customers, 0.7) + field.linked(hosts, 6)
    return Plant("hosting footer", edges, frozenset([*customers, *hosts]))


def conference(field: Field) -> Plant:
    """A conference and ten sponsors, who link to it and some to each other."""
    sponsors, (event,) = field.names(10), field.names(1)
    edges = [edge for name in sponsors for edge in ((name, event), (event, name))]
    edges += _sparse(field.rng, sponsors, 0.15)
    edges += field.linking(sponsors, 3, 20) + field.linked(sponsors, 3) + field.linked([event], 8)
    return Plant("conference and sponsors", edges, frozenset([*sponsors, event]))


def editions(field: Field) -> Plant:
    """Eight papers of one publisher: each footer names all of them, the publisher and its shop."""
    papers, house = field.names(8), field.names(2)
    edges = _all_pairs(papers) + [(paper, name) for paper in papers for name in house]
    edges += field.linking(papers, 10, 40) + field.linked([*papers, *house], 3)
    return Plant("editions", edges, frozenset([*papers, *house]))


HONEST: Sequence[Callable[[Field], Plant]] = (
    designer, consortium, brand_family, blogroll, newswire, hosting_footer, conference, editions,
)  # fmt: skip
