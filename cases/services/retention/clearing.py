"""What stands in ordinary rows of cases: the present, projections and work. History is the database function's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q

from cases.models import (
    ActionRun,
    Alert,
    CaseRef,
    CaseSummary,
    Commitment,
    Draft,
    InMail,
    InMailWork,
    MailFile,
    OutboxMail,
    StatementStanding,
)
from cases.services.mail_in import MAX_ROW
from connectors.host.selectors.erasing import ids_named, pattern_of
from connectors.host.services import refs_intern
from connectors.sdk import Ref
from customers.services import ERASED, erased_value

GONE = "Erased"


def files_of(letters: Collection[int]) -> set[str]:
    """Digests of the files that only these letters have, attachments and long originals."""
    mine = set(MailFile.objects.filter(mail__in=letters).values_list("digest", flat=True))
    mine |= set(InMail.objects.filter(pk__in=letters, size__gt=MAX_ROW).values_list("raw_digest", flat=True))
    others = MailFile.objects.filter(digest__in=mine).exclude(mail__in=letters)
    long = InMail.objects.filter(raw_digest__in=mine).exclude(pk__in=letters)
    kept = set(others.values_list("digest", flat=True)) | set(long.values_list("raw_digest", flat=True))
    return {d for d in mine - kept if len(d) == 64}


def refs_end(*, cases: Collection[int], at: datetime) -> None:
    """An erased case is about nothing any more: else opening it would ask the sources for what has just gone."""
    CaseRef.objects.filter(case__in=list(cases), removed_at=None).update(removed_at=at)


def cases_clear(*, cases: Collection[int], needles: Sequence[str]) -> None:
    """Take the words out of everything that stands beside the history of these cases."""
    ids, pattern = list(cases), pattern_of(needles)
    Draft.objects.filter(case__in=ids).delete()
    CaseSummary.objects.filter(case__in=ids).delete()
    named = ids_named("cases_alert", "text || ' ' || key", pattern)
    Alert.objects.filter(Q(case__in=ids) | Q(pk__in=named)).delete()
    Draft.objects.filter(pk__in=ids_named("cases_draft", "text", pattern)).delete()
    Commitment.objects.filter(case__in=ids).update(what=GONE, phrase="", evidence={}, key=None)
    ActionRun.objects.filter(case__in=ids).update(arguments={}, confirm=GONE, sentence="", decision="", limit="")
    for ref in CaseRef.objects.filter(case__in=ids).exclude(ref__value__startswith=ERASED).select_related("ref"):
        if not Ref(ref.ref.scheme, ref.ref.value).is_matter:  # somebody else's, too: theirs it stays
            ref.ref_id = refs_intern([marker := Ref(ref.ref.scheme, erased_value())])[marker]
            ref.save(update_fields=["ref"])


def statements_clear(*, statements: Collection[int]) -> None:
    """What stands beside statements: the letter's subject, and what speaks against them."""
    ids = list(statements)
    OutboxMail.objects.filter(statement__in=ids).update(subject="", last_error="")
    StatementStanding.objects.filter(statement__in=ids).update(against=[])


def letters_clear(*, letters: Collection[int]) -> None:
    """What was read from letters; the letters themselves are history."""
    InMailWork.objects.filter(mail__in=list(letters)).update(
        sender="", sender_name="", subject="", reason="", state="aside", leased_until=None
    )

