"""Who reads holds a lock of the database, which goes with its process: no lease has to run out."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("host", "0006_inbound_learned")]

    operations = [
        migrations.RemoveField("backfill", "leased_until"),
        migrations.RemoveField("fileimport", "leased_until"),
    ]
