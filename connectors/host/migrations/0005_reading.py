import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("host", "0004_health")]

    operations = [
        migrations.AddField(
            "fileimport", "taken_at", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False
        ),
        migrations.AddField("fileimport", "failures", models.IntegerField(default=0)),
        migrations.AddField("fileimport", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("sourcefield", "missing_at", models.DateTimeField(null=True)),
    ]
