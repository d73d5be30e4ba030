"""What the measures of trust are counted from."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_reviewing")]

    operations: list[object] = []
