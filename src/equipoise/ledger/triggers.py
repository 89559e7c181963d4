"""What the database itself refuses, so that no code has to remember it.

SQLite: `INSERT OR REPLACE` replaces a row without a DELETE trigger (recursive triggers are off by default), so a
BEFORE INSERT trigger refuses a key that exists. PostgreSQL: TRUNCATE needs its own trigger, and the triggers are
ENABLE ALWAYS so that a replica role does not switch them off. What an administrator does underneath is found by the
hash chain.
"""

from typing import Any, Final

SQLITE: Final = (
    """CREATE TRIGGER act_no_update BEFORE UPDATE ON ledger_act
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: acts are not changed'); END""",
    """CREATE TRIGGER act_no_delete BEFORE DELETE ON ledger_act
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: acts are not removed'); END""",
    """CREATE TRIGGER act_no_replace BEFORE INSERT ON ledger_act
       WHEN EXISTS (SELECT 1 FROM ledger_act WHERE hash = NEW.hash OR id = NEW.id
                    OR (study = NEW.study AND (sequence = NEW.sequence OR key = NEW.key)))
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this act exists'); END""",
)

POSTGRESQL: Final = (
    """CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: acts are not changed or removed'; END $$""",
    """CREATE TRIGGER act_no_change BEFORE UPDATE OR DELETE ON ledger_act
       FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
    """CREATE TRIGGER act_no_truncate BEFORE TRUNCATE ON ledger_act
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
    "ALTER TABLE ledger_act ENABLE ALWAYS TRIGGER act_no_change",
    "ALTER TABLE ledger_act ENABLE ALWAYS TRIGGER act_no_truncate",
)


_FILES: Final = {
    "sqlite": (
        """CREATE TRIGGER file_no_update BEFORE UPDATE ON ledger_file
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: files are not changed'); END""",
        """CREATE TRIGGER file_no_delete BEFORE DELETE ON ledger_file
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: files are not removed'); END""",
        """CREATE TRIGGER file_no_replace BEFORE INSERT ON ledger_file
           WHEN EXISTS (SELECT 1 FROM ledger_file WHERE digest = NEW.digest)
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: this file exists'); END""",
    ),
    "postgresql": (
        """CREATE TRIGGER file_no_change BEFORE UPDATE OR DELETE ON ledger_file
           FOR EACH ROW EXECUTE FUNCTION ledger_refuse()""",
        """CREATE TRIGGER file_no_truncate BEFORE TRUNCATE ON ledger_file
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
        "ALTER TABLE ledger_file ENABLE ALWAYS TRIGGER file_no_change",
        "ALTER TABLE ledger_file ENABLE ALWAYS TRIGGER file_no_truncate",
    ),
}


def create(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of this database in place."""
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def create_for_files(apps: Any, schema_editor: Any) -> None:
    """Put the triggers of the files in place."""
    for statement in _FILES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
