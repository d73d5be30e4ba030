"""One case as it is, or as it was: a function of ``(case, as_of, at)`` in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Exists, OuterRef

from cases import questions, timeline
from cases.answers import Answer
from cases.drafts import draft
from cases.fold import LINKING, Folded, fold
from cases.kinds import QUIET
from cases.memory.pins import pinned
from cases.models import Case, Event
from cases.people import emails, initials, person_names, person_refs
from cases.promises.folding import promises_of
from cases.selectors.memory import earlier_words, proposal_of
from cases.selectors.rows import case_events, case_questions, case_refs, case_row
from cases.selectors.told_rows import told_views
from cases.told.knowing import about, zone_name
from cases.views import CaseState, CaseView, EventView, MailView, OtherMatter, Owner, PersonView
from connectors.host import selectors as host
from connectors.host.views import Evidence
from connectors.sdk import Ref
from customers.selectors import customers_by_refs, merges_of, same_person
from customers.views import CustomerView

MAX_OTHERS = 10


@dataclass(frozen=True)
class Answered:
    """What a question is answered at some moment: the part of a CaseView that is needed to judge words."""

    question: str
    evidence: Evidence
    events: tuple[EventView, ...]
    answer: Answer

    @classmethod
    def of(cls, view: CaseView) -> Answered:
        return cls(view.question, view.evidence, view.events, view.answer)


def case_get(reference: Case | int | str) -> Case:
    """The case of this reference, with its owner. Raises CaseNotFound."""
    return case_row(reference)


def case_view(*, case: Case | int | str, as_of: datetime | None = None, at: datetime | None = None) -> CaseView:
    """Everything a person may see of a case. Without ``as_of`` this is the live view.

    ``at`` is the instant for ages and due dates (default: the moment itself). Raises CaseNotFound, also where the
    case was not open yet, and the host's BadMoment.
    """
    row = case_row(case)
    if as_of is not None:
        as_of, past = host.moment(as_of)
        at = at or past
    return _seen(row, as_of, at)


def view_before(view: CaseView, row: Case, as_of: datetime, at: datetime | None = None) -> CaseView:
    """The same case at an earlier moment than a view of it that is read already: its events are not read again."""
    return _seen(row, as_of, at or as_of, view.events)


def answer_before(view: CaseView, row: Case, as_of: datetime, at: datetime) -> Answered:
    """The answer at an earlier moment alone, and what it rests on."""
    asked = case_questions(row, as_of)
    found = case_evidence(asked[0], case_refs(row, as_of), as_of, at, also=asked[1:])
    events = tuple(e for e in view.events if e.at <= found.as_of)
    person = _person(found, fold(events), customers_by_refs(person_refs(found), found.as_of))
    answer, _, own = _answers(asked, found, person.first_name)
    return Answered(asked[0], own, events, answer)


def _seen(
    row: Case, as_of: datetime | None, at: datetime | None, later: tuple[EventView, ...] | None = None
) -> CaseView:
    """``later`` are its events up to some moment from ``as_of`` on."""
    seeds = case_refs(row, as_of)
    asked = case_questions(row, as_of)
    found = case_evidence(asked[0], seeds, as_of, at, also=asked[1:])
    past = (e for e in later or () if e.at <= found.as_of)
    events = tuple(past) if later is not None else case_events(row, found.as_of)
    people = customers_by_refs(person_refs(found), found.as_of)
    return _assembled(row, asked, found, events, people, live=as_of is None)


def case_evidence(
    question: str, seeds: Sequence[Ref], as_of: datetime | None = None, at: datetime | None = None,
    also: Sequence[str] = (),
) -> Evidence:  # fmt: skip
    """The evidence of a question, and of those that are asked as well: the matter itself, and the labels (policies)
    that they call for."""
    known = [question, *(q for q in also if q in questions.names())]
    labels = dict.fromkeys(ref for q in known for ref in questions.labels(q))
    return host.evidence(seeds=seeds, labels=tuple(labels), as_of=as_of, at=at)


def question_title(name: str) -> str:
    """A question in a customer's words."""
    return questions.title(name) if name in questions.names() else name.replace("-", " ").capitalize() + "?"


