"""Scan an honest profile whose referring domains are thousands of small personal sites.

    python benchmarks/smallweb.py ../shared/data [--sources N] [--seed 1] [--json FILE]

The folder holds `lists/smallweb-hosts.txt`, one host a line; without that file names are made up.
All else is made up too, from the seed: who links how, with which words, from where and since when.
Nobody sold or bought anything, so every verdict but `keep` is a false accusation. Exits 1 when a
domain is to be disavowed or more than 0.5% of them to be reviewed.
"""

import argparse
import csv
import datetime
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

from backlint.audit import Options, scan
from backlint.findings import Audit

SITE, BRAND = "tinkersbench.org", "Tinkers Bench"
KEYWORDS = ("woodworking plans", "hand tool restoration", "workbench build")
PAGES = (
    "",
    "",
    "",
    "about/",
    "plans/",
    "blog/restoring-a-jack-plane/",
    "blog/a-bench-in-a-weekend/",
)
TITLES = {  # of the pages above that people quote
    "plans/": "Woodworking plans",
    "blog/restoring-a-jack-plane/": "Restoring a jack plane",
    "blog/a-bench-in-a-weekend/": "A workbench build in a weekend",
}
NOUNS = (
    "garden", "compiler", "harbour", "kitchen", "letter", "winter", "radio", "bicycle", "notebook",
    "train", "river", "keyboard", "lathe", "sourdough", "telescope", "archive", "synth", "forest",
    "camera", "weekend", "library", "server", "coffee", "puzzle", "island", "sketch", "engine",
)  # fmt: skip
VERBS = (
    "building", "repairing", "reading", "thinking about", "leaving", "learning", "keeping",
    "finding", "measuring", "writing about", "walking with", "rewriting",
)  # fmt: skip
TIMES = tuple(
    f"{when} of {year}" for when in ("spring", "May", "the end") for year in range(1995, 2027)
)
GENERIC = ("here", "this post", "link", "via", "website", "read more")
PATHS = (
    "{slug}/", "{y}/{m:02}/{slug}/", "posts/{slug}.html", "blog/{slug}", "notes/{n}", "links/",
    "blogroll/", "?p={n}", "bookmarks/{slug}/", "forum/topic/{n}", "{slug}/#comment-{n}", "now/",
)  # fmt: skip
PATH_WEIGHTS = (20, 20, 12, 20, 4, 4, 5, 4, 3, 2, 4, 2)
LAST_DAY, DAYS = datetime.date(2026, 10, 31), 3 * 365
NOFOLLOW = 0.25
MAX_REVIEW = 0.005
HEADER = ("source_url", "target_url", "anchor", "rel", "first_seen", "title")


def made_up(count: int, seed: int) -> list[str]:
    """Return invented hosts of small sites, a part of them on platforms."""
    rng = Random(f"hosts {seed}")
    ends = ("com", "com", "com", "net", "org", "dev", "io", "me", "blog", "co.uk", "de", "xyz",
            "github.io", "bearblog.dev", "neocities.org", "lol", "space", "info")  # fmt: skip
    found: dict[str, None] = {}
    while len(found) < count:
        name = "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(4))
        name += rng.choice(("", "", "", "-blog", "-and-friends", "89", "s-notes-from-a-shed"))
        found[f"{name}.{rng.choice(ends)}"] = None
    return list(found)


def links(hosts: Sequence[str], seed: int) -> list[tuple[str, ...]]:
    """Return the rows of an export: mostly one link a host, some more, a few on every page."""
    rng = Random(f"links {seed}")
    rows = []
    for host in hosts:
        rel = "nofollow" if rng.random() < NOFOLLOW else ""
        count = rng.choice((1, 1, 1, 1, 2, 3)) if rng.random() < 0.98 else rng.randint(20, 60)
        since = rng.randrange(DAYS)
        sitewide = count >= 20
        anchor, page = _words(rng)
        for _ in range(count):
            if not sitewide:
                anchor, page = _words(rng)
            day = LAST_DAY - datetime.timedelta(days=rng.randint(0, since))
            one, two, three = rng.sample(NOUNS, 3)
            # as people write: hardly two of them the same title
            words = f"{rng.choice(VERBS)} a {one} in {rng.choice(TIMES)} and the {two} {three}"
            path = rng.choices(PATHS, PATH_WEIGHTS)[0].format(
                slug=words.replace(" ", "-"), n=rng.randrange(10, 10**5), y=day.year, m=day.month
            )
            title = f"{words.capitalize()} - {host.split('.')[0]}"
            if path.startswith("bookmarks") and page in TITLES:  # as those who collect pages do
                title = anchor = TITLES[page]
            url = f"https://{host}/{path}"
            rows.append((url, f"https://{SITE}/{page}", anchor, rel, day.isoformat(), title))
    return rows


