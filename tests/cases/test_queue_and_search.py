from contextlib import nullcontext
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.contrib.auth.models import User
from django.core.management import call_command

from cases.errors import BadInput
from cases.models import Case, CaseSummary
from cases.selectors import case_view, cases_list, next_case, queue, search, waiting_count
from cases.services import Actor, case_close, case_wait, cases_news, cases_sweep, follow, summaries
from cases.services.follow import summary_refresh
from cases.views import CaseView
from connectors.host.models import Source
from connectors.host.services import Asked, RefOutcome, facts_record
from tests.cases.conftest import EUR, NOW, Say, Teller, opened


def test_a_queue_holds_what_its_owner_has_open_longest_waiting_first(maya: Say, dana: User, tom: User):
    first, second, waiting, done = (opened(dana) for _ in range(4))
    opened(tom)
    case_wait(case=waiting, actor=Actor.person(dana))
    case_close(case=done, actor=Actor.person(dana))
    rows = queue(owner=dana)
    assert [r.reference for r in rows] == [first.reference, second.reference, waiting.reference]
    assert (rows[0].person, rows[0].question_title) == ("Maya Lindqvist", "Where is my refund?")
    assert rows[2].label == "Waiting for customer"


def test_late_promises_and_words_that_hold_no_longer_come_before_who_waits_longest(maya: Say, dana: User):
    waits, broken, late, later = (opened(dana) for _ in range(4))
    CaseSummary.objects.filter(case=broken).update(broken_words=1)
    for case, ago in ((late, 1), (later, 3)):
        CaseSummary.objects.filter(case=case).update(next_promise_at=NOW - timedelta(hours=ago))
    assert [r.reference for r in queue(owner=dana)] == [c.reference for c in (later, late, broken, waits)]


def test_the_queue_and_the_next_case_count_the_same(maya: Say, dana: User):
    first, *_ = (opened(dana) for _ in range(3))
    assert waiting_count(owner=dana) == sum(r.waiting_since is not None for r in queue(owner=dana)) == 3
    chosen = next_case(person=dana, but=first.reference)
    assert chosen and chosen.why.endswith("longest of 3")


