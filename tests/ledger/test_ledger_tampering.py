"""Whatever is changed underneath, verification names the act."""

import json

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from equipoise.ledger.chain import COLUMNS
from equipoise.ledger.verify import rebuild, verify
from tests.desk.at_work import PRESSURE, Study
from tests.ledger.witness import ROWS, acts_of, first_broken, hash_of

pytestmark = pytest.mark.django_db(databases=["default", "allocator"])
NUMBERS = ("sequence", "version")


@pytest.fixture
def study():
    made = Study()
    code = made.seen()
    made.save(code, "screening", "blood_pressure", PRESSURE | {"pulse": "?ND"}, reason="not measured")
    return made


def stored(study):
    with connection.cursor() as cursor:
        cursor.execute(ROWS.format(study.id))
        return acts_of(cursor.fetchall())


def broken_by(study):
    """Which act verification names, and with which problem."""
    found = verify(study.ledger)
    assert {problem.id for problem in found.problems[1:]} <= {"ledger.E006"}  # values of an act that is not there
    return found.acts + 1, found.problems[0].id


def test_a_sound_ledger_verifies_and_says_where_it_ends(study):
    found, acts = verify(study.ledger), stored(study)
    assert found.problems == ()
    assert (found.acts, found.head) == (len(acts), acts[-1]["hash"])
    assert found.snapshot == study.ledger.snapshot()


def test_the_chain_is_what_the_format_says(study):
    acts = stored(study)
    assert len(acts) > 8
    assert first_broken(acts) is None
    assert all(json.loads(act["body"]) is not None for act in acts)


@pytest.mark.parametrize("column", [name for name in COLUMNS if name not in ("study", "sequence")])
def test_a_change_of_any_column_of_any_act_is_named(study, administrator, column):
    for act in stored(study):
        with transaction.atomic():
            value = act[column] + 7 if column in NUMBERS else "x" + act[column][1:]
            administrator(f'UPDATE ledger_act SET "{column}" = %s WHERE sequence = %s', value, act["sequence"])
            assert broken_by(study) == (act["sequence"], "ledger.E002")
            assert first_broken(stored(study)) == act["sequence"]
            transaction.set_rollback(True)


@pytest.mark.parametrize("change", ["sequence = 999", "study = 'elsewhere'"])
def test_an_act_that_is_moved_away_is_missed_where_it_was(study, administrator, change):
    last = stored(study)[-1]["sequence"]
    for place in range(1, last + 1):
        with transaction.atomic():
            administrator(f"UPDATE ledger_act SET {change} WHERE sequence = %s", place)
            named, identity = broken_by(study)
            assert named == place
            assert identity == ("ledger.E005" if (place, change[:5]) == (last, "study") else "ledger.E001")
            transaction.set_rollback(True)


def test_a_missing_act_is_called_by_its_number(study, administrator):
    administrator("DELETE FROM ledger_act WHERE sequence = 5")
    problem = verify(study.ledger).problems[0]
    assert (problem.id, problem.message) == ("ledger.E001", "Act 5 is not there; the next one found is 6.")


def test_acts_removed_from_the_end_are_missed(study, administrator):
    last = stored(study)[-1]["sequence"]
    administrator("DELETE FROM ledger_act WHERE sequence > %s", last - 3)
    assert broken_by(study) == (last - 2, "ledger.E005")


def test_two_acts_that_changed_places_are_found(study, administrator):
    for old, new in ((5, -5), (6, 5), (-5, 6)):
        administrator("UPDATE ledger_act SET sequence = %s WHERE sequence = %s", new, old)
    assert broken_by(study) == (5, "ledger.E002")


def forge(administrator, act, **changes):
    """Put an act with a hash that fits it into the table."""
    forged = act | changes
    forged["hash"] = hash_of(forged)
    names = ", ".join(f'"{name}"' for name in forged)
    administrator(f"INSERT INTO ledger_act ({names}) VALUES ({', '.join(['%s'] * len(forged))})", *forged.values())
    return forged


def test_an_act_forged_at_the_end_is_found(study, administrator):
    last = stored(study)[-1]
    forge(administrator, last, sequence=last["sequence"] + 1, key="forged", previous=last["hash"])
    assert broken_by(study) == (last["sequence"] + 2, "ledger.E005")


