"""Rows of a case to plain shapes, each in one query."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case as Choose
from django.db.models import F, JSONField, Q, Value, When

from cases.errors import CaseNotFound
from cases.kinds import EVENT_KINDS, QUIET, body, public_payload, title
from cases.models import Case, CaseQuestion, CaseRef, Event
from cases.views import EventView
from connectors.sdk import Ref


def case_row(reference: Case | int | str) -> Case:
    """The case of this reference with its owner. Raises CaseNotFound."""
    text = str(reference.pk) if isinstance(reference, Case) else str(reference).strip()
    if text.isascii() and text.isdigit() and len(text) <= 18:
        found = Case.objects.select_related("owner").filter(pk=int(text)).first()
        if found is not None:
            return found
    raise CaseNotFound(f"There is no case {text[:40]!r}. A case reference is a number such as 20418.")


def case_refs(case: Case, as_of: datetime | None) -> tuple[Ref, ...]:
    """What a case was about at ``as_of`` (None: now), in the order in which it was said."""
    rows = CaseRef.objects.filter(case=case)
    if as_of is None:
        rows = rows.filter(removed_at=None)
    else:
        rows = rows.filter(Q(added_at__lte=as_of), Q(removed_at=None) | Q(removed_at__gt=as_of))
    return tuple(Ref(s, v) for s, v in rows.order_by("pk").values_list("ref__scheme", "ref__value"))


def case_questions(case: Case, as_of: datetime | None) -> tuple[str, ...]:
    """The questions asked by ``as_of`` (None: now), the main one first. Raises CaseNotFound where it was not open."""
    if as_of is not None and as_of < case.opened_at:
        raise CaseNotFound(f"Case {case.reference} was not open yet at {as_of.isoformat()}.")
    rows = CaseQuestion.objects.filter(case=case).order_by("-main", "pk")
    if as_of is None:
        return tuple(rows.values_list("name", flat=True))
    said = Event.objects.filter(case=case, kind__in=("case.opened", "question.changed"), at__lte=as_of)
    data = said.order_by("-seq").values_list("payload__data", flat=True).first() or {}
    asked = data.get("questions") or ([data["question"]] if data.get("question") else None)
    return tuple(asked or rows.filter(added_at__lte=as_of).values_list("name", flat=True))


def case_events(case: Case, as_of: datetime) -> tuple[EventView, ...]:
    """Every event up to ``as_of`` in its order. What was shown to whom comes without its long payload."""
    nothing = When(kind__in=sorted(QUIET), then=Value(None, JSONField()))
    light = Choose(nothing, default=F("payload__data"), output_field=JSONField())
    rows = (
        Event.objects.filter(case=case, at__lte=as_of)
        .annotate(content=light, by=F("payload__data__by"))
        .order_by("seq")
        .values_list(
            "id", "seq", "kind", "actor_kind", "actor", "at", "content", "by", "statement__id", "statement__words"
        )
    )
    return tuple(event_view(*row) for row in rows)


def event_view(
    id_: int, seq: int, kind: str, actor_kind: str, actor: str, at: datetime, data: object, by: object,
    statement: int | None = None, words: str | None = None,
) -> EventView:  # fmt: skip
    content = data if isinstance(data, dict) else None
    name = str(by or "") or ("The customer" if actor_kind == "customer" else "")
    declared = EVENT_KINDS.get(kind)
    return EventView(
        id=id_, seq=seq, kind=kind, title=title(kind, content, name), body=words or body(kind, content),
        actor_kind=actor_kind, actor=actor, actor_name=name, at=at, domain=declared.domain if declared else "case",
        data=public_payload(kind, content) if content is not None else None, statement_id=statement,
        quiet=kind in QUIET,
    )  # fmt: skip
