"""The rules of placement and policy once more, the slow and obvious way, from their headers."""

import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from graph_strategies import Link
from naive import Naive, fold, host_of, listed, qualified, words_of
from naive_anchors import joined

More = Mapping[Link, Mapping[str, str]]
Said = dict[str, Any]

AFFILIATE = {
    "aff_id", "affid", "aff", "affiliate", "affiliate_id", "affiliateid", "aff_sub", "affsub",
    "aff_code", "affcode", "partner_id", "partnerid", "clickid", "click_id", "irclickid", "irgwc",
    "awc", "cjevent", "sscid", "ranmid", "ransiteid", "tduid", "a_aid", "a_bid", "idev_id",
}  # fmt: skip
CLICK_COUNTERS = {
    "out", "outbound", "go", "goto", "r", "redir", "redirect", "redirects", "click", "clicks",
    "away", "exit", "jump", "visit", "track", "link", "links", "l", "ct", "url", "ext", "external",
    "leave",
}  # fmt: skip
NUMBERED = {
    "node", "item", "items", "id", "thread", "threads", "question", "questions", "story",
    "stories", "entry", "entries", "video", "videos", "photo", "photos", "user", "users", "issue",
    "issues", "recipe", "job", "event", "book",
}  # fmt: skip
PAGE_LISTS = ("comment_words", "forum_words", "press_words", "profile_words")


