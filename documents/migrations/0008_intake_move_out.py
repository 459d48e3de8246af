"""Imports move to an app of their own: a move of the state alone. No SQL; their tables stay as they are."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0007_exports_move_out'),
        ('intake', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel('StagedRow'),
                migrations.DeleteModel('SourceFile'),
                migrations.DeleteModel('SenderMapping'),
                migrations.DeleteModel('ImportSession'),
            ],
        ),
    ]
