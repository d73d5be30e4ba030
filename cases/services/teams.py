"""Teams, and who is given a case that nobody has taken by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.text import slugify

from cases import questions as catalogue
from cases.actors import Actor
from cases.errors import BadInput, NoOwner, NotYours, UnknownQuestion, WrongState
from cases.models import Team, TeamMember
from cases.owning.hours import hours_read, is_open, opens_at, zone_read
from cases.owning.routing import Place, fairest
from cases.services.people import looks_after_people, person_find, person_held
from cases.words import words_clean
from connectors.host.selectors import moment


@dataclass(frozen=True)
class Routed:
    """Who is given a case and by which rule. ``pool`` is the team that it is to be offered to, where nobody of it was
    at work and the lead has it meanwhile, for ``wait`` at most."""

    owner: Any
    team: Team | None
    why: str
    pool: Team | None = None
    wait: timedelta = timedelta(days=1)


def team_save(
    *, name: str, title: str, lead: Any, actor: Actor, questions: Sequence[str] = (),
    hours: Mapping[str, Sequence[str]] | None = None, zone: str = "UTC",
) -> Team:  # fmt: skip
    """Make a team, or change the one of this name. Raises BadInput, BadWords, UnknownQuestion, NotYours."""
    _may(actor)
    title = words_clean(title, field="title", limit=200)
    if not name or slugify(name) != name:
        raise BadInput("A team's name has small letters, digits and hyphens alone, e.g. refunds.", "name")
    for question in questions:
        if question not in catalogue.names():
            raise UnknownQuestion(f"{question[:60]!r} is not a question that can be answered.", "questions")
    values: dict[str, Any] = {"title": title, "questions": list(dict.fromkeys(questions))}
    with transaction.atomic():
        values["lead"] = person_find(lead, "lead")
        try:
            values |= {"hours": hours_read(hours or {}), "zone": zone_read(zone)}
        except ValueError as error:
            raise BadInput(str(error), "hours") from error
        team, _ = Team.objects.update_or_create(name=name, defaults=values)
    return team


def member_save(*, team: Team | str, person: Any, actor: Actor, taking: bool = True) -> TeamMember:
    """Put a person into a team, or say whether they take new cases. People may say so of themselves.

    Raises BadInput, NotYours."""
    found = team_find(team)
    with transaction.atomic():
        user = person_find(person, "person")
        own = actor.kind == "person" and actor.id == str(user.pk)
        if not (own and found.places.filter(person=user).exists()):
            _may(actor)
        place, _ = TeamMember.objects.update_or_create(team=found, person=user, defaults={"taking": taking})
    return place


def member_remove(*, team: Team | str, person: Any, actor: Actor) -> None:
    """Take a person out of a team; their cases stay theirs. Raises BadInput, NotYours."""
    _may(actor)
    name = person.get_username() if hasattr(person, "get_username") else str(person)
    if not team_find(team).places.filter(person__username=name).delete()[0]:
        raise BadInput(f"{name[:60]!r} is not in this team.", "person")


def team_remove(*, team: Team | str, actor: Actor) -> None:
    """Give up a team that no case and no offer has named yet. Raises BadInput, NotYours, WrongState."""
    _may(actor)
    found = team_find(team)
    if found.cases.exists() or found.offers.exists():
        raise WrongState(f"{found} is part of the history of cases. Take its questions and people away instead.")
    found.delete()


def team_find(team: Team | str) -> Team:
    """The team itself or of this name. Raises BadInput."""
    found = team if isinstance(team, Team) else Team.objects.filter(name=str(team)).first()
    if found is None:
        raise BadInput(f"There is no team {str(team)[:60]!r}.", "team")
    return found


def team_for(question: str) -> Team | None:
    """The team that takes a question: the first by name."""
    return Team.objects.filter(questions__contains=[question]).order_by("name").first()


def case_route(question: str, *, but: int | None = None) -> Routed:
    """Who is given a case with this question; call it in the transaction that gives it, before its clock.

    The member of its teams who was given one longest ago, of those who take cases and whose team works now; else the
    lead; without a team the question's default owner, else any representative. ``but`` is never chosen. Raises NoOwner.
    """
    now = moment()[1]
    # Locked one after the other, so that two cases at once go to two people.
    teams = {t.pk: t for t in Team.objects.select_for_update().filter(questions__contains=[question]).order_by("pk")}
    members = TeamMember.objects.filter(team__in=teams, person__is_active=True)
    members = members if but is None else members.exclude(person=but)
    places = {
        (m.person_id, m.team_id): m for m in members.select_related("person").order_by("pk")
    }  # fmt: skip
    chosen = fairest(
        Place(m.person_id, m.team_id, m.taking, is_open(*_hours(teams[m.team_id]), now), m.last_given_at)
        for m in places.values()
    )
    if chosen is not None and person_held(places[chosen.person, chosen.team].person):
        place = places[chosen.person, chosen.team]
        TeamMember.objects.filter(pk=place.pk).update(last_given_at=now)
        return Routed(place.person, teams[place.team_id], f"{teams[place.team_id]} takes it; this person's turn.")
    return _lead(list(teams.values()), [m.team_id for m in places.values()], but) or _fallback(question, but)


def _lead(teams: list[Team], manned: list[int], but: int | None) -> Routed | None:
    now = moment()[1]
    for team in sorted(teams, key=lambda t: t.name):
        if team.lead_id != but and person_held(team.lead):
            opens = opens_at(*_hours(team), now)
            wait = (opens - now if opens else timedelta()) + timedelta(days=1)
            pool = team if team.pk in manned and opens else None
            return Routed(team.lead, team, f"Nobody of {team} is taking cases now, so its lead has it.", pool, wait)
    return None


def _fallback(question: str, but: int | None) -> Routed:
    users = get_user_model().objects.filter(is_active=True)
    users = users if but is None else users.exclude(pk=but)
    name = getattr(settings, "DEFAULT_OWNERS", {}).get(question)
    chosen = [users.filter(username=name).first()] if name else []
    chosen += [users.filter(groups__name=group).order_by("pk").first() for group in ("rep", "supervisor")]
    for user in chosen:
        if user is not None and person_held(user):
            return Routed(user, None, "No team takes this question.")
    raise NoOwner("A case needs an owner, and there is no active representative. Add one, then try again.")


def _hours(team: Team) -> tuple[dict[str, tuple[str, str]], str]:
    return {day: (span[0], span[1]) for day, span in team.hours.items()}, team.zone


def _may(actor: Actor) -> None:
    if actor.kind == "person" and not looks_after_people(actor):
        raise NotYours("Only a supervisor or an administrator can change teams.")
