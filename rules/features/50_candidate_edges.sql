/*
summary = "Edges between two members of one candidate group."
*/
SELECT a.candidate_id, e.source, e.target, e.first_seen
FROM structure e
JOIN candidate_members a ON a.actor_id = e.source
JOIN candidate_members b ON b.candidate_id = a.candidate_id AND b.actor_id = e.target
