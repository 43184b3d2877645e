"""Score audits of simulated profiles against the planted truth.

    python benchmarks/planted.py --seeds 1,2,3,4,5 [--referring-domains 300] [--export]
        [--no-keywords] [--json FILE]

Counts only what `report.json` says. A planted domain that links to the site is caught when its
verdict is `disavow` or when it is a member of a scheme at high or above.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from backlint import urls
from backlint.audit import Options, scan
from backlint.simulate import Simulation, simulate, write


def audit(sim: Simulation, folder: Path, keywords: bool = True) -> dict[str, Any]:
    """Return report.json of a scan of the simulation."""
    write(sim, folder)
    options = Options(
        files=[folder / "links.csv"],
        sites=[sim.site],
        brand=sim.brand,
        keywords=sim.keywords if keywords else [],
    )
    scan(options, folder / "audit")
    return json.loads((folder / "audit" / "report.json").read_bytes())


def score(sim: Simulation, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for every planted scheme, every look-alike and the honest backdrop."""
    linking = {
        urls.registrable_domain(host.name)
        for row in sim.rows
        if (target := urls.url_host(row.target_url))
        and urls.registrable_domain(target.name) == sim.site
        if (host := urls.url_host(row.source_url))
    }
    verdicts = {domain["domain"]: domain["verdict"] for domain in report["domains"]}
    high = {
        member["node"]
        for scheme in report["schemes"]
        if scheme["level"] in ("high", "critical")
        for member in scheme["members"]
        if member["role"] != "target"
    }
    planted: set[str] = set()
    rows = []
    for side, labels in (("scheme", sim.schemes), ("innocent", sim.negatives)):
        for label in labels:
            domains = {urls.registrable_domain(member) for member in label.members}
            planted |= domains
            rows.append(
                {"side": side, "kind": label.kind, **count(domains & linking, verdicts, high)}
            )
    rows.append(
        {"side": "innocent", "kind": "backdrop", **count(linking - planted, verdicts, high)}
    )
    return rows


def count(domains: set[str], verdicts: dict[str, str], high: set[str]) -> dict[str, int]:
    disavowed = {domain for domain in domains if verdicts.get(domain) == "disavow"}
    return {
        "linking": len(domains),
        "disavow": len(disavowed),
        "review": sum(verdicts.get(domain) == "review" for domain in domains),
        "high": len(domains & high),
        "caught": len(disavowed | (domains & high)),
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="1,2,3,4,5")
    parser.add_argument("--referring-domains", type=int, default=300)
    parser.add_argument("--export", action="store_true", help="a single-site export")
    parser.add_argument("--no-keywords", action="store_true")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    found = []
    for seed in map(int, args.seeds.split(",")):
        sim = simulate(seed, referring_domains=args.referring_domains, graph=not args.export)
        with tempfile.TemporaryDirectory() as folder:
            rows = score(sim, audit(sim, Path(folder), not args.no_keywords))
        found += [{"seed": seed, **row} for row in rows]
    fields = ("linking", "disavow", "review", "high", "caught")
    print(f"{'':10}{'':16}" + "".join(f"{field:>9}" for field in fields))
    sums: dict[tuple[str, str], Counter[str]] = {}
    for row in found:
        for key in ((row["side"], row["kind"]), (row["side"], "ALL")):
            sums.setdefault(key, Counter()).update({field: row[field] for field in fields})
    for (side, kind), total in sorted(sums.items()):
        print(f"{side:10}{kind:16}" + "".join(f"{total[field]:9}" for field in fields))
    for seed in sorted({row["seed"] for row in found}):
        mine = [row for row in found if row["seed"] == seed and row["side"] == "scheme"]
        caught, linking = sum(r["caught"] for r in mine), sum(r["linking"] for r in mine)
        print(f"seed {seed}: {caught} of {linking} planted domains caught ({caught / linking:.0%})")
    if args.json:
        args.json.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
