"""From staged rows to the link table, its hosts, domains and edges.

Everything works on DISTINCT hosts. Plain ones go through one portable expression; the odd ones
(ports, userinfo, IPv6, IDN) are few and go through `backlint.urls`, the function of record.

Tables made here (ids are dense and follow the sorted names, so they do not depend on row order):

- `hosts`        host_id, host, domain, suffix, is_ip, is_platform
- `host_nodes`   host_id, domain_id, node_id
- `domains`      domain_id, domain, suffix, is_ip, is_platform, family, trusted, own, is_site
- `nodes`        node_id, node, domain, family, trusted, own, is_site, is_ip: domains or hosts
- `links`        link_id, source_url, target_url, anchor, alt, title, kind, placement, nofollow,
                 ugc, sponsored, qualified, lost, first_seen, last_seen, external_links (on the
                 linking page, to other sites), page_authority (by the tool's own scale),
                 page_traffic, before, after (text beside the anchor), redirects (the chain as the
                 tool writes it), page_language, page_type, input_id, source_host_id,
                 target_host_id, source_id, target_id. A link's id is made of its URLs and
                 anchor, so it does not depend on the other rows either
- `domain_edges`, `host_edges`   source, target (ids), links, followed, qualified, unknown_rel,
                 first_seen, last_seen; of those that may pass credit: credit_first_seen,
                 credit_last_seen, credit_link_id (the least); lost links are left out

`account` leaves `judged` to be merged and `unusable` to be placed (`backlint.inputs.rejects`).

The text of the links is the bulk of the data, so it is copied once, from `staged` to `judged`,
which becomes `links` by dropping what is no link: sorting or grouping by the text itself took
half of all the time [measured at ten million links].
"""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import idna
import polars as pl
import publicsuffixlist

from backlint import urls
from backlint.engine.base import Engine
from backlint.inputs.cells import PAGE_COLUMNS, SCHEME, canonical, lead_of
from backlint.lists import load_list

# a plain host: labels of letters, digits, hyphens, a last label that is not all digits
_LABEL = "[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?"
_PLAIN = f"^((https?)?:)?//({_LABEL}\\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])?$"

# everything before path, query or fragment, scheme included; browsers read \ as /
_HEAD = f"'^\\s*((?:{SCHEME})?[^/?#\\\\]*)'"

_OF_PAGE = ", ".join(PAGE_COLUMNS)

_NOT_A_PAGE = "'^\\s*(mailto|tel|sms|javascript|data|about|blob|skype|whatsapp|callto|file):'"


def head_of(url: str) -> str:
    """Return SQL for the head of a URL: all before path, query or fragment.

    That of an http(s) URL is without the name of its scheme, `://example.com`.
    """
    return f"regexp_replace(regexp_extract({url}, {_HEAD}, 1), '^https?://', '://')"


