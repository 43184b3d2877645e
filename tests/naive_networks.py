"""The rules about cliques, tiers, lists of links, addresses and numbered names, slow and obvious.

Written from the headers of BL105, BL203, BL204, BL205 and BL207.
"""

import math
import re
from collections import defaultdict
from itertools import combinations

import networkx as nx

from naive import Group, Naive, grouped, host_of, listed, poisson_tail_log10, qualified, slug_of

Tiers = list[frozenset[str]]


def rare_goals(naive: Naive) -> dict[str, set[str]]:
    """Return source -> the rare targets that it links to, in the structural graph."""
    return grouped((a, b) for a, b in naive.structure if b in naive.rare)


def fate(group: Group, sureness: float, *, alone: bool, dates: bool = True) -> str:
    """Return the level of a group; `alone`: the graph says medium when others are linked to."""
    if group.looked and not (group.isolation_known and sureness >= 0.45):
        return "low"
    if group.isolation_known and group.money_agrees:
        return "high"
    sure = alone and group.looked and sureness >= 0.6
    dated = dates and group.dates_agree
    return "medium" if group.money_agrees or dated or sure else "low"


# --- BL105 ---------------------------------------------------------------------------------------


def clique(group: Group) -> tuple[str, str] | None:
    """Return level and kind of a group of five or more with 90% of all ordered pairs linked."""
    if (
        group.kind != "community"
        or group.size < 5
        or 10 * len(group.inside) < 9 * (group.size * (group.size - 1))
    ):
        return None
    if group.decades < group.needed:
        return None
    if not group.isolation_known or group.sureness(group.decades, group.needed) < 0.6:
        return "info", ""
    return ("high" if group.money_agrees else "medium"), "link-clique"


# --- BL203 ---------------------------------------------------------------------------------------


def pyramids(naive: Naive) -> dict[frozenset[str], tuple[float, list[Tiers]]]:
    """Return members -> decades of rarity and the ways to put them into tiers."""
    goals = rare_goals(naive)
    sources = grouped((b, a) for a, b in naive.structure)
    there = {end for edge in naive.structure for end in edge}
    tops = [(target, sources[target]) for target in naive.rare & there]
    tops += [(actor, naive.into(actor) & there) for actor in naive.actors if naive.is_site(actor)]
    found: dict[frozenset[str], tuple[float, list[Tiers]]] = {}
    for top, referrers in tops:
        tiers = tiers_under(top, referrers, goals, sources, naive.rare)
        if not tiers:
            continue
        decades = rarity_decades(tiers, goals, len(naive.rare & there))
        members = frozenset().union(*tiers)
        if decades > 2:
            best, ways = found.get(members, (0.0, []))
            found[members] = (max(best, decades), [*ways, tiers])
    return found


def loyal(above: set[str], barred: set[str], goals: dict[str, set[str]]) -> set[str]:
    return {a for a, mine in goals.items() if a not in barred and len(mine) >= 2 and mine <= above}


def tiers_under(
    top: str,
    referrers: set[str],
    goals: dict[str, set[str]],
    sources: dict[str, set[str]],
    rare: set[str],
) -> Tiers:
    """Return the tiers under one target: carried sites, their loyal supporters, theirs, ..."""
    barred = {top, *referrers}
    first = {site for site in referrers if site in rare and site != top}
    while True:
        supporters = loyal(first, barred, goals)
        lost = {f for f in first if len(sources[f] & supporters) < 0.7 * len(sources[f])}
        if not lost:
            break
        first -= lost
    if len(first) < 3 or len(supporters) < 2 * len(first):
        return []
    tiers = [frozenset(first), frozenset(supporters)]
    while len(tiers) < 4:
        barred |= tiers[-1]
        below = loyal(set(tiers[-1]), barred, goals)
        if len(below) < len(tiers[-1]):
            break
        tiers.append(frozenset(below))
    return tiers


def rarity_decades(tiers: Tiers, goals: dict[str, set[str]], rare: int) -> float:
    total = sum(map(len, goals.values()))
    share = sum(len(mine & tiers[0]) for mine in goals.values()) / total
    mean = sum(share ** len(mine) for mine in goals.values() if len(mine) >= 2)
    return poisson_tail_log10(len(tiers[1]), mean) - math.log10(rare)


def pyramid_level(group: Group, decades: float) -> str | None:
    if decades <= 2 or group.isolation < 0.5:
        return None
    return fate(group, group.sureness(min(decades, 300), 2), alone=True)


def aims(naive: Naive, first: frozenset[str]) -> set[str]:
    """Return the owners that all of a first tier link to."""
    common = set.intersection(*(naive.out_of(site) for site in first))
    return {naive.face(actor) for actor in common - naive.hubs}


# --- BL204 ---------------------------------------------------------------------------------------


def lists_of_links(naive: Naive) -> set[frozenset[str]]:
    """Return the owners that hang together by pages with nearly the same rare targets."""
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in naive.links:
        source, target = naive.actor(link.source), naive.actor(link.target)
        able = source not in naive.hubs and not naive.is_site(source) and source != target
        if able and target in naive.rare and not qualified(link):
            pages[source, link.source].add(target)
    lists = {(owner, frozenset(mine)) for (owner, _), mine in pages.items() if len(mine) >= 4}
    graph = nx.Graph()
    for (one, mine), (other, yours) in combinations(lists, 2):
        shared = len(mine & yours)
        if one != other and shared >= 4 and 10 * shared >= 6 * len(mine | yours):
            graph.add_edge(one, other)
    return {frozenset(part) for part in nx.connected_components(graph) if len(part) >= 3}


