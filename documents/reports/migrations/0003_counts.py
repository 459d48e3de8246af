"""Open months of a large ledger as they were counted last."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0002_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7, unique=True)),
                ('known_at', models.DateTimeField()),
                ('figures_version', models.CharField(max_length=20)),
                ('rows', models.JSONField(default=dict, help_text='rows by sheet')),
                ('faults', models.JSONField(default=list, help_text='what does not add up')),
                ('act_id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
