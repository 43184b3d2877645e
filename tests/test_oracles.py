"""Each SQL rule equals a naive oracle on small random worlds (invariant 31)."""

import csv
import dataclasses
import functools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import networkx as nx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publicsuffixlist import PublicSuffixList

from backlint import urls
from backlint.audit import judge_tables
from backlint.cases import COLUMNS
from backlint.engine.duckdb import DuckEngine
from backlint.findings import Claim, Coverage
from backlint.inputs import normalise
from backlint.inputs.cells import key_of, lead_of
from backlint.inputs.load import load
from backlint.lists import load_list
from backlint.rules.catalog import load_rules
from backlint.rules.runner import run_rules
from graph_strategies import World, odd_hosts, profiles, subdomain_worlds, webs
from naive import (
    Group,
    Naive,
    beta_lower_bound,
    fold,
    host_of,
    poisson_tail,
    qualified,
    words_of,
)

THOROUGH = settings().max_examples > 100  # enough examples to ask how often a rule speaks


def oracle(examples: int) -> settings:
    """Return settings for so many examples in the thorough profile, and a third by default."""
    share = settings().max_examples / 200 if THOROUGH else 0.35
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    count = max(6, round(examples * share))
    return settings(max_examples=count, deadline=None, suppress_health_check=slow)


@dataclasses.dataclass
class Judged:
    """A world that went the whole way, beside its oracle."""

    naive: Naive
    engine: DuckEngine
    claims: dict[str, list[Claim]]
    coverage: dict[str, Coverage]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.engine.fetch(sql).rows()

    @functools.cached_property
    def groups(self) -> dict[int, Group]:
        """Return candidate id -> the oracle of the same members."""
        rows = self.rows(
            "SELECT candidate_id, kind, list(actor) FROM candidates "
            "JOIN candidate_members USING (candidate_id) JOIN actors USING (actor_id) GROUP BY ALL"
        )
        groups = self.naive.groups((kind, frozenset(members)) for _, kind, members in rows)
        return dict(zip([key for key, _, _ in rows], groups, strict=True))


@contextmanager
def judged(world: World, *ids: str) -> Iterator[Judged]:
    """Run a world through the whole way up to the claims of some rules, or of all."""
    rules = [rule for rule in _rules() if rule.header.id in ids]
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(normalise, "_psl_frame", _suffixes),
        DuckEngine(threads=1) as engine,
    ):
        path = Path(folder) / "links.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out)
            if world.crawl:
                writer.writerow(["Type", "Source", "Destination", "Anchor", "Rel", "Follow"])
                for link in world.links:
                    follow = "nofollow" not in link.rel
                    writer.writerow(["Hyperlink", *link[:4], follow])
            else:
                writer.writerows([COLUMNS, *world.links])
        loaded = load(
            engine,
            [path],
            sites=[world.site] if world.site else [],
            families=dict(world.families),
            node=world.node,
        )
        judge_tables(engine, world.node, world.brand, world.keywords, only=rules)
        claims, coverage = run_rules(engine, rules or _rules(), loaded.fields)
        by_rule: dict[str, list[Claim]] = {rule.header.id: [] for rule in _rules()}
        for claim in claims:
            by_rule[claim.rule].append(claim)
        states = {row.rule: row for row in coverage}
        assert not [row for row in coverage if row.state in ("failed", "timed out")]
        yield Judged(Naive(world), engine, by_rule, states)


_rules = functools.cache(load_rules)
_suffixes = functools.cache(normalise._psl_frame)  # read once, not once an example


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-5, abs=1e-5)


# --- hosts ---------------------------------------------------------------------------------------