def list_level(group: Group) -> str | None:
    held = sum(sources for sources, _ in group.captured.values())
    if len(group.captured) < 4 or group.isolation < 0.3 or held < group.size:
        return None
    return fate(group, group.capture_sureness, alone=False, dates=False)


# --- BL205 ---------------------------------------------------------------------------------------


def key_of(kind: str, address: str) -> str:
    return address if kind == "IP address" else address.rpartition(".")[0]


def shared_keys(group: Group, addresses: dict[str, str]) -> list[tuple[int, int, float, str, str]]:
    """Return (grade, members, decades, kind, key) of the keys that three members share."""
    ranges = listed("cdn_ranges")
    known = {group.naive.family[node]: ip for node, ip in addresses.items()}
    own = {
        owner: ip
        for owner, ip in known.items()
        if ip.rpartition(".")[0] not in ranges and ".".join(ip.split(".")[:2]) not in ranges
    }
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for owner, ip in own.items():
        for kind in ("IP address", "/24 network"):
            holders[kind, key_of(kind, ip)].add(owner)
    keys = sum(len(who) >= 3 for who in holders.values())
    inside = len(known.keys() & group.members)
    found = []
    for (kind, key), who in holders.items():
        k, total, all_ = len(who & group.members), len(who), len(known)
        if k < 3:
            continue
        ways = sum(
            math.comb(total, i) * math.comb(all_ - total, inside - i)
            for i in range(k, min(total, inside) + 1)
        )
        decades = max(math.log10(math.comb(all_, inside)) - math.log10(ways * keys), 0.0)
        background = (total - k + 1) / (all_ - inside + 2)
        if decades >= 3:
            grade = 1
            if background < 0.05 and 4 * k >= group.size:
                grade = 2
            if background < 0.01 and 2 * k >= group.size and decades >= 6:
                grade = 3
            found.append((grade, k, decades, kind, key))
    return found


# --- BL207 ---------------------------------------------------------------------------------------


def series(naive: Naive) -> dict[str, set[str]]:
    """Return name without its number -> the nodes of a series of five owners or more."""
    shapes: dict[str, dict[str, int]] = defaultdict(dict)
    for domain in naive.nodes:
        label, _, suffix = domain.partition(".")
        owner = naive.family[domain]
        numbers = re.findall("[0-9]+", label)
        sends = bool(naive.out_of(owner))
        if len(numbers) == 1 and re.search("[a-z]", label) and sends:
            if not naive.is_trusted(owner) and domain != naive.site:
                shape = f"{label.replace(numbers[0], '#')}.{suffix}"
                shapes[shape][domain] = int(numbers[0])
    found = {}
    for shape, numbers_of in shapes.items():
        different = set(numbers_of.values())
        owners = {naive.family[node] for node in numbers_of}
        span = max(different) - min(different) + 1
        if len(owners) >= 5 and len(different) >= 5 and span <= 3 * len(different):
            found[shape] = set(numbers_of)
    return found


def generated(naive: Naive) -> dict[str, tuple[str, int, set[str]]]:
    """Return name without its number -> level, sharing owners and their nodes."""
    ours = {slug_of(x.target) for x in naive.profile}
    generic = listed("generic_paths")
    found = {}
    for shape, nodes in series(naive).items():
        owners = {naive.family[node] for node in nodes}
        paths: dict[str, set[str]] = defaultdict(set)
        words: dict[tuple[str, str], set[str]] = defaultdict(set)
        branded, known = set(), set()
        for link in naive.earning:
            owner, node = naive.actor(link.source), naive.node_of[host_of(link.source)]
            if owner not in owners:
                continue
            kind = naive.anchor_class(link)
            known.add(owner)
            branded |= {owner} if kind in ("brand", "naked", "generic", "empty") else set()
            if node not in nodes:
                continue
            path = link.source.lower().split("#")[0].split("/", 3)[3:]
            path = "/" + path[0].rstrip("/") if path else ""
            slug = path.rpartition("/")[2]
            if path.strip("/") and "/wiki/" not in path and slug not in generic | ours:
                paths[path].add(owner)
            if kind in ("exact", "partial", "other"):
                words[link.target, " ".join(link.anchor.lower().split())].add(owner)
        least = max(5, 0.6 * len(owners))
        best_path = max(map(len, paths.values()), default=0)
        best_words = max(map(len, words.values()), default=0)
        if max(best_path, best_words) < least:
            continue
        by_path = best_path >= least
        table = paths if by_path else words
        most = max(map(len, table.values()))
        key = min(key for key, who in table.items() if len(who) == most)  # type: ignore[type-var]
        who = table[key]  # type: ignore[index]
        letters = len(re.sub("[^a-z]", "", shape.partition(".")[0]))
        platform = any(shape.endswith("." + entry) for entry in listed("platforms"))
        numbers = [int(re.findall("[0-9]+", node.partition(".")[0])[0]) for node in nodes]
        years = min(numbers) >= 1900 and max(numbers) <= 2100
        level = "low"
        if not platform and by_path and not years and letters >= 8:
            level = "medium" if 2 * len(branded & who) < len(known & who) else "low"
        found[shape] = (level, len(who), {n for n in nodes if naive.family[n] in who})
    return found
