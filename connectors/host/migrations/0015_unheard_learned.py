"""An asking whose lease ran out is written down later than it ended: its day in the ledger is that of the writing."""

from django.db import migrations, models

# A column that is history is filled by its type, since no row may be updated.
ADD = """
ALTER TABLE host_unheard ADD COLUMN learned_at timestamptz;
ALTER TABLE host_unheard ALTER COLUMN learned_at TYPE timestamptz USING ended_at,
    ALTER COLUMN learned_at SET NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("host", "0014_unheard")]

    operations = [
        migrations.RunSQL(
            ADD, "ALTER TABLE host_unheard DROP COLUMN learned_at",
            state_operations=[
                migrations.AddField("unheard", "learned_at", models.DateTimeField(default=None), preserve_default=False)
            ],
        ),
    ]
