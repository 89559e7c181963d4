"""The entrance: who is believed to be whom, and how guessing is slowed without ever shutting out a code break.

Six-digit codes can be guessed, so after five wrong attempts for one e-mail, or thirty from one address, they are not
accepted for a quarter of an hour. A passkey cannot be guessed and a recovery code has twelve digits behind a
password: these two roads are never shut, whatever somebody else tries, so that an investigator who needs a code at
night gets in.
"""

import logging
from datetime import timedelta
from typing import Final

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.crypto import salted_hmac

from equipoise.accounts import factors
from equipoise.accounts.messages import problem
from equipoise.accounts.models import Account, SignIn
from equipoise.items import Problem

WINDOW: Final = timedelta(minutes=15)
MOST_BY_EMAIL: Final = 5
MOST_BY_ADDRESS: Final = 30
log = logging.getLogger("equipoise.accounts")


def by_password(email: str, password: str, code: str, address: str) -> Account | Problem:
    """The account of an e-mail, a password and a code, or why it is not believed: the same words whatever is wrong."""
    road = road_of(code)
    if road == "code" and shut(typed(email), address):
        return problem("accounts.E002", "code")
    account = Account.objects.of(email)
    if account is None:
        make_password(password)  # as long as looking at a password takes
    believed = account is not None and account.check_password(password) and factors.code_is_right(account, code)
    note(account, typed(email), address, road, believed=believed)
    return account if account is not None and believed else problem("accounts.E001", "email")


def by_passkey(answer: str, address: str) -> Account | Problem:
    """The account whose passkey answered the challenge of this session."""
    account = factors.answered(answer)
    note(account, typed(account.email) if account else "", address, "passkey", believed=account is not None)
    return account or problem("accounts.E007", "passkey")


def road_of(code: str) -> str:
    """Whether what was typed is a code of the app, which can be guessed, or a recovery code."""
    return "recovery" if sum(sign.isdigit() for sign in code) > factors.DIGITS else "code"


def shut(who: str, address: str) -> bool:
    """Whether six-digit codes are not accepted for now."""
    recent = SignIn.objects.filter(at__gt=timezone.now() - WINDOW, by="code")
    believed = recent.filter(typed=who, believed=True).order_by("-at").first()
    mine = recent.filter(typed=who, believed=False, **({"at__gt": believed.at} if believed else {})).count()
    return mine >= MOST_BY_EMAIL or recent.filter(address=address, believed=False).count() >= MOST_BY_ADDRESS


def note(account: Account | None, who: str, address: str, by: str, *, believed: bool) -> None:
    """Record an attempt, in the table and in the log; neither holds what was typed."""
    SignIn.objects.create(account=account, typed=who, address=address[:45], by=by, believed=believed)
    person = account.person if account else "nobody"
    log.log(
        logging.INFO if believed else logging.WARNING,
        "sign-in of %s from %s by %s: %s", person, address, by, "believed" if believed else "not believed",
    )  # fmt: skip


def typed(email: str) -> str:
    """A keyed digest of an e-mail, so that attempts at accounts that do not exist are counted too."""
    return salted_hmac("equipoise.accounts.typed", email.strip().casefold(), algorithm="sha256").hexdigest()
