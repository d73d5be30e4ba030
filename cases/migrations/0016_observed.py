"""Observations are made anew from a history that loses no row: checking each against it took longer than counting."""

import django.db.models.deletion
from django.db import migrations, models


def seen_in(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to=model
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0015_ledger_runs")]

    operations = [
        migrations.AlterField("observation", "case", seen_in("cases.case")),
        migrations.AlterField("observation", "event", seen_in("cases.event")),
    ]