def test_a_case_that_nobody_has_looked_at_is_read_by_itself(maya: Say, dana: User, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr(summaries, "case_gather", lambda case: asked.append(case.reference))
    case = opened(dana)
    monkeypatch.setattr(Teller, "lookup", lambda self, refs: (), raising=False)
    summary_refresh(case=case)
    cases_sweep()
    assert asked == [case.reference]
    CaseSummary.objects.update(changes_at=NOW)
    Case.objects.update(opened_at=NOW - timedelta(hours=1))
    cases_sweep()
    assert asked == [case.reference], "an old one is asked about when somebody opens it"


def test_news_from_a_source_reaches_the_queue(maya: Say, dana: User, django_capture_on_commit_callbacks):
    case = opened(dana)
    before = CaseSummary.objects.get(case=case).situation
    with django_capture_on_commit_callbacks(execute=True):
        maya("refund.paid", {"amount": EUR}, "refund:re_1", "payment:pi_1")
    after = CaseSummary.objects.get(case=case)
    assert after.situation == case_view(case=case).answer.situation != before


def test_news_never_disturbs_the_one_who_brings_it(case: Case, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(summaries, "case_follow", lambda case: 1 / 0)
    assert cases_news([r.ref_id for r in case.refs.all()]) == 0


def test_the_queue_can_be_made_anew(case: Case):
    was = CaseSummary.objects.values_list("situation", "headline", "ref_ids").get()
    CaseSummary.objects.all().delete()
    call_command("summaries_rebuild")
    assert CaseSummary.objects.values_list("situation", "headline", "ref_ids").get() == was


def test_a_case_that_changes_by_itself_is_read_again_in_time(case: Case):
    CaseSummary.objects.update(changes_at=case.opened_at, headline="old")
    assert cases_sweep() == 1
    assert CaseSummary.objects.get().headline == str(case_view(case=case).answer.headline)


@pytest.mark.parametrize(("error", "tried"), [(SoftTimeLimitExceeded(), 1), (ZeroDivisionError(), 3)])
def test_only_what_ends_all_work_keeps_the_others_from_being_read(
    maya: Say, dana: User, monkeypatch: pytest.MonkeyPatch, error: Exception, tried: int
):
    asked: list[Case] = []

    def fails(*, case: Case) -> CaseView:
        asked.append(case)
        raise error

    for _ in range(3):
        opened(dana)
    CaseSummary.objects.update(changes_at=NOW)
    monkeypatch.setattr(follow, "case_view", fails)
    with nullcontext() if tried == 3 else pytest.raises(SoftTimeLimitExceeded):
        cases_sweep()
    assert len(asked) == tried and CaseSummary.objects.filter(changes_at=NOW).count() == 3, "they are due still"


def test_a_list_of_cases_knows_its_states(case: Case):
    assert [c.reference for c in cases_list(state="open")] == [case.reference]
    assert cases_list(state="closed") == ()
    with pytest.raises(BadInput, match="waiting_customer"):
        cases_list(state="asleep")


@pytest.mark.parametrize("words", ["48-1193", "order:48-1193", "maya@example.com", "MAYA@example.com", "maya lind"])
def test_the_one_box_finds_an_order_an_e_mail_and_a_name(case: Case, words: str):
    assert [c.reference for c in search(words).cases] == [case.reference]


def test_a_case_is_found_by_its_number(case: Case):
    assert search(f"#{case.reference}").cases[0].reference == case.reference


def test_an_exact_reference_comes_first_and_names_its_cases(case: Case):
    found = search("48-1193")
    assert (str(found.refs[0].ref), found.refs[0].cases) == ("order:48-1193", (case.reference,))
    assert [p.name for p in search("lindqvist").people] == ["Maya Lindqvist"]


def test_a_beginning_finds_what_begins_so_in_order_and_signs_of_patterns_stand_for_themselves(maya: Say):
    for number in ("77-30", "77-1", "77-2", "7%-1"):
        maya("order.placed", {"number": number, "total": EUR}, f"order:{number}")
    assert [str(r.ref) for r in search("77-", limit=2).refs] == ["order:77-1", "order:77-2"]
    assert [str(r.ref) for r in search("7%-").refs] == ["order:7%-1"]
    assert search("7_-").refs == ()


def test_what_nobody_knows_can_still_be_asked_about(db: None):
    assert [str(r) for r in search("48-9999").guess] == ["order:48-9999"]
    assert [str(r) for r in search("Eli@Example.com").guess] == ["email:eli@example.com"]
    assert search("maya").guess == ()


@pytest.mark.parametrize(
    "words", ["'", "a & b", "a:*", "!!", "(((", "\x00", "\ud800", "' | '", "<->", "x" * 5000, "%", "😀", "\\", "a\\'b"]
)
def test_no_words_break_the_search(case: Case, words: str):
    search(words)


def test_people_are_found_who_have_no_case(maya: Say, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        maya("order.placed", {"number": "48-2000", "total": EUR, "customer_name": "Eli Sandoval"},
             "order:48-2000", "email:eli@example.com")  # fmt: skip
    found = search("sandov").people
    assert [(p.name, p.refs, p.cases) for p in found] == [("Eli Sandoval", ("email:eli@example.com",), ())]


def test_news_of_a_policy_reaches_every_case_that_it_decides(case: Case, monkeypatch: pytest.MonkeyPatch):
    from cases import questions
    from connectors.host.services import refs_intern
    from connectors.sdk import Ref

    policy, market = Ref("policy", "returns"), Ref("market", "FI")
    monkeypatch.setattr(questions, "labels", lambda question: (policy, market))
    call_command("summaries_rebuild")
    ids = refs_intern([policy, market])
    assert (cases_news([ids[policy]]), cases_news([ids[market]])) == (1, 0)


def test_a_policy_that_is_as_it_was_is_news_to_those_alone_who_lack_it(case: Case, monkeypatch: pytest.MonkeyPatch):
    from cases import questions
    from connectors.host.services import refs_intern
    from connectors.sdk import Ref

    policy = Ref("policy", "returns")
    monkeypatch.setattr(questions, "labels", lambda question: (policy,))
    call_command("summaries_rebuild")
    id_ = refs_intern([policy])[policy]
    CaseSummary.objects.update(answer_state="partial")
    assert cases_news([id_], confirmed=[id_]) == 1
    CaseSummary.objects.update(answer_state="answered", read_at=None)
    assert cases_news([id_], confirmed=[id_]) == 0
    assert cases_news([id_]) == 1


def test_a_case_that_several_verbs_touch_is_followed_once(case: Case, dana: User, monkeypatch: pytest.MonkeyPatch):
    from cases.services import follow, followed_once

    me, read = Actor.person(dana), list[int]()
    monkeypatch.setattr(follow, "summary_refresh", lambda case, view: read.append(case.pk) or True)
    with followed_once():
        case_wait(case=case, actor=me)
        case_close(case=case, actor=me)
        assert read == []
    assert read == [case.pk]


def heard_by_all(case: Case) -> CaseView:
    """Every source is asked about everything in the case, and says that there is no more: the case as it is then."""
    view = case_view(case=case)
    for source in Source.objects.all():
        told = tuple(RefOutcome(ref, "nothing", True, ("refund.paid",)) for ref in (*view.refs, *view.evidence.refs))
        facts_record(source=source, rows=(), how="lookup", started_at=view.at, asked=Asked(took_ms=1, refs=told))
    return case_view(case=case)


def test_a_case_that_only_grew_old_says_what_it_said_and_that_it_was_read_earlier(say: Say, case: Case) -> None:
    say("refund.submitted", {"amount": EUR}, "order:48-1193", "refund:re_1")
    fresh = heard_by_all(case)
    old = case_view(case=case, at=fresh.at + timedelta(hours=3))
    assert (fresh.answer.state, old.answer.state) == ("answered", "partial")
    summary_refresh(case=case, view=old)
    (row,) = queue()
    assert (row.label, row.headline) == ("Read earlier", str(fresh.answer.headline))


def test_a_disagreement_stands_in_the_queue_until_the_sources_are_read_again(say: Say, case: Case) -> None:
    say("order.changed", {"status": "refunded", "refunded": EUR}, "order:48-1193")
    fresh = heard_by_all(case)
    assert fresh.answer.state == "conflict"
    summary_refresh(case=case, view=case_view(case=case, at=fresh.at + timedelta(hours=3)))
    (row,) = queue()
    assert (row.label, row.situation) == ("Sources disagree", "sources_disagree")
