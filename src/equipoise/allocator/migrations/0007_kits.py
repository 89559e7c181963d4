"""The kits: their second locks, and whom each was given to."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The table and its triggers."""

    dependencies = (("allocator", "0006_pharmacy"),)

    operations = (
        migrations.CreateModel(
            name="Kit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("lot", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=16)),
                ("share", models.BinaryField()),
                ("subject", models.CharField(max_length=16, null=True)),
                ("visit", models.CharField(blank=True, default="", max_length=64)),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("given_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "number"), name="kit_number_once"),
                    models.UniqueConstraint(fields=("study", "subject", "visit", "turn"), name="kit_turn_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at", None), ("subject", None)),
                            models.Q(("given_at__isnull", False), ("subject__isnull", False)),
                            _connector="OR",
                        ),
                        name="kit_given_with_its_time",
                    ),
                ],
            },
        ),
        migrations.RunPython(triggers.create_kits),
    )
