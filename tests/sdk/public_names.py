"""Every public name of the SDK with its signature, one a line. ``python -m tests.sdk.public_names`` renews them all."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

SNAPSHOT = Path(__file__).with_name("public_names.txt")
MODULES = [
    "connectors.sdk", "connectors.sdk.auth", "connectors.sdk.forms", "connectors.sdk.http", "connectors.sdk.kinds",
    "connectors.sdk.manifest", "connectors.sdk.money", "connectors.sdk.paging", "connectors.sdk.signatures",
    "connectors.sdk.testing", "connectors.sdk.times",
]  # fmt: skip
"""What an integrator may import from; whatever else the package holds is the product's own."""


def lines() -> list[str]:
    """One line per name, sorted within each module."""
    return [line for name in MODULES for line in _module(importlib.import_module(name))]


def _module(module: ModuleType) -> Iterator[str]:
    for name in sorted(_names(module)):
        value = getattr(module, name)
        where = f"{module.__name__}.{name}"
        if inspect.isclass(value):
            yield f"{where}{_signature(value)}"
            yield from (f"{where}.{line}" for line in _members(value))
        elif callable(value) and hasattr(value, "__signature__") or inspect.isfunction(value):
            yield f"{where}{_signature(value)}"
        elif name.isupper() or name in getattr(module, "__all__", ()):
            yield f"{where}: {type(value).__name__}"
    if module.__name__ == "connectors.sdk.kinds":
        yield from (f"kind {kind.name}{kind.required}: {', '.join(kind.properties)}" for kind in module.KINDS.values())


def _names(module: ModuleType) -> list[str]:
    """``__all__`` where there is one, else what is defined here without an underscore."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name for name, value in vars(module).items()
        if not name.startswith("_") and (getattr(value, "__module__", None) == module.__name__ or name.isupper())
    ]  # fmt: skip


def _members(cls: type) -> Iterator[str]:
    """What a class defines itself, or takes from another class of the SDK."""
    own = {name: value for base in reversed(cls.__mro__) if "connectors.sdk" in base.__module__ for name, value in
           vars(base).items() if not name.startswith("_")}  # fmt: skip
    fields = {field.name for field in dataclasses.fields(cls)} if dataclasses.is_dataclass(cls) else set()
    for name in sorted(own):
        value = inspect.unwrap(own[name].__func__ if isinstance(own[name], (classmethod, staticmethod)) else own[name])
        if inspect.isfunction(value):
            yield f"{name}{_signature(value)}"
        elif name not in fields and not (issubclass(cls, BaseModel) and name.startswith("model_")):
            yield f"{name}"


def _signature(value: Any) -> str:
    try:
        return str(inspect.signature(value)).replace("typing.", "")
    except (TypeError, ValueError):
        return ""


if __name__ == "__main__":
    SNAPSHOT.write_text("\n".join(lines()) + "\n", encoding="utf-8")
