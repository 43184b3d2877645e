"""The vocabulary of the reports: kinds of schemes, roles, policy clauses, links."""

from backlint.findings import LinkRef, Scheme
from backlint.report.text import shorten, visible

# kind of a scheme -> (name, what it is in plain words)
_KINDS: dict[str, tuple[str, str]] = {
    "ring": (
        "Link ring",
        "Sites that pass links around a closed circle: each receives one, and no two of them "
        "link straight back to each other.",
    ),
    "wheel": (
        "Link wheel",
        "A closed circle of sites whose members also all link to one common target.",
    ),
    "exchange": (
        "Link exchange",
        "Sites that link to each other far more often than sites of their size usually do.",
    ),
    "clique": (
        "Isolated clique",
        "A group in which nearly everyone links to everyone, and hardly anyone outside links in.",
    ),
    "pbn": (
        "Private blog network",
        "Sites that look independent, yet all link to the same targets that almost nobody else "
        "links to.",
    ),
    "farm": (
        "Link farm",
        "A dense group of sites that link to one another and that the rest of the web does not "
        "endorse.",
    ),
    "pyramid": (
        "Link pyramid",
        "Tiers of sites: the lower tiers exist to strengthen the pages that link to the target.",
    ),
    "footprint": (
        "Shared footprint",
        "Sites that look unrelated but carry the same rare marks: page titles, paths or "
        "identifiers.",
    ),
    "infrastructure": (
        "Shared infrastructure",
        "Sites that look unrelated but are run from the same rare servers, networks or accounts.",
    ),
    "naming": (
        "Numbered names",
        "Domains whose names differ in a number only.",
    ),
    "subdomains": (
        "Subdomain network",
        "Many sibling subdomains of one domain, used as if they were independent sites.",
    ),
    "syndication": (
        "Syndicated article",
        "The same text with the same anchor, placed on many sites within a short time.",
    ),
    "widget": (
        "Widget or template link",
        "One link repeated by a widget, footer or theme on unrelated sites.",
    ),
    "injection": (
        "Injected links",
        "Links planted on sites whose owners probably do not know about them.",
    ),
    "directories": (
        "Directory blast",
        "Links from many low-quality directories or bookmark sites, placed as one campaign.",
    ),
    "blast": (
        "Sudden blast",
        "A burst of links unlike anything before it. It looks like an attack from outside, which "
        "Google normally ignores.",
    ),
}
_KIND_ALIASES = {
    "link-ring": "ring",
    "link-wheel": "wheel",
    "reciprocal": "exchange",
    "link-exchange": "exchange",
    "isolated-clique": "clique",
    "link-clique": "clique",
    "private-blog-network": "pbn",
    "shared-targets": "pbn",
    "shared-rare-targets": "pbn",
    "community": "farm",
    "link-farm": "farm",
    "unendorsed-community": "farm",
    "tiers": "pyramid",
    "link-pyramid": "pyramid",
    "footprint-network": "footprint",
    "shared-footprint": "footprint",
    "shared-infrastructure": "infrastructure",
    "naming-generator": "naming",
    "generated-names": "naming",
    "generator": "naming",
    "subdomain-network": "subdomains",
    "syndicated-article": "syndication",
    "injected": "injection",
    "hacked": "injection",
    "directory-blast": "directories",
    "negative-seo": "blast",
}

_ROLES = {
    "member": "takes part",
    "source": "links out to the targets",
    "booster": "strengthens the others from behind",
    "hub": "is linked to by most of the group",
    "seller": "sells or places the links",
    "target": "receives the links",
}

# Google's spam policies in our own words, never as a quotation; slugs as the rule files name them.
_POLICIES = {
    "link-spam/buying-selling": "buying or selling links to influence ranking",
    "link-spam/excessive-exchange": "excessive link exchange, or pages made only to cross-link",
    "link-spam/automated": "links created by automated programs or services",
    "link-spam/required-link": (
        "a link forced by terms or a contract, without the choice to qualify it"
    ),
    "link-spam/text-ads": "text advertisements that pass ranking credit",
    "link-spam/advertorial": "paid articles whose links pass ranking credit",
    "link-spam/low-quality-directory": "links from low-quality directories or bookmark sites",
    "link-spam/widget": "keyword-rich or hidden links inside widgets spread over many sites",
    "link-spam/footer-template": "links spread widely through footers or templates",
    "link-spam/forum-comment": "forum comments with optimized links in the post or signature",
    "link-spam/low-value-content": "content made mainly to manipulate linking signals",
    "link-spam/optimized-anchor": (
        "optimized anchors in articles, guest posts or press releases on other sites "
        "(named in older copies of the policy page)"
    ),
    "expired-domain-abuse": "an expired domain bought to reuse its reputation",
    "site-reputation-abuse": "third-party content that borrows a site's reputation",
    "scaled-content-abuse": "many pages or sites made at scale to manipulate ranking",
    "hacked-content": "content or links injected without the owner's knowledge",
    "hidden-links": "links hidden from visitors",
    "doorways": "pages or sites made only to lead visitors elsewhere",
}


def kind_of(scheme: Scheme) -> str:
    """Return the canonical kind of a scheme; an unknown kind is returned as it is."""
    kind = scheme.kind.strip().lower().replace("_", "-").replace(" ", "-")
    return _KIND_ALIASES.get(kind, kind)


def kind_title(scheme: Scheme) -> str:
    """Return the name of a scheme's kind."""
    kind = kind_of(scheme)
    return _KINDS[kind][0] if kind in _KINDS else visible(kind.replace("-", " ").capitalize())


def kind_words(scheme: Scheme) -> str:
    """Return in plain words what a scheme of this kind is; empty for an unknown kind."""
    return _KINDS.get(kind_of(scheme), ("", ""))[1]


def scheme_title(scheme: Scheme) -> str:
    """Return what a scheme is called: its own name, or its kind and id."""
    return visible(scheme.name) or f"{kind_title(scheme)} {visible(scheme.id)}"


def role_words(role: str) -> str:
    """Return in words what a role means."""
    if role.startswith("tier-"):
        return f"stands in tier {visible(role.removeprefix('tier-'))}"
    return _ROLES.get(role, visible(role))


def policy_words(policy: str) -> str:
    """Return the policy clause that a rule stands next to, in our own words."""
    slug = policy.removeprefix("spam-policies/")
    words = _POLICIES.get(slug) or _POLICIES.get(slug.rpartition("/")[2])
    if not words:
        return visible(policy) or "no clause named"
    section = ", link spam" if slug.startswith("link-spam/") else ""
    return f"Google spam policies{section}: {words}"


def rel_words(nofollow: bool | None) -> str:
    """Return whether a link passes credit, as far as the input says."""
    return "rel unknown" if nofollow is None else "nofollow" if nofollow else "followed"


def anchor_words(anchor: str | None) -> str:
    """Return an anchor for people; an empty one and an unknown one are told apart."""
    if anchor is None:
        return "anchor unknown"
    return f"“{visible(anchor)}”" if anchor.strip() else "empty anchor"


def link_words(link: LinkRef) -> str:
    """Return one example link as a line of text."""
    seen = f", first seen {visible(link.first_seen)}" if link.first_seen else ""
    return (
        f"{visible(link.source_url)} → {visible(link.target_url)}, "
        f"{shorten(anchor_words(link.anchor), 120)}, {rel_words(link.nofollow)}{seen}"
    )
