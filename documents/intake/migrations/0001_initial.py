"""Imports come over from documents: a move of the state alone. Their tables keep their names and are not touched."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0007_exports_move_out'),
        ('accounts', '0001_initial'),
        ('ledger', '0004_certificates'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='ImportSession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(default='units', max_length=20)),
                        ('params', models.JSONField(default=dict)),
                        ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                        ('file_sha256', models.CharField(max_length=64)),
                        ('file_size', models.PositiveIntegerField(default=0, help_text='bytes, for the quota of a day')),
                        ('attachment_key', models.BigIntegerField(null=True)),
                        ('state', models.CharField(choices=[('reading', '检查中'), ('staged', '待提交'), ('submitted', '待复核'), ('committed', '已写入'), ('refused', '未导入'), ('returned', '已退回'), ('expired', '已过期'), ('undone', '已撤销')], max_length=12, verbose_name='状态')),
                        ('outcome', models.CharField(blank=True, max_length=10)),
                        ('sheet', models.CharField(blank=True, max_length=80)),
                        ('header_row', models.PositiveIntegerField(null=True)),
                        ('rows_present', models.PositiveIntegerField(default=0)),
                        ('added', models.PositiveIntegerField(default=0)),
                        ('changed', models.PositiveIntegerField(default=0)),
                        ('unchanged', models.PositiveIntegerField(default=0)),
                        ('refused', models.PositiveIntegerField(default=0)),
                        ('skipped', models.PositiveIntegerField(default=0)),
                        ('warnings', models.JSONField(default=list)),
                        ('file_error', models.CharField(blank=True, max_length=30)),
                        ('message', models.TextField(blank=True)),
                        ('all_or_nothing', models.BooleanField(default=False)),
                        ('uploaded_at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(null=True)),
                        ('act_id', models.BigIntegerField()),
                        ('commit_act_id', models.BigIntegerField(null=True)),
                        ('titles', models.JSONField(default=list, help_text='the header as the sender wrote it')),
                        ('mapping', models.JSONField(default=dict, help_text='titles of the file by column name')),
                        ('sheets', models.JSONField(default=list, help_text='the sheets to choose from')),
                        ('absent', models.PositiveIntegerField(default=0, help_text='units of the ledger that the file lacks')),
                        ('undone_at', models.DateTimeField(null=True)),
                        ('undo_act_id', models.BigIntegerField(null=True)),
                        ('undo_report', models.JSONField(default=dict, help_text='how many were taken back, and what was kept and why')),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_sessions', to='ledger.project')),
                        ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'documents_importsession',
                    },
                ),
                migrations.CreateModel(
                    name='SenderMapping',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(default='units', max_length=20)),
                        ('headers', models.JSONField(default=dict, help_text='column name by header of the file')),
                        ('words', models.JSONField(default=dict, help_text='by column name: value by word of the file')),
                        ('act_id', models.BigIntegerField()),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                    ],
                    options={
                        'db_table': 'documents_sendermapping',
                    },
                ),
                migrations.CreateModel(
                    name='SourceFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('sealed', models.BinaryField()),
                        ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='source', to='intake.importsession')),
                    ],
                    options={
                        'db_table': 'documents_sourcefile',
                    },
                ),
                migrations.CreateModel(
                    name='StagedRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('row', models.PositiveIntegerField(verbose_name='Excel 行')),
                        ('verdict', models.CharField(help_text='added changed unchanged refused skipped', max_length=10)),
                        ('unit_key', models.BigIntegerField(null=True)),
                        ('shown', models.JSONField(default=dict, help_text='cells as shown, personal ones masked')),
                        ('sealed', models.BinaryField(help_text='typed row, encrypted', null=True)),
                        ('changes', models.JSONField(default=list)),
                        ('errors', models.JSONField(default=list)),
                        ('warnings', models.CharField(blank=True, help_text='codes, between spaces', max_length=200)),
                        ('codes', models.CharField(blank=True, help_text='codes of the errors, between spaces', max_length=200)),
                        ('place', models.CharField(blank=True, max_length=120)),
                        ('said', models.CharField(blank=True, help_text='what it would do, then what it did', max_length=300)),
                        ('made', models.JSONField(default=list, help_text='what it made or changed: key, and values before of what it changed')),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='staged_rows', to='intake.importsession')),
                    ],
                    options={
                        'db_table': 'documents_stagedrow',
                    },
                ),
                migrations.AddConstraint(
                    model_name='importsession',
                    constraint=models.CheckConstraint(condition=models.Q(models.Q(('file_error', ''), ('rows_present', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('added'), '+', models.F('changed')), '+', models.F('unchanged')), '+', models.F('refused')), '+', models.F('skipped')))), models.Q(('file_error', ''), _negated=True), _connector='OR'), name='import_numbers_add_up'),
                ),
                migrations.AddConstraint(
                    model_name='sendermapping',
                    constraint=models.UniqueConstraint(fields=('organisation', 'kind'), name='mapping_once_per_sender'),
                ),
                migrations.AddIndex(
                    model_name='stagedrow',
                    index=models.Index(fields=['session', 'verdict', 'row'], name='staged_by_verdict'),
                ),
                migrations.AddConstraint(
                    model_name='stagedrow',
                    constraint=models.UniqueConstraint(fields=('session', 'row'), name='staged_row_once'),
                ),
            ],
        ),
    ]
