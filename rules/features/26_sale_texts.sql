/*
summary = "Anchor texts that speak of links for sale, with the first such phrase; a phrase among the given keywords is the site's own subject and does not count."
[phrases]
sale = ["seller_phrases"]
*/
WITH phrases AS (
    SELECT p.entry, p.words FROM seller_phrases p
    WHERE NOT EXISTS (SELECT 1 FROM keywords k WHERE contains(k.words, p.words))
), likely AS (  -- one expression for all phrases is much cheaper than one comparison for each
    SELECT text_id, text, words FROM anchor_texts WHERE regexp_matches(words, $sale)
)
SELECT t.text_id, t.text, min(p.entry) AS phrase
FROM likely t JOIN phrases p ON contains(t.words, p.words)
GROUP BY t.text_id, t.text
