"""Letters on pages: found, read, let in, saved safely, taken back; the demo's mailbox writes back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from cases.models import Case, InMailWork, OutboxMail
from cases.selectors import case_view
from cases.services import mails_work
from tests.mail.conftest import Write, our_id, outgoing
from tests.mail.letters import letter
from workspace.mail.reading import inbox_read


@pytest.fixture
def page(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def send(page: Client, case: Case, **more: str) -> Any:
    view = case_view(case=case)
    given = {"text": "We look into it.", "digest": view.answer.digest, "recipient": "maya@example.com", **more}
    return page.post(f"/cases/{case.reference}/reply/", given, follow=True)


def test_the_page_says_to_whom_and_the_reply_goes_there_and_nowhere_else(page: Client, case: Case, settings: Any):
    """freescout#5121: the address on the page is where it goes."""
    settings.UNDO_S = 0
    assert "To <b>maya@example.com</b>" in page.get(f"/cases/{case.reference}/").content.decode()
    send(page, case)
    from cases.services import outbox_send

    outbox_send()
    assert outgoing()[-1].recipients() == ["maya@example.com"]


def test_a_reply_can_be_taken_back_on_the_page_and_its_words_are_there_again(page: Client, case: Case, settings: Any):
    settings.UNDO_S = 30
    shown = send(page, case).content.decode()
    assert "Undo" in shown and "Leaves in" in shown and "It leaves in 30 s." in shown and "Sent." not in shown
    told = OutboxMail.objects.get().statement_id
    after = page.post(f"/cases/{case.reference}/undo/", {"statement": told}, follow=True).content.decode()
    assert "We look into it." in after and "Leaves in" not in after and "Taken back" in after
    assert OutboxMail.objects.get().state == "withdrawn"


def test_a_letter_is_read_and_what_is_attached_is_only_ever_saved(page: Client, answered: Case, write: Write):
    made = letter("<script>alert(1)</script>", answers=our_id(answered), reply_to="else@evil.example")
    made.add_attachment(b"<script>", maintype="text", subtype="html", filename="x.html")
    work = write(made)
    shown = page.get(f"/letters/{work.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)" in shown and "else@evil.example" in shown
    file = page.get(f"/letters/{work.pk}/files/1/")
    assert b"".join(file.streaming_content) == b"<script>"
    assert file["Content-Disposition"] == 'attachment; filename="x.html"'
    assert (file["X-Content-Type-Options"], file["Content-Type"]) == ("nosniff", "application/octet-stream")
    assert page.get(f"/letters/{work.pk}/original/")["Content-Disposition"].startswith("attachment")
    assert "x.html" in page.get(f"/cases/{answered.reference}/").content.decode()


def test_who_sees_a_case_masked_gets_no_letter_of_it_whole(page: Client, answered: Case, write: Write, tom: User):
    from cases.services import Actor, member_save, team_save

    sam = User.objects.create_user("sam")
    sam.groups.add(Group.objects.get_or_create(name="supervisor")[0])
    actor = Actor.person(sam)
    team_save(name="refunds", title="Refunds", lead=answered.owner, questions=["refund-status"], actor=actor)
    member_save(team="refunds", person=answered.owner, actor=actor)
    made = letter("Call me", answers=our_id(answered), reply_to="else@evil.example")
    made.add_attachment(b"x", maintype="text", subtype="plain", filename="x.txt")
    work, other = write(made), Client()
    other.force_login(tom)
    for place in ("original/", "files/1/"):
        assert page.get(f"/letters/{work.pk}/{place}").status_code == 200
        assert other.get(f"/letters/{work.pk}/{place}").status_code == 403
    assert "else@evil.example" in page.get(f"/letters/{work.pk}/").content.decode()
    assert "else@evil.example" not in other.get(f"/letters/{work.pk}/").content.decode()


def test_a_held_letter_is_let_in_by_a_person(page: Client, write: Write):
    work = write(b"From: nobody\r\nSubject: hello\r\n\r\nWhere is it?")
    assert "Waits for you" in page.get("/letters/").content.decode()
    page.post(f"/letters/{work.pk}/leave/")
    work.refresh_from_db()
    assert work.state == "aside"


@pytest.mark.parametrize("path", ["/letters/99/", "/letters/99/files/1/", "/letters/99/original/", "/demo/mailbox/"])
def test_what_is_not_there_is_not_found(page: Client, path: str, settings: Any):
    settings.DEMO = False
    assert page.get(path).status_code == 404


def test_others_may_not_read_letters(client: Client, write: Write, dana: User):
    work = write(letter())
    assert client.get(f"/letters/{work.pk}/files/1/").status_code == 302
    client.force_login(User.objects.create_user("nobody"))
    assert client.get(f"/letters/{work.pk}/").status_code == 403


def test_the_demos_mailbox_writes_in_as_a_customer(page: Client, inbox: Any, settings: Any, tmp_path: Any):
    settings.DEMO, settings.EMAIL_FILE_PATH = True, str(tmp_path / "out")
    given = {"sender": "Maya <maya@example.com>", "subject": "Refund", "text": "Where is it?"}
    assert page.post("/demo/mailbox/", given).status_code == 302
    assert page.post("/demo/mailbox/", {**given, "sender": "nobody"}).status_code == 422
    inbox_read()
    mails_work()
    assert case_view(case=InMailWork.objects.get().case).asked == "Where is it?"
