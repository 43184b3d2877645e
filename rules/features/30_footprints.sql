/*
summary = "The signatures that the pages of several owners share, by owner."
*/
SELECT DISTINCT actor_id, kind, key FROM page_signatures
