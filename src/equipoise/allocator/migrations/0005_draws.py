"""The sealed seed of a study that draws as participants come, and its draws."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The tables and their triggers."""

    dependencies = (("allocator", "0004_relocks"),)

    operations = (
        migrations.CreateModel(
            name="SealedSeed",
            fields=[
                ("study", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("file", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("choices", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("number", models.PositiveIntegerField()),
                ("subject", models.CharField(max_length=16)),
                ("stratum", models.TextField()),
                ("set_aside", models.JSONField()),
                ("label", models.CharField(max_length=16)),
                ("record", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "number"), name="draw_once"),
                    models.UniqueConstraint(fields=("study", "label"), name="draw_label_once"),
                    models.UniqueConstraint(fields=("study", "subject"), name="draw_subject_once"),
                ],
            },
        ),
        migrations.RunPython(triggers.guard_draws),
    )
