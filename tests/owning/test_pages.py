"""Offers, teams, drafts and the next case, as people press them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Draft, Handover, Team
from cases.selectors import case_view
from cases.services import draft_save, handover_offer, message_send, presence_beat
from connectors.host.selectors import moment
from tests.owning.conftest import who


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def at_dana(dana: User) -> Client:
    return signed_in(dana)


def told(client: Client, address: str, **more: object) -> str:
    found = client.get(address, **more)  # type: ignore[arg-type]
    assert found.status_code == 200, found.status_code
    return found.content.decode()


def replied(case: Case, by: User, text: str) -> None:
    digest = case_view(case=case).answer.digest
    message_send(case=case, text=text, answer_digest=digest, actor=who(by), recipient="maya@example.com")


def test_a_case_is_offered_read_and_taken(case: Case, at_dana: Client, tom: User, refunds: Team):
    where = f"/cases/{case.pk}/handover/"
    form = told(at_dana, where)
    assert "What goes with it" in form and "order 48-1193" in form and "team:refunds" in form
    again = at_dana.post(where, {"to": "person:tom", "why": ""})
    assert again.status_code == 422 and "Write at least one word" in again.content.decode()
    at_dana.post(where, {"to": "person:tom", "why": "He knows the warehouse", "stands": "24"})
    offer = Handover.objects.get()
    assert offer.expires_at - offer.offered_at == timedelta(days=1)
    at_tom = signed_in(tom)
    assert "Offered to you" in told(at_tom, "/cases/") and "Take the case" in told(at_tom, f"/cases/{case.pk}/")
    assert "Take the offer back" in told(at_dana, f"/cases/{case.pk}/")
    at_tom.post(f"/cases/{case.pk}/handover/{offer.pk}/", {"do": "accept"})
    page = told(at_tom, f"/cases/{case.pk}/")
    assert "You answer for this case" in page and "Tom Brandt took the case over from Dana Okafor" in page


def test_an_offer_is_declined_with_a_reason_or_taken_back(case: Case, at_dana: Client, dana: User, tom: User):
    first = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    at_dana.post(f"/cases/{case.pk}/handover/{first.pk}/", {"do": "withdraw"})
    second = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    signed_in(tom).post(f"/cases/{case.pk}/handover/{second.pk}/", {"do": "decline", "why": "Full today"})
    assert list(Handover.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "declined"]
    assert "Full today" in told(at_dana, f"/cases/{case.pk}/")


def test_a_draft_is_kept_as_it_is_typed_and_is_there_again_whoever_owns_the_case(
    case: Case, at_dana: Client, dana: User, tom: User
):
    """zammad#5953: a change of owner deleted the draft."""
    since = case_view(case=case).events[-1].seq
    typed = {"text": "Dear Maya, half a sen", "since": since, "digest": case_view(case=case).answer.digest}
    kept = at_dana.post(f"/cases/{case.pk}/draft/", typed, headers={"HX-Request": "true"})
    assert "draft kept" in kept.content.decode()
    offer = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    signed_in(tom).post(f"/cases/{case.pk}/handover/{offer.pk}/", {"do": "accept"})
    replied(case, tom, "Tom is on it.")
    page = told(at_dana, f"/cases/{case.pk}/")
    assert "Dear Maya, half a sen" in page and "Tom Brandt replied while you were writing" in page
    assert "half a sen" not in told(signed_in(tom), f"/cases/{case.pk}/")


def test_another_s_reply_is_read_before_mine_is_sent(case: Case, at_dana: Client, tom: User):
    view = case_view(case=case)
    form = {"text": "My reply", "digest": view.answer.digest, "since": view.events[-1].seq,
            "recipient": "maya@example.com"}  # fmt: skip
    replied(case, tom, "Tom was quicker.")
    refused = at_dana.post(f"/cases/{case.pk}/reply/", form)
    page = refused.content.decode()
    assert refused.status_code == 409 and "Tom was quicker." in page and "My reply" in page
    assert case.statements.count() == 1
    seen = case_view(case=case).events[-1].seq
    assert at_dana.post(f"/cases/{case.pk}/reply/", {**form, "seen": seen}).status_code == 302
    assert case.statements.count() == 2


