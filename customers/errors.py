"""What callers of customers can do wrong, each with a sentence that says what to do."""

from __future__ import annotations


class CustomerError(Exception):
    """Base: ``str(error)`` is a sentence for people."""
