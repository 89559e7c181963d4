"""For which look of the data monitoring committee second locks were released, and by which act."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The columns, and the triggers that guard them."""

    dependencies = (("allocator", "0002_code_breaks"),)

    operations = (
        migrations.AddField(
            model_name="release", name="look", field=models.CharField(blank=True, default="", max_length=64)
        ),
        migrations.AddField(
            model_name="release", name="released_by", field=models.CharField(blank=True, default="", max_length=80)
        ),
        migrations.RunPython(triggers.renew_releases),
    )
