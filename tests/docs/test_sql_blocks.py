"""Statements on the pages are run, by a superuser of a server of their own."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.docs.pages import Block, blocks
from workspace.embedded.postgres import ROOT, Server, temporary

GIVEN = "CREATE SCHEMA reporting; CREATE TABLE reporting.refunds (refund_no text PRIMARY KEY);"
"""What the page of the sql connector speaks of."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with temporary() as server:
        with psycopg.connect(server.url(ROOT, "postgres"), autocommit=True) as root:
            root.execute(GIVEN)
        yield server


@pytest.mark.parametrize("block", blocks("sql"), ids=str)
def test_statements_do_what_they_say(block: Block, server: Server) -> None:
    text = block.text.replace("throughline", "onpage")  # the roles and the database of these names are there already
    database = "postgres"
    for line in text.splitlines():
        if line.startswith("\\c "):
            database = line.removeprefix("\\c ").strip()
        elif line.strip():
            with psycopg.connect(server.url(ROOT, database), autocommit=True) as root:
                root.execute(line)
    with psycopg.connect(server.url(ROOT, database)) as root:
        made = {row[0] for row in root.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'onpage%'")}
    assert {word.strip(";") for word in text.split() if word.startswith("onpage_")} <= made
