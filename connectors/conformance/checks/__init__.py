"""Every check, by what it is about. Importing this fills ``checking.CHECKS``, in this order."""

from importlib import import_module

ORDER = (
    "contract", "settings", "asking", "following", "reading", "moments", "money", "hostile", "secrets", "receiving",
    "folder",
)  # fmt: skip
for name in ORDER:
    import_module(f"{__name__}.{name}")
