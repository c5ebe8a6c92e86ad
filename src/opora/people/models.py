"""Invitations, tries that were refused, and requests to be forgotten."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as lazy

from opora.registry.models import Appointment, Municipality, Region, School


class Invitation(models.Model):
    """A way for an appointed person to set a password (приглашение): one use, an end, only a hash is kept.

    The place is that of the appointment, so that a rule of the database can speak of it.
    """

    class Way(models.TextChoices):
        LETTER = "letter", lazy("письмом")
        CODE = "code", lazy("кодом на бумаге")

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=10, choices=Way)
    secret_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                name="one_open_invitation_of_a_person",
                fields=["person"],
                condition=Q(accepted_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(name="invitation_ends_later", condition=Q(expires_at__gt=F("at"))),
            models.CheckConstraint(
                name="invitation_is_accepted_or_withdrawn",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.way}"


class RefusedTries(models.Model):
    """How many secrets that open nothing came from one address in an hour; "" is from anywhere."""

    source = models.CharField(max_length=64)  # a keyed hash of the address, never the address
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "refused tries"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(name="tries_of_an_address_in_an_hour", fields=["source", "hour"])
        ]

    def __str__(self) -> str:
        return f"{self.hour}: {self.count}"


class ForgetRequest(models.Model):
    """Somebody's request that their name and address be forgotten (просьба забыть)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="forget_request"
    )
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.person_id)
