"""Who does something in a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

ActorKind = Literal["customer", "person", "program", "rule"]


@dataclass(frozen=True)
class Actor:
    """``id`` is the user's id for persons and programs and the rule's name for rules; the customer has none."""

    kind: ActorKind
    id: str = ""
    name: str = ""
    """How to call them in a sentence; it is kept in the event's payload, as it was then."""

    @classmethod
    def person(cls, user: Any) -> Actor:
        """A signed-in user."""
        return cls("person", str(user.pk), user.get_full_name() or user.get_username())

    @classmethod
    def program(cls, user: Any) -> Actor:
        """A user whose token a program holds."""
        return cls("program", str(user.pk), user.get_full_name() or user.get_username())

    @classmethod
    def customer(cls, name: str = "") -> Actor:
        return cls("customer", "", name)

    @classmethod
    def rule(cls, name: str, title: str = "") -> Actor:
        """Something the product does by itself, by a named rule."""
        return cls("rule", name, title or name.replace("-", " ").capitalize())
