"""The release of each slot's code break, and which releases were given for one."""

from django.db import migrations, models

from equipoise.allocator import triggers


class Migration(migrations.Migration):
    """The columns, and the triggers that guard them."""

    dependencies = (("allocator", "0001_initial"),)

    operations = (
        migrations.AddField(
            model_name="slot", name="release", field=models.BinaryField(default=b""), preserve_default=False
        ),
        migrations.AddField(model_name="release", name="code_break", field=models.BooleanField(default=False)),
        migrations.RunPython(triggers.renew),
    )
