"""People who press buttons while sources are being read: nobody waits for somebody who waits for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from connectors.host.errors import BadSource
from connectors.host.models import Source, SourceTerms
from connectors.host.services import source_pause, source_resume
from connectors.host.services.clock import tick_statement
from tests.database import TestDatabase
from tests.sources.conftest import make

NOTE = """
INSERT INTO host_sourcelog (source_id, at, level, what, sentence, by) SELECT id, now(), '', '', '', '' FROM host_source
"""
VERBS: dict[str, Callable[[], Any]] = {
    "pause": lambda: source_pause(name="warehouse", why="", by="Ines"),
    "resume": lambda: source_resume(name="warehouse", by="Ines"),
    "save": lambda: make(freshness_s=77),
}


def press(verb: str) -> Thread:
    """In another thread, which soon stands where it must wait."""
    thread = Thread(target=lambda: (VERBS[verb](), connection.close()))
    thread.start()
    time.sleep(0.4)
    return thread


@pytest.mark.parametrize("verb", ["pause", "save"])
def test_rows_are_stored_while_somebody_waits_for_the_clock(verb: str, committed_db: TestDatabase) -> None:
    make()
    with committed_db.connect() as writer:
        writer.execute(*tick_statement())
        pressed = press(verb)
        writer.execute("SET lock_timeout = '2s'")
        writer.execute(NOTE)
    pressed.join(10)
    assert not pressed.is_alive() and SourceTerms.objects.filter(superseded_at=None).count() == 1


def test_a_poll_that_holds_the_cursor_gets_the_clock_while_a_source_is_resumed(committed_db: TestDatabase) -> None:
    make()
    VERBS["pause"]()
    with committed_db.connect() as writer:
        writer.execute("SELECT FROM host_sourcecursor FOR UPDATE")
        pressed = press("resume")
        writer.execute("SET lock_timeout = '2s'")
        writer.execute(*tick_statement())
    pressed.join(10)
    assert not Source.objects.get().paused


def test_names_that_are_addresses_and_texts_that_do_not_fit_are_refused(db: None, integrator: Client) -> None:
    for name, title in (("add", "A"), ("live", "L"), ("n" * 51, "N"), ("n", "t" * 201)):
        with pytest.raises(BadSource, match="name: |title: "):
            make(name, title=title)
    make()
    assert integrator.get("/sources/warehouse/deliveries/?before=²").status_code == 200
