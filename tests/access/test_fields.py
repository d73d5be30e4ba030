"""What a role may not see is masked at every door alike, and nothing confirms it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.models import Case
from cases.services import Actor, message_receive
from connectors.sdk.personal import CLASSES, luhn
from tests.access.conftest import BANK, BORN, CARD, MAIL, PHONE, POSTAL, STREET, WHOLE
from workspace.access.fields import TABLE, masked
from workspace.access.masks import Veil, mask
from workspace.access.seals import seal, unseal

DOORS = ["cases/{0}/", "cases/{0}/timeline/", "cases/{0}/answer/", "cases/{0}/told/"]


def seen(text: str) -> set[str]:
    """The classes of which something stands whole in a text."""
    return {c for c, values in WHOLE.items() for value in values if value in text}


@pytest.mark.parametrize("role", ["supervisor", "auditor", "program", "rep"])
def test_the_api_shows_a_role_what_the_table_says_and_no_more(role: str, case, person, caller) -> None:
    found = "".join(json.dumps(caller(person(role)).get(d.format(case.pk)).body, ensure_ascii=False) for d in DOORS)
    assert seen(found) == {c for c in CLASSES if TABLE[role][c] == "all"}


@pytest.mark.parametrize("role", ["supervisor", "auditor", "rep"])
def test_a_page_shows_a_role_no_more_either(role: str, case, person, session) -> None:
    page = session(person(role)).get(f"/cases/{case.pk}/").content.decode()
    assert seen(page) <= {c for c in CLASSES if TABLE[role][c] == "all"} and "•••• 1111" in page
    assert ("contact" in seen(page)) == (role == "supervisor")


def test_an_owner_and_their_team_see_what_they_need_to_answer(case, dana, tom, session) -> None:
    assert {"contact", "bank_reference"} <= seen(session(dana).get(f"/cases/{case.pk}/").content.decode())
    stranger = session(tom).get(f"/cases/{case.pk}/").content.decode()
    assert not seen(stranger) and "m•••@example.com" in stranger and "Ask for access" in stranger


def test_an_answer_says_what_is_masked_and_where_to_ask(case, person, caller) -> None:
    reply = caller(person("auditor")).get(f"cases/{case.pk}/timeline/")
    assert reply.headers["Masked"] == "address, bank_reference, card, contact, identity"
    assert 'rel="ask-for-access"' in reply.headers["Link"]
    data = next(e["data"] for e in reply["results"] if e["kind"] == "shipment.delivered")
    assert data["delivery_address"] == {"street": "M•••", "postal_code": "0•••", "city": "Helsinki"}
    assert (data["card_number"], data["phone"], data["date_of_birth"]) == ("•••• 1111", "+35••• 67", "•••")


def test_raw_rows_are_masked_for_who_connects_sources(case, person, caller, paid) -> None:
    data = {"carrier": "Posti", "phone": PHONE, "iban": "FI2112345600000785"}
    row = paid("shipment.dispatched", data, "order:48-1193")
    from connectors.host.models import Fact

    fact = Fact.objects.latest("pk").pk
    reply = caller(person("integrator")).get(f"facts/{fact}/")
    assert row and reply["raw"]["data"] == {"carrier": "Posti", "phone": "+35••• 67", "iban": "•••• 0785"}
    assert not seen(json.dumps(reply.body))


def test_a_search_by_what_is_masked_confirms_nothing(case, person, caller, session) -> None:
    auditor = caller(person("auditor"))
    known, unknown = (auditor.get("search/", q=q) for q in (MAIL, "nobody@example.com"))
    assert (known.status, known["detail"]) == (unknown.status, unknown["detail"]) == (403, known["detail"])
    part = auditor.get("search/", q="maya@exam").body, auditor.get("search/", q="nobody@exam").body
    assert part[0]["detail"] == part[1]["detail"] and MAIL not in json.dumps(auditor.get("search/", q="48-1193").body)
    assert auditor.get("cases/", ref=f"email:{MAIL}").status == 403
    page = session(person("auditor"))
    assert f"/cases/{case.pk}/" not in page.get("/cases/matches", {"q": MAIL}).content.decode()


def test_a_rep_finds_a_customer_by_the_address_that_they_were_given(case, tom, caller) -> None:
    found = caller(tom).get("search/", q=MAIL)
    assert found["cases"][0]["reference"] == str(case.pk) and MAIL in json.dumps(found.body)
    assert MAIL not in json.dumps(caller(tom).get("search/", q="Maya").body)
    assert MAIL in json.dumps(caller(case.owner).get("search/", q="Maya").body)


def test_words_that_somebody_has_typed_are_masked_like_any_other(case, dana, person, caller) -> None:
    message_receive(case=case, text=f"My bank says {BANK}, I live at {STREET}.", channel="chat", actor=Actor.customer())
    found = json.dumps(caller(person("auditor")).get(f"cases/{case.pk}/timeline/").body, ensure_ascii=False)
    assert BANK not in found and STREET not in found and "My bank says •••• 1204" in found


def test_the_same_function_masks_what_is_exported(case, person) -> None:
    bundle = {"facts": [{"data": {"bank_reference": BANK, "email": MAIL}}], "words": [f"sent {BANK} to {MAIL}"]}
    shown = masked(bundle, person("auditor"), case)
    assert shown == {"facts": [{"data": {"bank_reference": "•••• 1204", "email": "m•••@example.com"}}],
                     "words": ["sent •••• 1204 to m•••@example.com"]}  # fmt: skip
    assert masked(bundle, person("supervisor"), case) == bundle


def test_a_view_is_masked_as_a_view(case, person) -> None:
    from cases.selectors import case_view

    view = case_view(case=case)
    shown = masked(view, person("auditor"), case)
    assert type(shown) is type(view) and not seen(repr(shown)) and {"contact", "address"} <= seen(repr(view))
    assert shown.answer.digest and POSTAL not in repr(shown) and BORN not in repr(shown) and CARD not in repr(shown)


@settings(deadline=None)
@given(st.text(alphabet="0123456789", min_size=12, max_size=18), st.text(max_size=20), st.text(max_size=20))
def test_no_whole_card_ever_passes(body: str, before: str, after: str) -> None:
    number = next((n for d in "0123456789" if luhn(n := "4" + body + d)), "4111111111111111")
    assert number not in Veil({"card"}).text(f"{before} {number} {after}")


@pytest.mark.parametrize(("class_", "value", "shape"), [
    ("contact", "maya@example.com", "m•••@example.com"), ("contact", "+358 40 123 4567", "+35••• 67"),
    ("card", "4111 1111 1111 4417", "•••• 4417"), ("bank_reference", BANK, "•••• 1204"), ("identity", BORN, "•••"),
    ("address", STREET, "M•••"), ("contact", "m•••@example.com", "m•••@example.com"),
])  # fmt: skip
def test_a_mask_keeps_the_shape(class_: str, value: str, shape: str) -> None:
    assert mask(class_, value) == shape


def test_what_is_masked_on_one_page_is_masked_on_all(case, person: Callable[..., User], session: Any) -> None:
    for role in ("auditor", "rep"):
        user = person(role)
        for path in (f"/cases/{case.pk}/", "/cases/?q=Maya", "/cases/matches?q=48-1193", f"/cases/{case.pk}/live"):
            assert not seen(session(user).get(path).content.decode()), (role, path)


def test_a_form_sends_back_what_is_masked_without_showing_it(case, tom, session) -> None:
    page = session(tom)
    found = page.get("/cases/", {"q": "Maya"}).content.decode()
    sealed = re.search(r'name="ref" value="(sealed\.[^"]+)"', found)
    assert sealed is not None and MAIL not in found
    page.post("/cases/open/", {"ref": sealed[1], "words": "And the other order?"})
    made = Case.objects.latest("pk")
    assert made != case and made.refs.filter(ref__value=MAIL).exists()


def test_a_seal_opens_for_one_person_and_one_field(person) -> None:
    sealed = seal(MAIL, "ref", person("rep"))
    assert unseal(sealed, "ref", person("rep")) == MAIL
    assert unseal(sealed, "ref", person("auditor")) == unseal(sealed, "recipient", person("rep")) == sealed


@pytest.mark.parametrize("number", ["4111111111111111", CARD, CARD.replace(" ", "-"), "3782 822463 10005"])
def test_a_card_is_known_however_it_is_grouped(number: str) -> None:
    assert number not in Veil({"card"}).text(f"Card {number}, please; order 1234-4321.")


@pytest.mark.parametrize("text", ['points="22 12 18 12 15 21 9 3 6 12 2 12"', "20418 20419", "2026-11-22 10", BANK])
def test_what_only_looks_a_little_like_a_card_stays(text: str) -> None:
    assert Veil({"card"}).text(text) == text


def test_guesses_in_an_address_are_not_told_which_is_right(case, dana, person, session) -> None:
    guesses = {"x": MAIL, "y": PHONE, "z": f"a {CARD.replace(' ', '')} {CARD}", "u": BORN, "v": CARD}
    assert not seen(session(person("auditor")).get(f"/cases/{case.pk}/", guesses).content.decode())
    assert CARD not in session(dana).get(f"/cases/{case.pk}/", guesses).content.decode()


def test_what_was_sealed_is_not_shown_for_being_sent_back(case, tom, rf) -> None:
    from workspace.access.seals import Unsealed
    from workspace.access.veil import typed

    request = rf.post("/cases/find/", {"recipient": seal(MAIL, "recipient", tom), "text": "Hello Tom"})
    request.user = tom
    Unsealed(lambda _: None).process_view(request)
    assert request.POST["recipient"] == MAIL and MAIL not in typed(request) and "Tom" in typed(request)
