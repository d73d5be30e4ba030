"""Which roles the groups of a single sign-on provider stand for. Pure but for the settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings

from workspace.rights import ROLES


def groups_of(data: Mapping[str, Any]) -> frozenset[str]:
    """The groups in what the provider said: in the ID token or in its answer about the user."""
    found: set[str] = set()
    for place in (data, data.get("userinfo") or {}, data.get("id_token") or {}):
        given = place.get(settings.OIDC["claim"]) if isinstance(place, Mapping) else None
        found |= {given} if isinstance(given, str) else {str(g) for g in given or ()}
    return frozenset(found)


def roles_from(groups: Iterable[str]) -> frozenset[str]:
    """The roles of these groups, by ``OIDC_ROLES``: ``support=rep, support-leads=lead``."""
    having = set(groups)
    return frozenset(role for group, role in pairs(settings.OIDC["roles"]) if group in having and role in ROLES)


def pairs(text: str) -> list[tuple[str, str]]:
    """``group=role`` pairs. A group's own name may hold ``=``; the last one counts."""
    found = [part.rpartition("=") for part in text.split(",") if part.strip()]
    return [(group.strip(), role.strip()) for group, _, role in found]


def problem(text: str) -> str:
    """What is wrong with OIDC_ROLES, in a sentence; empty where nothing is."""
    for group, role in pairs(text):
        if not group or role not in ROLES - {"program"}:
            return f"{group or role!r} leads to no role. Write group=role, with one of: {', '.join(sorted(ROLES))}."
    return ""
