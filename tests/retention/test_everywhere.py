"""What hangs on a customer beside their case, put where it can stand, and gone with them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from cases.models import ActionRun, Case, Handover
from cases.selectors.rows import case_refs
from cases.services import Actor, handover_decline, handover_offer, note_add, summaries_rebuild
from connectors.host.models import Check, FileImport, ImportRefusal, Malformed, Source
from connectors.host.services import Asked, RefOutcome, facts_record, source_note
from connectors.sdk import Ref, Row
from tests.retention.conftest import MAYA, NAME, NEEDLES, NOW, OWN, PHONE, STREET, Say, erased
from tests.retention.searching import found_in
from workspace.api.models import KeyedWrite
from workspace.erasing import content_erase
from workspace.outbound.models import Attempt, Notice, Subscription

PLACES = {"cases_handover", "cases_actionrun", "host_check", "host_importrefusal", "host_fileimport", "host_sourcelog",
          "host_rawrow", "api_keyedwrite", "outbound_notice", "outbound_attempt", "host_record"}  # fmt: skip


@pytest.fixture
def everywhere(whole: Case, dana: User, tom: User, say: Say, settings: Any) -> Case:
    offer = handover_offer(case=whole, to=tom, why=f"{NAME} asked for you", actor=Actor.person(dana))
    handover_decline(handover=offer, why=f"I know {NAME}", actor=Actor.person(tom))
    ActionRun.objects.create(
        case=whole, source="order", source_title="Order", action="call", key="k", asked_at=NOW, due_at=NOW,
        ended_at=NOW, arguments={"phone": PHONE}, confirm=f"Call {NAME}", state="done",
    )  # fmt: skip
    _sources()
    _roof(whole, dana)
    return whole


def _sources() -> None:
    source, started = Source.objects.get(name="order"), NOW - timedelta(minutes=1)
    outcome = RefOutcome(Ref("email", MAYA), "refused", reason=f"{MAYA} is blocked")
    asked = Asked(took_ms=3, outcome="refused", reason=f"No {MAYA}", detail=f"GET /?q={MAYA}", refs=(outcome,))
    bad = Row(
        "contact", OWN, {"kind": "no kind", "data": {"phone": PHONE}, "refs": ["email:" + MAYA], "occurred": None}
    )
    facts_record(source=source, rows=[bad], how="lookup", started_at=started, asked=asked)
    source_note(source=source, what="saved", sentence=f"Tried with {MAYA}.")
    file = FileImport.objects.create(source=source, name=f"{NAME}.csv", format="csv", digest="0", size=1, state="done",
                                     taken_at=NOW, created_at=NOW)  # fmt: skip
    ImportRefusal.objects.create(file=file, line=1, reason="No order", text=f"{MAYA};{STREET}")


def _roof(case: Case, dana: User) -> None:
    listener = Subscription.objects.create(title="L", url="https://l.example/", events=["note"], secret="env:L",
                                           since=NOW, created_at=NOW)  # fmt: skip
    event = case.events.latest("pk")
    notice = Notice.objects.create(subscription=listener, event_id=event.pk, kind="note", at=NOW, body=json.dumps(NAME),
                                   due_at=NOW)  # fmt: skip
    Attempt.objects.create(notice=notice, at=NOW, took_ms=1, answer=f"Thanks for {NAME}")
    KeyedWrite.objects.create(user=dana, key="1", fingerprint="f", holder="h", began_at=NOW, expires_at=NOW,
                              body={"text": f"Dear {NAME}"})  # fmt: skip
    session = SessionStore()
    session["_messages"] = f"{NAME} was answered."
    session.create()


def _roof_files(place: Path) -> None:
    (folder := place / "mail").mkdir()
    (folder / "one.file").write_text(f"To: {MAYA}")
    (folder / "other.file").write_text("To: ida@example.com")


def test_nothing_is_left_in_any_corner(
    everywhere: Case, ada: User, ben: User, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    _roof_files(tmp_path)
    everywhere.refresh_from_db()
    assert set(found_in(NEEDLES)) >= PLACES and Malformed.objects.exists() and Session.objects.count() == 1
    assert everywhere.customer_id
    with django_capture_on_commit_callbacks(execute=True):
        erased(everywhere.customer_id, ada, ben)
    assert found_in(NEEDLES) == {} and not Session.objects.exists()
    assert [p.name for p in (tmp_path / "mail").iterdir()] == ["other.file"]
    summaries_rebuild()
    assert found_in(NEEDLES) == {} and Check.objects.exists() and Handover.objects.get().why == "erased"


def test_kept_answers_about_a_longer_number_stay(db: None, dana: User):
    kept = {"user": dana, "fingerprint": "f", "holder": "h", "began_at": NOW, "expires_at": NOW}
    for number in (2041, 20418):
        for end in ("", "/notes/7"):
            KeyedWrite.objects.create(key=f"{number}{end}", location=f"/api/v1/cases/{number}{end}", **kept)
    content_erase(None, events=(), cases=("2041",), needles=(MAYA,))
    assert set(KeyedWrite.objects.values_list("key", flat=True)) == {"20418", "20418/notes/7"}


def test_every_page_of_an_erased_case_still_opens(
    committed_db: object, everywhere: Case, ada: User, ben: User, dana: User, client: Client
):
    everywhere.refresh_from_db()
    assert everywhere.customer_id
    note_add(case=everywhere, text=f"{NAME} again", actor=Actor.person(dana))
    erased(everywhere.customer_id, ada, ben)
    asked = Check.objects.count()
    client.force_login(User.objects.create_superuser("root"))
    ref = everywhere.reference
    pages = ("", "replay/", "handover/", "live", "promises/read", "actions/")
    for page in (*(f"/cases/{ref}/{p}" for p in pages), "/cases/", "/day/", "/letters/", "/teams/", "/review/"):
        shown = client.get(page, follow=True)
        assert shown.status_code in (200, 204, 405), (page, shown.status_code)
        assert not [n for n in NEEDLES if n in shown.content.decode()], page
    shown = client.get(f"/cases/{ref}/").content.decode()
    assert "What was said in this case has been erased" in shown and "Send and close" not in shown
    assert client.get(f"/api/v1/cases/{ref}/").json()["state"] == "closed"
    for path in ("", "timeline/", "answer/", "told/", "commitments/"):
        assert client.get(f"/api/v1/cases/{ref}/{path}").status_code == 200, path
    assert Check.objects.count() == asked and not case_refs(everywhere, None)  # and no source is asked for it again
