"""The tables of the allocator. Only `door` may import them."""

from django.db import models
from django.db.models import Q


class Counter(models.Model):
    """The next position of a stratum: the one row that is locked while a slot is given."""

    study = models.CharField(max_length=64)
    stratum = models.CharField(max_length=120)
    next_position = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["study", "stratum"], name="counter_stratum"),)

    def __str__(self) -> str:
        return f"{self.study} {self.stratum}"


class Slot(models.Model):
    """One slot: its place in the list, its second lock, the release of its code break, and whom it was given to. It is
    given once, and never back."""

    study = models.CharField(max_length=64)
    stratum = models.CharField(max_length=120)
    position = models.PositiveIntegerField()
    label = models.CharField(max_length=16)
    share = models.BinaryField()
    release = models.BinaryField()  # with the card of the site it opens this envelope; alone it opens nothing
    subject = models.CharField(max_length=16, null=True)  # noqa: DJ001 - many slots have no participant; "" would be one
    assigned_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "label"], name="slot_label_once"),
            models.UniqueConstraint(fields=["study", "stratum", "position"], name="slot_place_once"),
            models.UniqueConstraint(fields=["study", "subject"], name="slot_subject_once"),
            models.CheckConstraint(
                condition=Q(subject=None, assigned_at=None) | Q(subject__isnull=False, assigned_at__isnull=False),
                name="slot_given_with_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.label}"


class Relock(models.Model):
    """The second lock and release of a slot as sealed again after a suspected theft. The newest one counts."""

    study = models.CharField(max_length=64)
    label = models.CharField(max_length=16)
    share = models.BinaryField()
    release = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.study} {self.label}"


class SealedSeed(models.Model):
    """What the arms of a study are drawn from as participants come, as ciphertext; a study with a list has none."""

    study = models.CharField(primary_key=True, max_length=64)
    file = models.BinaryField()
    digest = models.CharField(max_length=64)  # of what is inside, as it was published
    choices = models.PositiveSmallIntegerField()  # envelopes of each participant, one of each arm

    def __str__(self) -> str:
        return self.study


class Draw(models.Model):
    """One draw: whose it was, with which factors, and its sealed record. `set_aside` are the participants marked as
    randomised in error at that time. The record is empty where the store was lost and the ledger told the rest."""

    study = models.CharField(max_length=64)
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=16)
    stratum = models.TextField()
    set_aside = models.JSONField()
    label = models.CharField(max_length=16)
    record = models.BinaryField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "number"], name="draw_once"),
            models.UniqueConstraint(fields=["study", "label"], name="draw_label_once"),
            models.UniqueConstraint(fields=["study", "subject"], name="draw_subject_once"),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.number}"


class Kit(models.Model):
    """One kit: its second lock, and whom it was given to at which visit. It is given once, and never back."""

    study = models.CharField(max_length=64)
    lot = models.CharField(max_length=20)
    number = models.CharField(max_length=16)
    share = models.BinaryField()
    subject = models.CharField(max_length=16, null=True)  # noqa: DJ001 - as with slots
    visit = models.CharField(max_length=64, blank=True, default="")
    turn = models.PositiveSmallIntegerField(default=0)  # 0 is the first kit of the visit, 1 its first replacement
    given_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "number"], name="kit_number_once"),
            models.UniqueConstraint(fields=["study", "subject", "visit", "turn"], name="kit_turn_once"),
            models.CheckConstraint(
                condition=Q(subject=None, given_at=None) | Q(subject__isnull=False, given_at__isnull=False),
                name="kit_given_with_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.number}"


class Release(models.Model):
    """Somebody was given a second lock (or, with no label, all of them after the study was locked, or those of a look
    of the data monitoring committee), or the release of a code break, and why."""

    study = models.CharField(max_length=64)
    label = models.CharField(max_length=16, blank=True)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=64)
    reason = models.TextField()
    code_break = models.BooleanField(default=False)  # the release was given, and not the second lock
    locked_by = models.CharField(max_length=80, blank=True)  # the act that locked the study
    look = models.CharField(max_length=64, blank=True, default="")
    released_by = models.CharField(max_length=80, blank=True, default="")  # the act behind it
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.study} {self.label} {self.at:%Y-%m-%d}"


class Order(models.Model):
    """The order for one dose was opened: by whom, when first, and the number of the bag that will carry it. It is in
    this database because masked people must not learn how long a preparation took."""

    study = models.CharField(max_length=64)
    subject = models.CharField(max_length=16)
    visit = models.CharField(max_length=64)
    bag = models.CharField(max_length=16)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "subject", "visit"], name="order_once"),
            models.UniqueConstraint(fields=["study", "bag"], name="order_bag_once"),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.bag}"


class Record(models.Model):
    """One row of the pharmacy's register: a box nobody here opens, who wrote it, and for a preparation its bag."""

    study = models.CharField(max_length=64)
    site = models.CharField(max_length=16)
    sequence = models.PositiveIntegerField()
    record = models.CharField(max_length=32)
    bag = models.CharField(max_length=16, blank=True)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=64)
    at = models.DateTimeField()
    box = models.BinaryField()
    wraps = models.TextField()  # recipient → the box's key, sealed for it
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["study", "site", "sequence"], name="record_place_once"),
            models.UniqueConstraint(fields=["study", "record"], name="record_once"),
            models.UniqueConstraint(fields=["study", "bag"], condition=~Q(bag=""), name="record_bag_once"),
        )

    def __str__(self) -> str:
        return f"{self.study} {self.site} {self.sequence}"
