"""A verification that never gets further ends as failed; who looked at cases is found at once among many events."""

from django.db import migrations, models

VIEWS = models.Q(kind="case.viewed")


class Migration(migrations.Migration):
    dependencies = [("cases", "0014_retention"), ("host", "0013_digest_through_the_day")]

    operations = [
        migrations.AddField("ledgerrun", "tries", models.SmallIntegerField(default=0)),
        migrations.AddIndex("event", models.Index(fields=["-at", "-id"], condition=VIEWS, name="cases_event_viewed")),
        migrations.AddIndex(
            "event", models.Index(fields=["actor", "-at"], condition=VIEWS, name="cases_event_viewer")
        ),
    ]
