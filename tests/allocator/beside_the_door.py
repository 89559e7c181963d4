"""What the allocator's database says to statements that pass by the door, for the programs of a crowd."""


def refused_by_the_database(statements: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each statement of this engine, and the error it met, or "done"."""
    from django.db import Error, connections, transaction

    said = {}
    for statement in statements[connections["allocator"].vendor]:
        try:
            with transaction.atomic(using="allocator"), connections["allocator"].cursor() as cursor:
                cursor.execute(statement)
        except Error as error:
            said[statement] = type(error).__name__
        else:
            said[statement] = "done"
    return said
