"""Papers come over from documents: a move of the state alone. Their tables keep their names and are not touched."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0004_list_sessions'),
        ('ledger', '0004_certificates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='NumberSeries',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('prefix', models.CharField(max_length=40)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('last', models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        'db_table': 'documents_numberseries',
                        'constraints': [models.UniqueConstraint(fields=('prefix', 'year'), name='series_once_per_year')],
                    },
                ),
                migrations.CreateModel(
                    name='Paper',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=30, verbose_name='文种')),
                        ('serial', models.PositiveIntegerField()),
                        ('number', models.CharField(max_length=80, unique=True, verbose_name='编号')),
                        ('title', models.CharField(max_length=160, verbose_name='标题')),
                        ('addressee_masked', models.CharField(blank=True, max_length=120, verbose_name='送达')),
                        ('subject_key', models.BigIntegerField(null=True)),
                        ('template_version', models.CharField(max_length=20)),
                        ('snapshot_sealed', models.BinaryField()),
                        ('snapshot_hash', models.CharField(max_length=64)),
                        ('pdf_path', models.CharField(max_length=200)),
                        ('pdf_hash', models.CharField(max_length=64)),
                        ('fonts', models.JSONField(default=list)),
                        ('issued_on', models.DateField(verbose_name='日期')),
                        ('issued_at', models.DateTimeField()),
                        ('voided_on', models.DateField(null=True, verbose_name='作废日期')),
                        ('void_reason', models.CharField(blank=True, max_length=200)),
                        ('act_id', models.BigIntegerField()),
                        ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='ledger.project')),
                        ('series', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='papers.numberseries')),
                        ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='ledger.unit')),
                    ],
                    options={
                        'db_table': 'documents_paper',
                        'indexes': [models.Index(fields=['project', '-id'], name='paper_by_project')],
                        'constraints': [models.UniqueConstraint(fields=('series', 'serial'), name='paper_serial_once_per_series')],
                    },
                ),
            ],
        ),
    ]