def test_a_draft_goes_with_its_sending_and_does_not_come_back_after_it(case: Case, at_dana: Client, dana: User):
    since = case_view(case=case).events[-1].seq
    draft_save(case=case, author=dana, text="All is well.", since_seq=since)
    replied(case, dana, "All is well.")
    late = {"text": "All is well.", "since": since}
    at_dana.post(f"/cases/{case.pk}/draft/", late, headers={"HX-Request": "true"})
    assert not Draft.objects.exists()


def test_who_else_is_here_is_shown_and_who_writes(case: Case, at_dana: Client, tom: User):
    presence_beat(case=case, person=tom, typing=True)
    assert "Tom Brandt is writing a reply" in told(at_dana, f"/cases/{case.pk}/present")
    assert "Tom Brandt" not in told(signed_in(tom), f"/cases/{case.pk}/present")


def test_the_next_case_is_explained_and_taken(case: Case, at_dana: Client, dana: User, rosa: User, refunds: Team):
    assert "Maya Lindqvist has waited" in told(at_dana, "/cases/")
    handover_offer(case=case, team="refunds", why="A refund", actor=who(dana))
    taken = signed_in(rosa).post("/cases/next/")
    case.refresh_from_db()
    assert taken.headers["Location"] == f"/cases/{case.pk}/" and case.owner_id == rosa.pk
    alone = at_dana.post("/cases/next/", follow=True)
    assert "Nothing waits for you now" in alone.content.decode()


def test_a_supervisor_makes_a_team_and_a_rep_only_pauses(sam: User, tom: User, dana: User, refunds: Team):
    at_sam, at_tom = signed_in(sam), signed_in(tom)
    made = at_sam.post("/teams/add/", {"title": "Night shift", "lead": "sam", "mon-from": "22:00", "mon-to": "6:00",
                                       "zone": "Europe/Helsinki", "question": "refund-status"})  # fmt: skip
    assert made.headers["Location"] == "/teams/night-shift/"
    assert Team.objects.get(name="night-shift").hours == {"mon": ["22:00", "06:00"]}
    wrong = at_sam.post("/teams/add/", {"title": "X", "lead": "sam", "mon-from": "25:00", "mon-to": "6:00"})
    assert wrong.status_code == 422 and "is not a time of day" in wrong.content.decode()
    assert at_tom.get("/teams/refunds/").status_code == 403
    at_tom.post("/teams/refunds/members/", {"person": "tom", "do": "rest"})
    assert refunds.places.get(person=tom).taking is False
    at_tom.post("/teams/refunds/members/", {"person": "rosa", "do": "remove"})
    assert refunds.places.count() == 2 and "Takes no new cases" in told(at_tom, "/teams/")


def test_somebody_leaves_by_a_page_that_says_what_is_left(case: Case, sam: User, dana: User, tom: User):
    at_sam = signed_in(sam)
    assert f'1 open case: <a class="link" href="/cases/{case.pk}/">' in told(at_sam, "/people/dana/leave/")
    left = at_sam.post("/people/dana/leave/", {"why": "Last day"})
    assert left.status_code == 422 and f"still has case {case.pk}" in left.content.decode()
    assert at_sam.post("/people/dana/leave/", {"why": "Last day", "to": "tom"}).status_code == 302
    case.refresh_from_db()
    dana.refresh_from_db()
    assert (case.owner_id, dana.is_active) == (tom.pk, False) and at_sam.get("/people/dana/leave/").status_code == 404


def test_an_offer_that_has_run_out_says_so(case: Case, dana: User, tom: User):
    offer = handover_offer(case=case, to=tom, why="Away", actor=who(dana))
    Handover.objects.update(expires_at=moment()[1])
    at_tom = signed_in(tom)
    said = at_tom.post(f"/cases/{case.pk}/handover/{offer.pk}/", {"do": "accept"}, follow=True)
    assert "This offer has run out" in said.content.decode()
