"""The figures of a month as they were when its close was proposed."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7)),
                ('cut_off_on', models.DateField()),
                ('known_at', models.DateTimeField()),
                ('figures_version', models.CharField(max_length=20)),
                ('rows', models.JSONField(default=dict, help_text='rows by sheet')),
                ('rows_hash', models.CharField(max_length=64)),
                ('act_id', models.BigIntegerField()),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
