"""A day's digest grows while the day goes on: each part says up to which instant it has everything."""

from datetime import UTC, datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("host", "0012_ledger")]

    operations = [
        migrations.AddField(
            "digestpart", "last_at", models.DateTimeField(default=datetime(1, 1, 1, tzinfo=UTC)), preserve_default=False
        ),
    ]
