"""What the allocator's database itself refuses: to take a slot back, to give it twice, or out of order.

On both engines a refusal is an integrity error. SQLite's `INSERT OR REPLACE` removes rows without a DELETE trigger
unless recursive triggers are on, so replacing is refused by name; PostgreSQL's TRUNCATE needs a trigger of its own,
and ENABLE ALWAYS keeps the triggers on for a replica's session too.
"""

from typing import Any, Final

TABLES: Final = ("allocator_counter", "allocator_slot", "allocator_release")

# Each condition is the same on both engines; OLD and NEW are the row before and after.
_SLOT_CHANGED: Final = """OLD.subject IS NOT NULL OR NEW.subject IS NULL
    OR NEW.id <> OLD.id OR NEW.study <> OLD.study OR NEW.stratum <> OLD.stratum OR NEW.position <> OLD.position
    OR NEW.label <> OLD.label OR NEW.share <> OLD.share"""
_SLOT_CHANGED_2: Final = f"{_SLOT_CHANGED} OR NEW.release <> OLD.release"  # with the code breaks of migration 0002
_SLOT_OUT_OF_ORDER: Final = """EXISTS (SELECT 1 FROM allocator_slot earlier
    WHERE earlier.study = NEW.study AND earlier.stratum = NEW.stratum
    AND earlier.position < NEW.position AND earlier.subject IS NULL)"""
_COUNTER_CHANGED: Final = """NEW.id <> OLD.id OR NEW.study <> OLD.study OR NEW.stratum <> OLD.stratum
    OR NEW.next_position <> OLD.next_position + 1"""

