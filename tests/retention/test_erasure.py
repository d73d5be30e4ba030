"""A customer is erased: nothing of them is left anywhere, everything else is, and history still proves itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from cases.models import Case, ErasedRow, Statement
from cases.selectors import case_view, chain_verify, told_verify
from connectors.host.errors import UnknownDelivery
from connectors.host.models import Fact, InboundWork
from connectors.host.selectors import evidence, moment
from connectors.host.services import deliveries_rerun, delivery_rerun
from connectors.sdk import Ref
from customers.selectors import customer_by_refs
from tests.cases.conftest import person
from tests.retention.conftest import EUR, HOUSE, MAYA, NAME, NEEDLES, PHONE, Say, deliver, erased, row
from tests.retention.searching import found_in

HELD = {"host_rawrow", "host_factpayload", "host_refvalue", "host_inbound", "cases_eventpayload", "cases_statement",
        "cases_inmail", "cases_inmailwork", "cases_mailfile", "cases_commitment", "cases_draft", "cases_casesummary",
        "cases_alert", "customers_customer"}  # fmt: skip


def test_nothing_of_the_person_is_left_anywhere(
    customer: int, whole: Case, ada: User, ben: User, caplog: pytest.LogCaptureFixture
):
    before = found_in(NEEDLES)
    assert set(before) >= HELD
    with caplog.at_level(logging.DEBUG):
        done = erased(customer, ada, ben)
    assert found_in(NEEDLES) == {} and not [n for n in NEEDLES if n in caplog.text]
    kept = [p for p in Path(settings.VAR_DIR).rglob("*") if p.is_file() and NAME.encode() in p.read_bytes()]
    assert not kept and done.counts["host_fact"] >= 4
    assert chain_verify(whole).intact and chain_verify(whole).erased > 5


def test_a_replay_of_what_was_erased_says_so_calmly(customer: int, whole: Case, ada: User, ben: User):
    erased(customer, ada, ben)
    client, told = Client(), Statement.objects.filter(case=whole).earliest("at")
    client.force_login(person("ruth", "Ruth", "Adeyemi", "supervisor"))
    for path in ("", "print/"):
        for when in ({}, {"as_of": told.at.isoformat()}):
            html = client.get(f"/cases/{whole.reference}/replay/{path}", when).content.decode()
            assert "What was said in this case has been erased" in html and html.count("<h1") == 1
            assert "“”" not in html and "claimed nothing" not in html and "Sign-off" not in html


def test_what_is_known_of_a_number_alone_goes_with_whoever_has_it(customer: int, ada: User, ben: User, say: Say):
    say("order.changed", {"status": "open", "note": f"Called {PHONE}"}, "phone:" + PHONE)
    erased(customer, ada, ben)
    assert found_in(NEEDLES) == {}


def test_what_is_about_somebody_else_stays(customer: int, maya: Case, ada: User, ben: User):
    erased(customer, ada, ben)
    ida = next(f for f in evidence(seeds=[Ref("email", "ida@example.com")]).facts if f.kind == "order.placed")
    assert ida.data["customer_name"] == "Ida Storm" and Ref("address", HOUSE) in ida.refs
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM host_factref r JOIN host_refvalue v ON v.id = r.ref_id WHERE v.value = %s",
                       [HOUSE])  # fmt: skip
        assert cursor.fetchone() == (1,)


def test_the_money_that_books_must_hold_stays_without_the_person(customer: int, ada: User, ben: User):
    erased(customer, ada, ben)
    kept = {f.kind: f for f in evidence(seeds=[Ref("payment", "pi_100001")]).facts}
    assert set(kept) == {"payment.captured", "refund.paid"}
    assert kept["refund.paid"].data == {"amount": EUR, "method": "card"} and kept["refund.paid"].version == 2
    assert all(r.is_matter for f in kept.values() for r in f.refs)


def test_the_case_and_what_was_told_can_still_be_read_as_erased(customer: int, whole: Case, ada: User, ben: User):
    told = Statement.objects.get(case=whole)
    erased(customer, ada, ben)
    told.refresh_from_db()
    view = case_view(case=whole)
    assert told.words == "" and not told.claims and told_verify(told) == "erased"
    assert view.events[-1].kind == "case.erased"
    assert all("content erased" in e.title for e in view.events if not e.quiet and e.kind != "case.erased")
    assert set(ErasedRow.objects.filter(what="cases_statement").values_list("row", flat=True)) == {told.pk}


def test_the_same_delivery_again_brings_nothing_back(customer: int, ada: User, ben: User):
    erased(customer, ada, ben)
    before = Fact.objects.count()
    body = {"id": "r9", "row": row("shipment.delivered", {"carrier": "Posti"}, "order:48-1193", "email:" + MAYA)}
    assert not deliver(body).new
    delivery = InboundWork.objects.get()
    with pytest.raises(UnknownDelivery, match="erased"):
        delivery_rerun(id=delivery.pk)
    assert deliveries_rerun(source="crier") == 0 and Fact.objects.count() == before and not found_in(NEEDLES)


def test_what_a_source_tells_anew_is_new_and_joined_to_nothing(customer: int, ada: User, ben: User, say: Say):
    erased(customer, ada, ben)
    data = {"number": "48-1193", "total": EUR, "customer_name": NAME}
    say("order.placed", data, "order:48-1193", "email:" + MAYA, row=1)
    fact = Fact.objects.latest("pk")
    found = customer_by_refs([Ref("email", MAYA)], moment()[0])
    assert fact.version == 1 and (found is None or found.id != customer)
