"""A reply is taken back before it has left: the customer was never told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from cases.actors import Actor
from cases.errors import WrongState
from cases.models import Case, Commitment, Draft, OutboxMail, Statement
from cases.selectors.case import case_view
from cases.services.drafting import draft_save
from cases.services.follow import case_follow
from cases.services.promise_rows import row_unsaid
from cases.services.record import case_locked, event_add
from connectors.host.selectors import moment


def message_withdraw(*, statement: Statement, actor: Actor) -> Statement:
    """Undo a letter that still waits to leave. Its words are the author's draft again, unless they have begun another.

    A case that was closed with it is open again. Raises WrongState once it leaves, and for anybody but its author.
    """
    with case_locked(statement.case_id) as case:
        mail = OutboxMail.objects.select_for_update().filter(statement=statement).first()
        if mail is None:
            raise WrongState("This reply did not go by e-mail, so it can't be taken back.")
        if (statement.actor_kind, statement.actor) != (actor.kind, actor.id):
            raise WrongState("Only who wrote a reply can take it back.")
        if mail.state != "queued" or mail.attempts or mail.due_at <= moment()[1]:
            raise WrongState("Too late: the letter is on its way. Write again to put it right.")
        mail.state = "withdrawn"
        mail.save(update_fields=["state"])
        data: dict[str, Any] = {"statement": statement.pk}
        if case.state != "open":
            case.state = data["state"] = "open"
            case.save(update_fields=["state"])
        event_add(case, "message.withdrawn", actor, data)
        _promises_end(case, statement, actor)
        _draft_again(case, statement, actor)
    case_follow(case)
    return statement


def _promises_end(case: Case, statement: Statement, actor: Actor) -> None:
    """What the letter would have promised was never promised."""
    for promise in Commitment.objects.filter(statement=statement, state="open").order_by("pk"):
        promise.case = case
        row_unsaid(promise, actor, case_view(case=case))


def _draft_again(case: Case, statement: Statement, actor: Actor) -> None:
    if actor.kind == "person" and not Draft.objects.filter(case=case, author=int(actor.id)).exists():
        author = get_user_model().objects.get(pk=int(actor.id))
        draft_save(case=case, author=author, text=statement.words, answer_digest=statement.answer_digest)
