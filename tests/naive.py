"""The detectors once more, the slow and obvious way: dicts, sets and sums, no SQL, no numpy.

Written from the catalogue of detectors and the headers of the rules, to be held against the tables
and claims of a real run on the small worlds of `graph_strategies`.
"""

import datetime
import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from itertools import combinations
from pathlib import Path

import networkx as nx
from publicsuffixlist import PublicSuffixList

from backlint.lists import load_list
from graph_strategies import Link, World
from naive_anchors import class_of

ROOT = Path(__file__).parents[1]
Edge = tuple[str, str]
PSL = PublicSuffixList(only_icann=False)


def words_of(text: str) -> str:
    """Letters and digits as words between single spaces, with a space at either end."""
    kept = "".join(c if c.isalpha() or c.isnumeric() else " " for c in text)
    return " " + " ".join(kept.split()) + " "


def poisson_tail_log10(k: int, mean: float) -> float:
    """Return -log10 P(Poisson(mean) >= k) by adding the terms of the tail up."""
    terms = [i * math.log(mean) - mean - math.lgamma(i + 1) for i in range(k, k + 400)]
    top = max(terms)
    return -min((top + math.log(math.fsum(math.exp(t - top) for t in terms))) / math.log(10), 0.0)


def poisson_tail(k: int, mean: float) -> float:
    return 10.0 ** -poisson_tail_log10(k, mean) if k > 0 else 1.0


def binomial_tail(k: int, n: int, p: float) -> float:
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(max(k, 0), n + 1))


@cache
def beta_lower_bound(k: int, n: int) -> float:
    """Return the 5% point of Beta(0.5 + k, 9.5 + n - k), by bisection of a numeric integral."""
    a, b = 0.5 + k, 9.5 + n - k

    def mass(end: float) -> float:  # substitute x = u^2: smooth at 0, where a may be below 1
        steps = 400
        h = math.sqrt(end) / steps
        f = [
            2 * u ** (2 * a - 1) * (1 - u * u) ** (b - 1) for u in (h * i for i in range(steps + 1))
        ]
        return h / 3 * (f[0] + f[-1] + 4 * math.fsum(f[1:-1:2]) + 2 * math.fsum(f[2:-1:2]))

    whole = math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))
    low, high = 0.0, 1.0
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if mass(middle) < 0.05 * whole else (low, middle)
    return (low + high) / 2


