"""Letters taken apart: people's, programs', servers', and those that somebody made to do harm."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.mail import content_digest, letter_read, message_id_of
from tests.mail.letters import letter, report


def test_a_letter_says_who_wrote_what_and_what_it_answers():
    found = letter_read(letter("Thanks!", answers="t-1.20418@throughline.example").as_bytes())
    assert (found.sender, found.sender_name, found.subject) == ("maya@example.com", "Maya Lindqvist", "My refund")
    assert (found.text, found.answers) == ("Thanks!", ("t-1.20418@throughline.example",))
    assert found.message_id.endswith("@post.example") and not found.automatic and found.bounce is None


def test_a_name_that_looks_like_an_address_is_not_the_sender():
    name = b"From: =?utf-8?q?maya=40example=2Ecom_=3Cmaya=40example=2Ecom=3E?= <x@evil.example>"
    tricky = letter().as_bytes().replace(b"From: Maya Lindqvist <maya@example.com>", name)
    assert letter_read(tricky).sender == "x@evil.example"


def test_a_reply_to_elsewhere_is_told_and_one_to_the_sender_is_not():
    assert letter_read(letter(reply_to="other@evil.example").as_bytes()).reply_to == ("other@evil.example",)
    assert letter_read(letter(reply_to="Maya <MAYA@example.com>").as_bytes()).reply_to == ()


@pytest.mark.parametrize(
    "headers",
    [
        {"auto_submitted": "auto-replied"}, {"auto_submitted": "auto-generated; x"}, {"precedence": "bulk"},
        {"precedence": "auto_reply"}, {"x_auto_response_suppress": "All"}, {"x_autoreply": "yes"},
        {"return_path": "<>"}, {"subject": "Out of office: back on Monday"}, {"subject": "Automaattinen vastaus: loma"},
        {"subject": "Re: Abwesenheitsnotiz"} | {"x_autorespond": "1"},
    ],
    ids=str,
)  # fmt: skip
def test_an_automatic_answer_is_recognised_and_says_why(headers: dict[str, str]):
    assert letter_read(letter(**headers).as_bytes()).automatic


@pytest.mark.parametrize(
    "headers",
    [{}, {"auto_submitted": "no"}, {"precedence": "list"}, {"list_id": "<support.shop.example>"},
     {"subject": "Your office is out of paper"}, {"return_path": "<maya@example.com>"}],
    ids=str,
)  # fmt: skip
def test_a_persons_letter_is_not_taken_for_a_programs(headers: dict[str, str]):
    assert letter_read(letter(**headers).as_bytes()).automatic == ""


def test_a_report_names_the_letter_that_came_back_to_whom_and_why():
    found = letter_read(report("t-1.20418@throughline.example")).bounce
    assert found is not None
    assert (found.action, found.recipient) == ("failed", "maya@example.com")
    assert found.reason == "5.1.1 550 5.1.1 No such user here"[6:]
    assert found.original_ids[0] == "t-1.20418@throughline.example"


def test_a_delay_is_no_failure():
    found = letter_read(report("x@y", action="delayed")).bounce
    assert found is not None and found.action == "delayed"


def test_attachments_are_kept_whole_and_their_names_are_harmless():
    made = letter()
    for name in ("../../etc/passwd", "receipt\u202efdp.exe", 'a"b<c>.pdf', "kuitti ä.pdf", "x" * 400 + ".pdf"):
        made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=name)
    names = [f.name for f in letter_read(made.as_bytes()).files]
    assert names[:4] == ["passwd", "receiptfdp.exe", "a_b_c_.pdf", "kuitti ä.pdf"]
    assert len(names[4]) <= 120 and names[4].endswith(".pdf")


def test_a_letter_attached_to_a_letter_is_a_file_and_its_words_are_not_theirs():
    inner, outer = letter("I am the inner one"), letter("See the attached letter")
    outer.add_attachment(inner)
    found = letter_read(outer.as_bytes())
    assert (found.text, len(found.files)) == ("See the attached letter", 1)
    assert b"I am the inner one" in found.files[0].content


def test_a_letter_of_html_alone_is_read():
    made = EmailMessage()
    made["From"] = "maya@example.com"
    made.set_content("<p>Where is <b>my</b> refund?</p>", subtype="html")
    assert letter_read(made.as_bytes()).text == "Where is my refund?"


def test_the_same_letter_is_the_same_whichever_way_it_came():
    raw = letter(message_id="<a@b>").as_bytes()
    again = b"Received: from elsewhere\r\nDelivered-To: x\r\n" + raw.replace(b"\n", b"\r\n")
    assert (message_id_of(raw), content_digest(raw)) == (message_id_of(again), content_digest(again))
    assert content_digest(raw) != content_digest(raw.replace(b"refund?", b"money?"))


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("iso-8859-15", "84,90 €".encode("iso-8859-15"), "84,90 €"),
        ("x-nonsense", "Hyvää".encode(), "Hyvää"),
        ("utf-8", b"84,90 \x80 now", "84,90 € now"),
        ("utf-16", b"\xff", "ÿ"),
        ("us-ascii", "päivä".encode(), "päivä"),
        ("base64", b"plain", "plain"),
    ],
)
def test_odd_charsets_are_read_as_well_as_can_be(charset: str, content: bytes, text: str):
    raw = f'From: a@b.example\r\nContent-Type: text/plain; charset="{charset}"\r\n\r\n'.encode() + content
    assert letter_read(raw).text == text


HEADERS = st.sampled_from(
    ["From", "To", "Subject", "Date", "Message-ID", "References", "Reply-To", "Content-Type", "Content-Disposition",
     "Content-Transfer-Encoding", "Auto-Submitted", "MIME-Version", "In-Reply-To", "Precedence", "Return-Path"]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"=?utf-8?b?gA==?=", b"=?x?q?=80?=", b"multipart/mixed; boundary=b", b"multipart/report; boundary=b", b"<>",
         b"message/rfc822", b"message/delivery-status", b"text/html; charset=\x00", b"base64", b"uuencode", b"(((((",
         b'attachment; filename*=utf-8\'\'%80"', b'"a" <b@c>, <d', b"a@b, " * 40, b"multipart/alternative; boundary=b",
         b"Mon, 99 Foo 2026 99:99:99 +9999", b"x-gzip64", b"text/plain; charset*0=u; charset*1=tf-8", b"[@]:;,<>"]
    ),
)  # fmt: skip
BODY = st.lists(st.one_of(st.binary(max_size=60), st.sampled_from([b"--b", b"--b--", b"", b"> x", b"<div>", b"="])))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=12), BODY)
@example([("Content-Type", b"multipart/mixed; boundary=b")], [b"--b", b"Content-Type: message/rfc822", b"", b"--b"])
@example([("From", b"\x00\xff <\x80@x>")], [b"\x00"])
def test_whatever_somebody_sends_there_is_a_letter_that_can_be_kept(
    headers: list[tuple[str, bytes]], body: list[bytes]
):
    raw = b"\r\n".join([name.encode() + b": " + value for name, value in headers] + [b""] + body)
    found = letter_read(raw)
    kept = "".join(
        [found.text, found.quoted, found.signature, found.subject, found.sender, found.sender_name, found.message_id,
         *found.problems, *(f.name for f in found.files), *found.answers]
    )  # fmt: skip
    kept.encode()
    assert "\x00" not in kept and len(found.text) < 10_000
    assert content_digest(raw) and "@" in (found.sender or "@")


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\n", b"\x00" * 1000, b"Subject: " + b"x" * 2_000_000 + b"\r\n\r\nhello", b"From: " + b"(" * 100_000,
        b"To: " + b"a@b.example, " * 100_000 + b"\r\n\r\nx", b"Subject:" + b" =?utf-8?q?a?=" * 20_000 + b"\r\n\r\nx",
        b"References: " + b"<a@b> " * 100_000 + b"\r\n\r\nx", b"A:b\r\n" * 100_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2000)),
        b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\nx\r\n" * 20_000,
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 60_000,
    ],
    ids=range(13),
)  # fmt: skip
def test_a_letter_made_to_do_harm_is_read_in_passable_time(raw: bytes):
    import time

    began = time.process_time()
    letter_read(raw)
    assert time.process_time() - began < 4
