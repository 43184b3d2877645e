/*
summary = "The trades of `spam_texts` that the audited site is of: its name, brand or keywords hold a word of it, or three owners and 30% of those with telling anchors use it, trusted ones and qualified links too."
[params]
min_users = 3
min_share = 0.3
*/
WITH users AS (
    SELECT w.target_actor, s.vertical, count(DISTINCT w.source_actor) AS users
    FROM spam_texts s
    JOIN anchor_words a ON a.text_id = s.text_id
    JOIN written_anchors w ON w.words = a.words
    GROUP BY w.target_actor, s.vertical
), names AS (
    SELECT n.actor_id, b.squash
    FROM brand_terms b
    JOIN node_actors n ON n.node = b.target
    JOIN actors a ON a.actor_id = n.actor_id AND a.is_site
    UNION
    SELECT a.actor_id, k.squash FROM actors a CROSS JOIN keywords k WHERE a.is_site
), words AS (
    SELECT vertical, squash FROM spam_words
    UNION
    SELECT vertical, squash FROM own_trade_words
)
SELECT u.target_actor, u.vertical
FROM users u JOIN telling_owners t ON t.target_actor = u.target_actor
WHERE u.users >= $min_users AND u.users >= $min_share * t.n
UNION
SELECT n.actor_id, w.vertical FROM names n JOIN words w ON contains(n.squash, w.squash)
