"""The owner of the database switches the guards off and changes history: each change is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import Error, connection, transaction
from django.db.models import F

from cases.ledger.anchors import Signed, body_digest, message
from cases.ledger.keys import key_new, key_read
from cases.models import Anchor, Case, Event, LedgerKey, Statement
from cases.selectors.ledger import Exported, anchors_signed, case_verify, keys_known, ledger_verify
from cases.selectors.ledger.kinds import BY_NAME
from cases.services import Actor, access_record, note_add
from cases.services.ledger import ledger_seal
from connectors.host.models import Clock, Fact, RawRow
from connectors.host.services.digests import Counted, day_verify
from tests.ledger.conftest import as_owner, tampered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def owner(db: None) -> Iterator[None]:
    with as_owner():
        yield


def found() -> str:
    fault = ledger_verify().fault
    return fault.sentence if fault else ""


def test_what_nobody_changed_is_intact(three_days: Case):
    verdict = ledger_verify()
    assert verdict.fault is None and verdict.counts["anchors"] == 3 and verdict.counts["cases"] == 2
    assert all(verdict.counts[kind] for kind in ("events", "facts", "closings", "raw_rows", "statements", "access"))
    assert case_verify(three_days).intact


def test_changed_events_are_named(three_days: Case):
    last = three_days.events.latest("seq")
    at = f"case_id = {three_days.pk} AND seq = 2"
    payload = f"event_id = (SELECT id FROM cases_event WHERE {at})"
    for change, sentence in [
        (f"UPDATE cases_event SET actor = '99' WHERE {at}", "Event 2 was changed after it was written."),
        (f"UPDATE cases_eventpayload SET data = '{{}}' WHERE {payload}", "The content of event 2 was changed"),
        (f"DELETE FROM cases_eventpayload WHERE {payload}", "The content of event 2 is gone, and no erasure"),
        (f"UPDATE cases_event SET seq = seq + 1 WHERE case_id = {three_days.pk} AND seq = {last.seq}",
         f"Event {last.seq} is missing"),
    ]:  # fmt: skip
        with tampered(change):
            assert found().startswith(f"Case {three_days.pk}: {sentence}"), change
            assert str(case_verify(three_days).fault)


def _gone(*events: int) -> list[str]:
    ids = ", ".join(map(str, events))
    tables = (("cases_eventpayload", "event_id"), ("cases_event", "id"))
    return [f"DELETE FROM {table} WHERE {column} IN ({ids})" for table, column in tables]


def test_removed_events_are_named_in_the_middle_and_at_the_end(three_days: Case):
    note = three_days.events.get(kind="note", seq__lt=three_days.events.latest("seq").seq - 1)
    last = three_days.events.latest("seq")
    with tampered(*_gone(note.pk)):
        assert f"Case {three_days.pk}: Event {note.seq} is missing" in found()
    with tampered(*_gone(last.pk)):
        day = last.at.date()
        assert found() == f"Case {three_days.pk} is missing: it had events on {day}." or (
            f"Case {three_days.pk} does not end on {day}" in found()
        )
        assert not case_verify(three_days).intact


def test_an_erased_event_excuses_no_case_that_has_its_number(three_days: Case):
    last = three_days.events.latest("seq")
    with tampered(*_gone(last.pk)):
        assert day_verify(BY_NAME["heads"], last.at.date(), lambda tables, ids: set(ids), Counted())


def test_a_case_that_was_removed_whole_is_named(three_days: Case):
    other = Case.objects.exclude(pk=three_days.pk).get()
    tables = ("cases_casesummary", "cases_caseref", "cases_casequestion")
    events = list(other.events.values_list("pk", flat=True))
    with tampered(*_gone(*events), *(f"DELETE FROM {t} WHERE case_id = {other.pk}" for t in tables),
                  f"DELETE FROM cases_case WHERE id = {other.pk}"):  # fmt: skip
        assert found().startswith(f"Case {other.pk} is missing: it had events on ")
        assert not case_verify(str(other.pk)).intact


def test_changed_rows_of_every_kind_are_named(three_days: Case):
    fact = Fact.objects.filter(superseded_at__isnull=False).earliest("pk")
    raw, statement = RawRow.objects.earliest("pk"), Statement.objects.get()
    for change, sentence in [
        (f"UPDATE host_fact SET how = 'push' WHERE id = {fact.pk}", f"Fact version {fact.pk} of "),
        (f"UPDATE host_factpayload SET said = 'No.' WHERE fact_id = {fact.pk}",
         f"The content of fact version {fact.pk} of "),
        (f"DELETE FROM host_factpayload WHERE fact_id = {fact.pk}", f"The content of fact version {fact.pk} of "),
        (f"UPDATE host_fact SET closed_as = 'undone' WHERE id = {fact.pk}", f"The closing of fact version {fact.pk}"),
        (f"UPDATE host_fact SET superseded_at = NULL, closed_as = NULL WHERE id = {fact.pk}",
         f"The closing of fact version {fact.pk} of "),
        (f"UPDATE host_rawrow SET body = '{{}}' WHERE id = {raw.pk}", f"Raw row {raw.pk} of "),
        (f"UPDATE cases_statement SET words = 'No.' WHERE id = {statement.pk}", f"Case {three_days.pk}: what was told"),
        (f"UPDATE cases_statement SET channel = 'phone' WHERE id = {statement.pk}", f"Statement {statement.pk} of "),
        ("UPDATE cases_access SET actor = '77'", "Look "),
        ("DELETE FROM cases_access", "Look "),
        ("UPDATE host_refvalue SET value = 'someone@else.example' WHERE value = 'maya@example.com'",
         "The content of fact version "),
    ]:  # fmt: skip
        with tampered(change):
            assert found().startswith(sentence), (change, found())


def test_rows_that_were_slipped_into_the_past_are_named(three_days: Case):
    copy = "INSERT INTO cases_access (at, actor_kind, actor, what, route, cases, customers, refs, why, key) SELECT"
    rest = "actor_kind, actor, what, route, cases, customers, refs, why, key FROM cases_access"
    for when, sentence in [("at + interval '1 second'", "later."),
                           ("at - interval '9 days'", "when nothing was recorded yet")]:  # fmt: skip
        with tampered(f"{copy} {when}, {rest}"):
            assert found().startswith("Look ") and sentence in found()


def test_what_was_changed_today_is_named_from_the_next_digest_on(three_days: Case, dana: User):
    note_add(case=three_days, text="Today.", actor=Actor.person(dana))
    last = three_days.events.latest("seq")
    slipped = "UPDATE cases_access SET actor = '77' WHERE id = (SELECT max(id) FROM cases_access)"
    access_record(actor=Actor.person(dana), what="list", case=three_days)
    with tampered(*_gone(last.pk), slipped):
        assert found() == ""
    Clock.objects.update(last=F("last") + timedelta(minutes=20))
    assert ledger_seal() == 0 and ledger_verify().intact
    note_add(case=three_days, text="Since.", actor=Actor.person(dana))
    assert ledger_verify().intact
    newest = three_days.events.latest("seq")
    with tampered(*_gone(newest.pk, last.pk)):
        assert f"Case {three_days.pk} does not end on {last.at.date()}" in found()
        assert not case_verify(three_days).intact
    with tampered(slipped):
        assert found().startswith("Look ") and "was changed after it was written" in found()


def test_digests_and_anchors_that_were_changed_or_removed_are_named(three_days: Case):
    days = list(Anchor.objects.order_by("day").values_list("day", flat=True))
    for change, sentence in [
        (f"DELETE FROM cases_anchor WHERE day = '{days[1]}'", "Anchor 2 is missing: the next one"),
        (f"DELETE FROM cases_anchor WHERE day = '{days[0]}'", "Anchor 1 is missing"),
        ("UPDATE cases_anchor SET body = body || '{\"number\": 2}' WHERE body ->> 'number' = '1'", "Anchor 1 is"),
        ("UPDATE cases_anchor SET signature = repeat('0', 128)", "The signature of the anchor of"),
        ("UPDATE cases_anchor SET body = body || '{\"note\": 1}'", "The anchor of"),
        ("UPDATE host_digestday SET count = count + 1 WHERE kind = 'facts'", "The digest of fact versions of"),
        ("DELETE FROM host_digestpart WHERE kind = 'facts'", "The digest of fact versions of"),
        ("DELETE FROM cases_ledgerkey", "The anchor of"),
    ]:
        with tampered(change):
            assert found().startswith(sentence), (change, found())


def test_a_chain_that_was_made_anew_from_an_event_on_does_not_lead_to_the_anchored_head(three_days: Case):
    last = three_days.events.latest("seq")
    from cases.selectors.history import link_of

    last.actor = "1"
    forged = link_of(last).computed()
    with tampered(f"UPDATE cases_event SET actor = '1', digest = '{forged}' WHERE id = {last.pk}"):
        assert found().startswith(f"Case {three_days.pk} does not end on ")


def _exported() -> Exported:
    return Exported({anchor.day: anchor for anchor in anchors_signed()}, keys_known())


def test_anchors_that_were_signed_again_are_found_by_those_kept_elsewhere(three_days: Case):
    kept, thief = _exported(), key_read(key_new())
    assert ledger_verify(exported=kept).intact
    rows, before = [], ""
    for anchor in Anchor.objects.order_by("day"):
        body = {**anchor.body, "key": thief.id, "previous": before}
        before = body_digest(body)
        rows.append((anchor, Signed(body, before, thief.id, thief.sign(message(body)))))
    with tampered(*(f"DELETE FROM cases_anchor WHERE id = {row.pk}" for row, _ in rows)):
        LedgerKey.objects.create(key_id=thief.id, public=thief.public, since=rows[0][0].made_at)
        for row, new in rows:
            Anchor.objects.create(day=row.day, body=new.body, digest=new.digest, key_id=new.key,
                                  signature=new.signature, made_at=row.made_at)  # fmt: skip
        assert ledger_verify().intact
        said = ledger_verify(exported=kept).fault
        assert said and "was signed again by another key" in said.sentence


def test_an_anchor_cut_off_the_end_is_found_by_those_kept_elsewhere(three_days: Case):
    kept = _exported()
    with tampered(f"DELETE FROM cases_anchor WHERE day = '{max(kept.anchors)}'"):
        said = ledger_verify(exported=kept).fault
        assert said and said.sentence == f"The anchor of {max(kept.anchors)}, which was exported, is missing."


def test_without_switching_the_guards_off_even_the_owner_changes_nothing(three_days: Case):
    text = {"cases_event": "digest", "cases_eventpayload": "salt", "cases_statement": "words", "cases_access": "actor",
            "cases_anchor": "signature", "cases_ledgerkey": "public", "host_fact": "how", "host_factpayload": "said",
            "host_rawrow": "url", "host_digestday": "root", "host_digestpart": "kind"}  # fmt: skip
    for table, column in text.items():
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'x'", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(change)
    assert Event.objects.filter(case=three_days).exists()
