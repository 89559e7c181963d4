"""People with accounts, as tests need them: invited, given roles, and with an authenticator made of software."""

import hashlib
import json
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor

from equipoise.accounts import factors, invitations
from equipoise.accounts.models import Account
from equipoise.desk import Done
from equipoise.desk.delegation import accept_role, grant_role
from equipoise.web import deployment
from tests.web.web_pages import key
from tests.web.web_world import ADMINISTRATOR

ORIGIN, HOST = "http://localhost", "localhost"
PASSWORD = "four-words-nobody-guesses"
SINCE = date(2021, 8, 1)


def invited(email: str, name: str = "Lin Yue") -> Account:
    """An account that has not been set up."""
    return invitations.account_for(email, name)


def given(
    account: Account, role: str, site: str = "", *, study: str = "demo", accepted: bool = True, **dates: Any
) -> None:
    """Give somebody a role, which they take up."""
    desk = deployment.desk(study)
    done = grant_role(
        desk,
        account.person,
        account.name,
        role,
        site,
        **{"start": SINCE, **dates},
        by=ADMINISTRATOR,
        key=secrets.token_hex(8),
    )
    assert isinstance(done, Done), done
    if accepted:
        by = type(ADMINISTRATOR)(account.person, role, site)
        assert isinstance(accept_role(desk, role, site, by=by, key=secrets.token_hex(8)), Done)


def with_app(account: Account) -> str:
    """Let an account sign in with the password and an app; the app's secret."""
    secret = factors.new_secret()
    factors.set_app(account, PASSWORD, secret)
    return secret


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def browser(language: str = "en", **more: Any) -> Client:
    """A browser at the address the authenticator knows."""
    return Client(headers={"host": HOST, "accept-language": language}, **more)


def entered(account: Account, study: str = "demo", **more: Any) -> Client:
    """A browser in which somebody with one role signed in with password and app, and went in."""
    secret, client = with_app(account), browser(**more)
    answer = sign_in(client, account.email, code(secret))
    assert answer.status_code == 302, answer.content
    client.secret = secret
    return client


def sign_in(client: Client, email: str, typed: str, password: str = PASSWORD, **more: str) -> Any:
    """Sign in with what is typed."""
    return client.post("/account/sign-in/", {"email": email, "password": password, "code": typed, **more})


def token_of(account: Account, **more: Any) -> str:
    """The part of an invitation's link that nobody can guess."""
    return invitations.invite(account, **more).token


def app_secret(html: str) -> str:
    """The key that the page shows for typing into an app."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", html)
    assert found is not None
    return found[1]


class Authenticator:
    """A passkey of its own making: ES256, user verified, as a phone would answer."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id, self.handle = secrets.token_bytes(16), b""

    def create(self, options: dict[str, Any], *, verified: bool = True) -> str:
        """The answer to what a page asks for when a passkey is made."""
        asked = options["publicKey"]
        self.handle = _bytes(asked["user"]["id"])
        numbers = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        public = cbor.encode({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self._data(asked["rp"]["id"], 0x45 if verified else 0x41)
        data += bytes(16) + len(self.id).to_bytes(2, "big") + self.id + public
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(self._client("webauthn.create", asked), {"attestationObject": _text(attestation)})

    def get(self, options: dict[str, Any], *, origin: str = ORIGIN) -> str:
        """The answer to a challenge."""
        asked = options["publicKey"]
        client, data = self._client("webauthn.get", asked, origin), self._data(asked["rpId"], 0x05)
        signature = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        said = {"authenticatorData": data, "signature": signature, "userHandle": self.handle}
        return self._answer(client, {name: _text(value) for name, value in said.items()})

    def _client(self, kind: str, asked: dict[str, Any], origin: str = ORIGIN) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": origin}).encode()

    def _data(self, host: str, flags: int) -> bytes:
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + bytes(4)

    def _answer(self, client: bytes, response: dict[str, str]) -> str:
        return json.dumps({
            "id": _text(self.id), "rawId": _text(self.id), "type": "public-key", "clientExtensionResults": {},
            "response": {"clientDataJSON": _text(client), **response},
        })  # fmt: skip


def with_passkey(account: Account, client: Client) -> Authenticator:
    """Set an account up with a passkey through its invitation; the browser is signed in afterwards."""
    made, token = Authenticator(), token_of(account)
    options = client.post(f"/invitation/{token}/options/").json()
    answer = client.post(f"/invitation/{token}/passkey/", {"passkey": made.create(options), "name": "phone"})
    assert answer.status_code == 200, answer.content
    return made


def proving(client: Client, made: Authenticator) -> dict[str, str]:
    """The fields with which an act is confirmed by a passkey."""
    act = key()
    options = client.post("/account/passkey/challenge/", {"key": act}).json()
    return {"key": act, "again_passkey": made.get(options)}


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
