"""Audits made by hand for the report tests: a rich one, a bare one, and a hostile one."""

import math
from typing import Any

import msgspec
import polars as pl

from backlint.findings import (
    Audit,
    Coverage,
    DisavowLine,
    DomainResult,
    Finding,
    InputReport,
    LinkRef,
    Member,
    Profile,
    Reject,
    RuleInfo,
    Scheme,
    Step,
)
from backlint.report.csv import LISTED

SITE = "shop.example"

# What an attacker can put into an anchor, a title, a path or a cell of the export.
HOSTILE = [
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "{{7*7}}{% raw %}",
    "[bold]not bold[/bold] [link=https://evil.example]x[/link]",
    '=cmd|"/c calc"!A1',
    "\u202egnp.exe\u2066 hidden",
    "NUL\x00 ESC\x1b[31m BEL\x07",
    "javascript:alert(document.cookie)",
    "\" autofocus onfocus=alert(1) x='",
    "Z" * 10_000,
    "zero\u200bwidth\ufeff",
    "a\r\ndomain:victim.example\n# comment",
]

_RULES = [
    ("BL103", "link-ring", "medium", "excessive-exchange"),
    ("BL201", "shared-rare-targets", "high", "low-value-content"),
    ("BL202", "unendorsed-community", "high", "excessive-exchange"),
    ("BL203", "link-pyramid", "high", "automated"),
    ("BL205", "shared-infrastructure", "high", "low-value-content"),
    ("BL206", "shared-footprint", "high", "automated"),
    ("BL207", "naming-generator", "high", "automated"),
    ("BL301", "exact-anchor-share", "high", "optimized-anchor"),
    ("BL407", "tld-risk", "low", "low-quality-directory"),
    ("BL601", "velocity-burst", "medium", "automated"),
    ("BL701", "unqualified-paid-link", "medium", "buying-selling"),
]


def rules() -> list[RuleInfo]:
    return [
        RuleInfo(
            id=rule,
            name=name,
            level=level,  # type: ignore[arg-type]
            policy=f"link-spam/{policy}",
            summary=f"What {name.replace('-', ' ')} looks for, in one sentence of its rule file.",
            false_positives=["Clients of one designer share credits and blog-rolls."],
            remediation="Ask the sources to remove or qualify the links.",
        )
        for rule, name, level, policy in _RULES
    ]


def link(source: str, target: str = SITE, **more: Any) -> LinkRef:
    return LinkRef(source_url=f"https://{source}/post-7", target_url=f"https://{target}/", **more)


def finding(
    number: int, rule: str, domains: list[str], links: list[LinkRef] | None = None, /, **detail: Any
) -> Finding:
    info = {rule_id: (level, policy) for rule_id, _, level, policy in _RULES}
    level, policy = info.get(rule, ("medium", "automated"))
    return Finding(
        id=f"f{number:011x}",
        rule=rule,
        level=level,  # type: ignore[arg-type]
        confidence="high",
        subject_kind="scheme",
        subject=f"scheme of {domains[0]}" if domains else SITE,
        policy=f"link-spam/{policy}",
        value=0.00001234,
        domains=domains,
        links=links or [],
        detail=detail,
    )


def result(domain: str, steps: list[tuple[str, str, float]], **more: Any) -> DomainResult:
    """Return a domain whose score is the image of its steps, banded by the number."""
    score = 100 / (1 + math.exp(-(sum(points for _, _, points in steps) - 28) / 10))
    band = next(
        b for f, b in ((90, "critical"), (70, "high"), (40, "medium"), (0, "low")) if score >= f
    )
    values: dict[str, Any] = {
        "domain": domain,
        "score": score,
        "band": band,
        "verdict": {"critical": "disavow", "high": "disavow", "medium": "review"}.get(band, "keep"),
        "confidence": "medium",
        "priority": "P2" if score >= 70 else None,
        "waterfall": [Step(rule=rule, group=group, points=p) for rule, group, p in steps],
        "schemes": [],
        "findings": [],
        "guards": [],
    }
    return DomainResult(**(values | more))


def scheme(number: int, kind: str, level: str, nodes: list[str], **more: Any) -> Scheme:
    values: dict[str, Any] = {
        "id": f"{number:012x}",
        "kind": kind,
        "level": level,
        "score": 40.0 + 5 * number,
        "controlled_by_site": False,
        "members": [Member(node=node, role="member") for node in nodes],
        "evidence": [],
        "innocent_if": [],
        "findings": [],
    }
    return Scheme(**(values | more))


