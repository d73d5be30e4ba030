"""Who may own cases, and who may decide over other people's. Locks: cases, then teams, then people, then the clock."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection

from cases.actors import Actor
from cases.errors import BadInput

CASEWORKERS = ("rep", "lead", "supervisor")


def person_find(given: Any, field: str = "to") -> Any:
    """An active person who works on cases, by themselves or their user name. Raises BadInput."""
    users = get_user_model().objects
    found = given if hasattr(given, "get_username") else users.filter(username=str(given)).first()
    if found is None or not person_held(found):
        raise BadInput(f"{str(given)[:60]!r} can't own a case: there is no active person of this name.", field)
    if not (found.is_superuser or found.groups.filter(name__in=CASEWORKERS).exists()):
        raise BadInput(f"{Actor.person(found).name} does not work on cases. Choose a representative.", field)
    return found


def person_held(person: Any) -> bool:
    """True where the account is on, and it stays so until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_active FROM auth_user WHERE id = %s FOR SHARE", [person.pk])
        row = cursor.fetchone()
    return bool(row and row[0])


def person_of(actor: Actor) -> Any:
    """The user behind a person's or a program's deed; None for customers and rules."""
    if actor.kind not in ("person", "program"):
        return None
    return get_user_model().objects.filter(pk=actor.id).first()


def looks_after_people(actor: Actor) -> bool:
    """True for supervisors and for those who look after accounts."""
    user = person_of(actor)
    return is_supervisor(actor) or (user is not None and user.groups.filter(name="administrator").exists())


def is_supervisor(actor: Actor) -> bool:
    """True for people who may decide over other people's cases, and for the product's own rules."""
    if actor.kind == "rule":
        return True
    user = person_of(actor)
    return user is not None and (user.is_superuser or user.groups.filter(name="supervisor").exists())