class Placed:
    """A world with the columns that only these rules read."""

    def __init__(self, naive: Naive, more: More) -> None:
        self.naive = naive
        self.more = more
        self.judged = [
            x
            for x in naive.earning
            if not naive.is_trusted(naive.actor(x.source)) and naive.has_site
        ]

    def cell(self, link: Link, name: str) -> str:
        return self.more.get(link, {}).get(name, "")

    def node(self, link: Link) -> str:
        return self.naive.node_of[host_of(link.source)]

    def domain(self, link: Link) -> str:
        return self.naive.domain_of[host_of(link.source)]

    def by_owner(self, links: list[Link]) -> dict[str, list[Link]]:
        found: dict[str, list[Link]] = defaultdict(list)
        for link in links:
            found[self.naive.actor(link.source)].append(link)
        return found

    def independent(self, links: list[Link]) -> int:
        """Return how many owners stand behind links; hosts of one domain are one."""
        owners = {self.naive.actor(x.source) for x in links}
        return min(len(owners), len({min(self.domain(y) for y in links
                                         if self.naive.actor(y.source) == o) for o in owners}))  # fmt: skip

    def sitewide(self, least: int) -> dict[str, list[Link]]:
        """Return owner -> its links of one anchor to one page: so many, and 90% of all of its."""
        found = {}
        for owner, links in self.by_owner(self.judged).items():
            groups: dict[tuple[str, str], list[Link]] = defaultdict(list)
            for link in links:
                groups[fold(link), link.target].append(link)
            for group in groups.values():
                if len(group) >= least and 10 * len(group) >= 9 * len(links):
                    found[owner] = group
        return found

    def worth(self, links: list[Link]) -> str:
        """Return the level of a repeated anchor: by money terms, and a credit is none."""
        text = words_of(fold(links[0]))
        if any(words_of(phrase) in text for phrase in listed("credit_phrases")):
            return "info"
        money = [self.naive.money[x] for x in links if x in self.naive.money]
        return "info" if not money else "low" if money[0] else "medium"

    def bl501(self) -> dict[str, Said]:
        owners = {o: len(x) for o, x in self.by_owner(self.judged).items()}
        if len(owners) < 20:
            return {}
        logs = [math.log(n) for n in owners.values()]
        median = statistics.median(logs)
        mad = statistics.median(abs(x - median) for x in logs)
        spread = max(1.4826 * mad, 0.65)
        levels: dict[str, dict[str, list[Link]]] = defaultdict(dict)
        for owner, links in self.sitewide(50).items():
            if round((math.log(owners[owner]) - median) / spread, 6) > 6:
                levels[self.worth(links)][owner] = links
        return {
            level: {
                "value": float(len(found)),
                "domains": self.named(level, [x for links in found.values() for x in links]),
                "most": max(map(len, found.values())),
            }
            for level, found in levels.items()
        }

    def named(self, level: str, links: list[Link]) -> list[str]:
        return [] if level == "info" else sorted({self.node(x) for x in links})

    def bl502(self) -> dict[tuple[str, str], Said]:
        groups: dict[tuple[str, str], list[Link]] = defaultdict(list)
        for links in self.sitewide(10).values():
            groups[links[0].target, fold(links[0])] += links
        found = {}
        for key, links in groups.items():
            if self.independent(links) >= 5:
                level = self.worth(links)
                found[key] = {
                    "value": float(self.independent(links)),
                    "level": level,
                    "domains": self.named(level, links),
                }
        return found

    def bl503(self) -> int:
        """Return how many owners have text links without anything to click."""
        found = set()
        for link in self.judged:
            text = link.anchor or self.cell(link, "alt")
            seen = [c for c in text if not c.isspace() and c not in ".,;:·|_-\u200b"]
            if self.cell(link, "kind") == "text" and not seen:
                found.add(self.naive.actor(link.source))
        return len(found)

    def bl504(self) -> Said:
        label = joined(self.naive.site.partition(".")[0])
        brands = {label, *(joined(term.lower()) for term in self.naive.world.brand)}

        def ours(host: str) -> bool:
            plain = host.replace("-", "").replace(".", "")
            return any(len(b) >= 4 and b in plain for b in brands)

        def service(host: str) -> bool:
            return any(f".{host}".endswith(f".{entry}") for entry in listed("redirect_services"))

        pages, hosts, long_chains = [], set(), 0
        for link in self.judged:
            if self.cell(link, "kind") == "redirect":
                parts = set(re.split("[/?._-]", link.source.lower().split("//", 1)[1]
                                     .partition("/")[2])[:1])  # fmt: skip
                counter = parts & CLICK_COUNTERS or "=http" in link.source
                if not counter and not service(self.domain(link)) and not ours(self.domain(link)):
                    pages.append(link)
        for link in self.naive.earning:
            foreign = set()
            for url in self.cell(link, "redirects").split():
                host = urlsplit(url).netloc.removeprefix("www.")
                known = [self.naive.site, self.node(link), *listed("trusted")]
                if not any(f".{host}".endswith(f".{k}") for k in known) and not service(host):
                    foreign |= set() if ours(host) else {host}
            hosts |= foreign
            long_chains += len(foreign) >= 2
        count = max(self.independent(pages), len(hosts))
        level = "medium" if count >= 3 else "info"
        return {
            "value": count,
            "level": level,
            "domains": self.named(level, pages),
            "long": long_chains,
        }

    def template(self, url: str) -> str | None:
        """Return the template of a path that a machine made: a token with a number or a hash."""
        path = urlsplit(url.lower()).path.rstrip("/")
        path = re.sub(r"[.](html?|php|aspx?)$", "", path)
        segments = path.split("/")[1:]
        last = segments[-1] if segments else ""
        token, mark, tail = last.rpartition("_" if "_" in last else "-")
        if not mark and len(segments) > 1:
            token, mark, tail = segments[-2], "/", last
        if not re.fullmatch("[a-z]{2,20}", token) or len(tail) < 5:
            return None
        if not set(tail) <= set("0123456789abcdef") or not any(c.isdigit() for c in tail):
            return None
        if re.fullmatch("(19|20)([0-9]{4}|[0-9]{6})", tail):
            return None
        words = {word for name in PAGE_LISTS for word in listed(name)}
        if token in listed("generic_paths") | words | NUMBERED:
            return None
        return f"/{token}{'/#' if mark == '/' else '-#'}"

    def bl209(self) -> dict[tuple[str, str], Said]:
        known = {x: int(c) for x in self.judged if (c := self.cell(x, "external_links"))}
        made = {x for x, n in known.items() if n >= 250 and self.template(x.source)}
        others = sorted((n for x, n in known.items() if x not in made), reverse=True)
        reached = [n for n in others if sum(m >= n for m in others) > 0.01 * len(others)]
        hurdle = max(250, min(500, max(reached, default=0)))
        payers = self.naive.payers(self.judged)
        owners = {}
        for owner, links in self.by_owner(self.judged).items():
            farm = [x for x in links if x in made and known[x] >= hurdle]
            if farm and 2 * len(farm) >= len(links):
                inferred = all(self.naive.money[x] for x in links if x in self.naive.money)
                templates = [t for x in farm if (t := self.template(x.source))]
                owners[owner] = (min(templates), farm, owner in payers and not inferred)
        sharing = Counter(template for template, _, _ in owners.values())
        paying = Counter(template for template, _, pays in owners.values() if pays)
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for template, farm, pays in owners.values():
            k, n = paying[template], sharing[template]
            high = pays and n >= 5 and k >= 3 and 2 * k >= n
            level = "high" if high else "medium" if pays or n >= 3 else "low"
            found[template if n >= 3 else "none", level] |= {self.node(x) for x in farm}
        return {key: sorted(nodes) for key, nodes in found.items()}  # type: ignore[misc]

    @staticmethod
    def is_paid(url: str) -> bool:
        pairs = [p.partition("=") for p in urlsplit(url.lower()).query.split("&")]
        query = {name: value for name, _, value in pairs}
        if query.get("utm_medium") in ("email", "e-mail", "newsletter"):
            return False
        return bool(
            any(query.get(name) for name in AFFILIATE)
            or query.get("utm_medium") in ("affiliate", "affiliates", "cpa")
            or re.fullmatch("[a-z0-9_-]+-2[0-3]", query.get("tag", ""))
        )

    def bl701(self) -> dict[str, list[str]]:
        networks = listed("affiliate_hosts")
        found: dict[str, set[str]] = defaultdict(set)
        payers = self.naive.payers(self.judged)
        for owner, links in self.by_owner(self.judged).items():
            paid = [x for x in links if self.is_paid(x.target) or self.domain(x) in networks]
            inferred = all(self.naive.money[x] for x in links if x in self.naive.money)
            level = "medium" if owner in payers and not inferred else "low"
            if paid:
                found[level] |= {self.node(x) for x in paid}
        return {level: sorted(nodes) for level, nodes in found.items()}

    def bl702(self) -> int:
        networks = listed("affiliate_hosts")
        own = [
            x
            for x in self.naive.links
            if self.naive.is_site(self.naive.actor(x.source))
            and not self.naive.is_site(self.naive.actor(x.target))
            and not qualified(x)
        ]
        return sum(
            self.is_paid(x.target) or self.naive.domain_of[host_of(x.target)] in networks
            for x in own
        )

    def bl703(self) -> tuple[int, int]:
        """Return how many owners link, and how many with nofollow only."""
        owners = self.by_owner(list(self.naive.profile))
        return len(owners), sum(all(map(qualified, links)) for links in owners.values())
