"""A write that comes twice under one key is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import connections

from cases.models import Case, Event
from connectors.host.selectors import moment
from tests.api.client import Caller, Reply
from tests.api.conftest import caller
from tests.database import TestDatabase
from workspace.api.models import KeyedWrite

BODY = {"question": "refund-status", "refs": ["order:48-1193"], "message": "Where is it?"}


def test_the_same_key_and_body_give_the_same_answer_and_do_nothing_more(rep: Caller) -> None:
    first, again = (rep.post("cases/", BODY, key="k1") for _ in range(2))
    assert (first.status, again.status) == (201, 201) and first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true" and again.headers["Location"] == first.headers["Location"]
    assert Case.objects.count() == 1


def test_spaces_and_order_of_names_make_no_other_request(rep: Caller) -> None:
    rep.post("cases/", BODY, key="k1")
    turned = rep.post("cases/", dict(reversed(BODY.items())), key="k1")
    assert turned.status == 201 and Case.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(rep: Caller) -> None:
    rep.post("cases/", BODY, key="k1")
    other = rep.post("cases/", {**BODY, "message": "Other words"}, key="k1")
    assert other.status == 422 and other["type"].endswith(":key-reused")
    assert rep.post("cases/1/notes/", BODY, key="k1").status == 422


def test_keys_of_two_accounts_never_meet(rep: Caller, program: Caller) -> None:
    assert rep.post("cases/", BODY, key="k1")["reference"] != program.post("cases/", BODY, key="k1")["reference"]


def test_what_was_refused_frees_its_key(rep: Caller) -> None:
    assert rep.post("cases/", {**BODY, "refs": ["nope"]}, key="k1").status == 400
    assert rep.post("cases/", BODY, key="k1").status == 201


def test_a_key_is_visible_ascii_of_a_sane_length(rep: Caller) -> None:
    for key in (" ", "x" * 256, "a b", "\u00e4"):
        assert rep.post("cases/", BODY, key=key).status == 400


def held(user: User, **more: object) -> KeyedWrite:
    now = moment()[1]
    first = caller(user).post("cases/", BODY, key="k1")
    assert first.status == 201
    KeyedWrite.objects.update(**{"status": None, "began_at": now, **more})
    return KeyedWrite.objects.get()


def test_a_first_request_under_way_is_waited_for(dana: User) -> None:
    held(dana)
    reply = caller(dana).post("cases/", BODY, key="k1")
    assert reply.status == 409 and reply["type"].endswith(":key-in-use") and reply.headers["Retry-After"] == "1"


def test_a_first_request_that_broke_off_is_never_repeated_by_itself(dana: User) -> None:
    held(dana, began_at=moment()[1] - timedelta(minutes=2))
    reply = caller(dana).post("cases/", BODY, key="k1")
    assert reply.status == 409 and reply["type"].endswith(":outcome-unknown")
    KeyedWrite.objects.update(began_at=moment()[1], failed=True)
    assert caller(dana).post("cases/", BODY, key="k1")["type"].endswith(":outcome-unknown")


def test_a_write_that_breaks_leaves_its_key_in_doubt(rep: Caller, monkeypatch) -> None:
    def broken(view: object) -> None:
        raise RuntimeError("The shape could not be made")

    with monkeypatch.context() as patch:
        patch.setattr("workspace.api.shapes.case", broken)
        reply = rep.post("cases/", BODY, key="k1")
    assert reply.status == 500 and reply["mark"] and "RuntimeError" not in str(reply.body)
    assert rep.post("cases/", BODY, key="k1")["type"].endswith(":outcome-unknown")
    assert Case.objects.count() == 1


def test_after_a_day_a_key_is_forgotten(rep: Caller) -> None:
    rep.post("cases/", BODY, key="k1")
    KeyedWrite.objects.update(expires_at=moment()[1] - timedelta(seconds=1))
    assert rep.post("cases/", {**BODY, "message": "Another day"}, key="k1").status == 201
    assert KeyedWrite.objects.count() == 1


def test_requests_at_the_same_time_open_one_case(committed_db: TestDatabase, dana: User) -> None:
    rep = caller(dana)

    def post(_: int) -> Reply:
        try:
            return rep.post("cases/", BODY, key="k1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(post, range(4)))
    assert {r.status for r in replies} <= {201, 409} and 201 in {r.status for r in replies}
    assert Case.objects.count() == 1 and Event.objects.filter(kind="case.opened").count() == 1
