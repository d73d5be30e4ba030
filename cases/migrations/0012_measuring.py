"""What the measures of trust are counted from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

AGGREGATED_BY = ("measure", "week", "team", "question", "source", "bucket")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_reviewing"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureCursor",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(null=True)),
                ("event", models.BigIntegerField(default=0)),
                ("edition", models.IntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TrustReader",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+",
                        serialize=False, to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MeasureWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=40)),
                ("week", models.DateField()),
                ("team", models.CharField(blank=True, max_length=50)),
                ("question", models.CharField(blank=True, max_length=60)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("bucket", models.BigIntegerField(default=-1)),
                ("n", models.BigIntegerField()),
                ("met", models.BigIntegerField()),
                ("of", models.BigIntegerField()),
                ("seconds", models.BigIntegerField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=AGGREGATED_BY, name="cases_measure_week_once")],
            },
        ),
        migrations.CreateModel(
            name="Observation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("measure", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
                ("week", models.DateField()),
                ("team", models.CharField(blank=True, max_length=50)),
                ("question", models.CharField(blank=True, max_length=60)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("met", models.BigIntegerField(default=0)),
                ("of", models.BigIntegerField(default=1)),
                ("seconds", models.BigIntegerField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cases.event"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["measure", "week", "case"], name="cases_observed_in")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "measure", "key"), name="cases_observed_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrustLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("claimed_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "week"), name="cases_trust_letter_once")],
            },
        ),
    ]
