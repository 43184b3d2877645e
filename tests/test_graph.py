"""The candidate search: what was made fast says what the plain way says."""

import importlib
import math
from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations
from unittest.mock import patch

import networkx as nx
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlint.engine.duckdb import DuckEngine
from backlint.graph import circuits, find_candidates, rings
from backlint.graph.expansion import expanded, web_of
from backlint.graph.reduce import (
    Candidate,
    Edges,
    between_circuits,
    components,
    kept,
    rows_of,
    strong_labels,
    structural_edges,
    two_core,
    undirected,
    weak_labels,
)
from backlint.graph.stars import star_farms

communities = importlib.import_module("backlint.graph.communities")  # its name is a function's too
cotargets = importlib.import_module("backlint.graph.cotargets")
footprints = importlib.import_module("backlint.graph.footprints")

Pair = tuple[int, int]


def edges_of(pairs: Iterable[Pair]) -> Edges:
    """Return edges between actors out of pairs of their ids."""
    both = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    top = int(both.max(initial=0))
    return kept(Edges(np.arange(top + 1), both[:, 0], both[:, 1]), np.ones(len(both), dtype=bool))


def pairs_of(edges: Edges) -> list[Pair]:
    return list(
        zip(edges.ids[edges.source].tolist(), edges.ids[edges.target].tolist(), strict=True)
    )


@st.composite
def webs(draw: st.DrawFn, most: int = 24) -> list[Pair]:
    """Draw links among actors, some of them near, with a circle and a crowd in between."""
    size = draw(st.integers(2, most))
    actor = st.integers(0, size - 1)
    links = draw(st.lists(st.tuples(actor, actor), max_size=4 * size))
    near = draw(st.lists(st.tuples(actor, st.integers(1, 3)), max_size=2 * size))
    circle = draw(st.lists(actor, unique=True, max_size=14))
    crowd = draw(st.lists(actor, unique=True, max_size=6))
    links += [(a, (a + step) % size) for a, step in near]
    links += zip(circle, circle[1:] + circle[:1], strict=True)
    links += [(a, b) for a in crowd for b in crowd if (a + b) % 3]
    gap = draw(st.integers(1, 3))  # ids of actors are not dense
    return sorted({(a * gap, b * gap) for a, b in links if a != b})


# --- arrays --------------------------------------------------------------------------------------


@given(webs())
def test_components_are_those_of_networkx(pairs: list[Pair]) -> None:
    edges = edges_of(pairs)
    graph = nx.DiGraph(pairs)
    for strong, expected in (
        (True, nx.strongly_connected_components(graph)),
        (False, nx.weakly_connected_components(graph)),
    ):
        parts = components(edges, strong=strong, at_least=2)
        assert sorted(part.ids.tolist() for part in parts) == sorted(
            sorted(nodes) for nodes in expected if len(nodes) >= 2
        )
        for part in parts:
            inside = set(part.ids.tolist())
            assert pairs_of(part) == [(a, b) for a, b in pairs if {a, b} <= inside]
    assert len(weak_labels(edges)) == len(strong_labels(edges)) == len(edges.ids)


@given(webs())
def test_the_two_core_is_that_of_networkx(pairs: list[Pair]) -> None:
    core = set(nx.k_core(nx.Graph(pairs), 2))
    assert pairs_of(two_core(edges_of(pairs))) == [(a, b) for a, b in pairs if {a, b} <= core]


def test_a_long_chain_is_peeled_at_once() -> None:
    chain = [(a, a + 1) for a in range(200_000)]
    assert not len(two_core(edges_of(chain)).ids)


@given(webs())
def test_pairs_know_how_many_ways_they_link(pairs: list[Pair]) -> None:
    edges = edges_of(pairs)
    low, high, ways = undirected(edges)
    found = zip(edges.ids[low].tolist(), edges.ids[high].tolist(), ways.tolist(), strict=True)
    expected = {(min(p), max(p)) for p in pairs}
    assert list(found) == [
        (a, b, ((a, b) in pairs) + ((b, a) in pairs)) for a, b in sorted(expected)
    ]


