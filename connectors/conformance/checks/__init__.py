"""Every check, by what it is about. Importing this fills ``checking.CHECKS``, in this order."""

from connectors.conformance.checks import contract, settings, asking, following, reading  # noqa: I001
from connectors.conformance.checks import moments, money, hostile, secrets, receiving, folder

__all__ = [
    "asking", "contract", "folder", "following", "hostile", "moments", "money", "reading", "receiving", "secrets",
    "settings",
]  # fmt: skip
