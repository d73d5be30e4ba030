"""The daily digests were made over what has gone, and still prove the rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection

from cases.models import Case
from cases.selectors.ledger.kinds import KINDS, erased_of
from connectors.host.models import DigestPart
from connectors.host.services.digests import Counted, day_verify, digest_seal
from tests.retention.conftest import erased


@pytest.mark.django_db
def test_every_day_verifies_after_an_erasure(customer: int, whole: Case, ada: User, ben: User):
    today, over = datetime.now(UTC).date(), datetime.now(UTC) + timedelta(days=1)
    days = [today - timedelta(days=1), today]
    for kind in KINDS:
        for day in days:
            assert digest_seal(kind=kind, day=day, until=over, made_at=over)
    sealed = {kind.name: set(_ids(kind.name)) for kind in KINDS}
    done = erased(customer, ada, ben)
    said = ("facts", "raw_rows", "deliveries", "statements", "letters")
    counted = Counted()
    for kind in KINDS:
        if kind.name in said:
            faults = [day_verify(kind, day, erased_of, counted) for day in days]
            assert [f for f in faults if f and "put into" not in f.sentence] == []
    assert counted.erased >= 8 and done.counts["host_rawrow"] >= 4 and sealed["raw_rows"]


@pytest.mark.django_db
def test_the_salts_of_what_went_are_gone_and_no_others(customer: int, ada: User, ben: User):
    from cases.models import ErasedRow
    from cases.selectors.ledger.kinds import BY_NAME

    now = datetime.now(UTC)
    digest_seal(kind=BY_NAME["raw_rows"], day=now.date(), until=now, made_at=now)
    erased(customer, ada, ben)
    gone = set(ErasedRow.objects.filter(what="host_rawrow").values_list("row", flat=True))
    part = DigestPart.objects.get(kind="raw_rows")
    blank = {id_ for n, id_ in enumerate(part.ids) if bytes(part.salts)[n * 16 : n * 16 + 16] == bytes(16)}
    assert blank == gone & set(part.ids) and blank and len(part.ids) > len(blank)


def _ids(kind: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT unnest(ids) FROM host_digestpart WHERE kind = %s", [kind])
        return [row[0] for row in cursor.fetchall()]
