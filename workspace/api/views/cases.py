"""Cases, their timelines and answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.errors import BadRef
from cases.selectors.timelines import limit_clean
from cases.views import CaseView
from connectors.host.selectors import moment
from connectors.sdk import Ref
from workspace import disclosing
from workspace.access.fields import search_refused
from workspace.api import cursors, shapes
from workspace.api import vocabulary as words
from workspace.api.base import AS_OF, ApiView
from workspace.api.docs import reads, writes
from workspace.api.inputs import CaseIn
from workspace.api.problems import Problem, bad_query
from workspace.api.reading import instant, seconds
from workspace.api.schemas import AnswerOut, CaseOut, CasePage, TimelinePage
from workspace.permissions import reads_only

CURSOR = "where to go on: next_cursor of the page before, which also pins as_of"
LIMIT = "entries of a page, 1 to 200 (default 50)"


class Cases(ApiView):
    """The list of cases, newest first, and opening one."""

    params = {
        "state": "of the case", "owner": "user name of the owner", "ref": "what the case is about: order:48-1193",
        "situation": "of the stored answer", "cursor": CURSOR, "as_of": "cases opened up to this instant",
        "limit": LIMIT,
    }  # fmt: skip

    @reads("cases_list", "List cases", CasePage, params, {"state": words.CASE_STATES, "situation": words.SITUATIONS})
    def get(self, request: Request) -> Response:
        query = self.query
        if said := search_refused(request.user, query.get("ref", "")):
            raise Problem("not-allowed", said)
        at = cursors.read(query["cursor"], "cases", query) if query.get("cursor") else {}
        pinned = instant(at.get("as_of", query.get("as_of")))
        as_of, _ = moment(pinned)
        limit = limit_clean(query.get("limit") or 50)
        rows = selectors.cases_list(
            owner=owner(query.get("owner", "")), state=query.get("state", ""), ref=ref(query.get("ref", "")),
            situation=known(query, "situation", words.SITUATIONS), opened_by=as_of, before=at.get("before"),
            limit=limit + 1,
        )  # fmt: skip
        more = rows[limit - 1].reference if len(rows) > limit else None
        content = {"as_of": as_of.isoformat(), "before": int(more)} if more else None
        cursor = cursors.made(content, "cases", query) if content else None
        disclosing.listed(request, [row.reference for row in rows[:limit]])
        return Response(cursors.page(request, query, [shapes.queue_item(r) for r in rows[:limit]], cursor, as_of))

    @writes("cases_open", "Open a case", CaseIn, CaseOut, 201)
    def post(self, request: Request) -> Response:
        return self.once(self._opened)

    def _opened(self) -> Response:
        given = self.given(CaseIn)
        case = services.case_open(**given, actor=self.actor)
        services.case_gather(case)
        view = selectors.case_view(case=case)
        where = f"/api/v1/cases/{case.reference}/"
        return Response(shapes.case(view), status=201, headers={"Location": where})


class Case(ApiView):
    """One case."""

    params = {"as_of": AS_OF}

    @reads("cases_read", "Read a case", CaseOut, params)
    def get(self, request: Request, reference: str) -> Response:
        view = selectors.case_view(case=reference, as_of=instant(self.query.get("as_of")))
        return Response(shapes.case(view))


class Timeline(ApiView):
    """Facts and events in one order."""

    params = {
        "domain": "finance, warehouse, policy, order, messages, case …",
        "kind": "a FactKind, an EventKind, or a connector's own", "as_of": AS_OF,
        "earlier": "yes: the customer's earlier cases follow, each after an entry of type case (default no)",
        "cursor": CURSOR, "limit": LIMIT,
    }  # fmt: skip

    @reads("cases_timeline", "Read a case's timeline, newest first", TimelinePage, params)
    def get(self, request: Request, reference: str) -> Response:
        query, about = self.query, f"timeline {reference}"
        inner = cursors.read(query["cursor"], about, query)["after"] if query.get("cursor") else ""
        page = selectors.timeline_page(
            case=reference, as_of=None if inner else instant(query.get("as_of")), domain=query.get("domain", ""),
            kind=kind(query.get("kind", "")), cursor=inner, limit=query.get("limit") or 50,  # type: ignore[arg-type]
            earlier=known(query, "earlier", ("yes", "no")) == "yes",
        )  # fmt: skip
        cursor = cursors.made({"after": page.next_cursor}, about, query) if page.next_cursor else None
        rows = [shapes.entry(line) for line in page.entries]
        return Response(cursors.page(request, query, rows, cursor, page.as_of, counts=dict(page.counts)))


class Answer(ApiView):
    """What may be said now, and why. Never waits for a source: the event loop does, before this is called."""

    params = {
        "wait": "seconds to wait for sources that are past their limit, 0 to 10 (default 0)",
        "as_of": AS_OF + "; then nothing is gathered",
        "question": "one of those that are asked in the case (default: the main one, whose draft alone there is)",
    }

    @reads("cases_answer", "Read the answer of a case", AnswerOut, params)
    def get(self, request: Request, reference: str) -> Response:
        seconds(self.query.get("wait", ""))
        as_of = instant(self.query.get("as_of"))
        case = selectors.case_get(reference)
        if as_of is None and not reads_only(request.user):
            services.case_gather(case)
        view = selectors.case_view(case=case, as_of=as_of)
        shown = _asked(view, self.query.get("question", ""))
        self._remember(case, view, as_of)
        return Response(shapes.answer(shown))

    def _remember(self, case: Any, view: CaseView, as_of: datetime | None) -> None:
        """Who was shown what, so that a later replay shows it too."""
        seen = {"case": case, "as_of": view.as_of, "at": view.at, "actor": self.actor}
        if as_of is None and not reads_only(self.request.user):
            services.answer_shown(answer=view.answer, **seen)
        services.case_viewed(digest=view.answer.digest, live=as_of is None, **seen)


def _asked(view: CaseView, question: str) -> CaseView:
    """The view with the answer to one of its questions in the place of the main one's."""
    if question in ("", view.question):
        return view
    answer = next((a for a in view.also if a.question == question), None)
    if answer is None:
        raise bad_query(f"This is not asked in the case. Use one of: {', '.join(view.questions)}.", "question")
    return replace(view, answer=answer, draft="")


def owner(name: str) -> Any:
    """The person of this user name, or None for an empty one."""
    if not name:
        return None
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise bad_query(f"There is nobody of the user name {name[:40]!r}.", "owner")
    return found


def ref(text: str) -> Ref | None:
    if not text:
        return None
    try:
        return Ref.parse(text)
    except ValueError as error:
        raise BadRef(str(error), "ref") from error


def known(query: dict[str, str], name: str, choices: tuple[str, ...]) -> str:
    """A parameter that has one of these values, or none."""
    value = query.get(name, "")
    if value and value not in choices:
        raise bad_query(f"{value[:40]!r} is no {name}. Use one of: {', '.join(choices)}.", name)
    return value


def kind(text: str) -> str:
    """A kind that there can be: a mistyped one must not look like a timeline on which nothing happened."""
    listed = (*words.FACT_KINDS, *words.EVENT_KINDS)
    families = {k.split(".")[0] for k in listed}
    if text and text not in listed and ("." not in text or text.split(".")[0] in families):
        raise bad_query(f"{text[:40]!r} is no kind. Use one of: {', '.join(listed)}, or a connector's own.", "kind")
    return text