@oracle(25)
@given(st.lists(odd_hosts(), min_size=1, max_size=60))
def test_hosts_are_those_of_the_library(heads: list[str]) -> None:
    """SQL over distinct hosts = `urls.url_host` for the host, `publicsuffixlist` for the domain."""
    names = [head + "/page?x=1" for head in heads]
    with DuckEngine(threads=1) as engine, patch.object(normalise, "_psl_frame", _suffixes):
        engine.register("urls", pl.DataFrame({"url": names}))
        engine.materialise(
            "staged",
            "SELECT url AS source_url, url AS target_url, key AS source_key, key AS target_key "
            f"FROM (SELECT url, {key_of('url')} AS key FROM urls)",
        )
        by_key, by_lead = (
            {tuple(g) for (g,) in engine.fetch(
                f"SELECT list(DISTINCT url ORDER BY url) FROM urls GROUP BY {how}").rows()}
            for how in (key_of("url"), lead_of("url"))
        )  # fmt: skip
        assert by_key == by_lead
        normalise.resolve_hosts(engine)
        got = {
            host: (domain, suffix, is_ip)
            for host, domain, suffix, is_ip in engine.fetch(
                "SELECT host, domain, suffix, is_ip FROM hosts"
            ).rows()
        }
        resolved = dict(
            engine.fetch(
                "SELECT source_url, host FROM staged LEFT JOIN leads ON key = source_key "
                "LEFT JOIN hosts USING (host_id)"
            ).rows()
        )
    library = PublicSuffixList(accept_unknown=True, only_icann=False)
    platforms = load_list("platforms").entries
    for name in names:
        expected = urls.url_host(name)
        assert resolved[name] == (expected.name if expected else None)
        if expected is None:
            continue
        domain, suffix, is_ip = got[expected.name]
        assert is_ip == expected.is_ip
        if is_ip:
            assert (domain, suffix) == (expected.name, "")
        elif not any(f".{expected.name}".endswith(f".{entry}") for entry in platforms):
            assert domain == (library.privatesuffix(expected.name) or expected.name)
            assert domain == urls.registrable_domain(expected.name)
            assert suffix == library.publicsuffix(expected.name)


# --- the graph -----------------------------------------------------------------------------------


@oracle(40)
@given(webs())
def test_graph(world: World) -> None:
    """Edges, exchange, rings, shared targets and groups: BL101 to BL104, BL201, BL202, BL603."""
    with judged(world) as run:
        check_edges(run)
        check_exchange(run, world)
        check_rings(run)
        check_cotargets(run)
        check_numbers(run)
        check_groups(run)


def check_edges(run: Judged) -> None:
    naive = run.naive
    rows = run.rows(
        "SELECT s.actor, t.actor, e.links, e.credit, CAST(e.first_seen AS VARCHAR) "
        "FROM actor_edges e JOIN actors s ON s.actor_id = e.source "
        "JOIN actors t ON t.actor_id = e.target"
    )
    dates = {edge: naive.first_seen(edge) for edge in naive.edges}
    assert {(a, b): rest for a, b, *rest in rows} == {
        edge: [len(links), edge in naive.credit, str(dates[edge]) if dates[edge] else None]
        for edge, links in naive.edges.items()
    }
    rows = run.rows("SELECT actor, node, d_in, d_out, hub, is_site, trusted FROM actor_degrees")
    assert sorted(rows) == [
        (
            actor,
            naive.face(actor),
            len(naive.into(actor)),
            len(naive.out_of(actor)),
            actor in naive.hubs,
            naive.is_site(actor),
            naive.is_trusted(actor),
        )
        for actor in naive.actors
    ]
    rows = run.rows(
        "SELECT s.actor, t.actor FROM structure e "
        "JOIN actors s ON s.actor_id = e.source JOIN actors t ON t.actor_id = e.target"
    )
    assert sorted(rows) == sorted(naive.structure)
    rows = run.rows("SELECT actor FROM rare_targets JOIN actors USING (actor_id)")
    assert {actor for (actor,) in rows} == naive.rare