class Naive:
    """All that is known of a world, computed from its links alone."""

    def __init__(self, world: World) -> None:
        self.world = world
        links = world.links
        if world.crawl:  # a crawler's list has no dates and titles, and its own navigation is none
            links = tuple(x._replace(first_seen="", title="") for x in links)
            links = tuple(x for x in links if host_of(x.source) != host_of(x.target))
        self.links = links
        self._classes: dict[Link, str] = {}
        self.hosts = sorted({host_of(url) for x in links for url in (x.source, x.target)})
        self.domain_of = {host: registrable(host) for host in self.hosts}
        self.node_of = {
            host: host if world.node == "host" else self.domain_of[host] for host in self.hosts
        }
        self.nodes = sorted(set(self.node_of.values()))
        targets = {self.domain_of[host_of(x.target)] for x in links}
        foreign = {
            self.domain_of[host_of(x.target)]
            for x in links
            if self.domain_of[host_of(x.source)] != self.domain_of[host_of(x.target)]
        }
        self.site = world.site or (foreign.pop() if len(foreign) == 1 else "")
        self.targets = targets

    # owners

    @cached_property
    def family(self) -> dict[str, str]:
        declared = dict(self.world.families)
        domains = set(self.domain_of.values())
        labels: dict[str, set[str]] = defaultdict(set)
        common = listed("shared_labels")
        for domain in domains:
            label = domain.partition(".")[0]
            if len(label) >= 4 and label not in common and not is_platform(domain):
                labels[label].add(domain)
        found = {}
        for host, node in self.node_of.items():
            domain = self.domain_of[host]
            label = domain.partition(".")[0]
            if domain in declared:
                found[node] = declared[domain]
            elif len(labels.get(label, ())) > 1 and domain != self.site:
                found[node] = label
            else:
                found[node] = node
        return found

    @cached_property
    def actors(self) -> list[str]:
        return sorted(set(self.family.values()))

    def actor(self, url: str) -> str:
        """Return the owner of a URL."""
        return self.family[self.node_of[host_of(url)]]

    def members_of(self, actor: str) -> set[str]:
        return self._members[actor]

    @cached_property
    def _members(self) -> dict[str, set[str]]:
        return grouped((family, node) for node, family in self.family.items())

    def face(self, actor: str) -> str:
        """Return the node that stands for an owner."""
        return min(self.members_of(actor))

    def is_site(self, actor: str) -> bool:
        return bool(self.site) and any(
            node == self.site or node.endswith("." + self.site) for node in self.members_of(actor)
        )

    def is_trusted(self, actor: str) -> bool:
        entries = listed("trusted")
        return any(
            any(".".join(node.split(".")[i:]) in entries for i in range(node.count(".") + 1))
            for node in self.members_of(actor)
        )

    # edges and degrees

    @cached_property
    def edges(self) -> dict[Edge, list[Link]]:
        found: dict[Edge, list[Link]] = defaultdict(list)
        for link in self.links:
            source, target = self.actor(link.source), self.actor(link.target)
            if source != target:
                found[source, target].append(link)
        return dict(found)

    @cached_property
    def credit(self) -> set[Edge]:
        """Edges with at least one link that is not known to be qualified."""
        return {edge for edge, links in self.edges.items() if not all(map(qualified, links))}

    @cached_property
    def m(self) -> int:
        return len(self.credit)

    def into(self, actor: str) -> set[str]:
        return self._sources.get(actor, set())

    def out_of(self, actor: str) -> set[str]:
        return self._goals.get(actor, set())

    @cached_property
    def _sources(self) -> dict[str, set[str]]:
        return grouped((target, source) for source, target in self.credit)

    @cached_property
    def _goals(self) -> dict[str, set[str]]:
        return grouped(self.credit)

    @cached_property
    def hubs(self) -> set[str]:
        d_in = sorted(len(sources) for sources in self._sources.values())
        percentile = d_in[math.ceil(0.995 * len(d_in)) - 1] if d_in else 0
        limit = max(200, percentile)
        return {
            actor
            for actor in self.actors
            if not self.is_site(actor) and (self.is_trusted(actor) or len(self.into(actor)) > limit)
        }

    @cached_property
    def structure(self) -> set[Edge]:
        outside = self.hubs | {actor for actor in self.actors if self.is_site(actor)}
        return {(a, b) for a, b in self.credit if a not in outside and b not in outside}

    @cached_property
    def rare(self) -> set[str]:
        return {
            actor
            for actor in self.actors
            if actor not in self.hubs
            and not self.is_site(actor)
            and 2 <= len(self.into(actor)) <= 40
        }

    def first_seen(self, edge: Edge) -> datetime.date | None:
        dates = [x.first_seen for x in self.edges[edge] if x.first_seen and not qualified(x)]
        return datetime.date.fromisoformat(min(dates)) if dates else None

    def example(self, edge: Edge) -> Link:
        """Return the first link of an edge that may pass credit, by its URLs and anchor."""
        return min(x for x in self.edges[edge] if not qualified(x))

    def carrier(self, edge: Edge) -> str:
        """Return the node that the example link of an edge comes from."""
        return self.node_of[host_of(self.example(edge).source)]

    # exchange

    @cached_property
    def mutual(self) -> set[Edge]:
        return {
            (a, b)
            for a, b in self.credit
            if (b, a) in self.credit and a not in self.hubs and b not in self.hubs
        }

    def reciprocity(self, actor: str) -> tuple[int, int, float]:
        """Return referrers with known out-links, how many are linked back, how many expected."""
        known = self.into(actor) - self.hubs if self.world.crawl else set()
        known = {u for u in known if any(self.actor(x.source) == u for x in self.links)}
        back = sum((actor, u) in self.mutual for u in known)
        expected = sum(len(self.out_of(actor)) * len(self.into(u)) / self.m for u in known)
        return len(known), back, expected

    @cached_property
    def rings(self) -> dict[frozenset[str], tuple[list[str], float]]:
        """Return every circle without a shortcut: its members, in order, and its rarity."""
        d_in: dict[str, int] = defaultdict(int)
        for _, target in self.structure:
            d_in[target] += 1
        kept = {(a, b) for a, b in self.structure if max(d_in[a], d_in[b]) <= 30}
        graph = nx.DiGraph(sorted(kept))
        found = {}
        for cycle in nx.simple_cycles(graph, length_bound=12):
            inside = {(a, b) for a in cycle for b in cycle if (a, b) in kept}
            if len(cycle) >= 3 and len(inside) == len(cycle):
                product = {n: graph.in_degree(n) * graph.out_degree(n) for n in graph}
                most = max(product[n] for n in cycle)
                rate = sum(p for p in product.values() if p <= most) / len(kept)
                found[frozenset(cycle)] = (cycle, rate ** len(cycle) / len(cycle))
        return found

    # groups

    def strong_pairs(self) -> set[frozenset[str]]:
        """Return the pairs of sources that share two or more rare targets beyond chance."""
        goals = grouped((a, b) for a, b in self.structure if b in self.rare)
        sources = grouped((b, a) for a, b in self.structure if b in self.rare)
        total = sum(map(len, goals.values()))
        squares = sum(len(s) ** 2 for s in sources.values())
        allowed = min(0.01, 2 * 180.0 / len(goals) ** 2) if goals else 0.0
        found = set()
        for u, v in combinations(sorted(goals), 2):
            shared = len(goals[u] & goals[v])
            mean = len(goals[u]) * len(goals[v]) * squares / total**2
            if shared >= 2 and poisson_tail(shared, mean) < allowed:
                found.add(frozenset((u, v)))
        return found

    def closed(self, pairs: frozenset[str]) -> frozenset[str]:
        """Return a group of the pair graph, closed over the rare targets that it holds."""
        goals = grouped((a, b) for a, b in self.structure if b in self.rare)
        sources = grouped((b, a) for a, b in self.structure if b in self.rare)
        total = sum(map(len, goals.values()))
        group = pairs
        for _ in range(5):
            held = self.held(group)
            grip = sum(len(sources[target] & group) for target in held)
            if len(held) < 3 or grip < len(group):
                return frozenset()
            weight = sum(len(sources[target]) for target in held)
            kept = set()
            for source, mine in goals.items():
                hits = len(mine & held)
                chance = poisson_tail(hits, len(mine) * weight / total)
                if hits >= 2 and (source in pairs or chance < 0.5 / len(goals)):
                    kept.add(source)
            if kept == group:
                break
            group = frozenset(kept)
        return group

    def held(self, group: frozenset[str]) -> set[str]:
        """Return the rare targets of which a group makes up three referrers and 30%."""
        sources = grouped((b, a) for a, b in self.structure if b in self.rare)
        return {
            target
            for target, who in sources.items()
            if len(who & group) >= 3 and len(who & group) >= 0.3 * len(who)
        }

    def groups(self, found: Iterable[tuple[str, frozenset[str]]]) -> list["Group"]:
        """Return the oracles of all candidate groups, given their kinds and members."""
        groups = [Group(self, kind, members) for kind, members in found]
        everybody = {actor for group in groups for actor in group.members}
        suspects = {actor for group in groups if group.stands_out for actor in group.members}
        for group in groups:
            group.everybody, group.suspects = everybody, suspects
        return groups

    # anchors and pages

    @cached_property
    def profile(self) -> list[Link]:
        """Return the links that are judged: into the site or, without one, between owners."""
        return [
            x
            for x in self.links
            if self.actor(x.source) != self.actor(x.target)
            and not self.is_site(self.actor(x.source))
            and (not self.site or self.is_site(self.actor(x.target)))
        ]

    def anchor_class(self, link: Link) -> str:
        """Return the class of a link's anchor."""
        if link not in self._classes:
            self._classes[link] = self._class(link)
        return self._classes[link]

    def _class(self, link: Link) -> str:
        label = self.domain_of[host_of(link.target)].partition(".")[0]
        return class_of(fold(link), label, self.world.brand, self.world.keywords)

    @property
    def has_site(self) -> bool:
        return any(map(self.is_site, self.actors))

    @cached_property
    def earning(self) -> list[Link]:
        return [x for x in self.profile if not qualified(x)]

    @cached_property
    def money(self) -> dict[Link, bool]:
        """Return links with a money anchor and whether that is only inferred from repetition."""
        users: dict[Edge, set[str]] = defaultdict(set)
        for link in self.earning:
            owner = self.actor(link.source)
            if self.anchor_class(link) == "other" and not self.is_trusted(owner):
                users[self.actor(link.target), fold(link)].add(owner)
        if self.world.keywords:  # then nothing has to be inferred
            users.clear()
        found = {}
        for link in self.earning:
            if self.anchor_class(link) in ("exact", "partial"):
                found[link] = False
            elif len(users.get((self.actor(link.target), fold(link)), ())) >= 3:
                found[link] = True
        return found

    def payers(self, links: Iterable[Link]) -> set[str]:
        """Return the owners most of whose links, of those given, have a money anchor."""
        all_, paid = defaultdict(int), defaultdict(int)
        for link in links:
            all_[self.actor(link.source)] += 1
            paid[self.actor(link.source)] += link in self.money
        return {owner for owner, count in all_.items() if 2 * paid[owner] > count}

    @cached_property
    def signatures(self) -> set[tuple[str, str, str]]:
        """Return (owner, kind, key) of titles, article slugs and opaque ids of several owners."""
        holders = defaultdict(set)
        for owner, kind, key, _ in self.page_signatures:
            holders[kind, key].add(owner)
        return {(o, *key) for key, owners in holders.items() if len(owners) > 1 for o in owners}

    @cached_property
    def page_signatures(self) -> set[tuple[str, str, str, str]]:
        """Return (owner, kind, key, page)."""
        generic = listed("generic_paths")
        ours = {slug_of(x.target) for x in self.profile}
        found = set()
        for link in self.earning:
            owner = self.actor(link.source)
            title = re.sub(r"[ ]+[-|:–—·»]+[ ]+[^-|–—·»]{1,40}$", "", link.title)
            key = words_of(title.lower()).strip()
            if len(key) >= 15 and key.count(" ") >= 2:
                found.add((owner, "title", key, link.source))
            slug = slug_of(link.source)
            parts = [part for part in re.split("[-_]", slug) if part]
            if len(slug) >= 12 and len(parts) >= 3 and slug not in generic | ours:
                found.add((owner, "path", slug, link.source))
            ids = re.search(r"[?&]([A-Za-z_]+=\d{6,})", link.source)
            if ids:
                found.add((owner, "id", ids[1].lower(), link.source))
        return found


