"""What a signature covered, where that leaves out the delivery's id; and that a delivery was rung for once more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("host", "0010_record_index")]

    operations = [
        migrations.AddField("inbound", "signed", models.BinaryField(null=True)),
        migrations.AddField("inboundwork", "rung_at", models.DateTimeField(null=True)),
        migrations.AddConstraint(
            "inbound",
            models.UniqueConstraint(
                fields=["source", "signed"], name="host_inbound_signed_once",
                condition=models.Q(signed__isnull=False),
            ),
        ),
    ]  # fmt: skip
