"""Askings whose end nobody heard."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("host", "0013_digest_through_the_day")]

    operations = [
        migrations.CreateModel(
            name="Unheard",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField()),
                *[
                    (name, models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to))
                    for name, to in (("source", "host.source"), ("ref", "host.refvalue"))
                ],
            ],
            options={
                "indexes": [
                    models.Index(fields=["ref", "-ended_at"], name="host_unheard_ref"),
                    models.Index(fields=["source"], name="host_unheard_source"),
                ],
            },
        ),
    ]
