"""The sources pages: which source needs somebody, why, what is not lost, and what can be done about it."""
