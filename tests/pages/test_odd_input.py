"""What nobody types, in addresses and forms: refused in words, never a broken page."""

from __future__ import annotations

import base64

import pytest
from django.test import Client

from tests.pages.test_outbound_pages import signed_in
from workspace.outbound.services import subscription_save


@pytest.fixture
def ines(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setenv("SHOP_HOOK", "whsec_" + base64.b64encode(b"k" * 32).decode())
    return signed_in("integrator")


def where() -> str:
    return f"/subscriptions/{subscription_save(title='', url='http://x/', events=['note'], secret='env:SHOP_HOOK').pk}/"


def test_nul_in_a_field_or_an_address_is_refused_in_words(ines: Client) -> None:
    sent = {"title": "a\x00b", "url": "http://x/", "events": "note"}
    tried = [ines.post(f"{where()}change/", sent), ines.post(f"{where()}notices/a%00b/again/"), ines.get("/?a=%00")]
    assert [(answer.status_code, "can’t be read" in answer.content.decode()) for answer in tried] == [(400, True)] * 3


def test_an_address_that_nobody_can_call_is_refused_on_its_page(ines: Client) -> None:
    for url in ("http://[::1", "http://shop.example:99999/", "http://ex ample/", "http://x/\r\ny", "http://-\u2028/"):
        form = {"url": url, "events": "note", "secret": "env:SHOP_HOOK", "title": "t" * 300}
        assert ines.post("/subscriptions/add/", form).status_code == 422
        assert "such as https://" in ines.post(f"{where()}change/", form, follow=True).content.decode()


def test_digits_of_other_scripts_are_no_numbers(ines: Client) -> None:
    assert [ines.get(f"{where()}?before={odd}").status_code for odd in ("²", "٣", "-1", "9" * 40)] == [200] * 4
