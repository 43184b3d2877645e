/*
summary = "Anchor texts by which a page credits who made, hosts or secures it (powered by, design by). Only where a site is audited."
[phrases]
credit = ["credit_phrases"]
*/
SELECT text_id
FROM anchor_texts
WHERE EXISTS (SELECT 1 FROM nodes WHERE is_site) AND regexp_matches(words, $credit || ' ')
