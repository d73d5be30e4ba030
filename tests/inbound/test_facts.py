"""POST /api/v1/facts/: CloudEvents in every mode, each with a result of its own."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from django.contrib.auth.models import Group, User

from connectors.host.models import Fact, Source
from connectors.host.selectors import evidence
from connectors.host.services import deliveries_work, source_pause
from connectors.sdk import Ref
from tests.api.client import Caller, Reply
from tests.inbound.conftest import SECRET, make_source, send, signed
from workspace.access.services import token_make

BATCH, ONE = "application/cloudevents-batch+json", "application/cloudevents+json"
AMOUNT = {"amount": {"amount": "84.90", "currency": "EUR"}}


@pytest.fixture
def turku(db: None) -> Source:
    return make_source("turku", "push")


@pytest.fixture
def bot(db: None) -> Caller:
    return caller("program")


def caller(role: str) -> Caller:
    user = User.objects.create_user(role)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    return Caller(token_make(user=user)[1])


def event(id: str = "e1", **more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0", "id": id, "source": "turku", "type": "return.received", "subject": "return:RMA-1",
        "time": "2026-11-19T14:06:00Z", "data": {"by": "Aino", "refs": ["order:48-1"]}, **more,
    }  # fmt: skip


def push(bot: Caller, *events: Any, **headers: str) -> Reply:
    return bot.send("POST", "facts/", json.dumps(list(events)), kind=BATCH, headers=headers)


def outcome(reply: Reply) -> list[str]:
    return [result["status"] for result in reply["results"]]


def facts() -> list[Any]:
    return list(evidence(seeds=[Ref("order", "48-1")]).facts)


def official(**more: Any) -> CloudEvent:
    attributes = {"id": "e1", "source": "urn:shop:turku", "type": "refund.paid", "subject": "refund:re_1",
                  "time": datetime(2026, 11, 19, 14, 6, tzinfo=UTC)}  # fmt: skip
    return CloudEvent({**attributes, **more}, {**AMOUNT, "refs": ["order:48-1"]})


@pytest.mark.parametrize("mode", [to_structured_event, to_binary_event])
def test_what_the_official_library_sends_becomes_a_fact(turku: Source, bot: Caller, mode: Any) -> None:
    message = mode(official(said="Päid ½"))
    kind = message.headers.pop("content-type", "application/json")
    reply = bot.send("POST", "facts/", message.body, kind=kind, headers=message.headers)
    assert reply.status == 200 and reply["results"] == [{"index": 0, "id": "e1", "status": "recorded", "reason": ""}]
    (fact,) = facts()
    assert (fact.kind, fact.data, fact.occurred) == ("refund.paid", AMOUNT, datetime(2026, 11, 19, 14, 6, tzinfo=UTC))
    assert {str(r) for r in fact.refs} == {"refund:re_1", "order:48-1"} and fact.source == "turku"


def test_the_same_again_is_no_news(turku: Source, bot: Caller) -> None:
    assert outcome(push(bot, event(), event("e2", type="return.approved"))) == ["recorded", "recorded"]
    assert outcome(push(bot, event(), event("e3"), event("e3"))) == ["unchanged", "recorded", "unchanged"]
    assert Fact.objects.count() == 3


def test_a_bad_event_costs_the_others_nothing(turku: Source, bot: Caller) -> None:
    reply = push(bot, event("a", type="refund.paid"), 7, event("b"), event("c", subject="RMA-1"))
    assert reply.status == 200 and outcome(reply) == ["refused", "refused", "recorded", "refused"]
    assert (reply["recorded"], reply["unchanged"], reply["refused"]) == (1, 0, 3)
    assert reply["results"][0]["reason"] == "data: refund.paid: data: 'amount' is a required property"
    assert len(facts()) == 1 and reply["results"][1]["id"] is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"specversion": "0.3"}, 'specversion: write "1.0".'),
        ({"id": ""}, "id: write a text of 1 to 300 characters."),
        ({"id": "x" * 301}, "id: write a text"),
        ({"id": 5}, "id: write a text"),
        ({"source": "nobody"}, "source: 'nobody' is no source that facts can be pushed for. There are: turku."),
        ({"source": None}, "source: write a text of 1 to 300"),
        ({"type": "refund.teleported"}, "type: 'refund.teleported' is not a known kind"),
        ({"type": "acme.moved"}, "type: acme.moved is a kind of your own and needs a sentence"),
        ({"subject": "RMA-1"}, "subject: 'RMA-1' is not a reference; write scheme:value"),
        ({"subject": None, "data": {}}, "subject: name what the fact is about"),
        ({"time": "yesterday"}, "time: write it as 2026-11-19T14:06:00Z."),
        ({"time": "2026-11-19T14:06:00"}, "time: write it as"),
        ({"time": "2026-13-19T14:06:00Z"}, "time: write it as"),
        ({"time": None, "day": "2026-02-30"}, "day: write it as 2026-11-19."),
        ({"time": "9999-12-31T23:59:59Z"}, "data: return.received: 9999-12-31"),
        ({"data": "text"}, "data: must be a JSON object"),
        ({"data_base64": "AAAA"}, "data: send it as a JSON object"),
        ({"datacontenttype": "text/xml"}, "data: send it as a JSON object"),
        ({"data": {"refs": "order:1"}}, "data/refs: write a list of texts"),
        ({"data": {"refs": ["order:1", "x"]}}, "data/refs/1: 'x' is not a reference"),
        ({"refs": ["order:1"]}, "refs: a list can't be an attribute"),
        ({"undone": "yes"}, "undone: write true"),
        ({"sequence": -1}, "sequence: write a whole number"),
        ({"sequence": True}, "sequence: write a whole number"),
        ({"recordid": ""}, "recordid: write a text"),
        ({"data": {"by": "a\x00b"}}, "data/by: Text may not hold NUL"),
        ({"data": {"by": "\ud800"}}, "data/by: Text may not hold NUL"),
    ],
)
def test_a_refusal_names_the_attribute_and_what_to_write(
    turku: Source, bot: Caller, more: dict[str, Any], said: str
) -> None:
    (refused, kept) = push(bot, event("bad", **more) if "id" not in more else event(**more), event("good"))["results"]
    assert refused["status"] == "refused" and refused["reason"].startswith(said)
    assert kept["status"] == "recorded"


def test_where_every_event_is_refused_the_answer_is_a_problem_that_points_at_each(turku: Source, bot: Caller) -> None:
    many = push(bot, event(subject="x"), event(type=""))
    assert many.status == 422 and [e["pointer"] for e in many["errors"]] == ["#/0/subject", "#/1/type"]
    one = bot.send("POST", "facts/", json.dumps(event(data={"refs": [1]})), kind=ONE)
    assert one.status == 422 and one["errors"][0]["pointer"] == "#/data/refs"


def test_a_milestone_is_undone_and_that_is_known_once(turku: Source, bot: Caller) -> None:
    push(bot, event("a", recordid="RMA-1"))
    gone = event("b", recordid="RMA-1", undone=True)
    assert outcome(push(bot, gone)) == ["recorded"] and facts() == []
    assert outcome(push(bot, gone)) == ["unchanged"]


def test_a_records_sequence_decides_what_is_current_whenever_it_comes(turku: Source, bot: Caller) -> None:
    first, second = (
        event(f"e{n}", type="order.changed", subject="order:48-1", recordid="48-1", sequence=n, data={"status": s})
        for n, s in ((1, "open"), (2, "paid"))
    )
    assert outcome(push(bot, second)) == outcome(push(bot, first)) == ["recorded"]
    assert [f.data["status"] for f in facts()] == ["paid"] and outcome(push(bot, first)) == ["unchanged"]


def test_a_day_is_kept_as_a_day(turku: Source, bot: Caller) -> None:
    push(bot, event(time=None, day="2026-11-19"))
    assert facts()[0].occurred is None and facts()[0].day.isoformat() == "2026-11-19"


def test_a_source_that_is_asked_or_paused_is_not_pushed_for(turku: Source, bot: Caller) -> None:
    make_source("shop", "shop")
    assert "no source that facts can be pushed for" in push(bot, event(source="shop"))["detail"]
    source_pause(name="turku", why="", by="ines")
    assert "paused" in push(bot, event())["detail"] and not Fact.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("program", 200), ("integrator", 200), ("rep", 403), ("supervisor", 403)])
def test_programs_and_integrators_push(turku: Source, role: str, status: int) -> None:
    assert push(caller(role), event()).status == status


def test_nobody_pushes_without_a_token(turku: Source) -> None:
    assert push(Caller(), event()).status == 401


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", "{}", 415), ("text/plain", "x", 415), (ONE, "{", 400), (BATCH, "{}", 400),
        (ONE, "[1]", 422), (ONE, " ", 422), (BATCH, "[]", 200), (ONE, b"\xff\xfe", 400), (ONE, "[" * 100_000, 400),
        (ONE + "; charset=utf-16", "{}", 415),
    ],
)  # fmt: skip
def test_what_is_no_event_is_told_so(turku: Source, bot: Caller, kind: str, body: Any, status: int) -> None:
    assert bot.send("POST", "facts/", body, kind=kind).status == status


def test_there_are_limits(turku: Source, bot: Caller) -> None:
    assert push(bot, *[event()] * 1001).status == 413
    assert bot.send("POST", "facts/", " " * 5_000_001, kind=BATCH).status == 413
    assert bot.send("POST", "facts/", "[]", kind=BATCH, headers={"Content-Encoding": "deflate"}).status == 415
    assert len(outcome(push(bot, *(event(f"e{n}", data={"by": "x" * 2000}) for n in range(1000))))) == 1000


@pytest.mark.parametrize("batch", [True, False])
def test_the_same_events_come_signed_to_the_sources_own_door(turku: Source, batch: bool) -> None:
    text = json.dumps([event(), event("e2", type="nonsense")] if batch else event())
    answer = send(text, signed(text), "/in/turku/", kind=BATCH if batch else ONE)
    assert answer.status_code == 202 and deliveries_work() == 1 and len(facts()) == 1


def test_binary_events_come_signed_too(turku: Source) -> None:
    message = to_binary_event(official())
    text = message.body.decode()
    assert SECRET and send(text, {**message.headers, **signed(text)}, "/in/turku/").status_code == 202
    assert deliveries_work() == 1 and [f.kind for f in facts()] == ["refund.paid"]
