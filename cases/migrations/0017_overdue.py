"""Each minute the sampling of reviews asks for the cases whose answer says that something is overdue."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_observed")]

    operations = [
        migrations.AddIndex(
            "casesummary", models.Index(fields=["situation"], name="cases_summary_situation")
        ),
    ]