# --- rings ---------------------------------------------------------------------------------------


def plain_rings(pairs: list[Pair]) -> set[tuple[int, ...]]:
    """Return all chordless circles of 3 to 12, each from its smallest actor on."""
    found = set()
    for cycle in nx.chordless_cycles(nx.DiGraph(pairs), length_bound=12):
        start = cycle.index(min(cycle))
        if len(cycle) >= 3:
            found.add(tuple(cycle[start:] + cycle[:start]))
    return found


@given(webs(), st.sampled_from([(0, 4096, 10**6), (0, 3, 8), (6, 5, 20), (500, 4096, 10**6)]))
def test_rings_of_large_components_are_all_found(
    pairs: list[Pair], limits: tuple[int, int, int]
) -> None:
    """However a component is cut into pieces, the rings are those of networkx on all of it."""
    small, block, steps = limits
    with (
        patch.object(rings, "SMALL", small),
        patch.object(circuits, "BLOCK", block),
        patch.object(circuits, "MAX_STEPS", steps),
    ):
        found, notes = rings.link_rings(edges_of(pairs))
    assert {ring.path for ring in found} == plain_rings(pairs)
    assert len(found) == len({ring.path for ring in found})
    assert not notes


@given(webs())
def test_rarity_is_what_the_configuration_model_says(pairs: list[Pair]) -> None:
    graph = nx.DiGraph(pairs)
    product = {a: graph.in_degree(a) * graph.out_degree(a) for a in graph}
    for ring in rings.link_rings(edges_of(pairs))[0]:
        most = max(product[a] for a in ring.members)
        rate = sum(p for p in product.values() if p <= most) / len(pairs)
        assert ring.rarity == pytest.approx(rate ** len(ring.path) / len(ring.path))


def layers(width: int) -> list[Pair]:
    """Return five layers, each linked to all of the next: width^5 rings and nothing else."""
    return [
        (layer * width + a, (layer + 1) % 5 * width + b)
        for layer in range(5)
        for a in range(width)
        for b in range(width)
    ]


@pytest.mark.parametrize("small", [0, 500])
def test_a_cap_on_rings_that_bites_is_noted(small: int) -> None:
    with patch.object(rings, "SMALL", small):
        found, notes = rings.link_rings(edges_of(layers(5)))
    assert len(found) == rings.MAX_RINGS
    assert notes == [
        f"25 mutually reachable domains with at most {limit} in-links hold over 2000 rings; "
        "only the first were judged one by one"
        for limit in (6, 12, 30)
    ]


def test_mutual_links_do_not_use_up_the_cap() -> None:
    """A friendly web has thousands of them: they are no rings and hid the rings that there were."""
    friends = [(a, b) for a in range(100) for b in range(a + 1, a + 26)]
    circle = [(a, a + 1) for a in range(200, 206)] + [(206, 200), (0, 200), (200, 0)]
    pairs = [*friends, *((b, a) for a, b in friends), *circle]
    with patch.object(rings, "IN_DEGREES", (60,)):
        found, notes = rings.link_rings(edges_of(pairs))
    assert [ring.path for ring in found] == [tuple(range(200, 207))]
    assert not notes


def test_a_budget_that_runs_out_is_noted_and_the_least_linked_come_first() -> None:
    dense = layers(20)
    circle = [(200 + a, 200 + (a + 1) % 6) for a in range(6)]
    joined = [(200, 0), (0, 203)]
    with (
        patch.object(rings, "SMALL", 0),
        patch.object(circuits, "BLOCK", 4),
        patch.object(circuits, "MIN_BUDGET", 5000),
        patch.object(circuits, "BUDGET_AN_EDGE", 0),
    ):
        found, notes = rings.link_rings(edges_of([*dense, *circle, *joined]))
    assert tuple(range(200, 206)) in {ring.path for ring in found}
    assert len(notes) == 1
    assert "106 mutually reachable domains with at most 30 in-links" in notes[0]
    assert "too densely" in notes[0]


