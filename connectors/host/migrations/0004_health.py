"""How a source fares is counted from indexes alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("host", "0003_inbound_and_reading")]

    operations = [
        migrations.RemoveIndex(model_name="check", name="host_check_source"),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(
                fields=["source", "-learned_at"], include=["outcome", "how", "took_ms"], name="host_check_health"
            ),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(
                condition=models.Q(("outcome", "ok"), _negated=True), fields=["source", "-learned_at"],
                name="host_check_failed",
            ),
        ),
    ]
