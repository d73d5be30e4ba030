"""Reviews of what customers were told."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_accountable")]

    operations: list[object] = []
