"""Invitations: a link with which a person sets up their account, and nobody sets it up for them.

The link holds 256 random bits, of which only the SHA-256 is kept. Opening it changes nothing, so that a mail scanner
does not use it up; it is used when a factor is set up.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction
from django.utils import timezone

from equipoise.accounts import factors
from equipoise.accounts.models import Account, Invitation

GOOD_FOR: Final = timedelta(hours=72)
RENEWAL: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Link:
    """An invitation as it is handed over, once."""

    token: str
    account: Account
    expires_at: datetime


def account_for(email: str, name: str) -> Account:
    """The account of an e-mail, made if there is none. An account has no way in until its invitation is used."""
    account, made = Account.objects.get_or_create(email=email.strip().casefold(), defaults={"name": name.strip()})
    if made:
        account.set_unusable_password()
        account.save(update_fields=["password"])
    return account


def invite(account: Account, *, replaces: bool = True, good_for: timedelta = GOOD_FOR) -> Link:
    """A new link for an account; links made before are no longer good."""
    token, now = secrets.token_urlsafe(32), timezone.now()
    with transaction.atomic():
        Invitation.objects.filter(account=account, used_at=None).update(expires_at=now)
        Invitation.objects.create(account=account, digest=_digest(token), replaces=replaces, expires_at=now + good_for)
    return Link(token, account, now + good_for)


def found(token: str) -> Invitation | None:
    """The invitation of a link that is still good."""
    good = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now(), account__is_active=True)
    return good.select_related("account").filter(digest=_digest(token)).first()


def use(invitation: Invitation) -> bool:
    """Use a link up. False when somebody did so a moment ago."""
    return Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()) == 1


def use_with_passkey(invitation: Invitation, answer: str, name: str) -> bool:
    """Set an account up with the passkey the browser made."""
    with transaction.atomic():
        if not (use(invitation) and factors.add_passkey(invitation.account, answer, name)):
            transaction.set_rollback(True)
            return False
        if invitation.replaces:
            newest = factors.passkeys(invitation.account)[-1]
            factors.forget(invitation.account, but=(newest.pk,))
            invitation.account.set_unusable_password()
            invitation.account.save(update_fields=["password"])
    return True


def use_with_app(invitation: Invitation, password: str, secret: str) -> bool:
    """Set an account up with a password and an app that shows codes."""
    with transaction.atomic():
        if not use(invitation):
            return False
        if invitation.replaces:
            factors.forget(invitation.account)
        factors.set_app(invitation.account, password, secret)
    return True


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
