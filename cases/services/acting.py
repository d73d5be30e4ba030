"""Something is to be done in a source for a case: asked by a person, done once, its outcome in the case's history.

The row is the record of work. A worker that dies leaves it to the next, which asks under the same key: so the source
does it once, where it honours keys. Where nobody can know, the run says ``unknown`` and a person decides.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from cases.actors import Actor
from cases.errors import BadInput, WrongState
from cases.models import ActionRun, Case
from cases.services.deciding import limit_of, run_waits
from cases.services.follow import case_follow
from cases.services.record import case_locked, event_add
from connectors.host.errors import BadAction, HostError
from connectors.host.selectors import moment
from connectors.host.services import (
    action_find,
    arguments_plain,
    arguments_read,
    confirmation,
    pool_wait,
    source_act,
)
from connectors.sdk import BadSettings, Missing, Refused, SourceError
from connectors.sdk.transport import Busy, NotNow

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
MOST_ASKED, MOST_TURNED_AWAY = 4, 20
PAUSE_S = 15
TRY_WAIT_S = 4.0


def action_ask(
    *, case: Case, source: str, action: str, arguments: Mapping[str, Any], actor: Actor, key: str = ""
) -> ActionRun:
    """Have a source do something. Returns at once; a worker asks it. Under the same ``key``, and while the very same is
    still under way, it is the same run. Above the asker's limit it waits for a second person first.

    Raises BadInput (it names the argument) and the host's errors.
    """
    try:
        found, spec = action_find(source=source, action=action)
        typed = arguments_read(spec, arguments)
    except BadAction as error:
        raise BadInput(str(error), error.field) from None
    plain, sentence = arguments_plain(typed), confirmation(spec, typed)
    money, limit = limit_of(case=case, actor=actor, arguments=typed)
    with case_locked(case) as locked:
        same = Q(key=key) if key else Q(state__in=("asked", "waiting"), source=source, action=action, arguments=plain)
        if run := ActionRun.objects.filter(same).filter(Q(case=locked) | Q(key=key)).first():
            if (run.case_id, run.source, run.action, run.arguments) != (locked.pk, source, action, plain):
                raise BadInput("This form was sent already, for something else. Load the page and fill it in again.")
            return run
        now = moment()[1]
        run = ActionRun.objects.create(
            case=locked, source=source, source_title=found.title, action=action, arguments=plain, confirm=sentence,
            key=key or action_key(), asked_at=now, due_at=now, state="waiting" if limit else "asked", limit=limit,
            amount=money.amount if money else None, currency=money.currency[:3] if money else "",
            asked_by_id=int(actor.id) if actor.kind == "person" else None,
        )  # fmt: skip
        if limit:
            run_waits(locked, run, actor, _told(run))
        else:
            event_add(locked, "action.asked", actor, _told(run) | {"confirm": sentence, "arguments": plain})
    return run


def action_words(*, source: str, action: str, arguments: Mapping[str, Any]) -> str:
    """The sentence that a person says yes to. Raises BadInput and the host's errors; nothing is asked for."""
    try:
        _, spec = action_find(source=source, action=action)
        return confirmation(spec, arguments_read(spec, arguments))
    except BadAction as error:
        raise BadInput(str(error), error.field) from None


def action_limit(*, case: Case, source: str, action: str, arguments: Mapping[str, Any], actor: Actor) -> str:
    """Why this would wait for a second person; empty where it would not. Raises BadInput and the host's errors."""
    try:
        _, spec = action_find(source=source, action=action)
        return limit_of(case=case, actor=actor, arguments=arguments_read(spec, arguments))[1]
    except BadAction as error:
        raise BadInput(str(error), error.field) from None


def action_key() -> str:
    """A fresh key for a form: pressing its button twice is asking once."""
    return uuid.uuid4().hex


