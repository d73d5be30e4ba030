"""Tells the demo's past for tests. ``python -m tests.demo.telling WEEKS``, with the URLs of a database in the
environment, tells it there and writes how much came of it, and a digest of that, as a line of JSON."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workspace.demo.history.telling import History

WEDNESDAY = date(2026, 11, 18)


def tell(
    weeks: int,
    urls: dict[str, str] | None = None,
    today: date = WEDNESDAY,
    key: str = "a-key-of-the-demo",
    forget: bool = True,
) -> History | None:
    """The last weeks before a day, in the database at hand. ``urls`` say where the systems answer, by source."""
    from workspace.demo.history.telling import history_tell
    from workspace.demo.prepare import SOURCES, people_save, source_of, sources_save

    os.environ["TELLING_KEY"] = key

    def before() -> None:
        where = urls or dict.fromkeys(SOURCES, "http://127.0.0.1:9")
        sources_save({name: source_of(name, where[name], "env:TELLING_KEY") for name in SOURCES})
        people_save()

    return history_tell(today=today, before=before, weeks=weeks, forget=forget)


def digest() -> str:
    """Of all that happened, when, by whom and in which words, of what was known, and of the boards' numbers. Salts, and
    what is sealed with them, are random and left out."""
    from cases.models import Event, MeasureWeek, Statement
    from connectors.host.models import Fact

    said = hashlib.sha256()
    events = Event.objects.order_by("case", "seq")
    told: list[Any] = [
        events.values_list("case", "seq", "kind", "actor_kind", "actor", "at", "payload__data"),
        Statement.objects.order_by("pk").values_list("case", "at", "words", "said"),
        Fact.objects.order_by("pk").values_list("kind", "version", "learned_at", "payload__data"),
    ]
    numbers = ("measure", "week", "team", "question", "source", "bucket", "n", "met", "of", "seconds")
    told.append(MeasureWeek.objects.order_by(*numbers).values_list(*numbers))
    for rows in told:
        for row in rows:
            said.update(json.dumps(_plain(row), sort_keys=True, default=str).encode())
    return said.hexdigest()


def _plain(value: Any) -> Any:
    """Without what is sealed with a salt."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k != "told_digest"}
    return [_plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def main(weeks: int) -> None:
    os.environ.update(DJANGO_SETTINGS_MODULE="workspace.settings", DEMO="1")
    import django
    from django.core.management import call_command

    django.setup()
    from cases.models import Case, Event

    call_command("migrate", verbosity=0)
    print("telling", flush=True)
    told = tell(weeks, forget=False)
    counts = {"cases": Case.objects.count(), "events": Event.objects.count(), "open": told.open if told else None}
    print(json.dumps({**counts, "digest": digest()}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