def test_hubs_change_no_ring_and_cost_no_steps() -> None:
    """Directories with few in-links and thousands of out-links stay in the graph that is searched."""
    rng = np.random.default_rng(1)
    web = {(int(a), int(b)) for a, b in rng.integers(20, 5000, (10_000, 2)) if a != b}
    hubs = {(hub, int(a)) for hub in range(10) for a in rng.integers(20, 5000, 800)}
    without, _ = rings.link_rings(edges_of(web))
    found, notes = rings.link_rings(edges_of(web | hubs | {(b, a) for a, b in hubs}))
    assert [ring.path for ring in found] == [ring.path for ring in without]
    assert not notes
    directories = {(hub, int(a)) for hub in range(10, 20) for a in rng.integers(20, 5000, 800)}
    linked = {(int(a), hub) for hub in range(10, 20) for a in rng.integers(20, 5000, 5)}
    with patch.object(circuits, "MIN_BUDGET", 0), patch.object(circuits, "BUDGET_AN_EDGE", 20):
        assert circuits.short_circuits(edges_of(web), 12).complete
        assert circuits.short_circuits(edges_of(web | directories | linked), 12).complete


# --- communities ---------------------------------------------------------------------------------


def plain_give_and_take(pairs: list[Pair], group: set[int]) -> set[int]:
    while True:
        gives = {a for a, b in pairs if {a, b} <= group}
        takes = {b for a, b in pairs if {a, b} <= group}
        if gives & takes == group:
            return group
        group = gives & takes


def found_in(pairs: list[Pair]) -> list[Candidate]:
    edges = edges_of(pairs)
    return communities.communities(edges, web_of(edges))


@given(webs())
def test_members_of_communities_give_and_take(pairs: list[Pair]) -> None:
    for candidate in found_in(pairs):
        members = set(candidate.members)
        assert len(members) >= 4
        assert plain_give_and_take(pairs, members) == members


@given(webs())
def test_who_gives_and_takes_lies_between_circuits(pairs: list[Pair]) -> None:
    edges = edges_of(pairs)
    found = edges.ids[between_circuits(edges)].tolist()
    assert found == sorted(plain_give_and_take(pairs, {a for pair in pairs for a in pair}))


@given(webs())
def test_members_out_of_large_components_give_and_take(pairs: list[Pair]) -> None:
    with patch.object(communities, "LARGE", 0):
        for candidate in found_in(pairs):
            assert plain_give_and_take(pairs, set(candidate.members)) == set(candidate.members)


def test_the_fringe_of_a_large_component_weighs_on_its_core() -> None:
    square = [(1, 2), (2, 3), (3, 4), (4, 1), (1, 3)]
    fringe = [(11, 1), (12, 1), (11, 12), (2, 13), (2, 14), (13, 14), (4, 15), (15, 16), (16, 4)]
    with patch.object(communities, "LARGE", 0):
        ((core, sizes),) = communities._parts(edges_of([*square, *fringe]))
    assert core.ids.tolist() == [1, 2, 3, 4, 15, 16]
    assert sizes is not None
    assert sizes.tolist() == pytest.approx([3.0, 1.2, 1, 1, 1, 1])
    ((whole, none),) = communities._parts(edges_of([*square, *fringe]))
    assert none is None
    assert len(whole.ids) == 10


