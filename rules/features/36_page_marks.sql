/*
summary = "What the URL of a linking page says of it by one word: admin, bookmark, comment, directory, forum, guest, partner, press, profile, resource, review or widget (`kind`). Judged links of pages that say something, nofollow and lost ones too."
[patterns]
words = ["admin_paths", "bookmark_words", "comment_words", "directory_words", "forum_words", "guest_words", "partner_words", "press_words", "profile_words", "resource_words", "review_words", "widget_words"]
*/
WITH marked AS (
    SELECT link_id, source_id, source_actor, target_id, target_actor, target_url, credit,
        regexp_extract(lower(source_url), $words, 1) AS word
    FROM profile_links
    WHERE regexp_matches(lower(source_url), $words)  -- to test is several times cheaper
)
SELECT m.*, p.kind FROM marked m JOIN page_words p ON p.entry = m.word
