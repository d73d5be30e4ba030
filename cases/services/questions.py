"""What the customer asks, as a person says."""

from __future__ import annotations

from datetime import datetime

from cases.actors import Actor
from cases.models import Case, CaseQuestion
from cases.selectors.case import question_title
from cases.services.follow import case_follow
from cases.services.opening import question_clean
from cases.services.record import case_locked, event_add
from cases.words import words_clean
from connectors.host.services import clock_tick


def question_change(*, case: Case, question: str, actor: Actor, why: str = "") -> Case:
    """The case is about this question instead of its main one; one that is asked as well becomes the main one, and the
    main one is asked as well. Nothing is written where it is that already.

    Raises UnknownQuestion, BadWords.
    """
    return _asked(case, question, actor, why, added=False)


def question_add(*, case: Case, question: str, actor: Actor, why: str = "") -> Case:
    """The customer asks this as well; the main question stays. Nothing is written where it is asked already.

    Raises UnknownQuestion, BadWords.
    """
    return _asked(case, question, actor, why, added=True)


def _asked(case: Case, question: str, actor: Actor, why: str, *, added: bool) -> Case:
    question = question_clean(question)
    why = words_clean(why, field="why", required=False, limit=2000)
    with case_locked(case) as locked:
        rows = list(CaseQuestion.objects.filter(case=locked).order_by("-main", "pk"))
        main, names = rows[0], [row.name for row in rows]
        changed = question not in names if added else question != main.name
        if changed:
            at = clock_tick()
            if added or question in names:
                names = _more(locked, rows, question, at)
            else:
                CaseQuestion.objects.filter(pk=main.pk).update(name=question, added_at=at)
                names = [question, *names[1:]]
            event_add(
                locked, "question.changed", actor,
                {"question": question, "questions": names, "was": main.name, "added": added, "why": why,
                 "title": question_title(question)}, at,
            )  # fmt: skip
    if changed:
        case_follow(locked)
    return locked


def _more(case: Case, rows: list[CaseQuestion], question: str, at: datetime) -> list[str]:
    """One more question, or another of those asked is the main one. Returns their names, the main one first."""
    names = [row.name for row in rows]
    if question not in names:
        CaseQuestion.objects.create(case=case, name=question, added_at=at)
        return [*names, question]
    main = rows[0]
    CaseQuestion.objects.filter(case=case, name=question).delete()
    CaseQuestion.objects.filter(pk=main.pk).update(name=question, added_at=at)
    CaseQuestion.objects.create(case=case, name=main.name, added_at=at)
    return [question, *(name for name in names[1:] if name != question), main.name]
