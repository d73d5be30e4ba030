"""Asking a source to *do* something: typed arguments, an idempotency key, its outcome read like any other row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

from connectors.host.errors import BadAction
from connectors.host.models import Source
from connectors.host.registry import connector_class
from connectors.host.services.gathering.lanes import lane_of
from connectors.host.services.gathering.opening import connector_open
from connectors.host.services.polling import source_get
from connectors.host.services.recording import facts_record
from connectors.sdk import ActionSpec, Done, Ref, SourceError, Unreadable
from connectors.sdk.calls import call
from connectors.sdk.secrets import told

_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
Typed = Mapping[str, Any]


def action_find(*, source: str, action: str) -> tuple[Source, ActionSpec]:
    """The source and what its connector declares. Raises UnknownSource, UnknownConnector and BadAction."""
    found = source_get(source)
    specs = connector_class(found.connector).actions()
    if action not in specs:
        there = ", ".join(specs) or "none"
        raise BadAction(f"{found.title} knows no action {action[:40]!r}. There are: {there}.", "action")
    if found.paused or not found.enabled:
        raise BadAction(f"{found.title} is paused: resume it, then ask again.", "source")
    return found, specs[action]


def arguments_read(spec: ActionSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values (texts, as forms and JSON have them) as the types that the action declares. Raises BadAction, which
    names the argument."""
    stray = sorted(set(given) - set(spec.arguments))
    if stray:
        raise BadAction(f"There is no argument {stray[0][:40]!r}. There are: {', '.join(spec.arguments)}.", stray[0])
    return {name: _typed(name, kind, given.get(name)) for name, kind in spec.arguments.items()}


def arguments_plain(typed: Typed) -> dict[str, Any]:
    """The same as JSON keeps them."""
    return {name: value if isinstance(value, bool | int) else str(value) for name, value in typed.items()}


def confirmation(spec: ActionSpec, typed: Typed) -> str:
    """The sentence that a person says yes to, with the arguments in their places."""
    shown = {name: value.value if isinstance(value, Ref) else value for name, value in typed.items()}
    return spec.confirm.format_map(shown)


def source_act(*, source: str, action: str, arguments: Mapping[str, Any], key: str, dry_run: bool = False) -> Done:
    """Ask the source to do it, and keep what it sent back. The same key again is the same deed, where the source
    honours keys. With ``dry_run`` nothing is done and nothing kept.

    Raises what ``action_find`` raises, and the connector's SourceError: after TryAgain nobody can know whether it was
    done, except after Busy and NotNow, where the source was not asked.
    """
    found, spec = action_find(source=source, action=action)
    if dry_run and not spec.dry_run:
        raise BadAction(f"{found.title} can't say beforehand what {action} would do.", "dry_run")
    typed = arguments_read(spec, arguments)
    more = {"dry_run": dry_run} if spec.dry_run else {}
    started_at = timezone.now()
    with lane_of(found).admit(), call(found.source_limit_s):
        connector = connector_open(found)
        try:
            done = getattr(connector, action)(**typed, key=key, **more)
        except SourceError:
            raise
        except Exception as error:  # an author's mistake is the source's failure, never ours
            detail = f"{type(error).__name__}: {str(error)[:500]}"
            raise Unreadable(f"{found.title} answered in a way that its connector can't read.", detail) from None
    if not dry_run:
        facts_record(source=found, rows=done.rows, how="action", started_at=started_at)
    return Done(told(done.sentence), done.rows)


def _typed(name: str, kind: type, value: Any) -> Any:
    text = str(value).strip() if value is not None else ""
    if kind is bool:
        return value if isinstance(value, bool) else text.lower() in ("true", "on", "yes", "1")
    if not text:
        raise BadAction(f"Give {name.replace('_', ' ')}.", name)
    try:
        if kind is Ref:
            return Ref.parse(text)
        if kind is Decimal:
            return _amount(text)
        if kind is datetime:
            return _aware(text)
        return kind(text) if kind is not date else date.fromisoformat(text)
    except (ValueError, InvalidOperation) as error:
        what = {Decimal: "a number such as 84.90", int: "a whole number", date: "a day such as 2026-11-22",
                datetime: "a time with its zone", Ref: "a reference such as order:48-1193"}  # fmt: skip
        said = f"{name.replace('_', ' ').capitalize()} must be {what.get(kind, 'text')}."
        raise BadAction(said, name) from error


def _amount(text: str) -> Decimal:
    if not _PLAIN_NUMBER.fullmatch(text):  # a person says yes to it as it is written: no 1E+5, no NaN
        raise ValueError("no plain number")
    return Decimal(text)


def _aware(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found