def check_exchange(run: Judged, world: World) -> None:
    """Who is linked back, and whether chance explains it."""
    naive = run.naive
    pairs: dict[str, list[tuple[str, str]]] = {}
    for a, b in naive.mutual:
        if not naive.is_site(a) and (naive.is_site(b) or not naive.has_site):
            pairs.setdefault(naive.face(a), []).append((a, b))
    assert {x.subject: (x.detail, x.domains) for x in run.claims["BL101"]} == {
        face: (
            {"partners": len(edges), "first_partner": min(naive.face(b) for _, b in edges)},
            tuple(sorted({naive.carrier(edge) for edge in edges})),
        )
        for face, edges in pairs.items()
    }
    expected = {}
    enough = False
    for actor in set(naive.actors) - naive.hubs:
        referrers, mutual, mean = naive.reciprocity(actor)
        enough |= referrers >= 10
        if mutual >= 10 and mutual >= 0.25 * referrers and poisson_tail(mutual, mean) < 0.01:
            back = [(a, b) for a, b in naive.mutual if actor == (b if naive.is_site(actor) else a)]
            named = tuple(sorted({naive.carrier(edge) for edge in back}))
            expected[naive.face(actor)] = (mutual, referrers, near(mean), named)
    assert (run.coverage["BL102"].state == "ran") == (world.crawl and enough)
    got = {
        x.subject: (x.detail["mutual"], x.detail["referrers"], x.detail["expected"], x.domains)
        for x in run.claims["BL102"]
    }
    assert got == (expected if world.crawl else {})


def check_rings(run: Judged) -> None:
    """Candidates are the circles without a shortcut, by brute force, with their rarity."""
    rows = run.rows("SELECT candidate_id, rarity, path FROM candidates WHERE kind = 'ring'")
    names = dict(run.rows("SELECT actor_id, actor FROM actors"))
    paths = {key: [names[i] for i in path] for key, _, path in rows}
    got = {frozenset(paths[key]): rarity for key, rarity, _ in rows}
    assert got == {who: near(rarity) for who, (_, rarity) in run.naive.rings.items()}
    for path in paths.values():
        assert set(zip(path, [*path[1:], path[0]], strict=True)) <= run.naive.structure


def check_cotargets(run: Judged) -> None:
    """Groups of pairs that share rare targets, closed over their targets, are candidates."""
    graph = nx.Graph([tuple(pair) for pair in run.naive.strong_pairs()])
    whole = [frozenset(c) for c in nx.connected_components(graph) if len(c) >= 3]
    closed = {run.naive.closed(group) for group in whole}
    got = {group.members for group in run.groups.values() if group.kind == "cotarget"}
    assert {group for group in closed if len(group) >= 3} <= got
    for group in got - closed:
        held = run.naive.held(group)
        assert len(held) >= 3
        assert all(sum(a in group for a in run.naive.into(target)) >= 3 for target in held)


def check_numbers(run: Judged) -> None:
    rows = run.engine.fetch("SELECT * FROM candidate_stats").to_dicts()
    stats = {row["candidate_id"]: row for row in rows}
    groups = run.groups
    assert stats.keys() == groups.keys()
    captured: dict[int, dict[str, tuple[int, float]]] = {key: {} for key in groups}
    for key, target, sources, capture in run.rows(
        "SELECT candidate_id, target, sources, capture FROM captured_targets"
    ):
        captured[key][target] = (sources, near(capture))
    rows = run.rows("SELECT actor FROM suspect_owners JOIN actors USING (actor_id)")
    assert all({actor for (actor,) in rows} == group.suspects for group in groups.values())
    for key, group in groups.items():
        row = stats[key]
        links, span, odds = group.dates
        assert captured[key] == group.captured
        expected = {
            "size": group.size,
            "internal": len(group.inside),
            "density": near(group.density),
            "k_out": group.k_out,
            "k_in": group.k_in,
            "m": run.naive.m,
            "endorsers": group.endorsers,
            "isolation": near(group.isolation),
            "isolation_known": group.isolation_known,
            "looked": group.looked,
            "decades": near(group.decades),
            "needed": near(group.needed),
            "captured": len(group.captured),
            "captured_links": sum(sources for sources, _ in group.captured.values()),
            "dense_sureness": near(group.sureness(group.decades, group.needed)),
            "capture_sureness": near(group.capture_sureness),
            "anchored": len(group.anchored),
            "money": len(group.money),
            "branded": len(group.branded),
            "inferred": group.inferred,
            "money_decades": near(group.money_decades),
            "money_agrees": group.money_agrees,
            "dated_links": links or None,
            "span_days": span,
            "date_decades": near(odds) if links else None,
            "dates_agree": group.dates_agree,
            "magnets": len(group.magnets),
            "signature_kinds": len({kind for kind, _ in group.shared}),
            "signature_members": group.most_shared,
        }
        assert {name: row[name] for name in expected} == expected


