"""The simulator: its labels are the truth that detectors are judged by, so they are proved here."""

import csv
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from itertools import combinations, permutations
from urllib.parse import urlsplit

import pytest

from backlint.errors import UsageError
from backlint.simulate import ALL, NEGATIVES, SCHEMES, Label, Row, Simulation, simulate, write
from backlint.urls import registrable_domain, url_host

SEEDS = (1, 2, 3)
# Publishers on these hosts are not separated by the Public Suffix List.
PLATFORMS = {"wordpress.com", "weebly.com", "tumblr.com", "substack.com", "neocities.org"}
UNFOLLOWED = ("nofollow", "ugc", "sponsored")


@cache
def sim(seed: int, *, graph: bool = True) -> Simulation:
    return simulate(seed, graph=graph)


@cache
def host(url: str) -> str:
    found = url_host(url)
    assert found is not None, url
    return found.name


@cache
def node(url: str) -> str:
    domain = registrable_domain(host(url))
    return host(url) if domain in PLATFORMS else domain


def label(of: Simulation, kind: str) -> Label:
    return next(label for label in [*of.schemes, *of.negatives] if label.kind == kind)


def edges(of: Simulation, name=node) -> set[tuple[str, str]]:
    return {(name(row.source_url), name(row.target_url)) for row in of.rows}


def inside(of: Simulation, kind: str, name=node) -> set[tuple[str, str]]:
    members = set(label(of, kind).members)
    return {(a, b) for a, b in edges(of, name) if a in members and b in members and a != b}


def rows_to_site(of: Simulation, kind: str) -> list[Row]:
    members = set(label(of, kind).members)
    return [row for row in of.rows if node(row.source_url) in members and into_site(of, row)]


def into_site(of: Simulation, row: Row) -> bool:
    return node(row.target_url) == of.site


def followed(row: Row) -> bool:
    return not any(word in row.rel for word in UNFOLLOWED)


def sources(rows: list[Row]) -> set[str]:
    return {node(row.source_url) for row in rows}


def exact(of: Simulation, row: Row) -> bool:
    return row.anchor.lower() in of.keywords


def days(rows: list[Row]) -> int:
    seen = [date.fromisoformat(row.first_seen) for row in rows if row.first_seen]
    return (max(seen) - min(seen)).days


def normal_title(row: Row) -> str:
    # The first four words survive the trailing site name, case, spacing and punctuation.
    return " ".join(re.findall(r"\w+", row.title.lower().replace("&", " and "))[:4])


# --- the whole -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, -7])
def test_one_seed_gives_one_profile(seed):
    assert simulate(seed, referring_domains=60) == simulate(seed, referring_domains=60)
    assert simulate(seed, referring_domains=60) != simulate(seed + 1, referring_domains=60)


def test_the_profile_does_not_depend_on_the_hash_seed():
    program = (
        "import hashlib; from backlint.simulate import simulate;"
        "print(hashlib.sha256(repr(simulate(5, referring_domains=80)).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "1", "4242")
    }
    assert len(digests) == 1


def test_the_backdrop_stays_the_same_whatever_is_planted():
    bare = simulate(3, schemes=[], negatives=[])
    assert not bare.schemes
    assert not bare.negatives
    assert not Counter(bare.rows) - Counter(sim(3).rows)
    alone = simulate(3, schemes=["farm"], negatives=[])
    assert label(alone, "farm") == label(sim(3), "farm")


