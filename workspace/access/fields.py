"""Who sees which class of personal fields whole: one table, and one function that every door puts its answers through.

``masked(given, user, case)`` takes a text, JSON or a plain view and gives the same with masks over what this user may
not see. Access that was granted for a time lifts the mask of one case (or of raw rows) until it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils import timezone

from cases import selectors
from cases.errors import CaseNotFound
from cases.selectors.news import cases_led_to
from connectors.host.selectors.refs import ref_ids
from connectors.sdk import Ref
from connectors.sdk.personal import CARD, CLASSES, EMAIL, SCHEMES, field_class, looks, scheme_class
from workspace.access.masks import Veil
from workspace.access.models import AccessGrant
from workspace.permissions import roles_of
from workspace.rights import ROLES

ALL, OWN, NONE = "all", "own", "none"
TABLE: dict[str, dict[str, str]] = {
    "rep": {"contact": OWN, "address": OWN, "bank_reference": OWN, "card": NONE, "identity": OWN},
    "lead": {"contact": OWN, "address": OWN, "bank_reference": OWN, "card": NONE, "identity": OWN},
    "supervisor": {"contact": ALL, "address": ALL, "bank_reference": ALL, "card": NONE, "identity": ALL},
    "integrator": {"contact": NONE, "address": NONE, "bank_reference": NONE, "card": NONE, "identity": NONE},
    "administrator": {"contact": NONE, "address": NONE, "bank_reference": NONE, "card": NONE, "identity": NONE},
    "auditor": {"contact": NONE, "address": NONE, "bank_reference": NONE, "card": NONE, "identity": NONE},
    "program": {"contact": ALL, "address": ALL, "bank_reference": ALL, "card": NONE, "identity": ALL},
}
"""Role by class: ``all``, ``own`` (cases that are theirs, see ``is_own``) or ``none``."""
CLASS_WORDS = {
    "contact": "e-mail and phone", "address": "address", "bank_reference": "bank reference",
    "card": "whole card number", "identity": "birth date and documents",
}  # fmt: skip


def rights(user: Any) -> dict[str, str]:
    """What this user sees of each class; of several roles the widest right counts."""
    rank = {NONE: 0, OWN: 1, ALL: 2}
    mine = [TABLE[role] for role in roles_of(user) & ROLES]
    return {c: max((row[c] for row in mine), key=rank.__getitem__, default=NONE) for c in CLASSES}


def hidden(user: Any, case: Any = None, *, own: bool | None = None) -> frozenset[str]:
    """The classes that this user sees masked. ``case`` is a case or its reference; None stands for lists and raw rows,
    where ``own`` (default False) says whether everything on them is the user's own work."""
    found = closed(user, case, own=own)
    return found - granted(user, case) if found else found


def closed(user: Any, case: Any = None, *, own: bool | None = None) -> frozenset[str]:
    """The same by role alone, before what was granted for a time."""
    have = rights(user)
    if own is None:
        own = OWN in have.values() and case is not None and is_own(user, case)
    return frozenset(c for c, right in have.items() if right == NONE or (right == OWN and not own))


def granted(user: Any, case: Any = None) -> frozenset[str]:
    """Classes that somebody has opened to this user for a time that is not over."""
    if not user.is_authenticated:
        return frozenset()
    number = reference(case)
    live = AccessGrant.objects.filter(asker=user.pk, granted=True, until__gt=timezone.now(), ended_at=None, case=number)
    return frozenset(c for classes in live.values_list("classes", flat=True) for c in classes)


def is_own(user: Any, case: Any) -> bool:
    """Whether a case is this person's work: theirs, their team's, offered to them, or of no team at all."""
    found = case if hasattr(case, "owner_id") else _case(case)
    if found is None:
        return False
    if found.owner_id == user.pk:
        return True
    team = selectors.team_of(found)
    if team is None or team.lead_id == user.pk or team.places.filter(person=user.pk).exists():
        return True
    return any(offered == found.reference for offered, _ in selectors.offers_to(user))


def own_values(user: Any, values: Iterable[str]) -> set[str]:
    """Of these e-mail addresses (at most 20 are looked at) those of customers of this person's own cases."""
    team = {m.person.id for t in selectors.teams_list() if _in(t, user) for m in t.members} | {user.pk}
    found: set[str] = set()
    for value in sorted(v for v in values if EMAIL.fullmatch(v))[:20]:
        cases = cases_led_to(list(ref_ids([Ref("email", value)])))[:50]
        if cases and any(item.owner_id in team for item in selectors.cases_list(ids=set(cases), limit=50)):
            found.add(value)
    return found


