"""Policies: documents for people, with their terms for machines in front."""
