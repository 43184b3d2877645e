"""Honest people with small sites are neither disavowed nor reviewed, made-up ones at least."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import smallweb

QUIET = {"BL402", "BL403", "BL407", "BL408", "BL505"}


def test_made_up_small_sites_are_spared(tmp_path: Path) -> None:
    hosts = smallweb.made_up(1500, seed=3)
    figures = smallweb.summary(smallweb.audit(hosts, 3, tmp_path))
    assert figures["failed"] == []
    assert figures["accused"] == []
    assert figures["keep"] == figures["referring_domains"] > 1400
    assert not QUIET & figures["domains_with_points"].keys()


def test_without_the_data_names_are_made_up(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    code = smallweb.main([str(tmp_path), "--sources", "300", "--json", str(out)])
    assert code == 0
    assert out.exists()


def test_the_profile_is_the_same_from_run_to_run() -> None:
    assert smallweb.made_up(50, 1) == smallweb.made_up(50, 1)
    hosts = smallweb.made_up(200, 1)
    assert len(set(hosts)) == 200
    rows = smallweb.links(hosts, 2)
    assert rows == smallweb.links(hosts, 2)
    nofollow = {row[0].split("/")[2] for row in rows if row[3]}
    assert 30 < len(nofollow) < 70  # a quarter of 200
