/*
summary = "Pages that link to four or more rare targets, a row for each such target: of pages of one owner with the same targets one, and of an owner at most the twenty with most of them, so that no template makes the pairs of pages explode. Edges between bare hosts name no pages."
[params]
min_targets = 4
max_targets = 100
max_pages = 20
*/
WITH able AS (  -- who links to few rare targets at all need not be read
    SELECT e.source AS actor_id
    FROM actor_edges e
    JOIN rare_targets r ON r.actor_id = e.target
    JOIN actor_degrees d ON d.actor_id = e.source AND NOT d.hub AND NOT d.is_site
    WHERE e.credit
    GROUP BY e.source HAVING count(*) >= $min_targets
), listed AS (
    SELECT DISTINCT a.actor_id, hash(l.source_url) AS page, r.actor_id AS target
    FROM links l
    JOIN node_actors t ON t.node_id = l.target_id
    JOIN rare_targets r ON r.actor_id = t.actor_id
    JOIN node_actors s ON s.node_id = l.source_id
    JOIN able a ON a.actor_id = s.actor_id
    WHERE NOT l.lost AND coalesce(NOT l.qualified, true) AND a.actor_id <> r.actor_id
        AND contains(l.source_url, '/')
), long AS (
    SELECT actor_id, page, count(*) AS targets
    FROM listed
    GROUP BY actor_id, page HAVING count(*) BETWEEN $min_targets AND $max_targets
), pages AS (
    SELECT l.actor_id, l.page, any_value(p.targets) AS targets,
        string_agg(CAST(l.target AS VARCHAR), ',' ORDER BY l.target) AS key
    FROM long p JOIN listed l ON l.actor_id = p.actor_id AND l.page = p.page
    GROUP BY l.actor_id, l.page
), different AS (
    SELECT actor_id, key, any_value(targets) AS targets, min(page) AS page
    FROM pages GROUP BY actor_id, key
), chosen AS (
    SELECT actor_id, page, row_number() OVER (ORDER BY actor_id, key) AS number
    FROM different
    QUALIFY row_number() OVER (PARTITION BY actor_id ORDER BY targets DESC, key) <= $max_pages
)
SELECT c.number AS page, c.actor_id, l.target
FROM chosen c JOIN listed l ON l.actor_id = c.actor_id AND l.page = c.page