def resolve_hosts(engine: Engine, node: str = "domain") -> None:
    """Create `hosts`, `host_nodes` and `leads` for every URL in `staged`.

    `leads` maps the key of a URL to host_id and node_id (the host's, or that of its domain; NULL
    where the URL has no public host) and says which lead it was cut from. Text is cut once a key,
    not once a URL: that was a sixth of all time [measured at ten million links].
    """
    engine.materialise(
        "cut",
        f"SELECT key, {lead_of('url')} AS lead, {head_of('url')} AS head FROM "
        "(SELECT key, any_value(url) AS url FROM ("
        "SELECT source_key AS key, source_url AS url FROM staged "
        "UNION ALL SELECT target_key, target_url FROM staged) GROUP BY key)",
    )
    engine.materialise("distinct_heads", "SELECT DISTINCT head FROM cut WHERE head IS NOT NULL")
    plain = f"regexp_matches(lower(head), '{_PLAIN}') AND length(head) <= 250"
    odd = engine.fetch(f"SELECT head FROM distinct_heads WHERE NOT ({plain}) ORDER BY head")
    engine.register("odd_heads", _odd_hosts(odd["head"].to_list()))
    bare = "regexp_replace(lower(head), '^((https?)?:)?//', '')"
    engine.materialise(
        "head_hosts",
        f"SELECT head, CASE WHEN starts_with({bare}, 'www.') "
        f"AND len(string_split({bare}, '.')) > 2 THEN substring({bare}, 5) ELSE {bare} END "
        "AS host, false AS is_ip "
        f"FROM distinct_heads WHERE {plain} "
        "UNION ALL SELECT head, host, is_ip FROM odd_heads",
    )
    engine.register("psl", _psl_frame())
    engine.materialise("host_names", "SELECT DISTINCT host, is_ip FROM head_hosts")
    engine.materialise("hosts", _HOSTS)
    node_id = "host_id" if node == "host" else "domain_id"
    engine.materialise(
        "host_nodes",
        f"SELECT host_id, domain_id, {node_id} AS node_id FROM "
        "(SELECT host_id, dense_rank() OVER (ORDER BY domain) AS domain_id FROM hosts)",
    )
    engine.materialise(
        "leads",
        "SELECT key, lead, CASE WHEN starts_with(lead, 'https://') OR starts_with(lead, 'http://') "
        "THEN lead || '/' END AS opening, h.host_id, n.node_id "
        "FROM cut LEFT JOIN head_hosts USING (head) LEFT JOIN hosts h USING (host) "
        "LEFT JOIN host_nodes n USING (host_id)",
    )
    for table in ("cut", "distinct_heads", "odd_heads", "head_hosts", "host_names", "psl"):
        engine.run(f"DROP TABLE {table}")


