"""What proves who somebody is: passkeys, six-digit codes of an app, recovery codes.

django-allauth keeps and checks them; what it shows to people is not used. A ceremony with a passkey has two steps, a
challenge kept in the session and an answer to it, and needs allauth's middleware around the request.
"""

import json
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from equipoise.accounts.models import Account

DIGITS: Final = 6  # of a code of the app; a recovery code has more
_LARGEST: Final = 20_000  # letters of an answer of an authenticator; real ones have some two thousand
_WHILE_GOOD: Final = 120  # seconds for which no clock within tolerance takes a code of the app for a fresh one
Type = Authenticator.Type


def passkeys(account: Account) -> list[Authenticator]:
    """The passkeys of an account, the oldest first."""
    return list(Authenticator.objects.filter(user=account, type=Type.WEBAUTHN).order_by("created_at"))


def has_app(account: Account) -> bool:
    """Whether the account has an app that shows codes."""
    return bool(Authenticator.objects.filter(user=account, type=Type.TOTP).exists())


# --- Passkeys -------------------------------------------------------------------------------------------------------


def new_passkey(account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey for an account."""
    return dict(webauthn.begin_registration(account, passwordless=True))


def add_passkey(account: Account, answer: str, name: str) -> bool:
    """Keep the passkey that the browser made, if it answers the challenge of this session."""
    try:
        credential = _read(answer)
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return False
    if not made.is_user_verified():
        return False
    webauthn.WebAuthn.add(account, name, credential)
    return True


def challenge(account: Account | None) -> dict[str, Any]:
    """What the browser needs to prove the possession of a passkey: of this account, or of whoever it may be."""
    return dict(webauthn.begin_authentication(account))


def answered(answer: str, account: Account | None = None) -> Account | None:
    """Whose passkey answered the challenge of this session, perhaps only if it is this account's.

    A challenge is answered once, rightly or not.
    """
    try:
        response = _read(answer)
        webauthn.parse_authentication_response(response)
        found = account or webauthn.extract_user_from_response(response)
        used = webauthn.complete_authentication(found, response)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    finally:
        webauthn.clear_state()
    used.record_usage()
    return found if isinstance(found, Account) and found.is_active else None


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _LARGEST:
        raise ValueError("an answer that no authenticator gives")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise ValueError("not an answer")
    return found


# --- Codes ----------------------------------------------------------------------------------------------------------


def new_secret() -> str:
    """A secret for an app that shows codes."""
    return str(generate_totp_secret())


def picture(account: Account, secret: str) -> str:
    """The secret as a picture for the phone's camera: SVG that stands in the page."""
    adapter = get_adapter()
    drawn: str = adapter.build_totp_svg(adapter.build_totp_url(account, secret))
    return drawn[drawn.index("<svg") :]


def agrees(secret: str, code: str) -> bool:
    """Whether a code was made from a secret just now."""
    return bool(validate_totp_code(secret, code.strip()))


def code_is_right(account: Account, code: str) -> bool:
    """Whether a code is the app's of this half minute, or a recovery code; either is good once."""
    digits = "".join(code.split()).replace("-", "")
    kind = Type.TOTP if len(digits) == DIGITS else Type.RECOVERY_CODES
    kept = Authenticator.objects.filter(user=account, type=kind).first()
    if kept is None or not kept.wrap().validate_code(digits):
        return False
    if kind == Type.TOTP and not cache.add(f"equipoise.used.{account.pk}.{digits}", "", timeout=_WHILE_GOOD):
        return False
    kept.record_usage()
    return True


# --- Setting up -----------------------------------------------------------------------------------------------------


@transaction.atomic
def set_app(account: Account, password: str, secret: str) -> None:
    """Let an account sign in with a password and an app, in place of those it may have had."""
    Authenticator.objects.filter(user=account, type=Type.TOTP).delete()
    TOTP.activate(account, secret)
    account.set_password(password)
    account.save(update_fields=["password"])


def forget(account: Account, *, but: tuple[int, ...] = ()) -> None:
    """Remove every factor of an account but some."""
    Authenticator.objects.filter(user=account).exclude(pk__in=but).delete()


@transaction.atomic
def recovery_codes(account: Account) -> list[str]:
    """Ten new codes for the day a phone is lost, in place of those before. They are shown once."""
    Authenticator.objects.filter(user=account, type=Type.RECOVERY_CODES).delete()
    return list(RecoveryCodes.activate(account).get_unused_codes())