def test_a_farm_in_a_large_component_is_found() -> None:
    rng = np.random.default_rng(3)
    web = {(int(a), int(b)) for a, b in rng.integers(0, 3000, (9000, 2)) if a != b}
    farm = {(a, b) for a in range(4000, 4015) for b in range(4000, 4015) if rng.random() < 0.4}
    cover = {(a, int(rng.integers(0, 3000))) for a in range(4000, 4015) for _ in range(6)}
    cover |= {(int(rng.integers(0, 3000)), a) for a in range(4000, 4015, 3)}
    pairs = {(a, b) for a, b in web | farm | cover if a != b}
    with patch.object(communities, "LARGE", 100):
        groups = [candidate.members for candidate in found_in(pairs)]
    assert tuple(range(4000, 4015)) in groups


# --- shared targets and footprints ---------------------------------------------------------------


@given(webs(), st.sampled_from([1, 7, 10**6]))
def test_pairs_of_sources_share_targets(pairs: list[Pair], block: int) -> None:
    source, s = np.unique([a for a, _ in pairs], return_inverse=True)
    target, t = np.unique([b for _, b in pairs], return_inverse=True)
    by_source, by_target = rows_of(s, t, len(source)), rows_of(t, s, len(target))
    with patch.object(cotargets, "BLOCK", block):
        u, v, shared = cotargets.sharing_pairs(
            cotargets.Links(by_source, by_target, len(source), len(s))
        )
    goals = defaultdict(set)
    for a, b in pairs:
        goals[a].add(b)
    expected = [
        (a, b, len(goals[a] & goals[b]))
        for a, b in combinations(source.tolist(), 2)
        if len(goals[a] & goals[b]) >= 2
    ]
    assert (
        list(zip(source[u].tolist(), source[v].tolist(), shared.tolist(), strict=True)) == expected
    )


@given(
    st.lists(
        st.tuples(st.sampled_from(["id", "path", "title"]), st.integers(0, 5), st.integers(0, 12)),
        unique=True,
    )
)
def test_footprints_weigh_the_rarest_signature_of_each_kind(
    rows: list[tuple[str, int, int]],
) -> None:
    holders: dict[tuple[str, int], list[int]] = defaultdict(list)
    for kind, key, owner in sorted(rows):
        holders[kind, key].append(owner)
    bits: dict[Pair, dict[str, float]] = defaultdict(dict)
    for (kind, _), owners in holders.items():
        rarity = max(math.log2(20 / len(owners)), 0.1)
        for pair in combinations(owners, 2):
            bits[pair][kind] = max(bits[pair].get(kind, 0.0), rarity)
    if not bits:
        return
    numbers = {name: index for index, name in enumerate(sorted(holders))}
    kinds = ["id", "path", "title"]
    table = [(kinds.index(kind), numbers[kind, key], owner) for kind, key, owner in sorted(rows)]
    columns = footprints.Holders(*np.array(table, dtype=np.int64).T)
    pairs, weights = footprints._weighted_pairs(columns, 13, 20)
    found = zip(pairs_of(pairs), weights.tolist(), strict=True)
    assert list(found) == [(pair, sum(bits[pair].values())) for pair in sorted(bits)]


# --- the whole search ----------------------------------------------------------------------------


