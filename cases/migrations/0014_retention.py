"""How long what is kept, and lawful erasure."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_ledger")]

    operations: list[object] = []
