"""What the pages are looked at with: each scene makes its rows and says who looks, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cases.models import InMailWork, OutboxMail
from cases.selectors import case_view
from cases.services import (
    Actor,
    asker_verify,
    case_follow,
    commitment_make,
    handover_offer,
    mails_work,
    member_save,
    message_send,
    outbox_send,
    promises_sweep,
    question_add,
    team_save,
)
from connectors.host.models import FileImport
from connectors.host.services import facts_push, import_work, imports_due, source_save
from connectors.host.services.gathering import lanes
from tests.cases.conftest import EUR, opened
from tests.cases.test_acting import ask
from tests.customers.conftest import bought
from tests.mail.letters import letter
from tests.sources.conftest import checked, make
from tests.sources.test_importing import CSV, MAPPING
from tests.sources.test_telling import EVENT, _fail
from workspace.mail.folders import letter_put
from workspace.mail.reading import inbox_read

Seen = tuple[str, str]
"""Who looks, and where."""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def replied(case: Any, by: User, **more: Any) -> Any:
    digest = case_view(case=case).answer.digest
    return message_send(case=case, text="We look into it.", answer_digest=digest, actor=Actor.person(by), **more)


# Letters


def _letters(house: SimpleNamespace) -> int:
    """One letter in a case with a file, one that waits for a person, one that came back; the first's number."""
    case = opened(house.dana)
    replied(case, house.dana)
    outbox_send()
    answers = OutboxMail.objects.get().message_id
    made = letter("Where is it now?\n\n-- \nMaya Lindqvist\nOulu", answers=answers, reply_to="else@elsewhere.example")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="receipt from the shop.pdf")
    held = "\r\n".join(["From: nobody", "Subject: hello " + "a" * 90, "", "Where is it?"]).encode()
    automatic = letter("I am away until Monday.", answers=answers, subject="Away", auto_submitted="auto-replied")
    for one in (made.as_bytes(), held, automatic.as_bytes()):
        letter_put(house.inbox, one)
    inbox_read()
    mails_work()
    return int(case.pk)


def letters(house: SimpleNamespace) -> Seen:
    _letters(house)
    return "dana", "/letters/"


def one_letter(house: SimpleNamespace) -> Seen:
    case = _letters(house)
    return "dana", f"/letters/{InMailWork.objects.filter(case=case).order_by('pk')[0].pk}/"


def held_letter(house: SimpleNamespace) -> Seen:
    _letters(house)
    return "dana", f"/letters/{InMailWork.objects.get(state='held').pk}/"


def undo_bar(house: SimpleNamespace) -> Seen:
    case = opened(house.dana)
    replied(case, house.dana, undo_s=600)
    return "dana", f"/cases/{case.reference}/#talk"


# A second person


def second_person(house: SimpleNamespace) -> Seen:
    source_save(name="bank", title="The bank", connector="bank", domain="finance", freshness_s=60,
                settings={"base_url": "http://127.0.0.1:9", "internal": True})  # fmt: skip
    case = opened(house.dana, "payment:pi_1")
    ask(case, house.dana, "250.00")
    return "sam", f"/cases/{case.reference}/actions/"


def second_person_case(house: SimpleNamespace) -> Seen:
    _, where = second_person(house)
    return "dana", where.replace("actions/", "#talk")


# Owning


def _team(house: SimpleNamespace) -> None:
    who = Actor.person(house.sam)
    hours = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    team = team_save(name="refunds", title="Refunds", lead=house.sam, questions=["refund-status"], actor=who,
                     hours=hours, zone="Europe/Helsinki")  # fmt: skip
    for one in (house.dana, house.tom):
        member_save(team=team, person=one, actor=who)
    team_save(name="night", title="Night shift", lead=house.tom, questions=[], actor=who)


def teams(house: SimpleNamespace) -> Seen:
    _team(house)
    return "sam", "/teams/"


def one_team(house: SimpleNamespace) -> Seen:
    _team(house)
    return "sam", "/teams/refunds/"


def leave(house: SimpleNamespace) -> Seen:
    _team(house)
    opened(house.tom)
    return "sam", "/people/tom/leave/"


