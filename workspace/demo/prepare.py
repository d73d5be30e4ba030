"""What the workspace needs before the demo opens: people who may sign in, their tokens, and the four sources."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from connectors.host.services import demo_sources_keep, source_save
from workspace.access.services import token_make
from workspace.demo.teams import COLLEAGUES, teams_keep

PASSWORD = "throughline"
PEOPLE = {
    "rep": ("dana", "Dana", "Okafor"),
    "supervisor": ("ruth", "Ruth", "Adler"),
    "integrator": ("jonas", "Jonas", "Virta"),
    "program": ("desk-bot", "Desk", "bot"),
}
"""By role: user name, first and last name. The program signs in by its token alone."""
ZONE = "Europe/Helsinki"
SOURCES: dict[str, dict[str, Any]] = {
    "shop": {"title": "Demo shop", "connector": "demo_shop", "domain": "order", "freshness_s": 30, "poll_s": 3},
    "warehouse": {
        "title": "Turku warehouse", "connector": "demo_warehouse", "domain": "warehouse", "freshness_s": 30,
        "poll_s": 3, "zone": ZONE,
    },
    "finance": {"title": "Demo finance", "connector": "demo_finance", "domain": "finance", "freshness_s": 6},
    "policy": {
        "title": "Policy library", "connector": "policies", "domain": "policy", "freshness_s": 600, "poll_s": 3,
        "zone": ZONE,
    },
}  # fmt: skip
"""Shop, warehouse and policies tell what is new; finance can only be asked, so its limit is short."""
KEY_FIELDS = {"finance": "password", "policy": "key"}


@transaction.atomic
def people_save() -> dict[str, str]:
    """The demo's users with their groups; returns each role's API token."""
    tokens = {}
    for role, (username, first, last) in PEOPLE.items():
        names = {"first_name": first, "last_name": last, "email": f"{username}@throughline.example", "is_active": True}
        user, new = get_user_model().objects.update_or_create(username=username, defaults=names)
        if role == "program":
            user.set_unusable_password()
        else:
            _password_set(user, new)
        user.save()
        user.groups.set([Group.objects.get_or_create(name=role)[0]])
        tokens[role] = token_make(user=user, name="Demo", key=demo_token(username), second_step=True)[1]
    for username, (first, last, role) in COLLEAGUES.items():
        _colleague(username, first, last, role)
    teams_keep()
    return tokens


def demo_token(username: str) -> str:
    """The same at each start of a demo, and of no other demo: only its digest is kept."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo {username}".encode(), "sha256").hexdigest()[:40]


def _colleague(username: str, first: str, last: str, role: str) -> None:
    names = {"first_name": first, "last_name": last, "email": f"{username}@throughline.example", "is_active": True}
    user, new = get_user_model().objects.update_or_create(username=username, defaults=names)
    if _password_set(user, new):
        user.save()
    user.groups.set([Group.objects.get_or_create(name=role)[0]])


def _password_set(user: Any, new: bool) -> bool:
    """Everybody has the same one, hashed once for all: hashing takes as long as it must. True where it was another."""
    there = "" if new else user.password
    if there and (there == _hashed.get("same") or user.check_password(PASSWORD)):
        _hashed["same"] = there
        return False
    if "same" not in _hashed:
        _hashed["same"] = make_password(PASSWORD)
    user.password = _hashed["same"]
    return True


_hashed: dict[str, str] = {}


def source_of(name: str, url: str, key: str) -> dict[str, Any]:
    """How a demo source is saved: where its system answers, and the reference to its key (``file:/…``)."""
    return {**SOURCES[name], "settings": {"base_url": url, "internal": True, KEY_FIELDS.get(name, "api_key"): key}}


def sources_save(sources: Mapping[str, Mapping[str, Any]]) -> None:
    """Save each source by its name, as one of the demo's; those of another demo on this database rest."""
    for name, source in sources.items():
        source_save(name=name, demo=True, **source)
    demo_sources_keep(names=list(sources))
