"""What is done in a case: each a POST, one service, one event."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from cases import selectors, services
from cases.errors import AnswerChanged, BadInput, NeedsReason, NotToBeTold, RepliedMeanwhile
from workspace.api import shapes
from workspace.api.auth import AskingRate, Rate, is_program
from workspace.api.base import ApiView
from workspace.api.docs import writes
from workspace.api.inputs import MessageIn, NoteIn, NothingIn, OwnerIn, RefsIn, VerifyIn, WhyIn
from workspace.api.problems import Problem
from workspace.api.schemas import CaseOut, MessageOut, NoteOut, RefreshOut
from workspace.api.views.telling import refused


class Verb(ApiView):
    """A POST that does one thing to one case, once."""

    def done(self, request: Request, reference: str) -> Response:
        return self.once(lambda: self.act(selectors.case_get(reference)))

    def act(self, case: Any) -> Response:
        raise NotImplementedError


def as_it_is(case: Any) -> Response:
    """The case after the deed."""
    return Response(shapes.case(selectors.case_view(case=case)))


class Messages(Verb):
    """What the customer is told, and what the customer says."""

    @writes("cases_message", "Reply, or hand in what the customer wrote", MessageIn, MessageOut, 201, True)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        given = self.given(MessageIn)
        return self._came(case, given) if given["direction"] == "in" else self._sent(case, given)

    def _came(self, case: Any, given: dict[str, Any]) -> Response:
        # A customer's words stay the customer's, whoever hands them in.
        writer, name = given["author_ref"], given["author"]
        other = bool(writer) and not services.writer_known(case=case, writer=writer)
        details = {k: v for k, v in (("author", name), ("sender", writer.partition(":")[2])) if v}
        event = services.message_receive(
            case=case, text=given["text"], channel=given["channel"], third_party=other, details=details,
            actor=services.Actor.customer(name),
        )  # fmt: skip
        return Response(self._shape(case, given, event.pk, event.at, given["text"]), status=201)

    def _sent(self, case: Any, given: dict[str, Any]) -> Response:
        if is_program(self.request.user):
            raise Problem("not-allowed", "Programs hand in customers' messages (direction in); people send replies.")
        promises = _confirmed(case, given["text"], given["promises"])
        try:
            told = services.message_send(
                case=case, text=given["text"], answer_digest=given["digest"], recipient=given["recipient"],
                actor=self.actor, channel=given["channel"], kept=given["kept"], promises=promises,
                copies=given["copies"], settles=given["settles"], since_seq=given["since"],
                undo_s=given["undo_s"],
            )  # fmt: skip
        except RepliedMeanwhile as error:
            replies = [{"at": shapes.instant(r.at), "by": r.actor_name, "text": r.body} for r in error.replies]
            raise Problem(
                "replied-meanwhile", str(error), replies=replies, seen=error.seen, text=error.text
            ) from error
        except (NeedsReason, NotToBeTold) as error:
            raise refused(error) from error
        except AnswerChanged as error:
            raise _changed(case, str(error), given["text"]) from error
        to = f"{told.recipient.scheme}:{told.recipient.value}" if told.recipient else None
        found = self._shape(case, given, told.event_id, told.at, told.words)
        found |= {"statement": told.pk, "recipient": to, "claims": told.claims, "unchecked": told.unchecked}
        return Response(found, status=201)

    def _shape(self, case: Any, given: dict[str, Any], event: int, at: Any, text: str) -> dict[str, Any]:
        return {
            "reference": case.reference, "direction": given["direction"], "event": event, "at": shapes.instant(at),
            "channel": given["channel"], "text": text, "statement": None, "recipient": None, "claims": [],
            "unchecked": [],
        }  # fmt: skip


def _confirmed(case: Any, text: str, given: list[dict[str, Any]]) -> tuple[services.Promised, ...]:
    """The promises of a reply that its writer confirms. Raises BadInput for words that promise nothing with a time."""
    if not given:
        return ()
    found = selectors.promised(selectors.case_view(case=case), text, {g["words"]: g["instead"] for g in given})
    if len(found) != len({g["words"] for g in given}):
        said = "These words of the reply promise nothing with a time. Take them from the draft's check: data.words."
        raise BadInput(said, "promises")
    return found


def _changed(case: Any, said: str, text: str) -> Problem:
    """409 with what is true now and the writer's words, so that nothing typed is lost."""
    view = selectors.case_view(case=case)
    return Problem("answer-changed", said, answer=shapes.answer(view), draft=view.draft, text=text)


class Refresh(Verb):
    """Ask every source again. Returns at once; the stream tells when something has come."""

    throttle_classes = [Rate, AskingRate]

    @writes("cases_refresh", "Ask every source again, now", NothingIn, RefreshOut, 202)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        self.given(NothingIn)
        gathering = services.case_refresh(case=case)
        return Response({"reference": case.reference, "refused": dict(gathering.rejected)}, status=202)


class Notes(Verb):
    """Words for colleagues; the customer never sees them."""

    @writes("cases_note", "Add a note for colleagues", NoteIn, NoteOut, 201)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        text = self.given(NoteIn)["text"]
        event = services.note_add(case=case, text=text, actor=self.actor)
        found = {"reference": case.reference, "event": event.pk, "at": shapes.instant(event.at), "text": text}
        return Response(found, status=201)


class Verify(Verb):
    """How we know that the asker is the customer."""

    @writes("cases_verify", "Record how the asker was verified", VerifyIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        return as_it_is(services.asker_verify(case=case, actor=self.actor, **self.given(VerifyIn)))


class Close(Verb):
    """The matter is done."""

    @writes("cases_close", "Close a case", WhyIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        return as_it_is(services.case_close(case=case, actor=self.actor, **self.given(WhyIn)))


class Reopen(Verb):
    """Back to work."""

    @writes("cases_reopen", "Reopen a case", WhyIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        return as_it_is(services.case_reopen(case=case, actor=self.actor, **self.given(WhyIn)))


class Refs(Verb):
    """What the case is about, too: the answer to "which one?"."""

    @writes("cases_refs", "Add references to a case", RefsIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        changed = services.refs_add(case=case, actor=self.actor, **self.given(RefsIn))
        services.case_gather(changed)
        return as_it_is(changed)


class Owner(Verb):
    """Who is accountable from now on, without being asked: for supervisors and programs. Others offer the case."""

    @writes("cases_owner", "Give a case to another person without asking them", OwnerIn, CaseOut)
    def post(self, request: Request, reference: str) -> Response:
        return self.done(request, reference)

    def act(self, case: Any) -> Response:
        return as_it_is(services.owner_change(case=case, actor=self.actor, **self.given(OwnerIn)))
