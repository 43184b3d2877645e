/*
summary = "The signatures of every owner's pages."
*/
SELECT DISTINCT actor_id, kind, key FROM page_signatures