def _assembled(
    row: Case, asked: Sequence[str], found: Evidence, events: tuple[EventView, ...],
    people: Sequence[CustomerView], *, live: bool,
) -> CaseView:  # fmt: skip
    was = fold(events)
    person = _person(found, was, people)
    mine = person.members if was.customer_id is not None else ()
    answer, also, found = _answers(asked, found, person.first_name)
    owner = _owner(row, was)
    lines = timeline.entries(found, events)
    state = _state(row, was, events)
    return CaseView(
        id=row.pk, reference=row.reference, state=state, channel=row.channel, opened_at=row.opened_at, owner=owner,
        person=person, question=asked[0], question_title=question_title(asked[0]), questions=tuple(asked),
        asked=was.asked, asked_at=was.asked_at, refs=found.seeds, verified=was.verified, events=events, evidence=found,
        waiting_since=was.waiting_since if state != "closed" else None, answer=answer,
        draft=draft(answer, verified=bool(was.verified), first_name=person.first_name, signed=owner.name),
        as_of=found.as_of, at=found.at, live=live, others=_others(row, mine, found.as_of, live), mails=_mails(events),
        told=told_views(row, events, found.as_of, zone_name(found), about(asked[0])),
        promises=promises_of(events), timeline=lines, counts=timeline.counts(lines, QUIET), offer=was.offer,
        pinned=pinned(events, earlier_words(row, mine, found.as_of), row.reference), chosen=was.chosen,
        also=also, evidence_words=was.chosen_by, proposal=proposal_of(events, asked) if live else None,
    )  # fmt: skip


def _answers(
    asked: Sequence[str], found: Evidence, first_name: str
) -> tuple[Answer, tuple[Answer, ...], Evidence]:  # fmt: skip
    """The main question's answer, those of the others, and the main one's evidence: the same as if it stood alone."""
    others = [q for q in asked[1:] if q in questions.names()]
    also = tuple(questions.compose(q, questions.heard(q, found), person=first_name) for q in others)
    own = questions.heard(asked[0], found) if others else found
    return questions.compose(asked[0], own, person=first_name), also, own


def _state(row: Case, was: Folded, events: Sequence[EventView]) -> CaseState:
    if any(e.kind == "state.changed" and e.data is None for e in events):  # the events' content was erased
        return cast(CaseState, row.state)
    return was.state


def _owner(row: Case, was: Folded) -> Owner:
    if was.owner_id is None:  # the events' content was erased
        return Owner(row.owner_id, row.owner.get_full_name() or row.owner.get_username())
    return Owner(was.owner_id, was.owner_name)


def _person(found: Evidence, was: Folded, people: Sequence[CustomerView]) -> PersonView:
    refs = person_refs(found)
    names = person_names(found, refs)
    mails = emails(refs)
    name = names[0] if names else was.customer_name or (mails[0].value if mails else "")
    customer = was.customer_id or (people[0].id if len(people) == 1 else None)
    merges = merges_of([customer] if customer else [], found.as_of)
    members = same_person(customer, merges) if customer else ()
    asked = [p for p in people if not (was.apart and set(p.members) <= {*members, *was.apart})]
    several = tuple(asked) if len(people) > 1 else ()
    called = tuple(p.name or ", ".join(map(str, p.refs)) for p in several)
    return PersonView(name, initials(name), refs, customer, called, several, members, merges)


def _mails(events: Sequence[EventView]) -> tuple[MailView, ...]:
    """The letters of a case and how far each has come, from its events alone."""
    mails: dict[int, MailView] = {}
    for event in events:
        data = event.data or {}
        if event.statement_id and data.get("channel") == "email":
            mails[event.statement_id] = MailView(event.statement_id, "queued", "")
        elif event.kind == "message.withdrawn" and data.get("statement") in mails:
            mails[data["statement"]] = MailView(data["statement"], "withdrawn", "")
        elif event.kind == "message.delivery" and data.get("statement") in mails:
            mails[data["statement"]] = MailView(data["statement"], data["delivery"], str(data.get("error", "")))
    return tuple(mails.values())


def _others(row: Case, customers: Sequence[int], as_of: datetime, live: bool) -> tuple[OtherMatter, ...]:
    if not customers:
        return ()
    # Only what was known to be theirs by then.
    known = Event.objects.filter(case=OuterRef("pk"), kind__in=LINKING, at__lte=as_of)
    rows = Case.objects.filter(Exists(known), customer__in=customers).exclude(pk=row.pk)
    fields = ("id", "opened_at", "state", "summary__question", "summary__headline")
    return tuple(
        # What another case has come to is known of the present only.
        OtherMatter(str(id_), question_title(name or ""), opened, *((state, headline or "") if live else ("", "")))
        for id_, opened, state, name, headline in rows.order_by("-opened_at").values_list(*fields)[:MAX_OTHERS]
    )
