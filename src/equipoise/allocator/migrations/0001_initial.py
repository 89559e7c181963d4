"""The allocator's tables, and what the database refuses to do to them."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The tables and their triggers."""

    initial = True

    dependencies = ()

    operations = (
        migrations.CreateModel(
            name="Release",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("label", models.CharField(blank=True, max_length=16)),
                ("by", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=64)),
                ("reason", models.TextField()),
                ("locked_by", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("stratum", models.CharField(max_length=120)),
                ("next_position", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "stratum"), name="counter_stratum")],
            },
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("stratum", models.CharField(max_length=120)),
                ("position", models.PositiveIntegerField()),
                ("label", models.CharField(max_length=16)),
                ("share", models.BinaryField()),
                ("subject", models.CharField(max_length=16, null=True)),
                ("assigned_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "label"), name="slot_label_once"),
                    models.UniqueConstraint(fields=("study", "stratum", "position"), name="slot_place_once"),
                    models.UniqueConstraint(fields=("study", "subject"), name="slot_subject_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("assigned_at", None), ("subject", None)),
                            models.Q(("assigned_at__isnull", False), ("subject__isnull", False)),
                            _connector="OR",
                        ),
                        name="slot_given_with_its_time",
                    ),
                ],
            },
        ),
        migrations.RunPython(triggers.create),
    )
