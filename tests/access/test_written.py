"""A mask that somebody read and sends back is never stored; what customers wrote themselves is taken as it came."""

from __future__ import annotations

import json

import pytest

from cases.models import Event, EventPayload
from connectors.host.models import Source

MASKED = "m•••@example.com"


def stored(text: str) -> bool:
    return text in json.dumps(list(EventPayload.objects.values_list("data", flat=True)), ensure_ascii=False)


@pytest.mark.parametrize(("verb", "body"), [
    ("notes", {"text": f"Write to {MASKED}."}), ("messages", {"text": "We wrote to +35••• 67.", "digest": "x"}),
    ("messages", {"text": "Hello", "recipient": f"email:{MASKED}", "digest": "x"}),
    ("refs", {"refs": [f"email:{MASKED}"]}), ("messages", {"text": "Your bank has it as •••• 1204.", "digest": "x"}),
])  # fmt: skip
def test_the_api_refuses_a_mask_and_says_what_to_do(verb: str, body: dict, case, tom, caller) -> None:
    before = Event.objects.count()
    refused = caller(tom).post(f"cases/{case.pk}/{verb}/", body)
    assert refused.status == 400 and "is a mask, so nothing was stored" in refused["detail"]
    assert Event.objects.count() == before and not stored("•••")


def test_what_was_read_masked_and_is_sent_back_changes_nothing(case, tom, caller) -> None:
    page = caller(tom)
    read = page.get(f"cases/{case.pk}/")
    (masked,) = [ref for ref in read["refs"] if "•••" in ref]
    assert masked == f"email:{MASKED}" and page.post("cases/", {"refs": [masked]}).status == 400


def test_a_form_is_given_back_with_a_sentence(case, tom, session) -> None:
    page = session(tom)
    refused = page.post(f"/cases/{case.pk}/reply/", {"text": f"I wrote to {MASKED}.", "digest": "x"})
    assert refused.status_code == 422 and "is a mask, so nothing was stored" in refused.content.decode()
    typing = page.post(f"/cases/{case.pk}/draft/", {"text": MASKED}, headers={"HX-Request": "true"})
    assert typing.status_code == 422 and typing.content.decode().startswith(f"“{MASKED}” is a mask")
    asked = page.post("/access/ask/", {"case": case.pk, "class": "contact", "why": f"Is {MASKED} right?"})
    assert asked.status_code == 422


def test_the_end_of_a_card_is_no_mask_to_who_sees_bank_references(case, dana, tom, caller) -> None:
    words = {"text": "It went back to your card •••• 1111."}
    assert caller(dana).post(f"cases/{case.pk}/notes/", words).status == 201
    assert caller(tom).post(f"cases/{case.pk}/notes/", words).status == 400


def test_a_setting_that_looks_personal_is_read_and_sent_whole_by_who_sets_it(case, person, session) -> None:
    page, title = session(person("integrator")), "Letters to care@shop.example"
    Source.objects.filter(name="order").update(title=title)
    assert f'value="{title}"' in page.get("/sources/order/settings/").content.decode()
    assert title not in page.get("/sources/order/").content.decode()


def test_a_customer_s_own_words_are_taken_as_they_came(case, person, caller) -> None:
    words = {"direction": "in", "text": f"Your letter said •••• 4417 and {MASKED}."}
    assert caller(person("program")).post(f"cases/{case.pk}/messages/", words).status == 201 and stored(MASKED)


@pytest.mark.parametrize(("role", "field", "taken"), [
    ("integrator", {"iban": "•••• 0785"}, False), ("integrator", {"carrier": "•••"}, True),
    ("program", {"iban": "•••• 0785"}, True),
])  # fmt: skip
def test_a_fact_is_refused_where_its_sender_sees_that_field_masked(role, field, taken, say, person, caller) -> None:
    assert Source.objects.filter(name="order").exists()
    event = {"specversion": "1.0", "id": "1", "source": "order", "type": "shipment.dispatched",
             "subject": "order:48-1193", "time": "2026-11-01T10:00:00Z", "data": field}  # fmt: skip
    batch = "application/cloudevents-batch+json"
    reply = caller(person(role)).send("POST", "facts/", json.dumps([event]), kind=batch)
    assert ("is a mask" in json.dumps(reply.body)) is not taken
