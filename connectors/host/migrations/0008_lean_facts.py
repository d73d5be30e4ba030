import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A fact is stored at little more than the cost of its rows: no check of what can't go, no index that another covers."""

    dependencies = [
        ("host", "0007_reading_alone"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fact",
            name="raw",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="host.rawrow"
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="facts",
                to="host.record",
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="source",
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="host.source"),
        ),
        migrations.AlterField(
            model_name="facthead",
            name="fact",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to="host.fact",
            ),
        ),
        migrations.AlterField(
            model_name="facthead",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="heads",
                to="host.record",
            ),
        ),
        migrations.AlterField(
            model_name="factpayload",
            name="fact",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="payload",
                serialize=False,
                to="host.fact",
            ),
        ),
        migrations.AlterField(
            model_name="factref",
            name="fact",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fact_refs",
                to="host.fact",
            ),
        ),
        migrations.AlterField(
            model_name="factref",
            name="ref",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to="host.refvalue"
            ),
        ),
        migrations.AlterField(
            model_name="rawrow",
            name="record",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="host.record"),
        ),
        # Keys move in place at each sight of a record; with room on the page no index has to follow.
        migrations.RunSQL(
            "ALTER TABLE host_facthead SET (fillfactor = 80); ALTER TABLE host_record SET (fillfactor = 80)",
            "ALTER TABLE host_facthead RESET (fillfactor); ALTER TABLE host_record RESET (fillfactor)",
        ),
    ]