def _in(team: Any, user: Any) -> bool:
    return bool(team.lead.id == user.pk or any(m.person.id == user.pk for m in team.members))


def masked(given: Any, user: Any, case: Any = None, *, shown: Iterable[str] = (), own: bool | None = None) -> Any:
    """``given`` (text, JSON or a frozen view) with masks over what this user may not see. ``shown`` are texts that the
    user has typed: they learn nothing from them. Nothing is asked of the database where nothing is hidden."""
    veil = veil_for(user, given, case, shown=shown, own=own)
    return given if veil is None else veil.over(given)


def masker(user: Any, case: Any) -> Callable[[Any], Any]:
    """``masked`` for many parts of one case, which is read once."""
    classes = hidden(user, case)
    veil = Veil(classes)
    if classes - {"card"}:
        learn_case(veil, case)

    def over(given: Any) -> Any:
        if not classes or (classes == {"card"} and not holds_card(given)):
            return given
        veil.learn(given)
        return veil.over(given)

    return over


def veil_for(
    user: Any, given: Any, case: Any = None, *, shown: Iterable[str] = (), own: bool | None = None
) -> Veil | None:
    """What hides from this user what they may not see, knowing what the case's facts hold; None where nothing is."""
    classes = closed(user, case, own=own)
    if classes == {"card"} and not holds_card(given):
        return None
    classes -= granted(user, case) if classes else frozenset()
    if not classes:
        return None
    veil = Veil(classes, shown)
    if case is not None and classes - {"card"}:
        learn_case(veil, case)
    learn(veil, user, case, given)
    return veil


def learn(veil: Veil, user: Any, case: Any, given: Any) -> None:
    """Let a veil know what is to be shown; in lists, what is of a representative's own customers stays as it is."""
    veil.learn(given)
    if case is None and "contact" in veil.hidden and rights(user)["contact"] == OWN and veil.values:
        veil.shown |= own_values(user, (v.lower() for v in veil.values))


def holds_card(given: Any) -> bool:
    """Whether a text, or a text anywhere in JSON, holds what may be a card's number. Views are taken to."""
    if isinstance(given, str):
        return CARD.search(given) is not None
    if isinstance(given, Mapping):
        return any(field_class(str(name)[:80]) == "card" or holds_card(inner) for name, inner in given.items())
    if isinstance(given, list | tuple):
        return any(map(holds_card, given))
    return not isinstance(given, int | float | None)


def learn_case(veil: Veil, case: Any) -> None:
    """Let a veil know the hidden values of a case's facts, so that it finds them in sentences, too."""
    try:
        view = case if hasattr(case, "evidence") else selectors.case_view(case=getattr(case, "pk", case))
    except CaseNotFound:
        return
    for fact in (*view.evidence.facts, *view.evidence.superseded.values()):
        veil.learn(fact.data)
        veil.learn(fact.refs)


def asks_masked(user: Any, words: str) -> str:
    """The class of what somebody searches or filters by, where they may not see it at all: finding it would confirm it.

    Empty where they may ask.
    """
    never = {c for c, right in rights(user).items() if right == NONE}
    named = scheme_class(words.partition(":")[0].strip().lower()) if ":" in words else ""
    found = {named, *(c for c, _ in looks(words)), "contact" if "@" in words else ""} & never
    found = found - granted(user) if found else found
    return min(found, default="")


def search_refused(user: Any, words: str) -> str:
    """Why these words can't be searched or filtered by, in a sentence; empty where they can."""
    found = asks_masked(user, words)
    return f"You don’t see {CLASS_WORDS[found]} here, so you can’t search by it. Ask for access." if found else ""


def schemes_hidden(user: Any) -> frozenset[str]:
    """Schemes of references by which this user finds nothing, whatever part of one they type."""
    never = {c for c, right in rights(user).items() if right == NONE}
    return frozenset(scheme for scheme, class_ in SCHEMES.items() if class_ in never)


def reference(case: Any) -> int | None:
    """The number of a case given as itself, its view or its reference."""
    number = getattr(case, "pk", None) or getattr(case, "id", None) or case
    return int(number) if str(number or "").isdigit() and len(str(number)) < 19 else None


def _case(case: Any) -> Any:
    try:
        return selectors.case_get(str(reference(case) or ""))
    except CaseNotFound:
        return None
