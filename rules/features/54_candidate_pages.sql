/*
summary = "The pages of a candidate's members that carry a signature which the group shares."
*/
SELECT s.candidate_id, p.actor_id, p.source, p.source_url, p.kind, p.key
FROM candidate_signatures s
JOIN page_signatures p ON p.kind = s.kind AND p.key = s.key
JOIN candidate_members m ON m.candidate_id = s.candidate_id AND m.actor_id = p.actor_id
