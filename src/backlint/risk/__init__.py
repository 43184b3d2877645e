"""From claims of rules to schemes, scores and verdicts: records in, records out."""
