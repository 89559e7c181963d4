"""`equipoise tables`: the server's user reads and adds, changes no act, owns no table, and everything works for it."""

import secrets
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from django.apps import apps
from psycopg import errors

from equipoise.allocator import rights as allocator
from equipoise.ledger import rights as ledger
from tests.cli.conftest import TABLETS, typed

TRIAL = TABLETS / "protocol.yaml"


@pytest.mark.parametrize(("room", "rights"), [("ledger", ledger.RIGHTS), ("allocator", allocator.RIGHTS)])
def test_every_table_of_a_room_has_its_rights(room, rights):
    assert set(rights) == {model._meta.db_table for model in apps.get_app_config(room).get_models()}


@pytest.fixture(scope="module")
def owned(postgres):
    """The addresses of two databases as their owner has them."""
    return {"EQUIPOISE_DATABASE": postgres.database(), "EQUIPOISE_ALLOCATOR": postgres.database()}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("deployment")


def connect(address):
    parts = urlsplit(address)
    found = {"host": unquote(parts.hostname), "user": parts.username, "dbname": parts.path[1:]}
    return psycopg.connect(**found, autocommit=True)


@pytest.fixture(scope="module")
def role(owned):
    name = f"served_{secrets.token_hex(4)}"
    with connect(owned["EQUIPOISE_DATABASE"]) as owner:
        owner.execute(f"CREATE ROLE {name} LOGIN")
    return name


@pytest.fixture(scope="module")
def served(owned, role, home):
    """The same databases as the server's user has them, who owns nothing there."""
    addresses = {name: address.replace("equipoise@", f"{role}@") for name, address in owned.items()}
    early = typed("study", "add", TRIAL, "--home", home, "--by", "Wu", **addresses)
    assert "command.E053" in early.stdout + early.stderr
    for of in ("main", "allocator"):
        done = typed("tables", role, "--of", of, "--home", home, **owned)
        assert done.returncode == 0, done.stdout + done.stderr
    return addresses


def test_the_servers_user_works_and_nothing_is_missing(served, home):
    for asked in (("study", "add", TRIAL, "--by", "Wu"), ("verify", "--rebuild")):
        done = typed(*asked, "--home", home, **served)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("database", "statement"),
    [
        ("EQUIPOISE_DATABASE", "UPDATE ledger_act SET body = '{}'"),
        ("EQUIPOISE_DATABASE", "DELETE FROM ledger_act"),
        ("EQUIPOISE_DATABASE", "UPDATE ledger_file SET content = ''"),
        ("EQUIPOISE_DATABASE", "TRUNCATE ledger_act"),
        ("EQUIPOISE_DATABASE", "ALTER TABLE ledger_act DISABLE TRIGGER ALL"),
        ("EQUIPOISE_DATABASE", "DROP TRIGGER act_no_change ON ledger_act"),
        ("EQUIPOISE_DATABASE", "UPDATE ledger_study SET demo = true"),
        ("EQUIPOISE_DATABASE", "DELETE FROM ledger_protocoltext"),
        ("EQUIPOISE_DATABASE", "CREATE TABLE more (id int)"),
        ("EQUIPOISE_DATABASE", "DELETE FROM django_migrations"),
        ("EQUIPOISE_ALLOCATOR", "UPDATE allocator_slot SET share = ''"),
        ("EQUIPOISE_ALLOCATOR", "DELETE FROM allocator_release"),
        ("EQUIPOISE_ALLOCATOR", "UPDATE allocator_record SET bag = ''"),
    ],
)
def test_the_servers_user_can_take_nothing_back(served, database, statement):
    with connect(served[database]) as user, pytest.raises(errors.InsufficientPrivilege):
        user.execute(statement)


def test_who_owns_the_tables_is_not_who_serves(owned, role, home, tmp_path):
    refused = [
        ("command.E051", "nobody_here", owned),
        ("command.E052", "equipoise", owned),
        ("command.E050", role, {"EQUIPOISE_DATABASE": str(tmp_path), "EQUIPOISE_ALLOCATOR": ""}),
    ]
    for id_, name, where in refused:
        done = typed("tables", name, "--home", home, **where)
        assert (done.returncode, id_ in done.stdout + done.stderr) == (1, True)


def test_only_their_owner_can_give_the_tables(served, role, home):
    with connect(served["EQUIPOISE_DATABASE"].replace(f"{role}@", "equipoise@")) as owner:
        owner.execute(f"CREATE ROLE {role}_2 LOGIN")
    done = typed("tables", f"{role}_2", "--home", home, **served)
    assert "command.E054" in done.stdout + done.stderr
