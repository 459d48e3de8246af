"""Exports move to an app of their own: a move of the state alone. No SQL; their table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0006_reports_move_out'),
        ('exports', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel('ExportFile'),
            ],
        ),
    ]
