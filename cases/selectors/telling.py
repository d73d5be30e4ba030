"""What a draft says before it is sent, and what customers were told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cases.drafts import read_reply
from cases.memory.asking import asked_again
from cases.models import Case, Statement
from cases.selectors.case import Answered, case_view
from cases.selectors.promises import promises_said
from cases.selectors.told_rows import as_told, said_of
from cases.told.checking import Draft, check
from cases.told.correcting import letter
from cases.told.holding import Told, before_sending, contradictions
from cases.told.knowing import about, known, zone_name
from cases.told.reading import read, zone_of
from cases.told.shapes import Contradiction, DraftCheck, Known, Said
from cases.views import CaseView, ToldView
from cases.words import words_clean
from connectors.host.selectors.refs import ref_ids

MAX_EARLIER = 50


def draft_check(*, case: Case | int | str, text: str, author: Any = None) -> DraftCheck:
    """What is to be said about a draft: its claims, each with what backs it or speaks against it. Reads only.

    ``author`` is the user who writes. Raises CaseNotFound, BadWords.
    """
    return view_check(case_view(case=case), words_clean(text), author)


def view_check(view: CaseView, text: str, author: Any = None) -> DraftCheck:
    """The same for a case that is read already."""
    zone, said = zone_name(view.evidence), view.answer
    refs = sorted({str(r) for r in (*view.refs, *view.evidence.refs) if r.is_matter})
    draft = Draft(
        text=text, at=view.at, zone=zone, read=read(text, view.at, zone, refs, about(view.question)),
        reading=read_reply(text, said.draft), known=(*facts_said(view), *days_of_talk(view, zone)),
        earlier=earlier_told(view), promises=promises_said(view, text),
        plain=[m.span() for t in said.draft_unverified for m in re.finditer(re.escape(str(t)), text)],
        verified=bool(view.verified), secrets=_secrets(view), actions=_acted(view), digest=said.digest,
    )  # fmt: skip
    return check(draft, asked_again(text, view.pinned, zone_of(zone)))


def days_of_talk(view: CaseView | Answered, zone: str) -> Iterable[Known]:
    """Days on which somebody wrote: a letter may name them."""
    for event in view.events:
        if event.kind in ("case.opened", "message.in", "message.out", "call.noted"):
            day = event.at.astimezone(zone_of(zone)).date()
            yield Known("date", f"{day}/{day}", "talk", source="This case", text=str(day))


def _acted(view: CaseView) -> bool:
    """Whether something was done for the customer since they last wrote."""
    for event in reversed(view.events):
        if event.kind in ("message.in", "message.out", "case.opened"):
            return False
        if event.kind == "action.asked":
            return True
    return False


_SECRET = ("bank_reference", "tracking")


def _secrets(view: CaseView) -> tuple[str, ...]:
    """References of the matter that this asker has not written themselves."""
    found = {r.value for f in view.evidence.facts for r in f.refs if r.is_matter}
    found |= {r.value for r in view.refs if r.is_matter}
    for fact in view.evidence.facts:
        found |= {str(fact.data[k]) for k in _SECRET if fact.data.get(k)}
    theirs = " ".join(str((e.data or {}).get(k) or "") for e in view.events for k in ("text", "message")
                      if e.kind in ("case.opened", "message.in")).lower()  # fmt: skip
    return tuple(sorted(s for s in found if len(s) > 3 and s.lower() not in theirs))


# -- what was told before -------------------------------------------------------------------------------
def earlier_told(view: CaseView) -> tuple[Told, ...]:
    """What this customer was told in this case, and in their other cases about the same references."""
    here = tuple(as_told(t, view.reference) for t in view.told)
    customers = view.person.members
    matter = [r for r in view.evidence.refs if r.is_matter]
    if not customers or not matter:
        return here
    rows = (
        Statement.objects.filter(case__customer__in=customers, case__summary__ref_ids__overlap=list(ref_ids(matter)))
        .exclude(case=view.id)
        .filter(at__lte=view.as_of)
        .order_by("-at", "-pk")
        .select_related("case")[:MAX_EARLIER]
    )
    zone, noun = zone_name(view.evidence), about(view.question)
    return (*here, *(Told(s.pk, s.at, s.words, said_of(s, zone, noun), s.case.reference) for s in rows))


def held_against(view: CaseView) -> Mapping[int, tuple[Contradiction, ...]]:
    """By statement of this case: what speaks against it now, and did not when it was made. Empty where it holds."""
    now = facts_said(view)
    current = {f.id for f in view.evidence.facts}
    cut = bool(view.evidence.cut)
    return {t.id: contradictions(as_told(t, view.reference), now, current, cut) for t in view.told}


def said_knowingly(view: CaseView, told: Told) -> tuple[Said, ...]:
    """Its claims, with what speaks against them already when it is made."""
    return before_sending(told, facts_said(view))


def facts_said(view: CaseView) -> tuple[Known, ...]:
    """Everything typed that may be said of a case as it was read; worked out once for each reading."""
    kept: dict[str, Any] = vars(view)
    if "facts_said" not in kept:
        kept["facts_said"] = known(view.evidence, view.answer)
    found: tuple[Known, ...] = kept["facts_said"]
    return found


def read_again(view: CaseView, statement: Statement) -> tuple[Said, ...]:
    """What a statement repeats as told before."""
    return read(statement.words, statement.at, zone_name(view.evidence), about=about(view.question)).told


def correction(view: CaseView, told: Iterable[ToldView]) -> str:
    """The drafted letter that puts right what these statements said; empty where nothing is broken."""
    found = [Contradiction.from_json(c) for t in told if t.state == "broken" for c in t.against]
    if not found:
        return ""
    return letter(view.draft, found, view.at, zone_name(view.evidence), verified=bool(view.verified))
