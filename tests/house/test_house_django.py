"""The tables in the migrations are those of the models, and Django finds nothing wrong with the settings."""

from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from tests.house.house_sources import listing


@pytest.mark.django_db(databases=["default", "allocator"])
def test_no_migration_is_missing():
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


def test_django_finds_nothing_wrong():
    found = [str(message) for message in run_checks()]
    assert not found, listing(found)
