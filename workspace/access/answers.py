"""The API's one door: what an answer holds that its caller may not see is masked before it is written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workspace.access.fields import OWN, rights, veil_for
from workspace.rights import ANYBODY, TABLE

OWN_WORK = frozenset({"api_my_day", "api_my_alerts_seen", "api_next_case"})


def masked_answer(request: Any, response: Any, kwargs: Mapping[str, Any]) -> None:
    """Mask ``response.data``; the header ``Masked`` names the classes, and ``Link`` where to ask for access."""
    data, match = getattr(response, "data", None), request.resolver_match
    user = getattr(request, "user", None)
    if data is None or user is None or not user.is_authenticated or match is None:
        return
    if TABLE.get(match.view_name) == ANYBODY or match.view_name.startswith(("api_subscription", "api_team")):
        return
    case = kwargs.get("reference")
    own: bool | None = None
    if OWN in rights(user).values():
        mine = case is None and request.query_params.get("owner") == user.get_username()
        owner = data.get("owner") if isinstance(data, Mapping) else None
        held = isinstance(owner, Mapping) and owner.get("id") == user.pk
        own = True if match.view_name in OWN_WORK or mine or held else None
    veil = veil_for(user, data, case, shown=request.query_params.values(), own=own)
    if veil is None:
        return
    response.data = veil.over(data)
    if veil.used:
        response.headers["Masked"] = ", ".join(sorted(veil.used))
        response.headers["Link"] = '</api/v1/access/>; rel="ask-for-access"'