def coverage(*not_evaluable: str) -> list[Coverage]:
    return [
        Coverage(
            rule=rule,
            state="not evaluable" if rule in not_evaluable else "ran",
            reason="needs links among the sources" if rule in not_evaluable else "",
            findings=0,
            seconds=0.25,
        )
        for rule, *_ in _RULES
    ]


def bare(**more: Any) -> Audit:
    """Return an audit of one site in which everything ran and nothing was found."""
    values: dict[str, Any] = {
        "tool": {"name": "backlint", "version": "0.1.0"},
        "as_of": "2026-11-01",
        "sites": [SITE],
        "node": "domain",
        "profile": Profile(
            score=0.0,
            band="low",
            verdict="nothing to do",
            reasons=[],
            score_after_disavow=0.0,
            referring_domains=40,
            links=120,
        ),
        "inputs": [_input("/home/user/exports/links.csv", 120)],
        "schemes": [],
        "domains": [],
        "findings": [],
        "coverage": coverage(),
        "rules": rules(),
        "rejects": [],
        "disavow": [],
    }
    return Audit(**(values | more))


def _input(path: str, links: int, rejects: int = 0) -> InputReport:
    return InputReport(
        path=path,
        format="ahrefs-backlinks",
        sha256="9f86d081884c7d659a2feaa0c55ad015" * 2,
        rows=links + 28 + rejects,
        links=links,
        facts=7,
        duplicates=12,
        out_of_scope=9,
        rejects=rejects,
    )


