"""The ledger: its state, its anchors, a verification, who looked at whose data, and a case as a bundle."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from cases.selectors import ledger
from cases.services import ledger as keeping
from cases.views.ledger import LookView, RunView
from workspace.access.fields import masker
from workspace.api.base import AS_OF, ApiView
from workspace.api.docs import reads, writes
from workspace.api.problems import bad_query
from workspace.api.reading import instant
from workspace.api.schemas import number, numbers, shape, text, texts, time

RunOut = shape("LedgerRun", {
    "state": text("waiting, running, intact, broken or failed"), "sentence": text(), "erased": text(),
    "asked_by": text(), "asked_at": time(), "ended_at": time(allow_null=True),
})  # fmt: skip
LedgerOut = shape("Ledger", {
    "last": RunOut(allow_null=True), "now": RunOut(allow_null=True), "anchored": number("days that are signed"),
    "waiting_days": number("days that are over and not signed"), "key": text("the id of the key that signs"),
})  # fmt: skip
LookOut = shape("Look", {
    "id": text(), "at": time(), "who": text(), "what": text(), "cases": texts(), "customers": numbers(),
    "refs": texts(), "why": text(), "route": text(),
})  # fmt: skip
LooksOut = shape("Looks", {"results": LookOut(many=True), "next": text("give it as before; empty at the end")})
AnchorsOut = shape("Anchors", {"format": text(), "keys": s.JSONField(), "anchors": s.JSONField()})
BundleOut = shape("Bundle", {
    "format": text(), "case": text(), "as_of": time(), "made_at": time(), "made_by": text(), "notes": s.BooleanField(),
    **{name: s.JSONField() for name in ("events", "facts", "raw_rows", "checks", "statements", "heads", "answer",
                                        "anchors", "keys", "signature")},
}, "Verified by cases/ledger/verify_bundle.py; docs/ledger.md has its parts.")  # fmt: skip


class Ledger(ApiView):
    """Whether history holds, as the last verification found."""

    @reads("ledger_read", "The state of the ledger", LedgerOut)
    def get(self, request: Request) -> Response:
        found = ledger.ledger_state(keeping.ledger_key())
        return Response({
            "last": _run(found.last), "now": _run(found.now), "anchored": found.anchored,
            "waiting_days": found.waiting_days, "key": found.key,
        })  # fmt: skip


class LedgerVerify(ApiView):
    """A verification of everything, done by workers."""

    @writes("ledger_verify", "Ask for a verification", None, LedgerOut, 202)
    def post(self, request: Request) -> Response:
        return self.once(self._asked)

    def _asked(self) -> Response:
        keeping.ledger_run(actor=self.actor)
        return Response(Ledger().get(self.request).data, status=202)


class LedgerAnchors(ApiView):
    """The signed anchors and the public keys, to be kept elsewhere."""

    @reads("ledger_anchors", "Signed anchors", AnchorsOut)
    def get(self, request: Request) -> HttpResponse:
        return exact("".join(ledger.anchors_export()))


class LedgerAccess(ApiView):
    """Who looked at whose data, newest first."""

    params = {
        "person": "user name of who looked", "case": "a case's reference", "customer": "a customer's number",
        "since": "looks from this instant on", "until": "looks up to this instant",
        "before": "where to go on: next of the answer before",
    }  # fmt: skip

    @reads("ledger_access", "Who looked at whose data", LooksOut, params)
    def get(self, request: Request) -> Response:
        query = self.query
        rows, following = ledger.access_search(
            person=query.get("person", ""), case=query.get("case", ""), customer=query.get("customer", ""),
            since=instant(query.get("since")), until=instant(query.get("until")), before=query.get("before", ""),
        )  # fmt: skip
        return Response({"results": [_look(row) for row in rows], "next": following})


class Bundle(ApiView):
    """A case as a signed bundle."""

    params = {"as_of": AS_OF, "notes": "0 leaves out what is meant for colleagues (default 1)"}

    @reads("cases_bundle", "A case as a signed bundle", BundleOut, params)
    def get(self, request: Request, reference: str) -> HttpResponse:
        notes = self.query.get("notes", "1")
        if notes not in ("0", "1"):
            raise bad_query("notes is 0 or 1.", "notes")
        case = selectors.case_get(reference)
        bundle = keeping.case_export(
            case=case, actor=self.actor, notes=notes == "1", route="api_bundle", hide=masker(request.user, case),
            as_of=selectors.copied_until(reader=request.user, case=case, as_of=instant(self.query.get("as_of"))),
            reviews=selectors.reviews_told(reader=request.user),
        )  # fmt: skip
        return exact(json.dumps(bundle, ensure_ascii=False))


def exact(text: str) -> HttpResponse:
    """JSON that nothing masks or spells anew: it is signed, and what its reader may not see is left out already."""
    return HttpResponse(text.encode(), content_type="application/json")


def _run(run: RunView | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"state": run.state, "sentence": run.sentence, "erased": run.erased, "asked_by": run.asked_by,
            "asked_at": run.asked_at, "ended_at": run.ended_at}  # fmt: skip


def _look(look: LookView) -> dict[str, Any]:
    return {
        "id": look.id, "at": look.at, "who": look.who, "what": look.what, "cases": look.cases,
        "customers": [number_ for number_, _ in look.customers], "refs": look.refs, "why": look.why,
        "route": look.route,
    }  # fmt: skip
