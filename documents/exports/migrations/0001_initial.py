"""Exports come over from documents: a move of the state alone. Their table keeps its name and is not touched."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('documents', '0006_reports_move_out'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='ExportFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                        ('name', models.CharField(help_text='which list', max_length=20)),
                        ('title', models.CharField(max_length=60, verbose_name='清单')),
                        ('words', models.JSONField(default=dict, help_text='the filters, as the page says them')),
                        ('filters', models.CharField(blank=True, max_length=300, verbose_name='范围')),
                        ('is_personal', models.BooleanField(default=False, verbose_name='含个人信息')),
                        ('reason', models.CharField(blank=True, max_length=200, verbose_name='用途')),
                        ('asked_at', models.DateTimeField()),
                        ('state', models.CharField(choices=[('waiting', '生成中'), ('ready', '可下载'), ('destroyed', '已销毁')], default='waiting', max_length=10, verbose_name='状态')),
                        ('file_name', models.CharField(blank=True, max_length=160, verbose_name='文件')),
                        ('rows', models.PositiveIntegerField(default=0, verbose_name='行')),
                        ('size', models.PositiveBigIntegerField(default=0, verbose_name='大小')),
                        ('made_at', models.DateTimeField(null=True)),
                        ('expires_at', models.DateTimeField(null=True)),
                        ('act_id', models.BigIntegerField()),
                        ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'documents_exportfile',
                        'constraints': [models.CheckConstraint(condition=models.Q(('is_personal', False), ('agreed_by__isnull', False), _connector='OR'), name='personal_export_has_a_second_person'), models.CheckConstraint(condition=models.Q(('is_personal', False), models.Q(('agreed_by', models.F('asked_by')), _negated=True), _connector='OR'), name='personal_export_is_agreed_by_another')],
                    },
                ),
            ],
        ),
    ]
