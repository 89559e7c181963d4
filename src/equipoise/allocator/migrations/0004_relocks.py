"""Second locks that were sealed again after a suspected theft."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The table, and the triggers that guard it."""

    dependencies = (("allocator", "0003_looks"),)

    operations = (
        migrations.CreateModel(
            name="Relock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("label", models.CharField(max_length=16)),
                ("share", models.BinaryField()),
                ("release", models.BinaryField()),
            ],
        ),
        migrations.RunPython(triggers.guard_relocks),
    )
