/*
summary = "What the URL of a linking page says of it by one word: admin, bookmark, comment, directory, forum, guest, partner, press, profile, resource, review or widget (`kind`). Judged links of pages that say something, nofollow and lost ones too; without a site only of official nodes, for only BL505 reads them there."
[patterns]
words = ["admin_paths", "bookmark_words", "comment_words", "directory_words", "forum_words", "guest_words", "partner_words", "press_words", "profile_words", "resource_words", "review_words", "widget_words"]
*/
WITH asked AS (
    SELECT node_id FROM nodes
    WHERE EXISTS (SELECT 1 FROM nodes WHERE is_site)
        OR node_id IN (SELECT node_id FROM official_nodes)
), marked AS (
    SELECT p.link_id, p.source_id, p.source_actor, p.target_id, p.target_actor, p.target_url,
        p.credit,
        -- to test is several times cheaper than to extract; a filter would test all links first
        CASE WHEN regexp_matches(lower(p.source_url), $words)
            THEN regexp_extract(lower(p.source_url), $words, 1) END AS word
    FROM profile_links p JOIN asked a ON a.node_id = p.source_id
)
SELECT m.*, p.kind FROM marked m JOIN page_words p ON p.entry = m.word
