"""Digests of what sources said, day by day."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("host", "0011_inbound_signed")]

    operations = [
        migrations.CreateModel(
            name="DigestDay",
            fields=[
                ID,
                ("kind", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("count", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "day"), name="host_digest_day_once")],
            },
        ),
        migrations.CreateModel(
            name="DigestPart",
            fields=[
                ID,
                ("kind", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
                ("ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("leaves", models.BinaryField()),
                ("salts", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "day", "number"), name="host_digest_part_once")
                ],
            },
        ),
        migrations.AddIndex(
            "fact",
            models.Index(
                fields=["superseded_at"], condition=models.Q(superseded_at__isnull=False), name="host_fact_closed"
            ),
        ),
        *[
            migrations.AddIndex(
                model,
                django.contrib.postgres.indexes.BrinIndex(
                    fields=[field], name=f"host_{model}_day", autosummarize=True, pages_per_range=32
                ),
            )
            for model, field in (("rawrow", "learned_at"), ("check", "learned_at"), ("inbound", "received_at"))
        ],
    ]
