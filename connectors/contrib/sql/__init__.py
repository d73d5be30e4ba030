"""Views of a PostgreSQL warehouse, read through a role that may only read."""
