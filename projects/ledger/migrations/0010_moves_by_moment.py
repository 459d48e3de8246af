"""Moves by the moment at which they were recorded: what changed since a close is read without reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0009_dated_facts'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='move',
            index=models.Index(fields=['recorded_at'], name='move_by_moment'),
        ),
    ]
