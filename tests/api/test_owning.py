"""Offers, teams, the next case, drafts and people who leave, as programs press them."""

from django.contrib.auth.models import User

from tests.api.conftest import Caller, account


def offered(rep: Caller, case: str, **more: object) -> dict:
    return rep.post(f"cases/{case}/handovers/", {"to": "tom", "why": "He knows the warehouse", **more})


def test_a_case_is_offered_with_its_packet_and_accepted(rep: Caller, case: str) -> None:
    tom = account("tom", "rep")
    made = offered(rep, case, hours=1)
    assert made.status == 201 and (made["from"], made["to"], made["state"]) == ("dana", "tom", "offered")
    assert made["packet"]["question"] == "Where is my refund?"
    assert rep.get(f"cases/{case}/")["offer"]["to"] == "tom"
    assert rep.post(f"cases/{case}/handovers/{made['id']}/", {"do": "accept"}).status == 403
    taken = tom.post(f"cases/{case}/handovers/{made['id']}/", {"do": "accept"})
    assert (taken["owner"]["name"], taken["offer"]) == ("tom", None)
    again = tom.post(f"cases/{case}/handovers/{made['id']}/", {"do": "decline", "why": "No"})
    assert again.status == 409 and again["type"].endswith(":wrong-state")
    assert [h["state"] for h in rep.get(f"cases/{case}/handovers/")["results"]] == ["accepted"]


def test_an_offer_that_can_not_be_is_refused_where_it_is_wrong(rep: Caller, case: str) -> None:
    assert offered(rep, case)["errors"][0]["pointer"] == "#/to"
    account("tom", "rep")
    assert offered(rep, case, why=" ")["errors"][0]["pointer"] == "#/why"
    assert offered(rep, case, hours=0).status == 400
    assert rep.post(f"cases/{case}/handovers/999/", {"do": "accept"}).status == 404


def test_teams_are_a_supervisor_s(rep: Caller, supervisor: Caller) -> None:
    team = {"name": "refunds", "title": "Refunds", "lead": "sam", "questions": ["refund-status"],
            "hours": {"mon": ["09:00", "17:00"]}, "zone": "Europe/Helsinki"}  # fmt: skip
    assert rep.post("teams/", team).status == 403
    assert supervisor.post("teams/", team)["hours"] == {"mon": ["09:00", "17:00"]}
    assert supervisor.post("teams/refunds/members/", {"person": "dana"})["members"][0]["taking"] is True
    assert rep.post("teams/refunds/members/", {"person": "dana", "taking": False})["members"][0]["taking"] is False
    assert rep.get("teams/")["results"][0]["lead"] == "sam"
    assert supervisor.post("teams/refunds/members/", {"person": "dana", "member": False})["members"] == []
    assert supervisor.post("teams/", {**team, "zone": "Nowhere"}).status == 400


def test_the_next_case_is_explained_and_taken(rep: Caller, case: str) -> None:
    tom = account("tom", "rep")
    assert tom.get("next-case/")["reference"] is None
    offer = offered(rep, case)
    found = tom.get("next-case/")
    assert (found["reference"], found["offer"], found["reason"]) == (case, offer["id"], "waiting")
    assert "has waited" in tom.post("next-case/")["why"]
    assert rep.get(f"cases/{case}/")["owner"]["name"] == "tom"


def test_a_draft_is_one_s_own(rep: Caller, supervisor: Caller, case: str) -> None:
    kept = rep.post(f"cases/{case}/draft/", {"text": "Dear Maya"})
    assert kept["text"] == "Dear Maya" == rep.get(f"cases/{case}/draft/")["text"]
    assert supervisor.get(f"cases/{case}/draft/")["text"] == ""
    assert rep.post(f"cases/{case}/draft/", {"text": ""})["updated_at"] is None


def test_a_reply_that_another_overtook_is_read_first(rep: Caller, supervisor: Caller, case: str) -> None:
    digest = rep.get(f"cases/{case}/answer/")["digest"]
    reply = {"text": "Hello", "digest": digest, "recipient": "email:maya@example.com"}
    assert supervisor.post(f"cases/{case}/messages/", {**reply, "text": "Sam was quicker"}).status == 201
    refused = rep.post(f"cases/{case}/messages/", {**reply, "since": 1})
    assert refused.status == 409 and refused["type"].endswith(":replied-meanwhile")
    assert (refused["replies"][0]["text"], refused["text"]) == ("Sam was quicker", "Hello")
    assert rep.post(f"cases/{case}/messages/", {**reply, "since": refused["seen"]}).status == 201


def test_a_person_leaves_after_handing_over(rep: Caller, supervisor: Caller, case: str, dana: User) -> None:
    assert rep.post("people/dana/deactivate/", {"why": "Last day"}).status == 403
    left = supervisor.post("people/dana/deactivate/", {"why": "Last day"})
    assert left.status == 409 and f"case {case}" in left["detail"]
    assert supervisor.post("people/dana/deactivate/", {"why": "Last day", "to": "sam"})["cases"] == 1
    assert rep.get("cases/").status == 401