def action_try(*, source: str, action: str, arguments: Mapping[str, Any], wait_s: float = TRY_WAIT_S) -> str:
    """What the source says would happen; nothing is done. It is asked in the bounded pool, and waited for no longer
    than ``wait_s``. Raises BadInput where it can't say, or not so quickly."""

    def ask() -> str:
        try:
            return source_act(source=source, action=action, arguments=arguments, key="", dry_run=True).sentence
        except SourceError as error:
            return error.sentence

    action_words(source=source, action=action, arguments=arguments)
    try:
        _, spec = action_find(source=source, action=action)
        if not spec.dry_run:
            raise BadAction("The source can't say beforehand what this would do.", "dry_run")
    except BadAction as error:
        raise BadInput(str(error), error.field) from None
    said = pool_wait(ask, wait_s)
    if said is None:
        raise BadInput(f"The source did not say within {wait_s:g} s what would happen. Nothing was done.")
    return said


def action_again(*, run: ActionRun, actor: Actor) -> ActionRun:
    """Ask again for a run whose outcome is unknown or that failed, under its own key."""
    with case_locked(run.case_id) as locked:
        held = ActionRun.objects.select_for_update().get(pk=run.pk)
        if held.state not in ("unknown", "failed"):
            raise WrongState(f"This is {held.state}; only what failed or is unknown can be asked again.")
        held.state, held.attempts, held.due_at, held.ended_at = "asked", 0, moment()[1], None
        held.save()
        event_add(locked, "action.asked", actor, _told(held) | {"confirm": held.confirm, "arguments": held.arguments})
    return held


def actions_run(limit: int = 10) -> int:
    """Do what was asked for and is due, one after the other; returns how many. Many workers may run this at once."""
    done = 0
    while done < limit and (run := _claim()) is not None:
        done += 1
        _settle(run, *_do(run))
    return done


@transaction.atomic
def _claim() -> ActionRun | None:
    now = moment()[1]
    # What lies further ahead than it can have been set was set by a clock that has been put back since.
    free = Q(leased_until=None) | Q(leased_until__lt=now) | Q(leased_until__gt=now + 2 * LEASE)
    is_time = Q(due_at__lte=now) | Q(due_at__gt=now + timedelta(seconds=PAUSE_S * (MOST_TURNED_AWAY + 1)))
    due = ActionRun.objects.filter(free, is_time, state="asked")
    run = due.order_by("due_at", "pk").select_for_update(skip_locked=True).first()
    if run is not None:
        run.leased_until = now + LEASE
        run.attempts += 1
        run.save()
    return run


def _do(run: ActionRun) -> tuple[str, str]:
    """The state that it comes to, and the sentence for people; ``asked`` where it is asked again."""
    try:
        done = source_act(source=run.source, action=run.action, arguments=run.arguments, key=run.key)
        return "done", done.sentence
    except (Busy, NotNow) as error:  # it was not asked
        return ("asked" if run.attempts < MOST_TURNED_AWAY else "failed"), error.sentence
    except (Refused, Missing, BadSettings) as error:
        return "refused", error.sentence
    except SourceError as error:
        return ("asked" if run.attempts < MOST_ASKED else "unknown"), error.sentence
    except HostError as error:
        return "failed", str(error)
    except Exception:  # whatever it is, it ends: the same is not asked for without end, and others are asked too
        log.exception("What came of the action %s of %s could not be kept", run.action, run.source)
        said = f"{run.source_title} was asked, but what it sent back could not be kept."
        return ("asked" if run.attempts < MOST_ASKED else "unknown"), said


def _settle(run: ActionRun, state: str, sentence: str) -> None:
    with case_locked(run.case_id) as locked:
        held = ActionRun.objects.select_for_update().get(pk=run.pk)
        if held.state != "asked":
            return
        now = moment()[1]
        held.state, held.sentence, held.leased_until = state, sentence[:1000], None
        held.due_at = now + timedelta(seconds=PAUSE_S * held.attempts)
        if state != "asked":
            held.ended_at = now
            by = Actor.rule("action", held.source_title)
            event_add(locked, "action.ended", by, _told(held) | {"outcome": state, "sentence": held.sentence})
        held.save()
    if state == "done":
        case_follow(locked)


def _told(run: ActionRun) -> dict[str, Any]:
    return {"action": run.action, "source": run.source, "source_title": run.source_title, "key": run.key}
