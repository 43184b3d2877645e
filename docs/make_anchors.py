"""Write docs/anchors.md: how far the classes of anchors agree with those of a person.

python docs/make_anchors.py           write the page
python docs/make_anchors.py --check   exit 1 when the page is not current
python docs/make_anchors.py --misses  print what of the half to tune on is classed otherwise
"""

import csv
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pages import DOCS, markdown

from backlint.audit import judge_tables
from backlint.engine.duckdb import DuckEngine
from backlint.inputs.load import load

LABELLED = DOCS.parent / "tests" / "anchors" / "labelled.toml"
PAGE = DOCS / "anchors.md"
NOTE = "<!-- made by docs/make_anchors.py; the text is in docs/anchors.in.md -->\n"
CLASSES = ("brand", "naked", "generic", "exact", "partial", "empty", "other")


class Anchor(NamedTuple):
    """One labelled anchor and the class that it was given."""

    site: str
    text: str
    label: str
    given: str
    held: bool


def sites() -> list[dict]:
    """Return the labelled sites: domain, brand, keywords, and their anchors by label."""
    return tomllib.loads(LABELLED.read_text("utf-8"))["site"]


def classed() -> list[Anchor]:
    """Return all labelled anchors with their classes."""
    return [anchor for site in sites() for anchor in _of_site(site)]


def _of_site(site: dict) -> Iterator[Anchor]:
    domain = site["domain"]
    rows = [
        (f"https://source{label}{place}.com/", text, label, place % 2 == 1)
        for label, texts in site["anchors"].items()
        for place, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory() as folder, DuckEngine(threads=1) as engine:
        path = Path(folder) / "links.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            links = ((source, f"https://{domain}/", text) for source, text, _, _ in rows)
            csv.writer(out).writerows([("source_url", "target_url", "anchor"), *links])
        load(engine, [path], sites=[domain])
        judge_tables(engine, "domain", site.get("brand", []), site.get("keywords", []))
        given = dict(
            engine.fetch(
                "SELECT l.source_url, u.class FROM anchor_uses u JOIN links l USING (link_id)"
            ).rows()
        )
    for source, text, label, held in rows:
        yield Anchor(domain, text, label, given.get(source) or "unknown", held)


def confusion(anchors: Iterable[Anchor]) -> Counter[tuple[str, str]]:
    """Return how many anchors of a label were given a class."""
    return Counter((anchor.label, anchor.given) for anchor in anchors)


def accuracy(counts: Counter[tuple[str, str]]) -> float:
    """Return the share of anchors whose class is their label."""
    return sum(counts[name, name] for name in CLASSES) / counts.total()


def recall(counts: Counter[tuple[str, str]], label: str) -> float:
    """Return the share of the anchors of a label that were given it."""
    return counts[label, label] / sum(n for (said, _), n in counts.items() if said == label)


def precision(counts: Counter[tuple[str, str]], label: str) -> float:
    """Return the share of the anchors that were given a class and have that label."""
    given = sum(n for (_, given), n in counts.items() if given == label)
    return counts[label, label] / given if given else 1.0


def table(counts: Counter[tuple[str, str]]) -> str:
    """Return the confusion matrix: a row a label, a column a class."""
    rows = [
        [name, *(str(counts[name, given] or "") for given in CLASSES),
         f"{recall(counts, name):.2f}", f"{precision(counts, name):.2f}"]
        for name in CLASSES
    ]  # fmt: skip
    return markdown(["a person said", *CLASSES, "recall", "precision"], rows)


def page(anchors: list[Anchor], text: str) -> str:
    """Return the whole page."""
    parts = [NOTE, "# Anchors\n", text]
    for title, held in (("The held-out half", True), ("The half that was tuned on", False)):
        counts = confusion(anchor for anchor in anchors if anchor.held == held)
        said = f"{counts.total()} anchors, accuracy {accuracy(counts):.3f}.\n"
        parts += [f"## {title}\n", said, table(counts)]
    return "\n".join(parts)


def main(arguments: list[str]) -> int:
    """Write or check the page; return the exit code."""
    anchors = classed()
    if "--misses" in arguments:
        tuned = [anchor for anchor in anchors if not anchor.held]
        for anchor in tuned:
            if anchor.label != anchor.given:
                print(f"{anchor.site}: {anchor.text!r} is {anchor.label}, was {anchor.given}")
        print(table(confusion(tuned)), f"{accuracy(confusion(tuned)):.3f}")
        return 0
    wanted = page(anchors, (DOCS / "anchors.in.md").read_text("utf-8"))
    current = PAGE.exists() and PAGE.read_text("utf-8") == wanted
    if "--check" in arguments:
        if not current:
            print("docs/anchors.md: not current; run python docs/make_anchors.py")
        return 0 if current else 1
    PAGE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
