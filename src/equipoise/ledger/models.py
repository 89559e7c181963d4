"""The tables of the ledger. Acts are only ever added; values are a projection and can be rebuilt from the acts."""

from typing import Any, NoReturn

from django.db import models


class LedgerError(RuntimeError):
    """Somebody tried to change what is only ever added."""


class AppendOnly(models.QuerySet[Any]):
    """Rows that are added and read, never changed or removed."""

    def update(self, **_: Any) -> NoReturn:
        raise LedgerError("Acts are not edited; record a correction.")

    def delete(self) -> NoReturn:
        raise LedgerError("Acts are not removed.")

    def bulk_create(self, *_: Any, **__: Any) -> NoReturn:
        raise LedgerError("Acts are recorded by ledger.append, which keeps the chain.")


class Study(models.Model):
    """A trial in this deployment, and the end of its chain of acts."""

    id = models.CharField(primary_key=True, max_length=64)
    sequence = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64)
    demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.id


class ProtocolText(models.Model):
    """A protocol file exactly as it was when the study used it."""

    digest = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=200)
    text = models.TextField()

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:12]}"


class Act(models.Model):
    """One human act. `at` is text, because the bytes of the hash are made of text."""

    study = models.CharField(max_length=64)
    sequence = models.BigIntegerField()
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    subject = models.CharField(max_length=16, blank=True)
    site = models.CharField(max_length=8, blank=True)
    at = models.CharField(max_length=27)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    protocol = models.CharField(max_length=64)
    body = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = AppendOnly.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "sequence"], name="act_sequence"),
            models.UniqueConstraint(fields=["study", "key"], name="act_key"),
        )
        indexes = (
            models.Index(fields=["study", "subject", "sequence"], name="act_subject"),
            models.Index(fields=["study", "by", "sequence"], name="act_by"),
            models.Index(fields=["study", "kind", "sequence"], name="act_kind"),
            models.Index(fields=["study", "at", "sequence"], name="act_at"),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.sequence} {self.kind}"

    def save(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerError("Acts are recorded by ledger.append, which keeps the chain.")

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise LedgerError("Acts are not removed.")


class Value(models.Model):
    """The current answer to an item, and the act that set it. A projection: `rebuild` makes it again."""

    study = models.CharField(max_length=64)
    subject = models.CharField(max_length=16)
    visit = models.CharField(max_length=64)
    form = models.CharField(max_length=64)
    repeat = models.IntegerField()
    item = models.CharField(max_length=64)
    value = models.TextField(null=True)  # noqa: DJ001 - no answer and an empty answer are not the same
    missing = models.CharField(max_length=8, blank=True)
    sequence = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "subject", "visit", "form", "repeat", "item"], name="value_place"),
        )

    def __str__(self) -> str:
        return f"{self.subject} {self.visit} {self.form}.{self.item}"


class ActPlace(models.Model):
    """The form an act belongs to, and the questions it is about. A projection: `rebuild` makes it again."""

    study = models.CharField(max_length=64)
    sequence = models.BigIntegerField()
    visit = models.CharField(max_length=64)
    form = models.CharField(max_length=64)
    repeat = models.IntegerField()
    items = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["study", "form", "sequence"], name="place_act"),)

    def __str__(self) -> str:
        return f"{self.sequence} {self.visit} {self.form}"


class SealedList(models.Model):
    """A sealed allocation list, byte for byte as it was made. Nothing in this database opens it."""

    study = models.CharField(primary_key=True, max_length=64)
    file = models.BinaryField()

    def __str__(self) -> str:
        return self.study
