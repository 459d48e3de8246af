import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gates', '0005_kinds_of_sale'),
        ('ledger', '0009_dated_facts'),
    ]

    operations = [
        migrations.AddField(
            model_name='blocker',
            name='raised_in',
            field=models.ForeignKey(help_text='if a merge or a split moved it since', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.project'),
        ),
        migrations.CreateModel(
            name='GatePlanChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.JSONField(null=True)),
                ('gates', models.JSONField()),
                ('recorded_at', models.DateTimeField()),
                ('act_id', models.BigIntegerField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='gates.gateplan')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
