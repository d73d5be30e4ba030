"""Who is told of what happens: subscriptions and what was sent to them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from workspace.api.base import ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import Body, Choice, NothingIn, Words
from workspace.api.problems import bad_query
from workspace.api.schemas import number, one_of, shape, text, texts, time
from workspace.outbound import selectors, services
from workspace.outbound.services.collecting import KINDS

URL = "where to POST, e.g. https://shop.example/hooks"
SECRET = "the signing secret by reference, env:NAME or file:/path; its content is whsec_ and base64"
STATES = ("waiting", "sent", "dead")
SubscriptionOut = shape("Subscription", {
    "id": number(), "title": text(), "url": text(), "events": texts(), "secret": text("its reference"),
    "secret_before": text("signs too, until before_until", allow_null=True), "before_until": time(allow_null=True),
    "enabled": s.BooleanField(), "off_why": text("why it was switched off"),
    "failing_since": time("since when nothing has arrived", allow_null=True), "created_at": time(),
    "waiting": number("notices"), "sent": number("notices of the last 30 days"), "dead": number("given up"),
})  # fmt: skip
SubscriptionList = shape("SubscriptionList", {"results": SubscriptionOut(many=True)})
TryOut = shape("NoticeAttempt", {
    "at": time(), "took_ms": number(), "status": number("of HTTP", allow_null=True),
    "reason": text("why it failed, or empty"), "answer": text("the start of what came back"),
})  # fmt: skip
NoticeOut = shape("Notice", {
    "number": number(), "key": text("webhook-id"), "kind": text(), "at": time(), "state": one_of(STATES),
    "attempts": number(), "due_at": time("of the next attempt", allow_null=True),
    "body": text("as it is sent; in outline where not all of it may be seen"),
    "tries": TryOut(many=True),
})  # fmt: skip
NoticeList = shape("NoticeList", {"results": NoticeOut(many=True)})
AgainOut = shape("SentAgain", {"notices": number("that wait again")})
DeletedOut = shape("Deleted", {"id": number(), "deleted": s.BooleanField()})


def events(**more: Any) -> s.ListField:
    return s.ListField(child=Choice(choices=KINDS), min_length=1, max_length=len(KINDS), **more)


class SubscriptionIn(Body):
    title = Words(required=False, default="", allow_blank=True, max_length=200)
    url = Words(max_length=2000, help_text=URL)
    events = events()
    secret = Words(max_length=300, help_text=SECRET)


class SubscriptionChangeIn(Body):
    title = Words(required=False, max_length=200)
    url = Words(required=False, max_length=2000, help_text=URL)
    events = events(required=False)
    enabled = s.BooleanField(required=False)


class SecretIn(Body):
    secret = Words(max_length=300, help_text=SECRET)


class Subscriptions(ApiView):
    """All subscriptions, and a new one."""

    @reads("subscriptions_list", "List the subscriptions", SubscriptionList)
    def get(self, request: Request) -> Response:
        return Response({"results": selectors.subscriptions_list()})

    @writes("subscriptions_add", "Tell an address of events from now on", SubscriptionIn, SubscriptionOut, 201)
    def post(self, request: Request) -> Response:
        return self.once(self._added)

    def _added(self) -> Response:
        made = services.subscription_save(**self.given(SubscriptionIn), by=self.request.user.get_username())
        where = f"/api/v1/subscriptions/{made.pk}/"
        return Response(selectors.subscription_get(made.pk), status=201, headers={"Location": where})


class Subscription(ApiView):
    """One subscription."""

    @reads("subscriptions_read", "Read a subscription", SubscriptionOut)
    def get(self, request: Request, id: int) -> Response:
        return Response(selectors.subscription_get(id))

    @writes("subscriptions_change", "Change a subscription", SubscriptionChangeIn, SubscriptionOut)
    def patch(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._changed(id))

    def _changed(self, id: int) -> Response:
        services.subscription_change(id=id, **self.given(SubscriptionChangeIn))
        return Response(selectors.subscription_get(id))

    @writes("subscriptions_end", "End a subscription", None, DeletedOut)
    def delete(self, request: Request, id: int) -> Response:
        services.subscription_delete(id=id)
        return Response({"id": id, "deleted": True})


class Rotate(ApiView):
    """Another secret."""

    @writes("subscriptions_rotate", "Sign with another secret, and for a day with both", SecretIn, SubscriptionOut)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._rotated(id))

    def _rotated(self, id: int) -> Response:
        services.subscription_rotate(id=id, **self.given(SecretIn))
        return Response(selectors.subscription_get(id))


class Try(ApiView):
    """A notice that says that it is one."""

    @writes("subscriptions_try", "Send a trial notice", NothingIn, NoticeOut, 202)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: self._tried(id))

    def _tried(self, id: int) -> Response:
        self.given(NothingIn)
        return Response(selectors.notice_shape(services.subscription_try(id=id), self.request.user), status=202)


class Again(ApiView):
    """Everything that was given up."""

    @writes("subscriptions_again", "Send what was given up again", NothingIn, AgainOut, 202)
    def post(self, request: Request, id: int) -> Response:
        return self.once(lambda: Response({"notices": services.notices_again(id=id)}, status=202))


class Notices(ApiView):
    """The delivery log of one subscription, newest first."""

    params = {"before": "number of the last notice seen", "state": "of the notice"}

    @reads("notices_list", "List what was sent to a subscription", NoticeList, params, {"state": STATES})
    def get(self, request: Request, id: int) -> Response:
        before, state = self.query.get("before", ""), self.query.get("state", "")
        if before and not (before.isascii() and before.isdigit() and len(before) <= 18):
            raise bad_query("before must be the number of a notice.", "before")
        if state and state not in STATES:
            raise bad_query(f"state must be one of {', '.join(STATES)}.", "state")
        rows = selectors.notices_list(
            id=id, reader=request.user, before=int(before) if before else None, state=state
        )
        return Response({"results": rows})


class NoticeAgain(ApiView):
    """One notice once more, under its own id."""

    @writes("notices_again", "Send one notice again", NothingIn, NoticeOut, 202)
    def post(self, request: Request, key: str) -> Response:
        return self.once(lambda: self._again(key))

    def _again(self, key: str) -> Response:
        return Response(selectors.notice_shape(services.notice_again(key=key), self.request.user), status=202)
