"""What somebody has begun to write in a case. It is theirs: no change of owner or state takes it."""

from __future__ import annotations

from typing import Any

from cases.actors import Actor
from cases.errors import RepliedMeanwhile
from cases.kinds import QUIET
from cases.measuring.noting import warned_of
from cases.models import Case, Draft, Event, Statement
from cases.owning.meanwhile import replies_since
from cases.selectors.case import case_view
from cases.services.record import case_locked, event_add
from cases.told.shapes import DraftCheck
from cases.views import CaseView, DraftView
from cases.words import words_clean
from connectors.host.selectors import moment


def draft_save(
    *, case: Case, author: Any, text: str, since_seq: int | None = None, answer_digest: str = ""
) -> DraftView | None:
    """Keep the author's words. Empty words keep nothing (None). ``since_seq`` is the last event the author has seen
    (default: the case's last one). No event, no news: it concerns nobody else. Raises BadWords."""
    if not words_clean(text, field="text", required=False, limit=20_000):
        draft_clear(case=case, author=author)
        return None
    if since_seq is None:
        last = Event.objects.filter(case=case).exclude(kind__in=QUIET).order_by("-seq")
        since_seq = last.values_list("seq", flat=True).first() or 0
    if _sent(case, author, text, since_seq):
        return None
    values = {"text": text, "since_seq": since_seq, "answer_digest": answer_digest, "updated_at": moment()[1]}
    kept, _ = Draft.objects.update_or_create(case=case, author=author, defaults=values)
    return DraftView(kept.text, kept.since_seq, kept.updated_at, kept.answer_digest)


def _sent(case: Case, author: Any, text: str, since_seq: int) -> bool:
    """True for words that have left already: a page's last saving may come after its sending."""
    mine = Statement.objects.filter(case=case, actor_kind="person", actor=str(author.pk), event__seq__gt=since_seq)
    return mine.filter(words=words_clean(text, limit=20_000)).exists()


def draft_clear(*, case: Case, author: Any) -> None:
    """The author has sent it or thrown it away. ``author`` is a user or a user's id."""
    Draft.objects.filter(case=case, author=getattr(author, "pk", author)).delete()


def draft_warned(*, case: Case, check: DraftCheck, actor: Actor, view: CaseView | None = None) -> Event | None:
    """Record, once until the next message, each contradiction that a draft's writer was shown; None where that is no
    news. ``view`` is the case as the draft was checked against it."""
    if not any(f.kind == "contradiction" for f in check.findings):
        return None
    found = warned_of(view or case_view(case=case), check)
    if not _news(case, found):
        return None
    with case_locked(case) as locked:
        fresh = _news(locked, found)
        return event_add(locked, "draft.warned", actor, {"found": fresh}) if fresh else None


def _news(case: Case, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that nobody was warned of since the last message."""
    sent = Event.objects.filter(case=case, kind="message.out").order_by("-seq").values_list("seq", flat=True).first()
    told = Event.objects.filter(case=case, kind="draft.warned", seq__gt=sent or 0)
    known = {f["key"] for data in told.values_list("payload__data__found", flat=True) for f in data or ()}
    return [f for f in found if f["key"] not in known]


def meanwhile_check(*, view: CaseView, since_seq: int | None, actor: Actor, text: str) -> None:
    """Before a reply leaves: raises RepliedMeanwhile where another has replied since the writer last looked. Nothing
    is checked where the writer did not say when that was (None)."""
    found = replies_since(view.events, since_seq, actor) if since_seq is not None else ()
    if found:
        raise RepliedMeanwhile(found, text)
