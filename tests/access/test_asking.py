"""Masked fields are opened for a time, by somebody else, and everybody can see it later."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.access.conftest import BANK, MAIL
from workspace.access import services
from workspace.access.errors import AccessError, NotYours
from workspace.access.models import AccessGrant

WHY = "Complaint to the ombudsman"


def asked(who, case, *classes: str, minutes: int = 60) -> AccessGrant:
    return services.access_ask(asker=who, case=case.pk, classes=classes or ["contact"], why=WHY, minutes=minutes)


def test_granted_access_lifts_the_mask_of_one_case_and_of_what_was_asked_for(case, person, caller) -> None:
    auditor = person("auditor")
    services.access_decide(id=asked(auditor, case).pk, by=person("supervisor"), grant=True)
    found = json.dumps(caller(auditor).get(f"cases/{case.pk}/timeline/").body)
    assert MAIL in found and BANK not in found
    assert MAIL not in json.dumps(caller(auditor).get("cases/").body)


def test_it_ends_by_itself(case, person, caller, monkeypatch) -> None:
    auditor = person("auditor")
    services.access_decide(id=asked(auditor, case, minutes=5).pk, by=person("supervisor"), grant=True)
    later = timezone.now() + timedelta(minutes=5, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert MAIL not in json.dumps(caller(auditor).get(f"cases/{case.pk}/timeline/").body)


def test_a_past_has_its_askings_at_their_own_times(case, person) -> None:
    from cases.models import Access

    at = timezone.now() - timedelta(days=30)
    made = services.access_ask(asker=person("auditor"), case=case.pk, classes=["contact"], why=WHY, at=at)
    done = services.access_decide(id=made.pk, by=person("supervisor"), grant=True, at=at + timedelta(minutes=4))
    assert (done.asked_at, done.until) == (at, at + timedelta(minutes=64)) and services.access_ask(
        asker=person("auditor"), case=case.pk, classes=["contact"], why=WHY)  # fmt: skip
    seen = Access.objects.filter(route="access").order_by("pk").values_list("what", "at")[:2]
    assert list(seen) == [("access asked", at), ("access granted", at + timedelta(minutes=4))]


def test_it_can_be_ended_sooner_and_only_once(case, person, caller) -> None:
    auditor, made = person("auditor"), asked(person("auditor"), case)
    services.access_decide(id=made.pk, by=person("administrator"), grant=True)
    first = services.access_end(id=made.pk, by=auditor).ended_at
    assert services.access_end(id=made.pk, by=person("supervisor")).ended_at == first
    assert MAIL not in json.dumps(caller(auditor).get(f"cases/{case.pk}/timeline/").body)


def test_nobody_grants_to_themselves_and_reps_grant_to_nobody(case, person, tom) -> None:
    boss = person("supervisor", "administrator", name="boss")
    with pytest.raises(NotYours, match="themselves"):
        services.access_decide(id=asked(boss, case, "card").pk, by=boss, grant=True)
    with pytest.raises(NotYours, match="Only a supervisor"):
        services.access_decide(id=asked(person("auditor"), case).pk, by=tom, grant=True)


def test_what_was_decided_is_decided_and_history(case, person) -> None:
    made = asked(person("auditor"), case)
    services.access_decide(id=made.pk, by=person("supervisor"), grant=False, answer="Ask the owner")
    with pytest.raises(AccessError, match="decided already"):
        services.access_decide(id=made.pk, by=person("administrator"), grant=True)
    for change in ("granted = true", "why = 'x'", "answer = 'y'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE access_accessgrant SET {change} WHERE id = {made.pk}")


@pytest.mark.parametrize(("given", "field"), [
    ({"why": " "}, "why"), ({"classes": []}, "classes"), ({"classes": ["soul"]}, "classes"),
    ({"minutes": 0}, "minutes"),
    ({"minutes": 481}, "minutes"), ({"case": "999999"}, "case"),
])  # fmt: skip
def test_what_can_t_be_used_is_refused_in_words(given, field: str, case, person) -> None:
    with pytest.raises(AccessError) as refused:
        services.access_ask(**{"asker": person("auditor"), "case": case.pk, "classes": ["card"], "why": WHY, **given})
    assert refused.value.field == field


def test_who_reads_no_cases_asks_about_raw_rows_alone(case, person) -> None:
    with pytest.raises(AccessError, match="reads no cases"):
        asked(person("integrator"), case)
    made = services.access_ask(asker=person("integrator"), case=None, classes=["contact"], why="Mapping is wrong")
    assert made.case_id is None


def test_the_page_asks_and_decides_and_the_log_shows_it_all(case, person, session) -> None:
    auditor, boss = session(person("auditor")), session(person("supervisor"))
    auditor.post("/access/ask/", {"case": case.pk, "class": ["contact", "card"], "why": WHY, "minutes": "30"})
    waiting = boss.get("/access/").content.decode()
    assert "Auditor" in waiting and WHY in waiting and "e-mail and phone, whole card number" in waiting
    made = AccessGrant.objects.get()
    boss.post(f"/access/{made.pk}/decide/", {"do": "grant", "answer": "For the letter"})
    log = auditor.get("/access/log/").content.decode()
    assert "Supervisor decided" in log and "For the letter" in log and "Until" in log
    assert session(person("rep")).get("/access/log/").status_code == 403


def test_the_api_asks_and_decides(case, person, caller) -> None:
    auditor, boss = caller(person("auditor")), caller(person("supervisor"))
    made = auditor.post("access/", {"case": str(case.pk), "classes": ["contact"], "why": WHY}, key="k1")
    assert (made.status, made["state"], made["minutes"]) == (201, "waiting", 60)
    assert auditor.post(f"access/{made['id']}/", {"do": "grant"}).status == 403
    assert boss.post(f"access/{made['id']}/", {"do": "grant"})["state"] == "granted"
    assert MAIL in json.dumps(auditor.get(f"cases/{case.pk}/timeline/").body)
    assert [g["id"] for g in auditor.get("access/")["results"]] == [made["id"]]
    assert boss.post("access/999999/", {"do": "grant"}).status == 404


def test_every_step_is_a_row_of_the_access_log(case, person) -> None:
    from cases.models import Access

    made = asked(person("auditor"), case)
    services.access_decide(id=made.pk, by=person("supervisor"), grant=True)
    services.access_end(id=made.pk, by=person("auditor"))
    rows = list(Access.objects.order_by("pk").values_list("what", "actor", "why"))
    assert [r[0] for r in rows] == ["access asked", "access granted", "access ended"] and WHY in rows[1][2]
    assert rows[1][1] == str(person("supervisor").pk) and all(case.pk in a.cases for a in Access.objects.all())
