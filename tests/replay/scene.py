"""Three weeks of Maya's return as they would have been lived: each step learned at its own time, by a clock that the
scene holds, in PostgreSQL and here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import time_machine
from django.contrib.auth.models import User
from django.db import connection, transaction

from cases.models import Case, Statement
from cases.promises.shapes import Promised
from cases.selectors import case_view
from cases.services import (
    Actor,
    answer_shown,
    asker_verify,
    case_follow,
    case_open,
    case_viewed,
    message_receive,
    message_send,
    note_add,
)
from connectors.host.models import Check, CheckRef, Source
from connectors.host.selectors.refs import ref_ids
from connectors.host.services import clock_tick, facts_record, source_save
from connectors.sdk import Ref, Row
from tests.questions.conftest import POLICIES

EUR, VISA = {"amount": "84.90", "currency": "EUR"}, {"brand": "visa", "last4": "4417"}
PAID = {"amount": EUR, "method": "card", "card": VISA}
ITEMS = [{"sku": "MB-M", "name": "Merino base layer, size M", "quantity": 1}]
ORDER, RETURN, MAYA = "order:48-1193", "return:RMA-77120", "email:maya@example.com"
SOURCES = {
    "shop": ("Shop", "order", 30), "posti": ("Posti", "delivery", 60), "warehouse": ("Warehouse", "warehouse", 30),
    "finance": ("Finance", "finance", 30), "policies": ("Policies", "policy", 1440),
}  # fmt: skip
LAST = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
WORDS = ("Hello Maya,\n\nyes, your return has been received. We will inspect it within two working days.\n\n"
         "Kind regards,\nTom")  # fmt: skip
Owner = Callable[..., Any]


@contextmanager
def clock_of(connect: Owner) -> Iterator[Callable[[int, str], datetime]]:
    """``at(days_before_the_last, "16:02")``: from then on this connection and this process live at that time."""
    with connect(as_owner=True) as owner:
        owner.execute("CREATE SCHEMA IF NOT EXISTS scene; GRANT USAGE ON SCHEMA scene TO PUBLIC")
        owner.execute("CREATE OR REPLACE FUNCTION scene.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE "
                      "AS $$ SELECT current_setting('scene.now')::timestamptz $$")  # fmt: skip
        owner.execute("UPDATE host_clock SET last = '2020-01-01'")
        owner.commit()
    travels: list[Any] = []

    def at(days: int, clock: str) -> datetime:
        hour, minute = map(int, clock.split(":"))
        moment = LAST.replace(hour=hour, minute=minute) - timedelta(days=days)
        with connection.cursor() as cursor:
            cursor.execute("SET search_path = scene, public, pg_catalog")
            cursor.execute("SELECT set_config('scene.now', %s, false)", [moment.isoformat()])
        while travels:
            travels.pop().stop()
        travels.append(time_machine.travel(moment, tick=False))
        travels[0].start()
        return moment

    try:
        yield at
    finally:
        while travels:
            travels.pop().stop()
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")


class Scene:
    """``learns(source, kind, data, refs, occurred)`` records one fact as learned now."""

    def __init__(self) -> None:
        self.rows = count(1)
        self.sources = {
            name: source_save(name=name, title=title, connector="teller", domain=domain, freshness_s=minutes * 60,
                              settings={"base_url": "http://teller.example", "internal": True})
            for name, (title, domain, minutes) in SOURCES.items()
        }  # fmt: skip

    def learns(self, source: str, kind: str, data: Any, refs: list[str], occurred: datetime | None) -> None:
        body = {"kind": kind, "data": data, "refs": refs, "occurred": occurred.isoformat() if occurred else ""}
        told = facts_record(source=self.sources[source], rows=[Row("row", str(next(self.rows)), body)], how="poll",
                            started_at=datetime.now(UTC))  # fmt: skip
        assert not told.malformed, (kind, told)

    def asks(self, case: Case, *names: str) -> None:
        """These sources answer about all that the case leads to."""
        for name in names:
            with transaction.atomic():
                row, at = Source.objects.get(name=name), clock_tick()
                check = Check.objects.create(source=row, how="lookup", started_at=at, took_ms=40, learned_at=at,
                                             outcome="ok")  # fmt: skip
                for ref in ref_ids([*case_view(case=case).evidence.refs, Ref("policy", "returns")]):
                    CheckRef.objects.create(check_row=check, source=row, ref_id=ref, outcome="found", learned_at=at,
                                            complete=True, kinds=[], reason="")  # fmt: skip


def look(case: Case, who: User) -> None:
    view, actor = case_view(case=case), Actor.person(who)
    answer_shown(case=case, answer=view.answer, as_of=view.as_of, at=view.at, actor=actor)
    case_viewed(case=case, actor=actor, as_of=view.as_of, at=view.at, digest=view.answer.digest)


def lived(connect: Owner, tom: User) -> tuple[Case, Statement]:
    """The whole story; the case, and what Tom wrote in it."""
    with clock_of(connect) as at:
        at(30, "08:00")
        scene, who = Scene(), Actor.person(tom)
        for kind, data in POLICIES.items():
            scene.learns("policies", kind, data, [f"policy:{kind.split('.')[1]}"], at(30, "08:01"))
        _bought(scene, at)
        at(6, "09:38")
        case = case_open(question="return-status", refs=[ORDER], message="Did my parcel arrive?", actor=who)
        at(6, "09:40")
        asker_verify(case=case, how="order_and_email", actor=who)
        at(6, "10:01")
        scene.asks(case, *SOURCES)
        at(6, "10:03")
        look(case, tom)
        sent_at = at(6, "10:05")
        sent = message_send(
            case=case, text=WORDS, answer_digest=case_view(case=case).answer.digest, actor=who, recipient=MAYA[6:],
            promises=[Promised("Inspect the return", sent_at + timedelta(days=2, hours=7), zone="Europe/Helsinki",
                               phrase="within two working days", keeps_kind="return.inspected")],
        )  # fmt: skip
        _ended(scene, case, at, who)
    return case, sent


def _bought(scene: Scene, at: Callable[[int, str], datetime]) -> None:
    when = at(20, "18:47")
    scene.learns("shop", "order.placed", {"number": "48-1193", "total": EUR, "customer_name": "Maya Lindqvist",
                 "items": ITEMS}, [ORDER, MAYA], when)  # fmt: skip
    scene.learns("finance", "payment.captured", PAID, [ORDER, "payment:pi_1"], when)
    scene.learns("posti", "shipment.delivered", {"carrier": "Posti"}, [ORDER], at(17, "11:30"))
    scene.learns("shop", "return.requested", {"reason": "Too small", "items": ITEMS},
                 [RETURN, ORDER], at(13, "20:15"))  # fmt: skip
    scene.learns("posti", "return.dispatched", {"carrier": "Posti"}, [RETURN, ORDER], at(12, "12:20"))
    happened = at(9, "16:02")
    at(9, "16:49")
    scene.learns("warehouse", "return.received", {"by": "Turku returns dock 3"}, [RETURN, ORDER], happened)


def _ended(scene: Scene, case: Case, at: Callable[[int, str], datetime], who: Actor) -> None:
    scene.learns("warehouse", "return.inspected", {"result": "passed", "grade": "A"}, [RETURN, ORDER], at(6, "10:41"))
    case_follow(case)
    scene.learns("finance", "refund.approved", {"amount": EUR}, ["refund:re_1", "payment:pi_1"], at(6, "11:02"))
    scene.learns("finance", "refund.paid", {**PAID, "bank_reference": "74430011632209185571204"},
                 ["refund:re_1", "payment:pi_1"], at(5, "09:12"))  # fmt: skip
    case_follow(case)
    at(4, "15:30")
    note_add(case=case, text="She called, all is well", actor=who)
    at(3, "10:20")
    message_receive(case=case, text="Has my refund been sent?", channel="email")
