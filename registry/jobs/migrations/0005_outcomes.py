from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0004_sealed"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="outcome_seal",
            field=models.CharField(
                blank=True,
                default="",
                help_text="over how it ended, with the key file; empty until then",
                max_length=64,
            ),
        ),
    ]