def check_groups(run: Judged) -> None:
    """What the rules about groups say, from the numbers of the oracle."""
    expected: dict[str, dict[str, tuple[str, list[str]]]] = {
        rule: {} for rule in ("BL103", "BL104", "BL201", "BL202", "BL206", "BL305", "BL603")
    }
    for key, group in run.groups.items():
        for rule, level in verdicts(group).items():
            sure = group.sureness(group.decades, group.needed) >= 0.6
            few = rule == "BL305" and not (level == "high" and sure)
            nodes = group.paying_nodes if few else group.nodes
            expected[rule][str(key)] = (level, sorted(nodes))
    for rule, rows in expected.items():
        if run.coverage[rule].state == "ran":
            got = {x.subject: (x.level, list(x.domains)) for x in run.claims[rule]}
            assert got == rows, rule


def verdicts(group: Group) -> dict[str, str]:
    """Return the level of every rule that speaks of a group."""
    found = {}
    k, n = len(group.money), len(group.anchored)
    odd = k >= 3 and 10 * k >= 3 * n and group.money_decades >= 3 and len(group.rest) >= 20
    proven = group.isolation_known and group.money_agrees
    dense = group.decades >= group.needed and group.isolation >= 0.5
    most = max((sources for sources, _ in group.captured.values()), default=0)
    _, span, odds = group.dates
    soon = span is not None and span <= 90
    if group.kind == "ring" and group.stands_out:
        paid = len(group.money) >= 2 and not group.inferred
        if group.isolation >= 0.4 and (group.size >= 4 or soon or paid):
            found["BL103"] = "medium"
        if most >= max(3, 0.8 * group.size) and group.isolation >= 0.5:
            found["BL104"] = "high"
    loose = group.density <= 0.1 and group.isolation >= 0.3
    aimed = group.kind in ("cotarget", "community") and len(group.captured) >= 3
    holds = sum(sources for sources, _ in group.captured.values()) >= group.size
    if aimed and holds and (dense or loose):
        sure = group.capture_sureness >= 0.6 or not group.looked
        agree = group.money_agrees or group.dates_agree
        found["BL201"] = "high" if proven else "medium" if agree or sure else "low"
        if group.looked and not (group.isolation_known and group.capture_sureness >= 0.45):
            found["BL201"] = "low"
    if group.kind == "community" and dense:
        alike = 2 * group.most_shared >= group.size or 2 * most >= group.size
        sureness = group.sureness(group.decades, group.needed)
        able = not group.looked or sureness >= 0.5
        works = group.money_agrees or group.dates_agree or sureness >= 0.6
        works = works or (able and (group.magnets or alike))
        found["BL202"] = "high" if proven else "medium" if works else "low"
        if group.looked and not (group.isolation_known and sureness >= 0.45):
            found["BL202"] = "low"
    if group.kind == "footprint" and group.most_shared >= max(4, 0.6 * group.size):
        kinds = len({kind for kind, _ in group.shared})
        told_apart = kinds >= 2 and group.money_agrees and group.money_texts >= 3
        found["BL206"] = "high" if told_apart and 2 * k >= n else "low"
        if found["BL206"] == "low" and (kinds >= 2 or group.money_agrees):
            found["BL206"] = "medium"
        if 2 * len(group.branded) >= n:  # also where no anchor is known
            found["BL206"] = "low"
    if soon and odds >= 3:
        found["BL603"] = "medium"
    if odd:
        many = 2 * k >= n or group.money_decades >= 6
        found["BL305"] = "low" if group.inferred else "high" if many else "medium"
    return found


