"""Promises: made in a case, answered for, and listed; and a person's own day."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.views import AlertView, Day, DayPromise, PromiseView
from connectors.host.selectors import moment
from workspace.api import cursors
from workspace.api import vocabulary as known
from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, Words
from workspace.api.reading import instant
from workspace.api.schemas import PAGE, AnyObject, number, one_of, shape, text, time
from workspace.api.views.cases import owner

LIMIT = 50
PROMISE = {
    "id": number(), "reference": text("the case's"), "what": text(), "phrase": text("the words it was read from"),
    "due_at": time(), "zone": text("in which the words were read"),
    "rule": text("how the time was found: a phrase's rule, a policy's term, or given"), "owner": text(),
    "state": one_of(known.PROMISE_STATES), "late": s.BooleanField(help_text="open and past its time"),
    "made_at": time(),
    "ended_at": time(allow_null=True), "keeps_kind": text("a fact of this kind keeps it"),
    "keeps_ref": text("about this"), "follows": number("the promise whose place it took", allow_null=True),
    "evidence": AnyObject(help_text="why it counts as ended: why, fact …"),
}  # fmt: skip
PromiseOut = shape("Commitment", PROMISE)
PromisesOut = shape("CaseCommitments", {"reference": text(), "results": PromiseOut(many=True)})
PromisePage = shape("CommitmentPage", {**PAGE, "results": PromiseOut(many=True)})
DayPromiseOut = shape("DayCommitment", {**PROMISE, "person": text("the customer")})
AlertOut = shape("Alert", {"id": number(), "kind": text(), "text": text(), "reference": text(), "at": time()})
DayOut = shape("Day", {
    "at": time(), "zone": text(), "next_at": time("the first that is not late yet", allow_null=True),
    "late": DayPromiseOut(many=True), "today": DayPromiseOut(many=True), "later": DayPromiseOut(many=True),
    "alerts": AlertOut(many=True),
})  # fmt: skip
SeenOut = shape("AlertsSeen", {"seen": number("how many were")})


class PromiseIn(Body):
    what = Words(max_length=300, help_text="in words that a colleague understands")
    due_at = s.DateTimeField(required=False, allow_null=True, default=None, help_text="with its offset")
    phrase = Words(required=False, default="", allow_blank=True, max_length=300, help_text="tomorrow before noon")
    owner = Words(required=False, default="", allow_blank=True, max_length=150, help_text="default: the case's owner")
    keeps_kind = Words(required=False, default="", allow_blank=True, max_length=80, help_text="refund.paid")
    keeps_ref = Words(required=False, default="", allow_blank=True, max_length=400)


class KeepIn(Body):
    why = Words(required=False, default="", allow_blank=True, max_length=1000, help_text="how one can see it")
    fact = s.IntegerField(required=False, allow_null=True, default=None, min_value=1)


class EndIn(Body):
    why = Words(max_length=1000)


class AgainIn(Body):
    due_at = s.DateTimeField(required=False, allow_null=True, default=None)
    phrase = Words(required=False, default="", allow_blank=True, max_length=300)
    what = Words(required=False, default="", allow_blank=True, max_length=300)
    why = Words(max_length=1000)
    told = Choice(choices=known.TOLD_HOW, help_text="how the customer was told")


class SeenIn(Body):
    id = s.IntegerField(required=False, allow_null=True, default=None, min_value=1, help_text="left out: all")


class CasePromises(ApiView):
    """The promises of one case."""

    @reads("commitments_of_case", "List a case's promises, the open ones first", PromisesOut)
    def get(self, request: Request, reference: str) -> Response:
        view = selectors.case_view(case=reference)
        found = [_json(view.reference, p, view.at) for p in view.promises]
        return Response({"reference": view.reference, "results": found})

    @writes("commitments_make", "Promise something", PromiseIn, PromiseOut, 201)
    def post(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self._made(reference))

    def _made(self, reference: str) -> Response:
        case, given = selectors.case_get(reference), self.given(PromiseIn)
        key = self.request.headers.get("Idempotency-Key", "")
        made = services.commitment_make(case=case, actor=self.actor, key=_own(self.request, key), **given)
        return _row(made.pk, 201)


class Promises(ApiView):
    """Promises of every case."""

    params = {
        "owner": "a user name, or me", "state": ", ".join(known.PROMISE_STATES), "due_by": "those due by this instant",
        "cursor": "where to go on",
    }  # fmt: skip

    @reads("commitments_list", "List promises, newest first", PromisePage, params, {"state": known.PROMISE_STATES})
    def get(self, request: Request) -> Response:
        cursor = self.query.get("cursor")
        place = cursors.read(cursor, "commitments", self.query) if cursor else {}
        rows = selectors.commitments_list(
            owner=_of(request, self.query.get("owner", "")), state=self.query.get("state", ""),
            due_by=instant(self.query.get("due_by"), "due_by"), before=place.get("before"), limit=LIMIT + 1,
        )  # fmt: skip
        at = moment()[1]
        following = cursors.made({"before": rows[LIMIT - 1][1].id}, "commitments", self.query) if rows[LIMIT:] else None
        return Response(cursors.page(request, self.query, [_json(r, p, at) for r, p in rows[:LIMIT]], following, at))


class Promise(ApiView):
    """One promise."""

    @reads("commitments_get", "Read one promise", PromiseOut)
    def get(self, request: Request, id: int) -> Response:
        return _row(id, 200)


class PromiseVerb(ApiView):
    """A POST that answers for one promise, once."""

    def done(self, request: Request, id: int) -> Response:
        return self.once(lambda: self.act(selectors.commitment_get(id)))

    def act(self, promise: Any) -> Response:
        raise NotImplementedError


class Keep(PromiseVerb):
    """It was done."""

    @writes("commitments_keep", "Say that a promise was kept, with evidence", KeepIn, PromiseOut)
    def post(self, request: Request, id: int) -> Response:
        return self.done(request, id)

    def act(self, promise: Any) -> Response:
        return _row(services.commitment_keep(commitment=promise, actor=self.actor, **self.given(KeepIn)).pk, 200)


class Break(PromiseVerb):
    """It was not done and will not be."""

    @writes("commitments_break", "Say that a promise was not kept, and why", EndIn, PromiseOut)
    def post(self, request: Request, id: int) -> Response:
        return self.done(request, id)

    def act(self, promise: Any) -> Response:
        return _row(services.commitment_break(commitment=promise, actor=self.actor, **self.given(EndIn)).pk, 200)


class Withdraw(PromiseVerb):
    """It is no longer owed."""

    @writes("commitments_withdraw", "Withdraw a promise, and say why", EndIn, PromiseOut)
    def post(self, request: Request, id: int) -> Response:
        return self.done(request, id)

    def act(self, promise: Any) -> Response:
        return _row(services.commitment_withdraw(commitment=promise, actor=self.actor, **self.given(EndIn)).pk, 200)


class Again(PromiseVerb):
    """Another promise takes its place; the customer was told."""

    @writes("commitments_renegotiate", "Agree another time; the new promise comes back", AgainIn, PromiseOut, 201)
    def post(self, request: Request, id: int) -> Response:
        return self.done(request, id)

    def act(self, promise: Any) -> Response:
        given = self.given(AgainIn)
        return _row(services.commitment_renegotiate(commitment=promise, actor=self.actor, **given).pk, 201)


class MyDay(ApiView):
    """What the caller has promised and must hear."""

    @reads("me_day", "Read one's own day: promises late, today and later, and alerts", DayOut)
    def get(self, request: Request) -> Response:
        return Response(_day(selectors.day_of(person=request.user)))


class MyAlerts(ApiView):
    """Alerts are kept until they were seen."""

    @writes("me_alerts_seen", "Say that one alert, or all, were seen", SeenIn, SeenOut)
    def post(self, request: Request) -> Response:
        return Response({"seen": services.alert_seen(person=request.user, id=self.given(SeenIn)["id"])})


def _row(id: int, status: int) -> Response:
    row = selectors.commitment_get(id)
    return Response(_json(str(row.case_id), selectors.promise_shape(row), moment()[1]), status=status)


def _json(reference: str, promise: PromiseView, at: Any) -> dict[str, Any]:
    return {"reference": reference, **promise.as_json(), "late": promise.is_late(at)}


def _day(day: Day) -> dict[str, Any]:
    def listed(found: tuple[DayPromise, ...]) -> list[dict[str, Any]]:
        return [{**_json(p.reference, p.promise, day.at), "person": p.person} for p in found]

    return {
        "at": day.at.isoformat(), "zone": day.zone, "next_at": day.next_at.isoformat() if day.next_at else None,
        "late": listed(day.late), "today": listed(day.today), "later": listed(day.later),
        "alerts": [_alert(a) for a in day.alerts],
    }  # fmt: skip


def _alert(alert: AlertView) -> dict[str, Any]:
    return {
        "id": alert.id, "kind": alert.kind, "text": alert.text, "reference": alert.reference,
        "at": alert.at.isoformat(),
    }  # fmt: skip


def _own(request: Request, key: str) -> str:
    """A caller's key is the caller's own; another's same words are another key."""
    return f"{request.user.pk}:{key}"[:120] if key else ""


def _of(request: Request, name: str) -> Any:
    return request.user if name == "me" else owner(name)
