"""A case whose question is another team's: it is offered to them by hand, and nothing moves by itself."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.test import Client

from cases.models import Case, Team
from cases.selectors import team_elsewhere
from cases.services import question_change, team_save
from tests.owning.conftest import who


def page(person: User, where: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(where).content.decode()


def test_a_changed_question_offers_the_team_that_takes_it(case: Case, dana: User, sam: User, refunds: Team):
    team_save(name="parcels", title="Parcels", lead=sam, questions=["order-status"], actor=who(sam))
    question_change(case=case, question="order-status", actor=who(dana))
    shown = page(dana, f"/cases/{case.reference}/")
    assert "is the work of Parcels" in shown and "?to=team:parcels" in shown
    assert Case.objects.get(pk=case.pk).owner == dana, "nothing moves by itself"


def test_the_handover_is_filled_in_for_that_team(case: Case, dana: User, refunds: Team):
    shown = page(dana, f"/cases/{case.reference}/handover/?to=team:refunds")
    assert '<option value="team:refunds" selected>' in shown


def test_who_is_in_the_team_is_told_nothing(case: Case, tom: User, sam: User, refunds: Team):
    assert team_elsewhere(question="refund-status", owner=tom.pk) is None
    assert team_elsewhere(question="refund-status", owner=sam.pk) is None
    assert team_elsewhere(question="invoice-copy", owner=tom.pk) is None
