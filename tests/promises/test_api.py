"""Promises over the API: made once under a key, answered for, listed; and a person's day."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Commitment
from cases.services import alert_tell
from connectors.host.selectors import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(dana: User) -> Client:
    client = Client()
    client.force_login(dana)
    return client


def post(web: Client, path: str, body: dict, key: str = ""):
    headers = {"Idempotency-Key": key} if key else {}
    return web.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def test_a_promise_made_twice_under_one_key_is_one(web: Client, case: Case):
    body = {"what": "Call Maya back", "phrase": "in two hours"}
    answers = [post(web, f"cases/{case.reference}/commitments/", body, "k1") for _ in range(2)]
    assert [a.status_code for a in answers] == [201, 201] and answers[0].json() == answers[1].json()
    assert Commitment.objects.count() == 1 and answers[0].json()["rule"] == "within-hours"


def test_what_names_no_time_is_refused_with_what_to_say(web: Client, case: Case):
    answer = post(web, f"cases/{case.reference}/commitments/", {"what": "Call", "phrase": "as soon as possible"})
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "#/phrase"
    assert "by when" in answer.json()["detail"]


def test_a_promise_is_answered_for_once(web: Client, case: Case):
    made = post(web, f"cases/{case.reference}/commitments/", {"what": "Call", "phrase": "tomorrow"}).json()
    place = f"commitments/{made['id']}/"
    again = post(web, f"{place}renegotiate/", {"phrase": "in 3 days", "why": "Busy", "told": "phone"})
    assert again.status_code == 201 and again.json()["follows"] == made["id"]
    assert post(web, f"{place}keep/", {"why": "Called"}).status_code == 409
    assert post(web, f"commitments/{again.json()['id']}/keep/", {"why": "Called"}).json()["state"] == "kept"
    assert web.get(f"/api/v1/commitments/{made['id']}/").json()["state"] == "renegotiated"


def test_ones_own_open_promises_are_listed_and_another_has_none(web: Client, case: Case, tom: User):
    made = post(web, f"cases/{case.reference}/commitments/", {"what": "Call", "phrase": "tomorrow"}).json()
    mine, toms = (web.get(f"/api/v1/commitments/?owner={who}&state=open").json() for who in ("me", "tom"))
    assert [p["id"] for p in mine["results"]] == [made["id"]] and toms["results"] == []
    assert web.get(f"/api/v1/cases/{case.reference}/commitments/").json()["results"][0]["id"] == made["id"]


def test_a_day_holds_promises_and_alerts_until_they_were_seen(web: Client, case: Case, dana: User):
    post(web, f"cases/{case.reference}/commitments/", {"what": "Call", "phrase": "in 40 days"})
    alert_tell(person=dana, case=case, kind="x", text="Look at this", key="k", at=moment()[1])
    day = web.get("/api/v1/me/day/").json()
    assert (len(day["later"]), day["alerts"][0]["text"], bool(day["next_at"])) == (1, "Look at this", True)
    assert post(web, "me/alerts/seen/", {}).json() == {"seen": 1}
    assert web.get("/api/v1/me/day/").json()["alerts"] == []


def test_an_unknown_promise_is_not_found(web: Client):
    assert web.get("/api/v1/commitments/987654/").status_code == 404