@cache
def listed(name: str) -> frozenset[str]:
    return frozenset(load_list(name).entries)


class Group:
    """One candidate group against the graph around it.

    `everybody` is in some group, `suspects` are in one that stands out: both are known only when
    all groups are.
    """

    def __init__(self, naive: Naive, kind: str, members: frozenset[str]) -> None:
        self.naive, self.kind, self.members, self.size = naive, kind, members, len(members)
        self.everybody: set[str] = set()
        self.suspects: set[str] = set()

    @cached_property
    def inside(self) -> set[Edge]:
        return {(a, b) for a, b in self.naive.structure if {a, b} <= self.members}

    @property
    def density(self) -> float:
        return len(self.inside) / (self.size * (self.size - 1))

    @cached_property
    def k_out(self) -> int:
        return sum(len(self.naive.out_of(member)) for member in self.members)

    @cached_property
    def k_in(self) -> int:
        return sum(len(self.naive.into(member)) for member in self.members)

    @cached_property
    def endorsers(self) -> int:
        return len(set().union(*(self.naive.into(x) for x in self.members)) - self.members)

    @property
    def isolation(self) -> float:
        return 1 / (1 + self.endorsers / self.size)

    @cached_property
    def others(self) -> list[str]:
        """Return the sources outside any group that isolation is held against."""
        return [
            actor
            for actor in self.naive.actors
            if self.naive.out_of(actor)
            and not self.naive.is_site(actor)
            and actor not in self.naive.hubs
            and actor not in self.everybody
        ]

    @property
    def looked(self) -> bool:
        """Say whether anybody in the data looks at anybody."""
        linked = sum(bool(self.naive.into(actor)) for actor in self.others)
        return 20 * linked >= len(self.others) >= 10

    @property
    def isolation_known(self) -> bool:
        links = sum(len(self.naive.into(actor)) for actor in self.others)
        return self.looked and 2 * self.endorsers * len(self.others) <= self.size * links

    @property
    def decades(self) -> float:
        naive = self.naive
        if not self.inside:
            return 0.0
        if 2 * self.k_out > naive.m:
            linked = [a for a in naive.actors if naive.into(a) or naive.out_of(a)]
            mean = self.k_out * self.size / len(linked)
        else:
            mean = self.k_out * self.k_in / naive.m
        return poisson_tail_log10(len(self.inside), max(mean, 1e-12))

    @cached_property
    def needed(self) -> float:
        """Return what rewired webs gave, or in a small web the number of groups to pick from."""
        sources = sum(bool(self.naive.out_of(actor)) for actor in self.naive.actors)
        table = tomllib.loads((ROOT / "rules/null_maxima.toml").read_text("utf-8"))
        mine = {"sources": sources, "size": self.size, "degree": self.k_in / self.size}
        price = max(
            row["needed"]
            for row in table["rows"]
            if all(value >= row[name] for name, value in mine.items())
        )
        if sources >= 1000:
            return price
        return min(price, math.log10(math.comb(max(sources, self.size), self.size)) + 2)

    def sureness(self, decades: float, asked: float) -> float:
        """Return isolation times the part of the decades beyond those asked for."""
        seen = self.isolation if self.isolation_known else min(self.isolation, 0.5)
        return seen * (1 - asked / max(decades, asked))

    @property
    def capture_sureness(self) -> float:
        """Return the sureness of shared targets: of the target least likely held by chance."""
        tails = [chance for *_, chance in self.holds.values()]
        return self.sureness(max((-math.log10(max(x, 1e-300)) for x in tails), default=0.0), 2)

    @property
    def captured(self) -> dict[str, tuple[int, float]]:
        """Return captured target -> members that link to it, their share of its referrers."""
        return {target: (held, share) for target, (held, share, _) in self.holds.items()}

    @cached_property
    def holds(self) -> dict[str, tuple[int, float, float]]:
        """Return captured target -> members, share of its referrers, such targets by chance."""
        naive = self.naive
        referrers = {naive.face(target): naive.into(target) for target in naive.rare - self.members}
        if naive.site:
            pages: dict[str, set[str]] = defaultdict(set)
            for link in naive.earning:
                pages[link.target].add(naive.actor(link.source))
            referrers |= {url: who for url, who in pages.items() if len(who) >= 2}
        looked_at = len(naive.rare) + len(referrers) - len(naive.rare - self.members)
        found = {}
        share = min(self.k_out / max(naive.m, 1), 1.0)
        for target, who in referrers.items():
            held = len(who & self.members)
            expected = binomial_tail(held, len(who), share) * looked_at
            if held >= 3 and held / len(who) >= 0.3 and expected < 0.01:
                found[target] = (held, held / len(who), expected)
        return found

    @cached_property
    def shared(self) -> dict[tuple[str, str], set[str]]:
        """Return signatures that three or more members share, with the members."""
        holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        for owner, kind, key in self.naive.signatures:
            if owner in self.members:
                holders[kind, key].add(owner)
        return {key: who for key, who in holders.items() if len(who) >= 3}

    @property
    def most_shared(self) -> int:
        return max(map(len, self.shared.values()), default=0)

    @cached_property
    def pages(self) -> dict[tuple[str, str], set[str]]:
        """Return each shared signature with the pages of members that carry it."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for owner, kind, key, page in self.naive.page_signatures:
            if owner in self.members and (kind, key) in self.shared:
                found[kind, key].add(page)
        return found

    @cached_property
    def judged(self) -> list[Link]:
        """Return the members' links whose anchors count: of a footprint those on shared pages."""
        links = [x for x in self.naive.earning if self.naive.actor(x.source) in self.members]
        if self.kind != "footprint":
            return links
        shared = set().union(*self.pages.values())
        return [x for x in links if x.source in shared]

    @cached_property
    def anchored(self) -> set[str]:
        return {self.naive.actor(x.source) for x in self.judged}

    @cached_property
    def money(self) -> set[str]:
        return self.naive.payers(self.judged)

    @cached_property
    def money_texts(self) -> int:
        """Return how many money texts the payers use; of a footprint 0 where no text varies."""
        paid = [
            x
            for x in self.judged
            if x in self.naive.money and self.naive.actor(x.source) in self.money
        ]
        if self.kind != "footprint":
            return len({fold(x) for x in paid})
        for pages in self.pages.values():
            uses = {(fold(x), self.naive.actor(x.source)) for x in paid if x.source in pages}
            users = Counter(text for text, _ in uses)
            if len(uses) >= 4 and max(users.values()) <= 0.667 * len(uses):
                return len({fold(x) for x in paid})
        return 0

    @cached_property
    def paying_nodes(self) -> set[str]:
        """Return the nodes of payers that take part and use a money anchor themselves."""
        naive = self.naive
        paying = {x for x in naive.money if naive.actor(x.source) in self.money}
        return self.nodes & {naive.node_of[host_of(link.source)] for link in paying}

    @cached_property
    def branded(self) -> set[str]:
        """Return members with a brand, bare, generic or empty anchor and no money anchor."""
        plain = {"brand", "naked", "generic", "empty"}
        links = [x for x in self.judged if self.naive.anchor_class(x) in plain]
        return {self.naive.actor(x.source) for x in links} - self.money

    @cached_property
    def rest(self) -> set[str]:
        """Return the owners with anchors outside any group that stands out."""
        return {self.naive.actor(x.source) for x in self.naive.earning} - self.suspects

    @cached_property
    def money_decades(self) -> float:
        """Return how unlikely so many money anchors are at the rate of the honest rest."""
        users = self.naive.payers(self.naive.earning) & self.rest
        rate = (len(users) + 0.5) / (len(self.rest) + 10)
        return -math.log10(min(1.0, binomial_tail(len(self.money), len(self.anchored), rate)))

    @property
    def money_agrees(self) -> bool:
        k, n = len(self.money), len(self.anchored)
        tested = self.money_decades >= 3 and len(self.rest) >= 20
        most = 2 * k >= n or (10 * k >= 3 * n and self.money_decades >= 6)
        return k >= 3 and most and tested and not self.inferred

    @property
    def stands_out(self) -> bool:
        """Say whether the group is left out of what anchors are held against."""
        if self.kind == "ring":
            return self.naive.rings[self.members][1] < 0.01
        if self.kind == "community":
            return self.decades >= self.needed and self.isolation >= 0.5
        if self.kind == "cotarget":
            return len(self.captured) >= 3
        return len({kind for kind, _ in self.shared}) >= 2

    @cached_property
    def dates(self) -> tuple[int, int | None, float]:
        """Return links inside and to the site, the days they span, the odds of that window."""
        naive = self.naive
        edges = [*self.inside]
        edges += [(a, b) for a, b in naive.credit if a in self.members and naive.is_site(b)]
        known = [date for edge in edges if (date := naive.first_seen(edge))]
        if not edges:
            return 0, None, 0.0
        everybody = [date for edge in naive.credit if (date := naive.first_seen(edge))]
        inside = [d for d in everybody if known and min(known) <= d <= max(known)]
        share = (max(len(inside) - len(known), 0) + 1) / (max(len(everybody) - len(known), 0) + 2)
        odds = math.log10(len(edges)) + (len(edges) - 1) * math.log10(share)
        complete = len(known) >= 3 and 10 * len(known) >= 9 * len(edges)
        span = (max(known) - min(known)).days if complete else None
        return len(edges), span, max(-odds, 0.0)

    @property
    def dates_agree(self) -> bool:
        _, span, odds = self.dates
        return span is not None and span <= 90 and odds >= 3

    @cached_property
    def nodes(self) -> set[str]:
        """Return the nodes that take part: of an owner of several those that link inside or to a
        shared target; of a footprint those with a shared page.
        """
        naive = self.naive
        if self.kind == "footprint":
            pages = set().union(*self.pages.values())
            return {naive.node_of[host_of(page)] for page in pages}
        shared = {b for b in naive.rare - self.members if len(naive.into(b) & self.members) >= 3}
        found = set()
        for link in naive.links:
            source, target = naive.actor(link.source), naive.actor(link.target)
            node, goal = (naive.node_of[host_of(url)] for url in (link.source, link.target))
            alone = len(naive.members_of(source)) == 1
            aimed = target in self.members or goal in {naive.face(b) for b in shared} or alone
            if source in self.members and source != target and not qualified(link) and aimed:
                found.add(node)
        return found

    @cached_property
    def magnets(self) -> set[str]:
        """Return what nearly all members link to with much of their links, and few others do."""
        naive = self.naive
        if self.kind != "community":
            return set()
        sent = [(a, b) for a, b in naive.edges if a in self.members]
        total = sum(len(naive.edges[edge]) for edge in sent)
        found = set()
        for target in {b for _, b in sent} - self.members - naive.hubs:
            edges = [(a, b) for a, b in sent if b == target and (a, b) in naive.credit]
            links = sum(len(naive.edges[edge]) for edge in edges)
            few = len(edges) >= 0.3 * len(naive.into(target))
            many = len(edges) >= 0.8 * self.size and links >= 0.05 * total
            if edges and many and few and not naive.is_site(target):
                found.add(naive.face(target))
        return found

    @property
    def inferred(self) -> bool:
        """Say that no member but by inference uses a money anchor."""
        return all(
            inferred
            for link, inferred in self.naive.money.items()
            if link in self.judged and self.naive.actor(link.source) in self.money
        )


def host_of(url: str) -> str:
    """Return the host of one of the worlds' plain URLs, without `www.`."""
    return re.split("[/?#]", url)[2].removeprefix("www.")


def is_platform(domain: str) -> bool:
    return any(domain.endswith("." + entry) for entry in listed("platforms"))


def registrable(host: str) -> str:
    platforms = listed("platforms")
    labels = host.split(".")
    for i in range(len(labels)):
        if ".".join(labels[i + 1 :]) in platforms:
            return ".".join(labels[i:])
    return PSL.privatesuffix(host) or host


def qualified(link: Link) -> bool:
    return bool({"nofollow", "ugc", "sponsored"} & set(link.rel.split()))


def fold(link: Link) -> str:
    return " ".join(link.anchor.lower().split())


def slug_of(url: str) -> str:
    path = url.split("/", 3)[3] if url.count("/") >= 3 else ""
    return re.split("[?#]", path)[0].rstrip("/").rpartition("/")[2].lower()


def grouped(pairs: Iterable[Edge]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return dict(found)
