"""Anchors of history, the keys that signed them, who looked at whose data, and runs of the verification."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
ACTORS = [("customer", "customer"), ("person", "person"), ("program", "program"), ("rule", "rule")]
RUN_STATES = [(s, s) for s in ("waiting", "running", "intact", "broken", "failed")]


def _ids() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)


class Migration(migrations.Migration):
    dependencies = [("cases", "0012_measuring"), ("host", "0012_ledger")]

    operations = [
        migrations.CreateModel(
            name="LedgerKey",
            fields=[
                ID,
                ("key_id", models.CharField(max_length=16, unique=True)),
                ("public", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
                ("endorsed_by", models.CharField(blank=True, max_length=16)),
                ("endorsement", models.CharField(blank=True, max_length=128)),
            ],
        ),
        migrations.CreateModel(
            name="Anchor",
            fields=[
                ID,
                ("day", models.DateField(unique=True)),
                ("body", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("key_id", models.CharField(max_length=16)),
                ("signature", models.CharField(max_length=128)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Access",
            fields=[
                ID,
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(choices=ACTORS, max_length=10)),
                ("actor", models.CharField(blank=True, max_length=80)),
                ("what", models.CharField(max_length=40)),
                ("route", models.CharField(blank=True, max_length=80)),
                ("cases", _ids()),
                ("customers", _ids()),
                ("refs", _ids()),
                ("why", models.TextField(blank=True)),
                ("key", models.CharField(max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="cases_access_at"),
                    models.Index(fields=["actor", "-at"], name="cases_access_actor"),
                    django.contrib.postgres.indexes.GinIndex(fields=["cases"], name="cases_access_cases"),
                    django.contrib.postgres.indexes.GinIndex(fields=["customers"], name="cases_access_customers"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerRun",
            fields=[
                ID,
                ("state", models.CharField(choices=RUN_STATES, default="waiting", max_length=10)),
                ("asked_by", models.CharField(blank=True, max_length=150)),
                ("asked_at", models.DateTimeField()),
                ("place", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("fault", models.JSONField(default=dict)),
                ("leased_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddIndex("statement", models.Index(fields=["at"], name="cases_statement_at")),
    ]
