"""Who is here and who writes: told to open pages at once, true for a minute, never history."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.contrib.auth.models import User

from cases.models import Case, Event, Presence
from cases.selectors import draft_of, present
from cases.services import draft_save, presence_beat, presence_end, presences_forget
from cases.services.record import CHANNEL
from connectors.host.selectors import moment
from tests.database import TestDatabase
from workspace.live.hub import Hub, Stream
from workspace.live.listen import heard


def test_who_comes_writes_and_goes_is_told_once_each(committed_db: TestDatabase, case: Case, tom: User):
    with committed_db.connect() as listener:
        listener.autocommit = True
        listener.execute(f"LISTEN {CHANNEL}")
        events = Event.objects.count()
        news = [presence_beat(case=case, person=tom, typing=t) for t in (False, False, True, True, False)]
        presence_end(case=case, person=tom)
        told = [json.loads(n.payload) for n in listener.notifies(timeout=5, stop_after=3)]
        assert not list(listener.notifies(timeout=0.2))
    assert news == [True, False, True, False, False] and told == [{"present": case.reference}] * 3
    assert Event.objects.count() == events


def test_a_presence_is_true_for_a_minute_and_writing_for_less(case: Case, tom: User):
    presence_beat(case=case, person=tom, typing=True)
    now = moment()[1]
    assert [p.typing for p in present(case, now)] == [True]
    assert [p.typing for p in present(case, now + timedelta(seconds=30))] == [False]
    assert present(case, now + timedelta(seconds=61)) == () and presences_forget() == 0
    Presence.objects.update(seen_at=now - timedelta(hours=1))
    assert presences_forget() == 1


def test_open_pages_of_the_case_hear_the_name_alone():
    hub, mine, other = Hub(), Stream("7"), Stream("8")
    hub.add(mine)
    hub.add(other)
    with ThreadPoolExecutor(1) as elsewhere:  # a browser of another test may have its loop in this thread
        elsewhere.submit(asyncio.run, heard(hub, '{"present": "7"}')).result()
    assert (mine.take(), other.take()) == (["presence-changed"], [])


def test_a_draft_is_its_author_s_alone(case: Case, dana: User, tom: User):
    draft_save(case=case, author=dana, text="Dear Maya")
    draft_save(case=case, author=tom, text="Hello")
    assert [d.text for d in (draft_of(case=case, author=dana), draft_of(case=case, author=tom)) if d] == [
        "Dear Maya", "Hello",
    ]  # fmt: skip
    assert draft_save(case=case, author=dana, text="  ") is None and draft_of(case=case, author=dana) is None
