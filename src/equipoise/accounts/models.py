"""The tables of accounts. None says what somebody may do in a trial: that is read from the study's ledger each time."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac


def new_person() -> str:
    """An id under which one person acts in every study; nobody gets it again."""
    return "p-" + "".join(secrets.choice("23456789bcdfghjkmnpqrstvwxz") for _ in range(8))


class Accounts(BaseUserManager["Account"]):
    """Accounts, found by their e-mail however it is written."""

    def of(self, email: str) -> "Account | None":
        """The account of an e-mail, if it may be used."""
        return self.filter(email=email.strip().casefold(), is_active=True).first()


class Account(AbstractBaseUser):
    """One human: an e-mail to sign in with, and the name as it is printed beside signatures. Never removed."""

    person = models.CharField(max_length=64, unique=True, default=new_person)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    epoch = models.IntegerField(default=0)

    objects = Accounts()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """What every open session of this account knows; counting the epoch up ends them all."""
        return salted_hmac("equipoise.accounts.session", f"{self.password}{self.epoch}", algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """End every session of this account, wherever it is open."""
        self.epoch += 1
        self.save(update_fields=["epoch"])


class Invitation(models.Model):
    """A link for setting up one account, good once and for a while. Only the link's digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT)
    digest = models.CharField(max_length=64, unique=True)
    replaces = models.BooleanField()  # whether what was set up before is removed
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.account} until {self.expires_at}"


class SignIn(models.Model):
    """One attempt to prove who one is: when, from where, by what, and whether it was believed. Only ever added."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True)
    typed = models.CharField(max_length=64)  # a keyed digest of the e-mail that was typed
    address = models.CharField(max_length=45)
    by = models.CharField(max_length=16)  # "passkey" | "code" | "recovery"
    believed = models.BooleanField()

    class Meta:
        indexes = (models.Index(fields=["typed", "at"], name="signin_typed"),)

    def __str__(self) -> str:
        return f"{self.at} {self.by}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A sign-in is a record and is not removed.")
