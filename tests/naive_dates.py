"""The rules about dates, articles and guests once more, the slow and obvious way.

Written from the headers of the rules, to be held against a real run.
"""

import datetime
import math
import re
import unicodedata
from collections import Counter, defaultdict
from typing import Any, NamedTuple

from backlint.lists import load_list
from backlint.rules.catalog import load_rules
from backlint.rules.terms import PAGE_LISTS
from graph_strategies import Link
from naive import Naive, fold, host_of, poisson_tail, words_of

BLAST = next(rule for rule in load_rules() if rule.header.id == "BL602")
SPAM = frozenset(str(BLAST.header.params["spam"]).split("|"))
SCRIPTS = {
    "CYRILLIC": "Cyrillic", "CJK": "Chinese or Japanese", "HIRAGANA": "Chinese or Japanese",
    "HANGUL": "Korean", "ARABIC": "Arabic", "HEBREW": "Hebrew", "GREEK": "Greek",
    "DEVANAGARI": "Devanagari", "THAI": "Thai",
}  # fmt: skip

Said = tuple[Any, ...]


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def burst_chance(owners: int, weeks: list[int]) -> float:
    """Return P(X >= owners) by adding up the tail, after the weeks before."""
    ordered = sorted(weeks)
    cap = ordered[-(-9 * len(weeks) // 10) - 1]
    kept = [min(week, cap) for week in weeks]
    mean = (sum(kept) + 1) / (len(kept) + 1)
    average = sum(kept) / len(kept)
    spread = sum(x * x for x in kept) / len(kept) - average**2
    if spread <= mean:
        return poisson_tail(owners, mean)
    shape = mean**2 / (spread - mean)
    terms = [
        math.lgamma(i + shape) - math.lgamma(i + 1) - math.lgamma(shape)
        + i * math.log(mean / (mean + shape)) + shape * math.log(shape / (mean + shape))
        for i in range(owners, owners + 3000)
    ]  # fmt: skip
    return math.fsum(math.exp(term) for term in terms)


def median(weeks: list[int]) -> int:
    """Return the lower median, 0 of nothing."""
    return sorted(weeks)[-(-len(weeks) // 2) - 1] if weeks else 0


class Burst(NamedTuple):
    """One week that stands out, with the owners that are counted in it."""

    week: int
    owners: frozenset[str]
    earlier: frozenset[str]
    trusted: int
    usual: int
    chance: float


class Dates:
    """What the dates of a world say of its site."""

    def __init__(self, naive: Naive) -> None:
        self.naive = naive
        self.nodes: dict[str, set[str]] = defaultdict(set)
        self.links: dict[str, list[Link]] = defaultdict(list)
        for link in naive.earning:
            owner = naive.actor(link.source)
            self.nodes[owner].add(naive.node_of[host_of(link.source)])
            self.links[owner].append(link)
        self.first = {
            owner: min(date(x.first_seen) for x in links if x.first_seen)
            for owner, links in self.links.items()
            if any(x.first_seen for x in links)
        }
        self.ordinary = {o: day for o, day in self.first.items() if not naive.is_trusted(o)}
        last = max(self.ordinary.values(), default=None)
        self.week = {o: (last - day).days // 7 for o, day in self.first.items()} if last else {}
        self.payers = {
            owner
            for owner in naive.payers(naive.earning)
            if any(not naive.money[x] for x in self.links[owner] if x in naive.money)
        }
        edges = [(e, naive.first_seen(e)) for e in naive.credit if not naive.is_trusted(e[0])]
        self.edges = [(edge, day) for edge, day in edges if day]
        self.last = last

    @property
    def day_share(self) -> float:
        """Return the largest share of all dated edges on one day."""
        days = Counter(day for _, day in self.edges)
        return max(days.values(), default=0) / max(sum(days.values()), 1)

    def history(self, week: int) -> list[int]:
        """Return the counts of up to 52 weeks before, back to the first."""
        counts = Counter(self.week[owner] for owner in self.ordinary)
        return [counts[w] for w in range(week + 1, min(week + 52, max(counts)) + 1)]

    @property
    def evaluable(self) -> bool:
        weeks = {self.week[owner] for owner in self.ordinary}
        long = any(len(self.history(week)) >= 12 for week in weeks)
        return self.naive.has_site and long and self.day_share <= 0.5

    def bursts(self) -> list[Burst]:
        if not self.evaluable:
            return []
        naive, found = self.naive, []
        counts = Counter(self.week[owner] for owner in self.ordinary)
        outside = [
            (self.last - day).days // 7
            for (a, b), day in self.edges
            if a not in self.first and not naive.is_site(a) and not naive.is_trusted(b)
        ]
        for week, n in counts.items():
            before = self.history(week)
            usual = median(before)
            after = median([counts[w] for w in range(max(week - 12, 0), week)])
            chance = burst_chance(n, before) if before else 1.0
            crawled = len(outside) >= 20 and outside.count(week) / len(outside) >= 0.5 * n / len(
                self.ordinary
            )
            enough = n >= 10 and n >= 3 * max(usual, after) and len(before) >= 12
            if enough and chance < 1e-4 and not crawled:
                owners = frozenset(o for o in self.ordinary if self.week[o] == week)
                earlier = frozenset(o for o in self.first if self.week[o] > week)
                trusted = sum(
                    o not in self.ordinary and w in (week, week - 1) for o, w in self.week.items()
                )
                found.append(Burst(week, owners, earlier, trusted, usual, chance))
        return found

    def named(self, owners: Any) -> tuple[str, ...]:
        return tuple(sorted(set().union(*(self.nodes[o] for o in owners))))

    def paying_nodes(self, owners: Any) -> tuple[str, ...]:
        naive = self.naive
        paid = [x for o in owners for x in self.links[o] if naive.money.get(x) is False]
        return tuple(sorted({naive.node_of[host_of(x.source)] for x in paid}))

    # BL601

    def velocity(self) -> list[Said]:
        """Return level, domains, owners and the decades of each finding."""
        naive, found = self.naive, []
        for burst in self.bursts():
            paying = burst.owners & self.payers
            texts = {
                min(fold(x) for x in self.links[o] if naive.money.get(x) is False) for o in paying
            }
            bought = (
                2 * len(paying) >= len(burst.owners)
                and 2 * len(texts) <= len(paying)
                and 10 * burst.trusted <= len(burst.owners)
            )
            decades = -math.log10(burst.chance)
            if bought:
                found.append(("medium", self.paying_nodes(paying), len(burst.owners), decades))
            if not bought or paying < burst.owners:
                found.append(("info", self.named(burst.owners), len(burst.owners), decades))
        return found

    # BL602

    def signs(self, link: Link) -> set[str]:
        """Return what an anchor shows of somebody who does not know the site."""
        if self.naive.anchor_class(link) != "other":
            return set()
        text = fold(link)
        names = [unicodedata.name(c, "").split(" ")[0].split("-")[0] for c in text]
        found = {f"in {SCRIPTS[name]} script" for name in names if name in SCRIPTS}
        if SPAM & set(words_of(text).split()):
            found.add("words of spam trades")
        if self.naive.world.keywords:
            found.add("one text: " + text[:60])
        return found

    def blasts(self) -> list[Said]:
        """Return sign, domains and the number of owners with the sign."""
        found = []
        for burst in self.bursts():
            if 10 * burst.trusted > len(burst.owners):
                continue
            texts = {
                o: {fold(x) for x in self.links[o] if self.naive.anchor_class(x) != "empty"}
                for o in burst.owners | burst.earlier
            }
            old = set().union(*(texts[o] for o in burst.earlier))
            known = [o for o in burst.owners if texts[o] & old]
            marked = {
                o: set().union(*(self.signs(x) for x in self.links[o]))
                for o in burst.owners | burst.earlier
            }
            for sign in set().union(*marked.values()):
                now = [o for o in burst.owners if sign in marked[o]]
                before = [o for o in burst.earlier if sign in marked[o]]
                least = 0.8 if sign.startswith("one text: ") else 0.5
                if (
                    len(now) >= least * len(burst.owners)
                    and 20 * len(before) <= len(burst.earlier)
                    and 5 * len(known) <= len(burst.owners)
                ):
                    found.append((sign, self.named(now), len(now)))
        return found

    # BL406

    def repurposed(self) -> list[Said]:
        """Return owner, level, domains, links in the window and all links."""
        naive, rows = self.naive, []
        plain = [(e, d) for e, d in self.edges if not naive.is_trusted(e[1])]
        for owner in self.payers & set(self.ordinary):
            outs = [day for (a, _), day in plain if a == owner]
            ins = [d for (a, b), d in self.edges if b == owner and not naive.is_site(a)]
            if len(outs) < 5 or len(ins) < 3:
                continue
            start = min(outs, key=lambda s: (-sum(0 <= (d - s).days <= 90 for d in outs), s))
            inside = sum(0 <= (d - start).days <= 90 for d in outs)
            old = sum((start - day).days > 365 for day in ins)
            rest = [d for (a, _), d in plain if a != owner]
            share = (sum(0 <= (d - start).days <= 90 for d in rest) + 1) / (len(rest) + 2)
            decades = -(math.log10(inside) + (inside - 1) * math.log10(share))
            enough = inside >= 0.8 * len(outs) and old >= 3 and 2 * old >= len(ins)
            if enough and decades >= 3:
                rows.append((owner, inside, len(outs)))
        level = "medium" if len(rows) >= 3 else "low"
        return [
            (naive.face(o), level, self.paying_nodes([o]), inside, outs) for o, inside, outs in rows
        ]

    # BL404

    def guests(self) -> Said | None:
        """Return level, domains, placed and all guests of the site, if there are enough."""
        naive = self.naive
        marked: dict[str, list[Link]] = defaultdict(list)
        for link in naive.earning:
            owner = naive.actor(link.source)
            if page_kind(link.source) == "guest" and not naive.is_trusted(owner):
                marked[owner].append(link)
        placed = set()
        for owner, links in marked.items():
            on_page = {(host_of(x.source), x.target) for x in links}
            paid = [x for x in self.links[owner] if naive.money.get(x) is False]
            inner = any(
                (host_of(x.source), x.target) in on_page
                and re.search(r"//[^/?#]+/[^?#]", x.target) for x in paid
            )  # fmt: skip
            pages = {x.target for x in self.links[owner]}
            if owner in self.payers and inner and len(pages) <= 2:
                placed.add(owner)
        rest = {o for o in self.links if not naive.is_trusted(o)} - set(marked)
        elsewhere = (len(rest & self.payers) + 0.5) / (len(rest) + 10)
        enough = len(placed) >= 10 and 2 * len(placed) >= len(marked)
        if not enough or len(placed) < 3 * elsewhere * len(marked) - 1e-9:
            return None
        level = "medium" if 5 * len(placed) >= len(self.links) else "low"
        return level, self.paying_nodes(placed), len(placed), len(marked)

    # BL405

    def articles(self) -> list[Said]:
        """Return target, anchor, level, domains, owners and decades of each article."""
        naive = self.naive
        keys: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for _, kind, key, page in naive.page_signatures:
            if kind in ("title", "path"):
                keys[page].add((kind, key))
        copies: dict[tuple[str, str], dict[tuple[str, str], list[Link]]] = defaultdict(dict)
        speakers: dict[str, set[str]] = defaultdict(set)
        same: dict[tuple[str, str], set[str]] = defaultdict(set)
        classes = {}
        for link in naive.earning:
            owner = naive.actor(link.source)
            if naive.is_trusted(owner):
                continue
            use = link.target, fold(link)
            speakers[link.target].add(owner)
            same[use].add(owner)
            classes[use] = naive.anchor_class(link)
            if classes[use] in ("exact", "partial", "other") and link.first_seen:
                for key in keys[link.source]:
                    copies[use].setdefault(key, []).append(link)
        found = []
        for use, by_key in copies.items():
            placed: list[Link] = []
            for links in by_key.values():
                days: dict[str, datetime.date] = {}
                for x in links:
                    owner, day = naive.actor(x.source), date(x.first_seen)
                    days[owner] = min(day, days.get(owner, day))
                near: set[str] = set()
                for start in days.values():
                    window = {o for o, day in days.items() if 0 <= (day - start).days <= 14}
                    near |= window if len(window) >= 5 else set()
                placed += [x for x in links if naive.actor(x.source) in near]
            owners = {naive.actor(x.source) for x in placed}
            others, alike = len(speakers[use[0]] - owners), len(same[use] - owners)
            decades = -len(owners) * math.log10((alike + 0.5) / (others + 10))
            if owners and decades >= 5:
                kind = classes[use]
                level = "medium" if kind == "exact" and len(owners) >= 10 else "low"
                nodes = tuple(sorted({naive.node_of[host_of(x.source)] for x in placed}))
                level = "info" if kind == "other" else level
                found.append((*use, level, nodes, len(owners), decades))
        return found


def page_kind(url: str) -> str:
    """Return the kind of the first word of a URL that says what the page is."""
    for token in re.split(r"[/?&#;.=]", url.lower())[1:]:
        word = re.sub(r"[-_]?[0-9]*$", "", token)
        for name in PAGE_LISTS:
            if {word, token} & set(load_list(name).entries):
                return name.partition("_")[0]
    return ""
