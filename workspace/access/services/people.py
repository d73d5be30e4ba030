"""People and programs: accounts, roles, and the link by which somebody sets a first or a forgotten password."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from cases.services import Actor, access_record
from workspace.access.errors import AccessError, NotYours
from workspace.permissions import roles_of
from workspace.rights import ADMINISTRATORS, ROLES

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,49}", re.ASCII)


@transaction.atomic
def person_add(*, by: Any, username: str, first: str, last: str, email: str, roles: Iterable[str]) -> Any:
    """A new account without a password: its owner sets one by a link. Raises AccessError, NotYours."""
    _may(by)
    username = username.strip().lower()
    if not _NAME.fullmatch(username):
        raise AccessError("A user name has 2 to 50 small letters, digits, dots or hyphens.", "username")
    if get_user_model().objects.filter(username__iexact=username).exists():
        raise AccessError(f"There is somebody of the user name {username} already.", "username")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise AccessError("This is no e-mail address.", "email") from None
    made = get_user_model().objects.create_user(
        username, email.strip(), None, first_name=first.strip()[:150], last_name=last.strip()[:150]
    )
    person_roles(by=by, person=made, roles=roles)
    return made


@transaction.atomic
def person_roles(*, by: Any, person: Any, roles: Iterable[str]) -> None:
    """Give exactly these roles. Nobody takes their own administration away, so somebody is always left who can."""
    _may(by)
    wanted = set(roles)
    if unknown := wanted - ROLES:
        raise AccessError(f"{min(unknown)!r} is no role.", "roles")
    if not wanted:
        raise AccessError("Choose at least one role. To end an account, switch it off.", "roles")
    if "program" in wanted and len(wanted) > 1:
        raise AccessError("A program has no other role: people and programs are told apart in history.", "roles")
    if person.pk == by.pk and "administrator" not in wanted:
        raise AccessError("You can't take your own administration away. Ask another administrator.", "roles")
    person.groups.set([Group.objects.get_or_create(name=role)[0] for role in sorted(wanted)])
    access_record(actor=Actor.person(by), what="roles set", route="people_change",
                  why=f"{person.get_username()}: {', '.join(sorted(wanted))}")  # fmt: skip


@transaction.atomic
def person_on(*, by: Any, person: Any) -> None:
    """Switch an account on again. What it once answered for stays where it went."""
    _may(by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    access_record(actor=Actor.person(by), what="account on", route="people_change", why=person.get_username())


def person_link(*, by: Any, person: Any) -> str:
    """The address at which this person sets a password, once. Giving it is recorded; it works for three days."""
    _may(by)
    if not person.is_active:
        raise AccessError("The account is switched off. Switch it on first.")
    if "program" in roles_of(person):
        raise AccessError("A program signs in by a token, not by a password.")
    key = default_token_generator.make_token(person)
    given = {"uidb36": user_pk_to_url_str(person), "key": key}
    access_record(actor=Actor.person(by), what="password link", route="people_link", why=person.get_username())
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=given)}"


def _may(by: Any) -> None:
    if not roles_of(by) & ADMINISTRATORS:
        raise NotYours("Only an administrator changes accounts.")