def test_names_may_be_asked_for_in_any_order_and_twice():
    asked = simulate(1, schemes=["pbn", "ring", "pbn"], negatives=["editions", *ALL])
    assert [each.kind for each in asked.schemes] == ["ring", "pbn"]
    assert [each.kind for each in asked.negatives] == list(NEGATIVES)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"schemes": ["rign"]}, "unknown scheme 'rign'; did you mean 'ring'"),
        ({"negatives": ["universities"]}, "unknown hard negative 'universities'; did you mean 'un"),
        ({"schemes": ["qqqq"]}, "unknown scheme 'qqqq'; known: ring, wheel"),
        ({"referring_domains": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_made_is_a_usage_error(arguments, expected):
    with pytest.raises(UsageError, match=re.escape(expected)):
        simulate(1, **arguments)


@pytest.mark.parametrize("size", [1, 2, 39, 40, 500])
def test_any_size_of_backdrop(size):
    bare = simulate(9, schemes=[], negatives=[], referring_domains=size, graph=False)
    assert len(sources(bare.rows)) == size
    assert len(simulate(9, referring_domains=size).schemes) == len(SCHEMES)


def test_sites_differ_by_seed():
    made = [simulate(seed, schemes=[], negatives=[], referring_domains=5) for seed in range(12)]
    assert len({each.site for each in made}) == 12
    assert len({tuple(each.keywords) for each in made}) == 12
    assert {each.as_of for each in made} == {"2026-11-01"}


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_are_disjoint_and_apart_from_the_backdrop(seed):
    labels = [*sim(seed).schemes, *sim(seed).negatives]
    members = Counter(member for each in labels for member in each.members)
    assert max(members.values()) == 1
    bare = simulate(seed, schemes=[], negatives=[])
    honest = {end for edge in edges(bare) for end in edge}
    honest_hosts = {end for edge in edges(bare, host) for end in edge}
    assert honest.isdisjoint(members)
    assert honest_hosts.isdisjoint(members)


@pytest.mark.parametrize("seed", SEEDS)
def test_members_are_nodes_and_every_one_is_in_the_rows(seed):
    shown = {end for edge in edges(sim(seed)) for end in edge}
    shown_hosts = {end for edge in edges(sim(seed), host) for end in edge}
    for each in [*sim(seed).schemes, *sim(seed).negatives]:
        assert each.members == sorted(each.members)
        assert each.targets == sorted(each.targets)
        assert set(each.targets) <= shown
        assert each.note
        if each.kind == "subdomains":
            assert shown_hosts.issuperset(each.members)
        else:
            assert shown.issuperset(each.members)
            assert all(registrable_domain(member) == member for member in each.members)


def test_no_two_unrelated_domains_share_a_name_under_two_suffixes():
    families = set(label(sim(1), "brand_family").members)
    names = Counter(
        end.partition(".")[0].replace("-", "")
        for end in {end for edge in edges(simulate(1, negatives=[])) for end in edge} - families
        if "." in end
    )
    assert {name for name, n in names.items() if n > 1} <= {"google", "amazon", "blog"}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_single_site_export_holds_only_links_into_the_site(seed):
    merged, export = sim(seed), sim(seed, graph=False)
    assert export.rows == [row for row in merged.rows if into_site(merged, row)]
    shown = sources(export.rows) | {host(row.source_url) for row in export.rows}
    for full, cut in zip(
        [*merged.schemes, *merged.negatives], [*export.schemes, *export.negatives], strict=True
    ):
        assert cut.members == [member for member in full.members if member in shown]
        assert cut.targets == [export.site]
        assert len(cut.members) >= (1 if full.kind == "sponsors" else 3)


# --- the backdrop --------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_backdrop_looks_like_an_honest_profile(seed):
    bare = simulate(seed, schemes=[], negatives=[], referring_domains=1000, graph=False)
    assert all(into_site(bare, row) for row in bare.rows)
    by_domain = Counter(node(row.source_url) for row in bare.rows)
    assert sorted(by_domain.values())[len(by_domain) // 2] <= 2
    assert max(by_domain.values()) > 50
    per_domain = {node(row.source_url): row for row in bare.rows}.values()
    assert 0.18 < sum(not followed(row) for row in per_domain) / len(by_domain) < 0.32
    assert len(sources([row for row in bare.rows if exact(bare, row)])) < 0.05 * len(by_domain)
    assert 0.01 < sum(not row.anchor for row in per_domain) / len(by_domain) < 0.1
    branded = [row for row in per_domain if any(b in row.anchor for b in bare.brand)]
    assert len(branded) > 0.3 * len(by_domain)
    assert days(bare.rows) > 5 * 365
    assert {urlsplit(row.source_url).scheme for row in bare.rows} == {"http", "https"}
    hosts = {urlsplit(row.source_url).hostname or "" for row in bare.rows}
    assert any(name.startswith("www.") for name in hosts)
    assert any(name.endswith(".blogspot.com") for name in hosts)
    assert any(name.endswith(".wordpress.com") for name in hosts)
    assert any(not name.isascii() or "xn--" in name for name in hosts)
    assert len({name.rpartition(".")[2] for name in hosts}) > 12


def test_the_backdrop_has_one_honest_burst():
    bare = simulate(2, schemes=[], negatives=[], graph=False)
    weeks: dict[int, set[str]] = defaultdict(set)
    for row in bare.rows:
        if row.first_seen:
            weeks[date.fromisoformat(row.first_seen).toordinal() // 10].add(node(row.source_url))
    ranked = sorted(len(found) for found in weeks.values())
    assert ranked[-1] >= 3 * ranked[len(ranked) // 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_honest_web_has_hubs_a_heavy_tail_and_some_reciprocity(seed):
    bare = simulate(seed, schemes=[], negatives=[], referring_domains=600)
    pairs = {(a, b) for a, b in edges(bare) if bare.site not in (a, b)}
    known = {a for a, _ in pairs}
    pairs_known = {(a, b) for a, b in pairs if b in known}
    mutual = sum((b, a) in pairs_known for a, b in pairs_known) / 2
    assert 0.04 < mutual / (len(pairs_known) - mutual) < 0.08
    indegree = Counter(b for _, b in pairs)
    top = [name for name, _ in indegree.most_common(6)]
    assert {"wikipedia.org", "youtube.com"} <= set(top)
    assert sorted(indegree.values())[len(indegree) // 2] <= 3
    assert len(known | set(indegree)) >= 4 * (600 - 4)


@pytest.mark.parametrize("graph", [True, False])
def test_ugly_content_is_there_and_is_honest(graph):
    made = sim(1, graph=graph)
    accused = {member for each in made.schemes for member in each.members}
    ugly = [
        row
        for row in made.rows
        if row.anchor.startswith(("=HYPERLINK", "<script>"))
        or "\u202e" in row.anchor
        or "コーヒー" in row.anchor
        or "متجر" in row.anchor
        or "\n" in row.title
        or ":443/" in row.source_url
    ]
    assert len(ugly) == 7
    assert all(into_site(made, row) for row in ugly)
    assert sources(ugly).isdisjoint(accused)
    assert any('"' in row.title and "," in row.title and "\n" in row.title for row in ugly)


# --- the planted schemes -------------------------------------------------------------------------


def test_each_scheme_and_each_hard_negative_has_its_label():
    assert [each.kind for each in sim(1).schemes] == list(SCHEMES)
    assert [each.kind for each in sim(1).negatives] == list(NEGATIVES)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", list(SCHEMES))
def test_schemes_hide_behind_links_to_honest_domains(seed, kind):
    members = set(label(sim(seed), kind).members)
    name = host if kind == "subdomains" else node
    outside = Counter(
        a
        for a, b in edges(sim(seed), name)
        if a in members and b not in members and not b.endswith(sim(seed).site)
    )
    assert set(outside) == members
    assert min(outside.values()) >= 1


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "sizes"), [("ring", (6, 8)), ("wheel", (5, 7))])
def test_rings_are_chordless_directed_cycles(seed, kind, sizes):
    members = label(sim(seed), kind).members
    found = inside(sim(seed), kind)
    following = dict(found)
    assert sizes[0] <= len(members) <= sizes[1]
    assert len(found) == len(following) == len(members)
    at, seen = members[0], []
    for _ in members:
        seen.append(at)
        at = following[at]
    assert at == members[0]
    assert sorted(seen) == members
    of_ring = [
        row
        for row in sim(seed).rows
        if node(row.source_url) in members
        and (node(row.target_url) in members or into_site(sim(seed), row))
    ]
    assert days(of_ring) <= 90
    assert all(map(followed, of_ring))
    indegree = Counter(b for a, b in edges(sim(seed)) if b in members and a not in members)
    assert max(indegree.values(), default=0) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_most_but_not_all_of_a_ring_links_to_the_site(seed):
    ring, linking = label(sim(seed), "ring"), sources(rows_to_site(sim(seed), "ring"))
    assert 2 <= len(ring.members) - len(linking) <= 4
    assert len(linking) > len(ring.members) / 2
    wheel = label(sim(seed), "wheel")
    assert len(wheel.targets) == 2
    found = edges(sim(seed))
    assert all((member, target) in found for member in wheel.members for target in wheel.targets)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_farm_is_dense_and_nobody_endorses_it(seed):
    members = label(sim(seed), "farm").members
    density = len(inside(sim(seed), "farm")) / len(list(permutations(members, 2)))
    assert 12 <= len(members) <= 20
    assert 0.38 < density < 0.62
    money = rows_to_site(sim(seed), "farm")
    assert len(sources(money)) >= 0.8 * len(members)
    assert sum(exact(sim(seed), row) for row in money) > 0.25 * len(money)
    endorsers = [(a, b) for a, b in edges(sim(seed)) if b in members and a not in members]
    assert len(endorsers) <= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pbn_shares_targets_and_never_links_inside(seed):
    pbn = label(sim(seed), "pbn")
    found = edges(sim(seed))
    assert 12 <= len(pbn.members) <= 20
    assert not inside(sim(seed), "pbn")
    assert len(pbn.targets) == 5
    assert sim(seed).site in pbn.targets
    covered = {member: sum((member, t) in found for t in pbn.targets) for member in pbn.members}
    assert min(covered.values()) >= 2
    assert 0.55 < sum(covered.values()) / (5 * len(pbn.members)) < 0.9
    for target in set(pbn.targets) - {sim(seed).site}:
        indegree = len({a for a, b in found if b == target})
        assert len(pbn.members) * 0.3 < indegree <= 40
    endorsers = Counter(b for _, b in found if b in pbn.members)
    assert max(endorsers.values(), default=0) <= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_a_footprint_is_two_articles_under_the_same_paths_and_titles(seed):
    members = label(sim(seed), "footprint").members
    assert 10 <= len(members) <= 14
    assert not inside(sim(seed), "footprint")
    money = rows_to_site(sim(seed), "footprint")
    paths: dict[str, set[str]] = defaultdict(set)
    titles: dict[str, set[str]] = defaultdict(set)
    for row in money:
        paths["/" + row.source_url.split("/", 3)[3]].add(node(row.source_url))
        titles[normal_title(row)].add(node(row.source_url))
    assert len(paths) == 2
    assert any(re.fullmatch(r"/\?p=\d{8}", path) for path in paths)
    assert all(len(found) >= len(members) / 2 for found in paths.values())
    assert len(titles.keys() - {""}) == 2
    assert sources(money) == set(members)
    assert len({row.title for row in money}) > 3
    assert sum(exact(sim(seed), row) for row in money) > 0.6 * len(money)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_directory_blast_is_one_script_and_few_weeks(seed):
    members = label(sim(seed), "directory").members
    money = rows_to_site(sim(seed), "directory")
    assert 30 <= len(members) <= 40
    assert sources(money) == set(members)
    assert all(re.search(r"/(submit|directory|links)/\w+/detail-\d+\.html", r[0]) for r in money)
    assert all(exact(sim(seed), row) for row in money)
    assert len({normal_title(row) for row in money} - {""}) == 1
    assert days(money) <= 28
    outdegree = Counter(a for a, b in edges(sim(seed)) if a in members)
    assert min(outdegree.values()) >= 20


@pytest.mark.parametrize("seed", SEEDS)
def test_a_subdomain_network_is_one_domain_of_cross_linking_hosts(seed):
    network = label(sim(seed), "subdomains")
    assert len(network.members) == 12
    assert len({registrable_domain(member) for member in network.members}) == 1
    found = inside(sim(seed), "subdomains", host)
    assert 0.45 < len(found) / (12 * 11) < 0.75
    linking = {host(row.source_url) for row in sim(seed).rows if into_site(sim(seed), row)}
    assert linking.issuperset(network.members)
    assert network.targets == [sim(seed).site]
    assert not network.page_level


@pytest.mark.parametrize("seed", SEEDS)
def test_link_sellers_advertise_in_anchors(seed):
    rows = rows_to_site(sim(seed), "seller")
    assert sources(rows) == set(label(sim(seed), "seller").members)
    pitching = [row for row in rows if re.search("links|seo_kingz|DA90|nks", row.anchor)]
    assert sources(pitching) == sources(rows)


# --- the hard negatives --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", list(NEGATIVES))
def test_hard_negatives_never_use_money_anchors(seed, kind):
    rows = rows_to_site(sim(seed), kind)
    assert rows
    assert not any(exact(sim(seed), row) for row in rows)


@pytest.mark.parametrize(
    ("kind", "linking"),
    [("designer", 8), ("university", 6), ("hosting_footer", 25), ("sponsors", 4), ("editions", 10)],
)
def test_so_many_of_a_hard_negative_link_to_the_site(kind, linking):
    for seed in SEEDS:
        assert len(sources(rows_to_site(sim(seed), kind))) == linking


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("kind", "size"), [("university", 12), ("editions", 10), ("brand_family", (12, 15))]
)
def test_honest_cliques_are_complete(seed, kind, size):
    members = label(sim(seed), kind).members
    low, high = size if isinstance(size, tuple) else (size, size)
    assert low <= len(members) <= high
    assert inside(sim(seed), kind) == set(permutations(members, 2))


@pytest.mark.parametrize("seed", SEEDS)
def test_honest_groups_are_endorsed_from_outside(seed):
    for kind, least in (("university", 10), ("editions", 4), ("blogroll", 2)):
        members = label(sim(seed), kind).members
        indegree = Counter(b for a, b in edges(sim(seed)) if b in members and a not in members)
        assert min(indegree[member] for member in members) >= least


@pytest.mark.parametrize("seed", SEEDS)
def test_a_blogroll_is_mutual_and_years_old(seed):
    members = label(sim(seed), "blogroll").members
    found = inside(sim(seed), "blogroll")
    linked = [pair for pair in combinations(members, 2) if pair in found or pair[::-1] in found]
    assert 15 <= len(members) <= 20
    assert 0.2 < len(linked) / len(list(combinations(members, 2))) < 0.42
    assert len(found) > 1.5 * len(linked)
    assert days([row for row in sim(seed).rows if node(row.source_url) in members]) > 4 * 365


@pytest.mark.parametrize("seed", SEEDS)
def test_a_newswire_is_one_slug_in_five_days_half_of_it_nofollow(seed):
    rows = rows_to_site(sim(seed), "newswire")
    assert 12 <= len(sources(rows)) == len(rows) <= 18
    assert len({urlsplit(row.source_url).path for row in rows}) == 1
    assert len({normal_title(row) for row in rows} - {""}) == 1
    assert days(rows) <= 5
    assert abs(sum(map(followed, rows)) - len(rows) / 2) <= 1
    assert not inside(sim(seed), "newswire")


@pytest.mark.parametrize("seed", SEEDS)
def test_footer_credits_repeat_over_many_pages_of_many_sites(seed):
    made = sim(seed)
    studio_and_hoster = label(made, "designer").targets
    for target in studio_and_hoster:
        rows = [row for row in made.rows if node(row.target_url) == target]
        crediting = Counter(row.anchor for row in rows).most_common(1)[0][0]
        assert len(sources([row for row in rows if row.anchor == crediting])) == 30
    badges = rows_to_site(made, "hosting_footer")
    assert {row.anchor for row in badges} == {f"Powered by {made.brand[0]}"}
    assert len(badges) > 4 * 25


@pytest.mark.parametrize("seed", SEEDS)
def test_sponsors_and_conference_link_both_ways(seed):
    sponsors = label(sim(seed), "sponsors")
    conference = next(t for t in sponsors.targets if t != sim(seed).site)
    found = inside(sim(seed), "sponsors")
    assert len(sponsors.members) == 11
    assert found == {
        pair
        for member in sponsors.members
        if member != conference
        for pair in ((member, conference), (conference, member))
    }


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("graph", [True, False])
def test_written_files_give_the_simulation_back(tmp_path, graph):
    made = sim(2, graph=graph)
    links, labels, keywords = write(made, tmp_path / "new" / "folder")
    assert [path.name for path in (links, labels, keywords)] == [
        "links.csv",
        "labels.json",
        "keywords.txt",
    ]
    with links.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["source", "target", "anchor", "rel", "first_seen", "title"]
    assert [Row(*row) for row in rows] == made.rows
    truth = json.loads(labels.read_text(encoding="utf-8"))
    assert [Label(**each) for each in truth["schemes"]] == made.schemes
    assert [Label(**each) for each in truth["negatives"]] == made.negatives
    assert (truth["seed"], truth["site"], truth["as_of"]) == (2, made.site, "2026-11-01")
    assert truth["brand"] == made.brand
    assert keywords.read_text(encoding="utf-8").splitlines() == made.keywords == truth["keywords"]
    before = links.read_bytes()
    write(made, tmp_path / "new" / "folder")
    assert links.read_bytes() == before
    assert len(list(links.parent.iterdir())) == 3
