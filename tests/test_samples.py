"""The committed samples give what their labels promise."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from backlint import urls
from backlint.audit import Options, scan
from backlint.disavow.file import parse
from backlint.report.json import encode_json

SAMPLES = Path(__file__).parents[1] / "sample_graphs"

KINDS = {
    "ring": "link-ring",
    "wheel": "link-wheel",
    "farm": "link-farm",
    "pbn": "private-blog-network",
    "footprint": "footprint-network",
    "directory": "directory-blast",
    "subdomains": "subdomain-network",
}


def run(name: str, out: Path, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    folder = SAMPLES / name
    files = sorted(folder.glob("*.csv*"))
    keywords = folder / "keywords.txt"
    terms = keywords.read_text("utf-8").split("\n") if keywords.exists() else []
    audit = scan(Options(files=files, keywords=[t for t in terms if t], **options), out).audit
    return json.loads(encode_json(audit, True)), json.loads((folder / "labels.json").read_bytes())


def named(report: dict[str, Any], members: set[str], kind: str) -> dict[str, Any]:
    """Return the scheme of a kind that holds at least half of the members."""
    for scheme in report["schemes"]:
        nodes = {m["node"] for m in scheme["members"] if m["role"] != "target"}
        if scheme["kind"] == kind and 2 * len(nodes & members) >= len(members):
            return scheme
    raise AssertionError(f"no {kind} holds half of {sorted(members)}")


def test_profile_names_every_planted_scheme_by_kind(tmp_path: Path) -> None:
    report, labels = run("profile", tmp_path / "audit", sites=["pendleighrowtents.net"])
    for label in labels["schemes"]:
        members = {urls.registrable_domain(member) for member in label["members"]}
        if label["kind"] in KINDS:
            named(report, members, KINDS[label["kind"]])
        else:  # link sellers stand alone, each by its own offer
            verdicts = {d["domain"]: d["verdict"] for d in report["domains"]}
            assert any(verdicts.get(m) == "disavow" for m in members)
    directives = parse((tmp_path / "audit" / "disavow.txt").read_bytes()).directives()
    innocent = {
        urls.registrable_domain(m) for label in labels["negatives"] for m in label["members"]
    }
    assert len(directives) >= 50
    assert not {f"domain:{domain}" for domain in innocent} & set(directives)


def test_export_finds_footprints_and_says_that_rings_cannot_be_seen(tmp_path: Path) -> None:
    report, labels = run("export", tmp_path / "audit")
    assert report["sites"] == ["pendleighrowtents.net"]
    label = next(label for label in labels["schemes"] if label["kind"] == "footprint")
    scheme = named(report, set(label["members"]), "footprint-network")
    assert scheme["level"] in ("medium", "high", "critical")
    assert {c["rule"]: c["state"] for c in report["coverage"]}["BL103"] == "not evaluable"


def test_graph_without_a_site_has_schemes_and_no_verdicts(tmp_path: Path) -> None:
    report, labels = run("graph", tmp_path / "audit")
    assert report["profile"] is None
    assert {d["verdict"] for d in report["domains"]} == {None}
    assert not (tmp_path / "audit" / "disavow.txt").exists()
    for label in labels["schemes"]:
        scheme = named(report, set(label["members"]), KINDS[label["kind"]])
        assert scheme["level"] in ("low", "medium")  # the graph alone never says high
    accused = {m["node"] for s in report["schemes"] for m in s["members"] if m["role"] != "target"}
    innocent = {m for label in labels["negatives"] for m in label["members"]}
    assert not accused & innocent


def test_samples_are_what_the_simulator_makes(tmp_path: Path) -> None:
    copy = tmp_path / "sample_graphs"
    copy.mkdir()
    (copy / "make.py").write_bytes((SAMPLES / "make.py").read_bytes())
    subprocess.run([sys.executable, str(copy / "make.py")], check=True)
    made = {path.relative_to(copy) for path in copy.rglob("*") if path.is_file()}
    assert made == {path.relative_to(SAMPLES) for path in SAMPLES.rglob("*") if path.is_file()}
    for path in made:
        if path.suffix != ".gz":  # compressors differ between versions of zlib
            assert (copy / path).read_bytes() == (SAMPLES / path).read_bytes(), path
