"""A key under which a browser keeps what somebody typed and could not send, so that nobody else can read it there.

It depends on the person and on the server's secret, and leaves the server only while the person is signed in: what
lies in the browser of a shared computer is ciphertext to everybody else. Roles that are not masked get none, so that
nothing of their pages is ever kept in a browser.
"""

import base64

from django.utils.crypto import salted_hmac

from equipoise.web.room import Room


def vault_of(room: Room) -> str:
    """The key of a person in a study, 256 bits in base64; "" for a role that is not masked."""
    if not room.role.masked:
        return ""
    of = f"{room.study}\n{room.person.id}"
    return base64.b64encode(salted_hmac("equipoise.vault", of, algorithm="sha256").digest()).decode()
