"""Pages of signing in, of access for a time, and of people."""
