"""Sources, single facts and search."""

from tests.api.client import Caller
from tests.api.conftest import MAIL, ORDER, Say, opened


def test_sources_say_how_they_fare(integrator: Caller, maya: Say) -> None:
    sources = integrator.get("sources/")["results"]
    assert [s["name"] for s in sources] == ["order", "warehouse", "finance"]
    assert all(s["status"] in ("live", "never") and s["limit_s"] == 3600 for s in sources)


def test_a_fact_comes_with_its_versions_and_the_row_it_was_read_from(rep: Caller, say: Say) -> None:
    paid = lambda amount, row=0: say(  # noqa: E731
        "refund.paid", {"amount": {"amount": amount, "currency": "EUR"}}, "refund:r", ORDER, row=row
    )
    paid("8.49", paid("84.90"))
    reference = opened(rep)
    [now] = rep.get(f"cases/{reference}/timeline/", kind="refund.paid")["results"]
    fact = rep.get(f"facts/{now['number']}/")
    assert [v["data"]["amount"]["amount"] for v in fact["versions"]] == ["8.49", "84.90"]
    assert fact["version"] == 2 and fact["raw"]["data"]["amount"]["amount"] == "8.49"
    assert rep.get(f"facts/{now['changed_from']}/")["superseded_at"] == fact["learned_at"]


def test_search_finds_orders_people_and_cases(rep: Caller, case: str) -> None:
    by_order = rep.get("search/", q="48-1193")
    assert {"ref": ORDER, "cases": [case]} in by_order["orders"] and [c["reference"] for c in by_order["cases"]] == [
        case
    ]
    by_name = rep.get("search/", q="lindq")
    assert by_name["people"][0]["name"] == "Maya Lindqvist" and MAIL in by_name["people"][0]["refs"]
    assert rep.get("search/", q="maya@example.com")["people"][0]["refs"] == [MAIL]
    assert rep.get("search/", q=case)["cases"][0]["reference"] == case


def test_what_is_not_known_yet_is_a_guess_to_open_a_case_with(rep: Caller) -> None:
    found = rep.get("search/", q="77-4040")
    assert found["orders"] == [] and found["guess"] == ["order:77-4040"]


def test_an_empty_search_is_told_what_to_look_for(rep: Caller) -> None:
    assert rep.get("search/").status == rep.get("search/", q=" ").status == 400
