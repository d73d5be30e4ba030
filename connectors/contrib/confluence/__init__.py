"""Confluence pages as policies: found by label, read by their table of terms."""
