"""What the database refuses to do to the pharmacy's tables: they take new rows, a record after the one before it."""

from typing import Any, Final

_PHARMACY: Final = ("allocator_order", "allocator_record")
_ORDER_THERE: Final = """EXISTS (SELECT 1 FROM allocator_order old WHERE old.id = NEW.id OR (old.study = NEW.study
    AND (old.bag = NEW.bag OR (old.subject = NEW.subject AND old.visit = NEW.visit))))"""
_RECORD_THERE: Final = """EXISTS (SELECT 1 FROM allocator_record old WHERE old.id = NEW.id OR (old.study = NEW.study
    AND (old.record = NEW.record OR (NEW.bag <> '' AND old.bag = NEW.bag)
    OR (old.site = NEW.site AND old.sequence = NEW.sequence))))"""
_RECORD_UNCHAINED: Final = """NEW.previous <> COALESCE((SELECT before.hash FROM allocator_record before
    WHERE before.study = NEW.study AND before.site = NEW.site AND before.sequence = NEW.sequence - 1), '')
    OR (NEW.sequence > 1 AND NEW.previous = '')"""
SQLITE: Final = (
    *(
        f"""CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
            BEGIN SELECT RAISE(ABORT, 'what the pharmacy wrote stays'); END"""
        for table in _PHARMACY
        for name, event in (("kept", "DELETE"), ("once", "UPDATE"))
    ),
    f"""CREATE TRIGGER allocator_order_new BEFORE INSERT ON allocator_order WHEN {_ORDER_THERE}
        BEGIN SELECT RAISE(ABORT, 'an order is opened once'); END""",
    f"""CREATE TRIGGER allocator_record_new BEFORE INSERT ON allocator_record
        WHEN {_RECORD_THERE} OR {_RECORD_UNCHAINED}
        BEGIN SELECT RAISE(ABORT, 'a record is added once, after the one before it'); END""",
)
_GUARD_RECORD: Final = f"""CREATE FUNCTION allocator_guard_record() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF {_RECORD_UNCHAINED} THEN
    RAISE EXCEPTION 'a record follows the one before it' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$"""
_POSTGRESQL_TRIGGERS: Final = (
    *((table, "kept", "BEFORE DELETE", "ROW", "allocator_refuse") for table in _PHARMACY),
    *((table, "once", "BEFORE UPDATE", "ROW", "allocator_refuse") for table in _PHARMACY),
    *((table, "whole", "BEFORE TRUNCATE", "STATEMENT", "allocator_refuse") for table in _PHARMACY),
    ("allocator_record", "new", "BEFORE INSERT", "ROW", "allocator_guard_record"),
)
POSTGRESQL: Final = (
    _GUARD_RECORD,
    *(
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION {function}()"
        for table, name, when, each, function in _POSTGRESQL_TRIGGERS
    ),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}" for table, name, *_ in _POSTGRESQL_TRIGGERS),
)


def create(apps: Any, schema_editor: Any) -> None:
    """Guard the tables that migration 0006 makes."""
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
