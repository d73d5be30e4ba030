"""Opening, listing and reading cases, their answers and timelines, as of now and as of then."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connectors.host.selectors import moment
from tests.api.client import Caller
from tests.api.conftest import MAIL, ORDER, Say, opened


def now() -> str:
    return moment()[1].isoformat()


def test_a_case_is_opened_and_found_where_the_answer_says(rep: Caller, maya: Say) -> None:
    made = rep.post("cases/", {"question": "refund-status", "refs": [ORDER, MAIL], "message": "Where is it?"})
    assert made.status == 201 and made.headers["Location"] == f"/api/v1/cases/{made['reference']}/"
    found = rep.get(made.headers["Location"])
    assert found["refs"] == [ORDER, MAIL] and found["asked"] == "Where is it?" and found["state"] == "open"
    assert found["owner"]["name"] == "Dana Okafor" and found["person"]["name"] == "Maya Lindqvist"


def test_a_program_opens_a_case_that_a_person_owns(program: Caller, maya: Say) -> None:
    found = program.get(f"cases/{opened(program)}/")
    assert found["owner"]["name"] == "Dana Okafor" and found["channel"] == "api"


def test_a_mistake_says_what_to_do(rep: Caller) -> None:
    unknown = rep.post("cases/", {"question": "weather", "refs": [ORDER]})
    assert unknown.status == 400 and "refund-status" in unknown["detail"]
    assert unknown["errors"] == [{"detail": unknown["detail"], "pointer": "#/question"}]
    assert "order:48-1193" in rep.post("cases/", {"question": "refund-status", "refs": ["nope"]})["detail"]


def test_names_that_no_page_expects_are_kept_as_they_are(rep: Caller, say: Say) -> None:
    name = "\u202eOk\u0301 <b>\U0001f9e6</b> " + "x" * 1900
    say(
        "order.placed",
        {"number": "h", "total": {"amount": "1.00", "currency": "EUR"}, "customer_name": name},
        "order:h",
    )
    assert rep.get(f"cases/{opened(rep, 'order:h')}/")["person"]["name"] == name.strip()


def test_the_answer_has_its_shape_and_every_claim_its_source(rep: Caller, case: str, paid: Say) -> None:
    answer = rep.get(f"cases/{case}/answer/")
    assert answer["situation"] in ("paid", "paid_window_over") and answer["headline"] and len(answer["digest"]) == 64
    assert answer["claims"] and all(c["facts"] or c["checks"] for c in answer["claims"])
    assert {s["name"] for s in answer["sources"]} == {"order", "warehouse", "finance"}
    assert answer["steps"] and datetime.fromisoformat(answer["as_of"]).tzinfo


def test_each_value_of_a_claim_stands_where_it_points_to(rep: Caller, case: str, paid: Say) -> None:
    values = [v for c in rep.get(f"cases/{case}/answer/")["claims"] for v in c["values"]]
    amounts = [v for v in values if v["type"] == "amount" and "from" in v]
    assert amounts and all("from" in v or (v["rule"] and v["inputs"]) for v in values)
    for value in amounts:
        found = rep.get(f"facts/{value['from']['fact']}/")["data"]
        for step in value["from"]["pointer"].strip("/").split("/"):
            found = found[step]
        assert value["value"] in (found, found.get("amount") if isinstance(found, dict) else found)


def test_the_past_stays_what_it_was(rep: Caller, case: str, maya: Say) -> None:
    before, then = rep.get(f"cases/{case}/answer/"), now()
    maya(
        "refund.paid",
        {"amount": {"amount": "84.90", "currency": "EUR"}, "method": "card"},
        "refund:re_1",
        "payment:pi_1",
    )
    assert rep.get(f"cases/{case}/answer/")["digest"] != before["digest"]
    past = rep.get(f"cases/{case}/answer/", as_of=then)
    assert past["digest"] == before["digest"] and past["live"] is False
    assert rep.get(f"cases/{case}/", as_of=then)["live"] is False
    assert rep.get(f"cases/{case}/", as_of="2020-01-01T00:00:00Z").status == 404


def test_a_plus_in_an_address_may_have_become_a_space(rep: Caller, case: str) -> None:
    when = moment()[1].isoformat()
    assert when.endswith("+00:00")
    assert rep.get(f"/api/v1/cases/{case}/?as_of={when}").status == 200


def test_who_was_shown_the_answer_is_kept(rep: Caller, program: Caller, case: str) -> None:
    rep.get(f"cases/{case}/answer/"), program.get(f"cases/{case}/answer/", as_of=now())
    seen = rep.get(f"cases/{case}/timeline/", kind="case.viewed")["results"]
    assert {e["actor_kind"] for e in seen} == {"person", "program"}
    assert rep.get(f"cases/{case}/timeline/", kind="answer.shown")["results"]


def test_a_wait_must_be_between_none_and_ten_seconds(rep: Caller, case: str) -> None:
    assert rep.get(f"cases/{case}/answer/", wait="0.1").status == 200
    for wait in ("-1", "10.1", "nan", "inf", "soon", "1e999"):
        assert rep.get(f"cases/{case}/answer/", wait=wait)["errors"][0]["parameter"] == "wait"


def test_a_timeline_is_newest_first_and_can_be_narrowed(rep: Caller, case: str, paid: Say) -> None:
    page = rep.get(f"cases/{case}/timeline/")
    kinds = [e["kind"] for e in page["results"]]
    assert {"case.opened", "message.in"} & set(kinds[:2]) and set(kinds[-2:]) == {"payment.captured", "order.placed"}
    times = [e["occurred"] or e["learned_at"] for e in page["results"]]
    assert times == sorted(times, reverse=True)
    finance = rep.get(f"cases/{case}/timeline/", domain="finance")["results"]
    assert {e["kind"] for e in finance} == {"refund.paid", "payment.captured"}
    assert [e["kind"] for e in rep.get(f"cases/{case}/timeline/", kind="refund.paid")["results"]] == ["refund.paid"]
    assert sum(page["counts"].values()) == len(kinds)


def test_a_mistyped_kind_is_no_empty_timeline(rep: Caller, case: str) -> None:
    assert rep.get(f"cases/{case}/timeline/", kind="refund.payed").status == 400
    assert rep.get(f"cases/{case}/timeline/", kind="acme.pallet_moved")["results"] == []


def test_pages_of_a_timeline_show_one_moment(rep: Caller, case: str, paid: Say) -> None:
    whole = rep.get(f"cases/{case}/timeline/", as_of=now())
    page = rep.get(f"cases/{case}/timeline/", limit="2")
    walked = [page]
    paid("refund.failed", {"amount": {"amount": "1.00", "currency": "EUR"}}, "refund:re_2", "order:48-1193", ago=0)
    while page["next"]:
        page = rep.get(page["next"].removeprefix("http://testserver"))
        walked.append(page)
    assert [e["id"] for p in walked for e in p["results"]] == [e["id"] for e in whole["results"]]
    assert len({p["as_of"] for p in walked}) == 1


def test_cases_are_listed_newest_first_in_pages_that_pin_a_moment(rep: Caller, maya: Say) -> None:
    made = [opened(rep) for _ in range(3)]
    first = rep.get("cases/", limit="2")
    opened(rep)
    second = rep.get("cases/", limit="2", cursor=first["next_cursor"])
    listed = [c["reference"] for c in (*first["results"], *second["results"])]
    assert listed == made[::-1] and second["next"] is None and second["as_of"] == first["as_of"]


def test_cases_are_found_by_state_owner_reference_and_situation(
    rep: Caller, dana: User, maya: Say, program: Caller
) -> None:
    one, other = opened(rep), opened(rep, "order:other")
    rep.post(f"cases/{other}/close/")
    find = lambda **q: [c["reference"] for c in rep.get("cases/", **q)["results"]]  # noqa: E731
    assert find(state="closed") == [other] and find(owner="dana") == [other, one] and find(owner="bot") == []
    assert find(ref="payment:pi_1") == [one] and find(ref="order:other", state="closed") == [other]
    situation = rep.get(f"cases/{other}/answer/")["situation"]
    assert situation == "nothing_found" or other in find(situation=situation)


def test_a_cursor_that_was_changed_or_made_for_something_else_is_refused(rep: Caller, maya: Say) -> None:
    opened(rep), opened(rep)
    cursor = rep.get("cases/", limit="1")["next_cursor"]
    for query in ({"cursor": cursor[:-1]}, {"cursor": cursor, "limit": "1", "state": "open"}, {"cursor": "x"}):
        reply = rep.get("cases/", **query)
        assert reply.status == 400 and reply["type"].endswith(":bad-cursor")
    reference = opened(rep)
    assert rep.get(f"cases/{reference}/timeline/", cursor=cursor).status == 400


def test_a_limit_is_a_number_from_1_to_200(rep: Caller, case: str) -> None:
    for limit in ("0", "-1", "201", "many", "1e2"):
        assert rep.get("cases/", limit=limit).status == rep.get(f"cases/{case}/timeline/", limit=limit).status == 400


def test_reading_takes_the_same_number_of_queries_whatever_there_is_to_read(rep: Caller, case: str, paid: Say) -> None:
    def queries() -> list[int]:
        found = []
        for path in ("cases/", f"cases/{case}/", f"cases/{case}/answer/", f"cases/{case}/timeline/"):
            with CaptureQueriesContext(connection) as sent:
                rep.get(path)
            found.append(len(sent))
        return found

    queries()  # the first look is put on record, the same within ten minutes is not
    few = queries()
    for number in range(20):
        paid("shipment.dispatched", {"carrier": f"Carrier {number}"}, ORDER)
        rep.post(f"cases/{case}/notes/", {"text": f"Note {number}"})
    rep.get(f"cases/{case}/answer/")
    assert queries() == few
