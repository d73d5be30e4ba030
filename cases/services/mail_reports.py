"""What mail systems tell about our letters, and answers that programs give by themselves."""

from __future__ import annotations

from cases.actors import Actor
from cases.mail import Bounce, Letter
from cases.models import Case, InMailWork, OutboxMail
from cases.services.alerting import alert_tell
from cases.services.follow import case_follow
from cases.services.mail_threads import outgoing_of_id
from cases.services.owning import owner_ensure
from cases.services.record import case_locked, event_add
from connectors.host.services import clock_tick

BY_MAIL = Actor.rule("mail", "The mail system")
Aside = tuple[str, str, Case | None]


def report_take(work: InMailWork, letter: Letter) -> Aside:
    """A report about one of our letters: its statement's letter has failed, with the reason, and the owner is told."""
    found: Bounce | None = letter.bounce
    assert found is not None
    sent = next((m for id_ in found.original_ids if (m := outgoing_of_id(id_))), None)
    if sent is None:
        return "bounce", "A report about a letter that did not leave from here.", None
    case = sent.statement.case
    if found.action == "failed":
        _failed(sent, f"{found.recipient or 'The address'} was not reached: {found.reason}")
        return "bounce", "A report that a letter of ours did not arrive.", case
    if found.action == "delayed":
        automatic_note(work, letter, case, f"A letter is late: {found.reason}")
        return "delayed", "A report that a letter of ours is late; the mail system goes on trying.", case
    return "delayed", "A report that a letter of ours arrived.", case


def _failed(sent: OutboxMail, reason: str) -> None:
    with case_locked(sent.statement.case_id) as case:
        held = OutboxMail.objects.select_for_update().get(pk=sent.pk)
        if held.state == "failed":
            return
        held.state, held.last_error = "failed", reason
        held.save(update_fields=["state", "last_error"])
        data = {"statement": held.statement_id, "delivery": "failed", "error": reason}
        if case.state != "open":
            owner_ensure(case)
            case.state = data["state"] = "open"
            case.save(update_fields=["state"])
        at = clock_tick()
        event_add(case, "message.delivery", BY_MAIL, data, at)
        said = f"A letter in case {case.reference} did not arrive. {reason}"
        alert_tell(
            person=case.owner_id, case=case, kind="mail.failed", text=said, key=f"mail-failed-{held.pk}", at=at
        )  # fmt: skip
    case_follow(case)


def automatic_note(work: InMailWork, letter: Letter, case: Case, text: str = "") -> Case:
    """Into the case's history, once, that a program answered. Nothing follows from it: no state, no wait, no answer."""
    with case_locked(case) as locked:
        known = locked.events.filter(kind="message.automatic", payload__data__mail=work.pk)
        if not known.exists():
            words = text or letter.text.strip()[:2000] or letter.subject
            data = {"mail": work.pk, "sender": letter.sender, "why": letter.automatic, "text": words}
            event_add(locked, "message.automatic", BY_MAIL, data)
    return locked
