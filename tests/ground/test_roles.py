import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


def test_tests_run_as_the_application_role_which_cannot_truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, 'auth_user', 'INSERT')")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT has_table_privilege(current_user, 'auth_user', 'TRUNCATE')")
        assert cursor.fetchone() == (False,)
