/*
summary = "The article slugs of the pages that are linked to: who repeats one speaks of that page, and says nothing of a maker."
*/
WITH targets AS (
    SELECT DISTINCT target_url AS url FROM written_anchors
), paths AS (
    SELECT CASE WHEN contains(url, '?') OR contains(url, '#')
        THEN regexp_replace(url, '[?#].*$', '') ELSE url END AS path
    FROM targets
), cut AS (
    SELECT CASE WHEN ends_with(path, '/') THEN regexp_replace(path, '/+$', '') ELSE path END AS path
    FROM paths
)
SELECT DISTINCT lower(split_part(path, '/', -1)) AS slug FROM cut