# --- anchors, pages, hosts -----------------------------------------------------------------------


@oracle(25)
@given(profiles())
def test_profile(world: World) -> None:
    """Anchors, signatures and directories of one site: BL206, BL301, BL304, BL305, BL401."""
    with judged(world) as run:
        check_anchors(run)
        check_sellers(run, world)
        check_signatures(run)
        check_directories(run)
        check_numbers(run)
        check_groups(run)


def check_anchors(run: Judged) -> None:
    """Classes of anchors, and BL301 with the Beta bound by numeric integration."""
    naive = run.naive
    got = {
        (target, text): kind
        for target, text, kind in run.rows(
            "SELECT node, text, class FROM anchor_classes JOIN anchor_texts USING (text_id) "
            "JOIN nodes ON node_id = target_id"
        )
    }
    for link in naive.profile:
        key = (naive.face(naive.actor(link.target)), fold(link))
        assert got[key] == naive.anchor_class(link), key
    expected = {}
    enough = False
    for page in {link.target for link in naive.earning}:
        links = [link for link in naive.earning if link.target == page]
        n = len({naive.actor(link.source) for link in links})
        users: dict[tuple[str, str], list[str]] = {}
        for link in links:
            kind = naive.anchor_class(link)
            trusted = naive.is_trusted(naive.actor(link.source))
            if kind in ("exact", "partial", "other") and not trusted:
                users.setdefault((fold(link), kind), []).append(link.source)
        exact = {text: who for (text, kind), who in users.items() if kind == "exact"}
        if len(exact) > 1:
            users["all exact keywords", "exact"] = [x for who in exact.values() for x in who]
        for (text, kind), sources in users.items():
            k = len({naive.actor(source) for source in sources})
            if k < 2:
                continue
            enough |= n >= 20
            bound = beta_lower_bound(k, n)
            if n >= 20 and bound > 0.15:
                steps = (bound > 0.30) + (bound > 0.50)
                level = ("low", "medium", "high")[steps]
                if kind == "other":
                    level = "low" if bound > 0.50 else "info"
                named = sorted({naive.node_of[host_of(source)] for source in sources})
                expected[page, text] = (level, k, n, near(bound), named)
    if enough:
        assert run.coverage["BL301"].state == "ran"
    assert {
        (x.subject, x.detail["anchor"]): (
            x.level, x.detail["domains_using"], x.detail["domains_with_anchor"], x.value,
            sorted(x.domains),
        )
        for x in run.claims["BL301"]
    } == expected  # fmt: skip


def check_sellers(run: Judged, world: World) -> None:
    """BL304: a phrase of the trade and a contact in half of an owner's links; two owners decide."""
    naive = run.naive
    keywords = [words_of(k.lower()) for k in world.keywords]
    phrases = [words_of(entry) for entry in load_list("seller_phrases").entries]
    phrases = [p for p in phrases if not any(p in k for k in keywords)]
    contacts = ("t.me/seller", "@seoking", "seo@king.com")  # of the generated offers
    links: dict[str, int] = {}
    offers: dict[str, list[str]] = {}
    owners: dict[str, set[str]] = {contact: set() for contact in contacts}
    for link in naive.earning:
        node, text, owner = (
            naive.node_of[host_of(link.source)],
            fold(link),
            naive.actor(link.source),
        )
        links[owner] = links.get(owner, 0) + 1
        phrased = any(p in words_of(text) for p in phrases)
        if phrased and naive.anchor_class(link) != "brand":
            contact = next((c for c in contacts if c in text), "")
            offers.setdefault(node, []).append(contact)
            if contact:
                owners[contact].add(owner)

    def level(node: str) -> str:
        named = [contact for contact in offers[node] if contact]
        if not named or 2 * len(named) < links[naive.family[node]]:
            return "low"
        return "high" if max(len(owners[contact]) for contact in named) >= 2 else "medium"

    assert {x.subject: (x.level, x.value) for x in run.claims["BL304"]} == {
        node: (level(node), len(found)) for node, found in offers.items()
    }


