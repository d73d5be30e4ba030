"""Offers of cases, teams, the next case, one's own draft, and people who leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.views import TeamView
from workspace.api import vocabulary as known
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, NothingIn, Words, text
from workspace.api.problems import Problem
from workspace.api.schemas import CaseOut, number, one_of, shape, texts, time
from workspace.api.schemas import text as words
from workspace.api.views.verbs import as_it_is

SaidOut = shape("PacketLine", {
    "at": time(required=False), "by": words(required=False), "what": words(required=False),
    "words": words(required=False), "due": time(required=False), "owner": words(required=False),
})  # fmt: skip
PacketOut = shape("Packet", {
    "question": words(), "answer": words("the headline at the moment of the offer"), "answer_state": words(),
    "person": words(), "told": SaidOut(many=True), "promises": SaidOut(many=True), "tried": SaidOut(many=True),
    "known": SaidOut(many=True),
}, "What the next owner must know, made by the system.")  # fmt: skip
HandoverOut = shape("Handover", {
    "id": number(), "reference": words("the case's"), "from": words("user name of who answers for it meanwhile"),
    "to": words(allow_null=True), "team": words(allow_null=True), "why": words(),
    "state": one_of(known.OFFER_STATES), "packet": PacketOut(), "answered_by": words(allow_null=True),
    "answer": words("why it was declined or taken back"), "offered_at": time(), "expires_at": time(),
    "ended_at": time(allow_null=True),
})  # fmt: skip
HandoversOut = shape("CaseHandovers", {"reference": words(), "results": HandoverOut(many=True)})
MemberOut = shape("TeamMember", {"username": words(), "name": words(), "taking": s.BooleanField()})
HOURS = s.DictField(child=s.ListField(child=s.CharField()), help_text="by weekday: mon: [09:00, 17:00]; empty: always")
TeamOut = shape("Team", {
    "name": words(), "title": words(), "lead": words("user name"), "questions": texts(), "hours": HOURS,
    "zone": words(), "members": MemberOut(many=True),
})  # fmt: skip
TeamsOut = shape("TeamList", {"results": TeamOut(many=True)})
NextOut = shape("NextCase", {
    "reference": words("of the case to turn to; null where nothing waits", allow_null=True), "why": words(),
    "reason": one_of([*known.NEXT_REASONS, ""]), "offer": number("taking it accepts this offer", allow_null=True),
    "of": number("out of how many it was chosen"),
})  # fmt: skip
DraftOut = shape("Draft", {"text": words(), "since": number(), "updated_at": time(allow_null=True)})
LeftOut = shape("PersonLeft", {"username": words(), "cases": number("how many moved")})
NOTHING = {"reference": None, "why": "Nothing waits for you now.", "reason": "", "offer": None, "of": 0}


class OfferIn(Body):
    to = Words(required=False, default="", allow_blank=True, max_length=150, help_text="a person's user name, or")
    team = Words(required=False, default="", allow_blank=True, max_length=50, help_text="a team's name")
    why = Words(max_length=2000)
    hours = s.FloatField(required=False, default=4.0, help_text="how long the offer stands")


class AnswerIn(Body):
    do = Choice(choices=("accept", "decline", "withdraw"))
    why = Words(required=False, default="", allow_blank=True, max_length=2000, help_text="needed to decline")


class TeamIn(Body):
    name = Words(max_length=50, help_text="small letters, digits and hyphens")
    title = Words(max_length=200)
    lead = Words(max_length=150, help_text="user name")
    questions = s.ListField(child=Words(max_length=60), required=False, default=list, max_length=100)
    hours = s.DictField(child=s.ListField(child=Words(max_length=5)), required=False, default=dict)
    zone = Words(required=False, default="UTC", max_length=60)


class MemberIn(Body):
    person = Words(max_length=150, help_text="user name")
    taking = s.BooleanField(required=False, default=True, help_text="false: takes no new cases")
    member = s.BooleanField(required=False, default=True, help_text="false: is taken out of the team")


class DraftIn(Body):
    text = text(allow_blank=True, help_text="empty: nothing is kept")
    since = s.IntegerField(required=False, allow_null=True, default=None, min_value=0, max_value=2**31 - 1)


class LeaveIn(Body):
    to = Words(required=False, default="", allow_blank=True, max_length=150, help_text="default: by each case's team")
    why = Words(max_length=2000)


class Handovers(ApiView):
    """Offers of one case; POST makes one."""

    @reads("handovers_list", "List the offers of a case", HandoversOut)
    def get(self, request: Request, reference: str) -> Response:
        return Response({"reference": reference, "results": selectors.handovers_list(reference)})

    @writes("handovers_offer", "Offer a case to a person or a team", OfferIn, HandoverOut, 201)
    def post(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self._offered(reference))

    def _offered(self, reference: str) -> Response:
        case, given = selectors.case_get(reference), self.given(OfferIn)
        if not 0 < given["hours"] <= 24 * 14:
            raise Problem("bad-input", "hours must be more than 0 and at most 336.")
        stands = timedelta(hours=given.pop("hours"))
        offer = services.handover_offer(case=case, actor=self.actor, expires_in=stands, **given)
        return Response(selectors.handover_shape(offer), status=201)


class HandoverAnswer(ApiView):
    """Take it, decline it, or take the offer back."""

    @writes("handovers_answer", "Accept, decline or withdraw an offer", AnswerIn, CaseOut)
    def post(self, request: Request, reference: str, id: int) -> Response:
        return self.once(lambda: self._answered(reference, id))

    def _answered(self, reference: str, id: int) -> Response:
        case, given = selectors.case_get(reference), self.given(AnswerIn)
        wanted: dict[str, Any] = {"handover": selectors.handover_get(case=reference, id=id), "actor": self.actor}
        if given["do"] == "accept":
            services.handover_accept(**wanted)
        elif given["do"] == "decline":
            services.handover_decline(why=given["why"], **wanted)
        else:
            services.handover_withdraw(why=given["why"], **wanted)
        return as_it_is(case)


class Teams(ApiView):
    """Teams; POST makes one or changes the one of this name."""

    @reads("teams_list", "List the teams", TeamsOut)
    def get(self, request: Request) -> Response:
        return Response({"results": [team.as_json() for team in selectors.teams_list()]})

    @writes("teams_save", "Make a team, or change it", TeamIn, TeamOut)
    def post(self, request: Request) -> Response:
        return self.once(self._saved)

    def _saved(self) -> Response:
        return Response(_team(services.team_save(actor=self.actor, **self.given(TeamIn)).name).as_json())


class TeamMembers(ApiView):
    """Who is in a team, and who takes new cases."""

    @writes("teams_member", "Put somebody into a team, or take them out", MemberIn, TeamOut)
    def post(self, request: Request, name: str) -> Response:
        return self.once(lambda: self._saved(name))

    def _saved(self, name: str) -> Response:
        given = self.given(MemberIn)
        _team(name)
        if given["member"]:
            taking = given["taking"]
            services.member_save(team=name, person=given["person"], taking=taking, actor=self.actor)
        else:
            services.member_remove(team=name, person=given["person"], actor=self.actor)
        return Response(_team(name).as_json())


class NextCase(ApiView):
    """The case to turn to, and why; POST takes it."""

    @reads("cases_next", "Read which case to turn to", NextOut)
    def get(self, request: Request) -> Response:
        return Response(_next(selectors.next_case(person=request.user)))

    @writes("cases_next_take", "Take the next case", NothingIn, NextOut)
    def post(self, request: Request) -> Response:
        return self.once(self._taken)

    def _taken(self) -> Response:
        self.given(NothingIn)
        found = selectors.next_case(person=self.request.user)
        if found is not None and found.offer is not None:
            services.handover_accept(handover=found.offer, actor=self.actor)
        return Response(_next(found))


class Draft(ApiView):
    """What one has begun to write; nobody else's."""

    @reads("drafts_read", "Read one's own draft in a case", DraftOut)
    def get(self, request: Request, reference: str) -> Response:
        return Response(_draft(selectors.draft_of(case=selectors.case_get(reference), author=request.user)))

    @writes("drafts_keep", "Keep one's own draft in a case", DraftIn, DraftOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self._kept(reference))

    def _kept(self, reference: str) -> Response:
        case, given = selectors.case_get(reference), self.given(DraftIn)
        return Response(_draft(services.draft_save(
            case=case, author=self.request.user, text=given["text"], since_seq=given["since"]
        )))  # fmt: skip


class Leave(ApiView):
    """A person leaves: everything they answer for is handed over first."""

    @writes("people_deactivate", "Hand over everything, then switch an account off", LeaveIn, LeftOut)
    def post(self, request: Request, username: str) -> Response:
        return self.once(lambda: self._left(username))

    def _left(self, username: str) -> Response:
        given = self.given(LeaveIn)
        moved = services.person_deactivate(person=username, to=given["to"], why=given["why"], actor=self.actor)
        return Response({"username": username, "cases": moved})


def _team(name: str) -> TeamView:
    found = next(iter(selectors.teams_list(name)), None)
    if found is None:
        raise Problem("not-found", f"There is no team {name[:50]!r}.")
    return found


def _next(found: Any) -> dict[str, Any]:
    if found is None:
        return NOTHING
    return {"reference": found.reference, "why": f"{found.why}.", "reason": found.reason, "offer": found.offer,
            "of": found.of}  # fmt: skip


def _draft(kept: Any) -> dict[str, Any]:
    if kept is None:
        return {"text": "", "since": 0, "updated_at": None}
    return {"text": kept.text, "since": kept.since_seq, "updated_at": kept.updated_at.isoformat()}