def search(
    pairs: list[Pair], footprint_rows: list[tuple[str, str, int]], order: np.random.Generator | None
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """Return the candidates and their members, with the rows of the input in some order."""
    with DuckEngine(threads=1) as engine:
        linked = pl.DataFrame(pairs, schema={"source": pl.Int64, "target": pl.Int64}, orient="row")
        d_in = linked.group_by("target").len().filter(pl.col("len").is_between(2, 40))
        schema = {"kind": pl.String, "key": pl.String, "actor_id": pl.Int64}
        tables = {
            "structure": linked,
            "rare_targets": d_in.select(pl.col("target").alias("actor_id")),
            "footprints": pl.DataFrame(footprint_rows, schema=schema, orient="row"),
            "signature_owners": pl.DataFrame({"owners": [50]}),
            "site_referrers": linked.filter(pl.col("target") == 610),
            "page_targets": linked.filter(pl.col("source").is_between(300, 305)).select(
                pl.col("source").alias("page"), pl.col("source").alias("actor_id"), "target"
            ),
        }
        for name, frame in tables.items():
            rows = order.permutation(len(frame)) if order else np.arange(len(frame))
            engine.register(name, frame[rows.tolist()])
        find_candidates(engine)
        return (
            engine.fetch("FROM candidates ORDER BY candidate_id").rows(),
            engine.fetch("FROM candidate_members ORDER BY candidate_id, actor_id").rows(),
        )


def test_the_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(2)
    crowd = [(a, b) for a in range(12) for b in range(12) if a != b and rng.random() < 0.4]
    shared = [(a, b) for a in range(300, 306) for b in range(400, 404)]
    noise = [(int(a), int(b)) for a, b in rng.integers(0, 300, (900, 2)) if a != b]
    marks = [("title", f"the title {a % 5}", int(b)) for a, b in enumerate(rng.integers(0, 30, 60))]
    circle = [(500 + a, 500 + (a + 1) % 6) for a in range(6)]
    tiers = [(600 + a, 610) for a in range(3)]
    tiers += [(620 + a, 600 + (a + b) % 3) for a in range(6) for b in range(2)]
    pairs = sorted({*crowd, *shared, *noise, *circle, *tiers})
    candidates, members = search(pairs, sorted(set(marks)), None)
    kinds = {"ring", "community", "cotarget", "footprint", "pyramid", "outlinks"}
    assert {row[1] for row in candidates} == kinds
    for seed in range(3):
        order = np.random.default_rng(seed)
        assert search(pairs, sorted(set(marks)), order) == (candidates, members)


def test_nothing_is_found_in_nothing() -> None:
    assert search([], [], None) == ([], [])


def test_structural_edges_are_dense_and_sorted() -> None:
    with DuckEngine(threads=1) as engine:
        engine.register("structure", pl.DataFrame({"source": [9, 4, 4], "target": [4, 9, 2]}))
        edges = structural_edges(engine)
    assert edges.ids.tolist() == [2, 4, 9]
    assert list(zip(edges.source.tolist(), edges.target.tolist(), strict=True)) == [
        (1, 0),
        (1, 2),
        (2, 1),
    ]


# --- what fragments lead to, boosters, customers -------------------------------------------------


def hidden_farm(rng: np.random.Generator, camouflage: int) -> list[Pair]:
    """Return 3,000 honest sites, and a farm of twenty (5000..) that links to many of them."""
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 3000, (30_000, 2)) if a != b}
    members = range(5000, 5020)
    pairs |= {(a, b) for a in members for b in members if a != b and rng.random() < 0.25}
    pairs |= {(a, int(b)) for a in members for b in rng.integers(0, 3000, camouflage)}
    return sorted(pairs)


@pytest.mark.parametrize("camouflage", [20, 100])
def test_a_fragment_leads_to_its_farm_and_to_nobody_else(camouflage: int) -> None:
    edges = edges_of(hidden_farm(np.random.default_rng(camouflage), camouflage))
    fragment = np.arange(5000, 5008)
    found = set(expanded(web_of(edges), fragment).tolist())
    assert found <= set(range(5000, 5020))
    assert len(found) >= 16  # who has two links inside cannot be told from a friend


def test_a_fragment_of_chance_leads_nowhere() -> None:
    edges = edges_of(hidden_farm(np.random.default_rng(1), 20))
    assert not len(expanded(web_of(edges), np.arange(100, 110)))


def test_what_is_not_connected_does_not_weigh_on_a_fragment() -> None:
    pairs = hidden_farm(np.random.default_rng(2), 50)
    other = [(a + 10_000, b + 10_000) for a, b in hidden_farm(np.random.default_rng(3), 5)]
    fragment = np.arange(5000, 5008)
    alone = expanded(web_of(edges_of(pairs)), fragment)
    assert np.array_equal(alone, expanded(web_of(edges_of([*pairs, *other])), fragment))


