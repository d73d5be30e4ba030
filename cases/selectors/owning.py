"""Teams, leads, offers, drafts and presence, as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from cases.models import Case, Commitment, Draft, Handover, Presence, Team, TeamMember
from cases.owning import Packet
from cases.owning.hours import Hours
from cases.views.owning import DraftView, Held, MemberView, OfferView, PersonName, PresentView, TeamName, TeamView
from connectors.host.selectors import moment

TRUE_FOR = timedelta(seconds=60)
"""So long after it was last seen a presence is true."""
WRITING_FOR = timedelta(seconds=12)
"""So long after the last letter somebody counts as writing."""


def team_of(case: Case) -> Team | None:
    """Whose work the case is: its own team, else the one that takes its main question."""
    if case.team_id is not None:
        return case.team
    asked = case.questions.filter(main=True).values_list("name", flat=True).first()
    return Team.objects.select_related("lead").filter(questions__contains=[asked]).order_by("name").first()


def team_hours(case: Case) -> tuple[Hours, str]:
    """When the case's team works, and in which zone; at any hour where it has none."""
    team = team_of(case)
    return (team.hours, team.zone) if team is not None else ({}, "UTC")


def team_elsewhere(*, question: str, owner: int) -> TeamName | None:
    """The team that takes this question, where the case's owner is neither in it nor leads it; None where none does."""
    team = Team.objects.filter(questions__contains=[question]).order_by("name").first()
    if team is None or team.lead_id == owner or team.places.filter(person=owner).exists():
        return None
    return TeamName(team.name, team.title)


def lead_of(case: Case) -> Any:
    """The active user who leads the case's team; None where it has no team."""
    team = team_of(case)
    return team.lead if team is not None and team.lead.is_active else None


def teams_list(name: str = "") -> tuple[TeamView, ...]:
    """Every team (or the one of this name) with its active members, by title."""
    rows = Team.objects.select_related("lead").order_by("title", "name")
    teams = list(rows.filter(name=name) if name else rows)
    places = TeamMember.objects.filter(team__in=teams, person__is_active=True).select_related("person")
    members: dict[int, list[MemberView]] = {}
    for place in places.order_by("person__first_name", "person__username"):
        one = MemberView(person_name(place.person), place.taking, place.last_given_at)
        members.setdefault(place.team_id, []).append(one)
    return tuple(_team(team, members.get(team.pk, ())) for team in teams)


def offers_to(person: Any) -> tuple[tuple[str, OfferView], ...]:
    """Open offers to a person or to a team of theirs, the first to run out first, each with the case's reference."""
    mine = Q(to_person=person) | Q(to_team__places__person=person)
    rows = Handover.objects.filter(mine, state="offered").exclude(from_person=person).distinct()
    rows = rows.select_related("from_person", "to_person", "to_team").order_by("expires_at", "pk")
    return tuple((str(row.case_id), _offer(row)) for row in rows[:100])


def offer_packet(id: int) -> Packet | None:
    """What the next owner must know, as it was made with the offer."""
    found = Handover.objects.filter(pk=id).values_list("packet", flat=True).first()
    return Packet.of_json(found) if found is not None else None


def offer_answerable(offer: OfferView, person: Any) -> tuple[bool, bool]:
    """Whether a person may accept this offer, and whether they may decline it."""
    if offer.from_id == person.pk:
        return False, False
    if not offer.to_team:
        return (offer.to_id == person.pk,) * 2
    team = Team.objects.filter(name=offer.to_team).first()
    if team is None:
        return False, False
    return team.places.filter(person=person).exists(), team.lead_id == person.pk


def draft_of(*, case: Case | int, author: Any) -> DraftView | None:
    """What somebody has begun to write in a case."""
    row = Draft.objects.filter(case=getattr(case, "pk", case), author=getattr(author, "pk", author)).first()
    return DraftView(row.text, row.since_seq, row.updated_at, row.answer_digest) if row else None


def present(case: Case | int | str, at: datetime | None = None) -> tuple[PresentView, ...]:
    """Who has the case open just now."""
    at = at or moment()[1]
    id_ = int(case.pk if isinstance(case, Case) else case)
    rows = Presence.objects.filter(case=id_, seen_at__gt=at - TRUE_FOR, person__is_active=True)
    return tuple(
        PresentView(r.person_id, person_name(r.person).name, bool(r.typing_at and at - r.typing_at <= WRITING_FOR))
        for r in rows.select_related("person").order_by("person__first_name", "person_id")
    )


def held_by(person: Any) -> Held:
    """What a person answers for: all of it must be handed over before their account can be switched off."""
    cases = Case.objects.filter(owner=person).exclude(state="closed").order_by("pk").values_list("pk", flat=True)
    promises = Commitment.objects.filter(owner=person, state="open").order_by("case").values_list("case", flat=True)
    offers = Handover.objects.filter(to_person=person, state="offered").order_by("case").values_list("case", flat=True)
    leads = Team.objects.filter(lead=person).order_by("title").values_list("title", flat=True)
    return Held(_refs(cases), _refs(dict.fromkeys(promises)), _refs(offers), tuple(leads))


def people_list() -> tuple[PersonName, ...]:
    """Everybody whose account is on and who works on cases, by name."""
    rows = get_user_model().objects.filter(is_active=True)
    rows = rows.filter(Q(groups__name__in=("rep", "supervisor")) | Q(is_superuser=True)).distinct()
    return tuple(sorted(map(person_name, rows), key=lambda p: (p.name.lower(), p.id)))


def person_name(user: Any) -> PersonName:
    return PersonName(user.pk, user.get_username(), user.get_full_name() or user.get_username())


def _refs(ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(str, ids))


def _team(team: Team, members: Iterable[MemberView]) -> TeamView:
    hours = {day: (span[0], span[1]) for day, span in team.hours.items()}
    return TeamView(
        team.pk, team.name, team.title, person_name(team.lead), tuple(team.questions), hours, team.zone, tuple(members)
    )


def _offer(row: Handover) -> OfferView:
    team = row.to_team
    to = team.title if team else person_name(row.to_person).name
    return OfferView(
        row.pk, row.from_person_id, person_name(row.from_person).name, row.to_person_id, team.name if team else "", to,
        row.why, row.offered_at, row.expires_at,
    )  # fmt: skip