def rich() -> Audit:
    """Return an audit with six schemes of different kinds and 200 domains."""
    pbn = [f"dailyreview{i}.example" for i in range(1, 31)]
    ring = ["north-garden.example", "oak-and-fern.example", "mosswater.example", "fieldkit.example"]
    farm = [f"seo-anomaly-{i}.example" for i in range(1, 19)]
    pyramid = [f"web20-{i}.example" for i in range(1, 25)]
    prints = [f"casino-tips-{i}.example" for i in range(1, 10)]
    odd = ["xn--bcher-kva.example", "xn--e1afmkfd.example", "ordinary-blog.example"]
    money = ["money-site.example", SITE, "casa-loans.example"]

    findings = [
        finding(
            1,
            "BL201",
            pbn,
            [
                link(pbn[0], anchor="best running shoes", nofollow=False, first_seen="2026-03-02"),
                link(pbn[3], money[0], anchor="cheap loans", nofollow=None),
            ],
            sources=30,
            targets=3,
            capture=0.41,
            pairs_expected=0.02,
            edges=[f"{p} > {t}" for i, p in enumerate(pbn) for t in money if (i + len(t)) % 4],
        ),
        finding(2, "BL205", pbn[:12], address="198.51.100.7", bits=14.2),
        finding(
            3,
            "BL103",
            ring,
            [link(ring[0], ring[2], anchor=None)],
            length=4,
            rewires_reaching=0,
            path=[ring[0], ring[2], ring[1], ring[3]],
        ),
        finding(
            4,
            "BL202",
            farm,
            [link(a, b, anchor=b) for i, a in enumerate(farm) for b in farm[i + 1 : i + 4]][:30],
            internal_edges=84,
            expected=1.73,
            isolation=0.83,
            gamma=0.1,
        ),
        finding(5, "BL207", farm, pattern="seo-anomaly-{n}", members=18),
        finding(6, "BL203", pyramid, tier_1=6, tier_2=18, exclusivity=0.92),
        finding(7, "BL206", prints, titles=["Best casino tips 2026", "Casino Tips | Home"]),
        finding(8, "BL206", prints[:5], path="/best-casino-2026/"),
        finding(9, "BL301", pbn[:20], exact=20, domains=44, lower_bound=0.34),
    ]
    tiers = [Member(node=n, role="tier-1" if i < 6 else "tier-2") for i, n in enumerate(pyramid)]
    schemes = [
        scheme(
            9,
            "pbn",
            "critical",
            pbn,
            members=[Member(node=n, role="member") for n in pbn]
            + [Member(node=n, role="target") for n in money],
            controlled_by_site=True,
            evidence=[
                "30 sources share 3 targets that at most 33 other domains link to.",
                "41 % of the referring domains of money-site.example are inside the group.",
                "12 of them answer from one address, 198.51.100.7.",
            ],
            innocent_if=[
                "All of them credit the same designer or theme.",
                "They are editions of one publisher.",
            ],
            findings=[findings[0].id, findings[1].id, findings[8].id],
            links_to_site=61,
            domains_to_site=22,
            name="dailyreview network",
        ),
        scheme(
            7,
            "farm",
            "high",
            farm,
            evidence=["84 links among 18 sites where chance would give 1.7."],
            innocent_if=["The sites are language editions of one brand."],
            findings=[findings[3].id, findings[4].id],
            links_to_site=18,
            domains_to_site=18,
        ),
        scheme(
            6,
            "pyramid",
            "high",
            pyramid,
            members=[Member(node=SITE, role="target"), *tiers],
            evidence=["18 supporters link to 6 sites and to hardly anything else."],
            innocent_if=["The upper tier publishes and the lower one syndicates with consent."],
            findings=[findings[5].id],
            links_to_site=6,
            domains_to_site=6,
        ),
        scheme(
            3,
            "footprint",
            "medium",
            prints,
            evidence=["9 unrelated domains carry the same two page titles."],
            innocent_if=["A theme or a shop system ships these titles."],
            findings=[findings[6].id, findings[7].id],
            links_to_site=9,
            domains_to_site=9,
        ),
        scheme(
            2,
            "ring",
            "medium",
            ring,
            evidence=["4 sites pass links around a circle without any shortcut."],
            innocent_if=["The sites belong to one family that you can declare with --family."],
            findings=[findings[2].id],
            links_to_site=4,
            domains_to_site=4,
        ),
    ]
    domains = [
        result(
            node,
            [
                ("BL201", "co-target", 26.0),
                *([("BL205", "infrastructure", 16.5)] if i < 12 else []),
                *([("BL301", "anchors", 14.0)] if i < 20 else []),
                ("BL407", "lexical+TLD", 1.35),
            ],
            schemes=[schemes[0].id],
            findings=[findings[0].id, findings[8].id],
            links=3 * i,
            followed=2 * i,
            nofollow=i,
            anchors=["best running shoes"],
        )
        for i, node in enumerate(pbn)
    ]
    domains += [
        result(
            node,
            [
                ("BL202", "structure", 24.0),
                ("BL207", "infrastructure", 12.0),
                ("trust", "trust", -3.3),
            ],
            schemes=[schemes[1].id],
            findings=[findings[3].id],
            guards=[
                "80 % of the profile is branded, so circumstantial evidence only asks for review"
            ],
            verdict="review",
        )
        for node in farm
    ]
    for nodes, at, rule, group, points in (
        (pyramid, 2, "BL203", "structure", 22.0),
        (prints, 3, "BL206", "infrastructure", 21.0),
        (ring, 4, "BL103", "structure", 20.0),
    ):
        domains += [
            result(
                node,
                [(rule, group, points), ("BL601", "time", 4.2)],
                schemes=[schemes[at].id],
                findings=schemes[at].findings,
                links=2,
                followed=2,
                nofollow=0,
            )
            for node in nodes
        ]
    domains += [
        result(node, [("BL407", "lexical+TLD", 3.0)], links=None)
        for node in [*odd, *(f"plain-site-{i}.example" for i in range(1, 113))]
    ]
    rest = coverage("BL601", "BL701")
    return bare(
        profile=Profile(
            score=83.4,
            band="high",
            verdict="act",
            reasons=[
                "The dailyreview network holds 22 of 212 referring domains and its anchors are "
                "exact: such links look bought.",
                "Two further schemes of level high link to the site, but nothing ties them to it.",
            ],
            score_after_disavow=21.0,
            referring_domains=212,
            links=3410,
        ),
        inputs=[
            _input("/home/user/exports/ahrefs-2026-10.csv", 3100, rejects=3),
            _input("/home/user/exports/latest links (gsc).csv", 310),
        ],
        schemes=schemes,
        domains=domains,
        findings=findings,
        coverage=[
            *rest[:-1],
            Coverage(rule="BL999", state="failed", reason="division by zero", findings=0),
            Coverage(rule="BL998", state="timed out", reason="over 60 s", findings=0),
            rest[-1],
        ],
        rejects=[
            Reject(path="/home/user/exports/ahrefs-2026-10.csv", line=i, reason=why, raw=raw)
            for i, why, raw in (
                (17, "no host in the source URL", "javascript:void(0),https://shop.example/"),
                (401, "no host in the source URL", "mailto:x@y,https://shop.example/"),
                (None, "wrong number of columns", "a,b"),
            )
        ],
        disavow=[
            DisavowLine(
                directive=f"domain:{node}",
                reason="dailyreview network, BL201 with BL205",
                scheme=schemes[0].id,
                findings=[findings[0].id],
            )
            for node in pbn[:20]
        ],
        notes=["The export has no rel column: every link counts as possibly followed."],
    )


