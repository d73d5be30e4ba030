"""Two tests of the fixtures themselves, since every other test leans on them."""

import pytest
from django.contrib.auth.models import Permission, User

from tests.database import TestDatabase


@pytest.mark.parametrize("turn", [1, 2])
def test_committed_rows_are_seen_outside_and_gone_for_the_next_test(turn: int, committed_db: TestDatabase) -> None:
    assert not User.objects.exists()
    User.objects.create(username="maya")
    with committed_db.connect() as other:
        assert other.execute("SELECT username FROM auth_user").fetchall() == [("maya",)]


@pytest.mark.django_db
def test_what_migrations_made_survives_the_emptying() -> None:
    assert Permission.objects.exists()
