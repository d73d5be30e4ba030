"""What a token may, and whether whoever made it had signed in in two steps: of those that exist, nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='apitoken',
            name='scopes',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='apitoken',
            name='second_step',
            field=models.BooleanField(default=False),
        ),
    ]
