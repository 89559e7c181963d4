"""The orders of the pharmacy and its register of sealed records, and what the database refuses to do to them."""

from django.db import migrations, models

from equipoise.allocator import pharmacy_triggers


class Migration(migrations.Migration):
    """The tables and their triggers."""

    dependencies = (("allocator", "0005_draws"),)

    operations = (
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=16)),
                ("visit", models.CharField(max_length=64)),
                ("bag", models.CharField(max_length=16)),
                ("by", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "subject", "visit"), name="order_once"),
                    models.UniqueConstraint(fields=("study", "bag"), name="order_bag_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("site", models.CharField(max_length=16)),
                ("sequence", models.PositiveIntegerField()),
                ("record", models.CharField(max_length=32)),
                ("bag", models.CharField(blank=True, max_length=16)),
                ("by", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("box", models.BinaryField()),
                ("wraps", models.TextField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("study", "site", "sequence"), name="record_place_once"),
                    models.UniqueConstraint(fields=("study", "record"), name="record_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("bag", ""), _negated=True), fields=("study", "bag"), name="record_bag_once"
                    ),
                ],
            },
        ),
        migrations.RunPython(pharmacy_triggers.create),
    )
