/*
summary = "Anchor texts with words of a trade that lives on spam, by trade: how many different single words (`tokens`), and whether a phrase of its offers, or nothing but the name of its subject; digits and signs in place of letters are read as these. Only where a site is audited."
[phrases]
spam = ["adult_spam", "casino_spam", "crypto_spam", "essays_spam", "loans_spam", "pharma_spam", "replica_spam"]
*/
WITH plain AS (
    SELECT text_id, text, words FROM anchor_texts WHERE EXISTS (SELECT 1 FROM nodes WHERE is_site)
), masked AS (
    SELECT text_id, text FROM plain
    WHERE regexp_matches(text, '[a-z][013457@$!|]|[013457@$!|][a-z]')
), unmasked AS (
    SELECT text_id, translate(text, '013457@$!|', 'oieastasii') AS text FROM masked
    UNION ALL
    SELECT text_id, translate(text, '013457@$!|', 'oleastasll') FROM masked
), read AS (
    SELECT text_id, words FROM plain
    UNION ALL
    SELECT text_id, ' ' || trim(regexp_replace(text, '[^\p{L}\p{N}]+', ' ', 'g')) || ' '
    FROM unmasked
), likely AS (  -- one expression for all words is much cheaper than one comparison for each
    SELECT text_id, words FROM read WHERE regexp_matches(words, $spam)
), found AS (
    SELECT DISTINCT l.text_id, s.vertical, s.entry, NOT s.phrase AS token,
        s.phrase AND (NOT s.alone OR l.words = s.words) AS phrase
    FROM likely l JOIN spam_words s ON contains(l.words, s.needle)
)
SELECT f.text_id, f.vertical, count(DISTINCT CASE WHEN f.token THEN f.entry END) AS tokens,
    bool_or(f.phrase) AS phrase, any_value(t.text) AS text
FROM found f JOIN anchor_texts t ON t.text_id = f.text_id
GROUP BY f.text_id, f.vertical
