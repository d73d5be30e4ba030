"""What is done in a case by programs and people."""

from cases.models import OutboxMail, Statement
from tests.api.client import Caller
from tests.api.conftest import MAIL, Say, opened

TEXT = "Hello Maya, we are looking into it."


def reply_to(by: Caller, case: str, **more: object) -> dict:
    return {"text": TEXT, "digest": by.get(f"cases/{case}/answer/")["digest"], **more}


def test_a_reply_is_recorded_and_goes_to_the_outbox(rep: Caller, case: str) -> None:
    sent = rep.post(f"cases/{case}/messages/", reply_to(rep, case))
    assert sent.status == 201 and sent["recipient"] == MAIL and sent["unchecked"] == [TEXT]
    assert Statement.objects.get(pk=sent["statement"]).words == TEXT
    assert OutboxMail.objects.get(statement=sent["statement"]).state == "queued"
    assert rep.get(f"cases/{case}/")["mails"] == [{"statement": sent["statement"], "state": "queued", "error": ""}]


def test_claims_that_stand_unchanged_are_recorded_as_claims(rep: Caller, case: str, paid: Say) -> None:
    rep.post(f"cases/{case}/verify/", {"how": "called_back"})
    answer = rep.get(f"cases/{case}/answer/")
    sent = rep.post(f"cases/{case}/messages/", {"text": answer["draft"] + "\n\nTake care!", "digest": answer["digest"]})
    assert sent["claims"] and {c["key"] for c in sent["claims"]} and any("Take care!" in u for u in sent["unchecked"])


def test_until_the_asker_is_verified_the_draft_carries_no_amount(rep: Caller, case: str, paid: Say) -> None:
    before = rep.get(f"cases/{case}/answer/")["draft"]
    verified = rep.post(f"cases/{case}/verify/", {"how": "order_and_email"})
    assert "84.90" not in before and verified["verified"]["by"] == "Dana Okafor"
    assert "84.90" in rep.get(f"cases/{case}/answer/")["draft"]


def test_a_reply_to_an_answer_that_has_changed_comes_back_with_the_new_one(rep: Caller, case: str, maya: Say) -> None:
    old = reply_to(rep, case)
    maya(
        "refund.paid", {"amount": {"amount": "84.90", "currency": "EUR"}, "method": "card"}, "refund:r", "payment:pi_1"
    )
    refused = rep.post(f"cases/{case}/messages/", old)
    assert refused.status == 409 and refused["type"].endswith(":answer-changed")
    assert refused["text"] == TEXT and refused["draft"] == refused["answer"]["draft"]
    again = rep.post(f"cases/{case}/messages/", {"text": TEXT, "digest": refused["answer"]["digest"]})
    assert again.status == 201 and Statement.objects.count() == 1


def test_a_reply_without_the_answers_digest_is_refused(rep: Caller, case: str) -> None:
    refused = rep.post(f"cases/{case}/messages/", {"text": TEXT})
    assert refused.status == 400 and refused["errors"][0]["pointer"] == "#/digest"
    wrong = [{}, {"text": ""}, {"text": 5}, {"text": " ", "direction": "in"}, {"text": "x", "direction": "up"}]
    wrong += [{"text": "x", "direction": "in", "channel": "pigeon"}, {"text": "x" * 10_001, "direction": "in"}]
    for body in wrong:
        assert rep.post(f"cases/{case}/messages/", body).status == 400


def test_a_recipient_that_is_no_address_is_refused(rep: Caller, case: str) -> None:
    for to in ("order:1", "maya", "email:a b@c", "email:a@b.example\nBcc: x@y.example", "email:"):
        refused = rep.post(f"cases/{case}/messages/", reply_to(rep, case, recipient=to))
        assert refused.status == 400 and refused["errors"][0]["pointer"] == "#/recipient"


def test_programs_hand_in_what_customers_write_and_people_reply(program: Caller, rep: Caller, case: str) -> None:
    rep.post(f"cases/{case}/close/", {"why": "Done"})
    came = program.post(f"cases/{case}/messages/", {"direction": "in", "text": "Still nothing!", "channel": "chat"})
    assert came.status == 201 and came["statement"] is None
    after = rep.get(f"cases/{case}/")
    assert after["state"] == "open" and after["asked"] == "Still nothing!"
    assert program.post(f"cases/{case}/messages/", reply_to(program, case)).status == 403


def test_a_case_is_closed_once_and_reopened(rep: Caller, case: str) -> None:
    assert rep.post(f"cases/{case}/close/", {"why": "All done"})["state"] == "closed"
    again = rep.post(f"cases/{case}/close/")
    assert again.status == 409 and again["type"].endswith(":wrong-state") and "already" in again["detail"]
    assert rep.post(f"cases/{case}/reopen/")["state"] == "open"


def test_a_note_stands_on_the_timeline(rep: Caller, case: str) -> None:
    note = rep.post(f"cases/{case}/notes/", {"text": "Called the warehouse \U0001f9e6"})
    [line] = rep.get(f"cases/{case}/timeline/", kind="note")["results"]
    assert note.status == 201 and line["number"] == note["event"] and line["body"].endswith("\U0001f9e6")


def test_references_are_added_and_the_owner_changes(rep: Caller, supervisor: Caller, case: str) -> None:
    assert "order:9" in rep.post(f"cases/{case}/refs/", {"refs": ["order:9"]})["refs"]
    assert supervisor.post(f"cases/{case}/owner/", {"owner": "sam", "why": "Away"})["owner"]["name"] == "sam"
    nobody = supervisor.post(f"cases/{case}/owner/", {"owner": "nobody", "why": "Away"})
    assert nobody["errors"][0]["pointer"] == "#/owner"
    assert rep.post(f"cases/{case}/owner/", {"owner": "dana", "why": "Mine"}).status == 403
    assert rep.post(f"cases/{case}/verify/", {"how": "looks honest"}).status == 400


def test_sources_are_asked_again_at_once_and_not_without_end(rep: Caller, case: str, settings) -> None:
    asked = rep.post(f"cases/{case}/refresh/")
    assert asked.status == 202 and "Too many questions" in asked["refused"]["*"]
    settings.API_RATES = {"asking": "1/hour"}
    assert rep.post(f"cases/{case}/refresh/").status == 429
    assert rep.get(f"cases/{case}/").status == 200


def test_opening_by_an_email_alone_finds_the_person(rep: Caller, maya: Say) -> None:
    assert rep.get(f"cases/{opened(rep, MAIL)}/")["person"]["name"] == "Maya Lindqvist"
