"""Programs push facts, as CloudEvents 1.0."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import IO, Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers as s
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from connectors.host.services import facts_push
from connectors.sdk.cloudevents import BATCH, STRUCTURED, NotEvents, events_of, mode_of
from workspace.api.base import ApiView
from workspace.api.docs import problems_of
from workspace.api.problems import Problem, pointed
from workspace.api.reading import json_read, unfit
from workspace.api.schemas import AnyObject, number, one_of, shape, text
from workspace.api.vocabulary import PUSH_STATUSES

AT_ONCE = 1000
_FIELD = re.compile(r"([a-z_]+(?:/[\w]+)*): ")

CloudEventIn = shape("CloudEvent", {
    "specversion": one_of(["1.0"]),
    "id": text("the event's own id: the same again is no news"),
    "source": text("name of a source that takes pushes, or a URI that ends in it"),
    "type": text("the fact's kind, e.g. return.received"),
    "subject": text("what it is about, e.g. return:RMA-77120", required=False),
    "time": s.DateTimeField(required=False, help_text="when it occurred"),
    "day": s.DateField(required=False, help_text="instead of time, where only the day is known"),
    "data": AnyObject(required=False, help_text="fields of the kind; further references as refs: [scheme:value]"),
    "recordtype": text("the kind of record that several events are about", required=False),
    "recordid": text("its id", required=False),
    "sequence": number("orders the events of a record", required=False),
    "said": text("the sentence on the timeline, for kinds in a namespace of your own", required=False),
    "url": text("opens the record where it is kept", required=False),
    "undone": s.BooleanField(required=False, help_text="true: it never happened after all"),
}, "One fact as a CloudEvent 1.0; other extension attributes are kept and not read.")  # fmt: skip
PushedOut = shape("PushedFact", {
    "index": number("its place among the events sent"), "id": s.CharField(allow_null=True),
    "status": one_of(PUSH_STATUSES), "reason": text("of a refusal: the attribute, and what to write"),
})  # fmt: skip
PushOut = shape("Pushed", {
    "recorded": number(), "unchanged": number("known already"), "refused": number(), "results": PushedOut(many=True),
})  # fmt: skip
HEADERS = [
    OpenApiParameter(f"ce-{name}", str, OpenApiParameter.HEADER, description=f"binary mode: {name}")
    for name in ("specversion", "id", "source", "type", "subject", "time")
]


class AnyBody(BaseParser):
    """JSON whatever the media type says: the view knows the modes of CloudEvents."""

    media_type = "*/*"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        raw = stream.read()
        return json_read(raw) if raw.strip() else None


class Facts(ApiView):
    """What a system of record says by itself."""

    parser_classes = [AnyBody]

    @extend_schema(
        operation_id="facts_push", summary="Push facts as CloudEvents", tags=["facts"], parameters=HEADERS,
        request={STRUCTURED: CloudEventIn, BATCH: CloudEventIn(many=True), "application/json": OpenApiTypes.OBJECT},
        responses={200: OpenApiResponse(PushOut, "One result for each event, in their order"), **problems_of()},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        events = self._events(request)
        if len(events) > AT_ONCE:
            raise Problem("too-large", f"{len(events):,} events are too many. Send at most {AT_ONCE:,} at a time.")
        unsound = {n: next(unfit(event, "", 0), None) for n, event in enumerate(events)}
        sound = [n for n in unsound if unsound[n] is None]
        pushed = dict(zip(sound, facts_push(events=[events[n] for n in sound]), strict=True))
        results = [
            _result(n, event, *((pushed[n].status, pushed[n].reason) if n in pushed else ("refused", _why(unsound[n]))))
            for n, event in enumerate(events)
        ]
        counts = Counter(result["status"] for result in results)
        if results and counts["refused"] == len(results):
            raise _nothing(results, single=len(events) == 1 and mode_of_request(request) != "batch")
        return Response({**{status: counts[status] for status in PUSH_STATUSES}, "results": results})

    def _no_mask(self, request: Request) -> None:
        self._mode(request)  # what the body is comes before what is in it
        super()._no_mask(request)

    def _mode(self, request: Request) -> str:
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Problem("bad-media-type", "Send the body as it is, without Content-Encoding.")
        try:
            return mode_of_request(request)
        except NotEvents as error:
            raise Problem("bad-media-type", str(error)) from None

    def _events(self, request: Request) -> list[Any]:
        try:
            return events_of(self._mode(request), _lower(request), request.data)
        except NotEvents as error:
            raise Problem("bad-request", str(error)) from None


def mode_of_request(request: Request) -> str:
    return mode_of(request.content_type or "", _lower(request))


def _lower(request: Request) -> dict[str, str]:
    return {name.lower(): str(value) for name, value in request.headers.items()}


def _why(place: Mapping[str, str] | None) -> str:
    """As a refusal reads: the attribute first."""
    assert place is not None
    return f"{place['pointer'].lstrip('#/') or 'data'}: {place['detail']}"


def _result(index: int, event: Any, status: str, reason: str) -> dict[str, Any]:
    id_ = event.get("id") if isinstance(event, dict) else None
    return {"index": index, "id": id_ if isinstance(id_, str) else None, "status": status, "reason": reason}


def _nothing(results: list[dict[str, Any]], single: bool) -> Problem:
    """422: each event with what is wrong with it, at its place."""
    places = []
    for result in results:
        field = _FIELD.match(result["reason"])
        start = "" if single else f"/{result['index']}"
        places.append(pointed(result["reason"], f"{start}/{field[1]}" if field else start))
    more = f" (and {len(places) - 1} more, see errors)" if len(places) > 1 else ""
    return Problem("nothing-recorded", places[0]["detail"] + more, errors=places)
