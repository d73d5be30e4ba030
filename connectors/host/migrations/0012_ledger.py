"""Digests of what sources said, day by day."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("host", "0011_inbound_signed")]

    operations: list[object] = []
