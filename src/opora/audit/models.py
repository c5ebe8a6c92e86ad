"""Events of deeds, a chain for each territory, and the daily anchors that hold all chains.

An event holds no name: a person is a number here, and may be forgotten elsewhere without breaking a chain.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as lazy


class Chain(models.Model):
    """The last link of a territory's chain: a region's, or the country's own under "".

    The database moves it: an event that is added takes its chain one step forward (``0002_append_only``).
    """

    territory = models.CharField(max_length=2, primary_key=True)
    number = models.PositiveBigIntegerField(default=0)  # of the last event
    hash = models.CharField(max_length=64, default="", blank=True)  # of the last event

    def __str__(self) -> str:
        return self.territory or "country"


class Event(models.Model):
    """One deed of one person (событие журнала). Written by ``record``, never changed.

    It is known by its place in its chain: a number of its own besides would be a cell that no hash holds.
    """

    pk = models.CompositePrimaryKey("chain_id", "number")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveBigIntegerField()  # its place in the chain, from 1
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # empty: nobody was signed in, or the program itself
    role = models.CharField(max_length=25, blank=True)  # in which the person acted
    deed = models.CharField(max_length=60)  # room.verb_object
    target = models.CharField(max_length=60, blank=True)  # room.model of what it was done to
    target_id = models.CharField(max_length=60, blank=True)
    municipality = models.BigIntegerField(null=True, blank=True)  # whose it is; the rooms above know them
    school = models.BigIntegerField(null=True, blank=True)
    details = models.JSONField(default=dict)  # text, whole numbers, yes and no, lists and dicts of them
    previous = models.CharField(max_length=64, blank=True)  # hash of the event before; "" for the first
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(name="events_are_numbered_from_one", condition=Q(number__gte=1)),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(name="event_of_an_object", fields=["target", "target_id", "-at"]),
            models.Index(
                name="event_of_a_school", fields=["school", "-at"], condition=Q(school__isnull=False)
            ),
            models.Index(
                name="event_of_a_municipality",
                fields=["municipality", "-at"],
                condition=Q(municipality__isnull=False),
            ),
            models.Index(name="event_by_a_person", fields=["by", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id}/{self.number} {self.deed}"


class Anchor(models.Model):
    """Where a chain stood on a day (якорь журнала): a copy of it elsewhere outlives a rewritten chain.

    The database makes them (``audit_anchor_day``): for every chain with news, when the first event of a day
    arrives, and for a chain at its first event. Anchors are linked like events.
    """

    number = models.PositiveBigIntegerField(primary_key=True)  # its place among anchors, from 1
    day = models.DateField()
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="anchors", db_index=False)
    event = models.PositiveBigIntegerField()  # number of the last event
    event_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)  # hash of the anchor before; "" for the first
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="event_is_anchored_once", fields=["chain", "event"]),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(name="anchor_of_a_day", fields=["day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.chain_id}/{self.event}"


class Change(models.Model):
    """What one deed changed in one row (изменение записи), noted by the database itself.

    Tables whose rows people edit are told by ``history.keep_history``. The event that follows in the same
    transaction takes the changes made before it; a change that no event took was made past the program.
    """

    class Kind(models.TextChoices):
        ADDED = "added", lazy("добавлено")
        CHANGED = "changed", lazy("изменено")
        REMOVED = "removed", lazy("удалено")

    at = models.DateTimeField()
    transaction = models.BigIntegerField()  # the database's number of it
    target = models.CharField(max_length=60)  # room.model, as in events
    target_id = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=Kind)
    before = models.JSONField()  # the changed columns alone; of a removed row, all
    after = models.JSONField()
    region = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001 (as the row has it)
    municipality = models.BigIntegerField(null=True, blank=True)
    school = models.BigIntegerField(null=True, blank=True)
    chain = models.CharField(max_length=2, null=True, blank=True)  # noqa: DJ001 ("" is the country's chain)
    number = models.BigIntegerField(null=True, blank=True)  # of the event

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(name="change_of_an_object", fields=["target", "target_id", "-id"]),
            models.Index(name="change_of_an_event", fields=["chain", "number"]),
            models.Index(name="change_without_event", fields=["transaction"], condition=Q(number=None)),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.target_id} {self.kind}"
