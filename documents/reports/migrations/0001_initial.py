"""Months come over from documents: a move of the state alone. Their table keeps its name and is not touched."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0005_papers_move_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='MonthClose',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('month', models.CharField(max_length=7, unique=True)),
                        ('cut_off_on', models.DateField()),
                        ('known_at', models.DateTimeField()),
                        ('figures_version', models.CharField(max_length=20)),
                        ('rows', models.JSONField(default=list, help_text='frozen rows by sheet')),
                        ('rows_hash', models.CharField(max_length=64)),
                        ('previous_hash', models.CharField(blank=True, max_length=64)),
                        ('chain_hash', models.CharField(max_length=64)),
                        ('audit_head', models.CharField(blank=True, max_length=64)),
                        ('closed_at', models.DateTimeField()),
                        ('act_id', models.BigIntegerField()),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'documents_monthclose',
                    },
                ),
            ],
        ),
    ]
