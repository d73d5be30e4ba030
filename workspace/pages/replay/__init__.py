"""A case at any moment of its past: what could be seen beside what was said."""