def check_signatures(run: Judged) -> None:
    rows = run.rows("SELECT actor, kind, key FROM footprints JOIN actors USING (actor_id)")
    assert set(rows) == run.naive.signatures
    assert len(rows) == len(set(rows))


def check_directories(run: Judged) -> None:
    """BL401: two of three signs make a directory; a fifth of the profile is a blast."""
    naive = run.naive
    lexicon = set(load_list("directory_words").entries)
    outs = sorted(len(naive.out_of(a)) for a in naive.actors if naive.out_of(a))
    p95 = outs[-(-len(outs) * 95 // 100) - 1] if outs else 0
    signs: dict[str, set[str]] = {}
    for link in naive.earning:
        owner = naive.actor(link.source)
        if naive.is_trusted(owner):
            continue
        mine = signs.setdefault(naive.node_of[host_of(link.source)], set())
        address = link.source.lower().split("?")[0].split("#")[0]
        if lexicon & set(address.replace(":", "/").replace(".", "/").split("/")):
            mine.add("lexicon")
        d_out, d_in = len(naive.out_of(owner)), len(naive.into(owner))
        if d_out >= 20 and d_out >= 20 * d_in and d_out >= p95:
            mine.add("lopsided")
        words = words_of(fold(link))
        if len(words.strip()) >= 8 and words in words_of(link.title.lower()):
            mine.add("listing")
    found = sorted(node for node, mine in signs.items() if len(mine) >= 2)
    owners = {naive.family[node] for node in found}
    everybody = {naive.actor(link.source) for link in naive.earning}
    claims = run.claims["BL401"]
    assert [x.domains for x in claims] == ([tuple(found)] if found else [])
    for claim in claims:
        assert claim.value == len(owners)
        assert claim.detail["referring_domains"] == len(everybody)
        assert claim.level == ("medium" if 5 * len(owners) >= len(everybody) else "low")
        assert claim.scheme == ("directory-blast" if len(owners) >= 10 else "")


@oracle(25)
@given(subdomain_worlds())
def test_subdomains(world: World) -> None:
    """BL208: content subdomains of one domain that link to each other or all to the site."""
    with judged(world, "BL208") as run:
        naive = run.naive
        labels = set(load_list("subdomain_labels").entries)
        siblings: dict[str, set[str]] = {}
        for link in naive.links:
            host = host_of(link.source)
            domain, label = naive.domain_of[host], host.partition(".")[0]
            own = len(label) <= 2 or label in labels
            trusted = naive.is_trusted(naive.actor(link.source))
            if host != domain and not own and not trusted and "wordpress" not in host:
                siblings.setdefault(domain, set()).add(host)
        open_edges = {
            (host_of(x.source), host_of(x.target)) for x in naive.links if not qualified(x)
        }
        expected = {}
        for domain, hosts in siblings.items():
            n = len(hosts)
            pairs = {(a, b) for a, b in open_edges if a in hosts and b in hosts and a != b}
            aimed = {a for a, b in open_edges if a in hosts and naive.domain_of[b] == naive.site}
            density = len(pairs) / (n * (n - 1)) if n > 1 else 0.0
            if n >= 8 and (density >= 0.5 or len(aimed) >= max(8, 0.8 * n)):
                named = hosts if world.node == "host" else {domain}
                level = "medium" if density >= 0.5 else "low"
                expected[domain] = (n, len(pairs), len(aimed), level, tuple(sorted(named)))
        assert {
            x.subject: (
                x.detail["subdomains"], x.detail["linked_pairs"], x.detail["linking_to_site"],
                x.level, x.domains,
            )
            for x in run.claims["BL208"]
        } == expected  # fmt: skip
