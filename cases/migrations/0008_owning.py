"""The answer that a draft was written from, so that a restored draft says when it has changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_trust")]
    operations = [
        migrations.AddField("draft", "answer_digest", models.CharField(blank=True, default="", max_length=64)),
    ]
