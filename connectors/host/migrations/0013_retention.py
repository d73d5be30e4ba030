"""Lawful erasure of what sources said."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("host", "0012_ledger")]

    operations: list[object] = []