def _odd_hosts(heads: list[str]) -> pl.DataFrame:
    rows = []
    for head in heads:
        url = f"https{head}" if head.startswith("://") else head
        scheme = url.startswith("//") or "://" in url
        found = urls.url_host(url) if scheme or "@" not in url else None
        if found:
            rows.append((head, found.name, found.is_ip))
    schema = {"head": pl.String, "host": pl.String, "is_ip": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _psl_frame() -> pl.DataFrame:
    """Return the Public Suffix List, private section included, and our dated platforms."""
    rules = dict.fromkeys(load_list("platforms").entries, ("rule", True))
    private = False
    for line in Path(publicsuffixlist.PSLFILE).read_text("utf-8").splitlines():
        if "===BEGIN PRIVATE DOMAINS===" in line:
            private = True
        if not line.strip() or line.startswith("//"):
            continue
        name = line.split()[0]
        kind = (
            "exception" if name.startswith("!") else "wildcard" if name.startswith("*.") else "rule"
        )
        name = name.removeprefix("!").removeprefix("*.")
        if not name.isascii():
            name = idna.encode(name, uts46=True).decode()
        rules[name + {"rule": "", "wildcard": "*", "exception": "!"}[kind]] = (kind, private)
    rows = [(name.rstrip("*!"), kind, private) for name, (kind, private) in sorted(rules.items())]
    return pl.DataFrame(rows, schema=["suffix", "kind", "private"], orient="row")


# The prevailing rule: an exception wins, then the longest match; without any, the last label.
_HOSTS = """
WITH split AS (
    SELECT host, is_ip, string_split(host, '.') AS labels, len(string_split(host, '.')) AS n
    FROM host_names
), tails AS (
    SELECT host, labels, n, k, array_to_string(labels[n - k + 1 : n], '.') AS tail
    FROM split, (SELECT unnest([1, 2, 3, 4, 5, 6, 7]) AS k)
    WHERE k <= n AND NOT is_ip
), matched AS (
    SELECT host,
        max(CASE WHEN kind = 'exception' THEN k - 1 END) AS exception,
        max(CASE WHEN kind = 'rule' THEN k WHEN kind = 'wildcard' THEN least(k + 1, n) END)
            AS longest,
        arg_max(private, CASE WHEN kind = 'rule' THEN k WHEN kind = 'wildcard' THEN k + 1 END)
            AS private
    FROM tails JOIN psl ON psl.suffix = tails.tail
    GROUP BY host
), cut AS (
    SELECT split.host, is_ip, labels, n, coalesce(exception, longest, 1) AS s,
        coalesce(private, false) AS private
    FROM split LEFT JOIN matched ON matched.host = split.host
)
SELECT row_number() OVER (ORDER BY host) AS host_id, host,
    CASE WHEN is_ip OR n <= s THEN host ELSE array_to_string(labels[n - s : n], '.') END AS domain,
    CASE WHEN is_ip THEN '' ELSE array_to_string(labels[n - s + 1 : n], '.') END AS suffix,
    is_ip, private AND NOT is_ip AS is_platform
FROM cut ORDER BY host
"""


def build_domains(
    engine: Engine,
    *,
    sites: Collection[str],
    own: Collection[str],
    families: Mapping[str, str],
    node: str,
) -> None:
    """Create `domains` and `nodes`.

    `sites` and `own` are canonical hosts; `families` maps a registrable domain to the name of
    its owner as the user declared it. Brands over several suffixes become a family by their
    shared second-level label, unless the label is too short or a common word.
    """
    trusted = load_list("trusted").entries
    engine.register(
        "trusted_entries", pl.DataFrame({"entry": trusted}, schema={"entry": pl.String})
    )
    engine.register(
        "shared_labels",
        pl.DataFrame({"label": load_list("shared_labels").entries}, schema={"label": pl.String}),
    )
    engine.register(
        "declared_families",
        pl.DataFrame(
            {"domain": list(families), "family": list(families.values())},
            schema={"domain": pl.String, "family": pl.String},
        ),
    )
    for name, hosts in (("site_hosts", sites), ("own_hosts", own)):
        engine.register(name, pl.DataFrame({"host": sorted(hosts)}, schema={"host": pl.String}))
    engine.materialise("domains", _DOMAINS)
    engine.materialise("nodes", _NODES[node])
    for table in ("trusted_entries", "shared_labels", "declared_families"):
        engine.run(f"DROP TABLE {table}")


_DOMAINS = """
WITH named AS (
    SELECT domain, any_value(suffix) AS suffix, bool_or(is_ip) AS is_ip,
        bool_or(is_platform) AS is_platform, split_part(domain, '.', 1) AS label
    FROM hosts GROUP BY domain
), brands AS (
    SELECT label FROM named
    WHERE NOT is_ip AND NOT is_platform AND length(label) >= 4
        AND label NOT IN (SELECT label FROM shared_labels)
    GROUP BY label HAVING count(*) > 1
)
SELECT row_number() OVER (ORDER BY named.domain) AS domain_id, named.domain, suffix, is_ip,
    is_platform,
    coalesce(f.family, CASE WHEN NOT is_ip AND NOT is_platform
        AND named.domain NOT IN (SELECT domain FROM hosts JOIN site_hosts USING (host))
        THEN b.label END, named.domain) AS family,
    (named.domain = suffix AND NOT is_ip)  -- a platform's root or a public suffix
        OR named.domain IN (SELECT entry FROM trusted_entries)
        OR suffix IN (SELECT entry FROM trusted_entries)
        OR (NOT is_ip AND split_part(suffix, '.', -1) IN (SELECT entry FROM trusted_entries))
        AS trusted,
    EXISTS (SELECT 1 FROM own_hosts o
        WHERE o.host = named.domain OR ends_with(named.domain, '.' || o.host)) AS own,
    named.domain IN (SELECT domain FROM hosts JOIN site_hosts USING (host)) AS is_site
FROM named
LEFT JOIN declared_families f ON f.domain = named.domain
LEFT JOIN brands b ON b.label = named.label
ORDER BY named.domain
"""

_NODES = {
    "domain": """
SELECT domain_id AS node_id, domain AS node, domain, family, suffix, trusted, own OR is_site AS own,
    is_site, is_ip, is_platform
FROM domains ORDER BY domain_id
""",
    # in host mode siblings are not one family, or the farm on subdomains would vanish
    "host": """
SELECT host_id AS node_id, h.host AS node, h.domain,
    CASE WHEN d.family = d.domain THEN h.host
         WHEN d.is_platform THEN h.host ELSE d.family END AS family,
    h.suffix, d.trusted,
    d.own OR EXISTS (SELECT 1 FROM own_hosts o
        WHERE o.host = h.host OR ends_with(h.host, '.' || o.host))
        OR EXISTS (SELECT 1 FROM site_hosts s
        WHERE s.host = h.host OR ends_with(h.host, '.' || s.host)) AS own,
    EXISTS (SELECT 1 FROM site_hosts s
        WHERE s.host = h.host OR ends_with(h.host, '.' || s.host)) AS is_site,
    h.is_ip, h.is_platform
FROM hosts h JOIN domains d ON d.domain = h.domain ORDER BY host_id
""",
}


# What a record can be, by its number in `judged`; the first two and the last are no rejects.
STATES = (
    "usable",
    "out of scope",
    "no source URL",
    "the source is no http(s) URL with a public host",
    "no target URL",
    "the target is no http(s) URL with a public host",
    "the lead of a URL has the key of another",
    "fact",
)
_USABLE, _OUT, _NO_SOURCE, _BAD_SOURCE, _NO_TARGET, _BAD_TARGET, _COLLIDED, _FACT = range(
    len(STATES)
)


def account(
    engine: Engine, internal_out_of_scope: Collection[int], of_domains: Collection[int] = ()
) -> bool:
    """Judge each staged row, and make the counts behind the conservation law.

    Return whether each URL has the lead that its key stands for. It has but for a chance of one
    in millions, or somebody's design: then the keys must be made anew, and all of this again.
    `leads` is dropped.

    `internal_out_of_scope` are input ids of crawls, whose links inside one host are navigation;
    `of_domains` those of files whose rows state facts of a domain.
    `record_states` has input_id, state (usable | fact | out of scope | reject reason), n and the
    number of distinct source hosts; `unusable` the rejected rows.
    """
    crawls = ", ".join(str(index) for index in internal_out_of_scope) or "NULL"
    domains = ", ".join(str(index) for index in of_domains) or "NULL"
    engine.keep(
        "judged",
        f"""
        SELECT link_id, source_url, target_url, anchor, alt, title, kind, placement, nofollow, ugc,
            sponsored, CASE WHEN nofollow OR ugc OR sponsored THEN true
                 WHEN nofollow = false THEN false END AS qualified,
            coalesce(lost, false) AS lost, lost IS NULL AS lost_unknown, first_seen, last_seen,
            {_OF_PAGE}, input_id, record, a.host_id AS source_host_id, b.host_id AS target_host_id,
            a.node_id AS source_id, b.node_id AS target_id,
            CAST(CASE
                WHEN {_is_another("source_url", "a")} OR {_is_another("target_url", "b")}
                THEN {_COLLIDED}
                WHEN NOT in_scope OR {_no_page("target_url")} THEN {_OUT}
                WHEN coalesce(source_url, '') = '' THEN {_NO_SOURCE}
                WHEN a.host_id IS NULL THEN {_BAD_SOURCE}
                WHEN input_id IN ({domains}) THEN {_FACT}
                WHEN coalesce(target_url, '') = '' THEN {_NO_TARGET}
                WHEN b.host_id IS NULL THEN {_BAD_TARGET}
                WHEN input_id IN ({crawls}) AND a.host_id = b.host_id THEN {_OUT}
                ELSE {_USABLE}
            END AS UTINYINT) AS state
        FROM staged s
        LEFT JOIN leads a ON a.key = s.source_key
        LEFT JOIN leads b ON b.key = s.target_key
        WHERE in_scope IS NOT NULL
        """,
    )
    names = pl.DataFrame(
        {"code": range(len(STATES)), "state": STATES}, {"code": pl.UInt8, "state": pl.String}
    )
    engine.register("state_names", names)
    engine.materialise(
        "record_states",
        "SELECT input_id, n.state, count(*) AS n, CASE WHEN n.state = 'fact' "
        "THEN count(DISTINCT source_host_id) END AS hosts FROM judged j "
        "JOIN state_names n ON n.code = j.state GROUP BY input_id, n.state",
    )
    engine.materialise(
        "unusable",
        "SELECT input_id, record, n.state AS reason, source_url, "
        "concat_ws(' -> ', coalesce(source_url, ''), coalesce(target_url, '')) AS raw "
        "FROM judged j JOIN state_names n ON n.code = j.state "
        f"WHERE j.state NOT IN ({_USABLE}, {_OUT}, {_FACT})",
    )
    for table in ("state_names", "leads"):
        engine.run(f"DROP TABLE {table}")
    return not engine.value(f"SELECT count(*) FROM judged WHERE state = {_COLLIDED}")


def _is_another(url: str, lead: str) -> str:
    """Return SQL that says whether a URL has not the lead that its key led to.

    An http(s) URL has it that begins with the lead and a slash. Others are cut again: the lead of
    one may begin another, as that of `a.com:/x` does with `a.com://b.com`.
    """
    return (
        f"CASE WHEN starts_with({url}, {lead}.opening) THEN false "
        f"ELSE {lead_of(url)} <> {lead}.lead END"
    )


def _no_page(url: str) -> str:
    """Return SQL that says whether a link leads to something that is no page."""
    return (
        f"CASE WHEN starts_with({url}, 'https://') OR starts_with({url}, 'http://') THEN false "
        f"ELSE regexp_matches(lower({url}), {_NOT_A_PAGE}) END"
    )


# The same link in two exports is one link: earliest first seen, latest last seen, and of rel and of
# "lost" what the latest row says that says anything; between equal dates the most restrictive. A
# row without a date may be the latest: nofollow and lost win then, or credit would be made up. Of
# what is said of the page the milder counts: fewer links to others, more authority and traffic.
_FIRST, _LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"
_SAME = f"{canonical('source_url')}, {canonical('target_url')}, anchor"
_MERGED = f"""
SELECT link_id, min(source_url) AS source_url, min(target_url) AS target_url, anchor,
    source_host_id, target_host_id,
    any_value(source_id) AS source_id, any_value(target_id) AS target_id,
    min(input_id) AS input_id,
    min(alt) AS alt, min(title) AS title, min(kind) AS kind, min(placement) AS placement,
    arg_max({{'nofollow': nofollow, 'ugc': ugc, 'sponsored': sponsored, 'qualified': qualified}},
        (CASE WHEN coalesce(nofollow, ugc, sponsored) IS NOT NULL THEN 1 ELSE 0 END,
         coalesce(last_seen, first_seen, CASE WHEN qualified THEN {_LAST} ELSE {_FIRST} END),
         CASE WHEN nofollow OR ugc OR sponsored THEN 2 WHEN nofollow IS NOT NULL THEN 1 ELSE 0 END,
         CASE WHEN nofollow THEN 1 ELSE 0 END, CASE WHEN ugc THEN 1 ELSE 0 END,
         CASE WHEN sponsored THEN 1 ELSE 0 END)) AS rel,
    arg_max(lost, (CASE WHEN lost_unknown THEN 0 ELSE 1 END,
        coalesce(last_seen, first_seen, CASE WHEN lost THEN {_LAST} ELSE {_FIRST} END),
        CASE WHEN lost THEN 1 ELSE 0 END)) AS lost,
    min(first_seen) AS first_seen, max(last_seen) AS last_seen,
    {", ".join(f"{best}({name}) AS {name}" for name, best in PAGE_COLUMNS.items())}
FROM judged JOIN repeated USING (link_id)
GROUP BY link_id, {_SAME}, source_host_id, target_host_id
"""


def merge_links(
    engine: Engine, without_target: Collection[int] = (), without_anchor: Collection[int] = ()
) -> None:
    """Turn `judged` into `links`, one row a distinct (source URL, target URL, anchor).

    Only rows whose id occurs again are compared as text. Two links that happen to have one id
    get others, below zero. `link_inputs` (link_id, input_id) says which files gave a link.
    `without_target` and `without_anchor` are input ids of files that name the linking page only,
    or no anchor: what they say is known already where another file has a link of that page to the
    same domain, or to the same page.
    """
    engine.materialise(
        "repeated",
        f"SELECT link_id FROM judged WHERE state = {_USABLE} GROUP BY link_id HAVING count(*) > 1",
    )
    engine.run(f"DELETE FROM judged WHERE state <> {_USABLE}")
    engine.materialise(
        "link_inputs", "SELECT DISTINCT link_id, input_id FROM judged JOIN repeated USING (link_id)"
    )
    if engine.value("SELECT count(*) FROM repeated"):
        engine.materialise("merged", _MERGED)
        engine.run("DELETE FROM judged WHERE link_id IN (SELECT link_id FROM repeated)")
        engine.run(
            f"""
            INSERT INTO judged BY NAME
            SELECT CASE WHEN count(*) OVER (PARTITION BY link_id) = 1 THEN link_id
                    ELSE -row_number() OVER (ORDER BY source_url, target_url, anchor NULLS FIRST)
                END AS link_id,
                source_url, target_url, anchor, alt, title, kind, placement, input_id,
                rel.nofollow AS nofollow, rel.ugc AS ugc, rel.sponsored AS sponsored,
                rel.qualified AS qualified, lost, first_seen, last_seen, {_OF_PAGE},
                source_host_id, target_host_id, source_id, target_id
            FROM merged
            """
        )
        engine.run("DROP TABLE merged")
    engine.run("DROP TABLE repeated")
    for column in ("record", "state", "lost_unknown"):
        engine.run(f"ALTER TABLE judged DROP COLUMN {column}")
    engine.run("ALTER TABLE judged RENAME TO links")
    if without_anchor:
        _fold(engine, without_anchor, "l.target_host_id, " + _page("target_url"))
    if without_target:
        _fold(engine, without_target, "t.domain_id")
    engine.run(
        "INSERT INTO link_inputs SELECT link_id, input_id FROM links "
        "WHERE link_id NOT IN (SELECT link_id FROM link_inputs)"
    )


def _page(url: str) -> str:
    """Return SQL for a page, the same by http and https: one of them leads to the other."""
    return f"regexp_replace({canonical(url)}, '^https?://(www[.])?', '')"


def _fold(engine: Engine, vague: Collection[int], target: str) -> None:
    """Drop links of vague inputs where another file says more of them; keep who gave them.

    `target` is SQL for what both must lead to. Where only the vague one knows rel, or something of
    the page, that is kept.
    """
    inputs = ", ".join(str(index) for index in vague)
    engine.materialise(
        "known_pages",
        f"""
        WITH pages AS (
            SELECT link_id, input_id IN ({inputs}) AS vague,
                concat_ws(chr(10), l.source_host_id, {_page("source_url")}, {target}) AS page
            FROM links l JOIN host_nodes t ON t.host_id = l.target_host_id
        ), told AS (
            SELECT page, min(link_id) AS told_id FROM pages WHERE NOT vague GROUP BY page
        )
        SELECT link_id, told_id FROM pages JOIN told USING (page) WHERE vague
        """,
    )
    engine.run(
        "UPDATE links SET nofollow = v.nofollow, ugc = v.ugc, sponsored = v.sponsored, "
        "qualified = v.qualified FROM (SELECT k.told_id, bool_or(nofollow) AS nofollow, "
        "bool_or(ugc) AS ugc, bool_or(sponsored) AS sponsored, bool_or(qualified) AS qualified "
        "FROM known_pages k JOIN links l ON l.link_id = k.link_id GROUP BY k.told_id) v "
        "WHERE links.link_id = v.told_id AND links.qualified IS NULL"
    )
    said = ", ".join(f"{best}(l.{name}) AS {name}" for name, best in PAGE_COLUMNS.items())
    kept = ", ".join(f"{name} = coalesce(links.{name}, v.{name})" for name in PAGE_COLUMNS)
    some = " OR ".join(f"v.{name} IS NOT NULL" for name in PAGE_COLUMNS)
    engine.run(
        f"UPDATE links SET {kept} FROM (SELECT k.told_id, {said} FROM known_pages k "
        "JOIN links l ON l.link_id = k.link_id GROUP BY k.told_id) v "
        f"WHERE links.link_id = v.told_id AND ({some})"
    )
    engine.run(
        "INSERT INTO link_inputs SELECT DISTINCT told_id, input_id FROM ("
        "SELECT k.told_id, l.input_id FROM known_pages k JOIN links l ON l.link_id = k.link_id "
        "UNION ALL SELECT k.told_id, i.input_id FROM known_pages k "
        "JOIN link_inputs i ON i.link_id = k.link_id "
        "UNION ALL SELECT k.told_id, l.input_id FROM known_pages k "
        "JOIN links l ON l.link_id = k.told_id) given "
        "WHERE NOT EXISTS (SELECT 1 FROM link_inputs i "
        "WHERE i.link_id = given.told_id AND i.input_id = given.input_id)"
    )
    engine.run("DELETE FROM link_inputs WHERE link_id IN (SELECT link_id FROM known_pages)")
    engine.run("DELETE FROM links WHERE link_id IN (SELECT link_id FROM known_pages)")
    engine.run("DROP TABLE known_pages")


_CREDIT = "coalesce(NOT qualified, true)"

# a column of edges: how it is counted from links, and how from edges
_EDGE = {
    "links": ("count(*)", "CAST(sum(links) AS BIGINT)"),
    "followed": ("count(CASE WHEN NOT qualified THEN 1 END)", "CAST(sum(followed) AS BIGINT)"),
    "qualified": ("count(CASE WHEN qualified THEN 1 END)", "CAST(sum(qualified) AS BIGINT)"),
    "unknown_rel": (
        "count(CASE WHEN qualified IS NULL THEN 1 END)",
        "CAST(sum(unknown_rel) AS BIGINT)",
    ),
    "first_seen": ("min(first_seen)",) * 2,
    "last_seen": ("max(last_seen)",) * 2,
    "credit_first_seen": (
        f"min(CASE WHEN {_CREDIT} THEN first_seen END)",
        "min(credit_first_seen)",
    ),
    "credit_last_seen": (
        f"max(CASE WHEN {_CREDIT} THEN last_seen END)",
        "max(credit_last_seen)",
    ),
    "credit_link_id": (f"min(CASE WHEN {_CREDIT} THEN link_id END)", "min(credit_link_id)"),
}


def build_edges(engine: Engine) -> None:
    """Create `host_edges` and, from it, `domain_edges`; self-edges stay, lost links do not."""
    of_links = ", ".join(f"{count} AS {name}" for name, (count, _) in _EDGE.items())
    of_edges = ", ".join(f"{count} AS {name}" for name, (_, count) in _EDGE.items())
    engine.materialise(
        "host_edges",
        f"SELECT source_host_id AS source, target_host_id AS target, {of_links} FROM links "
        "WHERE NOT lost GROUP BY source_host_id, target_host_id ORDER BY source, target",
    )
    engine.materialise(
        "domain_edges",
        f"SELECT s.domain_id AS source, t.domain_id AS target, {of_edges} FROM host_edges e "
        "JOIN host_nodes s ON s.host_id = e.source JOIN host_nodes t ON t.host_id = e.target "
        "GROUP BY s.domain_id, t.domain_id ORDER BY 1, 2",
    )
