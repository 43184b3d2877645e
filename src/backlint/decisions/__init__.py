"""What people decided: the file that remembers it, the review that they fill in, the allow-list."""
