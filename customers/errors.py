"""What callers of customers can do wrong, each with a sentence that says what to do."""

from __future__ import annotations


class CustomerError(Exception):
    """Base: ``str(error)`` is a sentence for people."""


class CustomerNotFound(CustomerError):
    """No customer has this number."""


class BadMerge(CustomerError):
    """What was said about who is who can't be taken; nothing was changed."""