def whole_graph() -> Audit:
    """Return the rich audit without a site: no profile, no verdict, nothing to disavow."""
    audit = rich()
    silent = [
        msgspec.structs.replace(d, verdict=None, priority=None, guards=[]) for d in audit.domains
    ]
    return msgspec.structs.replace(audit, sites=[], profile=None, domains=silent, disavow=[])


def hostile() -> Audit:
    """Return an audit with an attack in every field that can hold text from outside."""
    bad = [f"evil{i}.example" for i in range(len(HOSTILE))]
    links = [
        LinkRef(
            source_url=f"https://{node}/{text}",
            target_url=f"javascript:{text}",
            anchor=text,
            nofollow=None,
            first_seen=text[:40],
        )
        for node, text in zip(bad, HOSTILE, strict=True)
    ]
    findings = [
        msgspec.structs.replace(
            finding(i, "BL206", bad, [links[i]], **{text[:60]: [text, {"deep": text}], "n": None}),
            subject=text,
            subject_kind=text[:30],
            policy=text[:60],
        )
        for i, text in enumerate(HOSTILE)
    ]
    schemes = [
        scheme(
            i,
            "pbn" if i % 2 else text[:60],
            "high",
            [*bad, text],
            members=[Member(node=n, role=text[:40]) for n in [*bad, text]]
            + [Member(node=text + "t", role="target")],
            name=text,
            evidence=[text],
            innocent_if=[text],
            findings=[f.id for f in findings],
        )
        for i, text in enumerate(HOSTILE)
    ]
    domains = [
        result(
            node,
            [("BL206", text[:40], 20.0), (text[:40], "anchors", 30.0)],
            schemes=[s.id for s in schemes],
            findings=[f.id for f in findings],
            guards=[text],
            anchors=[text],
        )
        for node, text in zip(bad, HOSTILE, strict=True)
    ]
    domains += [result(text, [("BL206", "anchors", 1.0)]) for text in HOSTILE]
    texts = " ".join(HOSTILE)
    return bare(
        tool={"name": "backlint", "version": HOSTILE[0]},
        as_of=HOSTILE[0],
        sites=[HOSTILE[0]],
        profile=Profile(
            score=99.0,
            band="critical",
            verdict="act",
            reasons=HOSTILE,
            score_after_disavow=99.0,
            referring_domains=30,
            links=30,
        ),
        inputs=[
            msgspec.structs.replace(_input(f"/tmp/{texts[:50]}", 5, 5), notes=HOSTILE, format=texts)
        ],
        schemes=schemes,
        domains=domains,
        findings=findings,
        coverage=[
            *coverage("BL103"),
            *(Coverage(rule=t[:60], state="failed", reason=t, findings=0) for t in HOSTILE),
        ],
        rules=[
            msgspec.structs.replace(
                rule, name=texts[:300], summary=texts, false_positives=HOSTILE, remediation=texts
            )
            for rule in rules()
        ],
        rejects=[Reject(path=text[:80], line=None, reason=text, raw=text) for text in HOSTILE],
        disavow=[
            DisavowLine(directive=text, reason=text, scheme=None, findings=[]) for text in HOSTILE
        ],
        notes=HOSTILE,
    )


def referring(audit: Audit, extra: int = 12) -> pl.DataFrame:
    """Return the rows of domains.csv: those of the audit and some without a finding."""
    rows: list[dict[str, object]] = [
        {
            "domain": d.domain,
            "links": d.links,
            "followed": d.followed,
            "nofollow": d.nofollow,
            "first_seen": None,
            "last_seen": "2026-10-30",
            "anchors": d.anchors or None,
        }
        for d in audit.domains
    ]
    rows += [
        {"domain": f"quiet-{i}.example", "links": i, "followed": None, "anchors": [HOSTILE[4]]}
        for i in range(extra)
    ]
    return pl.DataFrame(rows, schema=LISTED)
