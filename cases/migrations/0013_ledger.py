"""Anchors of history, and who looked at whose data."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_measuring")]

    operations: list[object] = []