@given(st.lists(st.sets(st.integers(0, 12), min_size=1), max_size=8),
       st.lists(st.sets(st.integers(0, 12), min_size=1), max_size=8))  # fmt: skip
def test_agreement_is_the_best_jaccard_index(some: list[set[int]], others: list[set[int]]) -> None:
    groups, named = ({tuple(sorted(g)) for g in side} for side in (some, others))
    best = communities._agreement(groups, named)
    assert best == {
        g: max((len(set(g) & set(o)) / len(set(g) | set(o)) for o in named), default=0.0)
        for g in groups
    }


def test_only_communities_that_another_seed_finds_are_kept() -> None:
    rng = np.random.default_rng(5)
    noise = [(int(a), int(b)) for a, b in rng.integers(0, 200, (900, 2)) if a != b]
    pairs = sorted({*noise, *((a, b) for a in range(300, 308) for b in range(300, 308))})
    found, edges = found_in(pairs), edges_of(pairs)
    shares = communities.stability(edges, web_of(edges))
    assert all(communities.STABLE <= shares[c.members] <= 1 for c in found)
    assert tuple(range(300, 308)) in {c.members for c in found}
    assert shares[tuple(range(300, 308))] == 1
    with patch.object(communities, "STABLE", 0.0):
        assert len(found_in(sorted(set(noise)))) > len([c for c in found if c.members[0] < 300])


def star(center: int, boosters: range) -> list[Pair]:
    return [pair for b in boosters for pair in ((b, center), (center, b))]


def test_boosters_stand_around_their_target() -> None:
    pairs = [*star(1, range(10, 20)), *star(2, range(20, 30)), *star(3, range(30, 33))]
    # a portfolio: its ten sites are known to many
    pairs += star(4, range(40, 50)) + [(a, b) for a in range(100, 105) for b in range(40, 50)]
    found = {c.members for c in star_farms(edges_of(pairs))}
    assert found == {(1, *range(10, 20)), (2, *range(20, 30))}
    allied = {c.members for c in star_farms(edges_of([*pairs, (1, 2), (2, 1)]))}
    assert allied == found | {(1, 2, *range(10, 30))}


def test_customers_give_away_who_shares_but_two_of_them() -> None:
    """No two of twenty blogs need share two of five customers; the customers share blogs."""
    rng = np.random.default_rng(7)
    blogs, customers = np.arange(6000, 6020), np.arange(7000, 7005)
    pairs = {(int(a), int(b)) for a, b in rng.integers(0, 8000, (60_000, 2)) if a != b}
    pairs = {(a, b) for a, b in pairs if a < 6000 and not 6000 <= b < 7005}
    pairs |= {(int(b), int(c)) for b in blogs for c in rng.choice(customers, 2, replace=False)}
    pairs |= {(int(b), int(t)) for b in blogs for t in rng.integers(0, 6000, 30)}
    pairs |= {(int(a), int(c)) for c in customers for a in rng.integers(0, 6000, 3)}
    edges = edges_of(sorted(pairs))
    d_in = np.bincount(edges.target, minlength=len(edges.ids))
    with DuckEngine(threads=1) as engine:
        rare = edges.ids[(d_in >= 2) & (d_in <= 40)]
        engine.register("rare_targets", pl.DataFrame({"actor_id": rare}))
        groups = [set(c.members) for c in cotargets.cotarget_groups(engine, edges)]
        with patch.object(cotargets, "customer_groups", lambda links: []):
            without = [set(c.members) for c in cotargets.cotarget_groups(engine, edges)]
    planted = set(blogs.tolist())
    best = max(len(g & planted) / len(g | planted) for g in groups)
    assert best >= 0.9
    assert all(len(g & planted) / len(g | planted) < 0.5 for g in without)