def _words(rng: Random) -> tuple[str, str]:
    """Return an anchor and the page that it leads to."""
    page = rng.choice(PAGES)
    pick = rng.random()
    if pick < 0.4:
        return rng.choice((BRAND, BRAND, "Tinker's Bench", f"the people at {BRAND}")), page
    if pick < 0.6:
        return rng.choice((f"https://{SITE}/", SITE, f"www.{SITE}")), ""
    if pick < 0.72:
        return rng.choice(GENERIC), page
    if pick < 0.8 and page in TITLES:
        return TITLES[page], page
    if pick < 0.83:
        return rng.choice(KEYWORDS), page
    return f"{rng.choice(VERBS)} the {rng.choice(NOUNS)} in the {rng.choice(NOUNS)}", page


def audit(hosts: Sequence[str], seed: int, folder: Path) -> Audit:
    """Scan the profile of these hosts with all rules."""
    path = folder / "links.csv"
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(links(hosts, seed))
    options = Options(files=[path], sites=[SITE], brand=[BRAND], keywords=KEYWORDS)
    return scan(options).audit


def summary(found: Audit) -> dict[str, object]:
    """Return the figures of an audit: verdicts, findings and points by rule, the slowest rules."""
    verdicts = Counter(domain.verdict or "none" for domain in found.domains)
    profile = found.profile
    total = profile.referring_domains if profile else 0
    levels: dict[str, Counter[str]] = {}
    for finding in found.findings:
        levels.setdefault(finding.rule, Counter())[finding.level] += 1
    pointed = Counter(rule for d in found.domains for rule in {s.rule for s in d.waterfall})
    slowest = sorted(found.coverage, key=lambda row: (-row.seconds, row.rule))[:5]
    return {
        "referring_domains": total,
        "disavow": verdicts["disavow"],
        "review": verdicts["review"],
        "keep": total - verdicts["disavow"] - verdicts["review"],
        "accused": [
            {
                "domain": domain.domain,
                "verdict": domain.verdict,
                "score": domain.score,
                "because": [f"{s.rule} {s.points:+g}" for s in domain.waterfall],
            }
            for domain in found.domains
            if domain.verdict in ("disavow", "review")
        ],
        "findings": {rule: dict(sorted(n.items())) for rule, n in sorted(levels.items())},
        "domains_with_points": dict(sorted(pointed.items())),
        "not_evaluable": [row.rule for row in found.coverage if row.state == "not evaluable"],
        "failed": [row.rule for row in found.coverage if row.state in ("failed", "timed out")],
        "slowest": {row.rule: row.seconds for row in slowest},
    }


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--sources", type=int, help="only the first so many hosts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    listed = args.data / "lists" / "smallweb-hosts.txt"
    if listed.exists():
        hosts = listed.read_text("utf-8").split()[: args.sources]
    else:
        print(f"{listed}: is not there; the names are made up", file=sys.stderr)
        hosts = made_up(args.sources or 18_000, args.seed)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        figures = summary(audit(hosts, args.seed, Path(folder)))
    print(f"{len(hosts)} hosts scanned in {time.perf_counter() - start:.1f} s")
    for key, value in figures.items():
        if key == "accused":
            for row in figures["accused"]:  # type: ignore[attr-defined]
                print("   ", row["verdict"], row["domain"], row["score"], ", ".join(row["because"]))
        else:
            print(f"{key}: {value}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    share = figures["review"] / max(figures["referring_domains"], 1)  # type: ignore[operator,call-overload]
    return 1 if figures["disavow"] or figures["failed"] or share > MAX_REVIEW else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
