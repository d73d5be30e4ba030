"""What the page shows of an answer, before any template: when it waits, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.answers import Gap
from cases.views import CaseView
from tests.pages import cast
from tests.questions.stories import told as story
from workspace.pages.present import titles
from workspace.pages.present.page import case_context
from workspace.pages.present.panel import SOON, panel
from workspace.pages.present.talk import signed_by

pytestmark = pytest.mark.django_db


def first_asking(since: timedelta) -> CaseView:
    """The shop has told of the order; finance is asked for the first time since then."""
    shown = cast.paid()
    sources = tuple(
        replace(s, status="waiting", checked_at=None, since=shown.at - since) if s.domain == "finance" else s
        for s in shown.evidence.sources
    )
    finance = next(s for s in sources if s.domain == "finance")
    gap = Gap(finance.name, finance.title, "finance", "Still waiting for its answer.", can_change=True)
    answer = replace(shown.answer, state="partial", gaps=(gap,))
    return replace(shown, answer=answer, evidence=replace(shown.evidence, sources=sources))


def test_a_first_asking_that_could_change_the_answer_is_waited_for_without_a_headline_or_a_draft() -> None:
    shown = case_context(first_asking(timedelta(seconds=1)), [])
    assert shown["panel"].state == "reading"
    assert shown["talk"].draft == ""


def test_a_source_that_hangs_is_not_waited_for_any_longer() -> None:
    assert panel(first_asking(SOON + timedelta(seconds=1))).state == "partial"


def test_what_a_side_of_a_disagreement_says_is_not_said_again_below() -> None:
    shown = panel(cast.disagree())
    told = {(w.domain, w.facts, w.checks) for w in shown.answer.witnesses}
    assert not [c for cell in shown.cells for c in cell.cited if (cell.domain, c.claim.facts, c.claim.checks) in told]


def test_where_several_are_meant_nothing_is_told_of_one_of_them() -> None:
    shown = case_context(cast.which_one(), [])
    assert shown["talk"].lines == ()
    assert {c.says for c in shown["panel"].cells if not c.cited} <= {"It depends on which one is meant."}


def test_a_reason_reads_on_in_its_sentence_and_a_lost_parcel_is_called_lost() -> None:
    told = {"items": [{"name": "Steel bottle"}], "reason": "Does not fit"}
    assert titles.said("return.requested", told, "") == ("Return requested", "Steel bottle: does not fit")
    lost = {"lost": True, "reason": "Parcel lost by the carrier", "carrier": "DHL"}
    assert titles.said("shipment.exception", lost, "") == ("Parcel lost by the carrier", "DHL")
    assert (
        titles.said("order.cancelled", {"reason": "Asked by the customer", "by": "customer"}, "")[1].count("ustomer")
        == 1
    )


def test_while_reading_only_what_has_been_said_has_a_cell() -> None:
    assert all(cell.cited for cell in panel(first_asking(timedelta(seconds=1))).cells)
    assert panel(cast.reading()).cells == ()


def test_a_question_that_hears_no_warehouse_has_no_cell_for_it_and_begins_with_the_shop() -> None:
    told = story("order-status", "late")
    view = replace(cast.view(told.ask()), question="order-status", evidence=told.evidence())
    assert [cell.domain for cell in panel(view).cells] == ["order", "finance", "policy"]
    assert [cell.domain for cell in panel(cast.paid()).cells][:3] == ["finance", "warehouse", "policy"]


def test_a_draft_that_was_sent_as_it_stands_is_not_offered_again() -> None:
    shown = cast.paid()
    out = replace(shown.events[0], seq=99, kind="message.out", body=shown.draft)
    told = case_context(replace(shown, events=(*shown.events, out)), [])["talk"]
    assert (told.draft, told.sent) == ("", True)
    more = replace(shown, events=(*shown.events, out), draft=f"{shown.draft} It has arrived.")
    assert case_context(more, [])["talk"].draft == more.draft


def test_a_note_names_its_source_once() -> None:
    shown = panel(cast.late_note())
    gap = shown.note
    assert gap is not None and shown.note_said == "Warehouse: Its feed is late."
    silent = replace(shown, note=replace(gap, reason="Warehouse does not answer."))
    assert silent.note_said == "Warehouse does not answer."


def test_a_colleague_does_not_write_in_the_owners_name() -> None:
    view = replace(cast.view(), draft="Hello Maya,\n\nYour money is on its way.\n\nKind regards,\nDana Okafor")
    assert signed_by(view, "Tom Brandt").endswith("Kind regards,\nTom Brandt")
    assert signed_by(view, view.owner.name) == view.draft