def handover(house: SimpleNamespace) -> Seen:
    _team(house)
    return "dana", f"/cases/{_promised(house).reference}/handover/"


def offer(house: SimpleNamespace) -> Seen:
    case = _promised(house)
    why = "Tom knows the warehouse, and Maya has asked twice about the parcel that never came."
    handover_offer(case=case, to=house.tom, why=why, actor=Actor.person(house.dana))
    return "tom", f"/cases/{case.reference}/#talk"


def offered_list(house: SimpleNamespace) -> Seen:
    offer(house)
    return "tom", "/cases/"


def _promised(house: SimpleNamespace) -> Any:
    case = opened(house.dana)
    for what, hours in (("Call Maya back", 2), ("Tell her that the refund has left the bank", 30)):
        due = timezone.now() + timedelta(hours=hours)
        commitment_make(case=case, what=what, due_at=due, actor=Actor.person(house.dana))
    return case


def day(house: SimpleNamespace) -> Seen:
    _promised(house)
    promises_sweep(at=timezone.now() + timedelta(hours=40))
    return "dana", "/day/"


# Sources


def import_form(house: SimpleNamespace) -> Seen:
    make()
    return "sam", "/sources/warehouse/import/"


def import_running(house: SimpleNamespace) -> Seen:
    make()
    client, file = signed_in(house.sam), SimpleUploadedFile("returns.csv", CSV.encode())
    client.post("/sources/warehouse/import/", {"do": "look", "file": file, "mapping": MAPPING})
    client.post("/sources/warehouse/import/", {"do": "import", "mapping": MAPPING})
    return "sam", f"/sources/warehouse/imports/{FileImport.objects.get().pk}/"


def import_refused(house: SimpleNamespace) -> Seen:
    seen = import_running(house)
    for id_ in imports_due():
        while import_work(import_id=id_):
            pass
    return seen


def tells(house: SimpleNamespace) -> Seen:
    """A source that only pushes."""
    source_save(name="till", title="Till", connector="push", domain="warehouse", settings={}, freshness_s=60)
    facts_push(events=[EVENT])
    return "sam", "/sources/till/"


def rests(house: SimpleNamespace) -> Seen:
    """A source that is left alone for a while."""
    ledger = make("ledger", poll_s=None)
    checked(ledger, 0.1, "unreachable", "Ledger can’t be reached.")
    _fail(lanes.lane_of(ledger), 6)
    return "sam", "/sources/ledger/"


# What was told, and who is who


def no_longer_holds(house: SimpleNamespace) -> Seen:
    house.say("refund.approved", {"amount": EUR}, "refund:re_1", "payment:pi_1", ago=3)
    case = opened(house.dana)
    dana = Actor.person(house.dana)
    asker_verify(case=case, how="order_and_email", actor=dana)
    told = "Your refund of €84.90 is approved."
    message_send(case=case, text=told, answer_digest=case_view(case=case).answer.digest, actor=dana)
    less = {"amount": "79.90", "currency": "EUR"}
    house.say("refund.paid", {"amount": less, "method": "card"}, "refund:re_1", "payment:pi_1", ago=0.01)
    case_follow(case)
    return "dana", f"/cases/{case.reference}/#talk"


def who_is_this(house: SimpleNamespace) -> Seen:
    for order, number, name in (("48-1500", "1", "Maya Lindqvist"), ("48-2000", "2", "Mikael Lindqvist")):
        bought(house.say, order, number, name)
        opened(house.dana, f"order:{order}")
    return "dana", f"/cases/{opened(house.dana, 'email:maya@example.com').reference}/#talk"


def several(house: SimpleNamespace) -> Seen:
    case = opened(house.dana)
    for question in ("order-status", "invoice-copy"):
        question_add(case=case, question=question, actor=Actor.person(house.dana))
    return "dana", f"/cases/{case.reference}/"


PAGES: tuple[Callable[[SimpleNamespace], Seen], ...] = (
    letters, one_letter, held_letter, undo_bar, second_person, second_person_case, teams, one_team, leave, handover,
    offer, offered_list, day, import_form, import_running, import_refused, tells, rests,
    no_longer_holds, who_is_this, several,
)  # fmt: skip
WITHOUT_MAYA = (import_form, import_running, import_refused, tells, rests)
