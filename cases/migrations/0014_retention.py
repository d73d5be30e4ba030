"""How long what is kept, and lawful erasure."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _link(to: str, related_name: str = "+", **more: object) -> models.ForeignKey:  # type: ignore[type-arg]
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to, **more)  # type: ignore[arg-type]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_ledger"),
        ("customers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionMark",
            fields=[
                ("rule", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("upto", models.BigIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("ran_at", models.DateTimeField(null=True)),
                ("removed", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                ("id", ID.clone()),
                (
                    "state",
                    models.CharField(
                        choices=[(s, s) for s in ("asked", "approved", "done", "refused", "withdrawn")],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("decisions", models.JSONField(default=dict)),
                ("asked_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
                ("asked_by", _link(settings.AUTH_USER_MODEL)),
                ("customer", _link("customers.customer")),
                ("decided_by", _link(settings.AUTH_USER_MODEL, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", ID.clone()),
                ("rule", models.CharField(blank=True, max_length=60)),
                ("before", models.DateTimeField(null=True)),
                ("asked_by", models.CharField(blank=True, max_length=80)),
                ("done_by", models.CharField(blank=True, max_length=80)),
                ("why", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("xact", models.BigIntegerField()),
                ("counts", models.JSONField(null=True)),
                ("request", _link("cases.erasurerequest", "erasures", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", ID.clone()),
                ("why", models.TextField()),
                ("at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
                ("by", _link(settings.AUTH_USER_MODEL)),
                ("customer", _link("customers.customer")),
                ("lifted_by", _link(settings.AUTH_USER_MODEL, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="ErasedRow",
            fields=[
                ("id", ID.clone()),
                ("what", models.CharField(max_length=30)),
                ("row", models.BigIntegerField()),
                ("erasure", _link("cases.erasure", "rows", db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["what", "row", "erasure"], name="cases_erased_row_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")), fields=("customer",), name="cases_one_erasure_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "done"])
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by")),
                name="cases_erasure_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("customer",), name="cases_one_legal_hold"
            ),
        ),
    ]
