"""Sources, single facts, search, and addresses where nothing is."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors
from connectors.host import selectors as host
from workspace import disclosing
from workspace.access.fields import schemes_hidden, search_refused
from workspace.api import shapes
from workspace.api.base import AS_OF, ApiView
from workspace.api.docs import reads
from workspace.api.problems import Problem, bad_query
from workspace.api.reading import instant
from workspace.api.schemas import FactOut, SearchOut, SourceList

MAX_ID = 2**63 - 1


class Sources(ApiView):
    """Every system of record in use, and how it fares."""

    params = {"as_of": AS_OF}

    @reads("sources_list", "List the sources", SourceList, params)
    def get(self, request: Request) -> Response:
        as_of, _ = host.moment(instant(self.query.get("as_of")))
        rows = shapes.sources(host.sources_list(as_of if "as_of" in self.query else None))
        return Response({"as_of": as_of.isoformat(), "results": rows})


class Fact(ApiView):
    """One fact version, all versions of the same, and the row it was read from."""

    @reads("facts_read", "Read a fact with its versions and raw row", FactOut)
    def get(self, request: Request, id: int) -> Response:
        found = host.fact_get(id) if id <= MAX_ID else None
        if found is None:
            raise Problem("not-found", f"There is no fact {id if id <= MAX_ID else 'of this number'}.")
        versions = [shapes.fact(v) for v in host.fact_versions(id)]
        return Response({**shapes.fact(found), "versions": versions, "raw": host.fact_raw(id)})


class Search(ApiView):
    """The one box: order numbers, e-mails, names and case references."""

    params = {"q": "an order number, an e-mail, a name or a case's reference"}

    @reads("search", "Find orders, people and cases", SearchOut, params)
    def get(self, request: Request) -> Response:
        q = self.query.get("q", "").strip()
        if not q:
            raise bad_query("Say what to look for, e.g. ?q=48-1193.", "q")
        if said := search_refused(request.user, q):
            raise Problem("not-allowed", said)
        found = selectors.search(q, without=schemes_hidden(request.user))
        disclosing.found(request, found)
        return Response(shapes.search(found))


class Nothing(ApiView):
    """Any other address of the API: a problem document, never a page."""

    schema = None
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    throttle_classes: list[Any] = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        hint = "" if request.path.endswith("/") else " Addresses end with a slash."
        raise Problem("not-found", f"There is nothing at this address.{hint} See /api/v1/schema/ for what there is.")