def test_an_act_forged_in_the_place_of_another_is_found_at_the_next(study, administrator):
    fourth = stored(study)[3]
    administrator("DELETE FROM ledger_act WHERE sequence = 4")
    forge(administrator, fourth, by="somebody-else")
    assert broken_by(study) == (5, "ledger.E003")


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "Nothing"},
        {"body": "{}"},
        {"body": "5"},
        {"body": "no json"},
        {"at": "yesterday"},
        {"kind": "Consented"},
    ],
    ids=str,
)
def test_an_act_that_was_never_one_is_not_read(study, administrator, changes):
    last = stored(study)[-1]
    forge(administrator, last, sequence=last["sequence"] + 1, key="forged", previous=last["hash"], **changes)
    assert broken_by(study) == (last["sequence"] + 1, "ledger.E004")


def test_bytes_that_are_no_text_are_named_too(study, administrator):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps text only")
    for value in ("x'00ff'", "CAST(x'ff41' AS TEXT)"):
        for column in ("kind", "subject", "body"):
            with transaction.atomic():
                administrator(f"UPDATE ledger_act SET {column} = {value} WHERE sequence = 6")
                assert broken_by(study) == (6, "ledger.E002")
                assert str(verify(study.ledger).problems[0]).encode()
                transaction.set_rollback(True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_study SET sequence = sequence - 1",
        "UPDATE ledger_study SET head = 'e' || substr(head, 2)",
        "DELETE FROM ledger_study",
    ],
)
def test_a_changed_head_is_found(study, administrator, statement):
    with connection.cursor() as cursor:  # one head in sixteen begins with the letter
        cursor.execute("SELECT head FROM ledger_study")
        statement = statement.replace("'e'", "'d'" if cursor.fetchone()[0][0] == "e" else "'e'")
    administrator(statement)
    assert verify(study.ledger).problems[0].id == "ledger.E005"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_value SET value = '199' WHERE item = 'systolic_1'",
        "UPDATE ledger_value SET missing = 'NA' WHERE item = 'pulse'",
        "UPDATE ledger_value SET sequence = 1 WHERE item = 'age'",
        "UPDATE ledger_value SET subject = '11-009' WHERE item = 'age'",
        "DELETE FROM ledger_value WHERE item = 'potassium'",
        "INSERT INTO ledger_value (study, subject, visit, form, repeat, item, value, missing, sequence)"
        " VALUES ('tablets', '11-001', 'week_4', 'history', 1, 'age', '12', '', 3)",
    ],
)
def test_a_changed_value_is_found_and_healed(study, administrator, statement):
    administrator(statement)
    assert verify(study.ledger).problems[0].id == "ledger.E006"
    rebuild(study.ledger)
    assert verify(study.ledger).problems == ()


def test_rebuilding_counts_the_values(study):
    assert rebuild(study.ledger) == 7 + 5 + 2


def test_whoever_rewrites_everything_is_found_only_by_who_remembers_the_head(study, administrator):
    """The honest limit: the chain alone does not protect from a complete forgery, a witnessed head does."""
    remembered, acts = verify(study.ledger).head, stored(study)
    administrator("DELETE FROM ledger_act")
    previous = "0" * 64
    for act in acts:
        by = "somebody-else" if act["sequence"] == 3 else act["by"]
        previous = forge(administrator, act, by=by, previous=previous)["hash"]
    administrator("UPDATE ledger_study SET head = %s", previous)
    found = verify(study.ledger)
    assert found.problems == ()
    assert found.head != remembered


TEXT = [name for name in COLUMNS if name not in NUMBERS]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_one_changed_character_anywhere_is_named(study, administrator, data):
    act = data.draw(st.sampled_from(stored(study)), label="act")
    column = data.draw(st.sampled_from([name for name in TEXT if act[name] and name != "study"]), label="column")
    place = data.draw(st.integers(0, len(act[column]) - 1), label="place")
    other = data.draw(st.characters(exclude_characters=act[column][place] + "\0", exclude_categories=["Cs"]))
    changed = act[column][:place] + other + act[column][place + 1 :]
    with transaction.atomic():
        administrator(f'UPDATE ledger_act SET "{column}" = %s WHERE sequence = %s', changed, act["sequence"])
        assert broken_by(study) == (act["sequence"], "ledger.E002")
        transaction.set_rollback(True)
