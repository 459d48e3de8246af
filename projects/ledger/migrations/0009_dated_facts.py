import django.db.models.deletion
from django.db import migrations, models


OPENED = """UPDATE ledger_unit SET opened_on = (
    SELECT MIN(m.occurred_on) FROM ledger_move m
    WHERE m.unit_id = ledger_unit.id AND m.track = 'certificate' AND m.kind = 'opening' AND NOT EXISTS (
        SELECT 1 FROM ledger_move r WHERE r.reverses_id = m.id AND r.occurred_on <= m.occurred_on))
    WHERE certificate > ''"""
DATED = (
    "name", "district_code", "district_name", "township_code", "township_name", "housing_type", "developer_id",
    "officer", "target_on", "merged_into_id",
)  # fmt: skip


def fill(apps, schema_editor):
    """Units repeat the day of their opening; of attributes before today no more is known than what stands today."""
    schema_editor.execute(OPENED)
    of_project = "SELECT p.{} FROM ledger_project p WHERE p.id = ledger_projectversion.project_id"
    names = ", ".join(f"{name} = ({of_project.format(name)})" for name in DATED)
    schema_editor.execute(f"UPDATE ledger_projectversion SET {names}")
    closed = f"COALESCE(({of_project.format('closed_on')}), effective_on)"
    schema_editor.execute(f"UPDATE ledger_projectversion SET closed_on = {closed} WHERE status = 'closed'")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0008_kinds_of_sale'),
    ]

    operations = [
        migrations.CreateModel(
            name='FeatureChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.PositiveSmallIntegerField()),
                ('features', models.PositiveSmallIntegerField()),
                ('effective_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('act_id', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveField(
            model_name='building',
            name='plan',
        ),
        migrations.AddField(
            model_name='progressnote',
            name='written_in',
            field=models.ForeignKey(help_text='if a merge moved it since', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.project'),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='closed_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='developer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.developer'),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='district_code',
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='district_name',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='housing_type',
            field=models.CharField(blank=True, choices=[('commercial', '商品房'), ('commercial_finished', '商品房（现房销售）'), ('commercial_early', '商品房（1995年前销售）'), ('resettlement', '安置房'), ('affordable', '经济适用房'), ('reform', '房改房'), ('pooled', '集资建房'), ('other', '其他')], max_length=20),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='merged_into',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.project'),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='name',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='officer',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='target_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='township_code',
            field=models.CharField(blank=True, max_length=9),
        ),
        migrations.AddField(
            model_name='projectversion',
            name='township_name',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name='unit',
            name='opened_on',
            field=models.DateField(help_text='day from which it is in the books', null=True, verbose_name='入账日期'),
        ),
        migrations.AddIndex(
            model_name='move',
            index=models.Index(condition=models.Q(('kind__in', ('standing', 'use'))), fields=['unit'], name='move_that_changes_a_unit'),
        ),
        migrations.AddField(
            model_name='featurechange',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feature_changes', to='ledger.unit'),
        ),
        migrations.AddConstraint(
            model_name='featurechange',
            constraint=models.CheckConstraint(condition=models.Q(('features', models.F('was')), _negated=True), name='feature_change_changes'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