SQLITE: Final = (
    *(
        f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, 'the allocator removes nothing'); END"""
        for table in TABLES
    ),
    f"""CREATE TRIGGER allocator_slot_once BEFORE UPDATE ON allocator_slot WHEN {_SLOT_CHANGED}
        BEGIN SELECT RAISE(ABORT, 'a slot is given once, and nothing else about it changes'); END""",
    f"""CREATE TRIGGER allocator_slot_in_order BEFORE UPDATE ON allocator_slot WHEN {_SLOT_OUT_OF_ORDER}
        BEGIN SELECT RAISE(ABORT, 'slots are given in order'); END""",
    f"""CREATE TRIGGER allocator_counter_onward BEFORE UPDATE ON allocator_counter WHEN {_COUNTER_CHANGED}
        BEGIN SELECT RAISE(ABORT, 'a counter goes on by one'); END""",
    """CREATE TRIGGER allocator_release_once BEFORE UPDATE ON allocator_release
       BEGIN SELECT RAISE(ABORT, 'a release is not changed'); END""",
    """CREATE TRIGGER allocator_slot_new BEFORE INSERT ON allocator_slot
       WHEN NEW.subject IS NOT NULL OR EXISTS (SELECT 1 FROM allocator_slot old WHERE old.id = NEW.id
            OR (old.study = NEW.study AND (old.label = NEW.label
                OR (old.stratum = NEW.stratum AND old.position = NEW.position))))
       BEGIN SELECT RAISE(ABORT, 'a slot is added once, and free'); END""",
    """CREATE TRIGGER allocator_counter_new BEFORE INSERT ON allocator_counter
       WHEN NEW.next_position <> 1 OR EXISTS (SELECT 1 FROM allocator_counter old WHERE old.id = NEW.id
            OR (old.study = NEW.study AND old.stratum = NEW.stratum))
       BEGIN SELECT RAISE(ABORT, 'a counter is added once, and begins at 1'); END""",
    """CREATE TRIGGER allocator_release_new BEFORE INSERT ON allocator_release
       WHEN EXISTS (SELECT 1 FROM allocator_release old WHERE old.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'a release is added once'); END""",
)

_REFUSE: Final = """CREATE FUNCTION allocator_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the allocator gives each slot once, in order, and takes nothing back'
    USING ERRCODE = 'integrity_constraint_violation'; END $$"""
_GUARD_SLOT: Final = f"""CREATE FUNCTION allocator_guard_slot() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF {_SLOT_CHANGED} OR {_SLOT_OUT_OF_ORDER} THEN
    RAISE EXCEPTION 'a slot is given once, in order' USING ERRCODE = 'integrity_constraint_violation';
    END IF; RETURN NEW; END $$"""
_POSTGRESQL_TRIGGERS: Final = (
    *((table, "kept", "BEFORE DELETE", "ROW", "", "allocator_refuse") for table in TABLES),
    *((table, "whole", "BEFORE TRUNCATE", "STATEMENT", "", "allocator_refuse") for table in TABLES),
    ("allocator_slot", "once", "BEFORE UPDATE", "ROW", "", "allocator_guard_slot"),
    ("allocator_slot", "new", "BEFORE INSERT", "ROW", "WHEN (NEW.subject IS NOT NULL)", "allocator_refuse"),
    ("allocator_counter", "onward", "BEFORE UPDATE", "ROW", f"WHEN ({_COUNTER_CHANGED})", "allocator_refuse"),
    ("allocator_counter", "new", "BEFORE INSERT", "ROW", "WHEN (NEW.next_position <> 1)", "allocator_refuse"),
    ("allocator_release", "once", "BEFORE UPDATE", "ROW", "", "allocator_refuse"),
)
POSTGRESQL: Final = (
    _REFUSE,
    _GUARD_SLOT,
    *(
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH {each} {condition} EXECUTE FUNCTION {function}()"
        for table, name, when, each, condition, function in _POSTGRESQL_TRIGGERS
    ),
    *(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}" for table, name, *_ in _POSTGRESQL_TRIGGERS),
)


# SQLite makes a table anew to add a column, and its triggers go with the old one.
SQLITE_2: Final = tuple(
    statement.replace(_SLOT_CHANGED, _SLOT_CHANGED_2)
    for statement in SQLITE
    if " ON allocator_slot" in statement or " ON allocator_release" in statement
)
POSTGRESQL_2: Final = (
    _GUARD_SLOT.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION").replace(_SLOT_CHANGED, _SLOT_CHANGED_2),
)


# Migration 0003 makes the table of releases anew.
SQLITE_3: Final = tuple(statement for statement in SQLITE if " ON allocator_release" in statement)

# Migration 0004 adds a table that is only ever added to.
SQLITE_4: Final = (
    """CREATE TRIGGER allocator_relock_kept BEFORE DELETE ON allocator_relock
       BEGIN SELECT RAISE(ABORT, 'the allocator removes nothing'); END""",
    """CREATE TRIGGER allocator_relock_once BEFORE UPDATE ON allocator_relock
       BEGIN SELECT RAISE(ABORT, 'a lock is not changed'); END""",
    """CREATE TRIGGER allocator_relock_new BEFORE INSERT ON allocator_relock
       WHEN EXISTS (SELECT 1 FROM allocator_relock old WHERE old.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'a lock is added once'); END""",
)
_RELOCK_TRIGGERS: Final = (
    ("kept", "BEFORE DELETE", "ROW"),
    ("whole", "BEFORE TRUNCATE", "STATEMENT"),
    ("once", "BEFORE UPDATE", "ROW"),
)
POSTGRESQL_4: Final = (
    *(
        f"CREATE TRIGGER allocator_relock_{name} {when} ON allocator_relock FOR EACH {each}"
        " EXECUTE FUNCTION allocator_refuse()"
        for name, when, each in _RELOCK_TRIGGERS
    ),
    *(f"ALTER TABLE allocator_relock ENABLE ALWAYS TRIGGER allocator_relock_{name}" for name, *_ in _RELOCK_TRIGGERS),
)

# The kits of migration "kits": each is added free, given once, and never removed.
_KIT_CHANGED: Final = """OLD.subject IS NOT NULL OR NEW.subject IS NULL OR NEW.id <> OLD.id OR NEW.study <> OLD.study
    OR NEW.lot <> OLD.lot OR NEW.number <> OLD.number OR NEW.share <> OLD.share"""
SQLITE_KITS: Final = (
    """CREATE TRIGGER allocator_kit_kept BEFORE DELETE ON allocator_kit
       BEGIN SELECT RAISE(ABORT, 'the allocator removes nothing'); END""",
    f"""CREATE TRIGGER allocator_kit_once BEFORE UPDATE ON allocator_kit WHEN {_KIT_CHANGED}
        BEGIN SELECT RAISE(ABORT, 'a kit is given once, and nothing else about it changes'); END""",
    """CREATE TRIGGER allocator_kit_new BEFORE INSERT ON allocator_kit
       WHEN NEW.subject IS NOT NULL OR EXISTS (SELECT 1 FROM allocator_kit old WHERE old.id = NEW.id
            OR (old.study = NEW.study AND old.number = NEW.number))
       BEGIN SELECT RAISE(ABORT, 'a kit is added once, and free'); END""",
)
_KIT_TRIGGERS: Final = (
    ("kept", "BEFORE DELETE", "ROW", ""),
    ("whole", "BEFORE TRUNCATE", "STATEMENT", ""),
    ("once", "BEFORE UPDATE", "ROW", f"WHEN ({_KIT_CHANGED})"),
    ("new", "BEFORE INSERT", "ROW", "WHEN (NEW.subject IS NOT NULL)"),
)
POSTGRESQL_KITS: Final = (
    *(
        f"CREATE TRIGGER allocator_kit_{name} {when} ON allocator_kit FOR EACH {each} {condition}"
        " EXECUTE FUNCTION allocator_refuse()"
        for name, when, each, condition in _KIT_TRIGGERS
    ),
    *(f"ALTER TABLE allocator_kit ENABLE ALWAYS TRIGGER allocator_kit_{name}" for name, *_ in _KIT_TRIGGERS),
)


def create_kits(apps: Any, schema_editor: Any) -> None:
    """Guard the table of kits."""
    for statement in {"sqlite": SQLITE_KITS, "postgresql": POSTGRESQL_KITS}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


# What a study that draws as participants come keeps beside its slots (migration 0005): added once, never changed.
_OF_DRAWS: Final = ("allocator_sealedseed", "allocator_draw")
_THERE: Final = {
    "allocator_sealedseed": "EXISTS (SELECT 1 FROM allocator_sealedseed old WHERE old.study = NEW.study)",
    "allocator_draw": """EXISTS (SELECT 1 FROM allocator_draw old WHERE old.id = NEW.id OR (old.study = NEW.study
        AND (old.number = NEW.number OR old.label = NEW.label OR old.subject = NEW.subject)))""",
}
SQLITE_5: Final = tuple(
    statement
    for table in _OF_DRAWS
    for statement in (
        f"""CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, 'the allocator removes nothing'); END""",
        f"""CREATE TRIGGER {table}_once BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, 'a draw is not changed'); END""",
        f"CREATE TRIGGER {table}_new BEFORE INSERT ON {table} WHEN {_THERE[table]}"
        " BEGIN SELECT RAISE(ABORT, 'a draw is kept once'); END",
    )
)
_EVENTS: Final = (
    ("kept", "BEFORE DELETE", "ROW"), ("once", "BEFORE UPDATE", "ROW"), ("whole", "BEFORE TRUNCATE", "STATEMENT"),
)  # fmt: skip
POSTGRESQL_5: Final = tuple(
    statement
    for table in _OF_DRAWS
    for name, when, each in _EVENTS
    for statement in (
        f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH {each} EXECUTE FUNCTION allocator_refuse()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{name}",
    )
)


def create(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this database in place."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def renew(apps: Any, schema_editor: Any) -> None:
    """Guard the columns that migration 0002 adds."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE_2, "postgresql": POSTGRESQL_2}[vendor]:
        schema_editor.execute(statement)


def renew_releases(apps: Any, schema_editor: Any) -> None:
    """Guard the columns that migration 0003 adds; PostgreSQL adds them to the table that is there."""
    for statement in {"sqlite": SQLITE_3, "postgresql": ()}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def guard_relocks(apps: Any, schema_editor: Any) -> None:
    """Guard the table that migration 0004 adds."""
    for statement in {"sqlite": SQLITE_4, "postgresql": POSTGRESQL_4}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def guard_draws(apps: Any, schema_editor: Any) -> None:
    """Guard the tables that migration 0005 adds."""
    for statement in {"sqlite": SQLITE_5, "postgresql": POSTGRESQL_5}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
