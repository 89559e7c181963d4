"""The tables of the ledger, and what the database refuses to do to them."""

from django.db import migrations, models

from equipoise.ledger import triggers


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ProtocolText",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=200)),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SealedList",
            fields=[
                ("study", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("file", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Study",
            fields=[
                ("id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
                ("head", models.CharField(max_length=64)),
                ("demo", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("sequence", models.BigIntegerField()),
                ("key", models.CharField(max_length=80)),
                ("kind", models.CharField(max_length=40)),
                ("version", models.SmallIntegerField()),
                ("subject", models.CharField(blank=True, max_length=16)),
                ("site", models.CharField(blank=True, max_length=8)),
                ("at", models.CharField(max_length=27)),
                ("by", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("protocol", models.CharField(max_length=64)),
                ("body", models.TextField()),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "indexes": [models.Index(fields=["study", "subject", "sequence"], name="act_subject")],
                "constraints": [
                    models.UniqueConstraint(fields=("study", "sequence"), name="act_sequence"),
                    models.UniqueConstraint(fields=("study", "key"), name="act_key"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Value",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=16)),
                ("visit", models.CharField(max_length=64)),
                ("form", models.CharField(max_length=64)),
                ("repeat", models.IntegerField()),
                ("item", models.CharField(max_length=64)),
                ("value", models.TextField(null=True)),
                ("missing", models.CharField(blank=True, max_length=8)),
                ("sequence", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("study", "subject", "visit", "form", "repeat", "item"), name="value_place"
                    )
                ],
            },
        ),
        migrations.RunPython(triggers.create, migrations.RunPython.noop),
    ]
