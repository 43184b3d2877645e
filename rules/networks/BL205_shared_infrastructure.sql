/*
id = "BL205"
name = "shared-infrastructure"
family = "networks"
level = "high"
confidence = "medium"
status = "experimental"
since = "0.1"
subject = "scheme"
group = "infrastructure"
policy = "link-spam/low-value-content"
requires = []
evaluable = "SELECT count(*) >= 20 FROM owner_addresses WHERE kind = 'known'"
not_evaluable = "IP addresses are known of fewer than 20 domains; add a list of referring domains with IP addresses, as Semrush exports it"
summary = "Members of a scheme share an IP address or a /24 network that hardly anybody else has."
says = "{sharing} of {members} members share the {kind} {key}, which {other_holders} of {others} others have"
rationale = """
Sites of different owners seldom stand on one machine, unless it is a machine on which everybody
stands. An address counts by how rare it is: by the hypergeometric tail of so many holders in a
group of that size, times the number of addresses that could have been found. Content networks
and shared hosts are frequent and so say nothing by construction; ranges known to be such are left
out besides. The rule adds to a scheme that another rule has found and never makes one, for
clients of one agency share its server. High takes three members, half of the whole group, and an
address that fewer than one in a hundred others has, which cannot be told from fewer than a
hundred addresses. Members whose address is unknown count as not sharing.
"""
false_positives = [
  "A content network, shop platform or large shared host: frequent, so it is not counted.",
  "Clients of one agency on its own server: it needs another rule to make a scheme of them.",
  "Projects of one university or association on one machine: others link to them, and they are no scheme.",
]
remediation = "Ask the host or agency behind the address who runs the sites; one owner, one decision."
references = [{ title = "Google Search Central: spam policies, link spam", read = 2026-11-23 }]
[params]
min_decades = 3
sure_decades = 6
min_share = 0.5
max_background = 0.01
max_background_if_medium = 0.05
*/
WITH judged AS (
    SELECT k.*, t.decades, n.size,
        CASE
            WHEN t.decades >= $sure_decades AND k.background < $max_background
                AND k.members >= $min_share * n.size THEN 3
            WHEN k.background < $max_background_if_medium AND 2 * k.members >= $min_share * n.size THEN 2
            ELSE 1
        END AS grade
    FROM candidate_keys k
    JOIN key_tails t ON t.members = k.members AND t.known = k.known AND t.total = k.total
        AND t.owners = k.owners AND t.keys = k.keys
    JOIN candidate_counts n ON n.candidate_id = k.candidate_id
    WHERE t.decades >= $min_decades
), best AS (
    SELECT * FROM judged
    QUALIFY row_number() OVER (PARTITION BY candidate_id
        ORDER BY grade DESC, members DESC, decades DESC, kind DESC, key) = 1
), sharing AS (
    SELECT b.candidate_id, list(n.node) AS nodes, list(o.link_id) AS links
    FROM best b
    JOIN owner_addresses a ON a.kind = b.kind AND a.key = b.key
    JOIN candidate_nodes n ON n.candidate_id = b.candidate_id AND n.actor_id = a.actor_id
    LEFT JOIN candidate_owners o ON o.candidate_id = n.candidate_id AND o.actor_id = n.actor_id
    GROUP BY b.candidate_id
)
SELECT CAST(b.candidate_id AS VARCHAR) AS subject, b.decades AS value,
    CASE b.grade WHEN 3 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END AS level,
    s.nodes AS domains, s.links AS link_ids,
    struct_pack(sharing := b.members, members := b.size, known := b.known, kind := b.kind,
        key := b.key, holders := b.total, other_holders := b.total - b.members,
        others := b.owners - b.known, background := b.background, decades := b.decades)
        AS detail
FROM best b JOIN sharing s ON s.candidate_id = b.candidate_id
