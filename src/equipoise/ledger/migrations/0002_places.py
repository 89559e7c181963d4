"""Where each act belongs, and the indexes by which acts are searched; both are made for the acts that are there."""

import json
from itertools import islice
from typing import Any

from django.db import migrations, models

from equipoise.ledger.places import place_of


def fill(apps: Any, schema_editor: Any) -> None:
    """Every act of every study that belongs to a form."""
    act, place = apps.get_model("ledger", "Act"), apps.get_model("ledger", "ActPlace")
    acts = act.objects.exclude(subject="").values_list("study", "sequence", "body").iterator(2000)
    found = (place_of(study, sequence, json.loads(body)) for study, sequence, body in acts)
    places = (place(**each._asdict()) for each in found if each is not None)
    while some := list(islice(places, 2000)):
        place.objects.bulk_create(some)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddIndex("Act", models.Index(fields=["study", "by", "sequence"], name="act_by")),
        migrations.AddIndex("Act", models.Index(fields=["study", "kind", "sequence"], name="act_kind")),
        migrations.AddIndex("Act", models.Index(fields=["study", "at", "sequence"], name="act_at")),
        migrations.CreateModel(
            name="ActPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("study", models.CharField(max_length=64)),
                ("sequence", models.BigIntegerField()),
                ("visit", models.CharField(max_length=64)),
                ("form", models.CharField(max_length=64)),
                ("repeat", models.IntegerField()),
                ("items", models.TextField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("study", "form", "sequence"), name="place_act")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
