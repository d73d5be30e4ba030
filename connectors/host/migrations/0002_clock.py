from django.db import migrations


class Migration(migrations.Migration):
    """The clock's one row, and the index by which current facts are found."""

    dependencies = [("host", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "INSERT INTO host_clock (id, last) VALUES (1, clock_timestamp()) ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
    ]
