"""What names a person is found in every spelling; the same letters inside another word are somebody else's."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from connectors.host.selectors.erasing import naming

PERSON = ("Zoë Groß", "ann.lee@example.com", "+358401234567", "Härkätie 7 B", "cus_AnnL77", "Ann O’Lee")
NAMED = (
    "Dear ZOË  GROSS!", "zoe\u0308 groß", '{"note": "called\\nZoë Groß"}', "Ann_O'Lee.pdf", "HÄRKÄTIE\xa07\u2009b",
    "mailto:Ann.Lee@Example.com?x", "q=ann.lee%40example.com", "to ann.lee@example.com.", "00358 40 123 4567",
    "+358 (0)40 123-4567", "tel 0401234567", "Zo=C3=AB=20Gro=C3=9F", "from cus_annl77",
)  # fmt: skip
OTHERS = (
    "Zoë Großmann", "joann.lee@example.com", "jo.ann.lee@example.com", "ann.lee@example.com.au", "3584012345678",
    "Härkätie 7 Bis", "Härkätie 77 B", "planned", "cus_AnnL771", "Johann O’Lee", "1401234567", "ann lee",
)  # fmt: skip
SHAPES = ("NFC", "NFD", "NFKC", "NFKD")
WAYS = {
    "plain": str, "json": json.dumps, "json as it is": lambda t: json.dumps(t, ensure_ascii=False),
    "address": lambda t: quote(t, safe=""), "form": quote_plus,
}  # fmt: skip
LETTERS = st.text("aäbcdeéfghijklmnñoöpqrsßtuüvwxyzåø", min_size=2, max_size=9)


@pytest.mark.django_db
def test_every_spelling_is_found_and_no_other_word():
    assert [t for t, named in zip(NAMED, naming(NAMED, needles=PERSON), strict=True) if not named] == []
    assert [t for t, named in zip(OTHERS, naming(OTHERS, needles=PERSON), strict=True) if named] == []
    assert naming(["anything"], needles=()) == [False]


class Spelled(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(st.data(), LETTERS, LETTERS, st.sampled_from(SHAPES), st.sampled_from(sorted(WAYS)))
    def test_in_any_letter_case_spacing_and_form(self, data, first, last, shape, way):
        name = f"{first} {last}x"
        cased = "".join(data.draw(st.sampled_from((c, c.upper()))) for c in name)
        spaced = cased.replace(" ", data.draw(st.sampled_from((" ", "  ", "\n", "\t ", "\u00a0", " \n "))))
        text = WAYS[way](f"Then {unicodedata.normalize(shape, spaced)}, said.")
        assert naming([text], needles=[name]) == [True], text

    @settings(max_examples=60, deadline=None)
    @given(LETTERS, LETTERS, st.sampled_from("aäzßé7"), st.booleans())
    def test_inside_another_word_it_is_another(self, first, last, more, before):
        name = f"{first} {last}x"
        text = f"Then {more}{name} said." if before else f"Then {name}{more} said."
        assert naming([text, f"Then {name} said."], needles=[name]) == [False, True]

    @settings(max_examples=40, deadline=None)
    @given(st.from_regex(r"\A358[1-9][0-9]{7,9}\Z"), st.data())
    def test_a_number_however_it_is_written(self, digits, data):
        spaced = "".join(d + data.draw(st.sampled_from(("", "", " ", "-"))) for d in digits[3:])
        ways = [f"+{digits[:3]} {spaced}", f"0{spaced}", f"00{digits}", f"+358 (0){spaced}"]
        assert naming([f"Call {way}!" for way in ways], needles=["+" + digits]) == [True] * 4
        others = [f"No {digits}5", f"No 5{digits[3:]}", f"No {digits[:-1]}"]
        assert naming(others, needles=["+" + digits]) == [False] * 3


@pytest.mark.django_db
def test_bytes_that_are_no_text_are_read_as_far_as_they_can_be():
    body = b"\xff\x00Zoe Gross\x00 ann.lee@example.com\xfe"
    assert naming([body, b"\xff\x00planned"], needles=["ann.lee@example.com"]) == [True, False]
    with connection.cursor() as cursor:
        cursor.execute("SELECT erasure_named(NULL, ARRAY['Ann Lee']), erasure_named('Ann Lee', NULL)")
        assert cursor.fetchone() == (False, False)
