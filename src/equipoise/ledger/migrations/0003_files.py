"""Files that are answers, each content once, never changed or removed."""

from django.db import migrations, models

from equipoise.ledger.triggers import create_for_files


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_places")]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.BinaryField()),
            ],
            options={"db_table": "ledger_file"},
        ),
        migrations.RunPython(create_for_files, migrations.RunPython.noop),
    ]
