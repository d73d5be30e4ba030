"""What is new in a letter is shown; what it repeats is folded away and kept."""

import time

import pytest

from cases.mail.folding import fold
from cases.mail.hypertext import text_of

NEW = "Thank you. Which bank did it go to?"
OLD = "> We sent your refund on 17 November.\n> \n> Dana"


@pytest.mark.parametrize(
    "lead",
    [
        "On Tue, 17 Nov 2026 at 09:12, Throughline <support@throughline.example> wrote:",
        "On Tue, 17 Nov 2026 at 09:12, Throughline\n<support@throughline.example> wrote:",
        "Am 17.11.2026 um 09:12 schrieb Throughline:",
        "ti 17. marrask. 2026 klo 9.12 Throughline (support@throughline.example) kirjoitti:",
        "Den 17 november 2026 09:12 skrev Throughline:",
        "Le mar. 17 nov. 2026 à 09:12, Throughline <support@throughline.example> a écrit :",
    ],
)
@pytest.mark.parametrize("old", [OLD, OLD.replace("> ", "").replace(">", "")])
def test_the_earlier_letter_under_an_answer_is_folded_away_and_kept(lead: str, old: str):
    found = fold(f"{NEW}\n\n{lead}\n\n{old}")
    assert found.text == NEW
    assert "We sent your refund" in found.quoted and lead.split("\n")[0] in found.quoted


@pytest.mark.parametrize(
    "block",
    [
        "-----Original Message-----\nFrom: Throughline",
        "-----Ursprüngliche Nachricht-----\nVon: Throughline",
        "From: Throughline <support@throughline.example>\nSent: Tuesday\nTo: Maya\nSubject: Refund",
        "Lähettäjä: Throughline\nLähetetty: tiistai\nVastaanottaja: Maya\nAihe: Palautus",
    ],
)
def test_programs_that_do_not_mark_what_they_quote_are_known_by_their_headers(block: str):
    assert fold(f"{NEW}\n\n{block}\n\nWe sent it.").text == NEW


def test_an_answer_under_the_quotation_is_what_is_new():
    found = fold(f"On 17 Nov 2026 Dana wrote:\n{OLD}\n\n{NEW}")
    assert (found.text, "We sent your refund" in found.quoted) == (NEW, True)


def test_answers_between_the_lines_stay_with_what_they_answer():
    text = "On 17 Nov 2026 Dana wrote:\n> Which bank?\nNordea.\n> Which day?\nTuesday, 84.90 euros."
    assert fold(text).text == text


def test_a_letter_that_is_nothing_but_a_quotation_is_shown():
    assert fold(OLD).text == OLD.replace("> \n", ">\n")


@pytest.mark.parametrize("end", ["-- \nMaya Lindqvist\n+358 40 1234567", "Sent from my iPhone", "Lähetetty iPhonesta"])
def test_a_signature_is_put_aside(end: str):
    found = fold(f"{NEW}\n\n{end}")
    assert (found.text, found.signature) == (NEW, end.replace("-- \n", "--\n"))


@pytest.mark.parametrize(
    "text",
    [
        "I bought:\n- a shirt\n- a hat\n-- and both were wrong",
        "My sister wrote: it never came.",
        "From: Helsinki\nI sent it on Monday.",
        "Thanks,\nbut 84.90 is not what I paid.\nIt was 94.90.",
        "He said >100 euros is too much\n> really?\nYes.",
    ],
)
def test_a_customers_own_words_are_never_folded_away(text: str):
    assert fold(text).text == text


def test_html_reads_as_a_person_would_see_it():
    page = (
        "<html><head><style>p{}</style><title>x</title></head><body><div style='display:none'>secret</div>"
        "<p>Hello &amp; thanks,</p><ul><li>84.90&nbsp;€</li></ul>see <a href='https://bank.example/x'>my bank</a>"
        "<script>alert(1)</script><div class='gmail_quote'>On 17 Nov <blockquote type=cite>We sent it</blockquote>"
    )
    found = fold(text_of(page))
    assert found.text == "Hello & thanks,\n\n- 84.90 €\n\nsee my bank <https://bank.example/x>"
    assert "We sent it" in found.quoted


def test_an_answer_under_an_html_quotation_stays():
    found = fold(text_of("<blockquote type='cite'><p>Which bank?</p></blockquote><p>Nordea.</p>"))
    assert (found.text, found.quoted) == ("Nordea.", "> Which bank?")


def test_a_letter_that_hides_everything_is_shown_all_the_same():
    assert text_of("<div style='display: none'>Where is my refund?</div>") == "Where is my refund?"


@pytest.mark.parametrize(
    "text",
    ["> " * 200_000, "\n> x\ny" * 20_000, "On 1 " + "a " * 100_000 + "wrote:", "-- \n" * 50_000, "_" * 300_000,
     "From: a\n" * 50_000, ("On 1 wrote " * 30 + "\n") * 5_000],
    ids=range(7),
)  # fmt: skip
def test_no_letter_makes_it_slow(text: str):
    began = time.process_time()
    fold(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "html",
    ["<div>" * 50_000 + "x", "<blockquote type=cite>" * 20_000 + "x", "<p>x" * 80_000, "<a href=http://x>" * 20_000,
     "<!--" * 60_000, "<!" * 100_000, "<![CDATA[" * 30_000, "<a " * 90_000, "&#" * 100_000, "<a href='" * 30_000,
     "<script>" + "</scrip" * 40_000, "</" * 100_000, "<?" * 100_000],
    ids=range(13),
)  # fmt: skip
def test_no_html_makes_it_slow_or_too_deep(html: str):
    began = time.process_time()
    text_of(html)
    assert time.process_time() - began < 3
