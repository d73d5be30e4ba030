"""Whatever happened before and between: who is erased is gone, the rest is as it was, and history proves itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Case, ErasureRequest, EventPayload, Statement
from cases.selectors import case_view, chain_verify
from cases.selectors.ledger.kinds import KINDS, erased_of
from cases.services import Actor, message_send, note_add, outbox_send
from connectors.host.models import FactPayload
from connectors.host.services.digests import Counted, day_verify, digest_seal
from tests.retention.conftest import EUR, Say, erased, opened
from tests.retention.searching import found_in

PEOPLE = (("Zoë Groß", "zoe.gross@example.com"), ("Ann Lee", "ann.lee@example.com"), ("Ida Storm", "ida@storm.fi"))
WHO = st.sampled_from(range(len(PEOPLE)))
STEP = st.one_of(
    st.tuples(st.just("fact"), WHO), st.tuples(st.just("note"), WHO), st.tuples(st.just("told"), WHO),
    st.tuples(st.just("named"), WHO, WHO), st.tuples(st.just("seal")), st.tuples(st.just("erase"), WHO),
)  # fmt: skip


class History:
    """Three people with a case each, and what happens to them."""

    def __init__(self, say: Say, dana: User, two: tuple[User, User]) -> None:
        self.say, self.actor, self.two = say, Actor.person(dana), two
        self.gone: set[int] = set()
        for who in range(len(PEOPLE)):
            self.fact(who)
        self.cases = [opened(dana, f"order:60-{who}00", f"email:{mail}", message=f"{name} asks")
                      for who, (name, mail) in enumerate(PEOPLE)]  # fmt: skip

    def fact(self, who: int) -> None:
        name, mail = PEOPLE[who]
        data = {"number": f"60-{who}00", "total": EUR, "customer_name": name}
        if who not in self.gone:
            self.say("order.placed", data, f"order:60-{who}00", "email:" + mail)

    def note(self, who: int) -> None:
        self.named(who, who)

    def named(self, who: int, other: int) -> None:
        if other not in self.gone:
            note_add(case=self.cases[who], text=f"{PEOPLE[other][0].upper()} rang", actor=self.actor)

    def told(self, who: int) -> None:
        if who not in self.gone:
            view = case_view(case=self.cases[who])
            words = f"Dear {PEOPLE[who][0]}, we look into it."
            message_send(case=self.cases[who], text=words, answer_digest=view.answer.digest, actor=self.actor)
            outbox_send()

    def seal(self) -> None:
        now = datetime.now(UTC)
        for kind in KINDS:
            digest_seal(kind=kind, day=now.date(), until=now, made_at=now)

    def erase(self, who: int) -> None:
        if who in self.gone:
            return
        case = Case.objects.get(pk=self.cases[who].pk)
        assert case.customer_id
        before = self.others(who)
        erased(case.customer_id, *self.two)
        self.gone.add(who)
        after = self.others(who)
        assert after == {key: said for key, said in before.items() if PEOPLE[who][0].upper() not in said}

    def others(self, who: int) -> dict[Any, str]:
        """What is held of everybody else, in their own cases and facts."""
        events = EventPayload.objects.exclude(event__case=self.cases[who]).exclude(event__kind="case.erased")
        facts = FactPayload.objects.exclude(data__number=f"60-{who}00")
        told = Statement.objects.exclude(case=self.cases[who])
        rows = [*events.values_list("event_id", "data"), *facts.values_list("fact_id", "data")]
        kinds = ["event"] * events.count() + ["fact"] * facts.count()
        found = {(kind, id_): str(data) for kind, (id_, data) in zip(kinds, rows, strict=True)}
        return found | {("told", id_): words for id_, words in told.values_list("pk", "words")}

    def holds(self) -> None:
        for case in self.cases:
            assert chain_verify(case).intact
        for who in self.gone:
            assert found_in(PEOPLE[who]) == {}
        faults = [day_verify(kind, datetime.now(UTC).date(), erased_of, Counted()) for kind in KINDS]
        assert [f.sentence for f in faults if f and "put into" not in f.sentence] == []


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEP, min_size=2, max_size=7), last=WHO)
def test_who_is_erased_is_gone_and_all_else_is_as_it_was(
    say: Say, dana: User, ada: User, ben: User, steps: list[Any], last: int
):
    with transaction.atomic():
        history = History(say, dana, (ada, ben))
        for verb, *whom in [*steps, ("erase", last)]:
            getattr(history, verb)(*whom)
        history.holds()
        assert ErasureRequest.objects.filter(state="done").count() == len(history.gone) >= 1
        transaction.set_rollback(True)
